package snapshot

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// match is a slot that a query selects, with its distance where one is asked.
type match struct {
	slot   uint32
	metres float64
}

// checkEvery is after how many slots a search looks whether it is still wanted.
const checkEvery = 4096

// Items answers q. It returns ctx's error when ctx ends first. The index finds
// what lies in a box or near a geometry; what is left is decided slot by slot.
func (c *Collection) Items(ctx context.Context, q *Query) (*Page, error) {
	matches, err := c.search(ctx, q)
	if err != nil {
		return nil, err
	}
	from, to := c.window(matches, q)
	page := &Page{Matched: len(matches), Hits: make([]Hit, 0, to-from)}
	for _, m := range matches[from:to] {
		h := c.hit(m.slot)
		h.Metres = m.metres
		page.Hits = append(page.Hits, h)
	}
	if to > from && to < len(matches) {
		page.Next = c.cursor(matches[to-1], q, false)
	}
	if to > from && from > 0 {
		page.Prev = c.cursor(matches[from], q, true)
	}
	return page, nil
}

// cursor returns the place beside a match.
func (c *Collection) cursor(m match, q *Query, back bool) *Cursor {
	at := &Cursor{Back: back, Metres: m.metres, Key: c.slots[m.slot].key}
	for _, k := range q.Sort {
		at.Sorted = append(at.Sorted, c.slots[m.slot].feature.Values[k.Field])
	}
	return at
}

// window returns which of the matches are on the page.
func (c *Collection) window(matches []match, q *Query) (from, to int) {
	if q.At == nil {
		from = min(q.Offset, len(matches))
		return from, min(from+q.Limit, len(matches))
	}
	at, found := slices.BinarySearchFunc(matches, q.At, func(m match, at *Cursor) int {
		for i, k := range q.Sort {
			if o := k.compare(c.slots[m.slot].feature.Values[k.Field], at.Sorted[i]); o != 0 {
				return o
			}
		}
		return cmp.Or(cmp.Compare(m.metres, at.Metres), cmp.Compare(c.slots[m.slot].key, at.Key))
	})
	if q.At.Back {
		return max(0, at-q.Limit), at
	}
	if found {
		at++
	}
	return at, min(at+q.Limit, len(matches))
}

// compare orders two values by the key, null last.
func (k SortKey) compare(a, b geo.Value) int {
	if k.Descending && !a.IsNull() && !b.IsNull() {
		return b.Compare(a)
	}
	return a.Compare(b)
}

// sort brings matches, which stand in the order of the answer without sort
// keys, into the order of the keys.
func (c *Collection) sort(matches []match, keys []SortKey) {
	if len(keys) == 0 {
		return
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		for _, k := range keys {
			if o := k.compare(c.slots[a.slot].feature.Values[k.Field], c.slots[b.slot].feature.Values[k.Field]); o != 0 {
				return o
			}
		}
		return 0
	})
}

// search returns what q selects, in the order of the answer: by its sort keys,
// by distance, then by key.
func (c *Collection) search(ctx context.Context, q *Query) ([]match, error) {
	s := &searcher{ctx: ctx, c: c, q: q}
	var hint cql2.Hint
	if q.Filter != nil {
		s.filter = cql2.Compile(q.Filter)
		hint = cql2.Bounds(q.Filter, c.longestEdge)
	}
	switch {
	case hint.Never:
	case q.Near != nil:
		s.near()
	case q.BBox != nil:
		s.box()
	case hint.Boxes != nil:
		s.boxes(hint.Boxes)
	default:
		for i := range c.slots {
			s.consider(uint32(i), 0)
		}
	}
	c.sort(s.matches, q.Sort)
	return s.matches, s.err
}

// searcher gathers what one query selects.
type searcher struct {
	ctx     context.Context
	c       *Collection
	q       *Query
	filter  *cql2.Filter // nil without one
	seen    int
	matches []match
	err     error
}

