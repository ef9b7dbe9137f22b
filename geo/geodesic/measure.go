package geodesic

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"
)

// LengthOf returns the length of g in metres: the sum of its edges for lines
// and multilines, the perimeter with the holes' perimeters for polygons, rings
// and bounds, the sum of the members for a collection, and 0 for points.
//
// An open ring is closed; a Bound counts as the polygon of its four corners.
// Nil and empty geometries have length 0. Edges are geodesics and may cross the
// antimeridian. A vertex that is no position makes the answer NaN. Safe for
// concurrent use; about a microsecond an edge.
func LengthOf(g orb.Geometry) float64 {
	sum := 0.0
	for _, p := range pathsOf(nil, g) {
		for i := 0; i < p.edges(); i++ {
			a, b := p.edge(i)
			sum += Distance(a, b)
		}
	}
	return sum
}

// AreaOf returns the area of g in square metres: the outer ring's less the
// holes', summed over the polygons of g, and 0 for points and lines.
//
// Edges are geodesics. A ring's area is that of its smaller side, whichever way
// round its vertices run, so neither the antimeridian nor a pole needs care;
// nothing larger than a hemisphere can be expressed. A Bound counts as the
// polygon of its four corners. Nil and empty geometries have area 0. A vertex
// that is no position makes the answer NaN. Safe for concurrent use; about a
// microsecond an edge.
//
// Karney (2013), §6.
func AreaOf(g orb.Geometry) float64 {
	switch g := g.(type) {
	case orb.Ring:
		return ringArea(g)
	case orb.Polygon:
		return polygonArea(g)
	case orb.Bound:
		if g.IsEmpty() {
			return 0
		}
		return polygonArea(g.ToPolygon())
	case orb.MultiPolygon:
		sum := 0.0
		for _, p := range g {
			sum += polygonArea(p)
		}
		return sum
	case orb.Collection:
		sum := 0.0
		for _, m := range g {
			sum += AreaOf(m)
		}
		return sum
	}
	return 0
}

func polygonArea(p orb.Polygon) float64 {
	if len(p) == 0 {
		return 0
	}
	area := ringArea(p[0])
	for _, hole := range p[1:] {
		area -= ringArea(hole)
	}
	return area
}

func ringArea(r orb.Ring) float64 {
	acc := geodesic.WGS84.PolygonInit(false)
	for _, v := range r {
		if !isPosition(v) {
			return math.NaN()
		}
		acc.AddPoint(latitude(v), v[0])
	}
	var area float64
	acc.Compute(false, true, &area, nil)
	return math.Abs(area)
}
