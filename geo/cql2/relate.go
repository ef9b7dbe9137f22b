package cql2

import (
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/predicate"
)

// shapeOf returns the geometry that a literal or another feature has, nil for none.
func shapeOf(e Expr) orb.Geometry {
	switch e := e.(type) {
	case Geometry:
		return e.Shape
	case FeatureOf:
		return e.Shape
	case Box:
		return shapeOfBox(e.BBox)
	}
	return nil
}

// shapeOfBox returns a box as what it is on the plane: a polygon, a line or a
// position, and two of them where it crosses the antimeridian.
func shapeOfBox(b geo.BBox) orb.Geometry {
	var shapes orb.Collection
	var polygons orb.MultiPolygon
	for _, part := range b.Parts() {
		lo, hi := orb.Point{part.West, part.South}, orb.Point{part.East, part.North}
		switch {
		case lo == hi:
			shapes = append(shapes, lo)
		case lo[0] == hi[0] || lo[1] == hi[1]:
			shapes = append(shapes, orb.LineString{lo, hi})
		default:
			p := part.Bound().ToPolygon()
			shapes, polygons = append(shapes, p), append(polygons, p)
		}
	}
	switch {
	case len(shapes) == 1:
		return shapes[0]
	case len(polygons) == len(shapes):
		return polygons
	}
	return shapes
}

// relate tells whether two geometries are in a relation on the plane of lon, lat
// (OGC 06-103r4 §6.1.15). It is Unknown of what has no shape; see predicate. Of
// what is empty all relations are false, but that it is disjoint from everything and
// equal to what is empty.
func relate(op SpatialOp, a, b orb.Geometry) Truth {
	boxA, boxB := geo.BBoxOf(a), geo.BBoxOf(b)
	if boxA.IsEmpty() || boxB.IsEmpty() {
		return truthOf(op == SDisjoint || op == SEquals && boxA.IsEmpty() && boxB.IsEmpty())
	}
	meet, err := predicate.Intersects(a, b)
	switch {
	case err != nil:
		return Unknown
	case op == SIntersects || op == SDisjoint:
		return truthOf(meet == (op == SIntersects))
	case !meet:
		return False
	}
	return related(op, a, b)
}

// related is relate for geometries that are known to meet and for the relations
// that need more than that.
func related(op SpatialOp, a, b orb.Geometry) Truth {
	yes, err := topology(op, a, b)
	if err != nil {
		return Unknown
	}
	return truthOf(yes)
}
