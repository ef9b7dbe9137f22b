package snapshot

import (
	"math/bits"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// runCells are the positions of a run's sites on a grid over the run's box: a look at
// them is one at a single line of the processor's cache, and tells of all but those on
// the rim of what is asked for on which side they are.
type runCells [runSites]struct{ x, y uint16 }

// cellsAcross is how many cells the grid has from one side to the other, less one.
const cellsAcross = 1<<16 - 1

// note fills in the cells, where all of the shapes are positions.
func (r *runBox) note(shapes []orb.Geometry) {
	for i, g := range shapes {
		p, ok := g.(orb.Point)
		if !ok || !r.whole {
			return
		}
		r.cells[i].x = uint16(cellOf(p[0], r.West, r.East))
		r.cells[i].y = uint16(cellOf(p[1], r.South, r.North))
	}
	r.points = true
}

// cellOf returns in which cell between two sides v lies, -1 before the first and one
// more than cellsAcross behind the last. Of two positions the one in the greater cell
// is the greater one, however its cell was rounded.
func cellOf(v, low, high float64) int64 {
	switch {
	case v < low:
		return -1
	case v > high:
		return cellsAcross + 1
	case low == high:
		return 0
	}
	return int64((v - low) / (high - low) * cellsAcross)
}

// inCells tells of each site of a run by a bit whether it lies in the part; of those
// whose bit in doubt is set it does not know it.
func (r *runBox) inCells(part *geo.BBox) (in, doubt uint32) {
	west, east := cellOf(part.West, r.West, r.East), cellOf(part.East, r.West, r.East)
	south, north := cellOf(part.South, r.South, r.North), cellOf(part.North, r.South, r.North)
	for i := range r.cells {
		x, y := int64(r.cells[i].x), int64(r.cells[i].y)
		// What is off a side makes the difference to it negative. A branch for each
		// would be mistaken half of the time.
		within := (x - west - 1) | (east - x - 1) | (y - south - 1) | (north - y - 1)
		near := (x - west) | (east - x) | (y - south) | (north - y)
		in |= uint32(uint64(^within)>>63) << i
		doubt |= uint32(uint64(^near)>>63) << i
	}
	return in, doubt &^ in
}

// takeCells takes those of a run's n sites that lie in the box, which has one part.
func (x *boxSearch) takeCells(r *runBox, first uint32, n int) {
	in, doubt := r.inCells(&x.parts[0])
	there := uint32(1)<<n - 1
	in &= there
	for doubt &= there; doubt != 0; doubt &= doubt - 1 {
		if i := bits.TrailingZeros32(doubt); x.meets(x.sites.shapes[first+uint32(i)]) {
			in |= 1 << i
		}
	}
	for in != 0 {
		start := bits.TrailingZeros32(in)
		end := start + bits.TrailingZeros32(^(in >> start))
		x.take(r, first, first+uint32(start), first+uint32(end))
		in &^= 1<<end - 1
	}
}
