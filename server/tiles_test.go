package server

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"demarc/geo/format/formattest"
	"demarc/geo/format/mvt"
	"demarc/server/ogcapi"
)

const mercator = "/tiles/WebMercatorQuad"

// tile returns the layers of an answer that must be a tile.
func (a *answer) tile(t *testing.T) []formattest.TileLayer {
	t.Helper()
	a.expect(http.StatusOK, mvt.MediaType)
	layers, err := formattest.ReadTile(a.body)
	if err != nil {
		t.Fatalf("%s: %v", a.asked, err)
	}
	return layers
}

func featureIDs(l formattest.TileLayer) []string {
	var ids []string
	for _, f := range l.Features {
		ids = append(ids, f.Tags["id"].(string))
	}
	slices.Sort(ids)
	return slices.Compact(ids) // at level 0 the buffer shows some twice
}

// A tile of the whole world has what items have, with the same conditions.
func TestTilesHaveWhatItemsHave(t *testing.T) {
	for name, load := range datasets {
		t.Run(name, func(t *testing.T) {
			s := serve(t, load)
			for _, query := range []string{
				"/collections/incidents?", "/collections/places?filter=incidents%3E0", "/collections/incidents?filter=killed_low%3E3", "/collections/claims?metric=wounded",
				"/collections/incidents?filter-lang=cql2-json&filter=%7B%22op%22:%22%3E%22,%22args%22:%5B%7B%22property%22:%22killed_low%22%7D,3%5D%7D",
				"/collections/incidents?datetime=2001-02-01/2001-02-28", "/collections/incidents?filter=S_INTERSECTS(geometry,BBOX(179,50,-179,52))",
			} {
				path, conditions, _ := strings.Cut(query, "?")
				var want []string
				for _, f := range s.page(path + "/items?limit=10000&" + conditions).Features {
					if string(f.Geometry) != "null" {
						want = append(want, f.ID)
					}
				}
				slices.Sort(want)
				if len(want) > 100 {
					want, conditions = want[:0], conditions+"&id=none" // at level 0 they are merged; TestCountsAddUp in data/tile counts those
				}
				a := s.get(path + mercator + "/0/0/0?" + conditions)
				if len(want) == 0 {
					if a.status != http.StatusNoContent {
						t.Errorf("%s: %d, want 204: nothing is there", a.asked, a.status)
					}
					continue
				}
				layers := a.tile(t)
				got := featureIDs(layers[0])
				if len(layers) != 1 || layers[0].Name != strings.TrimPrefix(path, "/collections/") || !slices.Equal(got, want) {
					t.Errorf("%s: layer %s has\n%v, items have\n%v", a.asked, layers[0].Name, got, want)
				}
			}
		})
	}
}

// Abstract tests of OGC 20-057 Annex A: /conf/core/tc-error, and of the bounds.
func TestTilesThatThereAreNot(t *testing.T) {
	s := serve(t, shipped)
	for _, at := range []string{
		"/2147483647/0/0", "/6/2147483647/44", "/6/24/2147483647", "/6/-1/44", "/6/24/64", "/25/0/0", "/x/24/44", "/6/24/44.5", "/6/+24/44",
		"/06/24/44", "/6/0/0", "/6/99999999999999999999/0", "/6/24/0x2c",
	} {
		s.get("/collections/incidents"+mercator+at).problem(http.StatusNotFound, "not-found")
	}
	a := s.get("/collections/incidents" + mercator + "/0/0/0?filter=nonsense&datetime=yesterday&type=tea&bbox=1,2,3,4")
	if p := a.problem(http.StatusBadRequest, "invalid-parameter"); len(p.Errors) != 4 {
		t.Errorf("%s: errors are %+v, want four", a.asked, p.Errors)
	}
	s.get("/collections/incidents"+mercator+"/0/0/0", "Accept", "image/png").problem(http.StatusNotAcceptable, "not-acceptable")
	s.get(mercator+"/0/0/0?collections=incidents,sources").problem(http.StatusBadRequest, "invalid-parameter")
}

// A tile where nothing lies is 204 without a body, within the limits.
func TestEmptyTiles(t *testing.T) {
	s := serve(t, shipped)
	a := s.get("/collections/incidents" + mercator + "/0/0/0?filter=killed_low%3E100000")
	if a.status != http.StatusNoContent || len(a.body) != 0 || a.header.Get("Content-Type") != "" {
		t.Errorf("%s: %d %q with %d bytes; want 204 and nothing", a.asked, a.status, a.header.Get("Content-Type"), len(a.body))
	}
}

