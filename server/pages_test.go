package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/net/html"

	"demarc/data"
)

// page is a page for people, taken apart.
type page struct {
	elements []element
	text     string
}

type element struct {
	name  string
	attrs map[string]string
	text  string // of the element and all in it
}

func parsePage(t *testing.T, a *answer) *page {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(a.body))
	if err != nil {
		t.Fatalf("%s: %v", a.asked, err)
	}
	p := &page{text: textOf(root)}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		e := element{name: n.Data, attrs: map[string]string{}, text: strings.TrimSpace(textOf(n))}
		for _, attr := range n.Attr {
			e.attrs[attr.Key] = attr.Val
		}
		p.elements = append(p.elements, e)
	}
	return p
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func (p *page) named(names ...string) []element {
	var out []element
	for _, e := range p.elements {
		if slices.Contains(names, e.name) {
			out = append(out, e)
		}
	}
	return out
}

// skeleton is the page without its words: elements and the names of their
// attributes, in order.
func (p *page) skeleton() []string {
	var out []string
	for _, e := range p.elements {
		line := e.name
		for _, name := range []string{"id", "class", "href", "src", "title", "style", "lang"} {
			if _, ok := e.attrs[name]; ok {
				line += " " + name
			}
		}
		out = append(out, fmt.Sprintf("%s (%d attributes)", line, len(e.attrs)))
	}
	return out
}

// checkPage holds a page to what all pages promise, and returns it.
func checkPage(t *testing.T, s *service, target string) *page {
	t.Helper()
	return checkPageOf(t, s, target, http.StatusOK)
}

// checkPageOf is checkPage for an answer of another status.
func checkPageOf(t *testing.T, s *service, target string, status int) *page {
	t.Helper()
	a := s.get(target, "Accept", "text/html").expect(status, "text/html; charset=utf-8")
	if !bytes.HasPrefix(a.body, []byte("<!doctype html>")) {
		t.Errorf("%s: begins with %.40q", a.asked, a.body)
	}
	p := parsePage(t, a)
	fault := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s", a.asked, fmt.Sprintf(format, args...))
	}
	if titles := p.named("title"); len(titles) != 1 || strings.TrimSuffix(titles[0].text, " – demarc") == "" {
		fault("title elements %v, want one with words", titles)
	}
	if h1 := p.named("h1"); len(h1) != 1 || h1[0].text == "" {
		fault("h1 elements %v, want one with words", h1)
	}
	level := 1
	for _, h := range p.named("h1", "h2", "h3", "h4", "h5", "h6") {
		if at := int(h.name[1] - '0'); at > level+1 {
			fault("a heading of level %d follows one of level %d: %q", at, level, h.text)
		} else {
			level = at
		}
	}
	if lang := p.named("html")[0].attrs["lang"]; lang != "en" {
		fault("lang is %q, want en", lang)
	}
	ids := map[string]bool{}
	for _, e := range p.elements {
		for name, value := range e.attrs {
			if strings.HasPrefix(name, "on") || name == "style" || name == "srcdoc" {
				fault("<%s> has the attribute %s=%q", e.name, name, value)
			}
		}
		if id, ok := e.attrs["id"]; ok {
			if ids[id] || id == "" {
				fault("the id %q stands twice, or is empty", id)
			}
			ids[id] = true
		}
	}
	if found := p.named("script", "style", "iframe", "object", "embed", "base", "noscript"); len(found) > 0 {
		fault("has %v", found)
	}
	for _, e := range p.named("a", "link", "form", "img") {
		href := e.attrs["href"] + e.attrs["action"] + e.attrs["src"]
		u, err := url.Parse(href)
		switch {
		case err != nil || href == "" || strings.Contains(href, "ZgotmplZ"):
			fault("<%s> leads to %q (%v)", e.name, href, err)
		case u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
			fault("<%s> leads to %q", e.name, href)
		case strings.HasPrefix(href, "#") && !ids[u.Fragment]:
			fault("<%s> leads to %q, which is nowhere on the page", e.name, href)
		case e.name == "a" && e.text == "":
			fault("the link to %q has no words", href)
		}
	}
	for _, broken := range []string{"<nil>", "%!", "<no value>", "0001-01-01", "NaN", "[]", "map["} {
		if strings.Contains(p.text, broken) {
			fault("shows %q", broken)
		}
	}
	return p
}

