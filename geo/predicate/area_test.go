package predicate

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
)

// star draws a polygon whose vertices stand round a centre, further and nearer, with
// a hole of the same form; its coordinates are whole, so that positions fall on them.
func star(t *rapid.T, lon float64) orb.Polygon {
	n := rapid.IntRange(3, 60).Draw(t, "vertices")
	var outer, hole orb.Ring
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := float64(rapid.IntRange(30, 40).Draw(t, "radius"))
		outer = append(outer, orb.Point{lon + math.Round(r*cos), math.Round(r * sin)})
		hole = append(hole, orb.Point{lon + math.Round(10*cos), math.Round(10 * sin)})
	}
	outer, hole = append(outer, outer[0]), append(hole, hole[0])
	if n < 12 && rapid.Bool().Draw(t, "hole") {
		return orb.Polygon{outer, hole}
	}
	return orb.Polygon{outer}
}

// An area is asked by bands; the topology library has the right answer.
func TestAreaAgreesWithLibrary(t *testing.T) {
	on, in := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var g orb.Geometry = star(t, 0)
		if rapid.Bool().Draw(t, "two") {
			g = orb.MultiPolygon{g.(orb.Polygon), star(t, 90)}
		}
		if Validate(g) != nil {
			t.Skip("its rings cross")
		}
		c, err := convert(g)
		if err != nil {
			t.Fatal(err)
		}
		library, err := c.prepare()
		if err != nil {
			t.Fatal(err)
		}
		p, err := Prepare(g)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			at := orb.Point{float64(rapid.IntRange(-42, 132).Draw(t, "lon")), float64(rapid.IntRange(-42, 42).Draw(t, "lat"))}
			if rapid.IntRange(0, 3).Draw(t, "off the grid") == 0 {
				at[0] += rapid.Float64Range(-0.5, 0.5).Draw(t, "off")
			}
			point, err := convert(at)
			if err != nil {
				t.Fatal(err)
			}
			want, err := library.intersects(point)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Intersects(at)
			plain, err2 := Intersects(g, at)
			if err != nil || err2 != nil || got != want || plain != want {
				t.Fatalf("%v in %v: prepared %v, %v, plain %v, %v; want %v", at, g, got, err, plain, err2, want)
			}
			if want {
				in++
				if shapeOf(g).locate(at) == boundary {
					on++
				}
			}
		}
	})
	if on == 0 || in == on {
		t.Error("no position was on a boundary, or none inside: the test cannot fail")
	}
}

// What SideOf says of a box is so of every position in it.
func TestSideOfHoldsOfAllPositions(t *testing.T) {
	sides := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		var g orb.Geometry = star(t, 0)
		if rapid.Bool().Draw(t, "two") {
			g = orb.MultiPolygon{g.(orb.Polygon), star(t, 90)}
		}
		p, err := Prepare(g)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			west, south := float64(rapid.IntRange(-45, 132).Draw(t, "west")), float64(rapid.IntRange(-45, 45).Draw(t, "south"))
			size := rapid.SampledFrom([]int{0, 1, 5, 30}).Draw(t, "size")
			b := geo.BBox{West: west, South: south, East: west + float64(rapid.IntRange(0, size).Draw(t, "wide")), North: south + float64(rapid.IntRange(0, size).Draw(t, "high"))}
			side := p.SideOf(b)
			sides[side]++
			for range 20 {
				at := orb.Point{rapid.Float64Range(b.West, b.East).Draw(t, "lon"), rapid.Float64Range(b.South, b.North).Draw(t, "lat")}
				if in, err := p.Intersects(at); err != nil || side == 1 && !in || side == -1 && in {
					t.Fatalf("%v is in %v: %v, %v; but SideOf(%v) is %d", at, g, in, err, b, side)
				}
			}
			if side != 0 {
				if meet, err := p.Intersects(boundGeometry(orb.Bound{Min: orb.Point{b.West, b.South}, Max: orb.Point{b.East, b.North}})); Validate(g) == nil && (err != nil || meet != (side == 1)) {
					t.Fatalf("%v meets %v: %v, %v; but SideOf is %d", b, g, meet, err, side)
				}
			}
		}
	})
	if sides[-1] == 0 || sides[0] == 0 || sides[1] == 0 {
		t.Errorf("%v: the test cannot fail", sides)
	}
}

// A ring is valid or not, whichever way its edges are looked through.
func TestRingsAreValidByEitherSearch(t *testing.T) {
	bad := 0
	rapid.Check(t, func(t *rapid.T) {
		var r orb.Ring
		for range rapid.IntRange(3, 12).Draw(t, "vertices") {
			r = append(r, orb.Point{float64(rapid.IntRange(0, 6).Draw(t, "lon")), float64(rapid.IntRange(0, 6).Draw(t, "lat"))})
		}
		r = append(r, r[0])
		vs := slices.Compact(slices.Clone(r))
		if len(vs) < 4 {
			t.Skip("no ring")
		}
		swept, indexed := meetingBySweep(vs), meetingByIndex(vs)
		if (swept == nil) != (indexed == nil) {
			t.Fatalf("%v: by sweep %v, by index %v", vs, swept, indexed)
		}
		library := polygon(orb.Polygon{r}).Validate()
		if (library == nil) != (swept == nil) {
			t.Fatalf("%v: by sweep %v, the library says %v", vs, swept, library)
		}
		if swept != nil {
			bad++
		}
	})
	if bad == 0 {
		t.Error("no ring met itself: the test cannot fail")
	}
}
