package snapshot

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// fewEnough is up to how many matches it is quicker to measure each of.
const fewEnough = 256

// nearest returns the features nearest to p, as many as the page needs, by a search
// that begins with the nearest and looks at few others. Which match is known before,
// so that they are counted without being measured. ok is false where few match.
func (s *searcher) nearest(p orb.Point) (l list, ok bool) {
	v := s.v
	l = list{v: v, n: v.located, rows: []uint32{}}
	matches := func(row uint32) bool { return v.current(row) && !v.dead.has(row) }
	if others := *s.q; others.BBox != nil || others.When != nil || len(others.Equal) > 0 || others.Filter != nil {
		if matches, l.n = s.members(); l.n <= fewEnough {
			s.sieves = []sieve{sieveOf(matches)}
			s.plan += "distances of places"
			return l, false
		}
	}
	s.plan += "nearest places first"
	need, behind := s.q.need(), 0
	group, last := 0, math.Inf(-1) // where in rows those at the last distance begin
	v.from(p, func(site uint32, metres float64) bool {
		if metres > last {
			slices.Sort(l.rows[group:])
			if group, last = len(l.rows), metres; behind >= need {
				return false
			}
		}
		for _, row := range v.sites.rows.of(site) {
			if !matches(row) {
				continue
			}
			l.rows, l.metres = append(l.rows, row), append(l.metres, metres)
			if s.isBehind(metres, row) {
				behind++
			}
		}
		return !s.stopped()
	})
	slices.Sort(l.rows[group:])
	return l, true
}

// members finds what the conditions select beside the distance, and lies somewhere:
// it returns a test for that, and how many there are.
func (s *searcher) members() (is func(row uint32) bool, n int) {
	v := s.v
	d := s.choose()
	s.plan = d.name + ", then "
	d.gather(s)
	members := make([]uint64, (v.n+63)/64)
	for _, row := range s.rows {
		if !v.sites.nowhere(v.sites.codes.at(row)) {
			members[row/64] |= 1 << (row % 64)
			n++
		}
	}
	s.rows = s.rows[:0]
	return func(row uint32) bool { return members[row/64]>>(row%64)&1 == 1 }, n
}

// from yields the sites of the view, those nearest to p first.
func (v *view) from(p orb.Point, yield func(site uint32, metres float64) bool) {
	origin := geodesic.NewOrigin(p)
	v.sites.index.Nearest(
		func(low, high [2]float32) float64 {
			box := geo.BBox{West: float64(low[0]), South: float64(low[1]), East: float64(high[0]), North: float64(high[1])}
			return origin.LowerBound(geodesic.EdgeBox(box, v.sites.longest))
		},
		func(site uint32) float64 {
			metres, _ := geodesic.DistanceTo(p, v.sites.shapes[site])
			return metres
		}, yield)
}

// nearestTo returns the nearest feature that is accepted.
func (v *view) nearestTo(p orb.Point, accept func(Hit) bool) (hit Hit, ok bool) {
	v.from(p, func(site uint32, metres float64) bool {
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
