package cql2_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/fuzztest"
)

// seeds are filters of every kind, in text.
var seeds = []string{
	"title = 'it''s' AND NOT (killed_low > 5 OR disputed) OR \"in\" IS NOT NULL",
	"CASEI(title) LIKE CASEI('ҷ%\\_\\'') AND ACCENTI(id) NOT IN ('a', 'ё')",
	"-killed_low ^ 2 + (3.5E-1 - .5) * 2 div 7 % 3 BETWEEN 1 AND uncertainty_km / 0",
	"S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 0), EMPTY)) AND S_TOUCHES(BBOX(170,-1,5,-170,1,6), geometry)",
	"S_WITHIN(GEOMETRYCOLLECTION Z (POINT Z (1 2 3), MULTIPOINT(1 2, (3 4)), LINESTRING EMPTY), geometry)",
	"S_CROSSES(geometry, MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))) OR S_OVERLAPS(MULTILINESTRING((0 0, 1 1)), geometry)",
	"T_DURING(INTERVAL(start, \"end\"), INTERVAL('..', '2022-09-17T00:00:00.5+06:00')) AND start = '2022/09/14 10:00:00'",
	"A_CONTAINS(parties, ('kg')) AND A_EQUALS((), (('x'), 1, DATE('2022-09-14')))",
	"dwithin(geometry, POINT(70 40), 10000) AND distance_m(geometry, feature('a', 'b')) < length_m(geometry) + area_m2(geometry)",
	"NOT NOT NOT ((((TRUE))))", "title LIKE '%' || 'x'", "kiled = 1", "'\\\\\\''= title",
}

// hard returns filters of about the size that are costly for it.
func hard(size int) []string {
	repeat := func(s string, size int) string { return strings.Repeat(s, size/len(s)) }
	return []string{
		repeat("(", size), repeat("NOT ", size), repeat("-", size) + "1 = 1", repeat("CASEI(", size), repeat("A_EQUALS((", size),
		"title IN (" + repeat("'x',", size) + "'x')", "title LIKE '" + repeat("%_", 256) + "'", "1" + repeat("+1", size) + " = 1",
		"disputed" + repeat(" AND disputed", size), "S_WITHIN(geometry, MULTIPOINT(" + repeat("1 1,", size) + "1 1))",
		"S_WITHIN(geometry, " + repeat("GEOMETRYCOLLECTION(", size), "S_WITHIN(geometry, POLYGON(" + repeat("(0 0,1 0,1 1,0 0),", size) + "(0 0,1 0,1 1,0 0)))",
		"S_WITHIN(geometry, MULTIPOLYGON(" + repeat("((0 0,1 0,1 1,0 0)),", size) + "((0 0,1 0,1 1,0 0))))",
		"S_WITHIN(geometry, LINESTRING(" + repeat("0 0,1 1,", size) + "0 0))",
		"S_TOUCHES(geometry, MULTILINESTRING(" + repeat("(0 0,1 1),(0 1,1 0),", size) + "(0 0,1 1)))",
		"S_WITHIN(geometry, POLYGON((" + comb(size/12) + ")))", "S_WITHIN(geometry, POLYGON((" + repeat("0 0,1 1,0 1,1 0,", size) + "0 0)))",
		repeat("x = 1 AND ", size) + "y = 2", repeat("x.y.z.", size), `"` + repeat("x", size) + `" = 1`, repeat("'' ", size), repeat("\\", size), "'" + repeat("\\", size) + "'",
		"title = '" + repeat("ё", size/2) + "'", "CASEI('" + repeat("ΐ", size/2) + "') = ACCENTI('" + repeat("ΐ", size/4) + "')",
		"killed_low = " + repeat("9", size), "killed_low = 0." + repeat("0", size) + "1",
		"A_EQUALS((" + repeat("1,", size/27) + "1), (" + repeat("1,", size/27) + "1))",
	}
}

// comb returns the ring of a comb with n teeth, which is valid.
func comb(n int) string {
	var b strings.Builder
	b.WriteString("0 0")
	for i := range n {
		if i%2 == 0 {
			b.WriteString("," + number(i) + " 1")
		} else {
			b.WriteString("," + number(i) + " 2")
		}
	}
	return b.String() + "," + number(n) + " 0,0 0"
}

func number(i int) string { return cql2.NumberOf(float64(i) / 100).String() }

