package snapshot

import (
	"context"
	"sync"

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
	page := a.page()
	a.free()
	return page, nil
}

// answers are kept for the next query: their memory is.
var answers = sync.Pool{New: func() any { return &answer{} }}

// free leaves the memory to others. Nothing of the answer may be looked at after it.
func (a *answer) free() {
	for _, s := range a.searchers {
		s.forget()
	}
	clear(a.lists)
	clear(a.steps)
	*a = answer{searchers: a.searchers, lists: a.lists[:0], steps: a.steps[:0], heads: a.heads, behind: a.behind, places: a.places[:0]}
	if cap(a.places) <= mostScratch {
		answers.Put(a)
	}
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
	a := answers.Get().(*answer)
	a.q = q
	for i, v := range c.views {
		if i == len(a.searchers) {
			a.searchers = append(a.searchers, &searcher{})
		}
		s := a.searchers[i]
		s.begin(ctx, q, hint, v)
		a.lists = append(a.lists, s.list())
		a.steps = append(a.steps, Step{Plan: s.plan, Features: v.live, Visited: s.seen, Matched: a.lists[i].n})
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