// stopped tells, every few thousand slots, whether the answer is still wanted.
func (s *searcher) stopped() bool {
	s.seen++
	if s.err == nil && s.seen%checkEvery == 0 {
		s.err = s.ctx.Err()
	}
	return s.err != nil
}

// consider adds slot i if all conditions hold that no index has decided.
func (s *searcher) consider(i uint32, metres float64) bool {
	if s.stopped() {
		return false
	}
	slot := &s.c.slots[i]
	if !s.c.inForce(slot, s.q.When) {
		return true
	}
	for _, e := range s.q.Equal {
		if !slot.feature.Values[e.Field].Matches(e.Value) {
			return true
		}
	}
	if s.filter != nil && !s.filter.Match(&slot.feature) {
		return true
	}
	s.matches = append(s.matches, match{i, metres})
	return true
}

// inForce tells whether the slot is the version of its feature that answers
// when: the newest whose time meets it.
func (c *Collection) inForce(s *slot, when *geo.Interval) bool {
	if when == nil {
		return s.next < 0
	}
	if !s.when.Intersects(*when) {
		return false
	}
	return s.next < 0 || !c.slots[s.next].when.Intersects(*when)
}

// box considers what lies in the query's box, and what lies nowhere.
func (s *searcher) box() {
	s.c.index.Search(*s.q.BBox, func(i uint32) bool {
		if !predicate.IntersectsBBox(s.c.slots[i].feature.Geometry, *s.q.BBox) {
			return !s.stopped()
		}
		return s.consider(i, 0)
	})
	for _, i := range s.c.unlocated {
		s.consider(i, 0)
	}
	slices.SortFunc(s.matches, func(a, b match) int { return cmp.Compare(a.slot, b.slot) })
}

// boxes considers what meets one of the boxes that hold all matches of the
// filter.
func (s *searcher) boxes(boxes []geo.BBox) {
	var slots []uint32
	for _, b := range boxes {
		s.c.index.Search(b, func(i uint32) bool {
			slots = append(slots, i)
			return !s.stopped()
		})
	}
	slices.Sort(slots)
	for _, i := range slices.Compact(slots) {
		if !s.consider(i, 0) {
			return
		}
	}
}

// near considers what lies within the asked distance.
func (s *searcher) near() {
	near := s.q.Near
	visit := func(i uint32) bool {
		g := s.c.slots[i].feature.Geometry
		if s.q.BBox != nil && !predicate.IntersectsBBox(g, *s.q.BBox) {
			return !s.stopped()
		}
		metres, ok := distanceBetween(near.Geometry, g)
		if !ok || near.Within > 0 && metres > near.Within {
			return !s.stopped()
		}
		return s.consider(i, metres)
	}
	box := geo.World()
	if near.Within > 0 {
		box = geodesic.BufferBox(geo.BBoxOf(near.Geometry), near.Within)
	}
	s.c.index.Search(box, visit)
	slices.SortFunc(s.matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(s.c.slots[a.slot].key, s.c.slots[b.slot].key))
	})
}

// Nearest returns the feature nearest to p that accept accepts, and its
// distance in metres; ok is false when there is none. It looks at few more
// features than the nearest.
func (c *Collection) Nearest(p orb.Point, accept func(Hit) bool) (hit Hit, ok bool) {
	c.index.Nearest(
		func(low, high [2]float32) float64 {
			return geodesic.LowerBound(p, geo.BBox{West: float64(low[0]), South: float64(low[1]), East: float64(high[0]), North: float64(high[1])})
		},
		func(i uint32) float64 {
			metres, _ := geodesic.DistanceTo(p, c.slots[i].feature.Geometry)
			return metres
		},
		func(i uint32, metres float64) bool {
			hit, ok = c.hit(i), true
			hit.Metres = metres
			if !accept(hit) {
				hit, ok = Hit{}, false
			}
			return !ok
		})
	return hit, ok
}
