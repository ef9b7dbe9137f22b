package snapshot

import (
	"demarc/geo"
	"demarc/geo/cql2"
)

// driver is a way to find the rows that may match: it is chosen by how many rows
// it has to look at.
type driver struct {
	by   method
	rows int
	set  *codeSet   // of byCode
	from candidates // of byUnion
}

type method uint8

const (
	inTurn  method = iota // all rows one after another, but for blocks in which none can match
	byCode                // the rows of a set
	byPlace               // those of searcher.found
	byUnion               // candidates
	byReach               // those of searcher.found
)

// name says in words how the rows are found.
func (d *driver) name() string {
	switch d.by {
	case byCode:
		return "index of " + d.set.column.field.Name
	case byPlace:
		return "index of places"
	case byUnion:
		return d.from.name
	case byReach:
		return "distances of places"
	}
	return "rows in turn"
}

// gather looks at the rows.
func (s *searcher) gather(d *driver) {
	switch d.by {
	case inTurn:
		s.lookInTurn()
	case byCode:
		s.lookUp(d.set)
	case byPlace, byReach:
		s.lookAtPlaces()
	case byUnion:
		s.lookAtAll(&d.from)
	}
}

// aside is how many rows in a row, one after another, are looked at in the time of
// one that an index names.
const aside = 3

