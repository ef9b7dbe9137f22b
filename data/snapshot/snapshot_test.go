package snapshot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/geo"
)

// shipped are the shipped records and their snapshot, for reading only.
var shipped = sync.OnceValues(func() (*data.Records, *snapshot.Snapshot) {
	r, err := curated.Load(curated.Files())
	if err != nil {
		panic(err)
	}
	s, err := snapshot.New(r)
	if err != nil {
		panic(err)
	}
	return r, s
})

func curatedSnapshot(t *testing.T) (*data.Records, *snapshot.Snapshot) {
	t.Helper()
	return shipped()
}

func TestCollections(t *testing.T) {
	r, s := curatedSnapshot(t)
	var ids []string
	for _, c := range s.Collections() {
		ids = append(ids, c.ID)
		if got, err := s.Collection(c.ID); got != c || err != nil {
			t.Errorf("Collection(%q) = %v, %v", c.ID, got, err)
		}
		if c.Schema.Collection != c.ID || c.Title == "" || c.Description == "" || len(c.Rights) == 0 {
			t.Errorf("collection %s does not say what it is, or whose", c.ID)
		}
	}
	if diff := cmp.Diff([]string{"incidents", "claims", "segments", "areas", "places", "sources", "parties"}, ids); diff != "" {
		t.Errorf("collections (-want +got):\n%s", diff)
	}
	if _, err := s.Collection("Incidents"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf(`Collection("Incidents"): %v, want not found`, err)
	}
	claims := 0
	for i := range r.Incidents {
		claims += len(r.Incidents[i].Claims)
	}
	for i, want := range []int{len(r.Incidents), claims, len(r.Segments), len(r.Areas), len(r.Places), len(r.Sources), len(r.Parties)} {
		c := s.Collections()[i]
		if c.Len() != want || c.HasGeometry() != (c.ID != "sources" && c.ID != "parties") {
			t.Errorf("%s: %d features, geometry %v; want %d", c.ID, c.Len(), c.HasGeometry(), want)
		}
	}
}

// Every feature is JSON, has every field of its schema with a value of its
// type, and its neighbours lead through the collection.
func TestFeaturesFollowTheirSchema(t *testing.T) {
	_, s := curatedSnapshot(t)
	for _, c := range s.Collections() {
		page := items(t, c, snapshot.Query{})
		for i, h := range page.Hits {
			p := properties(t, h)
			if p["id"] != h.ID || len(p) != len(c.Schema.Fields) {
				t.Errorf("%s/%s has %d properties and the id %v", c.ID, h.ID, len(p), p["id"])
			}
			for j := range c.Schema.Fields {
				f := &c.Schema.Fields[j]
				if v, there := p[f.Name]; !there || !fits(v, f) {
					t.Errorf("%s/%s: %s = %v does not fit %s %v", c.ID, h.ID, f.Name, v, f.Type, f.Enum)
				}
			}
			before, after := c.Neighbours(h.ID)
			if i > 0 && before != page.Hits[i-1].ID || i == 0 && before != "" ||
				i+1 < len(page.Hits) && after != page.Hits[i+1].ID || i+1 == len(page.Hits) && after != "" {
				t.Errorf("%s/%s: neighbours %q and %q", c.ID, h.ID, before, after)
			}
		}
		if _, err := c.Feature("no such"); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("%s: a feature that is not there: %v", c.ID, err)
		}
		if before, after := c.Neighbours("no such"); before != "" || after != "" {
			t.Errorf("%s: neighbours of nothing: %q, %q", c.ID, before, after)
		}
	}
}

// fits tells whether a decoded JSON value is null or of the field's type.
func fits(v any, f *geo.Field) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		known := f.Enum == nil || slices.ContainsFunc(f.Enum, func(t geo.Term) bool { return t.ID == x })
		if f.Type == geo.Date {
			_, err := geo.ParseValue(x, f)
			return err == nil
		}
		return (f.Type == geo.String || f.Type == geo.StringList && x != "") && known
	case float64:
		return f.Type == geo.Number || f.Type == geo.Integer && x == float64(int64(x))
	}
	return false
}

