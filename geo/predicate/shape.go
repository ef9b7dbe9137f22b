package predicate

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/rtree"

	"demarc/geo"
)

// shape is a geometry taken apart for Relate.
type shape struct {
	box       geo.BBox
	dimension int         // the highest
	loose     bool        // polygons may overlap, as members of a collection may, or a line has no length
	area      *shape      // if it is mixed: its rings, and
	line      *shape      // its lines; else nil
	points    []orb.Point // each once
	edges     []edge      // of lines, each once, and of rings, in their order
	repeats   int         // edges of lines that stand there again
	ends      map[orb.Point]bool
	index     *rtree.RTree // of edges, made when first asked for
}

// edge is an edge that has a length. That of a ring has the inside to its left.
type edge struct{ a, b orb.Point }

func (e edge) box() rtree.Box {
	return rtree.Box{MinX: min(e.a[0], e.b[0]), MinY: min(e.a[1], e.b[1]), MaxX: max(e.a[0], e.b[0]), MaxY: max(e.a[1], e.b[1])}
}

func (s *shape) isEmpty() bool { return s.box.IsEmpty() }

// mixed tells whether the shape has parts of more than one dimension.
func (s *shape) mixed() bool { return s.line != nil }

// shapeOf takes apart a geometry that is shapely.
func shapeOf(g orb.Geometry) *shape {
	s := &shape{box: geo.BBoxOf(g), ends: map[orb.Point]bool{}}
	if s.isEmpty() {
		return s
	}
	b := shapeBuilder{shape: s}
	b.add(g)
	for p := range b.points {
		s.points = append(s.points, p)
	}
	kinds := 0
	for dimension, has := range [3]bool{len(b.points) > 0, len(b.lines) > 0, len(b.rings) > 0} {
		if has {
			kinds, s.dimension = kinds+1, dimension
		}
	}
	s.loose = b.flat || b.areas > 1
	if kinds > 1 {
		s.area = &shape{box: s.box, dimension: 2, edges: b.rings}
		s.line = &shape{box: s.box, dimension: 1, edges: b.lines, ends: s.ends}
	}
	s.edges = slices.Concat(b.lines, b.rings)
	return s
}

type shapeBuilder struct {
	*shape
	points       map[orb.Point]bool
	seen         map[edge]bool
	lines, rings []edge
	areas        int  // polygons and multipolygons
	flat         bool // a line or ring has no edge
}

func (b *shapeBuilder) add(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		if b.points == nil {
			b.points = map[orb.Point]bool{}
		}
		b.points[g] = true
	case orb.MultiPoint:
		for _, p := range g {
			b.add(p)
		}
	case orb.LineString:
		b.line(g)
	case orb.MultiLineString:
		for _, l := range g {
			b.line(l)
		}
	case orb.Ring:
		b.add(orb.MultiPolygon{{g}})
	case orb.Polygon:
		b.add(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		b.areas++
		for _, p := range g {
			for i, r := range p {
				b.ring(r, i > 0)
			}
		}
	case orb.Collection:
		for _, m := range g {
			b.add(m)
		}
	case orb.Bound:
		b.add(boundGeometry(g))
	}
}

// line adds the edges of a line that are new: one that runs to and fro between two
// positions is no more than one edge. A position where an odd number of lines ends
// is on the boundary (OGC 06-103r4 §6.1.7.1).
func (b *shapeBuilder) line(l orb.LineString) {
	if len(l) == 0 {
		return
	}
	if b.seen == nil {
		b.seen = map[edge]bool{}
	}
	long := false
	for i, v := range l[1:] {
		e := edge{l[i], v}
		if e.a == e.b {
			continue
		}
		long = true
		if b.seen[e] || b.seen[edge{e.b, e.a}] {
			b.repeats++
			continue
		}
		b.seen[e] = true
		b.lines = append(b.lines, e)
	}
	b.flat = b.flat || !long
	if first, last := l[0], l[len(l)-1]; first != last {
		for _, p := range [2]orb.Point{first, last} {
			if b.ends[p] {
				delete(b.ends, p)
			} else {
				b.ends[p] = true
			}
		}
	}
}

