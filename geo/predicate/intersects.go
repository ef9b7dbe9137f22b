package predicate

import (
	"fmt"
	"sync"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"demarc/geo"
)

// Intersects tells whether a and b have a position in common, boundaries
// included, on the plane of lon, lat in degrees, CRS84 (OGC 06-103r4
// §6.1.15.3).
//
// Nil and empty geometries intersect nothing. A Ring is a polygon and a Bound a
// box; an edge never runs across the antimeridian. The error is an
// *InvalidError if a or b has a coordinate that is not finite, a line of one
// vertex, or a ring that is open or of less than four vertices. Other invalid
// geometries, say with a ring that crosses itself, get an answer that may be
// wrong; see Validate. Safe for concurrent use. Costs some microseconds and
// 0.5 µs a vertex, less if the boxes miss; to ask about a many times, Prepare it.
func Intersects(a, b orb.Geometry) (bool, error) {
	if yes, known, err := pointInArea(a, b); known || err != nil {
		return yes, err
	}
	p, err := convert(a)
	if err != nil {
		return false, err
	}
	q, err := convert(b)
	if err != nil || !p.box.Intersects(q.box) {
		return false, err
	}
	if _, ok := b.(orb.Point); ok {
		p, q = q, p // a position costs nothing to prepare
	}
	if many, other := manyPoints(p, q); other != nil {
		return other.meetsAny(many), nil
	}
	own, err := p.prepare()
	if err != nil {
		return false, err
	}
	return own.intersects(q)
}

// pointInArea is Intersects for a position and polygons; known is false for other
// geometries.
func pointInArea(a, b orb.Geometry) (yes, known bool, err error) {
	p, ok := b.(orb.Point)
	if !ok {
		if p, ok = a.(orb.Point); !ok {
			return false, false, nil
		}
		a, b = b, a
	}
	if err := shapely(a); err != nil {
		return false, false, err
	}
	own := areaOf(a, 1)
	if own == nil {
		return false, false, nil
	}
	if err := shapely(b); err != nil {
		return false, false, err
	}
	return own.covers(p), true, nil
}

// Prepared is a geometry made ready to be compared with many others. It does
// not change and is safe for concurrent use.
type Prepared struct {
	box    geo.BBox
	area   *area                     // of polygons
	source func() (converted, error) // for the library; made when first asked
	// The library builds parts of a prepared geometry when first asked, and its
	// locks do not cover all of them (simplefeatures v0.58.0: the bounds of
	// STR-tree nodes, the index of IndexedPointInAreaLocator). So whoever asks
	// takes one out of the pool, and there are as many as ask at once.
	pool sync.Pool
}

// Prepare makes g ready. Nil and empty geometries are allowed; the error is
// that of Intersects. It keeps g, which must not change. Costs some 30 ns a vertex of
// polygons, and half a microsecond a vertex when first asked of something else than
// positions, once more for each goroutine that asks at the same time.
func Prepare(g orb.Geometry) (*Prepared, error) {
	if err := shapely(g); err != nil {
		return nil, err
	}
	return &Prepared{box: geo.BBoxOf(g), area: areaOf(g, mostBands), source: sync.OnceValues(func() (converted, error) { return convert(g) })}, nil
}

// Intersects answers what Intersects(prepared, g) answers, with the same error.
// A position and polygons cost some 20 ns, and allocate nothing; others two
// microseconds and, where the boxes meet, 0.2 µs a vertex of g and the logarithm of
// the prepared geometry's.
func (p *Prepared) Intersects(g orb.Geometry) (bool, error) {
	if point, ok := g.(orb.Point); ok && p.area != nil {
		if !p.area.box.Contains(point) {
			return false, shapely(g)
		}
		return p.area.covers(point), nil
	}
	c, err := convert(g)
	if err != nil || !p.box.Intersects(c.box) {
		return false, err
	}
	source, err := p.source()
	if err != nil {
		return false, err
	}
	if many, other := manyPoints(source, c); other != nil {
		return other.meetsAny(many), nil
	}
	own, ok := p.pool.Get().(*prepared)
	if !ok {
		made, err := source.prepare()
		if err != nil {
			return false, err
		}
		own = &made
	}
	defer p.pool.Put(own)
	return own.intersects(c)
}

// SideOf tells whether everything in a box lies in the prepared polygons, off their
// boundary (1), or nothing (-1); 0 where neither is so, or it is not known. The box
// does not cross the antimeridian. Costs some 50 ns.
func (p *Prepared) SideOf(b geo.BBox) int {
	if p.area == nil || b.IsEmpty() {
		return 0
	}
	return p.area.side(b)
}

// prepared is the prepared parts of a geometry, for one goroutine at a time.
type prepared []geom.PreparedGeometry

func (p prepared) intersects(c converted) (bool, error) {
	for _, own := range p {
		for _, other := range c.parts {
			yes, err := own.Intersects(other)
			if err != nil {
				return false, fmt.Errorf("intersects: %w", err)
			}
			if yes {
				return true, nil
			}
		}
	}
	return false, nil
}

// converted is a geometry in the topology library's form, with its box.
type converted struct {
	source orb.Geometry
	box    geo.BBox
	parts  []geom.Geometry
}

func convert(g orb.Geometry) (converted, error) {
	ps, err := parts(nil, g)
	return converted{g, geo.BBoxOf(g), ps}, err
}

// manyPoints returns the positions, where one geometry is many of them, and the
// other one: the library asks each position of each edge.
func manyPoints(p, q converted) (orb.MultiPoint, *shape) {
	many, other := p.source, q.source
	if _, ok := many.(orb.MultiPoint); !ok {
		many, other = other, many
	}
	points, ok := many.(orb.MultiPoint)
	if !ok || len(points) <= few {
		return nil, nil
	}
	if s := shapeOf(other); !s.loose && s.dimension > 0 {
		return points, s
	}
	return nil, nil
}

// meetsAny tells whether one of the positions lies in the shape.
func (s *shape) meetsAny(points orb.MultiPoint) bool {
	box := s.box
	return some(points, func(p orb.Point) bool { return box.Contains(p) && s.locate(p) != outside })
}

func (c converted) prepare() (prepared, error) {
	var p prepared
	for _, part := range c.parts {
		own, err := geom.Prepare(part)
		if err != nil {
			return nil, fmt.Errorf("prepare: %w", err)
		}
		p = append(p, own)
	}
	return p, nil
}
