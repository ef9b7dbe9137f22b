package snapshot

import (
	"demarc/geo"
	"demarc/geo/cql2"
)

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