// ring adds the edges of a ring so that the polygon is to their left.
func (b *shapeBuilder) ring(r orb.Ring, hole bool) {
	vs := slices.Compact(slices.Clone(r))
	if len(vs) < 4 {
		b.flat = b.flat || len(vs) > 0
		return
	}
	if counterclockwise(vs) == hole {
		slices.Reverse(vs)
	}
	for i, v := range vs[1:] {
		b.rings = append(b.rings, edge{vs[i], v})
	}
}

// counterclockwise tells which way a ring runs, by its turn at its southernmost
// vertex, of several the westernmost: no other edge is there.
func counterclockwise(vs []orb.Point) bool {
	n, low := len(vs)-1, 0
	for i, v := range vs[:n] {
		if v[1] < vs[low][1] || v[1] == vs[low][1] && v[0] < vs[low][0] {
			low = i
		}
	}
	return side(vs[(low+n-1)%n], vs[low], vs[low+1]) > 0
}

// few is up to how many edges looking at each costs less than an index.
const few = 24

// each calls visit for the edges whose boxes meet the box, until it returns false.
func (s *shape) each(box rtree.Box, visit func(e edge) bool) {
	if len(s.edges) <= few {
		for _, e := range s.edges {
			if o := e.box(); o.MinX <= box.MaxX && o.MaxX >= box.MinX && o.MinY <= box.MaxY && o.MaxY >= box.MinY && !visit(e) {
				return
			}
		}
		return
	}
	if s.index == nil {
		s.index = indexOf(s.edges)
	}
	_ = s.index.RangeSearch(box, func(i int) error {
		if !visit(s.edges[i]) {
			return rtree.Stop
		}
		return nil
	})
}

func indexOf(edges []edge) *rtree.RTree {
	items := make([]rtree.BulkItem, len(edges))
	for i, e := range edges {
		items[i] = rtree.BulkItem{Box: e.box(), RecordID: i}
	}
	return rtree.BulkLoad(items)
}

// The places of a position in a geometry.
const (
	inside = iota
	boundary
	outside
)

// locate tells where p lies: of a mixed shape by its area, then by its lines, then by
// its positions.
func (s *shape) locate(p orb.Point) int {
	if s.mixed() {
		if place := s.area.locate(p); place != outside {
			return place
		}
		if place := s.line.locate(p); place != outside {
			return place
		}
		return (&shape{points: s.points}).locate(p)
	}
	switch s.dimension {
	case 0:
		if slices.Contains(s.points, p) {
			return inside
		}
		return outside
	case 1:
		place := outside
		s.each(edge{p, p}.box(), func(e edge) bool {
			if side(e.a, e.b, p) == 0 {
				place = inside
			}
			return place == outside
		})
		if place == inside && s.ends[p] {
			return boundary
		}
		return place
	}
	place := outside
	s.each(edge{p, orb.Point{math.Inf(1), p[1]}}.box(), func(e edge) bool {
		if b := e.box(); b.MinX <= p[0] && b.MaxX >= p[0] && side(e.a, e.b, p) == 0 {
			place = boundary
			return false
		}
		if isEastOf(e.a, e.b, p) {
			place = outside - place // of inside and outside the other
		}
		return true
	})
	return place
}

// begins tells whether the edge from p to q begins inside the polygon: where the
// position lies that is a hair from p on it, which is on no edge of the polygon.
// A side of that position is that of p or, where p is on the line, that of q.
func (s *shape) begins(p, q orb.Point) int {
	above := func(v orb.Point) bool { return v[1] > p[1] || v[1] == p[1] && q[1] < p[1] }
	place := outside
	s.each(edge{p, orb.Point{math.Inf(1), p[1]}}.box(), func(e edge) bool {
		low, high := e.a, e.b
		if above(low) == above(high) {
			return true
		}
		if above(low) {
			low, high = high, low
		}
		at := side(low, high, p)
		if at == 0 {
			at = side(low, high, q)
		}
		if at > 0 {
			place = outside - place
		}
		return true
	})
	return place
}
