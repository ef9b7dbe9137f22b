package server

import (
	"bytes"
	"cmp"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
)

// mapPolicy is what the incident map needs: its own scripts, worker, styles,
// fonts and data, and images that it draws itself.
const mapPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// embedPolicy lets other pages frame the map where the address says embed=1.
// Nothing can be done there that a click led astray could do harm with.
var embedPolicy = strings.Replace(mapPolicy, "frame-ancestors 'none'", "frame-ancestors http: https:", 1)

// mapRows is how many incidents the page of the map has in its table.
const mapRows = 50

// mapMark is the place in the built page where the table goes.
const mapMark = "<!--records-->"

// mapTitle is the title of the built page; one that shows an incident has its.
var mapTitle = regexp.MustCompile(`<title>[^<]*</title>`)

// mapPage answers with the incident map: the built page, and in it, for the time
// before its scripts run and for those who run none, the table of the incidents that
// the address asks for. A frame gets the map alone.
func (s *Server) mapPage(c *gin.Context) error {
	policy, framed := mapPolicy, c.Query("embed") == "1"
	if framed {
		policy = embedPolicy
	}
	c.Header("Content-Security-Policy", policy)
	built, ok := s.assets.web["index.html"]
	if !ok {
		c.Writer.Header().Add("Vary", "Accept")
		return s.page(c, "unbuilt", pageData{Title: "The map is not built"})
	}
	if framed {
		c.Writer.Header().Add("Vary", "Accept")
		return s.file(c, s.assets.web, "index.html", "no-cache")
	}
	// A semicolon stands between the corners of an area; net/url would leave it out.
	asked, _ := url.ParseQuery(strings.ReplaceAll(c.Request.URL.RawQuery, ";", "%3B"))
	snap := s.data.Snapshot()
	if s.unchanged(c, snap.Revision()+built.tag, formatHTML) {
		return nil
	}
	body, err := s.mapBody(c, snap, asked)
	if err != nil {
		return err
	}
	var table bytes.Buffer
	if err := s.pages.byName["map"].ExecuteTemplate(&table, "map", body); err != nil {
		return err
	}
	page := bytes.Replace(built.body, []byte(mapMark), table.Bytes(), 1)
	if body.Chosen != nil {
		title := []byte("<title>" + template.HTMLEscapeString(body.Chosen.Text) + " – demarc</title>")
		page = mapTitle.ReplaceAllLiteral(page, title)
	}
	if theme := asked.Get("theme"); slices.Contains([]string{"light", "dark", "contrast"}, theme) {
		page = bytes.Replace(page, []byte("<html "), []byte(`<html data-theme="`+theme+`" `), 1)
	}
	s.write(c, http.StatusOK, "text/html; charset=utf-8", page)
	return nil
}

// mapBody is what the page of the map shows before it is one.
type mapBody struct {
	Root       string
	Asked      map[string]string
	Choices    []filterField
	Kept       []keptParameter
	Metric     string
	Low, High  string // heads of the columns of its figures
	All        int    // incidents that there are
	Matched    int
	Rows       []mapRow
	Faults     geo.Faults
	Chosen     *crumb // the incident whose card is asked for
	KnownOn    string
	Prev, Next string
	Now        string
}

// mapRow is an incident in the table.
type mapRow struct {
	Href, Title, Place               string
	Dates, Type, Happened, ClaimsSay string
	Low, High, Claims, UncertaintyKM string
	Conflict                         bool
}

func (s *Server) mapBody(c *gin.Context, snap *snapshot.Snapshot, asked url.Values) (*mapBody, error) {
	ctx := c.Request.Context()
	b := &mapBody{Root: s.root(c), KnownOn: mapKnown(asked), Metric: mapMetric(asked)}
	if b.KnownOn != "" {
		day, err := data.ParseKnown(b.KnownOn)
		if err != nil {
			return nil, err
		}
		if snap, err = s.data.AsOfIn(ctx, snap, day); err != nil {
			return nil, err
		}
	}
	incidents, err := snap.Collection("incidents")
	if err != nil {
		return nil, err
	}
	places, err := snap.Collection("places")
	if err != nil {
		return nil, err
	}
	var lost error
	question := mapQuestion(asked, func(words string) (ids, labels []string) {
		ids, labels, lost = placesNamed(ctx, places, words)
		return ids, labels
	})
	if lost != nil {
		return nil, lost
	}
	b.All = incidents.Len()
	b.form(&incidents.Schema, asked)
	if id := asked.Get("sel"); id != "" {
		if hit, err := incidents.Feature(id); err == nil {
			b.Chosen = &crumb{b.known(s.itemURL(c, "incidents", id) + "?f=html"), headingOf(incidents, &hit)}
		}
	}
	b.Now = withParams(b.Root+"/", asked, "asof", "")
	return b, s.mapTable(c, b, snap, incidents, asked, question)
}

