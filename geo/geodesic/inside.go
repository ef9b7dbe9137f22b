package geodesic

import (
	"math"

	"github.com/paulmach/orb"
)

// covers tells whether p lies inside a polygon of g and in none of its holes.
// On a ring the answer may be either; the distance to the ring is 0 there.
func covers(g orb.Geometry, p orb.Point) bool {
	switch g := g.(type) {
	case orb.Ring:
		return ringCovers(g, p)
	case orb.Polygon:
		return polygonCovers(g, p)
	case orb.MultiPolygon:
		for _, m := range g {
			if polygonCovers(m, p) {
				return true
			}
		}
	case orb.Collection:
		for _, m := range g {
			if covers(m, p) {
				return true
			}
		}
	case orb.Bound:
		return !g.IsEmpty() && polygonCovers(g.ToPolygon(), p)
	}
	return false
}

func polygonCovers(g orb.Polygon, p orb.Point) bool {
	if len(g) == 0 || !ringCovers(g[0], p) {
		return false
	}
	for _, hole := range g[1:] {
		if ringCovers(hole, p) {
			return false
		}
	}
	return true
}

// ringCovers counts the edges that cross the meridian from p to the pole
// outside the ring: an odd number puts p inside.
//
// Both poles are outside unless the ring goes round the axis; then the pole of
// the hemisphere that has most of its vertices is inside.
func ringCovers(r orb.Ring, p orb.Point) bool {
	outer := path{r, ring}
	var turn, lean float64
	var north, south int
	for i := range outer.edges() {
		a, b := outer.edge(i)
		turn += wrap(b[0] - a[0])
		lean += a[1]
		switch crossing(p, a, b) {
		case northOf:
			north++
		case southOf:
			south++
		}
	}
	if math.Abs(turn) > 180 && lean > 0 {
		return south%2 == 1
	}
	return north%2 == 1
}

// A meridianCrossing tells where an edge crosses the half meridian of p.
type meridianCrossing uint8

const (
	nowhere meridianCrossing = iota
	northOf                  // north of p
	southOf                  // south of p
)

// crossing tells where the edge from a to b crosses the half meridian of p. An
// edge counts as crossing when one end lies west of it and the other on it or
// east of it, so that a ring with a vertex on it is counted once.
func crossing(p, a, b orb.Point) meridianCrossing {
	fromA, fromB := wrap(a[0]-p[0]), wrap(b[0]-p[0])
	if (fromA < 0) == (fromB < 0) {
		return nowhere
	}
	// The edge goes the shorter way round; half way round, eastward.
	if across := math.Abs(fromA - fromB); across > 180 || across == 180 && fromA >= 0 {
		return nowhere
	}
	slack := maxLength(a, b) / 2 / leastRadius / degree // an edge strays no further
	switch {
	case p[1] > max(a[1], b[1])+slack:
		return southOf
	case p[1] < min(a[1], b[1])-slack:
		return northOf
	}
	west, east := a, b
	if fromA >= 0 {
		west, east = b, a
	}
	// Of two geodesics that leave west eastward, the one that starts more
	// northerly meets p's meridian further north.
	if math.Abs(rayTo(west, p).leave) < math.Abs(rayTo(west, east).leave) {
		return southOf
	}
	return northOf
}

// maxLength returns metres that the edge from a to b does not exceed: the
// length of its like on a sphere that is nowhere shorter than the ellipsoid,
// going along the parallel nearest the equator at most.
func maxLength(a, b orb.Point) float64 {
	x, y := wrap(b[0]-a[0]), b[1]-a[1]
	return greatestRadius * degree * math.Sqrt(x*x+y*y)
}
