package server

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"demarc/data"
	"demarc/server/ogcapi"
)

// documents returns an address of every kind of JSON document.
func documents(s *service) []string {
	out := []string{"/", "/conformance", "/collections", "/tileMatrixSets", "/tileMatrixSets/WorldCRS84Quad", "/tiles", "/tiles/WebMercatorQuad?datetime=2000/.."}
	for _, col := range s.data.Snapshot().Collections() {
		base := "/collections/" + col.ID
		out = append(out, base, base+"/items?limit=2", base+"/items?limit=1&bbox=-180,-90,180,90&datetime=1900/..")
		if col.HasGeometry() {
			out = append(out, base+"/tiles", base+"/tiles/WebMercatorQuad?filter=id%3C%3E'x'")
		}
		for i, id := range s.page(base + "/items?limit=10000").ids() {
			if i < 5 {
				out = append(out, base+"/items/"+url.PathEscape(id))
			}
		}
	}
	return out
}

// linksIn returns every link of a JSON document, wherever it stands.
func linksIn(a *answer) []ogcapi.Link {
	var doc any
	a.into(&doc)
	var out []ogcapi.Link
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for name, x := range v {
				if list, ok := x.([]any); ok && name == "links" {
					for _, l := range list {
						raw, _ := json.Marshal(l)
						var one ogcapi.Link
						_ = json.Unmarshal(raw, &one)
						out = append(out, one)
					}
					continue
				}
				walk(x)
			}
		}
	}
	walk(doc)
	return out
}

// Every link of every document says what it is, and leads to that.
func TestLinksLeadWhereTheySay(t *testing.T) {
	for name, load := range datasets {
		t.Run(name, func(t *testing.T) {
			s := serve(t, load)
			followed := map[string]bool{}
			for _, target := range documents(s) {
				for _, l := range linksIn(s.get(target)) {
					if l.Rel == "" || l.Type == "" || l.Title == "" {
						t.Errorf("%s: link %+v wants rel, type and title", target, l)
					}
					if l.Rel == "license" && !strings.HasPrefix(l.Href, s.http.URL) {
						continue // the licence's own page
					}
					if !strings.HasPrefix(l.Href, s.http.URL+"/") {
						t.Errorf("%s: link %+v does not lead to this service", target, l)
						continue
					}
					if l.Templated {
						if strings.Contains(l.Href, "WorldCRS84Quad") {
							continue // the records are on one side of Greenwich
						}
						l.Href = strings.NewReplacer("{tileMatrix}", "0", "{tileRow}", "0", "{tileCol}", "0").Replace(l.Href)
					}
					if followed[l.Href+l.Type] {
						continue
					}
					followed[l.Href+l.Type] = true
					a := s.get(l.Href, "Accept", l.Type)
					if mediaType, _, _ := strings.Cut(a.header.Get("Content-Type"), "; charset"); a.status != http.StatusOK || mediaType != l.Type {
						t.Errorf("%s: link %+v leads to %d %s", target, l, a.status, a.header.Get("Content-Type"))
					}
				}
			}
			if len(followed) < 60 {
				t.Errorf("followed %d links, want more", len(followed))
			}
		})
	}
}

// Each document has the links that the standard and its clients want.
func TestDocumentsHaveTheirLinks(t *testing.T) {
	s := serve(t, invented)
	for target, rels := range map[string]map[string]string{ // relation to media type
		"/": {"self": "application/json", "alternate": "text/html", "service-desc": openAPIType, "service-doc": "text/html",
			"conformance": "application/json", "data": "application/json", "license": "text/html"},
		"/conformance":                            {"self": "application/json", "alternate": "text/html"},
		"/collections":                            {"self": "application/json", "alternate": "text/html", "license": "text/html"},
		"/collections/incidents":                  {"self": "application/json", "alternate": "text/html", "items": "application/geo+json", "license": "text/html"},
		"/collections/incidents/items":            {"self": "application/geo+json", "alternate": "text/html", "collection": "application/json", "license": "text/html"},
		"/collections/incidents/items/2005-gamma": {"self": "application/geo+json", "alternate": "text/html", "collection": "application/json", "license": "text/html"},
	} {
		var doc struct{ Links []ogcapi.Link }
		s.get(target).into(&doc)
		for rel, mediaType := range rels {
			if !slices.ContainsFunc(doc.Links, func(l ogcapi.Link) bool { return l.Rel == rel && l.Type == mediaType }) {
				t.Errorf("%s: no link %s of type %s among %+v", target, rel, mediaType, doc.Links)
			}
		}
	}
	// GDAL appends "/ID" to this href as text, the OGC suite "?limit=".
	var col struct{ Links []ogcapi.Link }
	s.get("/collections/incidents").into(&col)
	if got := link(col.Links, "items"); got != s.http.URL+"/collections/incidents/items" {
		t.Errorf("the first items link is %q; it must have no query", got)
	}
}

