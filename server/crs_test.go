package server

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
	"demarc/server/ogcapi"
)

// Every collection has every CRS, and every answer says in which it is.
func TestEveryAnswerNamesItsCRS(t *testing.T) {
	s := serve(t, shipped)
	var list ogcapi.Collections
	s.get("/collections").into(&list)
	for _, col := range list.Collections {
		if !slices.Equal(col.CRS, crsURIs()) || col.CRS[0] != ogcapi.CRS84 || col.StorageCRS != ogcapi.CRS84 || len(col.CRS) != len(crs.All()) {
			t.Errorf("%s: crs %v, storageCrs %s", col.ID, col.CRS, col.StorageCRS)
		}
		id := s.page(itemsOf(col.ID, "limit", "1")).ids()[0]
		for _, base := range []string{itemsOf(col.ID, "limit", "2"), itemsOf(col.ID, "limit", "1", "f", "html"), itemsOf(col.ID, "f", "csv", "limit", "1"), "/collections/" + col.ID + "/items/" + id + "?f=json"} {
			if got := s.get(base).header.Get("Content-Crs"); got != "<"+ogcapi.CRS84+">" {
				t.Errorf("%s: Content-Crs %q", base, got)
			}
			for _, uri := range col.CRS {
				if got := s.get(base + "&crs=" + uri).header.Get("Content-Crs"); got != "<"+uri+">" {
					t.Errorf("%s in %s: Content-Crs %q", base, uri, got)
				}
			}
			p := s.get(base+"&crs=http://www.opengis.net/def/crs/0/unsupported").problem(http.StatusBadRequest, "invalid-parameter")
			if len(p.Errors) != 1 || p.Errors[0].Parameter != "crs" {
				t.Errorf("%s: %+v", base, p.Errors)
			}
		}
	}
	if s.get("/collections").header.Get("Content-Crs") != "" || s.get("/collections/incidents/items/no").header.Get("Content-Crs") != "" {
		t.Error("what has no positions names a CRS")
	}
	s.get(itemsOf("incidents", "f", "kml", "crs", "EPSG:3857")).problem(http.StatusBadRequest, "invalid-parameter")
}

// compareGeometry tells whether the written geometry is that of geo/crs.
func compareGeometry(t *testing.T, where string, written json.RawMessage, g orb.Geometry, c crs.CRS) {
	t.Helper()
	want, err := c.FromCRS84(g)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(geojson.AppendGeometry(nil, want)); got != string(written) {
		t.Errorf("%s in %s: geometry is %.200s, want %.200s", where, c, written, got)
	}
}

func TestAnswersAreInTheCRSAskedFor(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		plain := s.page(itemsOf(col.ID, "limit", "40"))
		for _, c := range crs.All() {
			fc := s.page(itemsOf(col.ID, "limit", "40", "crs", c.URI()))
			if !slices.Equal(fc.ids(), plain.ids()) {
				t.Errorf("%s in %s: other features", col.ID, c)
			}
			for i, f := range fc.Features {
				hit, err := col.FeatureAt(f.ID, nil)
				if err != nil {
					t.Fatal(err)
				}
				compareGeometry(t, f.ID, f.Geometry, hit.Geometry, c)
				if fmt.Sprint(f.Properties) != fmt.Sprint(plain.Features[i].Properties) {
					t.Errorf("%s in %s: other properties", f.ID, c)
				}
			}
			var one feature
			target := "/collections/" + col.ID + "/items/" + plain.Features[0].ID
			s.get(target + "?crs=" + c.URI()).into(&one)
			hit, _ := col.Feature(one.ID)
			compareGeometry(t, target, one.Geometry, hit.Geometry, c)
			if self := link(one.Links, "self"); !strings.Contains(self, "crs=") || s.get(self).header.Get("Content-Crs") != "<"+c.URI()+">" {
				t.Errorf("%s in %s: self is %s", target, c, self)
			}
		}
	}
	// As PROJ has it: cs2cs EPSG:4326 EPSG:32642 of 39.85 N, 70.58 E; latitude is first in EPSG:4326.
	at := s.page(itemsOf("places", "limit", "1", "crs", "EPSG:4326")).Features[0]
	if !strings.HasPrefix(string(at.Geometry), `{"type":"Point","coordinates":[3`) && !strings.HasPrefix(string(at.Geometry), `{"type":"Point","coordinates":[4`) {
		t.Errorf("latitude does not come first: %s", at.Geometry)
	}
}

