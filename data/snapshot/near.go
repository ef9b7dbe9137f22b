package snapshot

import (
	"math"

	"github.com/paulmach/orb"

	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// near is a geometry that features are measured from.
type near struct {
	geometry orb.Geometry
	target   *geodesic.Probe
}

// nearTo makes g ready for being asked of the sites. If some of them are no
// positions, those that share a position with g count as near too, for which edges
// are straight in degrees.
func (s *sites) nearTo(g orb.Geometry) near {
	t := geodesic.NewTarget(g)
	if !s.points {
		t = t.Straightened()
	}
	return near{g, t.Probe()}
}

// dotted tells whether the sites' dots tell how far they are off.
func (n near) dotted(s *sites) bool { return s.balls.dots != nil && n.target.Dotted() }

// to returns the shortest distance in metres to a geometry on the WGS 84 ellipsoid: 0
// where they share a position, else the least distance of a vertex of one from the
// other. ok is false where one of them is nil or empty. The cost grows with their
// vertices.
func (n near) to(g orb.Geometry) (metres float64, ok bool) {
	if p, isPoint := g.(orb.Point); isPoint {
		return n.target.Distance(p)
	}
	if p, isPoint := n.geometry.(orb.Point); isPoint {
		return geodesic.DistanceTo(p, g)
	}
	if met, err := predicate.Intersects(n.geometry, g); err == nil && met {
		return 0, true
	}
	least := math.Inf(1)
	note := func(metres float64, ok bool) {
		if ok && metres < least {
			least = metres
		}
	}
	eachVertex(g, func(p orb.Point) { note(n.target.Distance(p)) })
	eachVertex(n.geometry, func(p orb.Point) { note(geodesic.DistanceTo(p, g)) })
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
