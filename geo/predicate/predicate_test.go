package predicate_test

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/geo"
	"demarc/geo/predicate"
)

// geometry reads WKT; "" is nil.
func geometry(t testing.TB, s string) orb.Geometry {
	t.Helper()
	if s == "" {
		return nil
	}
	g, err := wkt.Unmarshal(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return g
}

const (
	square = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
	holed  = "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2))"
)

var intersectsCases = []struct {
	name, a, b string
	want       bool
}{
	{"nil and a polygon", "", square, false},
	{"empty point set and a polygon", "MULTIPOINT EMPTY", square, false},
	{"empty line and a polygon", "LINESTRING EMPTY", square, false},
	{"empty polygon and a polygon", "POLYGON EMPTY", square, false},
	{"collection of nothing and a polygon", "GEOMETRYCOLLECTION EMPTY", square, false},
	{"the same position", "POINT(1 2)", "POINT(1 2)", true},
	{"two positions", "POINT(1 2)", "POINT(1 2.0000001)", false},
	{"one of many positions", "MULTIPOINT((5 5),(1 2))", "POINT(1 2)", true},
	{"position on a line", "POINT(1 1)", "LINESTRING(0 0,2 2)", true},
	{"position at a line's end", "POINT(2 2)", "LINESTRING(0 0,2 2)", true},
	{"position in line with a line, beyond it", "POINT(3 3)", "LINESTRING(0 0,2 2)", false},
	{"position a hair off a line", "POINT(1 1.0000000000000002)", "LINESTRING(0 0,2 2)", false},
	{"position inside", "POINT(5 5)", square, true},
	{"position on an edge", "POINT(10 5)", square, true},
	{"position on a corner", "POINT(10 10)", square, true},
	{"position outside", "POINT(10.0001 5)", square, false},
	{"position in the hole", "POINT(5 5)", holed, false},
	{"position on the hole's ring", "POINT(2 5)", holed, true},
	{"position between rings", "POINT(1 5)", holed, true},
	{"lines that cross", "LINESTRING(0 0,2 2)", "LINESTRING(0 2,2 0)", true},
	{"lines that touch", "LINESTRING(0 0,2 2)", "LINESTRING(1 1,5 0)", true},
	{"lines that share a stretch", "LINESTRING(0 0,4 0)", "LINESTRING(3 0,9 0)", true},
	{"lines in line, apart", "LINESTRING(0 0,1 0)", "LINESTRING(3 0,9 0)", false},
	{"lines whose boxes meet", "LINESTRING(0 0,10 10)", "LINESTRING(6 5,10 1)", false},
	{"line through a polygon, no vertex inside", "LINESTRING(-1 5,11 5)", square, true},
	{"line inside", "LINESTRING(4 4,6 6)", square, true},
	{"line in the hole", "LINESTRING(4 4,6 6)", holed, false},
	{"line from hole to hole's ring", "LINESTRING(4 4,2 4)", holed, true},
	{"line past a corner", "LINESTRING(9 12,12 9)", square, false},
	{"line at a corner", "LINESTRING(9 11,11 9)", square, true},
	{"multiline, one inside", "MULTILINESTRING((20 20,21 21),(4 4,5 5))", square, true},
	{"polygon in a polygon", "POLYGON((4 4,6 4,6 6,4 6,4 4))", square, true},
	{"polygon in the hole", "POLYGON((4 4,6 4,6 6,4 6,4 4))", holed, false},
	{"polygon that fills the hole", "POLYGON((2 2,8 2,8 8,2 8,2 2))", holed, true},
	{"polygons with a common edge", "POLYGON((10 0,20 0,20 10,10 10,10 0))", square, true},
	{"polygons with a common corner", "POLYGON((10 10,20 10,20 20,10 20,10 10))", square, true},
	{"polygons apart", "POLYGON((11 0,20 0,20 10,11 10,11 0))", square, false},
	{"polygon round a polygon", "POLYGON((-1 -1,11 -1,11 11,-1 11,-1 -1))", holed, true},
	{"multipolygon, one meets", "MULTIPOLYGON(((20 0,21 0,21 1,20 0)),((4 4,6 4,6 6,4 4)))", square, true},
	{"multipolygon, none meets", "MULTIPOLYGON(((20 0,21 0,21 1,20 0)),((4 4,6 4,6 6,4 4)))", holed, false},
	{"collection, one meets", "GEOMETRYCOLLECTION(POINT(20 20),LINESTRING(4 4,5 5))", square, true},
	{"collection, none meets", "GEOMETRYCOLLECTION(POINT(20 20),LINESTRING(4 4,5 5))", holed, false},
	{"collections", "GEOMETRYCOLLECTION(POINT(20 20),POINT(5 5))", "GEOMETRYCOLLECTION(POINT(-5 5)," + square + ")", true},
	{"an edge from 170 to -170 runs the long way", "LINESTRING(170 0,-170 0)", "POINT(0 0)", true},
	{"the antimeridian's names are two places", "POINT(180 0)", "POINT(-180 0)", false},
}

func TestIntersects(t *testing.T) {
	for _, c := range intersectsCases {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			a, b := geometry(t, pair[0]), geometry(t, pair[1])
			if got, err := predicate.Intersects(a, b); err != nil || got != c.want {
				t.Errorf("%s: Intersects(%s, %s) = %v, %v, want %v", c.name, pair[0], pair[1], got, err, c.want)
			}
			p, err := predicate.Prepare(a)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if got, err := p.Intersects(b); err != nil || got != c.want {
				t.Errorf("%s: Prepare(%s).Intersects(%s) = %v, %v, want %v", c.name, pair[0], pair[1], got, err, c.want)
			}
		}
	}
}