// A box in another CRS finds what the box round it in CRS84 finds, and a filter
// in another CRS what its transformed literals find.
func TestBoxesAndFiltersInOtherCRSs(t *testing.T) {
	s := serve(t, shipped)
	box := geo.BBox{West: 70.2, South: 39.2, East: 71.1, North: 40.1}
	for _, c := range crs.All() {
		corners, err := c.BBoxFromCRS84(box)
		if err != nil {
			t.Fatal(err)
		}
		round, err := c.BBoxToCRS84(corners)
		if err != nil {
			t.Fatal(err)
		}
		for _, collection := range []string{"incidents", "segments", "sources", "parties"} {
			got := s.page(itemsOf(collection, "bbox", numbersText(corners[:]), "bbox-crs", c.URI(), "limit", "1000"))
			want := s.page(itemsOf(collection, "bbox", numbersText([]float64{round.West, round.South, round.East, round.North}), "limit", "1000"))
			if len(want.Features) == 0 || !slices.Equal(got.ids(), want.ids()) {
				t.Errorf("%s bbox in %s: %d features, want %d", collection, c, len(got.Features), len(want.Features))
			}
		}
		p, err := c.FromCRS84(orb.Point{70.58, 39.85})
		if err != nil {
			t.Fatal(err)
		}
		at := p.(orb.Point)
		for _, filter := range []string{"dwithin(geometry, POINT(%v %v), 25000)", "S_INTERSECTS(geometry, BBOX(%v,%v,%[1]v,%[2]v)) OR dwithin(geometry, POINT(%[1]v %[2]v), 25000)"} {
			got := s.page(itemsOf("incidents", "filter", fmt.Sprintf(filter, at[0], at[1]), "filter-crs", c.URI()))
			want := s.page(itemsOf("incidents", "near", "70.58,39.85", "within", "25km"))
			gotIDs, wantIDs := got.ids(), want.ids()
			slices.Sort(gotIDs)
			slices.Sort(wantIDs)
			if len(wantIDs) == 0 || !slices.Equal(gotIDs, wantIDs) {
				t.Errorf("filter in %s: %v, want %v", c, gotIDs, wantIDs)
			}
		}
	}
}

func numbersText(n []float64) string {
	parts := make([]string, len(n))
	for i, x := range n {
		parts[i] = fmt.Sprint(x)
	}
	return strings.Join(parts, ",")
}

// The OGC suite sends a box of EPSG:4326 with the longitude first: odd, but a
// box. What cannot be a box is a fault.
func TestOddBoxesInOtherCRSs(t *testing.T) {
	s := serve(t, shipped)
	s.page(itemsOf("incidents", "bbox", "69.2,36.6,74.1,43.3", "bbox-crs", crs.EPSG4326.URI()))
	s.page(itemsOf("incidents", "bbox-crs", crs.EPSG4326.URI()))
	for _, bad := range [][2]string{
		{"95,36,96,43", "EPSG:4326"}, {"40,69,39,71", "EPSG:4326"}, {"1e300,0,1e301,5", "EPSG:32642"}, {"1,2,3", "EPSG:3857"}, {"69,38,72,41", "EPSG:1"},
	} {
		p := s.get(itemsOf("incidents", "bbox", bad[0], "bbox-crs", bad[1])).problem(http.StatusBadRequest, "invalid-parameter")
		if len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Parameter, "bbox") || p.Errors[0].Expected == "" {
			t.Errorf("%v: %+v", bad, p.Errors)
		}
	}
	p := s.get(itemsOf("incidents", "filter", "S_INTERSECTS(geometry, POINT(95 70))", "filter-crs", "EPSG:4326")).problem(http.StatusBadRequest, "invalid-parameter")
	if !strings.Contains(p.Errors[0].Problem, "cannot be in EPSG:4326") {
		t.Errorf("a latitude of 95 in a filter: %+v", p.Errors)
	}
}

// Where a CRS cannot express a feature, the answer says which, and is none.
func TestFeaturesBeyondACRS(t *testing.T) {
	s := serve(t, invented) // places at 180°
	a := s.get(itemsOf("places", "crs", "EPSG:32642"))
	p := a.problem(http.StatusBadRequest, "invalid-parameter")
	if p.Errors[0].Parameter != "crs" || !strings.Contains(p.Errors[0].Problem, "feature ") || a.header.Get("Content-Crs") != "" {
		t.Errorf("%+v, Content-Crs %q", p.Errors, a.header.Get("Content-Crs"))
	}
}

// A file in another CRS has the same numbers as GeoJSON in it, but for the order
// of the axes, which in a table is east first.
func TestFilesAreInTheCRSAskedFor(t *testing.T) {
	s := serve(t, shipped)
	var at struct{ Coordinates []float64 }
	page := s.page(itemsOf("places", "limit", "1", "crs", "EPSG:28412"))
	if err := json.Unmarshal(page.Features[0].Geometry, &at); err != nil {
		t.Fatal(err)
	}
	text := string(s.get(itemsOf("places", "limit", "1", "crs", "EPSG:28412", "f", "jsonseq")).body)
	if !strings.Contains(text, string(page.Features[0].Geometry)) || math.Abs(at.Coordinates[0]) < 1e6 {
		t.Errorf("GeoJSON has %s, the sequence\n%.400s", page.Features[0].Geometry, text)
	}
}
