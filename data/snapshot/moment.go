package snapshot

import (
	"sync"

	"demarc/geo"
)

// Moment is a state of a collection. It stays the same while the collection does,
// whatever became of others, so that what was made of the collection can be kept.
// Moments can be compared and be keys.
type Moment struct {
	line *line
	n    int
}

// line is a row of states, each made from the one before by With.
type line struct {
	mu     sync.Mutex
	newest int
}

// follow notes the state after the one of that number; it is false where another
// follows it already.
func (l *line) follow(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.newest != n {
		return false
	}
	l.newest++
	return true
}

// past is what a collection remembers of how it came to be.
type past struct {
	Moment
	// changes are the last ones, the newest at the end: where features were and
	// where they are since. Later states append to it.
	changes [][]geo.BBox
}

// How much is remembered.
const (
	maxChanges = 1 << 13
	maxBoxes   = 64 // of one change; where there are more, one box holds them all
)

// Moment returns the collection's state.
func (c *Collection) Moment() Moment { return c.past.Moment }

// Untouched tells whether nothing changed within b between an earlier state and
// this one. It is false also where that is not known any more, and for states that
// this one was not made from. It costs what changed since.
func (c *Collection) Untouched(since Moment, b geo.BBox) bool {
	steps := c.past.n - since.n
	if since.line == nil || c.past.line != since.line || steps < 0 || steps > len(c.past.changes) {
		return false
	}
	for _, boxes := range c.past.changes[len(c.past.changes)-steps:] {
		for _, changed := range boxes {
			if changed.Intersects(b) {
				return false
			}
		}
	}
	return true
}

// Before tells whether m is an earlier state than o of one row.
func (m Moment) Before(o Moment) bool { return m.line == o.line && m.n < o.n }

// begin begins a row of states.
func (p *past) begin() { *p = past{Moment: Moment{line: &line{}}} }

// next returns the past of a state that is made from this one. Where another was
// made from it before, it begins a row of its own.
func (p past) next(boxes []geo.BBox) past {
	if p.line == nil || !p.line.follow(p.n) {
		p.begin()
		return p
	}
	if len(p.changes) == maxChanges {
		p.changes = append(make([][]geo.BBox, 0, maxChanges), p.changes[maxChanges/2:]...)
	}
	p.n++
	p.changes = append(p.changes, boxes)
	return p
}

// changeOf returns the boxes of the features of those ids, and of the items.
func (c *Collection) changeOf(gone []string, items []item) []geo.BBox {
	boxes, all := make([]geo.BBox, 0, min(maxBoxes, len(gone)+len(items))), geo.EmptyBBox()
	add := func(b geo.BBox) {
		switch {
		case b.IsEmpty():
		case len(boxes) == maxBoxes:
			all = all.Extend(b)
		default:
			boxes = append(boxes, b)
		}
	}
	for _, id := range gone {
		if v, row, ok := c.find(id); ok { // and the versions before it
			for ; ; row-- {
				add(geo.BBoxOf(v.sites.shape(v.sites.codes.at(row))))
				if row == 0 || v.next == nil || v.ids.at(row-1) != id {
					break
				}
			}
		}
	}
	for i := range items {
		add(geo.BBoxOf(items[i].feature.Geometry))
	}
	if all.IsEmpty() {
		return boxes
	}
	for _, b := range boxes {
		all = all.Extend(b)
	}
	return []geo.BBox{all}
}
