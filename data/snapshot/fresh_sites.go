package snapshot

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
)

// freshSite is where a row lies.
type freshSite struct {
	along    uint64 // as siteKey has it
	lon, lat uint64 // the bits of a point
	row      uint32
	point    uint8 // 1 for a point
}

// freshPlaces are lists that were sorted, for their memory.
var freshPlaces = sync.Pool{New: func() any { return new([]freshSite) }}

// freshSites returns the sites of the items, which are not finished: as newSites does,
// but for the order of those that lie equally far along.
func freshSites(items []*item) sites {
	list := freshPlaces.Get().(*[]freshSite)
	all := alongOf((*list)[:0], items)
	s := sites{shapes: make([]orb.Geometry, 0, len(all)), along: make([]uint64, 0, len(all))}
	sites := make([]uint32, len(items)) // of each row, from 1
	for i, at := range all {
		if i == 0 || !at.is(all[i-1]) {
			s.shapes, s.along = append(s.shapes, items[at.row].feature.Geometry), append(s.along, at.along)
		}
		sites[at.row] = uint32(len(s.shapes))
	}
	s.codes = newCodes(len(items), s.none())
	for row, site := range sites {
		if site == 0 {
			site = s.none() + 1
		}
		s.codes.set(row, site-1)
	}
	if len(s.along) > fewAlong {
		s.along = nil
	}
	*list = all
	freshPlaces.Put(list)
	return s
}

// alongOf appends where the items lie that lie anywhere, in the order of inOrder.
func alongOf(all []freshSite, items []*item) []freshSite {
	for row, it := range items {
		if it.feature.Geometry == nil {
			continue
		}
		at := freshSite{along: it.along, row: uint32(row)}
		if at.along == 0 {
			at.along = siteKey(it.feature.Geometry)
		}
		if p, ok := it.feature.Geometry.(orb.Point); ok {
			at.lon, at.lat, at.point = math.Float64bits(p[0]), math.Float64bits(p[1]), 1
		}
		all = append(all, at)
	}
	slices.SortFunc(all, func(a, b freshSite) int {
		if a.along != b.along {
			return cmp.Compare(a.along, b.along)
		}
		return cmp.Or(cmp.Compare(a.point, b.point), cmp.Compare(a.lon, b.lon), cmp.Compare(a.lat, b.lat), cmp.Compare(a.row, b.row))
	})
	return all
}

// is tells whether both are the same point.
func (s freshSite) is(o freshSite) bool {
	return s.point == 1 && o.point == 1 && s.lon == o.lon && s.lat == o.lat
}
