package snapshot

import (
	"slices"
)

// mostParts is how many parts those who ask can have without feeling it.
const mostParts = 24

// atOnce is how many rows With puts together while others wait for it; what is more is
// left to Fold. Tests have another number.
var atOnce = freshRows

// waits tells whether parts of so many rows are too large to put together now. Those
// with versions, of which there are few, never are: a row is then not found by its id.
func (c *Collection) waits(rows int) bool {
	return rows > atOnce && len(c.views) < mostParts && !slices.ContainsFunc(c.views, func(v *view) bool { return v.next != nil })
}

// owed returns which views With has left apart, up to before end; none where they
// are equal. What has come behind them goes with them, so that a row is written less
// often, but for the last, which With may change.
func (c *Collection) owed() (first, end int) {
	n := len(c.views)
	if n > 0 && c.views[0].wasted() && c.waits(c.views[0].live) {
		return 0, 1
	}
	for i := 1; i < len(c.views); i++ {
		if rows := c.views[i-1].live + c.views[i].live; c.waits(rows) && !outgrows(c.views[i-1].live, c.views[i].live) {
			return i - 1, max(i+1, n-1)
		}
	}
	return 0, 0
}

// wasted tells whether most of a part is dead.
func (v *view) wasted() bool { return v.dead.count > int(v.n)/2 }

// Folding are large parts of a collection that were put together aside.
type Folding struct {
	collection string
	views      []*view
	part       *part
}

// Owes tells whether there is something for Fold to do.
func (s *Snapshot) Owes() bool {
	return slices.ContainsFunc(s.all, (*held).owes)
}

// owes tells whether something is to be done aside for the collection.
func (h *held) owes() bool {
	if h.waiting() > mostCounts {
		return true
	}
	if c := h.made.Load(); c != nil {
		first, end := c.owed()
		return first < end
	}
	return false
}

// Fold puts parts together that With has left apart, for those who ask have less to
// look through then: nil where there are none. It makes the collections for which many
// counts wait, too. It takes seconds where there are
// millions of features; meanwhile others may read s, and change it.
func (s *Snapshot) Fold() *Folding {
	for _, h := range s.all {
		if !h.owes() {
			continue
		}
		c := h.collection()
		if first, end := c.owed(); first < end {
			views := slices.Clone(c.views[first:end])
			return &Folding{c.ID, views, foldOf(beside(), &c.Schema, views)}
		}
	}
	return nil
}

// Folded returns the same snapshot with the folding in place of what it was made of.
// s must be the one that was folded, or come from it by With; ok is false where it
// does not have those parts any more. It costs what has changed in them.
func (s *Snapshot) Folded(f *Folding) (next *Snapshot, ok bool) {
	c := s.own(f.collection)
	if c == nil {
		return nil, false
	}
	at := slices.IndexFunc(c.views, func(v *view) bool { return v.part == f.views[0].part })
	if at < 0 || at+len(f.views) > len(c.views) {
		return nil, false
	}
	var gone []uint32
	for i, then := range f.views {
		now := c.views[at+i]
		if now.part != then.part {
			return nil, false
		}
		before := 0 // how many of the dead were dead then
		now.dead.each(func(row uint32) {
			if then.dead.has(row) {
				before++
				return
			}
			if row, ok := f.part.find(now.ids.at(row)); ok {
				gone = append(gone, row)
			}
		})
		if before != then.dead.count {
			return nil, false // s does not come from it: something lives again
		}
	}
	v := &view{part: f.part}
	if len(gone) > 0 {
		v.dead = v.dead.with(v.n, gone)
	}
	v.count()
	folded := *c
	folded.views = slices.Concat(c.views[:at], []*view{v}, c.views[at+len(f.views):])
	return s.replacing(&folded), true
}

// replacing returns the snapshot with the collection in place of the one of its id.
func (s *Snapshot) replacing(c *Collection) *Snapshot {
	next := *s
	next.all = slices.Clone(s.all)
	next.all[s.places[c.ID]] = s.records.hold(c)
	return &next
}
