package snapshot

import (
	"context"
	"math/bits"
	"slices"
	"sync"

	"demarc/geo"
	"demarc/geo/cql2"
)

// checkEvery is after how many rows a search looks whether it is still wanted.
const checkEvery = 4096

// searcher gathers what one query selects of one view.
type searcher struct {
	ctx  context.Context
	q    *Query
	hint cql2.Hint // of the query's filter
	v    *view

	sieves []sieve   // all that a row must be, besides where it lies
	sets   []codeSet // the rows that single columns allow
	time   asked     // of q.When
	seen   int       // rows and sites that were looked at
	plan   string    // how they were found
	loose  bool      // whether rows are in no order
	err    error

	*scratch
}

// scratch is memory that one search leaves to the next.
type scratch struct {
	rows  []uint32  // those that the query selects
	found []stretch // of sites
}

var scratches = sync.Pool{New: func() any { return &scratch{rows: []uint32{}} }}

// mostScratch is of how many rows the memory is kept.
const mostScratch = 1 << 20

// free leaves the memory to others. Nothing of the answer may be looked at after it.
func (a *answer) free() {
	for _, s := range a.scratches {
		if cap(s.rows) <= mostScratch && cap(s.found) <= mostScratch {
			scratches.Put(s)
		}
	}
}

// stopped tells, every few thousand rows, whether the answer is still wanted.
func (s *searcher) stopped() bool {
	s.seen++
	if s.err == nil && s.seen%checkEvery == 0 {
		s.err = s.ctx.Err()
	}
	return s.err != nil
}

// all tells whether the query selects everything.
func (q *Query) all() bool {
	return q.BBox == nil && q.When == nil && len(q.Equal) == 0 && q.Filter == nil && q.Near == nil
}