func TestExtent(t *testing.T) {
	r, s := curatedSnapshot(t)
	for _, c := range s.Collections() {
		box, times := c.Extent()
		for _, h := range items(t, c, snapshot.Query{}).Hits {
			if b := geo.BBoxOf(h.Geometry); !b.IsEmpty() && box.Extend(b) != box {
				t.Errorf("%s/%s lies outside the extent %v", c.ID, h.ID, box)
			}
		}
		if box.IsEmpty() == c.HasGeometry() {
			t.Errorf("%s: extent %v", c.ID, box)
		}
		if (c.ID == "places") != (times == geo.Interval{}) {
			t.Errorf("%s: extent in time %v", c.ID, times)
		}
	}
	c, _ := s.Collection("incidents")
	_, times := c.Extent()
	for i := range r.Incidents {
		if w := r.Incidents[i].When(); w.From.Before(times.From) || w.To.After(times.To) {
			t.Errorf("%s lies outside the extent in time %v", r.Incidents[i].ID, times)
		}
	}
}

// seed finds what the first texts tell of: the clashes and releases of March 1998.
func TestRamitGorgeInMarch1998(t *testing.T) {
	_, s := curatedSnapshot(t)
	c, _ := s.Collection("incidents")
	page := items(t, c, snapshot.Query{
		BBox: &geo.BBox{West: 68.8, South: 38.3, East: 70, North: 39.3},
		When: &geo.Interval{From: date(1998, 3, 20).First(), To: date(1998, 4, 10).After()},
	})
	want := []string{"1998-03-24-kofarnihon-clashes", "1998-03-29-release-16", "1998-03-30-ramit-release", "1998-04-05-kofarnihon-disengagement"}
	if diff := cmp.Diff(want, idsOf(page.Hits)); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	p := properties(t, page.Hits[0])
	if p["captured_low"] != 50.0 || p["captured_high"] != 110.0 || p["killed_low"] != 50.0 || p["killed_high"] != nil || p["figures"] != "conflicting" {
		t.Errorf("the clashes: %v", p)
	}
}

func date(y, m, d int) data.Date { return data.Date{Year: y, Month: m, Day: d} }

