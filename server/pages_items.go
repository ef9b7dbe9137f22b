package server

import (
	"cmp"
	"fmt"
	"html/template"
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
// single feature shows all. A name without _low and _high stands for the range.
func tableColumns(collection string) []string {
	switch collection {
	case "incidents":
		return []string{"start", "end", "title", "type", "place", "killed", "wounded", "captured", "released", "figures", "sources"}
	case "claims":
		return []string{"claimed_on", "metric", "as_reported", "affected_party", "claimant", "verification", "status_flag", "incident_id"}
	case "segments":
		return []string{"name", "status", "status_from", "status_to", "line", "role", "length_km"}
	case "areas":
		return []string{"name", "kind", "country", "valid_from", "valid_to", "licence"}
	case "places":
		return []string{"label", "name_ky", "name_tg", "name_ru", "kind", "country", "admin2", "precision", "incidents"}
	}
	return []string{"publisher", "title", "date", "lang", "origin", "claims"}
}

// itemsTable is what the page of items shows.
type itemsTable struct {
	Collection *snapshot.Collection
	Matched    int
	Columns    []string
	Rows       []tableRow
	Filters    []filterField
	Asked      map[string]string
	Next, Prev string
	JSON       string
	Distance   bool
}

type tableRow struct {
	Href, ID string
	Cells    []string
	Metres   string
	Struck   bool // a claim that no longer stands
}

// filterField is a property that the form offers with its words.
type filterField struct {
	Name, Title, Chosen string
	Terms               []geo.Term
}

func (s *Server) itemsPage(c *gin.Context, col *snapshot.Collection, values url.Values, q *snapshot.Query, page *snapshot.Page, links []ogcapi.Link) error {
	t := itemsTable{Collection: col, Matched: page.Matched, Asked: map[string]string{}, Distance: q.Near != nil}
	for name := range values {
		t.Asked[name] = values.Get(name)
	}
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
	columns := tableColumns(col.ID)
	for _, name := range columns {
		t.Columns = append(t.Columns, columnTitle(&col.Schema, name))
	}
	for i := range col.Schema.Fields {
		if f := &col.Schema.Fields[i]; f.Queryable && len(f.Enum) > 0 {
			t.Filters = append(t.Filters, filterField{f.Name, f.Title, values.Get(f.Name), f.Enum})
		}
	}
	flag := col.Schema.Index("status_flag")
	for i := range page.Hits {
		h := &page.Hits[i]
		row := tableRow{Href: s.itemURL(c, col.ID, h.ID) + "?f=html", ID: h.ID, Metres: formatMetres(h.Metres)}
		for _, name := range columns {
			row.Cells = append(row.Cells, cell(&col.Schema, h.Values, name))
		}
		row.Struck = flag >= 0 && h.Values[flag].Text() != "current"
		t.Rows = append(t.Rows, row)
	}
	return s.page(c, "items", pageData{Title: col.Title, Links: links, Body: t, MapURL: s.mapURL(c, values),
		Crumbs: append(collectionCrumbs(s.root(c)), crumb{s.collectionURL(c, col.ID) + "?f=html", col.Title})})
}

// mapURL returns the map with the same time and type.
func (s *Server) mapURL(c *gin.Context, values url.Values) string {
	kept := url.Values{}
	for _, name := range []string{"datetime", "type"} {
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
func cell(sc *geo.Schema, values []geo.Value, name string) string {
	if i := sc.Index(name); i >= 0 {
		return valueText(&sc.Fields[i], values[i])
	}
	return rangeText(values[sc.Index(name+"_low")].Text(), values[sc.Index(name+"_high")].Text())
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

// property is a line of a feature's table.
type property struct{ Name, Title, Text, Doc, Href string }

// itemBody is what the page of a single feature shows.
type itemBody struct {
	Collection *snapshot.Collection
	ID         string
	Properties []property
	Detail     any
	Before     string
	After      string
	JSON       string
	Position   string
	Metrics    []metricGroup // incidents
	Names      map[string]string
}

// itemPage answers with the page of a single feature.
func (s *Server) itemPage(c *gin.Context, snap *snapshot.Snapshot, col *snapshot.Collection, hit snapshot.Hit, detail any, links []ogcapi.Link) error {
	b := itemBody{Collection: col, ID: hit.ID, Detail: detail, JSON: s.itemURL(c, col.ID, hit.ID) + "?f=json", Names: map[string]string{}}
	if before, after := col.Neighbours(hit.ID); true {
		b.Before, b.After = s.neighbourURL(c, col.ID, before), s.neighbourURL(c, col.ID, after)
	}
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		text := valueText(f, hit.Values[i])
		if text == "" {
			continue
		}
		b.Properties = append(b.Properties, property{f.Name, f.Title, text, f.Doc, s.reference(c, f.Name, hit.Values[i].Text())})
	}
	name, heading := "item", col.Title+": "+hit.ID
	mapURL := s.root(c) + "/"
	switch d := detail.(type) {
	case *snapshot.IncidentDetail:
		name, heading = "incident", hit.Values[1].Text()
		b.Metrics = groupClaims(snap, d)
		mapURL = withParams(mapURL, nil, "sel", hit.ID)
	case *snapshot.SegmentDetail:
		heading = d.Names["en"]
		mapURL = withParams(mapURL, nil, "seg", hit.ID)
	}
	return s.page(c, name, pageData{Title: heading, Links: links, Body: b, MapURL: mapURL,
		Crumbs: append(collectionCrumbs(s.root(c)), crumb{s.collectionURL(c, col.ID) + "/items?f=html", col.Title})})
}

func (s *Server) neighbourURL(c *gin.Context, collection, id string) string {
	if id == "" {
		return ""
	}
	return s.itemURL(c, collection, id) + "?f=html"
}

// reference returns the page of the feature that a property names, if it does.
func (s *Server) reference(c *gin.Context, name, text string) string {
	collections := map[string]string{"incident_id": "incidents", "parent_id": "incidents", "segment_id": "segments", "place_id": "places"}
	if collection := collections[name]; collection != "" {
		return s.itemURL(c, collection, text) + "?f=html"
	}
	if name == "url" && (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")) {
		return text
	}
	return ""
}

// metricGroup is what is claimed about one metric of an incident.
type metricGroup struct {
	Title  string
	Range  string
	State  string
	Claims []claimLine
}

// claimLine is one claim as the page of its incident shows it.
type claimLine struct {
	snapshot.ClaimDetail
	Affected, Who, Said, Verified, Became string
	Struck                                bool
}

// groupClaims puts an incident's claims together by metric, those of figures
// first, and within a metric by whose people are counted and when it was said.
func groupClaims(snap *snapshot.Snapshot, d *snapshot.IncidentDetail) []metricGroup {
	schema := claimTerms(snap)
	byMetric := map[string][]claimLine{}
	for _, cl := range d.Claims {
		byMetric[cl.Metric] = append(byMetric[cl.Metric], claimLine{
			ClaimDetail: cl, Affected: snap.PartyName(cl.AffectedParty), Said: cl.ClaimedOn.String(),
			Who: schema["claimant_type"][cl.Claimant.Type], Verified: schema["verification"][cl.Verification],
			Became: schema["status_flag"][cl.StatusFlag], Struck: cl.StatusFlag != "current",
		})
	}
	figures := map[string]snapshot.FigureDetail{}
	for _, f := range d.Figures {
		figures[f.Family] = f
	}
	var groups []metricGroup
	for metric, lines := range byMetric {
		slices.SortStableFunc(lines, func(a, b claimLine) int {
			return cmp.Or(cmp.Compare(a.Claim.AffectedParty, b.Claim.AffectedParty), a.ClaimedOn.First().Compare(b.ClaimedOn.First()))
		})
		g := metricGroup{Title: schema["metric"][metric], Claims: lines}
		if f, ok := figures[metric]; ok {
			g.Range, g.State = rangeText(ptrText(f.Low), ptrText(f.High)), f.State
		}
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b metricGroup) int {
		return cmp.Or(cmp.Compare(b.State, a.State)*boolInt((a.State == "") != (b.State == "")), cmp.Compare(a.Title, b.Title))
	})
	return groups
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func ptrText(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprint(*x)
}

// claimTerms returns the words of each vocabulary of claims, by field.
func claimTerms(snap *snapshot.Snapshot) map[string]map[string]string {
	out := map[string]map[string]string{}
	col, err := snap.Collection("claims")
	if err != nil {
		return out
	}
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		if len(f.Enum) > 0 {
			out[f.Name] = map[string]string{}
			for _, t := range f.Enum {
				out[f.Name][t.ID] = t.Title
			}
		}
	}
	return out
}

// pageFuncs are the functions that the templates use.
func pageFuncs() template.FuncMap {
	return template.FuncMap{
		"join":  strings.Join,
		"words": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
		"item": func(root, collection, id string) string {
			return root + "/collections/" + collection + "/items/" + url.PathEscape(id) + "?f=html"
		},
		"kind": func(v any) string { return strings.TrimPrefix(fmt.Sprintf("%T", v), "*snapshot.") },
	}
}
