package cql2

import (
	"github.com/paulmach/orb"

	"demarc/geo/predicate"
)

// topology tells whether a and b, which meet, are in a relation other than
// intersects and disjoint. The error says that this could not be told.
func topology(op SpatialOp, a, b orb.Geometry) (bool, error) {
	relation := map[SpatialOp]predicate.Relation{
		SEquals: predicate.Equals, STouches: predicate.Touches, SWithin: predicate.Within,
		SContains: predicate.Contains, SOverlaps: predicate.Overlaps, SCrosses: predicate.Crosses,
	}
	return predicate.Relate(relation[op], a, b)
}
