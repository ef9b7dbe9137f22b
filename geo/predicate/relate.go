package predicate

import (
	"errors"

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

// ErrTooIntricate says that the edges of two geometries meet in too many places to
// tell in reasonable time how they are related: millions, or thousands where one is a
// collection.
var ErrTooIntricate = errors.New("the geometries meet in too many places")

// Relate tells whether a stands in the relation to b, on the plane of lon, lat
// in degrees, CRS84. Nil and empty geometries are equal to one another and stand in
// no other relation. A Ring is a polygon and a Bound a box; an edge never runs
// across the antimeridian. A collection is the union of its members.
//
// Exact: where lines and polygons cross, no place of a crossing is computed, only
// which vertex lies on which side of which edge. Collections of several polygons are
// told by simplefeatures (JTS RelateNG), which rounds crossings.
//
// The error is an *InvalidError as from Intersects, ErrTooIntricate, or the
// library's own where an invalid collection defeats it. Of other invalid geometries
// the answer may be wrong; see Validate. Safe for concurrent use. Costs about a
// microsecond a vertex, and some nanoseconds for each pair of edges whose boxes meet.
func Relate(r Relation, a, b orb.Geometry) (bool, error) {
	if err := shapely(a); err != nil {
		return false, err
	}
	if err := shapely(b); err != nil {
		return false, err
	}
	s, t := shapeOf(a), shapeOf(b)
	switch {
	case s.isEmpty() || t.isEmpty():
		return r == Equals && s.isEmpty() && t.isEmpty(), nil
	case s.loose || t.loose:
		return relateByLibrary(r, a, b, s, t)
	case r == Contains:
		return relate(Within, t, s)
	}
	return relate(r, s, t)
}

// relate tells the relation of two geometries that are not loose.
func relate(r Relation, a, b *shape) (bool, error) {
	if !a.box.Intersects(b.box) {
		return false, nil
	}
	f := findings{relation: r, a: a, b: b, shared: -1}
	switch {
	case a.mixed() || b.mixed():
		f.ofMixed()
	case a.dimension == 0 || b.dimension == 0:
		f.ofPoints()
	case f.pass(a, b, &f.aOut, &f.bOut):
		f.pass(b, a, &f.bOut, &f.aOut)
	}
	if f.tooMuch {
		return false, ErrTooIntricate
	}
	return f.holds(), nil
}

// maxWork is how many pairs of edges whose boxes meet are looked at, those of which
// one runs along a part of the other counted two hundred times: some hundredths of a
// second. Borders of ten thousand vertices in common come to fifty thousand.
const maxWork = 1_000_000

// findings is what two geometries were found to have in common so far.
type findings struct {
	relation Relation
	a, b     *shape
	contact  bool // a position in common
	shared   int  // dimension of what their insides have in common, -1 for nothing
	aOut     bool // a has positions outside b
	bOut     bool // and b outside a
	work     int  // pairs of edges looked at
	tooMuch  bool // more than maxWork
}

// holds tells the relation by the patterns of OGC 06-103r4 §6.1.15.3. For closed
// sets a position outside stands for one of the inside outside: there is one near it.
func (f *findings) holds() bool {
	switch f.relation {
	case Equals:
		return !f.aOut && !f.bOut
	case Touches:
		return f.contact && f.shared < 0
	case Within:
		return f.shared >= 0 && !f.aOut
	case Overlaps:
		return f.a.dimension == f.b.dimension && f.shared >= 0 && (f.a.dimension != 1 || f.shared == 1) && f.aOut && f.bOut
	case Crosses:
		switch {
		case f.a.dimension < f.b.dimension:
			return f.shared >= 0 && f.aOut
		case f.a.dimension > f.b.dimension:
			return f.shared >= 0 && f.bOut
		}
		return f.a.dimension == 1 && f.shared == 0
	}
	return false
}

// decided tells whether nothing that may yet be found changes the answer.
func (f *findings) decided() bool {
	if f.tooMuch {
		return true
	}
	switch f.relation {
	case Equals:
		return f.aOut || f.bOut
	case Touches:
		return f.shared >= 0
	case Within:
		return f.aOut
	case Overlaps:
		return f.a.dimension != f.b.dimension || f.shared == f.a.dimension && f.aOut && f.bOut
	case Crosses:
		return f.a.dimension == f.b.dimension && (f.a.dimension != 1 || f.shared == 1) || f.a.dimension != f.b.dimension && f.holds()
	}
	return false
}

func (f *findings) share(dimension int) {
	f.contact = true
	f.shared = max(f.shared, dimension)
}

// ofPoints is for geometries of which one is positions.
func (f *findings) ofPoints() {
	look := func(points []orb.Point, in *shape, out *bool) {
		for _, p := range points {
			switch in.locate(p) {
			case inside:
				f.share(0)
			case boundary:
				f.contact = true
			case outside:
				*out = true
			}
			if f.decided() {
				return
			}
		}
	}
	f.aOut, f.bOut = f.a.dimension > 0, f.b.dimension > 0 // positions cover nothing longer
	look(f.a.points, f.b, &f.aOut)
	look(f.b.points, f.a, &f.bOut)
}

// maxMeetings is how many pairs of edges that meet RelateNG is given: it computes
// and sorts all such places.
const maxMeetings = 20_000

// relateByLibrary asks simplefeatures.
func relateByLibrary(r Relation, a, b orb.Geometry, s, t *shape) (bool, error) {
	if repeats := s.repeats + t.repeats; repeats*repeats > maxMeetings || meetings(s.edges, t.edges) > maxMeetings {
		return false, ErrTooIntricate
	}
	return [...]func(a, b geom.Geometry) (bool, error){
		geom.Equals, geom.Touches, geom.Within, geom.Contains, geom.Overlaps, geom.Crosses,
	}[r](whole(a), whole(b))
}

// whole returns g as one geometry of the library, what is empty left out.
func whole(g orb.Geometry) geom.Geometry {
	members := appendParts(nil, g)
	if len(members) == 1 {
		return members[0]
	}
	return geom.NewGeometryCollection(members).AsGeometry()
}
