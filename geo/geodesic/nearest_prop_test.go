package geodesic_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	karney "github.com/tidwall/geodesic"
	"pgregory.net/rapid"

	"demarc/geo/geodesic"
)

// bruteToEdge finds the distance to an edge the slow and obvious way: the
// least of many samples, narrowed down by golden section wherever they dip.
func bruteToEdge(p, a, b orb.Point) float64 {
	var length, azimuth float64
	karney.WGS84.Inverse(a[1], a[0], b[1], b[0], &length, &azimuth, nil)
	d := func(s float64) float64 {
		return geodesic.Distance(p, geodesic.Destination(a, azimuth, s))
	}
	const samples = 600
	var sampled [samples + 1]float64
	for i := range sampled {
		sampled[i] = d(length * float64(i) / samples)
	}
	least := math.Inf(1)
	for i, m := range sampled {
		before, after := max(i-1, 0), min(i+1, samples)
		if m <= sampled[before] && m <= sampled[after] {
			least = min(least, m, golden(d, length*float64(before)/samples, length*float64(after)/samples))
		}
	}
	return least
}

// golden returns the least value of f between lo and hi, where it has one
// minimum.
func golden(f func(float64) float64, lo, hi float64) float64 {
	const section = 0.6180339887498949
	for hi-lo > 1e-5 {
		x, y := hi-section*(hi-lo), lo+section*(hi-lo)
		if f(x) < f(y) {
			hi = y
		} else {
			lo = x
		}
	}
	return min(f(lo), f(hi))
}

// position draws from the whole Earth, with more weight on what is hard: the
// poles, the antimeridian, the equator and the prime meridian. It rounds to
// 0.1 mm: of two edges half way round the Earth along the equator, a hair's
// breadth would decide which goes over the north.
func position(t *rapid.T, name string) orb.Point {
	lon := rapid.OneOf(rapid.Float64Range(-180, 180),
		rapid.SampledFrom([]float64{-180, -179.999, 0, 90, 179.9999, 180})).Draw(t, name+" lon")
	lat := rapid.OneOf(rapid.Float64Range(-90, 90),
		rapid.SampledFrom([]float64{-90, -89.9999, 0, 40, 89.99, 90})).Draw(t, name+" lat")
	return orb.Point{math.Round(lon*1e9) / 1e9, math.Round(lat*1e9) / 1e9}
}

// near draws a position at up to some metres from p.
func near(t *rapid.T, name string, p orb.Point, metres float64) orb.Point {
	return geodesic.Destination(p, rapid.Float64Range(-180, 180).Draw(t, name+" azimuth"),
		metres*rapid.Float64Range(0, 1).Draw(t, name+" metres"))
}

func scale(t *rapid.T, name string) float64 {
	return math.Pow(10, rapid.Float64Range(0, 7.3).Draw(t, name))
}

func TestDistanceToEdgeAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := position(t, "a")
		b := near(t, "b", a, scale(t, "edge"))
		p := near(t, "p", a, scale(t, "away"))
		want := bruteToEdge(p, a, b)
		for _, line := range []orb.LineString{{a, b}, {b, a}} {
			got, ok := geodesic.DistanceTo(p, line)
			if !ok || math.Abs(got-want) > 1e-3 {
				t.Fatalf("DistanceTo(%v, %v) = %.6f, %v, want %.6f", p, line, got, ok, want)
			}
		}
	})
}

func TestDistanceToEdgeFarAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, p := position(t, "a"), position(t, "b"), position(t, "p")
		want := bruteToEdge(p, a, b)
		if got, ok := geodesic.DistanceTo(p, orb.LineString{a, b}); !ok || math.Abs(got-want) > 1e-3 {
			t.Fatalf("DistanceTo(%v, {%v, %v}) = %.6f, %v, want %.6f", p, a, b, got, ok, want)
		}
	})
}

// wander draws a line of up to 60 edges from a; it may double back.
func wander(t *rapid.T, name string, a orb.Point, edge float64) orb.LineString {
	l := orb.LineString{a}
	for range rapid.IntRange(1, 60).Draw(t, name) {
		l = append(l, near(t, name, l[len(l)-1], edge))
	}
	return l
}