// list returns what the query selects of the view, in the order of the answer.
func (s *searcher) list() list {
	v := s.v
	if s.q.all() {
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
	s.scratch = scratches.Get().(*scratch)
	s.rows, s.found = s.rows[:0], s.found[:0]
	s.conditions()
	if s.q.Near != nil {
		return s.near()
	}
	d := s.choose()
	s.plan = d.name
	d.gather(s)
	l := list{v: v, rows: s.rows, n: len(s.rows)}
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
		if set := v.columns[e.Field].matchingAny([]geo.Value{e.Value}); set != nil {
			s.sets = append(s.sets, *set)
			s.sieves = append(s.sieves, set.sieve())
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
		test := v.compile(s.q.Filter)
		s.sieves = append(s.sieves, sieveOf(func(row uint32) bool { return test(row) == cql2.True }))
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
	c := &p.columns[e.Field]
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

// consider adds the row if all conditions hold; it returns whether to go on.
func (s *searcher) consider(row uint32) bool {
	if s.stopped() {
		return false
	}
	from := len(s.rows)
	s.rows = append(s.rows, row)
	added := s.rows[from:]
	for _, keep := range s.sieves {
		if added = keep(added); len(added) == 0 {
			break
		}
	}
	s.rows = s.rows[:from+len(added)]
	return true
}

// driver is a way to find the rows that may match: it is chosen by how many rows
// it has to look at.
type driver struct {
	name   string
	rows   int
	gather func(s *searcher)
}

// aside is how many rows in a row, one after another, are looked at in the time of
// one that an index names.
const aside = 3

// choose returns the driver that has the least to do.
func (s *searcher) choose() driver {
	best := s.scan()
	cost := best.rows
	for i := range s.sets {
		if n := s.sets[i].count(); n*aside < cost {
			best, cost = postingsDriver(&s.sets[i], n), n*aside
		}
	}
	if d, ok := s.boxes(cost / aside); ok {
		return d
	}
	if d, ok := s.joined(cost/aside - 1); ok {
		best = d
	}
	if s.q.BBox != nil { // which no driver but boxes decides
		s.sieves = append(s.sieves, s.v.sites.sieve(*s.q.BBox, s.v.part))
	}
	return best
}

// allow notes the rows that single columns allow, beside those of q.Equal.
func (s *searcher) allow() {
	add := func(set *codeSet) {
		if set != nil {
			s.sets = append(s.sets, *set)
		}
	}
	for name, iv := range s.hint.Times {
		add(s.v.columns[s.v.schema.Index(name)].during(iv))
	}
	for name, values := range s.hint.Equal {
		add(s.v.columns[s.v.schema.Index(name)].matchingAny(values))
	}
	for _, e := range conjuncts(s.q.Filter) {
		add(s.v.setOf(e))
	}
}

// conjuncts returns the conditions that must all be true for e to be.
func conjuncts(e cql2.Expr) []cql2.Expr {
	if e == nil {
		return nil
	}
	if and, ok := e.(cql2.And); ok {
		return and.Args
	}
	return []cql2.Expr{e}
}

// scan looks at the rows one after another, but leaves out the blocks in which no
// row can match.
func (s *searcher) scan() driver {
	n := int(s.v.n)
	blocks := make([]bool, (n+blockRows-1)/blockRows)
	rows := 0
	for i := range blocks {
		blocks[i] = s.q.When == nil || s.v.times.meetsZone(i, s.time)
	}
	for i := range s.sets {
		low, high := s.sets[i].span()
		if high > s.sets[i].column.nullCode() {
			continue // zones leave null out
		}
		for j, z := range s.sets[i].column.zones() {
			blocks[j] = blocks[j] && z.low < high && z.high >= low && z.low <= z.high
		}
	}
	for i, wanted := range blocks {
		if wanted {
			rows += min(blockRows, n-i*blockRows)
		}
	}
	return driver{"rows in turn", rows, func(s *searcher) {
		for i, wanted := range blocks {
			if !wanted {
				continue
			}
			from := len(s.rows)
			for row := i * blockRows; row < min((i+1)*blockRows, n); row++ {
				s.rows = append(s.rows, uint32(row))
			}
			if !s.sift(from) {
				return
			}
		}
	}}
}

// postingsDriver looks at the n rows of the set.
func postingsDriver(set *codeSet, n int) driver {
	return driver{"index of " + set.column.field.Name, n, func(s *searcher) {
		p := set.column.postings()
		codes := 0
		for _, r := range set.ranges {
			codes += int(r.high - r.low)
			if !s.pick(p.rows[p.starts[r.low]:p.starts[r.high]]) {
				return
			}
		}
		s.loose = codes > 1
	}}
}

// boxes returns what looks at the sites that a box leaves: the query's, or those
// that its filter allows. ok is false where there is no box, and where the sites
// have more than most rows.
func (s *searcher) boxes(most int) (d driver, ok bool) {
	boxes := s.hint.Boxes
	st := &s.v.sites
	if s.q.BBox != nil {
		boxes = []geo.BBox{*s.q.BBox}
		for _, site := range st.unlocated {
			d.rows += st.rows.count(site, site+1)
		}
	}
	if boxes == nil || d.rows > most {
		return d, false
	}
	rows := 0
	if s.q.BBox != nil {
		s.found, rows = st.inBox(*s.q.BBox, s.found, most-d.rows)
		for _, site := range st.unlocated {
			s.found = append(s.found, stretch{site, site + 1})
		}
	} else {
		s.found, rows = st.inBoxes(boxes, s.found, most-d.rows)
	}
	if d.rows += rows; d.rows > most {
		return d, false
	}
	d.name, d.gather = "index of places", func(s *searcher) { s.considerSites() }
	return d, true
}

// considerSites looks at the rows of the sites that were found.
func (s *searcher) considerSites() {
	s.loose = true
	p := s.v.sites.rows
	from := len(s.rows)
	for _, f := range s.found {
		s.rows = append(s.rows, p.rows[p.starts[f.first]:p.starts[f.end]]...)
		if len(s.rows)-from >= sieved {
			if !s.sift(from) {
				return
			}
			from = len(s.rows)
		}
	}
	s.sift(from)
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
