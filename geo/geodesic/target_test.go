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

// target draws a geometry near a position: a position, a line, several, a polygon;
// with edges of metres or of hundreds of kilometres.
func drawTarget(t *rapid.T, at orb.Point) orb.Geometry {
	step := rapid.SampledFrom([]float64{1e-5, 0.01, 0.3, 5}).Draw(t, "step")
	var line orb.LineString
	for range rapid.IntRange(1, 60).Draw(t, "vertices") {
		line = append(line, at)
		at = orb.Point{at[0] + step*rapid.Float64Range(-1, 1).Draw(t, "dx"), max(-90, min(90, at[1]+step*rapid.Float64Range(-1, 1).Draw(t, "dy")))}
	}
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return line[0]
	case 1:
		return orb.MultiLineString{line, {{at[0] + 1, at[1]}, {at[0] + 1, at[1]}}}
	case 2:
		return orb.MultiPoint(line)
	case 3:
		return orb.Polygon{{at, {at[0] + step, at[1]}, {at[0], max(-90, at[1]-step)}, at}}
	}
	return line
}

// Bounds and Side hold what DistanceTo measures, everywhere, and Distance is the same.
func TestTargetsAgreeWithDistanceTo(t *testing.T) {
	inside, outside, tight := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		from := orb.Point{rapid.SampledFrom([]float64{70, 0, 179.9, -179.9}).Draw(t, "lon"), rapid.SampledFrom([]float64{0, 40, -40, 70, -89.9, 90}).Draw(t, "lat")}
		g := drawTarget(t, from)
		target := geodesic.NewTarget(g).Probe()
		spread := rapid.SampledFrom([]float64{1e-6, 0.01, 0.5, 4, 60}).Draw(t, "spread")
		var spots []geodesic.Spot
		least, most, reach := math.Inf(1), 0.0, rapid.SampledFrom([]float64{100, 25_000, 250_000, 5e6}).Draw(t, "reach")
		start := orb.Point{from[0] + spread*rapid.Float64Range(-1, 1).Draw(t, "x"), from[1]}
		size := spread * rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(t, "size")
		for range 8 {
			p := orb.Point{start[0] + size*rapid.Float64Range(-1, 1).Draw(t, "px"), max(-90, min(90, start[1]+size*rapid.Float64Range(-1, 1).Draw(t, "py")))}
			metres, ok := geodesic.DistanceTo(p, g)
			if got, gotOK := target.Distance(p); gotOK != ok || ok && math.Abs(got-metres) > 2e-6 {
				t.Fatalf("%v is %v m from %v, not %v", p, metres, g, got)
			}
			for _, reach := range []float64{reach, metres, math.Nextafter(metres, -1), metres + 1e-6} {
				if within, _ := target.Within(p, reach); ok && within != (metres <= reach) {
					t.Fatalf("%v is %v m from %v: within %v is %v", p, metres, g, reach, within)
				}
			}
			same, _ := target.Distance(p)
			for _, reach := range []float64{reach, metres, metres / 2, math.Nextafter(same, 0), math.Inf(1)} {
				if got, found := target.Nearer(p, reach); found && (!ok || got != same) || !found && ok && same <= reach {
					t.Fatalf("%v is %v m from %v: nearer than %v is %v, %v", p, same, g, reach, got, found)
				}
			}
			if beyond := target.Beyond(geodesic.SpotOf(p)); ok && beyond > metres {
				t.Fatalf("%v is %v m from %v, not beyond %v", p, metres, g, beyond)
			}
			least, most = min(least, metres), max(most, metres)
			spots = append(spots, geodesic.SpotOf(p))
		}
		ball := geodesic.BallOf(spots)
		switch rapid.IntRange(0, 2).Draw(t, "ball") {
		case 0:
			ball = geodesic.BallOfBalls([]geodesic.Ball{geodesic.BallOf(spots[:3]), geodesic.BallOf(spots[3:])})
		case 1:
			least, _ = target.Distance(start)
			ball, most = geodesic.BallRound(start, 0), least
		}
		if low, high := target.Bounds(ball); !(low <= least && most <= high) {
			t.Fatalf("%v to %v m from %v, not %v to %v", least, most, g, low, high)
		} else if high-low < 1.001*2*float64(ball.Radius)+3 {
			tight++
		}
		switch target.Side(ball, reach) {
		case 1:
			if inside++; most > reach {
				t.Fatalf("up to %v m from %v, not within %v", most, g, reach)
			}
		case -1:
			if outside++; least <= reach {
				t.Fatalf("%v m from %v, not beyond %v", least, g, reach)
			}
		}
	})
	if inside == 0 || outside == 0 || tight == 0 {
		t.Errorf("%d inside, %d outside, %d tight: the test cannot fail", inside, outside, tight)
	}
}

