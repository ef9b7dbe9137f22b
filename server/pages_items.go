package server

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// collectionPage is what the page of a collection shows.
type collectionPage struct {
	ogcapi.Collection
	Source *snapshot.Collection
}

// tableColumns are the properties that the table of a collection shows; the
// single feature shows all. The first leads to the feature. A name without _low
// and _high stands for the range.
func tableColumns(col *snapshot.Collection) []string {
	if col.Layer {
		return layerColumns(&col.Schema)
	}
	switch col.ID {
	case "incidents":
		return []string{"title", "start", "end", "type", "place", "killed", "wounded", "captured", "released", "figures", "sources"}
	case "claims":
		return []string{"as_reported", "metric", "affected_party", "claimant", "claimed_on", "verification", "status_flag", "incident_id"}
	case "segments":
		return []string{"name", "status", "status_from", "status_to", "line", "role", "length_km"}
	case "areas":
		return []string{"name", "kind", "country", "valid_from", "valid_to", "licence"}
	case "places":
		return []string{"label", "name_ky", "name_tg", "name_ru", "kind", "country", "admin2", "precision", "incidents"}
	case "parties":
		return []string{"name", "id", "kind", "parent_id", "valid_from", "valid_to", "incidents", "claims_made", "claims_about"}
	}
	return []string{"title", "publisher", "date", "lang", "origin", "claims"}
}

// layerColumns are those of a layer, of whose properties nothing is known: the
// first ten.
func layerColumns(sc *geo.Schema) []string {
	var names []string
	for i := range sc.Fields[:min(len(sc.Fields), 10)] {
		names = append(names, sc.Fields[i].Name)
	}
	return names
}

// itemsTable is what the page of items shows.
type itemsTable struct {
	Collection *snapshot.Collection
	Matched    int
	Columns    []string
	Rows       []tableRow
	Filters    []filterField // the two most asked for
	More       []filterField
	MoreAsked  bool
	Asked      map[string]string
	Kept       []keptParameter
	Next, Prev string
	JSON       string
	Distance   bool
}

type tableRow struct {
	Href, Head string
	Cells      []tableCell
	Metres     string
	Struck     bool // a claim that no longer stands
}

// tableCell is a cell; dates and numbers are not to be broken over lines.
type tableCell struct {
	Text  string
	Whole bool
}

// filterField is a property that the form offers with its words.
type filterField struct {
	Name, Title, Chosen string
	Terms               []geo.Term
}

// keptParameter is a parameter of the query that the form has no field for; it
// goes with the next query all the same. Title is empty where it selects nothing.
type keptParameter struct{ Name, Title, Value string }

func (s *Server) itemsPage(c *gin.Context, col *snapshot.Collection, values url.Values, q *snapshot.Query, page *snapshot.Page, links []ogcapi.Link, asOf knownOn) error {
	t := itemsTable{Collection: col, Matched: page.Matched, Distance: q.Near != nil}
	t.form(&col.Schema, values)
	for _, l := range links {
		switch {
		case l.Rel == "next":
			t.Next = l.Href
		case l.Rel == "prev":
			t.Prev = l.Href
		case l.Type == formatGeoJSON.mediaType:
			t.JSON = l.Href
		}
	}
	columns := tableColumns(col)
	if asked := values.Get("properties"); asked != "" {
		names := slices.DeleteFunc(strings.Split(asked, ","), func(name string) bool { return name == geometryName || name == columns[0] })
		columns = append(columns[:1:1], names...)
	}
	for _, name := range columns {
		t.Columns = append(t.Columns, columnTitle(&col.Schema, name))
	}
	for i := range page.Hits {
		t.Rows = append(t.Rows, s.tableRow(c, col, &page.Hits[i], columns))
	}
	return s.page(c, "items", pageData{Title: col.Title, Links: links, AsOf: asOf, Body: t, MapURL: s.mapURL(c, values),
		Crumbs: append(collectionCrumbs(s.root(c)), crumb{s.collectionURL(c, col.ID) + "?f=html", "About " + strings.ToLower(col.Title)})})
}

