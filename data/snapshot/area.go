package snapshot

import (
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo/cql2"
	"demarc/geo/predicate"
)

// areaOf returns polygons with which all must share a position that a filter selects,
// and what else the filter asks, nil for nothing; area is nil where there are none.
func areaOf(filter cql2.Expr) (area *predicate.Prepared, rest cql2.Expr) {
	all := conjuncts(filter)
	for i, e := range all {
		with, ok := cql2.Meets(e)
		if !ok || !isArea(with) {
			continue
		}
		if area, err := predicate.Prepare(with); err == nil {
			switch others := slices.Delete(slices.Clone(all), i, i+1); len(others) {
			case 0:
				return area, nil
			case 1:
				return area, others[0]
			default:
				return area, cql2.And{Args: others}
			}
		}
	}
	return nil, filter
}

func isArea(g orb.Geometry) bool {
	switch g.(type) {
	case orb.Polygon, orb.MultiPolygon:
		return true
	}
	return false
}

// covered tells whether a geometry shares a position with the area.
func covered(area *predicate.Prepared, g orb.Geometry) bool {
	if g == nil {
		return false
	}
	yes, err := area.Intersects(g)
	return err == nil && yes
}

// sieveOfArea keeps the rows that share a position with the area.
func (s *sites) sieveOfArea(area *predicate.Prepared) sieve {
	return sieveOf(func(row uint32) bool { return covered(area, s.shape(s.codes.at(row))) })
}

// lookInArea is look where the sites must share a position with an area too: a run
// that lies in it is taken, and one that lies off it left, without a look at its
// sites.
func (x *boxSearch) lookInArea(r *runBox, first, end uint32) bool {
	side := x.area.SideOf(r.BBox)
	switch {
	case side < 0:
		return true
	case side > 0 && r.whole && x.holds(r.BBox):
		x.take(r, first, first, end)
		return x.count <= x.most
	}
	for site := first; site < end; site++ {
		if g := x.sites.shapes[site]; x.meets(g) && (side > 0 || covered(x.area, g)) {
			x.take(r, first, site, site+1)
		}
	}
	return x.count <= x.most
}
