package snapshot

import (
	"math"

	"demarc/geo"
)

// edges are ends of the extent of a collection.
type edges uint8

const (
	westEdge edges = 1 << iota
	southEdge
	eastEdge
	northEdge
	firstEdge
	lastEdge
	timeEdges = firstEdge | lastEdge
)

// reached returns the edges of the extent that a box and a time reach.
func (c *Collection) reached(b geo.BBox, from, to int64) (reached edges) {
	reach := func(edge edges, does bool) {
		if does {
			reached |= edge
		}
	}
	if !b.IsEmpty() {
		reach(westEdge, b.West <= c.extent.West)
		reach(southEdge, b.South <= c.extent.South)
		reach(eastEdge, b.East >= c.extent.East)
		reach(northEdge, b.North >= c.extent.North)
	}
	for _, end := range [2]int64{from, to} {
		if end != math.MinInt64 && end != math.MaxInt64 { // open ends add nothing
			reach(firstEdge, end <= c.first)
			reach(lastEdge, end >= c.last)
		}
	}
	return reached
}

// shrink works out anew the edges of the extent that may be lost. It costs as much as
// there are features, and those alone can bring it about that lie furthest out.
func (c *Collection) shrink(lost edges) {
	if lost&timeEdges != 0 {
		c.first, c.last = math.MaxInt64, math.MinInt64
		for _, v := range c.views {
			c.spreadTime(v)
		}
	}
	if lost&^timeEdges != 0 {
		c.extent = geo.EmptyBBox()
		for _, v := range c.views {
			c.spreadPlace(v)
		}
	}
}

// spread extends the extent to what lives in the view.
func (c *Collection) spread(v *view) {
	c.longest = max(c.longest, v.sites.longest)
	c.spreadTime(v)
	c.spreadPlace(v)
}

func (c *Collection) spreadTime(v *view) {
	if v.dead.count == 0 {
		c.first, c.last = min(c.first, v.times.first), max(c.last, v.times.last)
		return
	}
	// Rows are mostly in the order of their times: the last ones are looked at first,
	// then the others, of which few blocks can reach further.
	for i := range v.times.zones {
		block := (i + len(v.times.zones) - 1) % len(v.times.zones)
		if z := v.times.zones[block]; z.from >= c.first && z.to <= c.last {
			continue
		}
		for row := block * blockRows; row < min((block+1)*blockRows, int(v.n)); row++ {
			if v.dead.has(uint32(row)) {
				continue
			}
			for _, end := range [2]int64{v.times.from[row], v.times.to[row]} {
				if end != math.MinInt64 && end != math.MaxInt64 {
					c.first, c.last = min(c.first, end), max(c.last, end)
				}
			}
		}
	}
}

func (c *Collection) spreadPlace(v *view) {
	if v.dead.count == 0 {
		c.extent = c.extent.Extend(v.sites.box)
		return
	}
	for site := range v.sites.none() {
		for _, row := range v.sites.rows.of(site) {
			if !v.dead.has(row) {
				c.extent = c.extent.Extend(geo.BBoxOf(v.sites.shape(site)))
				break
			}
		}
	}
}
