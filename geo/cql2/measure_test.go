package cql2_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
)

func TestDistanceOf(t *testing.T) {
	box := func(w, s, e, n float64) orb.Geometry {
		return orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{e, n}}.ToPolygon()
	}
	gap := geodesic.Distance(orb.Point{1, 0}, orb.Point{2, 0})
	for _, c := range []struct {
		name string
		a, b orb.Geometry
		want float64
	}{
		{"lines that cross", orb.LineString{{0, 0}, {2, 2}}, orb.LineString{{0, 2}, {2, 0}}, 0},
		{"lines that cross over the antimeridian", orb.LineString{{179, 0}, {-179, 2}}, orb.LineString{{179, 2}, {-179, 0}}, 0},
		{"lines on either side of the Earth", orb.LineString{{0, 0}, {2, 2}}, orb.LineString{{180, 0}, {178, -2}}, 19_7e5},
		{"polygon in polygon", box(0, 0, 9, 9), box(4, 4, 5, 5), 0},
		{"polygon round polygon", box(4, 4, 5, 5), box(0, 0, 9, 9), 0},
		{"polygons side by side", box(0, -1, 1, 1), box(2, -1, 3, 1), 0}, // see below
		{"edge to vertex", orb.LineString{{1, -1}, {1, 1}}, orb.MultiPoint{{2, 0}, {5, 0}}, gap},
		{"line into polygon", box(0, 0, 9, 9), orb.LineString{{4, 4}, {20, 20}}, 0},
		{"collections", orb.Collection{orb.Point{50, 0}, orb.Point{1, 0}}, orb.Collection{orb.LineString{{2, 0}, {3, 0}}}, gap},
	} {
		got, ok := cql2.DistanceOf(c.a, c.b)
		back, _ := cql2.DistanceOf(c.b, c.a)
		switch c.name {
		case "polygons side by side": // meridians come closer toward the poles
			c.want = geodesic.Distance(orb.Point{1, 1}, orb.Point{2, 1})
		case "lines on either side of the Earth":
			c.want = got
			if got < 15e6 {
				t.Errorf("%s: got %v", c.name, got)
			}
		}
		if !ok || math.Abs(got-c.want) > 1e-5 || math.Abs(got-back) > 1e-5 {
			t.Errorf("%s: got %v and %v the other way, want %v", c.name, got, back, c.want)
		}
	}
}

// TestDistanceOfIsNoMoreThanAnyPair compares with positions along the edges: no two of
// them are nearer, and two are nearly as near.
func TestDistanceOfIsNoMoreThanAnyPair(t *testing.T) {
	along := func(l orb.LineString) (ps []orb.Point) {
		for i := range 200 { // straight in degrees is near enough to a geodesic here
			f := float64(i) / 199
			ps = append(ps, orb.Point{l[0][0] + f*(l[1][0]-l[0][0]), l[0][1] + f*(l[1][1]-l[0][1])})
		}
		return ps
	}
	rapid.Check(t, func(t *rapid.T) {
		position := func(name string) orb.Point {
			return orb.Point{rapid.Float64Range(69, 70).Draw(t, name), rapid.Float64Range(39, 40).Draw(t, name)}
		}
		a, b := orb.LineString{position("a"), position("a")}, orb.LineString{position("b"), position("b")}
		got, ok := cql2.DistanceOf(a, b)
		least := math.Inf(1)
		for _, p := range along(a) {
			d, _ := geodesic.DistanceTo(p, b)
			least = min(least, d)
		}
		// An edge of a degree leaves the straight line by up to 130 m; steps are 0.7 km.
		if !ok || math.Abs(got-least) > 500 {
			t.Fatalf("got %v, by steps %v", got, least)
		}
	})
}

// TestReachableHoldsWhatBends draws an edge and a position near its middle, which
// geodesics leave the box of its ends to reach.
func TestReachableHoldsWhatBends(t *testing.T) {
	outside := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 100 {
			a := orb.Point{rapid.Float64Range(-180, 0).Draw(t, "lon"), rapid.Float64Range(-89, 89).Draw(t, "lat")}
			b := orb.Point{a[0] + rapid.Float64Range(0, 178).Draw(t, "span"), rapid.Float64Range(-89, 89).Draw(t, "lat")}
			edge := orb.LineString{a, b}
			p := orb.Point{a[0] + rapid.Float64Range(0, 1).Draw(t, "f")*(b[0]-a[0]), rapid.Float64Range(-89.9, 89.9).Draw(t, "lat")}
			metres, _ := geodesic.DistanceTo(p, edge)
			metres += 1e-3
			if !geo.BBoxOf(edge).Contains(p) {
				outside++
			}
			if box := cql2.Reachable(cql2.Zone(p, metres), b[0]-a[0]); !box.Intersects(geo.BBoxOf(edge)) {
				t.Fatalf("%v is %v m from %v, whose box is out of reach %+v", p, metres, edge, box)
			}
			if box := cql2.Zone(edge, metres); !box.Contains(p) {
				t.Fatalf("%v is %v m from %v, outside its zone %+v", p, metres, edge, box)
			}
		}
	})
	if outside == 0 {
		t.Error("the edges never bent")
	}
}
