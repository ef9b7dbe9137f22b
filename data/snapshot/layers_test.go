package snapshot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
)

// camps is a layer with a day, an open interval's worth of null and a place.
func camps() data.Layer {
	day := func(d int) geo.Value { return geo.DateValue(time.Date(2022, 9, d, 0, 0, 0, 0, time.UTC)) }
	return data.Layer{
		Name: "camps", Start: 1, End: 1, HasGeometry: true, GeometryName: "geom",
		Schema: geo.Schema{Collection: "camps", Fields: []geo.Field{
			{Name: "name", Queryable: true, Sortable: true}, {Name: "date", Type: geo.Date, Queryable: true, Sortable: true}}},
		Features: []geo.Feature{
			{ID: "z", Geometry: orb.Point{70, 40}, Values: []geo.Value{geo.StringValue("Z"), day(16)}},
			{ID: "a", Geometry: orb.Point{71, 40}, Values: []geo.Value{geo.StringValue("A"), day(20)}},
			{ID: "m", Values: []geo.Value{geo.Null(), geo.Null()}},
		},
	}
}

func withLayers(t *testing.T, layers ...data.Layer) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.New(tiny(), layers...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLayerIsACollection(t *testing.T) {
	other := camps()
	other.Name, other.Title, other.Licence, other.LicenceURL, other.Attribution = "b-2_x", "B", "CC0-1.0", "https://example.org", "Who"
	s := withLayers(t, other, camps())
	var ids []string
	for _, c := range s.Collections() {
		ids = append(ids, c.ID)
	}
	if diff := cmp.Diff([]string{"incidents", "claims", "segments", "areas", "places", "sources", "parties", "b-2_x", "camps"}, ids); diff != "" {
		t.Errorf("collections (-want +got):\n%s", diff)
	}
	c, err := s.Collection("camps")
	if err != nil {
		t.Fatal(err)
	}
	titled, _ := s.Collection("b-2_x")
	ours, _ := s.Collection("incidents")
	if !c.Layer || ours.Layer || c.Title != "camps" || titled.Title != "B" || c.GeometryName() != "geom" || ours.GeometryName() != "geometry" || !c.HasGeometry() || c.Len() != 3 {
		t.Errorf("got %+v and %+v", c, titled)
	}
	want := []snapshot.Rights{{Covers: "all of camps", Licence: "licence not stated by the file", Attribution: "camps: licence not stated by the file"}}
	if diff := cmp.Diff(want, c.Rights); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]snapshot.Rights{{Covers: "all of b-2_x", Licence: "CC0-1.0", URL: "https://example.org", Attribution: "Who"}}, titled.Rights); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
	if _, ok := s.Detail("camps", "a").(*snapshot.LayerDetail); !ok || s.Detail("camps", "nobody") != nil || s.Detail("nothing", "a") != nil {
		t.Errorf("details %v, %v, %v", s.Detail("camps", "a"), s.Detail("camps", "nobody"), s.Detail("nothing", "a"))
	}
}