// A collection says the same of itself in the list and on its own page.
func TestCollectionIsTheSameInTheList(t *testing.T) {
	s := serve(t, shipped)
	var list struct{ Collections []map[string]any }
	s.get("/collections").into(&list)
	for _, listed := range list.Collections {
		var own map[string]any
		s.get("/collections/" + listed["id"].(string)).into(&own)
		a, _ := json.Marshal(listed)
		b, _ := json.Marshal(own)
		if string(a) != string(b) {
			t.Errorf("in the list\n%s\non its own\n%s", a, b)
		}
	}
}

// walkPages follows a relation from a page to the last and returns all ids.
func walkPages(t *testing.T, s *service, target, rel string) (ids []string, last string) {
	t.Helper()
	for steps := 0; ; steps++ {
		fc := s.page(target)
		if rel == "prev" {
			ids = append(fc.ids(), ids...)
		} else {
			ids = append(ids, fc.ids()...)
		}
		next := link(fc.Links, rel)
		if next == "" {
			return ids, target
		}
		if steps > 1000 {
			t.Fatalf("%s: no end of pages", target)
		}
		target = next
	}
}

func TestPagesTogetherAreTheWhole(t *testing.T) {
	s := serve(t, shipped)
	for _, query := range []string{
		"incidents/items?limit=7", "incidents/items?limit=1&type=mine_explosion", "claims/items?limit=61&metric=killed", "segments/items?limit=4&datetime=2019/2022",
		"incidents/items?limit=5&near=70.58,39.85&within=50km", "claims/items?limit=13&near=places/vorukh&within=5km", "sources/items?limit=50&lang=ru", "places/items?limit=9&bbox=69,39,71,41",
	} {
		base := "/collections/" + query
		parsed, _ := url.Parse(base)
		values := parsed.Query()
		values.Set("limit", "10000")
		whole := s.page(parsed.Path + "?" + values.Encode())
		forward, last := walkPages(t, s, base, "next")
		backward, _ := walkPages(t, s, last, "prev")
		if len(whole.Features) < 2 || whole.NumberMatched != len(whole.Features) {
			t.Errorf("%s: %d features, numberMatched %d", query, len(whole.Features), whole.NumberMatched)
		}
		if !slices.Equal(forward, whole.ids()) {
			t.Errorf("%s: pages by next have\n%v\nwant\n%v", query, forward, whole.ids())
		}
		if !slices.Equal(backward, whole.ids()) {
			t.Errorf("%s: pages by prev have\n%v\nwant\n%v", query, backward, whole.ids())
		}
	}
}

// Links between pages carry every parameter, whatever its characters.
func TestPageLinksCarryEveryParameter(t *testing.T) {
	s := serve(t, invented)
	asked := url.Values{"bbox": {"170,50,-170,52"}, "datetime": {"2001-02-01T00:00:00+06:00/.."}, "limit": {"1"}, "metric": {"killed"}, "affected_party": {"XA"}, "f": {"json"}}
	fc := s.page("/collections/claims/items?" + asked.Encode())
	next := link(fc.Links, "next")
	second := s.page(next)
	for rel, href := range map[string]string{"self": link(fc.Links, "self"), "next": next, "prev": link(second.Links, "prev"), "alternate": link(fc.Links, "alternate")} {
		u, err := url.Parse(href)
		if err != nil || !u.IsAbs() || u.Scheme+"://"+u.Host != s.http.URL {
			t.Errorf("%s is %q, want an absolute URL (%v)", rel, href, err)
			continue
		}
		got := u.Query()
		got.Del("cursor")
		if rel == "alternate" {
			got.Set("f", "json")
		}
		if got.Encode() != asked.Encode() {
			t.Errorf("%s has %v, want %v", rel, got, asked)
		}
	}
	// The page size may change on the way; the OGC suite does that.
	u, _ := url.Parse(next)
	values := u.Query()
	values.Set("limit", "1000")
	u.RawQuery = values.Encode()
	if more := s.page(u.String()); more.NumberReturned != fc.NumberMatched-1 {
		t.Errorf("%s: %d features, want the %d after the first", u, more.NumberReturned, fc.NumberMatched-1)
	}
}

