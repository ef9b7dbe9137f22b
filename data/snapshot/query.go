package snapshot

import (
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

// Query is one question to a collection, all of it typed. Conditions are
// joined by AND; the zero Query asks for everything.
type Query struct {
	// BBox keeps features that share a position with it, and those without
	// geometry (OGC 17-069r4 /req/core/fc-bbox-response C).
	BBox *geo.BBox
	// When keeps features whose time meets it, and those without a time
	// (/req/core/fc-time-response C). A feature with several versions answers
	// with the one in force at the end of When.
	When *geo.Interval
	// Equal keeps features that have each of these values.
	Equal []Condition
	// Filter keeps features for which it is true (OGC 21-065r2), nil all.
	Filter cql2.Expr
	// Near keeps features within a distance and orders them by it.
	Near *Near
	// Sort orders the answer, its first key first; what is equal in all keys
	// keeps the order of Near, else of the collection.
	Sort []SortKey
	// Limit is the greatest number of features of a page; at least 1.
	Limit int
	// At is where the page begins; nil at the start. Offset, for clients that
	// count, leaves out that many features; At goes before it.
	At     *Cursor
	Offset int
	// NoJSON, NoValues and NoPlace, which is ID and Geometry, leave these out of the
	// hits, for who does not look at them.
	NoJSON, NoValues, NoPlace bool
}

// All tells whether the query selects everything.
func (q *Query) All() bool {
	return q.BBox == nil && q.When == nil && len(q.Equal) == 0 && q.Filter == nil && q.Near == nil
}

// Dated tells whether q asks for a time and for nothing else.
func (q *Query) Dated() bool {
	if q.When == nil {
		return false
	}
	rest := *q
	rest.When = nil
	return rest.All()
}

// SortKey orders by one of the schema's fields, ascending unless Descending.
// Null comes last either way.
type SortKey struct {
	Field      int
	Descending bool
}

// Condition asks for a value in one of the schema's fields.
type Condition struct {
	Field int // its position in the schema
	Value geo.Value
}

// Near asks for what lies within Within metres of Geometry, on the WGS 84
// ellipsoid. Within 0 asks for any distance. Features without geometry are not near.
type Near struct {
	Geometry orb.Geometry
	Within   float64
}

// Page is one page of an answer.
type Page struct {
	// Matched counts the features that the query selects on all pages.
	Matched int
	Hits    []Hit
	// Steps tell how each part of the collection answered.
	Steps []Step
	// Next and Prev are where the neighbouring pages begin, nil at the ends.
	Next, Prev *Cursor

	kept *[]Hit // whose memory Hits has; see Release
}

// Step is how one part of a collection answered a query. A collection has one big
// part and smaller ones, of what has changed since.
type Step struct {
	// Plan names how the features were found: by which index, in turn, or by
	// distance.
	Plan string
	// Features are how many the part has, Visited how many features or places were
	// looked at to find those that match, and Matched how many those are.
	Features, Visited, Matched int
}

// Cursor is a place between two features of an answer. It names the feature
// beside it, so that it stays right when others come or go.
type Cursor struct {
	// Back says that the page ends before the feature, not that it begins after.
	Back bool
	// Sorted are the feature's values in the query's sort keys. Metres orders
	// answers to Near, Key the others and ties.
	Sorted []geo.Value
	Metres float64
	Key    string
}
