package snapshot

import "math/bits"

// Part is a run of a collection's slots. Later states of the collection have the same
// part, with more of its features gone, until it is joined with others: what was made of
// a part can be kept.
type Part struct {
	// First is the slot of the part's first feature.
	First uint32
	c     *Collection
	v     *view
}

// Parts returns the parts of the collection, in the order of their slots.
func (c *Collection) Parts() []Part {
	parts, first := make([]Part, len(c.views)), uint32(0)
	for i, v := range c.views {
		parts[i] = Part{first, c, v}
		first += v.n
	}
	return parts
}

// Key is the same for a part in all states of its collection, and another for others.
func (p Part) Key() any { return p.v.part }

// Len returns how many slots the part has.
func (p Part) Len() int { return int(p.v.n) }

// Whole returns the part as a collection, with the features that are gone too. Its
// slots are those of the part's collection, less First.
func (p Part) Whole() *Collection {
	v := &view{part: p.v.part}
	v.count()
	return p.alone(v)
}

// Living returns the part as a collection, without the features that are gone. Its slots
// are those of Whole.
func (p Part) Living() *Collection { return p.alone(p.v) }

func (p Part) alone(v *view) *Collection {
	alone := *p.c
	alone.past = past{}
	alone.views, alone.count = []*view{v}, v.live
	return &alone
}

// Has tells whether the collection has a feature of that id.
func (c *Collection) Has(id string) bool {
	_, _, ok := c.find(id)
	return ok
}

// Gone are the features of a part that have been changed or taken out.
type Gone struct{ dead dead }

// Gone returns those of the part that are gone.
func (p Part) Gone() Gone { return Gone{p.v.dead} }

// Count returns how many there are.
func (g Gone) Count() int { return g.dead.count }

// Has tells whether the feature in a slot, less First, is gone.
func (g Gone) Has(slot uint32) bool { return g.dead.has(slot) }

// Since returns the slots, less First, of those that were not gone at an earlier state
// of the part, in their order; ok is false where the other state is no earlier one. Its
// cost grows with what is gone since, and by little with the part.
func (g Gone) Since(before Gone) (slots []uint32, ok bool) {
	if before.dead.count == 0 {
		g.dead.each(func(row uint32) { slots = append(slots, row) })
		return slots, true
	}
	if len(g.dead.blocks) != len(before.dead.blocks) {
		return nil, false
	}
	for i, b := range g.dead.blocks {
		was := before.dead.blocks[i]
		switch {
		case b == was:
			continue
		case b == nil:
			return nil, false
		}
		for word, now := range b {
			then := uint64(0)
			if was != nil {
				then = was[word]
			}
			if then&^now != 0 {
				return nil, false
			}
			for more := now &^ then; more != 0; more &= more - 1 {
				slots = append(slots, uint32(i)<<blockShift+uint32(word*64+bits.TrailingZeros64(more)))
			}
		}
	}
	return slots, true
}