// pagesOf returns the address of every page for people.
func pagesOf(s *service) []string {
	out := []string{"/api?f=html", "/conformance?f=html", "/collections?f=html", "/licences", "/problems"}
	for _, col := range s.data.Snapshot().Collections() {
		base := "/collections/" + col.ID
		out = append(out, base+"?f=html", base+"/items?f=html", base+"/items?f=html&limit=1&datetime=2001-01/..", base+"/items?f=html&id=no-such", base+"/items?f=html&near=70,40&within=500km")
		for _, id := range s.page(base + "/items?limit=10000").ids() {
			out = append(out, base+"/items/"+url.PathEscape(id)+"?f=html")
		}
	}
	return out
}

func TestPagesAreSound(t *testing.T) {
	for name, load := range datasets {
		t.Run(name, func(t *testing.T) {
			s := serve(t, load)
			links := map[string]string{} // to the page that has it
			for _, target := range pagesOf(s) {
				for _, e := range checkPage(t, s, target).named("a", "link") {
					href, _, _ := strings.Cut(e.attrs["href"], "#")
					if strings.HasPrefix(href, s.http.URL) {
						links[href] = target
					}
				}
			}
			for href, from := range links {
				if a := s.get(href, "Accept", browsers["Firefox"]); a.status != http.StatusOK {
					t.Errorf("%s leads to %s: %d", from, href, a.status)
				}
			}
			if len(links) < 50 {
				t.Errorf("the pages have %d links of ours", len(links))
			}
		})
	}
}

// Pages and map lead to each other.
func TestPagesLeadToTheMap(t *testing.T) {
	s := serve(t, invented)
	for target, want := range map[string]string{
		"/collections?f=html":                                                        "/",
		"/collections/incidents/items/2005-gamma?f=html":                             "/?sel=2005-gamma",
		"/collections/segments/items/east?f=html":                                    "/?seg=east",
		"/collections/incidents/items?f=html&datetime=2001-02&type=agreement&limit=": "/?datetime=2001-02&type=agreement",
	} {
		p := checkPage(t, s, target)
		if !slices.ContainsFunc(p.named("a"), func(e element) bool { return e.attrs["href"] == s.http.URL+want && e.text == "Map" }) {
			t.Errorf("%s: no link to the map at %s", target, want)
		}
	}
}

