package geodesic_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
)

func TestDistanceToByKindOfGeometry(t *testing.T) {
	nan := math.NaN()
	p, near, far := orb.Point{70, 40}, orb.Point{70.1, 40}, orb.Point{71, 41}
	apart := geodesic.Distance(p, near)
	ring := square(70, 40, 0.2)
	holed := orb.Polygon{ring, square(70, 40, 0.1)}
	toHole := geodesic.Distance(p, orb.Point{70.1, 40}) // its foot on the eastern edge, nearly
	away := orb.Polygon{square(75, 40, 0.2)}
	for _, c := range []struct {
		name string
		p    orb.Point
		g    orb.Geometry
		want float64
		ok   bool
	}{
		{"nil", p, nil, nan, false},
		{"empty multipoint", p, orb.MultiPoint{}, nan, false},
		{"empty line", p, orb.LineString{}, nan, false},
		{"multiline of empty lines", p, orb.MultiLineString{{}, nil}, nan, false},
		{"empty ring", p, orb.Ring{}, nan, false},
		{"polygon of a hole in nothing", p, orb.Polygon{{}, ring}, nan, false},
		{"empty multipolygon", p, orb.MultiPolygon{{}}, nan, false},
		{"collection of nothing", p, orb.Collection{nil, orb.MultiPoint{}}, nan, false},
		{"empty bound", p, orb.MultiPoint{}.Bound(), nan, false},
		{"no position", orb.Point{70, nan}, near, nan, false},
		{"no latitude", orb.Point{70, 91}, orb.Polygon{ring}, nan, false},
		{"geometry without a position", p, orb.LineString{{nan, 0}, {0, 95}}, nan, false},
		{"itself", p, p, 0, true},
		{"point", p, near, apart, true},
		{"multipoint", p, orb.MultiPoint{far, near}, apart, true},
		{"line of one vertex", p, orb.LineString{near}, apart, true},
		{"line of one place", p, orb.LineString{near, near, near}, apart, true},
		{"line, its vertex", p, orb.LineString{far, near, p}, 0, true},
		{"vertices that are no position are passed over", p, orb.LineString{far, {nan, 40}, near, {70, 95}, {70, 40}, {nan, nan}}, 0, true},
		{"multiline", p, orb.MultiLineString{{far, {72, 41}}, {}, {near, far}}, apart, true},
		{"ring covers", p, ring, 0, true},
		{"open ring is closed", orb.Point{69.9, 40}, ring[:4], 0, true},
		{"line does not cover", p, orb.LineString(ring), geodesic.Distance(p, orb.Point{70.2, 40}), true},
		{"polygon covers", p, orb.Polygon{ring}, 0, true},
		{"from a hole", p, holed, toHole, true},
		{"between hole and ring", orb.Point{70.15, 40}, holed, 0, true},
		{"multipolygon covers", p, orb.MultiPolygon{away, {ring}}, 0, true},
		{"multipolygon, nearest part", p, orb.MultiPolygon{away, holed}, toHole, true},
		{"collection, nearest member", p, orb.Collection{far, nil, orb.LineString{near, far}}, apart, true},
		{"collection covers", p, orb.Collection{near, orb.Polygon{ring}}, 0, true},
		{"bound covers", p, ring.Bound(), 0, true},
		{"bound, from outside", orb.Point{70.3, 40}, ring.Bound(), apart, true},
	} {
		got, ok := geodesic.DistanceTo(c.p, c.g)
		if ok != c.ok || !(math.Abs(got-c.want) < 0.1 || math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %v, %v, want %v, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

func TestDistanceToAtTheEndsOfTheEarth(t *testing.T) {
	aDegree := geodesic.Distance(orb.Point{0, 89}, orb.Point{0, 90})
	arctic := orb.Polygon{{{0, 80}, {90, 80}, {180, 80}, {-90, 80}, {0, 80}}}
	antarctic := orb.Polygon{{{180, -90}, {180, -70}, {90, -71}, {0, -72}, {-90, -73}, {-180, -70}, {-180, -90}, {180, -90}}}
	overPole := orb.Polygon{{{0, 85}, {180, 85}, {90, 70}, {0, 85}}}
	fiji := orb.Polygon{{{177, -19}, {-178, -19}, {-178, -16}, {177, -16}, {177, -19}}}
	for _, c := range []struct {
		name string
		p    orb.Point
		g    orb.Geometry
		want float64
	}{
		{"pole to a line that ends there", orb.Point{5, 90}, orb.LineString{{33, 80}, {33, 90}}, 0},
		{"an edge over the pole", orb.Point{90, 89}, orb.LineString{{0, 85}, {180, 85}}, aDegree},
		{"an edge over the south pole", orb.Point{90, -89}, orb.LineString{{0, -85}, {180, -85}}, aDegree},
		{"an edge across the antimeridian", orb.Point{180, 0}, orb.LineString{{179, 0}, {-179, 0}}, 0},
		{"a line by the other name of the antimeridian", orb.Point{-180, 5}, orb.LineString{{180, 4}, {180, 6}}, 0},
		{"inside a ring round the north pole", orb.Point{45, 89}, arctic, 0},
		{"the north pole inside it", orb.Point{0, 90}, arctic, 0},
		{"the south pole outside it", orb.Point{0, -90}, arctic, geodesic.Distance(orb.Point{0, -90}, orb.Point{0, 80})},
		{"inside a ring drawn along the antimeridian to the pole", orb.Point{10, -80}, antarctic, 0},
		{"on the antimeridian inside it", orb.Point{180, -80}, antarctic, 0},
		{"north of it", orb.Point{90, -70}, antarctic, geodesic.Distance(orb.Point{90, -70}, orb.Point{90, -71})},
		{"inside a ring with an edge over the pole", orb.Point{90, 80}, overPole, 0},
		{"beyond that edge", orb.Point{-90, 88}, overPole, geodesic.Distance(orb.Point{-90, 88}, orb.Point{0, 90})},
		{"inside a ring across the antimeridian, west", orb.Point{179, -17}, fiji, 0},
		{"inside a ring across the antimeridian, east", orb.Point{-179, -17}, fiji, 0},
		{"opposite it", orb.Point{0, -17}, fiji, geodesic.Distance(orb.Point{0, -17}, orb.Point{180, -19})},
	} {
		got, ok := geodesic.DistanceTo(c.p, c.g)
		if tolerance := max(1e-3, c.want/100); !ok || math.Abs(got-c.want) > tolerance {
			t.Errorf("%s: %v, %v, want %v", c.name, got, ok, c.want)
		}
	}
}

// ST_Distance(geography) of PostGIS 3.3.2, in metres; it measures to the foot
// on the great circle, so it is right to centimetres on edges of this length.
func TestDistanceToAgainstPostGIS(t *testing.T) {
	for _, c := range postGISCases {
		got, ok := geodesic.DistanceTo(c.p, c.g)
		if !ok || math.Abs(got-c.want) > 1 {
			t.Errorf("DistanceTo(%v, %v) = %v, %v, want %v", c.p, c.g, got, ok, c.want)
		}
	}
}

// border is a winding line of so many vertices, 300 m apart on average.
func border(vertices int) orb.LineString {
	r := rand.New(rand.NewPCG(1, 2))
	l := orb.LineString{{69.3, 39.9}}
	for azimuth := 80.0; len(l) < vertices; azimuth = 80 + 0.9*(azimuth-80) + 40*r.NormFloat64() {
		l = append(l, geodesic.Destination(l[len(l)-1], azimuth, 100+400*r.Float64()))
	}
	return l
}

func BenchmarkDistance(b *testing.B) {
	for b.Loop() {
		geodesic.Distance(orb.Point{70, 40}, orb.Point{70.1, 40.1})
	}
}

func BenchmarkDistanceTo(b *testing.B) {
	l := border(3000)
	mid := l[1500]
	for _, c := range []struct {
		name   string
		metres float64
	}{{"at100m", 100}, {"at5km", 5_000}, {"at25km", 25_000}, {"at200km", 200_000}, {"at3000km", 3_000_000}} {
		p := geodesic.Destination(mid, 10, c.metres)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				geodesic.DistanceTo(p, l)
			}
		})
	}
}

func BenchmarkBufferBox(b *testing.B) {
	bb := geo.BBoxOf(square(70, 40, 0.5).Bound())
	for b.Loop() {
		geodesic.BufferBox(bb, 25_000)
	}
}
