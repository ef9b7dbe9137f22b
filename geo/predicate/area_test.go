package predicate

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
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