// The bounds that spare edges must not spare the nearest.
func TestDistanceToLineIsThatToItsNearestEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := position(t, "a")
		edge := math.Pow(10, rapid.Float64Range(0, 6.3).Draw(t, "edge"))
		l := wander(t, "line", a, edge)
		m := wander(t, "other line", a, edge*rapid.SampledFrom([]float64{1, 100}).Draw(t, "coarser"))
		p := near(t, "p", a, edge*math.Pow(10, rapid.Float64Range(-1, 2).Draw(t, "away")))
		want := math.Inf(1)
		for _, l := range []orb.LineString{l, m} {
			for i := range l[1:] {
				d, _ := geodesic.DistanceTo(p, l[i:i+2])
				want = min(want, d)
			}
		}
		got, ok := geodesic.DistanceTo(p, orb.MultiLineString{l, m})
		if !ok || math.Abs(got-want) > 2e-6 {
			t.Fatalf("DistanceTo(%v, %v, %v) = %.7f, %v, want %.7f", p, l, m, got, ok, want)
		}
		points := orb.MultiPoint(append(l, m...))
		want = math.Inf(1)
		for _, v := range points {
			want = min(want, geodesic.Distance(p, v))
		}
		if got, ok := geodesic.DistanceTo(p, points); !ok || math.Abs(got-want) > 1e-6 {
			t.Fatalf("DistanceTo(%v, %v) = %.7f, %v, want %.7f", p, points, got, ok, want)
		}
	})
}

// star draws a ring round a centre, with the least and greatest of its radii.
func star(t *rapid.T, centre orb.Point) (r orb.Ring, least, greatest float64) {
	size := math.Pow(10, rapid.Float64Range(1, 6.3).Draw(t, "size"))
	n := rapid.IntRange(8, 40).Draw(t, "vertices")
	least = math.Inf(1)
	for i := range n {
		radius := size * rapid.Float64Range(0.5, 1).Draw(t, "radius")
		r = append(r, geodesic.Destination(centre, 360*float64(i)/float64(n), radius))
		least, greatest = min(least, radius), max(greatest, radius)
	}
	return closed(r), least, greatest
}

func TestDistanceToPolygonWithinAndWithout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := position(t, "centre")
		r, least, greatest := star(t, centre)
		if rapid.Bool().Draw(t, "clockwise") {
			r = reversed(r)
		}
		azimuth := rapid.Float64Range(-180, 180).Draw(t, "azimuth")
		// Two vertices an eighth of a turn apart: their edge passes the centre
		// at cos 22.5° of the smaller radius or more.
		in := geodesic.Destination(centre, azimuth, 0.9*least*math.Cos(math.Pi/8))
		out := geodesic.Destination(centre, azimuth, 1.02*greatest)
		if d, ok := geodesic.DistanceTo(in, orb.Polygon{r}); !ok || d != 0 {
			t.Fatalf("%v within %v: %v, %v", in, r, d, ok)
		}
		if d, ok := geodesic.DistanceTo(out, orb.Polygon{r}); !ok || !(d >= 0.01*greatest) {
			t.Fatalf("%v outside %v: %v, %v", out, r, d, ok)
		}
		hole, _ := geodesic.DistanceTo(in, orb.LineString(r))
		outer, _, _ := star(t, centre)
		for i := range outer { // wide enough to hold r
			var azimuth float64
			karney.WGS84.Inverse(centre[1], centre[0], outer[i][1], outer[i][0], nil, &azimuth, nil)
			outer[i] = geodesic.Destination(centre, azimuth, 3*greatest)
		}
		if d, ok := geodesic.DistanceTo(in, orb.Polygon{outer, r}); !ok || d != hole {
			t.Fatalf("%v in the hole %v: %v, %v, want %v", in, r, d, ok, hole)
		}
		if d, ok := geodesic.DistanceTo(out, orb.Polygon{outer, r}); !ok || d != 0 {
			t.Fatalf("%v between %v and %v: %v, %v", out, outer, r, d, ok)
		}
	})
}

// An edge of a polygon is a geodesic, not a straight line of degrees: a metre
// off its middle decides between inside and outside.
func TestDistanceToPolygonBesideItsEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := position(t, "centre")
		r, _, _ := star(t, centre)
		a, b := r[0], r[1]
		var length, leave, along float64
		karney.WGS84.Inverse(a[1], a[0], b[1], b[0], &length, &leave, nil)
		share := rapid.Float64Range(0.3, 0.7).Draw(t, "share")
		var lat, lon float64
		karney.WGS84.Direct(a[1], a[0], leave, length*share, &lat, &lon, &along)
		const beside = 0.01
		in := geodesic.Destination(orb.Point{lon, lat}, along+90, beside)
		out := geodesic.Destination(orb.Point{lon, lat}, along-90, beside)
		if d, ok := geodesic.DistanceTo(in, orb.Polygon{r}); !ok || d != 0 {
			t.Fatalf("%v within %v: %v, %v", in, r, d, ok)
		}
		if d, ok := geodesic.DistanceTo(out, orb.Polygon{r}); !ok || math.Abs(d-beside) > 1e-5 {
			t.Fatalf("%v outside %v: %v, %v", out, r, d, ok)
		}
	})
}
