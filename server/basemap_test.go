package server

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"demarc/server/ogcapi"
)

// Browsers read but the first member of an answer in gzip: several layers are one.
func TestTilesAreOneMemberOfGzip(t *testing.T) {
	s := serve(t, shipped)
	for _, path := range []string{"/basemap" + mercator + "/6/24/44", mercator + "/6/24/44"} {
		a := s.get(path, "Accept-Encoding", "gzip")
		r, err := gzip.NewReader(bytes.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Multistream(false)
		first, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if whole := s.get(path).body; !bytes.Equal(first, whole) {
			t.Errorf("%s: the first member has %d bytes, the tile %d", path, len(first), len(whole))
		}
	}
}

// The background comes in tiles of four layers, each with all that it says, and may
// be kept; it knows no day of knowledge.
func TestBasemap(t *testing.T) {
	s := serve(t, shipped)
	var doc ogcapi.TileJSON
	if err := json.Unmarshal(s.get("/basemap"+mercator+"/tilejson").body, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Bounds == nil || *doc.Bounds != [4]float64{60, 34, 82, 46} {
		t.Errorf("bounds are %v, want the window of the background", doc.Bounds)
	}
	seen := map[string]map[string]bool{}
	for _, at := range []string{"/4/6/11", "/6/24/44", "/9/193/356"} {
		a := s.get("/basemap" + mercator + at)
		for _, l := range a.tile(t) {
			for _, f := range l.Features {
				if seen[l.Name] == nil {
					seen[l.Name] = map[string]bool{}
				}
				for key := range f.Tags {
					seen[l.Name][key] = true
				}
			}
		}
		if got := a.header.Get("Cache-Control"); got != basemapLives {
			t.Errorf("%s: Cache-Control %q, want %q", a.asked, got, basemapLives)
		}
	}
	for layer, attributes := range map[string][]string{"land": {"id"}, "regions": {"id", "country"}, "rivers": {"name", "name_ru", "name_tg", "schematic"}, "lakes": {"name", "name_ky"}} {
		for _, name := range attributes {
			if !seen[layer][name] {
				t.Errorf("layer %s has %v, want %s", layer, fmt.Sprint(seen[layer]), name)
			}
		}
	}
	s.get("/basemap"+mercator+"/6/24/44?asof=2022-09-18").expect(http.StatusBadRequest, "application/problem+json")
}
