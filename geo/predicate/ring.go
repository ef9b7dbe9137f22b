package predicate

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/rtree"
)

// validRing returns an error if the ring, which is closed, meets itself
// elsewhere than where neighbouring edges join, or has no extent. Repeated
// vertices are allowed. It names the place, which the library's error does not.
func validRing(r orb.Ring) error {
	vs := r[:1:1]
	for _, v := range r[1:] {
		if v != vs[len(vs)-1] {
			vs = append(vs, v)
		}
	}
	if len(vs) == 1 {
		return &InvalidError{vs[0], "all vertices of the ring are the same"}
	}
	if len(vs) <= fewEdges {
		return meetingBySweep(vs)
	}
	return meetingByIndex(vs)
}

// fewEdges is up to how many edges of a ring looking at each pair that is not apart
// west and east, or south and north, costs less than an index whatever the ring.
const fewEdges = 1024

// meetingBySweep returns an error for two edges of a ring that meet. It goes through
// the edges from the west, or the south where that is the shorter way.
func meetingBySweep(vs []orb.Point) error {
	axis, bound := 0, orb.Ring(vs).Bound()
	if bound.Max[1]-bound.Min[1] > bound.Max[0]-bound.Min[0] {
		axis = 1
	}
	type span struct {
		low, high float64
		edge      int
	}
	spans := make([]span, len(vs)-1)
	for i := range spans {
		a, b := vs[i][axis], vs[i+1][axis]
		spans[i] = span{min(a, b), max(a, b), i}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.low, b.low) })
	across := 1 - axis
	for i, s := range spans {
		a, b := vs[s.edge], vs[s.edge+1]
		low, high := min(a[across], b[across]), max(a[across], b[across])
		for _, o := range spans[i+1:] {
			if o.low > s.high {
				break
			}
			c, d := vs[o.edge], vs[o.edge+1]
			if min(c[across], d[across]) > high || max(c[across], d[across]) < low {
				continue
			}
			if at, meet := edgesMeet(vs, min(s.edge, o.edge), max(s.edge, o.edge)); meet {
				return &InvalidError{at, "the ring meets itself"}
			}
		}
	}
	return nil
}

// meetingByIndex is meetingBySweep by an R-tree.
func meetingByIndex(vs []orb.Point) error {
	items := make([]rtree.BulkItem, len(vs)-1)
	for i := range items {
		items[i] = rtree.BulkItem{Box: edgeBox(vs, i), RecordID: i}
	}
	tree := rtree.BulkLoad(items)
	for i := range items {
		err := tree.RangeSearch(edgeBox(vs, i), func(j int) error {
			if i >= j {
				return nil
			}
			if at, meet := edgesMeet(vs, i, j); meet {
				return &InvalidError{at, "the ring meets itself"}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func edgeBox(vs []orb.Point, i int) rtree.Box {
	a, b := vs[i], vs[i+1]
	return rtree.Box{MinX: min(a[0], b[0]), MinY: min(a[1], b[1]), MaxX: max(a[0], b[0]), MaxY: max(a[1], b[1])}
}

// edgesMeet tells whether edges i < j of a ring, whose boxes meet, do so other
// than by one following the other, and where.
func edgesMeet(vs []orb.Point, i, j int) (at orb.Point, meet bool) {
	last := len(vs) - 2
	switch {
	case j == i+1:
		return vs[j], foldsBack(vs[i], vs[j], vs[j+1])
	case i == 0 && j == last:
		return vs[0], foldsBack(vs[last], vs[0], vs[1])
	}
	a, b, c, d := vs[i], vs[i+1], vs[j], vs[j+1]
	sides := [4]int{side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)}
	if sides[0]*sides[1] > 0 || sides[2]*sides[3] > 0 {
		return at, false
	}
	for k, v := range [4]orb.Point{c, d, a, b} {
		other := [2]orb.Point{a, b}
		if k >= 2 {
			other = [2]orb.Point{c, d}
		}
		if sides[k] == 0 && (orb.MultiPoint{other[0], other[1]}).Bound().Contains(v) {
			return v, true
		}
	}
	// Each edge has its ends on either side of the other: they cross.
	num := (c[0]-a[0])*(d[1]-c[1]) - (c[1]-a[1])*(d[0]-c[0])
	den := (b[0]-a[0])*(d[1]-c[1]) - (b[1]-a[1])*(d[0]-c[0])
	t := num / den
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}, true
}

// foldsBack tells whether the edge from b to c runs back along that from a to b.
func foldsBack(a, b, c orb.Point) bool {
	return side(a, b, c) == 0 && (a[0]-b[0])*(c[0]-b[0])+(a[1]-b[1])*(c[1]-b[1]) > 0
}
