package geo_test

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
)

// The twin of BBox: the whole world as a grid of cells. A box is the set of
// the grid's positions in it, found one by one.
var grid = func() []orb.Point {
	var ps []orb.Point
	for _, lat := range []float64{-90, -45, 0, 45, 90} {
		for lon := -180.0; lon <= 180; lon += 30 {
			ps = append(ps, orb.Point{lon, lat})
		}
	}
	return ps
}()

// inBox walks eastward from West to East and tells whether it met the meridian.
func inBox(b geo.BBox, p orb.Point) bool {
	if !(p[1] >= b.South && p[1] <= b.North) {
		return false
	}
	for lon := b.West; ; lon += 30 {
		if lon > 180 {
			lon = -180 // both names of the antimeridian are on the way
		}
		if lon == p[0] {
			return true
		}
		if lon == b.East {
			return false
		}
	}
}

// gridBox draws a box with its edges on the grid, that may cross the
// antimeridian, lie on a pole, have no width, or be empty.
func gridBox(t *rapid.T, name string) geo.BBox {
	lon := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-6, 6).Draw(t, "lon")) * 30 })
	lat := rapid.SampledFrom([]float64{-90, -45, 0, 45, 90})
	return geo.BBox{West: lon.Draw(t, name+" west"), South: lat.Draw(t, name+" south"), East: lon.Draw(t, name+" east"), North: lat.Draw(t, name+" north")}
}

func TestBBoxAgreesWithItsPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, o := gridBox(t, "b"), gridBox(t, "o")
		sum := b.Extend(o)
		some, meet := false, false
		for _, p := range grid {
			in := inBox(b, p)
			if got := b.Contains(p); got != in {
				t.Fatalf("%v.Contains(%v) = %v, want %v", b, p, got, in)
			}
			some = some || in
			meet = meet || in && inBox(o, p)
			if (in || inBox(o, p)) && !sum.Contains(p) {
				t.Fatalf("%v extended by %v is %v and lost %v", b, o, sum, p)
			}
			parts := 0
			for _, part := range b.Parts() {
				if part.CrossesAntimeridian() {
					t.Fatalf("part %v of %v crosses the antimeridian", part, b)
				}
				if inBox(part, p) {
					parts++
				}
			}
			if in != (parts > 0) {
				t.Fatalf("%v lies in %d parts of %v", p, parts, b)
			}
		}
		if b.IsEmpty() == some {
			t.Fatalf("%v.IsEmpty() = %v", b, b.IsEmpty())
		}
		if got := b.Intersects(o); got != meet {
			t.Fatalf("%v.Intersects(%v) = %v, want %v", b, o, got, meet)
		}
		if got := o.Intersects(b); got != meet {
			t.Fatalf("%v.Intersects(%v) = %v, want %v", o, b, got, meet)
		}
		if sum.CrossesAntimeridian() {
			t.Fatalf("%v extended by %v crosses the antimeridian: %v", b, o, sum)
		}
	})
}

// Extend is the smallest such box: taking either edge in by a cell loses something.
func TestBBoxExtendIsSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, o := gridBox(t, "b"), gridBox(t, "o")
		sum := b.Extend(o)
		want := geo.EmptyBBox()
		for _, p := range grid {
			if inBox(b, p) || inBox(o, p) {
				want = geo.BBox{West: min(want.West, p[0]), South: min(want.South, p[1]), East: max(want.East, p[0]), North: max(want.North, p[1])}
			}
		}
		if sum != want && !(sum.IsEmpty() && want.IsEmpty()) {
			t.Fatalf("%v extended by %v is %v, want %v", b, o, sum, want)
		}
	})
}
