package snapshot

import (
	"context"
	"math/bits"
	"slices"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/predicate"
)

// checkEvery is after how many rows a search looks whether it is still wanted.
const checkEvery = 4096

// searcher gathers what one query selects of one view.
type searcher struct {
	ctx  context.Context
	q    *Query
	hint cql2.Hint // of the query's filter
	v    *view

	sieves    []sieve             // all that a row must be, besides where it lies
	sets      []codeSet           // the rows that single columns allow; those that are asked are sieves, the first
	time      asked               // of q.When
	spans     *placed             // of the times; nil where rows tell them
	some      []uint32            // of spans: the rows that lie nowhere among which those are
	others    []uint32            // that meet the time, and others
	seen      int                 // rows and sites that were looked at
	plan      string              // how they were found
	loose     bool                // whether rows are in no order
	polygons  *predicate.Prepared // with which all of it shares a position; nil for none
	reach     *reach              // the distance within which all of it lies; nil for none
	driven    bool                // whether what finds the rows may be all that asks for the reach
	elsewhere bool                // whether what lies nowhere matches too, and is not among the rows
	err       error

	rows      []uint32 // those that the query selects
	boxSearch          // of the box
}

// mostScratch is of how many rows a search leaves its memory to the next.
const mostScratch = 1 << 20

// begin makes the searcher ready for a view, in the memory of a search before.
func (s *searcher) begin(ctx context.Context, q *Query, hint cql2.Hint, v *view) {
	if s.rows == nil {
		s.rows = make([]uint32, 0, 256)
	}
	*s = searcher{ctx: ctx, q: q, hint: hint, v: v, sieves: s.sieves[:0], sets: s.sets[:0], rows: s.rows[:0], boxSearch: boxSearch{found: s.found[:0]}}
}

// forget lets go of all but memory without pointers.
func (s *searcher) forget() {
	clear(s.sieves)
	clear(s.sets)
	rows, found := s.rows[:0], s.found[:0]
	if cap(rows) > mostScratch || cap(found) > mostScratch {
		rows, found = nil, nil
	}
	*s = searcher{sieves: s.sieves[:0], sets: s.sets[:0], rows: rows, boxSearch: boxSearch{found: found}}
}

// stopped tells, every few thousand rows, whether the answer is still wanted.
func (s *searcher) stopped() bool {
	s.seen++
	if s.err == nil && s.seen%checkEvery == 0 {
		s.err = s.ctx.Err()
	}
	return s.err != nil
}

// list returns what the query selects of the view, in the order of the answer.
func (s *searcher) list() list {
	v := s.v
	if s.q.All() {
		l := list{v: v, holes: v.dead.count > 0, n: v.live}
		if len(s.q.Sort) > 0 || v.next != nil {
			l.rows = v.order(s.q.Sort)
		}
		s.plan = "all rows"
		return l
	}
	if s.hint.Never {
		s.plan = "nothing can match"
		return list{v: v, rows: []uint32{}}
	}
	s.driven = true
	s.conditions()
	if s.q.Near != nil {
		return s.near()
	}
	d := s.choose()
	s.plan = d.name()
	s.gather(&d)
	l := list{v: v, rows: s.rows, n: len(s.rows)}
	if s.elsewhere {
		l.addUnlocated(s.q)
		s.rows = l.rows
	}
	switch {
	case len(s.q.Sort) > 0:
		if s.loose {
			l.rows = ascending(l.rows, v.n)
		}
		l.rows = v.sorted(l.rows, s.q.Sort)
	case s.loose:
		l.settle(s.q)
	}
	return l
}

// conditions makes the sieves of what a row must be: those first that cost least.
func (s *searcher) conditions() {
	v := s.v
	if v.dead.count > 0 {
		s.sieves = append(s.sieves, sieveOf(func(row uint32) bool { return !v.dead.has(row) }))
	}
	for _, e := range s.q.Equal {
		if set := v.column(e.Field).matchingAny([]geo.Value{e.Value}); set != nil {
			set.asked = true
			s.sets = append(s.sets, *set)
		} else {
			s.sieves = append(s.sieves, sieveOf(v.equal(e)))
		}
	}
	switch {
	case s.q.When != nil:
		s.time = askedOf(s.q.When)
		s.sieves = append(s.sieves, v.sieve(s.time))
	case v.next != nil:
		s.sieves = append(s.sieves, sieveOf(v.current))
	}
	if s.q.Filter != nil {
		var rest cql2.Expr
		s.polygons, rest = areaOf(s.q.Filter)
		if s.driven {
			s.reach, rest = s.takeReach(rest)
		}
		if rest != nil {
			test := v.compile(rest)
			s.sieves = append(s.sieves, sieveOf(func(row uint32) bool { return test(row) == cql2.True }))
		}
	}
	s.allow()
}

// inForce tells whether the row is the version of its feature that answers the
// time: the newest that meets it.
func (p *part) inForce(row uint32, a asked) bool {
	if !p.times.meets(row, a) {
		return false
	}
	return p.current(row) || !p.times.meets(uint32(p.next[row]), a)
}

// equal returns a test for a condition.
func (p *part) equal(e Condition) func(row uint32) bool {
	c := p.column(e.Field)
	if !c.coded {
		return func(row uint32) bool { return c.value(row).Matches(e.Value) }
	}
	test := p.remember(&c.codes, len(c.dict)+1, func(code uint32) cql2.Truth {
		if code < c.nullCode() && c.dict[code].Matches(e.Value) {
			return cql2.True
		}
		return cql2.False
	})
	return func(row uint32) bool { return test(row) == cql2.True }
}

// ascending sorts rows, each there once, of a part of n.
func ascending(rows []uint32, n uint32) []uint32 {
	if len(rows) < int(n)/256 || len(rows) < 64 {
		slices.Sort(rows)
		return rows
	}
	set := make([]uint64, (n+63)/64)
	for _, row := range rows {
		set[row/64] |= 1 << (row % 64)
	}
	rows = rows[:0]
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			rows = append(rows, uint32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return rows
}
