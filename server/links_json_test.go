package server

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// What is written as it goes is held to what is made first and written then.
func TestLinksInGeoJSONAreThoseOfTheOtherFormats(t *testing.T) {
	s := &Server{}
	next := &snapshot.Cursor{Key: `2022-09-14 a"b<c>&ö `, Sorted: []geo.Value{geo.Null(), geo.StringValue(`"x"`), geo.IntValue(-3)}}
	prev := &snapshot.Cursor{Back: true, Metres: 12.25, Key: "k"}
	rights := []snapshot.Rights{{Covers: `a "b"`, Licence: "CC-BY-4.0", URL: "https://example.org/?a=b&c", Attribution: "A & B"}, {Covers: "x", Licence: "none"},
		{Covers: "y", Licence: "ODbL-1.0", URL: "https://example.org/o", Attribution: "A & B"}, {Covers: "y", Licence: "ODbL-1.0", URL: "https://example.org/o", Attribution: "C"}}
	for _, host := range []string{"demarc.example", `a&b'c:80`} {
		for _, raw := range []string{"", "f=json", "a=1&f=html&z=<>%22%26+%C3%B6", "offset=3&limit=2", "f=json&f=csv", "=x&b=", "e=1&g=2"} {
			c, _ := gin.CreateTestContext(httptest.NewRecorder())
			c.Request = httptest.NewRequest("GET", "http://demarc.example/?"+raw, nil)
			c.Request.Host = host
			q, _ := parseQuery(raw)
			p := &params{query: q}
			for i, page := range []*snapshot.Page{{}, {Next: next}, {Next: next, Prev: prev}} {
				col := &snapshot.Collection{ID: "incidents", Title: `The "incidents"`, Rights: rights[:i+1]}
				formats := s.itemsFormats()
				want := appendLinks(nil, append(s.pageLinks(c, p, col, formats, formatGeoJSON, page), licenceLinks(col)...))
				l := listLinks{p.query, s.collectionURL(c, col.ID), col, page, formats, formatGeoJSON, p}
				if got := l.append([]byte("x")); string(got) != "x"+string(want) {
					t.Fatalf("of %s?%s\ngot  %s\nwant %s", host, raw, got, want)
				}
				item := s.itemURL(c, col.ID, `a"b/&c`)
				more := []ogcapi.Link{{Href: item, Rel: "proof"}, {Href: item, Rel: "x", Title: "t"}}[:i]
				want = appendLinks(nil, append(append(append(q.representations(item, formats, formatGeoJSON),
					ogcapi.Link{Href: s.collectionURL(c, col.ID), Rel: "collection", Type: "application/json", Title: col.Title}), more...), licenceLinks(col)...))
				single := itemLinks{q, s.collectionURL(c, col.ID), item, col, formats, formatGeoJSON, more}
				if got := single.append(nil); string(got) != string(want) {
					t.Fatalf("of %s?%s\ngot  %s\nwant %s", item, raw, got, want)
				}
				if got, want := string(appendAttribution(nil, col)), string(geo.AppendJSONString(nil, attribution(col))); got != want {
					t.Fatalf("the attribution is %s, want %s", got, want)
				}
			}
		}
	}
}

func TestCursorsComeBackAsTheyWent(t *testing.T) {
	col := &snapshot.Collection{Schema: geo.Schema{Fields: []geo.Field{{Name: "n", Type: geo.Integer}, {Name: "s"}}}}
	keys := []snapshot.SortKey{{Field: 0}, {Field: 1}}
	for _, c := range []snapshot.Cursor{
		{Key: "a"}, {Key: "ö\"\u2028<&", Back: true, Metres: 1e-9}, {Key: "z", Metres: 123456789.125, Sorted: []geo.Value{geo.IntValue(-3), geo.StringValue(`"ö`)}},
		{Sorted: []geo.Value{geo.Null(), geo.Null()}},
	} {
		text := c.Encode("a=b")
		got, err := col.DecodeCursor(text, "a=b", keys[:len(c.Sorted)])
		if err != nil || url.QueryEscape(text) != text || got.Encode("a=b") != text || got.Key != c.Key || got.Back != c.Back || got.Metres != c.Metres {
			t.Errorf("%+v came back as %+v, %v", c, got, err)
		}
		if _, err := col.DecodeCursor(text, "a=c", keys[:len(c.Sorted)]); err == nil {
			t.Errorf("%+v was taken for another query", c)
		}
	}
}
