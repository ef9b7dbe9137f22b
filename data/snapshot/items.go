package snapshot

import (
	"context"

	"github.com/paulmach/orb"

	"demarc/geo/cql2"
)

// Items answers q. It returns ctx's error when ctx ends first. What no condition
// narrows costs what the page does, whatever the size of the collection; else the
// cost grows with the rows that the index with the fewest leaves, and a page in
// another order, the first time that it is asked for, with all rows.
func (c *Collection) Items(ctx context.Context, q *Query) (*Page, error) {
	a, err := c.search(ctx, q)
	if err != nil {
		return nil, err
	}
	defer a.free()
	return a.page(), nil
}

// search returns what q selects.
func (c *Collection) search(ctx context.Context, q *Query) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var hint cql2.Hint
	if q.Filter != nil {
		hint = cql2.Bounds(q.Filter, c.longest)
	}
	a := &answer{q: q}
	for _, v := range c.views {
		s := &searcher{ctx: ctx, q: q, hint: hint, v: v}
		a.lists = append(a.lists, s.list())
		if s.scratch != nil {
			a.scratches = append(a.scratches, s.scratch)
		}
		a.steps = append(a.steps, Step{Plan: s.plan, Features: v.live, Visited: s.seen, Matched: a.lists[len(a.lists)-1].n})
		if s.err != nil {
			return nil, s.err
		}
	}
	return a, nil
}

// Nearest returns the feature nearest to p that accept accepts, and its
// distance in metres; ok is false when there is none. It looks at few more
// features than the nearest.
func (c *Collection) Nearest(p orb.Point, accept func(Hit) bool) (hit Hit, ok bool) {
	for _, v := range c.views {
		near, found := v.nearestTo(p, accept)
		if found && (!ok || near.Metres < hit.Metres) {
			hit, ok = near, true
		}
	}
	return hit, ok
}