// What orb has and WKT has not.
func TestIntersectsOfRingsAndBounds(t *testing.T) {
	ring := orb.Ring{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}
	for _, c := range []struct {
		name string
		a, b orb.Geometry
		want bool
	}{
		{"a ring has an inside", ring, orb.Point{5, 5}, true},
		{"an empty ring", orb.Ring{}, orb.Point{5, 5}, false},
		{"a bound has an inside", ring.Bound(), orb.Point{5, 5}, true},
		{"a bound of a position", orb.Point{5, 5}.Bound(), ring, true},
		{"a bound of a level line", orb.Bound{Min: orb.Point{-1, 5}, Max: orb.Point{20, 5}}, ring, true},
		{"an empty bound", orb.MultiPoint{}.Bound(), ring, false},
		{"a hole in nothing", orb.Polygon{{}, ring}, orb.Point{5, 5}, false},
		{"a hole in nothing among others", orb.Collection{orb.Polygon{{}, ring}, orb.MultiPoint{{0, 0}, {9, 9}}}, orb.Point{5, 5}, false},
		{"nil in a collection", orb.Collection{nil, orb.Point{5, 5}}, ring, true},
	} {
		if got, err := predicate.Intersects(c.a, c.b); err != nil || got != c.want {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestIntersectsRefuses(t *testing.T) {
	ok := orb.Point{100, 50} // its box meets none of theirs: the error comes anyway
	for name, g := range map[string]orb.Geometry{
		"NaN":                       orb.Point{math.NaN(), 0},
		"infinity":                  orb.LineString{{0, 0}, {0, math.Inf(-1)}},
		"a line of one vertex":      orb.LineString{{0, 0}},
		"an open ring":              orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		"a ring of three vertices":  orb.Ring{{0, 0}, {1, 0}, {0, 0}},
		"a bad member":              orb.Collection{ok, orb.LineString{{0, 0}}},
		"a bad hole":                orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 9}, {0, 0}}, {{3, 1}, {4, 1}}}},
		"a bound that has no place": orb.Bound{Min: orb.Point{math.NaN(), 0}, Max: orb.Point{1, 1}},
	} {
		_, err1 := predicate.Intersects(g, ok)
		_, err2 := predicate.Intersects(ok, g)
		_, err3 := predicate.Prepare(g)
		p, _ := predicate.Prepare(ok)
		_, err4 := p.Intersects(g)
		for _, err := range []error{err1, err2, err3, err4} {
			if invalid := (*predicate.InvalidError)(nil); !errors.As(err, &invalid) {
				t.Errorf("%s: error %v, want an InvalidError", name, err)
			}
		}
	}
}

