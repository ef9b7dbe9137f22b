package snapshot

import (
	"slices"
)

// mostParts is how many parts those who ask can have without feeling it.
const mostParts = 24

// atOnce is how many rows With puts together while others wait for it; what is more is
// left to Fold. Tests have another number.
var atOnce = freshRows

// apart tells whether parts of so many rows are too large to put together while others
// wait. Those with versions, of which there are few, never are: a row is then not found by
// its id.
func (c *Collection) apart(rows int) bool {
	return rows > atOnce && !slices.ContainsFunc(c.views, func(v *view) bool { return v.next != nil })
}

// waits tells whether parts of so many rows are left to Fold.
func (c *Collection) waits(rows int) bool { return len(c.views) < mostParts && c.apart(rows) }

// Pace is how many times as large as the first of some parts all of them must be, and how
// many they must be, to be put together: the greater, the less often a row is written, and
// the more parts there are to look through meanwhile.
type Pace int

const (
	WhileWritten Pace = 3
	WhileIdle    Pace = 2
)

// manyParts is from how many parts on they are put together at WhileIdle's pace in any case.
const manyParts = 16

// owed returns which views With has left apart, up to before end; none where they
// are equal. A part is put together with all behind it, but for those that With may put
// together itself.
func (c *Collection) owed(pace Pace) (first, end int) {
	if len(c.views) > 0 && c.views[0].wasted() && c.apart(c.views[0].live) {
		return 0, 1
	}
	if len(c.views) > manyParts {
		pace = min(pace, WhileIdle)
	}
	end = len(c.views)
	for rows := 0; end > 0; end-- {
		if rows += c.views[end-1].live; c.apart(rows) {
			break
		}
	}
	first, behind := end, 0
	for i := end - 1; i >= 0; i-- {
		live := c.views[i].live
		if end-i >= int(pace) && live*int(pace-1) <= behind {
			first = i
		}
		behind += live
	}
	return first, end
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
func (s *Snapshot) Owes(pace Pace) bool {
	return slices.ContainsFunc(s.all, func(h *held) bool { return h.owes(pace) })
}

// owes tells whether something is to be done aside for the collection.
func (h *held) owes(pace Pace) bool {
	if waiting := h.waiting(); waiting > mostCounts || pace <= WhileIdle && waiting > 0 {
		return true
	}
	if c := h.made.Load(); c != nil {
		first, end := c.owed(pace)
		return first < end
	}
	return false
}

// Fold puts parts together that With has left apart, for those who ask have less to
// look through then: nil where there are none. It makes the collections for which many
// counts wait, too, and while nobody writes those for which any do. It takes seconds where there are
// millions of features; meanwhile others may read s, and change it.
func (s *Snapshot) Fold(pace Pace) *Folding {
	for _, h := range s.all {
		if !h.owes(pace) {
			continue
		}
		c := h.collection()
		if first, end := c.owed(pace); first < end {
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
