package predicate

import (
	"slices"

	"github.com/paulmach/orb"
)

// piece is a part of an edge that runs along an edge of the other geometry.
type piece struct {
	from, to orb.Point
	with     bool // both run the same way
}

// along is an edge with what it has in common with the other geometry's edges.
type along struct {
	edge
	touched []orb.Point // where they touch it, the ends of pieces too
	pieces  []piece
	crossed []edge // those that cross it elsewhere than at a vertex
}

// meet adds what the edge has in common with another one. It asks on which side of
// which edge vertices lie, and nothing else, so it never rounds.
func (e *along) meet(o edge) {
	left, right := side(e.a, e.b, o.a), side(e.a, e.b, o.b)
	if left*right > 0 {
		return
	}
	if left == 0 && right == 0 {
		e.runAlong(o)
		return
	}
	before, after := side(o.a, o.b, e.a), side(o.a, o.b, e.b)
	switch {
	case before*after > 0:
	case left == 0:
		e.touched = append(e.touched, o.a)
	case right == 0:
		e.touched = append(e.touched, o.b)
	case before == 0:
		e.touched = append(e.touched, e.a)
	case after == 0:
		e.touched = append(e.touched, e.b)
	default:
		e.crossed = append(e.crossed, o)
	}
}

// runAlong is meet for an edge on the same line.
func (e *along) runAlong(o edge) {
	with := e.before(o.a, o.b)
	from, to := o.a, o.b
	if !with {
		from, to = to, from
	}
	if e.before(from, e.a) {
		from = e.a
	}
	if e.before(e.b, to) {
		to = e.b
	}
	switch {
	case e.before(from, to):
		e.pieces = append(e.pieces, piece{from, to, with})
		e.touched = append(e.touched, from, to)
	case from == to:
		e.touched = append(e.touched, from)
	}
}

// cost is the work of the last edge that was met, after so many pieces: one that runs
// along a part of this one takes exact arithmetic, and has to be sorted.
func (e *along) cost(pieces int) int {
	if len(e.pieces) == pieces || e.covered() {
		return 1
	}
	return 200
}

// looked adds to the work done.
func (f *findings) looked(work int) {
	f.work += work
	f.tooMuch = f.work > maxWork
}

// covered tells whether the last edge that was met covers this one.
func (e *along) covered() bool {
	n := len(e.pieces)
	return n > 0 && e.pieces[n-1].from == e.a && e.pieces[n-1].to == e.b
}

// before tells whether the edge comes to p before it comes to q, both on its line.
func (e edge) before(p, q orb.Point) bool {
	axis := 0
	if e.a[0] == e.b[0] {
		axis = 1
	}
	if e.a[axis] < e.b[axis] {
		return p[axis] < q[axis]
	}
	return p[axis] > q[axis]
}

// alone calls visit for each part of the edge between touches that runs along
// nothing, in their order, until it returns false.
func (e *along) alone(visit func(from, to orb.Point) bool) {
	order := func(p, q orb.Point) int {
		switch {
		case e.before(p, q):
			return -1
		case e.before(q, p):
			return 1
		}
		return 0
	}
	slices.SortFunc(e.touched, order)
	slices.SortFunc(e.pieces, func(p, q piece) int { return order(p.from, q.from) })
	at, next := e.a, 0
	for _, p := range append(e.touched, e.b) {
		if !e.before(at, p) {
			continue
		}
		for next < len(e.pieces) && !e.before(at, e.pieces[next].to) {
			next++
		}
		if next == len(e.pieces) || e.before(at, e.pieces[next].from) {
			if !visit(at, p) {
				return
			}
		}
		at = p
	}
}

// pass compares the edges of one geometry with the other. It returns false when
// the answer is certain.
func (f *findings) pass(one, other *shape, out, otherOut *bool) bool {
	if one.dimension == 2 && other.dimension == 1 {
		*out = true // lines cover no area
	}
	walk := walker{findings: f, one: one, other: other, out: out, otherOut: otherOut}
	for _, e := range one.edges {
		if f.decided() {
			return false
		}
		walk.edge(e)
	}
	return !f.decided()
}

