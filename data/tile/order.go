package tile

import (
	"context"
	"slices"
	"sort"

	"github.com/paulmach/orb"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/tms"
)

// depth is how many times the root of the quadtree is halved to get the positions
// that keys hold: its cells are 4 cm wide at the equator. The root is two tiles of
// level 0 wide and high, so that one tree does for both tile matrix sets, and a
// tile of level z is a node of depth z+1.
const depth = 31

// order is what a part of a collection has, arranged for the tiles of one tile matrix
// set: its points by key, so that what lies in a tile, a block or a cell stands
// together, and its other geometries as they come. It has the features too that are
// gone since, and serves as long as the part lasts.
//
// The key of a position interleaves the bits of its x and y (Morton 1966): all
// positions in a node of the quadtree share the key's first bits.
type order struct {
	col    *snapshot.Collection
	set    *tms.Set
	roles  roles
	keys   []uint64
	slots  []uint32 // by place in the order, as all that follows
	sums   columns
	spans  *snapshot.Spans // the times, nil where a place's alone does not tell what it meets
	shapes []shape         // in the order of their slots
	hashes []uint64        // of the ids of all features, ascending
	twins  bool            // whether two ids have one hash
}

// shape is a feature that is not a point.
type shape struct {
	slot uint32
	size float64 // the greater of width and height, in tiles of level 0
}

// newOrder arranges a part, as a collection of its own. It costs a look at every feature,
// on all cores, and is done once for a part and a set.
func newOrder(ctx context.Context, col *snapshot.Collection, set *tms.Set) (*order, error) {
	o := &order{col: col, set: set, roles: rolesOf(&col.Schema)}
	n := col.Slots()
	runs := make([]struct {
		points []keyed
		shapes []shape
	}, maxRuns)
	used := inRuns(n, func(run, from, to int) {
		r := &runs[run]
		for slot := from; slot < to && (slot%4096 > 0 || ctx.Err() == nil); slot++ {
			_, at := col.Place(uint32(slot))
			switch g := at.(type) {
			case nil:
			case orb.Point:
				if key, ok := keyOf(set, g); ok {
					r.points = append(r.points, keyed{key, uint32(slot)})
				}
			default:
				if box := geo.BBoxOf(g); !box.IsEmpty() {
					r.shapes = append(r.shapes, shape{uint32(slot), sizeOf(set, box)})
				}
			}
		}
	})
	var points []keyed
	for i := range used {
		points = append(points, runs[i].points...)
		o.shapes = append(o.shapes, runs[i].shapes...)
	}
	points = sortByKey(points)
	o.keys, o.slots = make([]uint64, len(points)), make([]uint32, len(points))
	for i, p := range points {
		o.keys[i], o.slots[i] = p.key, p.slot
	}
	o.sums, o.spans = o.roles.columns(ctx, col, o.slots), col.SpansOf(o.slots)
	o.hashes, o.twins = hashesOf(col)
	return o, ctx.Err()
}

// cost is about how many bytes the order takes.
func (o *order) cost() int64 {
	width := 12 + o.sums.width()
	if o.spans != nil {
		width += o.spans.Width()
	}
	return int64(len(o.keys))*int64(width) + int64(len(o.hashes))*8 + int64(len(o.shapes))*16 + 1024
}

// keyOf returns the key of a position; ok is false beyond the edges of the set.
// What lies on the east or south edge counts to the last tile.
func keyOf(set *tms.Set, p orb.Point) (key uint64, ok bool) {
	const scale = 1 << (depth - 1) // positions of a tile of level 0
	x, y := set.Forward(p)
	width, height := set.Size(0)
	if !(x >= 0 && y >= 0 && x <= float64(width) && y <= float64(height)) {
		return 0, false
	}
	return morton(uint32(min(x*scale, float64(width)*scale-1)), uint32(min(y*scale, float64(height)*scale-1))), true
}

// sizeOf returns how wide or high the box is on the plane.
func sizeOf(set *tms.Set, b geo.BBox) float64 {
	west, north := set.Forward(orb.Point{b.West, b.North})
	east, south := set.Forward(orb.Point{b.East, b.South})
	return max(east-west, south-north)
}

// morton interleaves the bits of x and y, x in the even places.
func morton(x, y uint32) uint64 { return spread(x) | spread(y)<<1 }

// unmorton takes them apart.
func unmorton(key uint64) (x, y uint32) { return gather(key), gather(key >> 1) }

// spread puts a zero between the bits of v.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// gather drops every other bit.
func gather(x uint64) uint32 {
	x &= 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}

// node is a square of the quadtree: the x-th from the west and y-th from the north
// of its depth.
type node struct {
	depth int
	x, y  uint32
}

// keys returns the first key of the node, and the first behind it.
func (n node) keys() (from, to uint64) {
	shift := 2 * (depth - n.depth)
	prefix := morton(n.x, n.y)
	return prefix << shift, (prefix + 1) << shift
}

// span returns which of the order's points lie in the node: from i up to, not
// including, j.
func (o *order) span(n node) (i, j int) {
	from, to := n.keys()
	i, _ = slices.BinarySearch(o.keys, from)
	j, _ = slices.BinarySearch(o.keys[i:], to)
	return i, i + j
}

// placeOf returns where a point in a slot stands in the order; ok is false where there is
// none.
func (o *order) placeOf(slot uint32) (place uint32, ok bool) {
	_, g := o.col.Place(slot)
	p, ok := g.(orb.Point)
	if !ok {
		return 0, false
	}
	key, ok := keyOf(o.set, p)
	if !ok {
		return 0, false
	}
	i := sort.Search(len(o.keys), func(i int) bool { // those of a key stand in the order of their slots
		return o.keys[i] > key || o.keys[i] == key && o.slots[i] >= slot
	})
	return uint32(i), i < len(o.keys) && o.slots[i] == slot
}
