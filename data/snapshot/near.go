package snapshot

import (
	"math"

	"github.com/paulmach/orb"

	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// distanceBetween returns the shortest distance in metres between two
// geometries on the WGS 84 ellipsoid: 0 where they share a position, else the
// least distance of a vertex of one from the other. ok is false where one of
// them is nil or empty. The cost grows with their vertices.
func distanceBetween(a, b orb.Geometry) (metres float64, ok bool) {
	if p, isPoint := a.(orb.Point); isPoint {
		return geodesic.DistanceTo(p, b)
	}
	if p, isPoint := b.(orb.Point); isPoint {
		return geodesic.DistanceTo(p, a)
	}
	if met, err := predicate.Intersects(a, b); err == nil && met {
		return 0, true
	}
	least := math.Inf(1)
	for _, pair := range [...][2]orb.Geometry{{a, b}, {b, a}} {
		eachVertex(pair[0], func(p orb.Point) {
			if m, ok := geodesic.DistanceTo(p, pair[1]); ok && m < least {
				least = m
			}
		})
	}
	return least, !math.IsInf(least, 1)
}

// eachVertex visits every position of a geometry.
func eachVertex(g orb.Geometry, visit func(orb.Point)) {
	switch g := g.(type) {
	case orb.Point:
		visit(g)
	case orb.MultiPoint:
		for _, p := range g {
			visit(p)
		}
	case orb.Collection:
		for _, m := range g {
			eachVertex(m, visit)
		}
	default:
		eachLine(g, func(ps []orb.Point) {
			for _, p := range ps {
				visit(p)
			}
		})
	}
}

// longestEdge returns how many degrees of longitude the widest edge of a
// geometry spans; 0 for points.
func longestEdge(g orb.Geometry) float64 {
	widest := 0.0
	eachLine(g, func(ps []orb.Point) {
		for i := 1; i < len(ps); i++ {
			widest = max(widest, math.Abs(ps[i][0]-ps[i-1][0]))
		}
	})
	return widest
}

// eachLine visits every line and ring of a geometry.
func eachLine(g orb.Geometry, visit func([]orb.Point)) {
	switch g := g.(type) {
	case orb.LineString:
		visit(g)
	case orb.Ring:
		visit(g)
	case orb.MultiLineString:
		for _, l := range g {
			visit(l)
		}
	case orb.Polygon:
		for _, r := range g {
			visit(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			eachLine(p, visit)
		}
	case orb.Bound:
		eachLine(g.ToPolygon(), visit)
	case orb.Collection:
		for _, m := range g {
			eachLine(m, visit)
		}
	}
}
