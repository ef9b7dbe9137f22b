package snapshot

import (
	"math"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// siteBlock is a run of sites, which lie together: what is true of all positions
// near its middle need not be asked of each site.
type siteBlock struct {
	box    geo.BBox // of its shapes, their edges included; empty if nothing lies anywhere
	radius float64  // metres from the middle of the box that nothing of it exceeds
	whole  bool     // whether every site lies somewhere
}

// blockSites is how many sites make a block.
const blockSites = 32

// inBlocks returns the blocks of the sites, in their order.
func (s *sites) inBlocks() []siteBlock {
	const metresOfDegree = 111_700 // no degree of latitude or longitude is longer
	blocks := make([]siteBlock, 0, len(s.shapes)/blockSites+1)
	for first := 0; first < len(s.shapes); first += blockSites {
		b := siteBlock{box: geo.EmptyBBox(), whole: true}
		for _, g := range s.shapes[first:min(first+blockSites, len(s.shapes))] {
			box := geo.BBoxOf(g)
			if box.IsEmpty() {
				b.whole = false
				continue
			}
			b.box = b.box.Extend(geodesic.EdgeBox(box, longestEdge(g)))
		}
		b.radius = metresOfDegree * math.Hypot(b.box.East-b.box.West, b.box.North-b.box.South) / 2
		blocks = append(blocks, b)
	}
	return blocks
}
