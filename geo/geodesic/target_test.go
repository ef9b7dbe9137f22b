package geodesic_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	karney "github.com/tidwall/geodesic"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// Bounds hold what DistanceTo measures, everywhere, and are close to it at 40° N.
func TestBoundsHoldTheDistance(t *testing.T) {
	known, beyond := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.SampledFrom([]float64{0, 40, -40, 70, -74.5, 10}).Draw(t, "lat")
		lon := rapid.SampledFrom([]float64{70, 0, 179.9, -179.9}).Draw(t, "lon")
		step := rapid.SampledFrom([]float64{1e-5, 0.01, 0.3}).Draw(t, "step")
		at := orb.Point{lon, lat}
		var line orb.LineString
		for range rapid.IntRange(1, 60).Draw(t, "vertices") {
			line = append(line, at)
			at = orb.Point{at[0] + step*rapid.Float64Range(-1, 1).Draw(t, "dx"), at[1] + step*rapid.Float64Range(-1, 1).Draw(t, "dy")}
		}
		var g orb.Geometry = line
		if len(line) == 1 {
			g = line[0]
		} else if rapid.Bool().Draw(t, "two") {
			g = orb.MultiLineString{line, {{lon + 1, lat}, {lon + 1, lat + step}}}
		}
		target := geodesic.NewTarget(g)
		reach := rapid.SampledFrom([]float64{100, 25_000, 250_000}).Draw(t, "reach")
		for range 20 {
			spread := rapid.SampledFrom([]float64{1e-6, 0.01, 0.5, 4}).Draw(t, "spread")
			p := orb.Point{line[0][0] + spread*rapid.Float64Range(-1, 1).Draw(t, "px"), line[0][1] + spread*rapid.Float64Range(-1, 1).Draw(t, "py")}
			if rapid.Bool().Draw(t, "the other name") && p[0] > 180 {
				p[0] -= 360
			}
			low, high := target.Bounds(p, reach)
			metres, ok := geodesic.DistanceTo(p, g)
			if !ok {
				continue
			}
			switch {
			case metres <= reach && !(low <= metres && metres <= high):
				t.Fatalf("%v is %v m from %v, not %v to %v (reach %v)", p, metres, g, low, high, reach)
			case metres > reach && high <= reach:
				t.Fatalf("%v is %v m from %v, not up to %v (reach %v)", p, metres, g, high, reach)
			case low > reach:
				beyond++
			case !math.IsInf(high, 1):
				known++
				if reach == 25_000 && math.Abs(lat) == 40 && step <= 0.01 && high-low > 0.012*metres+1 {
					t.Fatalf("%v is %v m from %v: %v to %v is wide", p, metres, g, low, high)
				}
			}
		}
	})
	if known == 0 || beyond == 0 {
		t.Error("nothing was known, or nothing beyond reach: the test cannot fail")
	}
}

// No edge leaves its EdgeBox.
func TestEdgeBoxHoldsEdges(t *testing.T) {
	left := 0
	rapid.Check(t, func(t *rapid.T) {
		a := orb.Point{rapid.Float64Range(-180, 0).Draw(t, "lon"), rapid.Float64Range(-89, 89).Draw(t, "lat")}
		b := orb.Point{a[0] + rapid.Float64Range(0, 178).Draw(t, "span"), rapid.Float64Range(-89, 89).Draw(t, "to lat")}
		plain := geo.BBoxOf(orb.LineString{a, b})
		box := geodesic.EdgeBox(plain, b[0]-a[0])
		metres, azimuth := geodesic.Distance(a, b), 0.0
		karney.WGS84.Inverse(a[1], a[0], b[1], b[0], nil, &azimuth, nil)
		for i := range 50 {
			at := geodesic.Destination(a, azimuth, metres*float64(i)/49)
			if at[1] > box.North+1e-9 || at[1] < box.South-1e-9 {
				t.Fatalf("the edge from %v to %v is at %v, beyond %v", a, b, at, box)
			}
			if at[1] > plain.North+1e-9 || at[1] < plain.South-1e-9 {
				left++
			}
		}
	})
	if left == 0 {
		t.Error("no edge left the box of its ends: the test cannot fail")
	}
}
