package snapshot

import (
	"context"
	"errors"

	"demarc/geo/cql2"
)

// manyRows is from how many rows on they are looked at on all cores.
const manyRows = 1 << 17

// Members returns a bit a slot: whether q selects what it stands for. Sort, Limit, At and
// Offset are not looked at. It returns ctx's error when ctx ends first.
func (c *Collection) Members(ctx context.Context, q *Query) ([]uint64, error) {
	members := make([]uint64, (c.Slots()+63)/64)
	if len(c.views) == 1 && !q.All() && q.Near == nil {
		var hint cql2.Hint
		if q.Filter != nil {
			hint = cql2.Bounds(q.Filter, c.longest)
		}
		if done, err := c.views[0].membersInTurn(ctx, q, hint, members, manyRows); done || err != nil {
			return members, err
		}
	}
	err := c.Scan(ctx, q, func(slot uint32) bool {
		members[slot/64] |= 1 << (slot % 64)
		return true
	})
	return members, err
}

// membersInTurn is Members where at least so many rows must be looked at one after another; done is
// false elsewhere.
func (v *view) membersInTurn(ctx context.Context, q *Query, hint cql2.Hint, members []uint64, many int) (done bool, err error) {
	var s searcher
	s.begin(ctx, q, hint, v)
	if s.conditions(); hint.Never || s.polygons != nil || q.BBox != nil {
		return false, nil
	}
	if d := s.choose(); d.by != inTurn || d.rows < many {
		return false, nil
	}
	workers := everyone()
	run := (int(v.n)/(4*int(workers)) + blockRows) / blockRows * blockRows // whole blocks, so whole words of members
	errs := make([]error, (int(v.n)+run-1)/run)
	workers.do(len(errs), func(i int) {
		var s searcher // filters note what they find, each for itself
		s.begin(ctx, q, hint, v)
		s.conditions()
		for first := i * run; first < min((i+1)*run, int(v.n)) && s.err == nil; first += blockRows {
			if !s.wants(first / blockRows) {
				continue
			}
			s.rows = s.rows[:0]
			for row := first; row < min(first+blockRows, int(v.n)); row++ {
				s.rows = append(s.rows, uint32(row))
			}
			s.sift(0)
			for _, row := range s.rows {
				members[row/64] |= 1 << (row % 64)
			}
		}
		errs[i] = s.err
	})
	return true, errors.Join(errs...)
}
