package snapshot

// A sieve keeps those of the rows that meet a condition, in their order and in their
// place, and returns them. It is asked of many rows at a time, since a call for each
// would cost more than the look at a column.
type sieve func(rows []uint32) []uint32

// sieveOf makes a sieve of a test.
func sieveOf(test func(row uint32) bool) sieve {
	return func(rows []uint32) []uint32 {
		n := 0
		for _, row := range rows {
			if test(row) {
				rows[n] = row
				n++
			}
		}
		return rows[:n]
	}
}

// sieve keeps the rows that are the version of their feature that answers the time.
func (p *part) sieve(a asked) sieve {
	if p.next != nil {
		return sieveOf(func(row uint32) bool { return p.inForce(row, a) })
	}
	if len(p.times.days.from) > 0 {
		return func(rows []uint32) []uint32 { return p.times.days.keep(rows, a) }
	}
	return func(rows []uint32) []uint32 {
		n := 0
		for _, row := range rows {
			if p.times.meets(row, a) {
				rows[n] = row
				n++
			}
		}
		return rows[:n]
	}
}

// sieve keeps the rows of the set.
func (s *codeSet) sieve() sieve {
	if len(s.ranges) != 1 {
		return sieveOf(func(row uint32) bool {
			code := s.column.codes.at(row)
			for _, r := range s.ranges {
				if code >= r.low && code < r.high {
					return true
				}
			}
			return false
		})
	}
	r, c := s.ranges[0], &s.column.codes
	return func(rows []uint32) []uint32 {
		switch {
		case c.b8 != nil:
			return between(rows, c.b8, r.low, r.high)
		case c.b16 != nil:
			return between(rows, c.b16, r.low, r.high)
		}
		return between(rows, c.b32, r.low, r.high)
	}
}

// between keeps the rows whose code is at least low and below high.
func between[C uint8 | uint16 | uint32](rows []uint32, codes []C, low, high uint32) []uint32 {
	n := 0
	for _, row := range rows {
		if uint32(codes[row])-low < high-low { // below low it wraps, and is greater
			rows[n] = row
			n++
		}
	}
	return rows[:n]
}

// most rows that go through the sieves at a time: they and what is looked up for them
// stay near the processor.
const sieved = 1024

// pick adds those of the rows that meet all conditions; it returns whether to go on.
func (s *searcher) pick(rows []uint32) bool {
	for len(rows) > 0 {
		n := min(len(rows), sieved)
		from := len(s.rows)
		s.rows = append(s.rows, rows[:n]...)
		if rows = rows[n:]; !s.sift(from) {
			return false
		}
	}
	return true
}

// sift leaves of the rows that were added from a place on those that meet all
// conditions; it returns whether to go on.
func (s *searcher) sift(from int) bool {
	added := s.rows[from:]
	s.seen += len(added)
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	for _, keep := range s.sieves {
		added = keep(added)
	}
	s.rows = s.rows[:from+len(added)]
	return s.err == nil
}