// go test -race tells whether goroutines that share a prepared geometry meet.
func TestPreparedIsSafeForConcurrentUse(t *testing.T) {
	for _, prepared := range []string{square, holed, "LINESTRING(0 0,5 9,10 0)", "POINT(5 5)",
		"MULTIPOLYGON(((20 0,21 0,21 1,20 0)),((4 4,6 4,6 6,4 4)))",
		"GEOMETRYCOLLECTION(POINT(20 20),LINESTRING(4 4,5 5)," + holed + ")"} {
		p, err := predicate.Prepare(geometry(t, prepared))
		if err != nil {
			t.Fatal(err)
		}
		var asking sync.WaitGroup
		for i := range 8 {
			asking.Go(func() {
				for j := range intersectsCases {
					c := intersectsCases[(i*5+j)%len(intersectsCases)]
					if _, err := p.Intersects(geometry(t, c.a)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		asking.Wait()
	}
}

func TestIntersectsBBoxTable(t *testing.T) {
	pacific := geo.BBox{West: 170, South: -10, East: -170, North: 10}
	unit := geo.BBox{West: 0, South: 0, East: 1, North: 1}
	inHole := geo.BBox{West: 4, South: 4, East: 6, North: 6}
	for _, c := range []struct {
		name, g string
		b       geo.BBox
		want    bool
	}{
		{"nil", "", geo.World(), false},
		{"empty line", "LINESTRING EMPTY", geo.World(), false},
		{"empty polygon", "POLYGON EMPTY", geo.World(), false},
		{"empty box", square, geo.EmptyBBox(), false},
		{"box turned upside down", square, geo.BBox{West: 0, South: 1, East: 1, North: 0}, false},
		{"position on the edge", "POINT(1 0.5)", unit, true},
		{"position off", "POINT(1.0000000001 0.5)", unit, false},
		{"position east of the antimeridian", "POINT(-175 0)", pacific, true},
		{"position west of it", "POINT(175 0)", pacific, true},
		{"position opposite", "POINT(0 0)", pacific, false},
		{"line that ends on the corner", "LINESTRING(1 1,2 2)", unit, true},
		{"line through", "LINESTRING(-1 0.5,2 0.5)", unit, true},
		{"line past a corner", "LINESTRING(0.5 2,2 0.5)", unit, false},
		{"line through a corner", "LINESTRING(0 2,2 0)", unit, true},
		{"line through both parts", "LINESTRING(160 0,180 0)", pacific, true},
		{"line cut at the antimeridian", "MULTILINESTRING((0 0,1 0),(-180 0,-179 0))", pacific, true},
		{"box of a position on a line", "LINESTRING(0 0,10 10)", geo.BBox{West: 5, South: 5, East: 5, North: 5}, true},
		{"line a rounding past a corner", "LINESTRING(0 2.0000000000000004,2 0)", unit, false},
		{"polygon in the box", "POLYGON((0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))", unit, true},
		{"box in the polygon", square, inHole, true},
		{"box in the hole", holed, inHole, false},
		{"box that fills the hole", holed, geo.BBox{West: 2, South: 2, East: 8, North: 8}, true},
		{"box of a position in the polygon", square, geo.BBox{West: 5, South: 5, East: 5, North: 5}, true},
		{"box of a line across the polygon", square, geo.BBox{West: -1, South: 5, East: 11, North: 5}, true},
		{"box beside a slanting edge", "POLYGON((0 0,10 10,0 10,0 0))", geo.BBox{West: 6, South: 1, East: 9, North: 5}, false},
		{"polygon on the far side of the antimeridian", "POLYGON((-179 -1,-178 -1,-178 1,-179 -1))", pacific, true},
		{"collection", "GEOMETRYCOLLECTION(POINT(20 20),POINT(1 1))", unit, true},
	} {
		if got := predicate.IntersectsBBox(geometry(t, c.g), c.b); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		g    orb.Geometry
		want bool
	}{
		"ring round the box":  {orb.Ring{{-1, -1}, {2, -1}, {2, 2}, {-1, 2}, {-1, -1}}, true},
		"open ring is closed": {orb.Ring{{-1, -1}, {2, -1}, {2, 2}, {-1, 2}}, true},
		"bound beside":        {orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{2, 2}}, true},
		"bound off":           {orb.Bound{Min: orb.Point{1.5, 1}, Max: orb.Point{2, 2}}, false},
		"empty bound":         {orb.MultiPoint{}.Bound(), false},
		"collection of nil":   {orb.Collection{nil}, false},
	} {
		if got := predicate.IntersectsBBox(c.g, unit); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct{ name, g, want string }{
		{"nil", "", ""},
		{"position", "POINT(180 -90)", ""},
		{"empty geometries", "GEOMETRYCOLLECTION(MULTIPOINT EMPTY,LINESTRING EMPTY,POLYGON EMPTY)", ""},
		{"line that crosses itself", "LINESTRING(0 0,2 2,2 0,0 2)", ""},
		{"closed ring, anticlockwise", square, ""},
		{"closed ring, clockwise", "POLYGON((0 0,0 10,10 10,10 0,0 0))", ""},
		{"repeated vertex", "POLYGON((0 0,10 0,10 0,10 10,0 0,0 0))", ""},
		{"hole", holed, ""},
		{"hole that touches its ring once", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,2 4,2 6,0 5))", ""},
		{"polygons that touch once", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((1 1,2 1,2 2,1 1)))", ""},
		{"longitude", "LINESTRING(0 0,181 1)", "the longitude is not between -180 and 180 at lon 181, lat 1"},
		{"longitude in the west", "POINT(-180.5 1)", "the longitude is not between -180 and 180 at lon -180.5, lat 1"},
		{"latitude, as when lat and lon are swapped", "POINT(40 -100.5)", "the latitude is not between -90 and 90 at lon 40, lat -100.5"},
		{"line of one vertex", "MULTILINESTRING((0 0,1 1),(3 4))", "the line has only one vertex at lon 3, lat 4"},
		{"line of one place", "LINESTRING(3 4,3 4)", "all vertices of the line are the same at lon 3, lat 4"},
		{"open ring", "POLYGON((0 0,10 0,10 10,0 10))", "the ring does not end where it begins at lon 0, lat 10"},
		{"ring of three vertices", "POLYGON((0 0,10 0,0 0))", "the ring has 3 vertices, a ring has four or more at lon 0, lat 0"},
		{"ring of one place", "POLYGON((1 2,1 2,1 2,1 2))", "all vertices of the ring are the same at lon 1, lat 2"},
		{"bow tie", "POLYGON((0 0,2 2,2 0,0 2,0 0))", "the ring meets itself at lon 1, lat 1"},
		{"spike", "POLYGON((0 0,10 0,10 10,10 20,10 10,0 10,0 0))", "the ring meets itself at lon 10, lat 10"},
		{"spike at the start", "POLYGON((0 0,-5 0,0 0,10 0,10 10,0 0))", "the ring meets itself at lon -5, lat 0"},
		{"flat ring", "POLYGON((0 0,5 0,9 0,0 0))", "the ring meets itself at lon 0, lat 0"},
		{"ring that touches itself", "POLYGON((0 0,10 0,10 10,5 0,0 10,0 0))", "the ring meets itself at lon 5, lat 0"},
		{"ring that runs along itself", "POLYGON((0 0,10 0,10 5,2 5,2 8,4 8,4 5,8 5,8 9,0 9,0 0))", "the ring meets itself at lon 4, lat 5"},
		{"hole outside", "POLYGON((0 0,10 0,10 10,0 10,0 0),(12 2,13 2,13 3,12 2))", "a hole lies outside the outer ring at lon 12, lat 2"},
		{"hole across the ring", "POLYGON((0 0,10 0,10 10,0 10,0 0),(8 2,13 2,8 3,8 2))", "two rings cross or share an edge at lon 10, lat 2"},
		{"hole in a hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2),(4 4,5 4,5 5,4 4))", "a hole lies inside another at lon 4, lat 4"},
		{"hole that cuts the polygon", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,5 1,10 5,5 6,0 5))", "two rings cross or share an edge at lon 0, lat 5"},
		{"holes that cut the polygon",
			"POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,5 4,5 6,0 5),(10 5,5 4,5 3,10 5))",
			"the rings cut the polygon's inside into pieces at lon 0, lat 0"},
		{"hole in nothing in a collection", "GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,2 2,2 0,0 2,0 0)))", "the ring meets itself at lon 1, lat 1"},
		{"polygons that overlap", "MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((3 1,9 1,9 9,3 1)))", "two polygons overlap or share an edge at lon "},
		{"polygon in a polygon", "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0)),((3 3,4 3,4 4,3 3)))", "two polygons overlap or share an edge at lon 3, lat 3"},
	} {
		err := predicate.Validate(geometry(t, c.g))
		var got string
		if err != nil {
			got = err.Error()
			if invalid := (*predicate.InvalidError)(nil); !errors.As(err, &invalid) {
				t.Errorf("%s: %T", c.name, err)
			}
		}
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestValidateWhatWKTCannotSay(t *testing.T) {
	for _, c := range []struct {
		name, want string
		g          orb.Geometry
	}{
		{"NaN", "a coordinate is not finite at lon NaN, lat 1", orb.LineString{{0, 0}, {math.NaN(), 1}}},
		{"infinity", "a coordinate is not finite at lon 0, lat +Inf", orb.MultiPoint{{0, math.Inf(1)}}},
		{"ring", "the ring meets itself at lon 1, lat 1", orb.Ring{{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}},
		{"hole without a ring", "the polygon has a hole and no outer ring at lon 0, lat 0", orb.Polygon{{}, {{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		{"bound", "the latitude is not between -90 and 90 at lon 0, lat 91", orb.Bound{Max: orb.Point{0, 91}}},
		{"empty bound", "", orb.MultiPoint{}.Bound()},
	} {
		got := ""
		if err := predicate.Validate(c.g); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