func (s *Server) tableRow(c *gin.Context, col *snapshot.Collection, h *snapshot.Hit, columns []string) tableRow {
	row := tableRow{Href: s.itemURL(c, col.ID, h.ID) + "?f=html", Metres: geo.NumberValue(roundMetres(h.Metres)).Text()}
	row.Head = cmp.Or(strings.TrimSpace(cell(&col.Schema, h.Values, columns[0]).Text), h.ID)
	for _, name := range columns[1:] {
		row.Cells = append(row.Cells, cell(&col.Schema, h.Values, name))
	}
	flag := col.Schema.Index("status_flag")
	row.Struck = !col.Layer && flag >= 0 && h.Values[flag].Text() != "current"
	return row
}

// form fills in the form with what was asked for.
func (t *itemsTable) form(sc *geo.Schema, values url.Values) {
	t.Asked = map[string]string{}
	for _, name := range []string{"asof", "datetime", "bbox", "near", "within"} {
		t.Asked[name] = values.Get(name)
	}
	if !t.Collection.HasGeometry() {
		t.Asked = map[string]string{"asof": values.Get("asof"), "datetime": values.Get("datetime")}
	}
	for i := range sc.Fields {
		f := &sc.Fields[i]
		if !f.Queryable || len(f.Enum) == 0 {
			continue
		}
		field := filterField{f.Name, f.Title, values.Get(f.Name), f.Enum}
		if len(t.Filters) < 2 {
			t.Filters = append(t.Filters, field)
			continue
		}
		t.More = append(t.More, field)
		t.MoreAsked = t.MoreAsked || field.Chosen != ""
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		_, inForm := t.Asked[name]
		i := sc.Index(name)
		if inForm || name == "f" || name == "cursor" || name == "offset" || i >= 0 && len(sc.Fields[i].Enum) > 0 {
			continue
		}
		kept := keptParameter{Name: name, Value: values.Get(name)}
		if i >= 0 {
			kept.Title = sc.Fields[i].Title
		}
		t.Kept = append(t.Kept, kept)
	}
}

// mapURL returns the map with the same time and type.
func (s *Server) mapURL(c *gin.Context, values url.Values) string {
	kept := url.Values{}
	for _, name := range []string{"asof", "datetime", "type"} {
		if v := values.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	return withParams(s.root(c)+"/", kept, "", "")
}

// columnTitle returns the head of a column.
func columnTitle(sc *geo.Schema, name string) string {
	if i := sc.Index(name); i >= 0 {
		return sc.Fields[i].Title
	}
	title, _, _ := strings.Cut(sc.Fields[sc.Index(name+"_low")].Title, ",")
	return title
}

// cell returns a property for a table: words for the words of a vocabulary, a
// range for a pair of low and high.
func cell(sc *geo.Schema, values []geo.Value, name string) tableCell {
	i := sc.Index(name)
	if i < 0 {
		return tableCell{rangeText(values[sc.Index(name+"_low")].Text(), values[sc.Index(name+"_high")].Text()), true}
	}
	f := &sc.Fields[i]
	return tableCell{valueText(f, values[i]), f.Type == geo.Date || f.Type == geo.Integer || f.Type == geo.Number}
}

// valueText returns a value in words, with its unit.
func valueText(f *geo.Field, v geo.Value) string {
	text := v.Text()
	for _, t := range f.Enum {
		if t.ID == text {
			return t.Title
		}
	}
	if text != "" && f.Unit != "" {
		text += " " + f.Unit
	}
	return text
}

// rangeText returns a range of figures; an open end is said in words.
func rangeText(low, high string) string {
	switch {
	case low == "" && high == "":
		return ""
	case low == "":
		return "up to " + high
	case high == "":
		return low + " or more"
	case low == high:
		return low
	}
	return low + "–" + high
}