func TestKyrgyzDeadOf2022(t *testing.T) {
	_, s := curatedSnapshot(t)
	c, _ := s.Collection("claims")
	equal := func(name, value string) snapshot.Condition {
		return snapshot.Condition{Field: c.Schema.Index(name), Value: geo.StringValue(value)}
	}
	page := items(t, c, snapshot.Query{
		Equal: []snapshot.Condition{equal("metric", "killed"), equal("affected_party", "KG"), equal("incident_id", "2022-09-14-conflict")},
		When:  &geo.Interval{From: date(2022, 9, 14).First(), To: date(2022, 9, 30).After()},
	})
	var got []string
	for _, h := range page.Hits {
		p := properties(t, h)
		got = append(got, fmt.Sprint(p["value"], " ", p["claimed_on"], " ", p["status_flag"], " ", p["superseded_by"]))
	}
	want := []string{
		"24 2022-09-16 superseded 2022-09-14-conflict.c2",
		"36 2022-09-18 superseded 2022-09-14-conflict.c4",
		"37 2022-09-18 superseded 2022-09-14-conflict.c4",
		"46 2022-09-18 superseded 2022-09-14-conflict.c5",
		"59 2022-09-18 superseded 2022-09-14-conflict.c6",
		"62 2022-09-25 current <nil>",
		"50 2022-09-01 current <nil>", // parts of the 62
		"12 2022-09-01 current <nil>",
		"24 2025-03-13 current <nil>", // repeats the first
		"59 <nil> current <nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestSegmentsBeforeAndAfterTheTreaty(t *testing.T) {
	_, s := curatedSnapshot(t)
	c, _ := s.Collection("segments")
	statuses := func(d data.Date) map[string]bool {
		out := map[string]bool{}
		for _, h := range items(t, c, snapshot.Query{When: &geo.Interval{From: d.First(), To: d.After()}}).Hits {
			if p := properties(t, h); p["role"] == "boundary" && fmt.Sprint(p["countries"]) == "KG; TJ" {
				out[fmt.Sprint(p["status"])] = true
			}
		}
		return out
	}
	if before := statuses(date(2022, 9, 16)); before["delimited_by_treaty"] || len(before) == 0 {
		t.Errorf("statuses in 2022: %v", before)
	}
	if diff := cmp.Diff(map[string]bool{"delimited_by_treaty": true}, statuses(date(2025, 6, 1))); diff != "" {
		t.Errorf("statuses in June 2025 (-want +got):\n%s", diff)
	}
}

func TestPlaceInOneCountryTwice(t *testing.T) {
	r := &data.Records{Places: []data.Place{{ID: "p", Admin: []data.AdminUnit{{Country: "KG", Admin1: "Batken"}, {Country: "KG", Admin1: "Osh"}}}}}
	h, err := collection(t, r, "places").Feature("p")
	if err != nil {
		t.Fatal(err)
	}
	if p := properties(t, h); p["country"] != "KG" || p["admin1"] != "Osh" {
		t.Errorf("country %v, admin1 %v; want KG and the last unit", p["country"], p["admin1"])
	}
}

// An answer to nobody is not worked out to its end.
func TestItemsStopsWithItsContext(t *testing.T) {
	r := &data.Records{}
	for i := range 20_000 {
		r.Places = append(r.Places, data.Place{ID: fmt.Sprintf("p%05d", i), Position: []float64{70, 39}})
	}
	c := collection(t, r, "places")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	world := geo.World()
	for name, q := range map[string]*snapshot.Query{
		"all": {}, "box": {BBox: &world}, "near": {Near: &snapshot.Near{Geometry: orb.Point{70, 39}}},
		"box that misses by a hair": {BBox: &geo.BBox{West: 70 + 1e-9, South: 39 + 1e-9, East: 71, North: 40}},
	} {
		q.Limit = 10
		if page, err := c.Items(ctx, q); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v; want canceled", name, page, err)
		}
	}
}

func TestRecordsThatCannotBeNumbered(t *testing.T) {
	r := &data.Records{Places: []data.Place{{ID: "p"}}, Incidents: []data.Incident{{ID: "i", PlaceID: "p", Claims: []data.Claim{{ID: "i.cx"}}}}}
	if s, err := snapshot.New(r); err == nil || s != nil {
		t.Errorf("New = %v, %v; want an error for the claim i.cx", s, err)
	}
}

func TestJSONOfHitsCanBeExtended(t *testing.T) {
	_, s := curatedSnapshot(t)
	for _, c := range s.Collections() {
		for _, h := range items(t, c, snapshot.Query{}).Hits {
			longer := slices.Concat(h.JSON[:h.PropertiesEnd], []byte(`,"distance_m":1`), h.JSON[h.PropertiesEnd:])
			if !json.Valid(longer) || string(h.JSON[h.PropertiesEnd:]) != "}}" {
				t.Errorf("%s/%s: %s", c.ID, h.ID, longer)
			}
		}
	}
}

func TestPositionOfIncident(t *testing.T) {
	records, _ := shipped()
	r := *records
	r.Incidents = slices.Clone(r.Incidents)
	in := &r.Incidents[0]
	in.Location = &data.Location{Precision: "exact_point", Position: []float64{70.25, 39.75}, PositionSource: "a survey"}
	s, err := snapshot.New(&r)
	if err != nil {
		t.Fatal(err)
	}
	for collection, id := range map[string]string{"incidents": in.ID, "claims": in.Claims[0].ID, "places": in.PlaceID} {
		c, err := s.Collection(collection)
		if err != nil {
			t.Fatal(err)
		}
		hit, err := c.Feature(id)
		if err != nil {
			t.Fatal(err)
		}
		want := collection != "places"
		if got := orb.Equal(hit.Geometry, orb.Point{70.25, 39.75}); got != want {
			t.Errorf("%s/%s lies at %v; at the incident's own position: %t, want %t", collection, id, hit.Geometry, got, want)
		}
	}
}