// asked are the features that filters are asked of: batken, one without anything,
// and batken with geometries that are costly to compare.
func asked() []*geo.Feature {
	all := []*geo.Feature{batken(), {}}
	var zigzag orb.LineString
	teeth := orb.Ring{{0, 0}}
	for i := range 400 {
		zigzag = append(zigzag, orb.Point{float64(i) / 10, float64(i%2) * 30})
		teeth = append(teeth, orb.Point{float64(i) / 10, 1 + float64(i%2)})
	}
	teeth = append(teeth, orb.Point{40, 0}, orb.Point{0, 0})
	small := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	for _, g := range []orb.Geometry{
		zigzag, orb.Polygon{teeth}, orb.MultiPolygon{{small}, {{{5, 5}, {9, 5}, {9, 9}, {5, 5}}}}, orb.Collection{orb.Point{1, 1}, zigzag[:3], orb.Polygon{small}},
	} {
		f := batken()
		f.Geometry = g
		all = append(all, f)
	}
	return all
}

// limited reads a filter, compiles it and asks it of the features, as the service
// does, within the limits of fuzz tests.
func limited(t *testing.T, size int, features []*geo.Feature, parse func() (cql2.Expr, error)) (e cql2.Expr, err error) {
	t.Helper()
	fuzztest.Limit(t, size, func() {
		if e, err = parse(); err != nil {
			return
		}
		filter := cql2.Compile(e)
		cql2.Bounds(e, 180)
		for _, f := range features {
			filter.Truth(f)
		}
	})
	return e, err
}

// holds asks what must hold of each filter, or of the error of its reading.
func holds(t *testing.T, features []*geo.Feature, e cql2.Expr, err error) {
	t.Helper()
	if err != nil {
		if len(faultsOf(t, err)) == 0 {
			t.Fatal("an error without a fault")
		}
		return
	}
	roundTrips(t, e, testSchema())
	filter, hint := cql2.Compile(e), cql2.Bounds(e, 180)
	for _, f := range features {
		want := cql2.Eval(e, f)
		if got := filter.Truth(f); got != want {
			t.Fatalf("%s: of %T Compile says %v, Eval %v", cql2.Format(e), f.Geometry, got, want)
		}
		if want == cql2.True && len(f.Values) > 0 && !allows(hint, testSchema(), f) {
			t.Fatalf("%s: Bounds %+v exclude a match, %T", cql2.Format(e), hint, f.Geometry)
		}
	}
}

