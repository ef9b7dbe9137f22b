package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
)

// The bounds of the difference to ST_Distance(geography).
//
// Between two positions both sides use Karney's method, so only rounding is left.
//
// With edges PostGIS answers another question: it takes longitude and latitude for
// a sphere's, finds the nearest position on great circles there, and measures from
// it on the ellipsoid. So its answer is a distance to a position of its own edge:
// never less than ours but by how far its edge lies from the geodesic, and more
// than ours by what choosing the foot on a sphere costs. An edge of length L lies
// at most L²/8 times the difference of the two curvatures, e²/a, from the geodesic.
// A sphere's distances are to those of the ellipsoid as 1 is to something between
// a(1−e²)/R and a/(√(1−e²)R), so the foot that is nearest on the sphere is at most
// 1/(1−e²)^1.5 = 1.0102 times as far as the nearest one. That is reached where two
// edges in different directions are about equally far. On one edge alone the foot
// is off by an angle of at most e²/2, which costs its square: e⁴/2 of the distance.
const (
	pointsPer100km = 1e-3 // metres
	pointsLeast    = 1e-7 // the smallest distances are rounded to 10 nm by PostGIS
	eSquared       = 0.00669437999014
	equatorRadius  = 6378137.0
)

var sphereFactor = math.Pow(1-eSquared, -1.5)

// sagitta is how far PostGIS' edge of that length may lie from the geodesic.
func sagitta(length float64) float64 {
	return length * length / 8 * eSquared / equatorRadius
}

// distanceCase is two geometries, the kinds that they are of, and the length of
// the longest edge.
type distanceCase struct {
	kind    string
	a, b    orb.Geometry
	longest float64
}

func (r shapes) onEarth() orb.Point {
	switch r.IntN(6) {
	case 0: // the poles and the antimeridian
		return orb.Point{[]float64{-180, 180, 179.999, -179.999, 0}[r.IntN(5)], []float64{-90, 90, 89.9999, 0, -16.5}[r.IntN(5)]}
	case 1, 2:
		return orb.Point{69 + 3*r.Float64(), 38 + 3*r.Float64()}
	}
	return orb.Point{-180 + 360*r.Float64(), math.Asin(2*r.Float64()-1) * 180 / math.Pi}
}

// path is a line from p with edges of about the length.
func (r shapes) path(p orb.Point, edges int, length float64) orb.LineString {
	l := orb.LineString{p}
	for range edges {
		p = geodesic.Destination(p, 360*r.Float64(), length*(0.2+0.8*r.Float64()))
		l = append(l, p)
	}
	return l
}

// area is a polygon round p that is no more than the length across.
func (r shapes) area(p orb.Point, length float64) orb.Polygon {
	var ring orb.Ring
	n := 3 + r.IntN(5)
	for i := range n {
		ring = append(ring, geodesic.Destination(p, -360*float64(i)/float64(n), length/2*(0.3+0.7*r.Float64())))
	}
	return orb.Polygon{append(ring, ring[0])}
}

// drawDistances draws pairs of every kind, at all scales.
func (r shapes) drawDistances(positions, others int) []distanceCase {
	var all []distanceCase
	for range positions {
		a := r.onEarth()
		b := r.onEarth()
		switch r.IntN(4) {
		case 0: // near one another
			b = geodesic.Destination(a, 360*r.Float64(), math.Pow(10, -3+8*r.Float64()))
		case 1: // nearly antipodal
			b = orb.Point{math.Remainder(a[0]+180+r.NormFloat64(), 360), math.Max(-90, math.Min(90, -a[1]+r.NormFloat64()/2))}
		}
		all = append(all, distanceCase{kind: "position and position", a: a, b: b})
	}
	for i := range others {
		length := math.Pow(10, 1+4*r.Float64()) // an edge of 10 m to 100 km
		away := math.Pow(10, 1+4.5*r.Float64()) // 10 m to 300 km off
		p := orb.Point{-175 + 350*r.Float64(), -65 + 130*r.Float64()}
		q := geodesic.Destination(p, 360*r.Float64(), away)
		c := distanceCase{longest: length}
		switch i % 5 {
		case 0:
			c.kind, c.a, c.b = "position and edge", p, r.path(q, 1, length)
		case 1:
			c.kind, c.a, c.b = "position and line", p, r.path(q, 2+r.IntN(8), length)
		case 2:
			c.kind, c.a, c.b = "position and polygon", p, r.area(q, length)
		case 3:
			c.kind, c.a, c.b = "line and line", r.path(p, 1+r.IntN(5), length), r.path(q, 1+r.IntN(5), length)
		default:
			c.kind, c.a, c.b = "line and polygon", r.path(p, 1+r.IntN(5), length), r.area(q, length)
		}
		all = append(all, c)
	}
	return all
}

