package snapshot

import (
	"demarc/data"
	"demarc/geo"
)

// FeatureAt returns the feature of that id in the version that answers when, as
// Items does with Query.When; where none does, and for nil, its newest. Or
// data.ErrNotFound. A feature without versions is the same at all times.
func (c *Collection) FeatureAt(id string, when *geo.Interval) (Hit, error) {
	v, newest, ok := c.find(id)
	if !ok {
		return Hit{}, data.ErrNotFound
	}
	if when != nil && v.next != nil {
		// The versions of a feature have one key, so they stand together.
		for row := newest; v.ids.at(row) == id; row-- {
			if v.inForce(row, askedOf(when)) {
				return v.hit(row), nil
			}
			if row == 0 {
				break
			}
		}
	}
	return v.hit(newest), nil
}
