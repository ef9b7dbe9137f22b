package snapshot

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// fewEnough is up to how many matches it is quicker to measure each of.
const fewEnough = 256

// nearest ranks all that matches, at whatever distance: by a search that begins with
// the nearest and looks at few others. Which match is known before, so that they are
// counted without being measured.
func (s *searcher) nearest(whole bool) list {
	v := s.v
	r := newRanking(&v.sites, v.sites.nearTo(s.q.Near.Geometry))
	defer r.end()
	if s.plain() {
		s.plan = "nearest places first"
		r.lookAtAll()
		l := s.ranked(r, v.unburied, whole)
		l.n = v.located
		return l
	}
	d := s.choose()
	s.gather(&d)
	s.rows = slices.DeleteFunc(s.rows, func(row uint32) bool { return v.sites.nowhere(v.sites.codes.at(row)) })
	n := len(s.rows)
	rows := s.selected
	if n <= fewEnough || whole {
		s.plan = d.name() + ", then distances of places"
		r.lookAt(s.bySite())
	} else {
		s.plan = d.name() + ", then nearest places first"
		rows = s.member()
		r.wanted = func(site uint32) bool { return len(rows(site)) > 0 }
		r.lookAtAll()
	}
	l := s.ranked(r, rows, whole)
	l.n = n
	return l
}

// plain tells whether all rows match that are not dead.
func (s *searcher) plain() bool {
	q := s.q
	return q.BBox == nil && q.When == nil && len(q.Equal) == 0 && q.Filter == nil && s.v.next == nil
}

// bySite sorts the rows found by their sites, as selected needs them, and returns
// these.
func (s *searcher) bySite() []uint32 {
	codes := &s.v.sites.codes
	slices.SortFunc(s.rows, func(a, b uint32) int { return cmp.Or(cmp.Compare(codes.at(a), codes.at(b)), cmp.Compare(a, b)) })
	var sites []uint32
	for _, row := range s.rows {
		if site := codes.at(row); len(sites) == 0 || sites[len(sites)-1] != site {
			sites = append(sites, site)
		}
	}
	return sites
}

// member returns what tells which rows of a site are among those found.
func (s *searcher) member() func(site uint32) []uint32 {
	members := make([]uint64, (s.v.n+63)/64)
	for _, row := range s.rows {
		members[row/64] |= 1 << (row % 64)
	}
	var some []uint32
	return func(site uint32) []uint32 {
		some = some[:0]
		for _, row := range s.v.sites.rows.of(site) {
			if members[row/64]>>(row%64)&1 == 1 {
				some = append(some, row)
			}
		}
		return some
	}
}

// nearestTo returns the nearest feature that is accepted.
func (v *view) nearestTo(p orb.Point, accept func(Hit) bool) (hit Hit, ok bool) {
	r := newRanking(&v.sites, v.sites.nearTo(p))
	defer r.end()
	r.lookAtAll()
	for {
		site, metres, found := r.next(math.Inf(1))
		if !found {
			return Hit{}, false
		}
		for _, row := range v.sites.rows.of(site) {
			if v.dead.has(row) || !v.current(row) {
				continue
			}
			hit = v.hit(row)
			hit.Metres = metres
			if accept(hit) {
				return hit, true
			}
		}
	}
}
