package cql2_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

func TestBounds(t *testing.T) {
	day := func(s string) time.Time { at, _ := time.Parse(time.DateOnly, s); return at }
	box := func(w, s, e, n float64) []geo.BBox { return []geo.BBox{{West: w, South: s, East: e, North: n}} }
	times := func(name, from, to string) map[string]geo.Interval {
		return map[string]geo.Interval{name: {From: day(from), To: day(to)}}
	}
	texts := func(name string, ss ...string) map[string][]geo.Value {
		var vs []geo.Value
		for _, s := range ss {
			vs = append(vs, geo.StringValue(s))
		}
		return map[string][]geo.Value{name: vs}
	}
	for _, c := range []struct {
		filter string
		want   cql2.Hint
	}{
		{"title = 'x'", cql2.Hint{Equal: texts("title", "x")}},
		{"title = CASEI('X')", cql2.Hint{Equal: texts("title", "x")}},
		{"CASEI(title) = 'x'", cql2.Hint{}},
		{"NOT title <> 'x'", cql2.Hint{Equal: texts("title", "x")}},
		{"title = 'x' OR title = 'y' OR title IN ('z')", cql2.Hint{Equal: texts("title", "x", "y", "z")}},
		{"title = 'x' OR id = 'y'", cql2.Hint{}},
		{"title = 'x' OR title IS NULL", cql2.Hint{}},
		{"A_CONTAINS(parties, ('kg')) AND A_OVERLAPS(parties, ('tj', 'uz'))", cql2.Hint{Equal: texts("parties", "kg")}},
		{"A_OVERLAPS(parties, ('tj', 'uz')) AND A_CONTAINS(parties, ('kg'))", cql2.Hint{Equal: texts("parties", "kg")}},
		{"A_OVERLAPS(('tj', 'uz'), parties)", cql2.Hint{Equal: texts("parties", "tj", "uz")}},
		{"A_CONTAINS(('tj', 'uz'), parties)", cql2.Hint{}},
		{"disputed", cql2.Hint{Equal: map[string][]geo.Value{"disputed": {geo.BoolValue(true)}}}},
		{"killed_low = 2 + 5", cql2.Hint{Equal: map[string][]geo.Value{"killed_low": {geo.NumberValue(7)}}}},
		{"FALSE", cql2.Hint{Never: true}},
		{"FALSE OR title = 'x'", cql2.Hint{Equal: texts("title", "x")}},
		{"start > DATE('2022-09-14')", cql2.Hint{Times: map[string]geo.Interval{"start": {From: day("2022-09-14")}}}},
		{"start BETWEEN '2022-09-14' AND '2022-09-17'", cql2.Hint{Times: times("start", "2022-09-14", "2022-09-18")}},
		{"start IN (DATE('2022-09-14'), DATE('2022-09-17'))", cql2.Hint{Times: times("start", "2022-09-14", "2022-09-18")}},
		{"T_DURING(start, INTERVAL('2022-09-14', '2022-09-17'))", cql2.Hint{Times: times("start", "2022-09-14", "2022-09-18")}},
		{"T_AFTER('2022-09-14', start)", cql2.Hint{Times: map[string]geo.Interval{"start": {To: day("2022-09-15")}}}},
		{"NOT T_DISJOINT(INTERVAL(start, \"end\"), DATE('2022-09-14'))",
			cql2.Hint{Times: map[string]geo.Interval{"start": {To: day("2022-09-15")}, "end": {From: day("2022-09-14")}}}},
		{"start < '2022-09-14' AND start > '2022-09-20'", cql2.Hint{Never: true}},
		{"S_INTERSECTS(geometry, BBOX(170,1,-170,2))", cql2.Hint{Boxes: box(170, 1, -170, 2)}},
		{"S_INTERSECTS(geometry, BBOX(0,0,1,1)) AND S_INTERSECTS(geometry, BBOX(5,5,9,9))", cql2.Hint{Boxes: box(0, 0, 1, 1)}},
		{"S_WITHIN(geometry, POLYGON((0 0,2 0,1 3,0 0))) OR S_TOUCHES(POINT(9 9), geometry)",
			cql2.Hint{Boxes: append(box(0, 0, 2, 3), box(9, 9, 9, 9)...)}},
		{"NOT S_DISJOINT(geometry, POINT(9 9))", cql2.Hint{Boxes: box(9, 9, 9, 9)}},
		{"S_DISJOINT(geometry, POINT(9 9))", cql2.Hint{}},
		{"NOT S_INTERSECTS(geometry, POINT(9 9))", cql2.Hint{}},
		{"S_EQUALS(geometry, POINT EMPTY)", cql2.Hint{}},
		{"dwithin(geometry, POINT(9 9), -1)", cql2.Hint{Never: true}},
		{"distance_m(geometry, POINT(9 9)) > 5", cql2.Hint{}},
	} {
		e, err := cql2.ParseText(c.filter, testSchema())
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		if diff := cmp.Diff(c.want, cql2.Bounds(e, 0)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.filter, diff)
		}
	}
}

func TestBoundsOfDistances(t *testing.T) {
	for _, filter := range []string{
		"dwithin(geometry, POINT(70 40), 10000)", "distance_m(POINT(70 40), geometry) <= 10000",
		"NOT 10000 < distance_m(geometry, POINT(70 40))", "distance_m(geometry, POINT(70 40)) BETWEEN 5 AND 10000",
	} {
		e, err := cql2.ParseText(filter, testSchema())
		if err != nil {
			t.Fatal(err)
		}
		points, polygons := cql2.Bounds(e, 0).Boxes, cql2.Bounds(e, 10).Boxes
		if len(points) != 1 || !points[0].Contains(orb.Point{70.1, 40.05}) || points[0].Contains(orb.Point{70.2, 40}) {
			t.Errorf("%s: got %+v for points", filter, points)
		}
		// An edge of 10 degrees bends by 0.11 degrees there.
		if len(polygons) != 1 || polygons[0].South > points[0].South-0.1 || polygons[0].South < points[0].South-0.12 {
			t.Errorf("%s: got %+v for edges of 10 degrees and %+v for points", filter, polygons, points)
		}
	}
}

func TestSpanOfHint(t *testing.T) {
	e, err := cql2.ParseText(`T_INTERSECTS(INTERVAL(start, "end"), INTERVAL('2022-09-14', '2022-09-17'))`, testSchema())
	if err != nil {
		t.Fatal(err)
	}
	got := cql2.Bounds(e, 0).Span("start", "end")
	want := geo.Interval{From: time.Date(2022, 9, 14, 0, 0, 0, 0, time.UTC), To: time.Date(2022, 9, 18, 0, 0, 0, 0, time.UTC)}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestManyBoxesBecomeOne(t *testing.T) {
	filter := "S_INTERSECTS(geometry, POINT(0 0))"
	for range 20 {
		filter += " OR S_INTERSECTS(geometry, BBOX(170,1,-170,2))"
	}
	e, err := cql2.ParseText(filter, testSchema())
	if err != nil {
		t.Fatal(err)
	}
	h := cql2.Bounds(e, 0)
	if len(h.Boxes) > 16 || !h.Boxes[0].Contains(orb.Point{0, 0}) || !h.Boxes[0].Contains(orb.Point{175, 1}) {
		t.Errorf("got %+v", h.Boxes)
	}
}