// The tag tells what a tile shows: the same for two questions with one answer,
// another for another.
func TestTagsOfTiles(t *testing.T) {
	s := serve(t, shipped)
	tile := "/collections/incidents" + mercator + "/0/0/0"
	all := s.get(tile).header.Get("ETag")
	if same := s.get(tile + "?filter=id%3C%3E'x'").header.Get("ETag"); same != all || all == "" {
		t.Errorf("the same tile has the tags %q and %q", all, same)
	}
	if other := s.get(tile + "?type=armed_clash").header.Get("ETag"); other == all {
		t.Errorf("two tiles have the tag %q", all)
	}
	a := s.get(tile, "If-None-Match", all)
	if a.status != http.StatusNotModified || len(a.body) != 0 {
		t.Errorf("%s: %d with %d bytes, want 304", a.asked, a.status, len(a.body))
	}
	packed, plain := s.get(tile, "Accept-Encoding", "gzip"), s.get(tile, "Accept-Encoding", "identity")
	if packed.header.Get("Content-Encoding") != "gzip" || plain.header.Get("Content-Encoding") != "" || len(packed.body) >= len(plain.body) {
		t.Errorf("%s: %q %d bytes, plain %q %d", tile, packed.header.Get("Content-Encoding"), len(packed.body), plain.header.Get("Content-Encoding"), len(plain.body))
	}
}

// Tiles of the dataset have a layer for each collection, or for those named.
func TestTilesOfTheDataset(t *testing.T) {
	s := serve(t, shipped)
	for query, want := range map[string][]string{
		"": {"incidents", "claims", "segments", "areas", "places"}, "?collections=segments,incidents": {"segments", "incidents"},
	} {
		var got []string
		for _, l := range s.get(mercator + "/3/3/5" + query).tile(t) {
			got = append(got, l.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: layers %v, want %v", query, got, want)
		}
		packed := s.get(mercator+"/3/3/5"+query, "Accept-Encoding", "gzip")
		if plain, err := unpack(packed.body); err != nil || !bytes.Equal(plain, s.get(mercator+"/3/3/5"+query).body) {
			t.Errorf("%s: the packed tile is not the plain one", query)
		}
	}
}

// Conditions asked for on a tile set are in the addresses that it gives.
func TestTileSetsPassConditionsOn(t *testing.T) {
	s := serve(t, shipped)
	const conditions = "datetime=2022-09-14%2F2022-09-17&type=armed_clash"
	var set ogcapi.TileSet
	s.get("/collections/incidents" + mercator + "?" + conditions).into(&set)
	var doc ogcapi.TileJSON
	s.get("/collections/incidents" + mercator + "?f=tilejson&" + conditions).into(&doc)
	base := s.http.URL + "/collections/incidents" + mercator
	if got, want := link(set.Links, "item"), base+"/{tileMatrix}/{tileRow}/{tileCol}?"+conditions; got != want {
		t.Errorf("item link is %s, want %s", got, want)
	}
	if want := base + "/{z}/{y}/{x}?" + conditions; len(doc.Tiles) != 1 || doc.Tiles[0] != want {
		t.Errorf("TileJSON has %v, want %s", doc.Tiles, want)
	}
	var other ogcapi.TileJSON
	s.get("/collections/incidents" + mercator + "/tilejson?" + conditions).into(&other)
	a, _ := json.Marshal(doc)
	b, _ := json.Marshal(other)
	if !bytes.Equal(a, b) {
		t.Errorf("f=tilejson and tilejson differ:\n%s\n%s", a, b)
	}
}

// What the descriptions say of attributes is what tiles have.
func TestAttributesAreDescribed(t *testing.T) {
	s := serve(t, shipped)
	for _, id := range []string{"incidents", "claims", "segments", "areas", "places"} {
		var doc ogcapi.TileJSON
		s.get("/collections/" + id + mercator + "/tilejson").into(&doc)
		var set ogcapi.TileSet
		s.get("/collections/" + id + mercator).into(&set)
		described := set.Layers[0].PropertiesSchema.(map[string]any)["properties"].(map[string]any)
		for _, at := range []string{"/0/0/0", "/6/24/44", "/8/97/178"} {
			a := s.get("/collections/" + id + mercator + at)
			if a.status == http.StatusNoContent {
				continue
			}
			for _, f := range a.tile(t)[0].Features {
				for name := range f.Tags {
					if _, known := doc.VectorLayers[0].Fields[name]; !known || described[name] == nil {
						t.Errorf("%s: %s is not described", a.asked, name)
					}
				}
			}
		}
	}
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
