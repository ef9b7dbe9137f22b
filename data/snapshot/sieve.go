package snapshot

import "slices"

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
	return func(rows []uint32) []uint32 { return p.times.keep(rows, a) }
}

// keep is the sieve of the rows of the set.
func (s *codeSet) keep(rows []uint32) []uint32 {
	c := &s.column.codes
	if len(s.ranges) == 1 {
		r := s.ranges[0]
		switch {
		case c.b8 != nil:
			return between(rows, c.b8, r.low, r.high)
		case c.b16 != nil:
			return between(rows, c.b16, r.low, r.high)
		}
		return between(rows, c.b32, r.low, r.high)
	}
	n := 0
	for _, row := range rows {
		code := c.at(row)
		if slices.ContainsFunc(s.ranges, func(r codeRange) bool { return code >= r.low && code < r.high }) {
			rows[n] = row
			n++
		}
	}
	return rows[:n]
}

// between keeps the rows whose code is at least low and below high. It writes each row,
// and goes on behind those that are meant: a branch would be mistaken often, which takes
// longer than all of the rest.
func between[C uint8 | uint16 | uint32](rows []uint32, codes []C, low, high uint32) []uint32 {
	n, width := 0, uint64(high-low)
	for _, row := range rows {
		rows[n] = row
		n += int((uint64(uint32(codes[row])-low) - width) >> 63) // below low it wraps, and is greater
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
	for i := range s.sets {
		if s.sets[i].asked {
			added = s.sets[i].keep(added)
		}
	}
	for _, keep := range s.sieves {
		added = keep(added)
	}
	s.rows = s.rows[:from+len(added)]
	return s.err == nil
}