// TestPostGISDistances compares geodesic.DistanceTo, distance_m and dwithin with
// ST_Distance on geography.
func TestPostGISDistances(t *testing.T) {
	db := startPostGIS(t)
	seed := testSeed()
	all := shapes{rand.New(rand.NewPCG(seed, 3))}.drawDistances(4000, 1500)
	theirs := askDistances(t, db, all)

	type summary struct {
		cases                 int
		under, over, overRate float64
	}
	kinds := map[string]*summary{}
	differences := 0
	for i, c := range all {
		s := kinds[c.kind]
		if s == nil {
			s = &summary{}
			kinds[c.kind] = s
		}
		s.cases++
		ours, err := ourDistance(c)
		if err != nil {
			t.Errorf("%s, %s: %v", wkt.MarshalString(c.a), wkt.MarshalString(c.b), err)
			continue
		}
		least, most := ours-ours/1e5*pointsPer100km-pointsLeast, ours+ours/1e5*pointsPer100km+pointsLeast
		if c.longest > 0 {
			factor := sphereFactor
			if c.kind == "position and edge" {
				factor = 1 + eSquared*eSquared/2
			}
			least, most = ours-sagitta(c.longest)-pointsLeast, ours*factor+sagitta(c.longest)+pointsLeast
		}
		if theirs[i] < least || theirs[i] > most {
			differences++
			if differences <= 20 {
				t.Errorf("%s and %s: %.7f m, PostGIS %.7f m, want between %.7f and %.7f", wkt.MarshalString(c.a), wkt.MarshalString(c.b), ours, theirs[i], least, most)
			}
		}
		s.under = max(s.under, ours-theirs[i])
		s.over = max(s.over, theirs[i]-ours)
		if ours > 1 {
			s.overRate = max(s.overRate, math.Abs(theirs[i]-ours)/ours)
		}
	}
	for _, kind := range []string{"position and position", "position and edge", "position and line", "position and polygon", "line and line", "line and polygon"} {
		s := kinds[kind]
		t.Logf("%s: %d cases, PostGIS at most %.3g m less and %.3g m more, %.3g mm per 100 km", kind, s.cases, s.under, s.over, s.overRate*1e8)
	}
	t.Logf("PostGIS distances: %d cases (seed %d), %d differences", len(all), seed, differences)
}

func askDistances(t *testing.T, db *postgis, all []distanceCase) []float64 {
	t.Helper()
	var flat []orb.Geometry
	for _, c := range all {
		flat = append(flat, c.a, c.b)
	}
	db.run(t, "CREATE EXTENSION postgis; CREATE TABLE shape (n int, g geography);")
	loadShapes(t, db, "shape", flat)
	theirs := make([]float64, len(all))
	for _, row := range db.query(t, `SELECT a.n / 2, ST_Distance(a.g, b.g) FROM shape a JOIN shape b ON b.n = a.n + 1 WHERE a.n % 2 = 0`) {
		n, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		if theirs[n], err = strconv.ParseFloat(row[1], 64); err != nil {
			t.Fatal(err)
		}
	}
	return theirs
}

// ourDistance measures through cql2.Eval, and where one is a position through
// geodesic.DistanceTo; both must agree, and dwithin must change where distance_m
// says.
func ourDistance(c distanceCase) (float64, error) {
	call := cql2.Call{Name: "distance_m", Args: []cql2.Expr{cql2.Geometry{Shape: c.a}, cql2.Geometry{Shape: c.b}}}
	less := func(metres float64) bool {
		return cql2.Eval(cql2.Compare{Op: cql2.LessOrEqual, Left: call, Right: cql2.Number{Float: metres}}, &geo.Feature{}) == cql2.True
	}
	within := func(metres float64) bool {
		return cql2.Eval(cql2.Call{Name: "dwithin", Args: append(call.Args[:2:2], cql2.Number{Float: metres})}, &geo.Feature{}) == cql2.True
	}
	var metres float64
	if p, ok := c.a.(orb.Point); ok {
		if metres, ok = geodesic.DistanceTo(p, c.b); !ok {
			return 0, fmt.Errorf("there is no distance")
		}
	} else { // a filter tells no numbers: find where it becomes true
		low, high := 0.0, 3e7
		for high-low > 1e-8 {
			if middle := (low + high) / 2; less(middle) {
				high = middle
			} else {
				low = middle
			}
		}
		if metres = high; less(0) {
			metres = 0
		}
	}
	const rounding = 1e-6
	switch {
	case !less(metres + rounding), metres > rounding && less(metres-rounding):
		return 0, fmt.Errorf("distance_m is not %.7f", metres)
	case !within(metres + rounding), metres > rounding && within(metres-rounding):
		return 0, fmt.Errorf("dwithin does not turn true at %.7f", metres)
	}
	return metres, nil
}
