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
	case orb.LineString:
		for _, p := range g {
			visit(p)
		}
	case orb.Ring:
		eachVertex(orb.LineString(g), visit)
	case orb.MultiLineString:
		for _, l := range g {
			eachVertex(l, visit)
		}
	case orb.Polygon:
		for _, r := range g {
			eachVertex(r, visit)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			eachVertex(p, visit)
		}
	case orb.Collection:
		for _, m := range g {
			eachVertex(m, visit)
		}
	case orb.Bound:
		eachVertex(g.ToPolygon(), visit)
	}
}