// walker goes along the edges of one geometry.
type walker struct {
	*findings
	one, other    *shape
	out, otherOut *bool
	along         along
	at            orb.Point   // where the last edge ended
	place         int         // where in the other its last part was
	free          bool        // and that it ended off the other's edges
	onEnds        []orb.Point // ends of lines where edges cross, as far as they were met
}

func (w *walker) edge(e edge) {
	w.along.edge = e
	w.along.touched, w.along.pieces, w.along.crossed = w.along.touched[:0], w.along.pieces[:0], w.along.crossed[:0]
	w.other.each(e.box(), func(o edge) bool {
		if pieces := len(w.along.pieces); !w.tooMuch {
			w.along.meet(o)
			w.looked(w.along.cost(pieces))
		}
		if w.tooMuch {
			return false
		}
		if w.one.dimension == 1 && w.other.dimension == 1 {
			return !w.along.covered()
		}
		return len(w.along.crossed) == 0
	})
	if len(w.along.touched) > 0 || len(w.along.crossed) > 0 {
		w.contact = true
	}
	switch {
	case w.one.dimension == 1 && w.other.dimension == 1:
		w.lineAndLine()
	case len(w.along.crossed) > 0: // the edges part inside from outside there
		w.free = false
		w.share(min(w.one.dimension, w.other.dimension))
		*w.out, *w.otherOut = true, true
	case w.other.dimension == 2:
		w.inArea()
	}
}

// lineAndLine: what is covered has a length in common; where lines cross or touch
// they have a position in common, of the inside if neither ends there.
func (w *walker) lineAndLine() {
	if len(w.along.pieces) > 0 {
		w.share(1)
	}
	w.along.alone(func(_, _ orb.Point) bool {
		*w.out = true
		return false
	})
	if w.shared >= 0 {
		return
	}
	for _, p := range w.along.touched {
		if !w.one.ends[p] && !w.other.ends[p] {
			w.share(0)
			return
		}
	}
	for _, o := range w.along.crossed {
		if !w.endsAt(o) {
			w.share(0)
			return
		}
	}
}

// endsAt tells whether a line ends just where the other edge crosses this one.
func (w *walker) endsAt(o edge) bool {
	isThere := func(p orb.Point) bool {
		return side(o.a, o.b, p) == 0 && side(w.along.a, w.along.b, p) == 0
	}
	if slices.ContainsFunc(w.onEnds, isThere) {
		return true
	}
	for _, ends := range [2]map[orb.Point]bool{w.one.ends, w.other.ends} {
		for p := range ends {
			if isThere(p) {
				w.onEnds = append(w.onEnds, p)
				return true
			}
		}
	}
	return false
}

// inArea looks where the parts of an edge that no edge of the polygon crosses lie.
// Along an edge of the polygon two polygons are either on the same side or on
// different ones; a line has nothing inside there.
func (w *walker) inArea() {
	e := &w.along
	if w.one.dimension == 2 {
		for _, p := range e.pieces {
			if p.with {
				w.share(2)
			} else {
				*w.out, *w.otherOut = true, true
			}
		}
	}
	known := w.free && w.at == e.a && !slices.Contains(e.touched, e.a)
	w.free, w.at = false, e.b
	e.alone(func(from, to orb.Point) bool {
		if !known {
			w.place = w.other.begins(from, to)
		}
		known = false
		if w.place == inside {
			w.share(w.one.dimension)
			*w.otherOut = true
		} else {
			*w.out = true
		}
		w.free = to == e.b && !slices.Contains(e.touched, e.b)
		return true
	})
}

// meetings counts the pairs of edges that meet, those of one geometry too, beyond
// the two neighbours that each has; it stops above maxMeetings.
func meetings(as, bs []edge) int {
	all := shape{edges: slices.Concat(as, bs)}
	n := -3 * len(all.edges) // each meets itself too, and each pair is seen from both
	for _, e := range all.edges {
		look := along{edge: e}
		all.each(e.box(), func(o edge) bool {
			look.meet(o)
			n += min(1, len(look.touched)+len(look.crossed))
			look.touched, look.crossed, look.pieces = look.touched[:0], look.crossed[:0], look.pieces[:0]
			return n <= 2*maxMeetings
		})
	}
	return n / 2
}
