package geodesic_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// box draws a box of any size, one in a few across the antimeridian.
func box(t *rapid.T) geo.BBox {
	corner := position(t, "corner")
	width := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1), rapid.Float64Range(0, 360)).Draw(t, "width")
	height := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1), rapid.Float64Range(0, 180)).Draw(t, "height")
	b := geo.BBox{West: corner[0], South: corner[1], East: corner[0] + width, North: min(90, corner[1]+height)}
	if b.East > 180 {
		b.East = min(b.East-360, b.West-1e-9)
	}
	return b
}

// within draws a position in b, often on its edge.
func within(t *rapid.T, b geo.BBox) orb.Point {
	share := rapid.OneOf(rapid.SampledFrom([]float64{0, 1}), rapid.Float64Range(0, 1))
	width := b.East - b.West
	if width < 0 {
		width += 360
	}
	lon := b.West + share.Draw(t, "x")*width
	if lon > 180 {
		lon -= 360
	}
	lat := b.South + share.Draw(t, "y")*(b.North-b.South)
	return orb.Point{lon, min(lat, b.North)}
}

func TestBufferBoxHoldsWhatIsWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := box(t)
		metres := scale(t, "metres")
		buffer := geodesic.BufferBox(b, metres)
		for range 20 {
			p := within(t, b)
			// Most often right to the edge, and in the directions that tell.
			azimuth := rapid.OneOf(rapid.Float64Range(-180, 180),
				rapid.SampledFrom([]float64{0, 45, 80, 89, 90, 91, 180, -90, -85, -60})).Draw(t, "azimuth")
			share := rapid.OneOf(rapid.Just(1.0), rapid.Float64Range(0, 1)).Draw(t, "share")
			q := geodesic.Destination(p, azimuth, metres*share)
			if !buffer.Contains(q) {
				t.Fatalf("BufferBox(%+v, %v) = %+v lacks %v, %v from %v", b, metres, buffer, q, metres*share, p)
			}
		}
	})
}

func TestBufferBoxTable(t *testing.T) {
	place := geo.BBox{West: 70, South: 40, East: 70, North: 40}
	for _, c := range []struct {
		name   string
		b      geo.BBox
		metres float64
		want   geo.BBox
	}{
		// 25 km are 0.225144° on the meridian and 0.292738° along the parallel
		// at 40°N; the sphere of the bound has 0.293156° for the latter.
		{"25 km round a place", place, 25_000, geo.BBox{West: 69.70684, South: 39.77486, East: 70.29316, North: 40.22513}},
		{"no metres", place, 0, place},
		{"into the east", geo.BBox{West: 179, South: 0, East: 180, North: 0}, 111_133,
			geo.BBox{West: 178, South: -1.00505, East: -179, North: 1.00505}},
		{"into the west", geo.BBox{West: -180, South: 0, East: -179, North: 0}, 111_133,
			geo.BBox{West: 179, South: -1.00505, East: -178, North: 1.00505}},
		{"over the north pole", geo.BBox{West: 10, South: 89, East: 20, North: 89.9}, 20_000,
			geo.BBox{West: -180, South: 88.82095, East: 180, North: 90}},
		{"all round a parallel", geo.BBox{West: -179, South: 0, East: 179, North: 0}, 200_000,
			geo.BBox{West: -180, South: -1.80873, East: 180, North: 1.80873}},
		{"round the Earth", place, 2.1e7, geo.World()},
		{"endless", place, math.Inf(1), geo.World()},
	} {
		got := geodesic.BufferBox(c.b, c.metres)
		for _, d := range []float64{got.West - c.want.West, got.South - c.want.South, got.East - c.want.East, got.North - c.want.North} {
			if !(math.Abs(d) < 2e-3) {
				t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			}
		}
	}
	for name, got := range map[string]geo.BBox{
		"of the empty box": geodesic.BufferBox(geo.EmptyBBox(), 10),
		"by minus a metre": geodesic.BufferBox(place, -1),
		"by NaN metres":    geodesic.BufferBox(place, math.NaN()),
	} {
		if !got.IsEmpty() {
			t.Errorf("BufferBox %s = %+v, want empty", name, got)
		}
	}
}