// What is known of a ball that was entered holds for every position in it.
func TestEnteredBallsHoldWhatLiesInThem(t *testing.T) {
	entered, inside, outside, glances := 0, 0, 0, [2]int{}
	rapid.Check(t, func(t *rapid.T) {
		from := orb.Point{rapid.SampledFrom([]float64{70, 0, 179.9}).Draw(t, "lon"), rapid.SampledFrom([]float64{0, 40, -89.9}).Draw(t, "lat")}
		g := drawTarget(t, from)
		target := geodesic.NewTarget(g).Probe()
		if !target.Dotted() {
			return
		}
		size := rapid.SampledFrom([]float64{1e-6, 0.01, 0.5}).Draw(t, "size")
		reach := rapid.SampledFrom([]float64{0, 100, 25_000, 250_000}).Draw(t, "reach")
		for range 2 { // the first ball must not change what is known of the second
			start := orb.Point{from[0] + 2*rapid.Float64Range(-1, 1).Draw(t, "x"), from[1]}
			var places []orb.Point
			var spots []geodesic.Spot
			for range 8 {
				p := orb.Point{start[0] + size*rapid.Float64Range(-1, 1).Draw(t, "px"), max(-90, min(90, start[1]+size*rapid.Float64Range(-1, 1).Draw(t, "py")))}
				places, spots = append(places, p), append(spots, geodesic.SpotOf(p))
			}
			ball := geodesic.BallOf(spots)
			low, high, in := target.Enter(ball)
			if in != geodesic.Unentered {
				entered++
			}
			round := geodesic.BallOfBalls([]geodesic.Ball{ball, geodesic.BallRound(from, rapid.SampledFrom([]float64{1, 100, 10_000}).Draw(t, "round"))})
			known, _ := target.Glance(round, rapid.SampledFrom([]float64{0, reach}).Draw(t, "before"), geodesic.Glance{})
			glance, side := target.Glance(ball, reach, known)
			rim, on := target.Least(ball, glance), in
			if side == 0 {
				glances[0]++
				on = target.EnterRim(ball, reach, glance)
			} else if side > 0 {
				glances[1]++
			}
			for i, p := range places {
				metres, _ := geodesic.DistanceTo(p, g)
				least, nearest := target.AtLeastOf(spots[i].Dot(), in)
				if !(low <= metres && metres <= high && least <= metres && rim <= metres) {
					t.Fatalf("%v is %v m from %v, not %v to %v, at least %v and %v", p, metres, g, low, high, least, rim)
				}
				if side > 0 && metres > reach || side < 0 && metres <= reach {
					t.Fatalf("%v is %v m from %v; of its ball the side of %v is %d", p, metres, g, reach, side)
				}
				switch target.SideOf(spots[i].Dot(), on, reach) {
				case 1:
					if inside++; metres > reach {
						t.Fatalf("%v is %v m from %v, not within %v", p, metres, g, reach)
					}
				case -1:
					if outside++; metres <= reach {
						t.Fatalf("%v is %v m from %v, not beyond %v", p, metres, g, reach)
					}
				}
				target.BeginAt(nearest)
				if again, ok := target.Distance(p); ok && math.Abs(again-metres) > 2e-6 {
					t.Fatalf("%v is %v m from %v, not %v", p, metres, g, again)
				}
			}
		}
	})
	if entered == 0 || inside == 0 || outside == 0 || glances[0] == 0 || glances[1] == 0 {
		t.Errorf("%d entered, %d inside, %d outside, %v balls on the rim and within it: the test cannot fail", entered, inside, outside, glances)
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
