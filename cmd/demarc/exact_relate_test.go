package main

import (
	"math/big"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

// The arbiter of the differential test: the DE-9IM of two geometries in rational
// numbers, which never round (OGC 06-103r4 §6.1.15.1). It is the definition taken
// at its word and slow: cut every edge where it meets another one, and locate every
// node, the middle of every piece and a position on either side of it.

type (
	exactPoint struct{ x, y *big.Rat }
	exactEdge  struct{ a, b exactPoint }
	// exactShape is a geometry: positions, lines and rings apart.
	exactShape struct {
		points, ends []exactPoint // ends of lines, each as often as it is one
		lines, rings []exactEdge
	}
)

func exactOf(p orb.Point) exactPoint {
	return exactPoint{new(big.Rat).SetFloat64(p[0]), new(big.Rat).SetFloat64(p[1])}
}

func (p exactPoint) equal(q exactPoint) bool { return p.x.Cmp(q.x) == 0 && p.y.Cmp(q.y) == 0 }

// along returns a + t (b − a).
func (e exactEdge) along(t *big.Rat) exactPoint {
	step := func(a, b *big.Rat) *big.Rat {
		d := new(big.Rat).Sub(b, a)
		return d.Add(a, d.Mul(d, t))
	}
	return exactPoint{step(e.a.x, e.b.x), step(e.a.y, e.b.y)}
}

// turn is the sign and size of the area to the left of a → b with p.
func (e exactEdge) turn(p exactPoint) *big.Rat {
	l := new(big.Rat).Mul(new(big.Rat).Sub(e.b.x, e.a.x), new(big.Rat).Sub(p.y, e.a.y))
	return l.Sub(l, new(big.Rat).Mul(new(big.Rat).Sub(e.b.y, e.a.y), new(big.Rat).Sub(p.x, e.a.x)))
}

// at returns the t of a position on the edge's line, and whether it is on the edge.
func (e exactEdge) at(p exactPoint) (*big.Rat, bool) {
	if e.turn(p).Sign() != 0 {
		return nil, false
	}
	from, to, v := e.a.x, e.b.x, p.x
	if from.Cmp(to) == 0 {
		from, to, v = e.a.y, e.b.y, p.y
	}
	t := new(big.Rat).Sub(v, from)
	t.Quo(t, new(big.Rat).Sub(to, from))
	return t, t.Sign() >= 0 && t.Cmp(big.NewRat(1, 1)) <= 0
}

// meets returns the ts of e at which it meets o or, for an endless e, o's ends and
// the place where e's line runs through o.
func (e exactEdge) meets(o exactEdge, endless bool) []*big.Rat {
	var ts []*big.Rat
	left, right := e.turn(o.a), e.turn(o.b)
	if left.Sign() == 0 || right.Sign() == 0 {
		for _, p := range []exactPoint{o.a, o.b} {
			if t, on := e.at(p); t != nil && (on || endless) {
				ts = append(ts, t)
			}
		}
		return ts
	}
	if left.Sign() == right.Sign() {
		return nil
	}
	s := new(big.Rat).Quo(left, new(big.Rat).Sub(left, right)) // on o, where left becomes right
	if t, on := e.at(o.along(s)); on || endless {
		ts = append(ts, t)
	}
	return ts
}

func (s *exactShape) add(g orb.Geometry) {
	edges := func(ps []orb.Point) (out []exactEdge) {
		for i := range len(ps) - 1 {
			if ps[i] != ps[i+1] {
				out = append(out, exactEdge{exactOf(ps[i]), exactOf(ps[i+1])})
			}
		}
		return out
	}
	switch g := g.(type) {
	case orb.Point:
		s.points = append(s.points, exactOf(g))
	case orb.MultiPoint:
		for _, p := range g {
			s.add(p)
		}
	case orb.LineString:
		s.lines = append(s.lines, edges(g)...)
		if len(g) > 0 && g[0] != g[len(g)-1] {
			s.ends = append(s.ends, exactOf(g[0]), exactOf(g[len(g)-1]))
		}
	case orb.MultiLineString:
		for _, l := range g {
			s.add(l)
		}
	case orb.Polygon:
		for _, r := range g {
			s.rings = append(s.rings, edges(r)...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			s.add(p)
		}
	case orb.Collection:
		for _, m := range g {
			s.add(m)
		}
	}
}

// The places of a position in a geometry.
const (
	inside = iota
	boundary
	outside
)

// locate tells where p lies: by area, then by lines, then by positions. Polygons
// that overlap, which only a collection can have, are beyond it.
func (s *exactShape) locate(p exactPoint) int {
	in := false
	for _, e := range s.rings {
		if _, on := e.at(p); on {
			return boundary
		}
		if (e.a.y.Cmp(p.y) > 0) != (e.b.y.Cmp(p.y) > 0) && (e.turn(p).Sign() > 0) == (e.b.y.Cmp(e.a.y) > 0) {
			in = !in
		}
	}
	if in {
		return inside
	}
	for _, e := range s.lines {
		if _, on := e.at(p); on {
			odd := false
			for _, end := range s.ends {
				odd = odd != end.equal(p)
			}
			if odd {
				return boundary
			}
			return inside
		}
	}
	if slices.ContainsFunc(s.points, p.equal) {
		return inside
	}
	return outside
}

// exactMatrix returns the DE-9IM as dimensions, −1 where nothing is shared.
func exactMatrix(g, h orb.Geometry) [3][3]int {
	var a, b exactShape
	a.add(g)
	b.add(h)
	m := [3][3]int{{-1, -1, -1}, {-1, -1, -1}, {-1, -1, 2}}
	see := func(p exactPoint, dimension int) {
		i, j := a.locate(p), b.locate(p)
		m[i][j] = max(m[i][j], dimension)
	}
	edges := slices.Concat(a.lines, a.rings, b.lines, b.rings)
	points := slices.Concat(a.points, b.points)
	for _, p := range points {
		see(p, 0)
	}
	half := big.NewRat(1, 2)
	for _, e := range edges {
		cuts := []*big.Rat{new(big.Rat), big.NewRat(1, 1)}
		for _, o := range edges {
			cuts = append(cuts, e.meets(o, false)...)
		}
		for _, p := range points {
			if t, on := e.at(p); on {
				cuts = append(cuts, t)
			}
		}
		slices.SortFunc(cuts, (*big.Rat).Cmp)
		for i, t := range cuts {
			see(e.along(t), 0)
			if i == 0 || cuts[i-1].Cmp(t) == 0 {
				continue
			}
			middle := e.along(new(big.Rat).Mul(half, new(big.Rat).Add(cuts[i-1], t)))
			see(middle, 1)
			if len(a.rings)+len(b.rings) > 0 {
				for _, p := range sides(e, middle, edges) {
					see(p, 2)
				}
			}
		}
	}
	return m
}

// sides returns a position on each side of the middle of a piece of e, nearer than
// any other edge.
func sides(e exactEdge, middle exactPoint, edges []exactEdge) []exactPoint {
	dx, dy := new(big.Rat).Sub(e.b.x, e.a.x), new(big.Rat).Sub(e.b.y, e.a.y)
	across := exactEdge{middle, exactPoint{new(big.Rat).Sub(middle.x, dy), new(big.Rat).Add(middle.y, dx)}}
	left, right := big.NewRat(1, 1), big.NewRat(-1, 1)
	for _, o := range edges {
		for _, t := range across.meets(o, true) {
			if t.Sign() > 0 && t.Cmp(left) < 0 {
				left = t
			}
			if t.Sign() < 0 && t.Cmp(right) > 0 {
				right = t
			}
		}
	}
	half := big.NewRat(1, 2)
	return []exactPoint{across.along(new(big.Rat).Mul(half, left)), across.along(new(big.Rat).Mul(half, right))}
}

// exactRelation tells whether a relation holds, by the patterns of OGC 06-103r4
// §6.1.15.3. A collection is the union of its members.
func exactRelation(relation string, g, h orb.Geometry) bool {
	m := exactMatrix(g, h)
	dg, dh := g.Dimensions(), h.Dimensions()
	is := func(i, j int) bool { return m[i][j] >= 0 }
	switch relation {
	case "equals":
		return is(0, 0) && !is(0, 2) && !is(1, 2) && !is(2, 0) && !is(2, 1)
	case "touches":
		return !is(0, 0) && (is(0, 1) || is(1, 0) || is(1, 1))
	case "within":
		return is(0, 0) && !is(0, 2) && !is(1, 2)
	case "contains":
		return is(0, 0) && !is(2, 0) && !is(2, 1)
	case "overlaps":
		if dg != dh || !is(0, 2) || !is(2, 0) {
			return false
		}
		return is(0, 0) && (dg != 1 || m[0][0] == 1)
	case "crosses":
		switch {
		case dg < dh:
			return is(0, 0) && is(0, 2)
		case dg > dh:
			return is(0, 0) && is(2, 0)
		}
		return dg == 1 && m[0][0] == 0
	}
	return is(0, 0) || is(0, 1) || is(1, 0) || is(1, 1) // intersects
}

// TestExactRelation holds the arbiter to the examples of the standard's figures.
func TestExactRelation(t *testing.T) {
	square := "POLYGON((0 0,4 0,4 4,0 4,0 0))"
	for _, tt := range []struct{ a, relation, b string }{
		{square, "equals", "POLYGON((0 0,0 4,4 4,4 2,4 0,0 0))"},
		{square, "touches", "POLYGON((4 0,8 0,8 4,4 4,4 0))"},
		{square, "touches", "LINESTRING(4 4,8 8)"},
		{square, "overlaps", "POLYGON((2 2,8 2,8 8,2 8,2 2))"},
		{square, "contains", "POLYGON((0 0,4 0,4 4,0 4,0 0),(0 2,1 1,1 3,0 2))"},
		{square, "contains", "LINESTRING(0 0,4 4)"},
		{square, "crosses", "LINESTRING(1 1,9 1)"},
		{"LINESTRING(0 0,2 2)", "crosses", "LINESTRING(0 2,2 0)"},
		{"LINESTRING(0 0,2 2)", "touches", "LINESTRING(1 1,2 0)"},
		{"LINESTRING(0 0,2 2)", "overlaps", "LINESTRING(1 1,3 3)"},
		{"LINESTRING(0 0,1 1,2 2)", "equals", "LINESTRING(2 2,0 0)"},
		{"POINT(1 1)", "within", "LINESTRING(0 0,2 2)"},
		{"MULTIPOINT((0 0),(1 1))", "overlaps", "MULTIPOINT((1 1),(2 2))"},
		{"POINT(2 2)", "within", square},
	} {
		a, err := wkt.Unmarshal(tt.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := wkt.Unmarshal(tt.b)
		if err != nil {
			t.Fatal(err)
		}
		if !exactRelation(tt.relation, a, b) {
			t.Errorf("%s %s %s is false, want true: %v", tt.a, tt.relation, tt.b, exactMatrix(a, b))
		}
	}
}