// mapTable fills in the page of incidents that the question selects. Where a part of
// it cannot be answered, there are none, and the page says why.
func (s *Server) mapTable(c *gin.Context, b *mapBody, snap *snapshot.Snapshot, incidents *snapshot.Collection, asked, question url.Values) error {
	p := &params{}
	p.query, _ = queryOf(question, nil) // values that are read already
	query := p.readQuery(snap, incidents)
	query.Limit, query.NoJSON = mapRows, true
	if b.Faults = p.faults; len(b.Faults) > 0 {
		return nil
	}
	page, err := incidents.Items(c.Request.Context(), query)
	if err != nil {
		return err
	}
	b.Matched = page.Matched
	for i := range page.Hits {
		b.Rows = append(b.Rows, s.mapRow(c, b, &incidents.Schema, &page.Hits[i]))
	}
	here := func(at *snapshot.Cursor) string {
		if at == nil {
			return ""
		}
		return withParams(b.Root+"/", asked, "cursor", at.Encode(p.selection(incidents)))
	}
	b.Prev, b.Next = here(page.Prev), here(page.Next)
	return nil
}

func (s *Server) mapRow(c *gin.Context, b *mapBody, sc *geo.Schema, h *snapshot.Hit) mapRow {
	word := func(name string) string { i := sc.Index(name); return valueText(&sc.Fields[i], h.Values[i]) }
	raw := func(name string) string { return h.Values[sc.Index(name)].Text() }
	r := mapRow{
		Href: b.known(s.itemURL(c, "incidents", h.ID) + "?f=html"), Title: word("title"), Place: raw("place"),
		Dates: daysText(raw("start"), raw("end"), raw("date_precision")), Type: word("type"), Happened: word("occurrence"),
		ClaimsSay: word("figures"), Conflict: raw("figures") == "conflicting",
		Low: raw(b.Metric + "_low"), High: raw(b.Metric + "_high"), Claims: raw("claims"), UncertaintyKM: raw("uncertainty_km"),
	}
	if r.Low != "" || r.High != "" { // an end that no claim bounds
		r.Low, r.High = cmp.Or(r.Low, "open"), cmp.Or(r.High, "open")
	}
	return r
}

// known adds the day of knowledge to an address.
func (b *mapBody) known(href string) string {
	if b.KnownOn == "" {
		return href
	}
	return href + "&asof=" + url.QueryEscape(b.KnownOn)
}

// form fills in the form with what the address asks for.
func (b *mapBody) form(sc *geo.Schema, asked url.Values) {
	b.Asked = map[string]string{}
	for _, name := range []string{"asof", "bbox", "datetime", "max", "min", "near", "q"} {
		b.Asked[name] = asked.Get(name)
	}
	inForm := func(name string) bool { _, is := b.Asked[name]; return is }
	for _, f := range mapFacets {
		field := &sc.Fields[sc.Index(f.field)]
		if len(field.Enum) > 0 {
			b.Asked[f.name] = asked.Get(f.name)
			b.Choices = append(b.Choices, filterField{f.name, field.Title, asked.Get(f.name), withSeveral(field.Enum, asked.Get(f.name))})
		}
	}
	metrics := filterField{Name: "metric", Title: "Figure", Chosen: b.Metric}
	for _, m := range mapMetrics {
		metrics.Terms = append(metrics.Terms, geo.Term{ID: m, Title: columnTitle(sc, m)})
	}
	title := columnTitle(sc, b.Metric)
	b.Low, b.High = title+": lowest", title+": highest"
	b.Asked["metric"] = b.Metric
	b.Choices = append(b.Choices, metrics)
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if !inForm(name) && name != "cursor" {
			b.Kept = append(b.Kept, keptParameter{Name: name, Value: asked.Get(name)})
		}
	}
}

// withSeveral returns the terms of a choice, and where several are chosen, which the
// map can do and this form cannot, those as one of them.
func withSeveral(terms []geo.Term, chosen string) []geo.Term {
	words := strings.Split(chosen, ",")
	if len(words) < 2 {
		return terms
	}
	for i, w := range words {
		if at := slices.IndexFunc(terms, func(t geo.Term) bool { return t.ID == w }); at >= 0 {
			words[i] = terms[at].Title
		}
	}
	return append(slices.Clone(terms), geo.Term{ID: chosen, Title: strings.Join(words, ", ")})
}

// daysText returns a time from day to day in words, no more precise than it is known.
func daysText(start, end, precision string) string {
	digits := map[string]int{"year": 4, "month": 7}[precision]
	cut := func(text string) string {
		if digits > 0 {
			return text[:min(len(text), digits)]
		}
		return text[:min(len(text), 10)]
	}
	from, to := cut(start), cut(end)
	switch {
	case to == "" || to == from:
		return dayText(from)
	case len(from) < 10 || len(to) < 10 || from[:4] != to[:4]:
		return dayText(from) + " – " + dayText(to)
	case from[:7] == to[:7]:
		first, _ := strconv.Atoi(from[8:])
		return strconv.Itoa(first) + "–" + dayText(to)
	}
	return strings.TrimSuffix(dayText(from), " "+from[:4]) + " – " + dayText(to)
}

// dayText returns a day, month or year in words, and what is none as it is.
func dayText(text string) string {
	for layout, words := range map[string]string{time.DateOnly: "2 Jan 2006", "2006-01": "Jan 2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(words)
		}
	}
	return text
}
