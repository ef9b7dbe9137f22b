package snapshot

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// nearSite is a site with its distance from what is asked for.
type nearSite struct {
	site   uint32
	metres float64
}

// near returns what lies within the asked distance, nearest first. Each site is
// measured once.
func (s *searcher) near() list {
	s.plan = "distances of places"
	found := s.measure()
	slices.SortFunc(found, func(a, b nearSite) int { return cmp.Compare(a.metres, b.metres) })
	l := list{v: s.v}
	st := &s.v.sites
	for i := 0; i < len(found) && s.err == nil; {
		first, metres := len(s.rows), found[i].metres
		for ; i < len(found) && found[i].metres == metres; i++ {
			for _, row := range st.rows.of(found[i].site) {
				s.consider(row)
			}
		}
		slices.Sort(s.rows[first:])
		for range s.rows[first:] {
			l.metres = append(l.metres, metres)
		}
	}
	l.rows, l.n = s.rows, len(s.rows)
	if len(s.q.Sort) > 0 {
		distance := make(map[uint32]float64, len(found))
		for _, f := range found {
			distance[f.site] = f.metres
		}
		l.rows = s.v.sorted(l.rows, s.q.Sort)
		for i, row := range l.rows {
			l.metres[i] = distance[st.codes.at(row)]
		}
	}
	return l
}

// measure returns the sites that lie within the asked distance, and within the
// query's box.
func (s *searcher) measure() []nearSite {
	near, st := s.q.Near, &s.v.sites
	var found []nearSite
	st.index.Search(reach(near, st.longest), func(site uint32) bool {
		g := st.shapes[site]
		if s.q.BBox == nil || predicate.IntersectsBBox(g, *s.q.BBox) {
			metres, ok := distanceBetween(near.Geometry, g)
			if ok && (near.Within == 0 || metres <= near.Within) {
				found = append(found, nearSite{site, metres})
			}
		}
		return !s.stopped()
	})
	return found
}

// reach returns a box that the box of every geometry near enough meets, if no edge
// of one spans more than longest degrees of longitude. Edges are geodesics, which
// leave the box of their ends.
func reach(near *Near, longest float64) geo.BBox {
	if near.Within == 0 || geo.BBoxOf(near.Geometry).IsEmpty() {
		return geo.World()
	}
	within := cql2.Call{Name: "dwithin", Args: []cql2.Expr{
		cql2.Property{Name: "geometry", Type: cql2.GeometryType, Field: -1}, cql2.Geometry{Shape: near.Geometry}, cql2.Number{Float: near.Within}}}
	boxes := cql2.Bounds(within, longest).Boxes
	if len(boxes) != 1 {
		return geo.World()
	}
	return boxes[0]
}

// nearest returns the nearest feature that is accepted.
func (v *view) nearest(p orb.Point, accept func(Hit) bool) (hit Hit, ok bool) {
	v.sites.index.Nearest(
		func(low, high [2]float32) float64 {
			return geodesic.LowerBound(p, geo.BBox{West: float64(low[0]), South: float64(low[1]), East: float64(high[0]), North: float64(high[1])})
		},
		func(site uint32) float64 {
			metres, _ := geodesic.DistanceTo(p, v.sites.shapes[site])
			return metres
		},
		func(site uint32, metres float64) bool {
			for _, row := range v.sites.rows.of(site) {
				if v.dead.has(row) || !v.current(row) {
					continue
				}
				hit = v.hit(row)
				hit.Metres = metres
				if ok = accept(hit); ok {
					return false
				}
			}
			return true
		})
	if !ok {
		return Hit{}, false
	}
	return hit, true
}
