package snapshot

import (
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
)

// reach is a condition of a filter that asks for what lies within metres of a geometry.
type reach struct {
	condition cql2.Expr
	geometry  orb.Geometry
	metres    float64
}

// mostReach is up to how many metres chords tell what lies within them.
const mostReach = 1e6

// takeReach takes a condition on a distance out of the filter's that balls of places
// can answer, nil where there is none, and returns what else the filter asks.
func (s *searcher) takeReach(filter cql2.Expr) (r *reach, rest cql2.Expr) {
	q := s.q
	if s.v.sites.balls.dots == nil || s.polygons != nil || q.BBox != nil || q.Near != nil {
		return nil, filter
	}
	all := conjuncts(filter)
	for i, e := range all {
		g, metres, ok := cql2.Within(e)
		if !ok || !(metres > 0 && metres <= mostReach) || !geodesic.NewTarget(g).Dotted() {
			continue
		}
		r = &reach{e, g, metres}
		switch others := slices.Delete(slices.Clone(all), i, i+1); len(others) {
		case 0:
			return r, nil
		case 1:
			return r, others[0]
		default:
			return r, cql2.And{Args: others}
		}
	}
	return nil, filter
}

// fewAnyway is up to how many rows it is quicker to measure each than to go through balls.
const fewAnyway = 256

// inReach finds the sites within the reach. It ends without them where those have more
// than most rows.
func (s *searcher) inReach(most int) (d driver, ok bool) {
	d.by = byReach
	if most <= fewAnyway {
		return d, false
	}
	z := surroundings{searcher: s, near: s.v.sites.nearTo(s.reach.geometry), within: s.reach.metres, plain: true, unranked: true}
	defer z.near.target.End()
	if !geo.BBoxOf(s.reach.geometry).IsEmpty() {
		for _, n := range s.v.sites.balls.top() {
			z.glance(n, geodesic.Glance{})
		}
	}
	d.rows = z.count
	return d, d.rows <= most
}

// takePlaces notes where the rows of some sites stand, which come after those before.
func (z *surroundings) takePlaces(first, end uint32) {
	starts, found := z.v.sites.rows.starts, z.searcher.found
	next := stretch{starts[first], starts[end]}
	z.count += int(next.end - next.first)
	if n := len(found); n > 0 && found[n-1].end == next.first {
		found[n-1].end = next.end
		return
	}
	z.searcher.found = append(found, next)
}