// The same questions as to ours: place, time, near, in the order of the file.
func TestLayerAnswers(t *testing.T) {
	s := withLayers(t, camps())
	c, err := s.Collection("camps")
	if err != nil {
		t.Fatal(err)
	}
	at := func(d int) *geo.Interval {
		day := time.Date(2022, 9, d, 0, 0, 0, 0, time.UTC)
		return &geo.Interval{From: day, To: day.AddDate(0, 0, 1)}
	}
	for name, tt := range map[string]struct {
		q    snapshot.Query
		want string
	}{
		"everything": {snapshot.Query{}, "z a m"},
		"a day":      {snapshot.Query{When: at(16)}, "z m"},
		"no day":     {snapshot.Query{When: at(17)}, "m"},
		"a box":      {snapshot.Query{BBox: &geo.BBox{West: 70.5, South: 39, East: 72, North: 41}}, "a m"},
		"near":       {snapshot.Query{Near: &snapshot.Near{Geometry: orb.Point{71.1, 40}}}, "a z"},
		"sorted":     {snapshot.Query{Sort: []snapshot.SortKey{{Field: 0}}}, "a z m"},
		"a value":    {snapshot.Query{Equal: []snapshot.Condition{{Field: 0, Value: geo.StringValue("A")}}}, "a"},
	} {
		tt.q.Limit = 10
		page, err := c.Items(context.Background(), &tt.q)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, h := range page.Hits {
			ids = append(ids, h.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
	box, times := c.Extent()
	if box != (geo.BBox{West: 70, South: 40, East: 71, North: 40}) || times.From.Day() != 16 || times.To.Day() != 21 {
		t.Errorf("extent %+v, %+v", box, times)
	}
}

func TestLayerNames(t *testing.T) {
	faults := snapshot.CheckLayerNames([]string{"ok-1_x", "", "Камп", "A", "a/b", "claims", "ok-1_x"})
	var got []string
	for _, f := range faults {
		got = append(got, f.Found+" "+f.Problem)
	}
	want := []string{" is not a name for a collection", "Камп is not a name for a collection", "A is not a name for a collection", "a/b is not a name for a collection",
		"claims is the name of a collection that is there already", "ok-1_x is the name of two layers"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range withLayers(t).Collections() {
		l := camps()
		l.Name = c.ID
		var input *geo.InputError
		if _, err := snapshot.New(tiny(), l); !errors.As(err, &input) {
			t.Errorf("a layer called %s: %v", c.ID, err)
		}
	}
}

// Another layer, or another content of it, is another revision.
func TestLayersAreInTheRevision(t *testing.T) {
	seen := map[string]string{withLayers(t).Revision(): "no layer"}
	for name, change := range map[string]func(*data.Layer){
		"a layer":   func(*data.Layer) {},
		"name":      func(l *data.Layer) { l.Name = "x" },
		"title":     func(l *data.Layer) { l.Title = "x" },
		"licence":   func(l *data.Layer) { l.Licence = "x" },
		"geometry":  func(l *data.Layer) { l.GeometryName = "x" },
		"type":      func(l *data.Layer) { l.Schema.Fields[0].Title = "x" },
		"a value":   func(l *data.Layer) { l.Features[0].Values[0] = geo.StringValue("x") },
		"one less":  func(l *data.Layer) { l.Features = l.Features[1:] },
		"the order": func(l *data.Layer) { l.Features[0], l.Features[1] = l.Features[1], l.Features[0] },
	} {
		l := camps()
		change(&l)
		got := withLayers(t, l).Revision()
		if same, taken := seen[got]; taken {
			t.Errorf("%s has the revision of %s", name, same)
		}
		seen[got] = name
	}
}

// Other layers beside the same records are what a new snapshot of both is.
func TestWithLayersIsNewOfBoth(t *testing.T) {
	other := camps()
	other.Name = "other"
	for _, had := range [][]data.Layer{nil, {other}, {camps(), other}} {
		before, want := withLayers(t, had...), withLayers(t, camps())
		after, err := before.WithLayers(camps())
		if err != nil {
			t.Fatal(err)
		}
		for how, got := range map[string]*snapshot.Snapshot{"layers": after, "those of another": before.WithLayersOf(want)} {
			if got.Revision() != want.Revision() || !cmp.Equal(namesOf(got), namesOf(want)) {
				t.Errorf("with %s: %s of %v, want %s of %v", how, got.Revision(), namesOf(got), want.Revision(), namesOf(want))
			}
			c, err := got.Collection("camps")
			if err != nil || c.Len() != 3 {
				t.Errorf("with %s: %v, %v", how, c, err)
			}
		}
		if !cmp.Equal(namesOf(before), namesOf(withLayers(t, had...))) {
			t.Errorf("the snapshot before now has %v", namesOf(before))
		}
	}
	bad := camps()
	bad.Name = "claims"
	var input *geo.InputError
	if _, err := withLayers(t).WithLayers(bad); !errors.As(err, &input) {
		t.Errorf("a layer with a name that is taken: %v", err)
	}
}

func namesOf(s *snapshot.Snapshot) (names []string) {
	for _, c := range s.Collections() {
		names = append(names, c.ID)
	}
	return names
}
