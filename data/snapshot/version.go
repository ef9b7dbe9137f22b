package snapshot

import (
	"demarc/data"
	"demarc/geo"
)

// FeatureAt returns the feature of that id in the version that answers when, as
// Items does with Query.When; where none does, and for nil, its newest. Or
// data.ErrNotFound. A feature without versions is the same at all times.
func (c *Collection) FeatureAt(id string, when *geo.Interval) (Hit, error) {
	newest, ok := c.newest[id]
	if !ok {
		return Hit{}, data.ErrNotFound
	}
	// The versions of a feature have one key, so they stand together.
	for i := newest; c.slots[i].key == c.slots[newest].key; i-- {
		if c.slots[i].feature.ID == id && c.inForce(&c.slots[i], when) {
			return c.hit(i), nil
		}
		if i == 0 {
			break
		}
	}
	return c.hit(newest), nil
}
