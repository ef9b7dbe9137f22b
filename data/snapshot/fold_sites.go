package snapshot

import (
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

// sites returns the sites of the rows.
func (f *fold) sites(by crew) sites {
	lists := make([]*codes, len(f.views))
	m := siteMerges.Get().(*siteMerge)
	defer m.putBack()
	m.to = make([][]uint32, len(f.views))
	for i, v := range f.views {
		m.to[i], lists[i] = make([]uint32, v.sites.none()+1), &v.sites.codes
	}
	f.use(lists, m.to)
	for i, v := range f.views {
		m.add(&v.sites, i)
	}
	s := sites{shapes: make([]orb.Geometry, len(m.order))}
	m.merged = slices.Grow(m.merged[:0], len(m.order))[:len(m.order)]
	places := m.merged
	if len(m.order) <= fewAlong {
		s.along = make([]uint64, len(m.order))
	}
	for at, e := range m.order {
		s.shapes[at], places[e] = m.entries[e].shape, uint32(at)
		if s.along != nil {
			s.along[at] = m.entries[e].along
		}
	}
	for _, to := range m.to {
		last := len(to) - 1
		for site := range to[:last] {
			if len(places) > 0 {
				to[site] = places[to[site]] // of one that is not used, any
			}
		}
		to[last] = s.none()
	}
	s.codes = f.codes(lists, m.to, s.none())
	s.index(by)
	if s.areWrittenAhead() {
		s.json = newFragments(len(m.order)+1, func(dst []byte, site int) []byte {
			if site == len(m.order) {
				return geojson.AppendGeometry(dst, nil)
			}
			return m.entries[m.order[site]].appendJSON(dst)
		})
	}
	return s
}

// siteMerge makes one row of sites of several, each in the order of inOrder.
type siteMerge struct {
	entries []siteEntry
	order   []uint32   // of the entries: how they stand
	merged  []uint32   // the next order
	to      [][]uint32 // of each part, which entry each of its sites is; before, whether it is used
}

// siteMerges are what was merged with, for its memory.
var siteMerges = sync.Pool{New: func() any { return &siteMerge{} }}

func (m *siteMerge) putBack() {
	clear(m.entries) // which held on to shapes
	m.entries, m.order, m.to = m.entries[:0], m.order[:0], nil
	siteMerges.Put(m)
}

type siteEntry struct {
	shape orb.Geometry
	along uint64 // as siteKey has it
	of    *sites // that had it first,
	site  uint32 // and as which one
}

func (e *siteEntry) appendJSON(dst []byte) []byte { return e.of.appendJSON(dst, e.site) }

// add adds the sites of a part that are used.
func (m *siteMerge) add(s *sites, part int) {
	order, out, to := m.order, m.merged[:0], m.to[part]
	for site, g := range s.shapes {
		if to[site] == 0 {
			continue
		}
		along := s.alongAt(site)
		for len(order) > 0 && m.entries[order[0]].along < along {
			out, order = append(out, order[0]), order[1:]
		}
		if known, ok := m.known(order, g, along); ok {
			to[site] = known
			continue
		}
		to[site] = uint32(len(m.entries))
		out = append(out, to[site])
		m.entries = append(m.entries, siteEntry{g, along, s, uint32(site)})
	}
	m.order, m.merged = append(out, order...), m.order
}

// known returns which of the entries in front, which lie as far along, is the point g.
func (m *siteMerge) known(order []uint32, g orb.Geometry, along uint64) (entry uint32, ok bool) {
	p, ok := g.(orb.Point)
	if !ok {
		return 0, false
	}
	for _, e := range order {
		if m.entries[e].along != along {
			break
		}
		if o, ok := m.entries[e].shape.(orb.Point); ok && math.Float64bits(o[0]) == math.Float64bits(p[0]) && math.Float64bits(o[1]) == math.Float64bits(p[1]) {
			return e, true
		}
	}
	return 0, false
}

// alongAt returns siteKey of a site.
func (s *sites) alongAt(site int) uint64 {
	if s.along != nil {
		return s.along[site]
	}
	return siteKey(s.shapes[site])
}

// siteKey returns what orders sites.
func siteKey(g orb.Geometry) uint64 {
	b := geo.BBoxOf(g)
	if b.IsEmpty() {
		return 0
	}
	return 1 + hilbert((b.West+180)/360, (b.South+90)/180)
}
