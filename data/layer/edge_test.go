package layer_test

import "github.com/paulmach/orb"

// edgeGeometries returns a geometry of each type with a position that lies over
// the edge of the world by less than a tenth of a millimetre.
func edgeGeometries() []orb.Geometry {
	over, below := orb.Point{180.00000000000006, 71.5}, orb.Point{-170, -90.00000000000001}
	line := func() orb.LineString { return orb.LineString{{170, 70}, over, {175, 60}} }
	ring := func() orb.Ring { return orb.Ring{{170, 70}, {170, 60}, over, {170, 70}} }
	return []orb.Geometry{
		over, below, orb.MultiPoint{over, below}, line(), orb.MultiLineString{line()},
		orb.Polygon{ring()}, orb.MultiPolygon{{ring()}}, orb.Collection{over, line()},
	}
}