func FuzzParseText(f *testing.F) {
	for _, s := range append(hard(300), seeds...) {
		f.Add(s)
	}
	if fuzztest.Figures() != "" {
		for _, s := range append(hard(cql2.MaxText-200), hard(fuzztest.MaxInput-200)...) {
			f.Add(s)
		}
	}
	features := asked()
	f.Fuzz(func(t *testing.T, s string) {
		e, err := limited(t, len(s), features, func() (cql2.Expr, error) { return cql2.ParseText(s, testSchema()) })
		holds(t, features, e, err)
		if e, err := cql2.ParseText(s, nil, cql2.WithAnyProperty()); err == nil {
			roundTrips(t, e, nil, cql2.WithAnyProperty())
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, s := range append(hard(300), seeds...) {
		if e, err := cql2.ParseText(s, testSchema()); err == nil {
			f.Add(cql2.FormatJSON(e))
		}
	}
	for _, s := range []string{
		strings.Repeat("[", 300), strings.Repeat(`{"op":"not","args":[`, 30), `{"op":"in","args":[1,[` + strings.Repeat("1,", 30) + `1]]}`,
		`{"op":"=","args":[{"property":"a\u0000b"},"\ud800"]}`, `{"op":"-","args":[{"property":"killed_low"}]}`, `{"op":"like","args":[{"op":"casei","args":["x"]},null]}`,
	} {
		f.Add([]byte(s))
	}
	if fuzztest.Figures() != "" {
		for _, b := range hardJSON() {
			f.Add(b)
		}
	}
	features := asked()
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := limited(t, len(b), features, func() (cql2.Expr, error) { return cql2.ParseJSON(b, testSchema()) })
		holds(t, features, e, err)
		if e, err := cql2.ParseJSON(b, nil, cql2.WithAnyProperty()); err == nil {
			roundTrips(t, e, nil, cql2.WithAnyProperty())
		}
	})
}

// hardJSON returns filters that are costly for their length in JSON, where more fits
// in: many polygons, holes and vertices that are valid, so that nothing ends early.
func hardJSON() [][]byte {
	square := func(i int) string {
		x, y := i%40, i/40
		at := func(x, y float64) string { return "[" + number(int(100*x)) + "," + number(int(100*y)) + "]" }
		l, b := float64(x), float64(y)
		return "[" + strings.Join([]string{at(l, b), at(l+.5, b), at(l+.5, b+.5), at(l, b+.5), at(l, b)}, ",") + "]"
	}
	var rings, polygons []string
	for i := range 1200 {
		rings, polygons = append(rings, square(i)), append(polygons, "["+square(i)+"]")
	}
	geometry := func(op, kind, coordinates string) []byte {
		return []byte(`{"op":"` + op + `","args":[{"property":"geometry"},{"type":"` + kind + `","coordinates":` + coordinates + `}]}`)
	}
	teeth := "[[" + strings.NewReplacer(",", "],[", " ", ",").Replace(comb(4500)) + "]]"
	return [][]byte{
		geometry("s_touches", "MultiPolygon", "["+strings.Join(polygons, ",")+"]"),
		geometry("s_within", "Polygon", "[[[-1,-1],[41,-1],[41,41],[-1,41],[-1,-1]],"+strings.Join(rings, ",")+"]"),
		geometry("s_overlaps", "Polygon", "["+teeth+"]"),
		geometry("s_intersects", "Polygon", "["+teeth+"]"),
		geometry("s_crosses", "MultiLineString", "["+strings.Join(rings, ",")+"]"),
		metres(geometry("dwithin", "Polygon", "["+teeth+"]")),
		geometry("s_within", "MultiPoint", "["+strings.Repeat("[1,1],", 10_000)+"[1,1]]"),
		geometry("s_crosses", "LineString", "["+strings.Repeat("[0,0],[9,9],", 5000)+"[1,1]]"),
		geometry("s_touches", "LineString", "["+fan(4500)+"]"),
		metres(geometry("dwithin", "LineString", "["+fan(4500)+"]")),
		[]byte(`{"op":"s_overlaps","args":[{"type":"LineString","coordinates":[` + fan(2500) + `]},{"type":"LineString","coordinates":[` + fan(2400) + `]}]}`),
		geometry("s_overlaps", "LineString", "["+onOneLine(4500)+"]"),
		[]byte(`{"op":"s_overlaps","args":[{"type":"LineString","coordinates":[` + onOneLine(2300) + `]},{"type":"LineString","coordinates":[` + onOneLine(2200) + `]}]}`),
		[]byte(`{"op":"s_touches","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[5,5]},{"type":"LineString","coordinates":[` + fan(4000) + `]}]}]}`),
		[]byte(`{"op":"<","args":[{"op":"distance_m","args":[{"type":"LineString","coordinates":[` + fan(3500) + `]},{"property":"geometry"}]},9]}`),
		[]byte(`{"op":"in","args":[{"property":"title"},[` + strings.Repeat(`"x",`, 900) + `"x"]]}`),
		[]byte(`{"op":"and","args":[` + strings.Repeat(`{"op":"like","args":[{"property":"in"},"%а%_%о%а%_%%%а%о%"]},`, 120) + `true]}`),
	}
}

// fan returns the positions of a line of n edges that all run through one another.
func fan(n int) string {
	var all []string
	for i := range n + 1 {
		all = append(all, "["+number(i%90)+","+strings.TrimPrefix(number(i%100+(i%2)*3000), "+")+"]")
	}
	return strings.Join(all, ",")
}

// onOneLine returns the positions of a line of n edges that run to and fro along one
// another.
func onOneLine(n int) string {
	var all []string
	for i := range n + 1 {
		x := number(i%2*3000 + i)
		all = append(all, "["+x+","+x+"]")
	}
	return strings.Join(all, ",")
}

// metres adds the third argument of dwithin.
func metres(b []byte) []byte { return append(bytes.TrimSuffix(b, []byte("]}")), `,10000]}`...) }

// TestHardFilters asks the costliest filters that fit into the limits of both
// encodings, within the limits of fuzz tests.
func TestHardFilters(t *testing.T) {
	features := asked()
	for _, s := range append(hard(cql2.MaxText-200), hard(fuzztest.MaxInput-200)...) {
		_, _ = limited(t, len(s), features, func() (cql2.Expr, error) { return cql2.ParseText(s, testSchema()) })
		if t.Failed() {
			t.Fatalf("%.80s…", s)
		}
	}
	for _, b := range hardJSON() {
		_, err := limited(t, len(b), features, func() (cql2.Expr, error) { return cql2.ParseJSON(b, testSchema()) })
		if err != nil || t.Failed() {
			t.Fatalf("%.80s…: %v", b, err)
		}
	}
}
