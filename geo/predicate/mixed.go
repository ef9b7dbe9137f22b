package predicate

import (
	"math/big"
	"slices"

	"github.com/paulmach/orb"
)

// parted returns a shape as one of several dimensions, which any is.
func parted(s *shape) *shape {
	if s.mixed() {
		return s
	}
	p := &shape{box: s.box, dimension: s.dimension, points: s.points, area: &shape{dimension: 2}, line: &shape{dimension: 1}}
	switch s.dimension {
	case 1:
		p.line = s
	case 2:
		p.area = s
	}
	return p
}

// ofMixed is for geometries of which one is of several dimensions: their areas are
// compared, then the lines and the positions of each with all of the other.
func (f *findings) ofMixed() {
	a, b := parted(f.a), parted(f.b)
	f.areas(a, b)
	f.linesIn(a, b, &f.aOut)
	f.linesIn(b, a, &f.bOut)
	f.pointsIn(a, b, &f.aOut)
	f.pointsIn(b, a, &f.bOut)
	if f.shared < 0 {
		f.linesMeet(a, b)
	}
}

// areas compares the areas: nothing else covers one.
func (f *findings) areas(a, b *shape) {
	hasA, hasB := len(a.area.edges) > 0, len(b.area.edges) > 0
	if !hasA || !hasB {
		f.aOut, f.bOut = hasA, hasB
		return
	}
	own := findings{relation: undecided, a: a.area, b: b.area, shared: -1}
	own.pass(a.area, b.area, &own.aOut, &own.bOut)
	own.pass(b.area, a.area, &own.bOut, &own.aOut)
	f.contact, f.shared, f.aOut, f.bOut = own.contact, own.shared, own.aOut, own.bOut
	f.work, f.tooMuch = own.work, own.tooMuch
}

// undecided is no relation: all is looked at.
const undecided Relation = 255

// pointsIn looks where the positions of one lie in the other.
func (f *findings) pointsIn(one, other *shape, out *bool) {
	for _, p := range one.points {
		switch place := other.locate(p); {
		case place == outside:
			*out = true
		case place == inside && one.locate(p) == inside:
			f.share(0)
		default:
			f.contact = true
		}
	}
}

// linesIn looks where the parts of the lines of one lie in the other: cut where they
// touch a line or a ring, each is along one, or on one side of all, or is crossed.
func (f *findings) linesIn(one, other *shape, out *bool) {
	for _, e := range one.line.edges {
		lines, rings, own := f.along(other.line, e), f.along(other.area, e), f.along(one.area, e)
		f.looked((len(lines.touched) + len(rings.touched) + len(own.touched)) * (len(lines.pieces) + len(rings.pieces) + len(own.pieces) + len(rings.crossed)) / 10)
		if f.tooMuch {
			return
		}
		f.contact = f.contact || len(lines.touched)+len(lines.crossed)+len(rings.touched)+len(rings.crossed) > 0
		all := along{edge: e, touched: slices.Concat(lines.touched, rings.touched, own.touched)}
		all.alone(func(from, to orb.Point) bool {
			onLine, onOwn := lines.covers(from, to), own.covers(from, to)
			if rings.covers(from, to) {
				return true
			}
			crossed := slices.ContainsFunc(rings.crossed, func(o edge) bool { return side(o.a, o.b, from)*side(o.a, o.b, to) < 0 })
			within := !crossed && len(other.area.edges) > 0 && other.area.begins(from, to) == inside
			if (crossed || within || onLine) && !onOwn {
				f.share(1)
			}
			if !within && !onLine {
				*out = true
			}
			return true
		})
	}
}

// along returns what an edge has in common with those of a shape, as far as the work
// allows.
func (f *findings) along(s *shape, e edge) along {
	found := along{edge: e}
	s.each(e.box(), func(o edge) bool {
		pieces := len(found.pieces)
		found.meet(o)
		f.looked(found.cost(pieces))
		return !f.tooMuch
	})
	return found
}

// covers tells whether the edge runs along another one from p to q.
func (e *along) covers(p, q orb.Point) bool {
	return slices.ContainsFunc(e.pieces, func(c piece) bool { return !e.before(p, c.from) && !e.before(c.to, q) })
}

// linesMeet looks for a position where lines of both touch or cross, inside both.
func (f *findings) linesMeet(a, b *shape) {
	for _, e := range a.line.edges {
		found := f.along(b.line, e)
		if f.tooMuch {
			return
		}
		for _, p := range found.touched {
			if a.locate(p) == inside && b.locate(p) == inside {
				f.share(0)
				return
			}
		}
		w := walker{one: a.line, other: b.line, along: along{edge: e}}
		for _, o := range found.crossed {
			if !w.endsAt(o) && !a.area.through(e, o) && !b.area.through(e, o) {
				f.share(0)
				return
			}
		}
	}
}

// through tells whether an edge of the shape runs through the place where two edges
// cross.
func (s *shape) through(e, o edge) bool {
	yes := false
	s.each(e.box(), func(r edge) bool {
		yes = concurrent(e, o, r) && side(e.a, e.b, r.a)*side(e.a, e.b, r.b) <= 0 && side(o.a, o.b, r.a)*side(o.a, o.b, r.b) <= 0
		return !yes
	})
	return yes
}

// concurrent tells whether the lines of three edges meet in one position: whether the
// determinant of their equations is 0.
func concurrent(edges ...edge) bool {
	rat := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
	mul := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
	sub := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
	var l [3][3]*big.Rat
	for i, e := range edges {
		ax, ay, bx, by := rat(e.a[0]), rat(e.a[1]), rat(e.b[0]), rat(e.b[1])
		l[i] = [3]*big.Rat{sub(ay, by), sub(bx, ax), sub(mul(ax, by), mul(bx, ay))}
	}
	sum := new(big.Rat)
	for i := range 3 {
		j, k := (i+1)%3, (i+2)%3
		sum.Add(sum, mul(l[0][i], sub(mul(l[1][j], l[2][k]), mul(l[1][k], l[2][j]))))
	}
	return sum.Sign() == 0
}
