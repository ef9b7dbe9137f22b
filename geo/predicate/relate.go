package predicate

import (
	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// Relation is a topological relation between two geometries, as defined by
// patterns of the DE-9IM (OGC 06-103r4 §6.1.15.3). Intersects and its opposite
// have functions of their own.
type Relation uint8

// The relations.
const (
	Equals Relation = iota
	Touches
	Within
	Contains
	Overlaps
	Crosses
)

// Relate tells whether a stands in the relation to b, on the plane of lon, lat
// in degrees, CRS84. Nil and empty geometries stand in none. A Ring is a
// polygon and a Bound a box; an edge never runs across the antimeridian.
//
// Known fault of simplefeatures v0.58.0, which PostGIS does not share: lines that
// cross one another may be told not to cross, and a polygon with a hole that
// touches the middle of an outer edge not to lie within its own outline. The
// cases stand in cmd/demarc/postgis_relations_test.go.
//
// The error is an *InvalidError as from Intersects, or the library's own where
// an invalid geometry defeats it. Safe for concurrent use. Costs some
// microseconds and about a microsecond a vertex.
func Relate(r Relation, a, b orb.Geometry) (bool, error) {
	g, err := whole(a)
	if err != nil || g.IsEmpty() {
		return false, err
	}
	h, err := whole(b)
	if err != nil || h.IsEmpty() {
		return false, err
	}
	return [...]func(a, b geom.Geometry) (bool, error){
		geom.Equals, geom.Touches, geom.Within, geom.Contains, geom.Overlaps, geom.Crosses,
	}[r](g, h)
}

// whole returns g as one geometry of the library, what is empty left out.
func whole(g orb.Geometry) (geom.Geometry, error) {
	members, err := parts(nil, g)
	if err != nil || len(members) == 0 {
		return geom.Geometry{}, err
	}
	if len(members) == 1 {
		return members[0], nil
	}
	return geom.NewGeometryCollection(members).AsGeometry(), nil
}
