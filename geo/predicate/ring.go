package predicate

import (
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
