package layer

import (
	"math"

	"github.com/paulmach/orb"
)

// rounding is how far beyond the edge of the world, in degrees, a position may
// lie by arithmetic alone; a tenth of a millimetre.
const rounding = 1e-9

// withinEdges puts positions of g that rounding has put beyond ±180 or ±90 on
// that edge, as Natural Earth has some at 180.00000000000006. It changes g
// where it is not a point.
func withinEdges(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return pulled(g)
	case orb.MultiPoint:
		pullAll(g)
	case orb.LineString:
		pullAll(g)
	case orb.MultiLineString:
		for _, l := range g {
			pullAll(l)
		}
	case orb.Polygon:
		for _, r := range g {
			pullAll(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			withinEdges(p)
		}
	case orb.Collection:
		for i := range g {
			g[i] = withinEdges(g[i])
		}
	}
	return g
}

func pullAll[T ~[]orb.Point](ps T) {
	for i := range ps {
		ps[i] = pulled(ps[i])
	}
}

func pulled(p orb.Point) orb.Point {
	for i, edge := range [...]float64{180, 90} {
		if over := math.Abs(p[i]) - edge; over > 0 && over < rounding {
			p[i] = math.Copysign(edge, p[i])
		}
	}
	return p
}
