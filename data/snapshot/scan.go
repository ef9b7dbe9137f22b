package snapshot

import (
	"context"

	"demarc/geo"
)

// A slot is a number from 0 up to Slots that stands for one version of one
// feature. Slots mean something within one Collection only.

// Slots returns how many slots the collection has.
func (c *Collection) Slots() int { return len(c.slots) }

// At returns the feature in a slot. Constant time.
func (c *Collection) At(slot uint32) Hit { return c.hit(slot) }

// Scan yields the slots that q selects, in no order that means anything, until
// yield returns false. Sort, Limit, At and Offset are not looked at. It returns
// ctx's error when ctx ends first.
func (c *Collection) Scan(ctx context.Context, q *Query, yield func(slot uint32) bool) error {
	conditions := *q
	conditions.Sort = nil
	matches, err := c.search(ctx, &conditions)
	if err != nil {
		return err
	}
	for _, m := range matches {
		if !yield(m.slot) {
			return nil
		}
	}
	return nil
}

// Meeting yields the slots whose geometry's box meets b, and some that only
// nearly do, until yield returns false. See index.Index.Search.
func (c *Collection) Meeting(b geo.BBox, yield func(slot uint32) bool) { c.index.Search(b, yield) }