// choose returns the driver that has the least to do.
func (s *searcher) choose() driver {
	best := driver{rows: int(s.v.n)}
	cost := best.rows
	for i := range s.sets {
		if n := s.sets[i].count(); n*aside < cost {
			best, cost = driver{by: byCode, rows: n, set: &s.sets[i]}, n*aside
		}
	}
	d, placed := s.placesIn(cost / aside)
	if placed {
		best, cost = d, d.rows*aside
		if s.spans != nil || d.by == byReach {
			cost = d.rows // what is left to do is a look at times that stand beside one another, or none
		}
	}
	if cost > int(s.v.n)/blockRows { // else to look which blocks can match takes as long
		if rows := s.inTurn(); rows < cost {
			best, cost, placed = driver{rows: rows}, rows, false
		}
	}
	if c, ok := s.joined(cost/aside - 1); ok {
		best, placed = driver{by: byUnion, rows: c.rows, from: c}, false
	}
	if !placed {
		s.found, s.elsewhere = s.found[:0], false
		if s.q.BBox != nil { // which no other driver decides
			s.sieves = append(s.sieves, s.v.sites.sieve(*s.q.BBox))
		}
	}
	if s.polygons != nil && (!placed || s.q.BBox != nil) { // which a search in the box of the polygons decides alone
		s.sieves = append(s.sieves, s.v.sites.sieveOfArea(s.polygons))
	}
	if s.reach != nil && !placed { // which a search for it decides alone
		test := s.v.compile(s.reach.condition)
		s.sieves = append(s.sieves, sieveOf(func(row uint32) bool { return test(row) == cql2.True }))
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
		add(s.v.column(s.v.schema.Index(name)).during(iv))
	}
	for name, values := range s.hint.Equal {
		add(s.v.column(s.v.schema.Index(name)).matchingAny(values))
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

// wants tells whether a row of the block can match.
func (s *searcher) wants(block int) bool {
	if s.q.When != nil && !s.v.times.meetsZone(block, s.time) {
		return false
	}
	for i := range s.sets {
		set := &s.sets[i]
		low, high := set.span()
		if high > set.column.nullCode() {
			continue // zones leave null out
		}
		if z := set.column.zones()[block]; z.low >= high || z.high < low || z.low > z.high {
			return false
		}
	}
	return true
}

// inTurn returns how many rows the blocks have in which one can match.
func (s *searcher) inTurn() (rows int) {
	n := int(s.v.n)
	if s.q.When == nil && len(s.sets) == 0 {
		return n
	}
	for first := 0; first < n; first += blockRows {
		if s.wants(first / blockRows) {
			rows += min(blockRows, n-first)
		}
	}
	return rows
}

// lookInTurn looks at the rows one after another, but leaves out the blocks in which
// no row can match.
func (s *searcher) lookInTurn() {
	n := int(s.v.n)
	for first := 0; first < n; first += blockRows {
		if !s.wants(first / blockRows) {
			continue
		}
		from := len(s.rows)
		for row := first; row < min(first+blockRows, n); row++ {
			s.rows = append(s.rows, uint32(row))
		}
		if !s.sift(from) {
			return
		}
	}
}

// lookUp looks at the rows of the set.
func (s *searcher) lookUp(set *codeSet) {
	p := set.column.postings()
	set.asked = false // they are in it
	codes := 0
	for _, r := range set.ranges {
		codes += int(r.high - r.low)
		if !s.pick(p.rows[p.starts[r.low]:p.starts[r.high]]) {
			return
		}
	}
	s.loose = codes > 1
}

// placesIn finds the sites that a box leaves: the query's, or those that its filter
// allows. ok is false where there is no box, and where the sites have more than most
// rows. Where nothing but the box is asked for, what lies nowhere needs no look: it
// all matches.
func (s *searcher) placesIn(most int) (d driver, ok bool) {
	st := &s.v.sites
	d.by = byPlace
	if s.q.When != nil {
		s.spans = s.v.inPlace()
	}
	switch {
	case s.q.BBox != nil:
		s.elsewhere = s.v.next == nil && s.q.When == nil && len(s.q.Equal) == 0 && s.q.Filter == nil && s.q.Near == nil && len(s.q.Sort) == 0
		if s.spans != nil {
			s.some, s.others = s.spans.nowhere(&s.v.times.days, s.time)
			d.rows = len(s.some) + len(s.others)
		} else if !s.elsewhere {
			for _, site := range st.unlocated {
				d.rows += st.rows.count(site, site+1)
			}
		}
		if d.rows > most {
			return d, false
		}
		rows := 0
		s.found, rows = s.inBox(*s.q.BBox, most-d.rows)
		d.rows += rows
		if !s.elsewhere && s.spans == nil {
			for _, site := range st.unlocated {
				s.found = append(s.found, stretch{st.rows.starts[site], st.rows.starts[site+1]})
			}
		}
	case s.reach != nil:
		return s.inReach(most * aside)
	case s.hint.Boxes != nil:
		s.area = s.polygons
		s.found, d.rows = s.inBoxes(s.hint.Boxes, most)
		s.area = nil
	default:
		return d, false
	}
	return d, d.rows <= most
}

// lookAtPlaces looks at the rows that were found.
func (s *searcher) lookAtPlaces() {
	s.loose = true
	p := s.v.sites.rows
	if s.spans != nil {
		s.lookAtTimes()
		return
	}
	from := len(s.rows)
	for _, f := range s.found {
		s.rows = append(s.rows, p.rows[f.first:f.end]...)
		if len(s.rows)-from >= sieved {
			if !s.sift(from) {
				return
			}
			from = len(s.rows)
		}
	}
	s.sift(from)
}

// lookAtTimes looks at the times of the rows that were found, which stand beside one
// another, and at the rows that meet what is asked.
func (s *searcher) lookAtTimes() {
	p, asked := s.v.sites.rows, s.v.times.days.bounds(s.time)
	from := len(s.rows)
	for _, f := range s.found {
		s.rows = s.spans.keep(s.rows, p.rows, f, asked)
		s.seen += int(f.end - f.first)
		if n := len(s.rows) - from; n >= sieved {
			s.seen -= n // sift counts them
			if !s.sift(from) {
				return
			}
			from = len(s.rows)
		}
	}
	s.seen -= len(s.rows) - from
	if s.sift(from) && s.pick(s.some) {
		s.pick(s.others)
	}
}

// sieve keeps the rows that meet the box, and those without a place.
func (s *sites) sieve(box geo.BBox) sieve {
	x := &boxSearch{}
	x.begin(s, box, true)
	return sieveOf(func(row uint32) bool {
		site := s.codes.at(row)
		if site < s.none() { // what a run decides needs no look at its shapes
			switch r := &s.runs.of[site/runSites]; {
			case r.whole && x.holds(r.BBox):
				return true
			case r.whole && !x.overlaps(r.BBox):
				return false
			}
		}
		return x.meets(s.shape(site)) || s.nowhere(site)
	})
}
