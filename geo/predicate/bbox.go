package predicate

import (
	"cmp"
	"math"
	"math/big"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// IntersectsBBox tells whether g and b have a position in common, edges
// included, on the plane of lon, lat in degrees, CRS84.
//
// b may cross the antimeridian (West > East), be a line or a position. A nil or
// empty geometry and an empty b intersect nothing. A Ring is a polygon, and an
// open ring is closed. Of coordinates that are not finite the answer may be
// either. Exact: of what only touches b it says true. Safe for concurrent use;
// allocates nothing, but where rounding might decide. Costs 10 ns a vertex, and
// stops at the first that is in b.
func IntersectsBBox(g orb.Geometry, b geo.BBox) bool {
	if b.CrossesAntimeridian() {
		return meets(g, geo.BBox{West: b.West, South: b.South, East: 180, North: b.North}) ||
			meets(g, geo.BBox{West: -180, South: b.South, East: b.East, North: b.North})
	}
	return !b.IsEmpty() && meets(g, b)
}

// meets is IntersectsBBox for a box with West <= East and South <= North.
func meets(g orb.Geometry, b geo.BBox) bool {
	switch g := g.(type) {
	case orb.Point:
		return b.Contains(g)
	case orb.MultiPoint:
		return some(g, b.Contains)
	case orb.LineString:
		return lineMeets(g, b)
	case orb.MultiLineString:
		return some(g, func(l orb.LineString) bool { return lineMeets(l, b) })
	case orb.Ring:
		return polygonMeets(orb.Polygon{g}, b)
	case orb.Polygon:
		return polygonMeets(g, b)
	case orb.MultiPolygon:
		return some(g, func(p orb.Polygon) bool { return polygonMeets(p, b) })
	case orb.Collection:
		return some(g, func(m orb.Geometry) bool { return meets(m, b) })
	case orb.Bound:
		return geo.BBoxOf(g).Intersects(b)
	}
	return false
}

func some[S ~[]E, E any](s S, is func(E) bool) bool {
	for _, e := range s {
		if is(e) {
			return true
		}
	}
	return false
}

func lineMeets(l orb.LineString, b geo.BBox) bool {
	for i, v := range l {
		if b.Contains(v) || i > 0 && edgeMeets(l[i-1], v, b) {
			return true
		}
	}
	return false
}

// polygonMeets tells whether an edge of p meets b or, as then b lies all
// inside or all outside p, whether one of its corners lies inside.
func polygonMeets(p orb.Polygon, b geo.BBox) bool {
	if len(p) == 0 {
		return false
	}
	corner := orb.Point{b.West, b.South}
	inside := false
	for i, r := range p {
		if len(r) == 0 {
			continue
		}
		crossings := 0
		for j, v := range r {
			u := r[len(r)-1] // closes an open ring; else an edge without length
			if j > 0 {
				u = r[j-1]
			}
			if b.Contains(v) || edgeMeets(u, v, b) {
				return true
			}
			if isEastOf(u, v, corner) {
				crossings++
			}
		}
		if odd := crossings%2 == 1; i == 0 {
			inside = odd
		} else if odd {
			inside = false // in a hole
		}
	}
	return inside
}

// isEastOf tells whether the edge from u to v crosses the parallel of p east of
// p. Ends south of the parallel and others make the two sides.
func isEastOf(u, v, p orb.Point) bool {
	if (u[1] < p[1]) == (v[1] < p[1]) {
		return false
	}
	if u[1] > v[1] {
		u, v = v, u
	}
	return side(u, v, p) > 0 // left of an edge that goes north is west
}

// edgeMeets tells whether the edge from u to v meets b, where neither end lies
// in it: not if both lie off the same edge of b, and else unless all corners
// of b lie on one side of it.
func edgeMeets(u, v orb.Point, b geo.BBox) bool {
	if !(min(u[0], v[0]) <= b.East && max(u[0], v[0]) >= b.West &&
		min(u[1], v[1]) <= b.North && max(u[1], v[1]) >= b.South) {
		return false
	}
	first := side(u, v, orb.Point{b.West, b.South})
	return first == 0 ||
		first != side(u, v, orb.Point{b.East, b.South}) ||
		first != side(u, v, orb.Point{b.East, b.North}) ||
		first != side(u, v, orb.Point{b.West, b.North})
}

// side tells on which side of the line from u to v p lies: 1 left, -1 right, 0
// on it, by exact arithmetic where rounding might decide (J. R. Shewchuk,
// Adaptive Precision Floating-Point Arithmetic, 1997, §4.3).
func side(u, v, p orb.Point) int {
	left, right := (u[0]-p[0])*(v[1]-p[1]), (u[1]-p[1])*(v[0]-p[0])
	const bound = 3.3306690738754716e-16 // Shewchuk's ccwerrboundA
	if d := left - right; math.Abs(d) > bound*(math.Abs(left)+math.Abs(right)) {
		if d > 0 {
			return 1
		}
		return -1
	}
	if (u[0] == p[0] || v[1] == p[1]) && (u[1] == p[1] || v[0] == p[0]) {
		return 0 // both products are 0: on a parallel or meridian, or at an end
	}
	if d, ok := exactProducts(u, v, p); ok {
		return d
	}
	return exactSide(u, v, p)
}

// exactProducts is exactSide where the four differences are exact, as they are on
// any grid that is coarser than the last digits: each product is then its rounded
// value and a rest that a fused multiplication has exactly. Rounding keeps the
// order, so the rests decide only between equal values.
func exactProducts(u, v, p orb.Point) (side int, ok bool) {
	var d [4]float64
	for i, pair := range [4][2]float64{{u[0], p[0]}, {v[1], p[1]}, {u[1], p[1]}, {v[0], p[0]}} {
		x, y := pair[0], pair[1]
		d[i] = x - y
		b := x - d[i] // Knuth's TwoSum: what the difference lost
		if (x-(d[i]+b))+(b-y) != 0 {
			return 0, false
		}
	}
	left, right := d[0]*d[1], d[2]*d[3]
	const tiny = 1e-250 // less, and the rest of a product might underflow
	if math.Abs(left) < tiny || math.Abs(right) < tiny || math.IsInf(left, 0) || math.IsInf(right, 0) {
		return 0, false
	}
	if left == right {
		left, right = math.FMA(d[0], d[1], -left), math.FMA(d[2], d[3], -right)
	}
	return cmp.Compare(left, right), true
}

func exactSide(u, v, p orb.Point) int {
	diff := func(a, b float64) *big.Rat {
		x, y := new(big.Rat).SetFloat64(a), new(big.Rat).SetFloat64(b)
		if x == nil || y == nil {
			return new(big.Rat) // not finite: on no side
		}
		return x.Sub(x, y)
	}
	left := diff(u[0], p[0])
	left.Mul(left, diff(v[1], p[1]))
	right := diff(u[1], p[1])
	right.Mul(right, diff(v[0], p[0]))
	return left.Cmp(right)
}