func TestIncidentPageShowsWhoSaidWhat(t *testing.T) {
	s := serve(t, invented)
	p := checkPage(t, s, "/collections/incidents/items/2001-02-03-alpha-clash?f=html")
	rows := map[string]element{}
	for _, e := range p.named("tr") {
		rows[e.attrs["id"]] = e
	}
	for id, words := range map[string][]string{
		"2001-02-03-alpha-clash.c1": {"State A", "3", "Ministry A", "2001-02-03", "Superseded", "c2", "wire-1", "p. 1"},
		"2001-02-03-alpha-clash.c2": {"State A", "5", "Ministry A", "Stands", "wire-2"},
		"2001-02-03-alpha-clash.c3": {"more than seven", "Ministry B", "A party about the other side"},
		"2001-02-03-alpha-clash.c4": {"State B", "10 or 12", "A medic"},
	} {
		for _, w := range words {
			if !strings.Contains(rows[id].text, w) {
				t.Errorf("the line of claim %s does not say %q: %q", id, w, rows[id].text)
			}
		}
	}
	if rows["2001-02-03-alpha-clash.c1"].attrs["class"] != "struck" || rows["2001-02-03-alpha-clash.c2"].attrs["class"] != "" {
		t.Error("the superseded claim alone is to be struck")
	}
	for _, w := range []string{"A fired first.", "B fired first.", "First report & what <it> says", "fired & was fired at"} {
		if !strings.Contains(p.text, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

// A form sends what was left empty; pages of JSON clients do not.
func TestEmptyFieldsOfTheFormAreNoFaults(t *testing.T) {
	s := serve(t, invented)
	p := checkPage(t, s, "/collections/incidents/items?f=html")
	values := url.Values{}
	for _, e := range p.named("input", "select") {
		values.Set(e.attrs["name"], e.attrs["value"])
	}
	values.Set("type", "agreement")
	if found := checkPage(t, s, "/collections/incidents/items?"+values.Encode()); !strings.Contains(found.text, "1 found") {
		t.Errorf("the form finds %q", found.named("p"))
	}
	values.Del("f")
	s.get("/collections/incidents/items?"+values.Encode()).problem(http.StatusBadRequest, "invalid-parameter")
}

// What the form has no field for goes with the next query, and is said.
func TestFormKeepsTheRestOfTheQuery(t *testing.T) {
	s := serve(t, invented)
	p := checkPage(t, s, "/collections/claims/items?f=html&incident_id=2001-02-03-alpha-clash&limit=2&verification=unattributed&claimant_type=resident&datetime=2001")
	got := map[string]string{}
	for _, e := range p.named("input") {
		got[e.attrs["name"]] = e.attrs["value"]
	}
	want := map[string]string{"f": "html", "incident_id": "2001-02-03-alpha-clash", "limit": "2", "asof": "", "datetime": "2001", "bbox": "", "near": "", "within": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	chosen := map[string]bool{}
	for _, e := range p.named("option") {
		if _, ok := e.attrs["selected"]; ok {
			chosen[e.attrs["value"]] = true
		}
	}
	if len(chosen) != 2 || !chosen["unattributed"] || !chosen["resident"] {
		t.Errorf("chosen are %v", chosen)
	}
	if details := p.named("details"); len(details) != 1 || details[0].attrs["open"] != "" || len(details[0].attrs) != 1 {
		t.Errorf("what was chosen is folded away: %v", details)
	}
	if !strings.Contains(p.text, "Incident: 2001-02-03-alpha-clash") {
		t.Error("the page does not say that only one incident's claims are shown")
	}
}

// What a property names by its identifier can be gone to.
func TestPagesOfFeaturesLeadToEachOther(t *testing.T) {
	s := serve(t, invented)
	for target, want := range map[string][]string{
		"claims/items/2001-02-03-alpha-clash.c2":    {"incidents/items/2001-02-03-alpha-clash", "claims/items/2001-02-03-alpha-clash.c1", "sources/items/wire-2"},
		"claims/items/2001-02-03-alpha-clash.c1":    {"claims/items/2001-02-03-alpha-clash.c2"},
		"incidents/items/2001-02-05-beta-agreement": {"incidents/items/2001-02-03-alpha-clash", "places/items/beta", "segments/items/east"},
		"incidents/items/2001-02-03-alpha-clash":    {"claims/items/2001-02-03-alpha-clash.c3", "incidents/items/2001-02-05-beta-agreement"},
		"sources/items/wire-2":                      {"claims/items/2001-02-03-alpha-clash.c2"},
		"places/items/alpha":                        {"incidents/items/2001-02-03-alpha-clash"},
		"segments/items/east":                       {"sources/items/wire-2"},
	} {
		p := checkPage(t, s, "/collections/"+target+"?f=html")
		for _, w := range want {
			if !slices.ContainsFunc(p.named("a"), func(e element) bool { return e.attrs["href"] == s.http.URL+"/collections/"+w+"?f=html" }) {
				t.Errorf("%s has no link to %s", target, w)
			}
		}
	}
}

func TestMapThatIsNotBuiltSaysSo(t *testing.T) {
	d, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, Config{}, d, fstest.MapFS{".gitkeep": {}}, slog.New(slog.DiscardHandler))
	if p := checkPage(t, s, "/"); !strings.Contains(p.text, "make web") {
		t.Errorf("the page says %q", p.text)
	}
	s.get("/").expect(http.StatusOK, "application/json")
}

// hostile returns records with the text in every place that holds free text.
func hostile(text string) *data.Records {
	number := 3.0
	amount := data.Amount{Kind: "exact", Value: &number, Min: &number, Max: &number, Unit: text, AsReported: text}
	claim := func(id string, supersedes ...string) data.Claim {
		return data.Claim{ID: id, Metric: "killed", Value: amount, AffectedParty: text, Status: "civilian", Coverage: "whole", Scope: text,
			Claimant: data.Claimant{Name: text, Type: "government", PartyID: text}, ClaimedOn: data.Date{Year: 2001}, Verification: "unattributed", VerificationText: text,
			Admiralty: text, Supersedes: supersedes, Sources: []data.Citation{{SourceID: text, Locator: text}}, Note: text,
			Retracted: &data.Retraction{Kind: text, SourceIDs: []string{text}, Reason: text}}
	}
	names := map[string]string{"en": text, "ky": text, "tg": text, "ru": text}
	return &data.Records{
		Geometry: data.Shapes{text: orb.LineString{{70, 40}, {71, 40}}, "area-" + text: orb.Polygon{{{70, 40}, {71, 40}, {71, 41}, {70, 40}}}},
		Segments: []data.Segment{{ID: text, Name: names, Countries: []string{text}, Line: text, Role: "boundary", GeometrySource: text, GeometryNote: text, CutRule: text, Note: text,
			CounterpartIDs: []string{text}, History: []data.Status{{Status: text, SourceIDs: []string{text}, Note: text}}}},
		Areas:   []data.Area{{ID: "area-" + text, Name: names, Kind: text, Country: text, GeometrySource: text, GeometryNote: text, Licence: text, SourceIDs: []string{text}, Note: text}},
		Sources: []data.Source{{ID: text, Publisher: text, Title: text, Lang: text, Origin: text, Reliability: text, Note: text, URL: "https://example.org/?" + text}},
		Parties: []data.Party{{ID: text, Name: text, Kind: "state", Note: text}},
		Places: []data.Place{{ID: text, Label: text, Kind: "village", Precision: "village", Position: []float64{70, 40}, PositionSource: text, HomonymWarning: text, Note: text,
			Names: []data.PlaceName{{Lang: text, Name: text, Note: text}}, Aliases: []string{text}, Admin: []data.AdminUnit{{Country: text, Admin1: text, Admin2: text, Note: text}}, SourceIDs: []string{text}}},
		Incidents: []data.Incident{{ID: text, Title: text, Theatre: "kg-tj-border", Type: "armed_clash", Start: data.Date{Year: 2001}, End: data.Date{Year: 2001}, PlaceID: text,
			Parties: []data.Involved{{PartyID: text, Role: text}}, RelatedIDs: []string{text}, Summary: text, Occurrence: "claimed", OccurrenceReason: text, Note: text,
			Mapping: &data.CodingHint{ACLED: text, UCDP: text}, Claims: []data.Claim{claim(text + ".c1"), claim(text+".c2", text+".c1")},
			Accounts: []data.Account{{Party: text, PartyID: text, Text: text, SourceIDs: []string{text}}}}},
	}
}

// Whatever a record says, it never becomes an element or an attribute: a page
// is made of the same elements whatever its words are.
func TestWordsOfRecordsAreNeverMarkup(t *testing.T) {
	raw, err := os.ReadFile("testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	targets := func(id string) []string {
		at := url.PathEscape(id)
		return []string{"/collections/incidents/items/" + at, "/collections/incidents/items", "/collections/claims/items/" + at + ".c1", "/collections/claims/items",
			"/collections/places/items/" + at, "/collections/places/items", "/collections/sources/items/" + at, "/collections/sources/items", "/licences",
			"/collections/segments/items/" + at, "/collections/segments/items", "/collections/areas/items/" + url.PathEscape("area-"+id), "/collections/areas/items", "/collections/incidents", "/collections/parties/items"}
	}
	plain := serveRecords(t, hostile("plain words"))
	var want [][]string
	for _, target := range targets("plain words") {
		want = append(want, checkPage(t, plain, target).skeleton())
	}
	for _, payload := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		s := serveRecords(t, hostile(payload))
		for i, target := range targets(payload) {
			p := checkPage(t, s, target)
			if diff := cmp.Diff(want[i], p.skeleton()); diff != "" {
				t.Errorf("%s becomes a part of %s (-plain +payload):\n%s", payload, target, diff)
			}
		}
	}
}

// What was asked for is shown in the form, and stays words there.
func TestWordsOfTheURLAreNeverMarkup(t *testing.T) {
	s := serve(t, invented)
	for _, payload := range []string{`"><script>alert(1)</script>`, `' onfocus='alert(1)`, `</form><img src=x>`} {
		asked := url.Values{"f": {"html"}, "place": {payload}}
		p := checkPage(t, s, "/collections/incidents/items?"+asked.Encode())
		if len(p.named("img")) != 0 {
			t.Errorf("%q became an element", payload)
		}
		problem := "/collections/incidents/items?" + url.Values{"f": {payload}, payload: {payload}}.Encode()
		if p := checkPageOf(t, s, problem, http.StatusBadRequest); len(p.named("script", "img", "input")) != 0 {
			t.Errorf("%s: the page of the problem makes %q an element", problem, payload)
		}
		a := s.get(problem)
		if a.problem(http.StatusBadRequest, "invalid-parameter"); bytes.Contains(a.body, []byte("<script")) {
			t.Errorf("%s: the problem repeats %q as it is", a.asked, payload)
		}
	}
}
