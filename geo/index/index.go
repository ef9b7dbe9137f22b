package index

import (
	"math"
	"slices"

	"github.com/tidwall/rtree"

	"demarc/geo"
)

// An Index is an unchanging set of slots with their boxes. The methods that
// read it are safe for concurrent use, also while an Editor made by Edit works.
// Make one with New and Edit; the zero value is not of use.
type Index struct {
	tree *rtree.RTreeGN[float32, uint32]
}

// New returns an index without slots.
func New() *Index { return &Index{new(rtree.RTreeGN[float32, uint32])} }

// Len returns the number of slots that have a box which is not empty. Safe for
// concurrent use; constant time.
func (x *Index) Len() int { return x.tree.Len() }

// Search yields the slots whose box meets b, edges included, each once and in
// no order, until yield returns false.
//
// It yields every such slot and, since boxes are rounded outward to float32,
// maybe others whose box misses b by less than a metre. b may cross the
// antimeridian (West > East). An empty b yields nothing. Safe for concurrent
// use. Costs microseconds and 10 ns a slot yielded.
func (x *Index) Search(b geo.BBox, yield func(slot uint32) bool) {
	qs := queries(b)
	going := true
	for i, q := range qs {
		if !going {
			return
		}
		x.tree.Search(q.min, q.max, func(min, max [2]float32, slot uint32) bool {
			r := rect{min, max}
			if !q.finds(r) || slices.ContainsFunc(qs[:i], func(q query) bool { return q.finds(r) }) {
				return true // an earlier query has yielded it
			}
			going = yield(slot)
			return going
		})
	}
}

// Longitudes in the tree run from -180 to 540: a box that crosses the
// antimeridian lies there in one piece, its east edge beyond 180. So a query
// asks twice for each of its parts, where it lies and 360° further east, where
// it can only meet such boxes.

// A rect is a box in the tree.
type rect struct{ min, max [2]float32 }

func (r rect) meets(o rect) bool {
	return r.min[0] <= o.max[0] && o.min[0] <= r.max[0] && r.min[1] <= o.max[1] && o.min[1] <= r.max[1]
}

// rectOf returns the box in the tree for a box that is not empty.
func rectOf(b geo.BBox) rect {
	r := rect{[2]float32{down(b.West), down(b.South)}, [2]float32{up(b.East), up(b.North)}}
	if b.CrossesAntimeridian() {
		r.max[0] = max(up(b.East+360), math.Nextafter32(180, 360))
	}
	return r
}

// A query is a rect to look for.
type query struct {
	rect
	shifted bool // by 360°, to meet boxes that cross the antimeridian
}

// finds tells whether the query is meant to yield what has the box r: shifted,
// not what only ends at the antimeridian.
func (q query) finds(r rect) bool { return q.meets(r) && (!q.shifted || r.max[0] > 180) }

// queries returns what to look for to find what meets b.
func queries(b geo.BBox) []query {
	var qs []query
	for _, part := range b.Parts() {
		r := rectOf(part)
		qs = append(qs, query{rect: r})
		r.min[0], r.max[0] = down(part.West+360), up(part.East+360)
		qs = append(qs, query{rect: r, shifted: true})
	}
	return qs
}

// down returns the greatest float32 that is not above v.
func down(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

// up returns the least float32 that is not below v.
func up(v float64) float32 {
	f := float32(v)
	if float64(f) < v {
		f = math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}
