package snapshot

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// A slot is a number from 0 up to Slots that stands for one version of one
// feature, or for one that is there no more. Slots mean something within one
// Collection only.

// Slots returns how many slots the collection has.
func (c *Collection) Slots() int {
	n := 0
	for _, v := range c.views {
		n += int(v.n)
	}
	return n
}

// slot returns the view and the row of a slot.
func (c *Collection) slot(slot uint32) (*view, uint32) {
	for _, v := range c.views {
		if slot < v.n {
			return v, slot
		}
		slot -= v.n
	}
	panic("snapshot: a slot of another collection")
}

// At returns the feature in a slot, without JSON; the zero Hit where there is none
// any more. Constant time.
func (c *Collection) At(slot uint32) Hit {
	var h Hit
	if v, row := c.slot(slot); !v.dead.has(row) {
		h.fill(v.part, row, &Query{NoJSON: true}, nil)
	}
	return h
}

// Place returns the id and the geometry of the feature in a slot, "" and nil where
// there is none any more. It is At without values, and allocates nothing.
func (c *Collection) Place(slot uint32) (id string, g orb.Geometry) {
	v, row := c.slot(slot)
	if v.dead.has(row) {
		return "", nil
	}
	return v.ids.at(row), v.sites.shape(v.sites.codes.at(row))
}

// Value returns the value of a field of the feature in a slot.
func (c *Collection) Value(slot uint32, field int) geo.Value {
	v, row := c.slot(slot)
	return v.columns[field].value(row)
}

// Fetch brings what the features in the slots hold of the fields near the processor,
// for who looks at it next: field by field, so that the waits for memory overlap. It
// returns a number that means nothing.
func (c *Collection) Fetch(slots []uint32, fields []int) (sum uint64) {
	for _, slot := range slots {
		v, row := c.slot(slot)
		if text := v.ids.at(row); text != "" {
			sum += uint64(text[0])
		}
	}
	for _, field := range fields {
		for _, slot := range slots {
			v, row := c.slot(slot)
			sum += v.columns[field].touch(row)
		}
	}
	return sum
}

// touch reads what a row holds, but makes no value of it.
func (c *column) touch(row uint32) uint64 {
	switch {
	case c.coded:
		return uint64(c.codes.at(row))
	case c.words != nil:
		return c.words[row] + c.null[row/64]
	}
	if text := c.text.at(row); text != "" {
		return uint64(text[0])
	}
	return 0
}

// Scan yields the slots that q selects, in no order that means anything, until
// yield returns false. Sort, Limit, At and Offset are not looked at. It returns
// ctx's error when ctx ends first.
func (c *Collection) Scan(ctx context.Context, q *Query, yield func(slot uint32) bool) error {
	conditions := *q
	conditions.Sort, conditions.At, conditions.Offset, conditions.Limit = nil, nil, 0, math.MaxInt
	a, err := c.search(ctx, &conditions)
	if err != nil {
		return err
	}
	first := uint32(0)
	for i := range a.lists {
		l := &a.lists[i]
		for place := l.step(0, 1); place < l.size(); place = l.step(place+1, 1) {
			if !yield(first + l.row(place)) {
				return nil
			}
		}
		first += l.v.n
	}
	return nil
}

// Meeting yields the slots whose geometry's box meets b, and some that only
// nearly do, until yield returns false. See index.Index.Search.
func (c *Collection) Meeting(b geo.BBox, yield func(slot uint32) bool) {
	first, going := uint32(0), true
	for _, v := range c.views {
		v.sites.meeting(b, func(row uint32) bool {
			going = v.dead.has(row) || yield(first+row)
			return going
		})
		if !going {
			return
		}
		first += v.n
	}
}