func TestPublicURLStandsInEveryLink(t *testing.T) {
	d, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, Config{PublicURL: "https://demarc.example/data/"}, d, mapFiles, slog.New(slog.DiscardHandler))
	for _, target := range append(documents(s), "/collections/?f=html", "/problems", "/collections/incidents/items?f=html", "/collections/incidents/items/2005-gamma?f=html", "/api?f=html", "/api", "/no-such", "/collections/") {
		a := s.get(target)
		if strings.Contains(string(a.body), s.http.URL) || strings.Contains(a.header.Get("Location"), s.http.URL) {
			t.Errorf("%s: names its own address %s", a.asked, s.http.URL)
		}
		if !strings.Contains(string(a.body), "https://demarc.example/data/") {
			t.Errorf("%s: does not name its public address", a.asked)
		}
		if strings.Contains(string(a.body), "https://demarc.example/data//") {
			t.Errorf("%s: doubles a slash", a.asked)
		}
	}
}

// oddRecords have identifiers that the rules for files do not allow, but that
// an importer may bring.
func oddRecords(ids ...string) *data.Records {
	r := &data.Records{Geometry: data.Shapes{}}
	for _, id := range ids {
		r.Sources = append(r.Sources, data.Source{ID: id, Publisher: "Publisher of " + id})
		r.Parties = append(r.Parties, data.Party{ID: id, Name: "Party " + id, Kind: "unknown"})
		r.Places = append(r.Places, data.Place{ID: id, Label: id, Kind: "village", Precision: "village", Position: []float64{70, 40}})
	}
	r.Sort()
	return r
}

func TestOddIdentifiersAreFound(t *testing.T) {
	ids := []string{"a/b", "a+b", "a b", "Альфа", "100%", "%2F", "q?x=1&y=2", "#hash", "..", ".", "semi;colon", "quote\"'", "<i>", "ünïcødé", "日本", "a//b", "tab\there", "back\\slash"}
	s := serveRecords(t, oddRecords(ids...))
	for _, collection := range []string{"sources", "places", "parties"} {
		for _, id := range ids {
			fc := s.page("/collections/" + collection + "/items?" + url.Values{"id": {id}}.Encode())
			if got := fc.ids(); !slices.Equal(got, []string{id}) {
				t.Errorf("?id=%q: %q", id, got)
			}
			if id == "." || id == ".." {
				continue // no client sends these: they are steps in a path (RFC 3986 §5.2.4)
			}
			target := "/collections/" + collection + "/items/" + url.PathEscape(id)
			var f feature
			s.get(target).expect(http.StatusOK, "application/geo+json").into(&f)
			if f.ID != id {
				t.Errorf("%s: id %q, want %q", target, f.ID, id)
			}
			for _, l := range f.Links {
				if strings.HasPrefix(l.Href, s.http.URL) && s.get(l.Href).status != http.StatusOK {
					t.Errorf("%s: link %+v: %d", target, l, s.get(l.Href).status)
				}
			}
			checkPage(t, s, target+"?f=html")
		}
		checkPage(t, s, "/collections/"+collection+"/items?f=html&limit=1000")
		if got, _ := walkPages(t, s, "/collections/"+collection+"/items?limit=3", "next"); len(got) != len(ids) {
			t.Errorf("paging finds %q", got)
		}
		near := s.page("/collections/" + collection + "/items?" + url.Values{"near": {"places/a//b"}}.Encode())
		if collection == "places" && near.NumberMatched != len(ids) {
			t.Errorf("near a place with slashes in its id: %d found", near.NumberMatched)
		}
	}
}
