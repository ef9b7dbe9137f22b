package predicate_test

import (
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/predicate"
)

func TestRelate(t *testing.T) {
	all := []predicate.Relation{predicate.Equals, predicate.Touches, predicate.Within, predicate.Contains, predicate.Overlaps, predicate.Crosses}
	names := []string{"equals", "touches", "within", "contains", "overlaps", "crosses"}
	square := "POLYGON((0 0,4 0,4 4,0 4,0 0))"
	for name, tt := range map[string]struct {
		a, b string
		want []string
	}{
		"the same ring begun elsewhere": {square, "POLYGON((4 4,0 4,0 0,4 0,4 4))", []string{"equals", "within", "contains"}},
		"point inside":                  {"POINT(1 1)", square, []string{"within"}},
		"point on the edge":             {"POINT(0 1)", square, []string{"touches"}},
		"hole holds the point":          {"POINT(2 2)", "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,3 1,3 3,1 3,1 1))", nil},
		"squares that share an edge":    {square, "POLYGON((4 0,8 0,8 4,4 4,4 0))", []string{"touches"}},
		"squares that overlap":          {square, "POLYGON((2 2,6 2,6 6,2 6,2 2))", []string{"overlaps"}},
		"line through the square":       {"LINESTRING(-1 2,5 2)", square, []string{"crosses"}},
		"line along the edge":           {"LINESTRING(0 0,4 0)", square, []string{"touches"}},
		"lines that cross":              {"LINESTRING(0 0,2 2)", "LINESTRING(0 2,2 0)", []string{"crosses"}},
		"lines on one another":          {"LINESTRING(0 0,2 0)", "LINESTRING(1 0,3 0)", []string{"overlaps"}},
		"points in common":              {"MULTIPOINT((0 0),(1 1))", "MULTIPOINT((1 1),(2 2))", []string{"overlaps"}},
		"square holds the collection":   {square, "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(1 1,2 2))", []string{"contains"}},
		// What simplefeatures 0.58 and 0.59 get wrong, see the ADR.
		"a hole touches an edge they share":    {"POLYGON((0 0,4 0,4 4,0 4,0 0),(0 2,1 1,1 3,0 2))", square, []string{"within"}},
		"lines that cross where rounding errs": {"LINESTRING(-3 -1,1 2,4 -2)", "MULTILINESTRING((0 -3,0.1 4),(-2 0,3 1))", []string{"crosses"}},
		"a line that crosses at another's end": {"LINESTRING(0 0,3 1)", "MULTILINESTRING((0 1,3 0),(1.5 0.5,2 2))", []string{"touches"}},
		"a collection that covers a square":    {"GEOMETRYCOLLECTION(POINT(9 9),LINESTRING(0 4,4 4),POLYGON((0 0,4 0,4 4,0 4,0 0)))", square, []string{"contains"}},
		"what two members cover together":      {"LINESTRING(1 1,9 1)", "GEOMETRYCOLLECTION(LINESTRING(3 1,9 1),POLYGON((0 0,4 0,4 4,0 4,0 0)))", []string{"within"}},
		"lines that cross on a ring of one":    {"GEOMETRYCOLLECTION(LINESTRING(3 0,5 1),POLYGON((0 0,4 0,4 4,0 4,0 0)))", "LINESTRING(3.5 1,4.5 0)", []string{"crosses"}},
		"where a line ends inside an area":     {"GEOMETRYCOLLECTION(LINESTRING(2 2,9 2),POLYGON((0 0,4 0,4 4,0 4,0 0)))", "POINT(2 2)", []string{"contains"}},
		"nothing in common":                    {"POINT(9 9)", square, nil},
		"an empty geometry is in no relation":  {"POLYGON EMPTY", square, nil},
		"but that it equals another":           {"POLYGON EMPTY", "LINESTRING EMPTY", []string{"equals"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := geometry(t, tt.a), geometry(t, tt.b)
			var got []string
			for i, r := range all {
				yes, err := predicate.Relate(r, a, b)
				if err != nil {
					t.Fatalf("%s: %v", names[i], err)
				}
				if yes {
					got = append(got, names[i])
				}
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
	if yes, err := predicate.Relate(predicate.Equals, nil, nil); !yes || err != nil {
		t.Errorf("nil equals nil: %v, %v", yes, err)
	}
	if _, err := predicate.Relate(predicate.Within, orb.Ring{{0, 0}, {1, 0}, {1, 1}}, orb.Point{}); err == nil {
		t.Error("an open ring is no error")
	}
}
