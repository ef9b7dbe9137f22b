package snapshot

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

// sites are the geometries of a part: each shape once, however many features
// have it, since many incidents share the position of a place. What is asked of
// geometries is asked of sites.
type sites struct {
	shapes []orb.Geometry
	along  []uint64 // of each shape what siteKey says; nil where there are many
	codes  codes    // by row its site, len(shapes) for none
	rows   *postings
	json   fragments // of each site and of none; empty if there are too many to write ahead
	runs   siteRuns
	balls  ballTree
	points bool // every site that lies somewhere is a position
	// unlocated are the sites that lie nowhere: empty shapes, and none.
	unlocated []uint32
	box       geo.BBox
	longest   float64 // the widest edge in degrees of longitude
}

// none returns the code of a missing geometry.
func (s *sites) none() uint32 { return uint32(len(s.shapes)) }

// shape returns the geometry of a site.
func (s *sites) shape(site uint32) orb.Geometry {
	if site < s.none() {
		return s.shapes[site]
	}
	return nil
}

// nowhere tells whether nothing of a site lies anywhere.
func (s *sites) nowhere(site uint32) bool { return geo.BBoxOf(s.shape(site)).IsEmpty() }

// siteChunk gathers the geometries of a run of rows.
type siteChunk struct {
	codes  []uint32
	shapes []orb.Geometry
	points map[[2]uint64]uint32
}

func (c *siteChunk) add(g orb.Geometry) {
	if g == nil {
		c.codes = append(c.codes, nullIn)
		return
	}
	c.codes = append(c.codes, c.find(g))
}

// find returns where g stands among the shapes; it adds it. Points are told apart
// by their bits, so that -0 stays -0.
func (c *siteChunk) find(g orb.Geometry) uint32 {
	p, ok := g.(orb.Point)
	if !ok {
		c.shapes = append(c.shapes, g)
		return uint32(len(c.shapes) - 1)
	}
	k := [2]uint64{math.Float64bits(p[0]), math.Float64bits(p[1])}
	if c.points == nil {
		c.points = map[[2]uint64]uint32{}
	}
	at, known := c.points[k]
	if !known {
		at = uint32(len(c.shapes))
		c.points[k] = at
		c.shapes = append(c.shapes, g)
	}
	return at
}

// fewAlong is up to how many sites it is kept where they lie: those parts are often
// put together with others.
const fewAlong = 1 << 14

// inOrder brings the shapes into an order in which what lies together stands
// together, those that lie nowhere first, and returns where each now stands, and what
// siteKey says of each in the new order: a search in a box then looks at few places of memory, and few balls hold the shapes.
func (c *siteChunk) inOrder() (places []uint32, along []uint64) {
	keys, order := make([]uint64, len(c.shapes)), make([]uint32, len(c.shapes))
	places, along = make([]uint32, len(c.shapes)), make([]uint64, len(c.shapes))
	for i, g := range c.shapes {
		order[i], keys[i] = uint32(i), siteKey(g)
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
	shapes := make([]orb.Geometry, len(c.shapes))
	for i, at := range order {
		places[at], shapes[i], along[i] = uint32(i), c.shapes[at], keys[at]
	}
	c.shapes = shapes
	return places, along
}

// hilbert returns how far along a Hilbert curve through the unit square the place x,
// y lies (Hilbert 1891): places that are near on the curve lie near one another. What
// lies off the square counts as on its edge.
func hilbert(x, y float64) (along uint64) {
	const bits = 28 // 15 cm of longitude
	cell := func(v float64) uint32 { return uint32(max(0, min(1<<bits-1, v*(1<<bits)))) }
	cx, cy := cell(x), cell(y)
	for bit := bits - 1; bit >= 0; bit-- {
		right, up := cx>>bit&1, cy>>bit&1
		along = along<<2 | uint64(3*right^up)
		if up == 0 { // turn the quarter, so that the curve goes on where the last one ends
			if right == 1 {
				cx, cy = ^cx, ^cy
			}
			cx, cy = cy, cx
		}
	}
	return along
}

// writtenAhead is up to how many points are kept as text.
const writtenAhead = 1 << 17

// newSites makes the sites of the chunks, in their order. They are not finished.
func newSites(rows int, chunks []*siteChunk) sites {
	all := siteChunk{}
	maps := make([][]uint32, len(chunks))
	for i, ch := range chunks {
		maps[i] = make([]uint32, len(ch.shapes))
		for j, g := range ch.shapes {
			maps[i][j] = all.find(g)
		}
	}
	places, along := all.inOrder()
	s := sites{shapes: all.shapes, codes: newCodes(rows, uint32(len(all.shapes)))}
	if len(along) <= fewAlong {
		s.along = along
	}
	row := 0
	for i, ch := range chunks {
		for _, code := range ch.codes {
			if code == nullIn {
				s.codes.set(row, s.none())
			} else {
				s.codes.set(row, places[maps[i][code]])
			}
			row++
		}
	}
	return s
}

// finish makes the sites ready for questions.
func (s *sites) finish(by crew) {
	s.index(by)
	if s.areWrittenAhead() {
		s.writeAhead()
	}
}

// index is finish without what is written ahead.
func (s *sites) index(by crew) {
	s.rows = s.codes.invert(len(s.shapes) + 1)
	s.settleDown()
	s.measure(by)
}

// settleDown brings the points of many sites beside one another in memory.
func (s *sites) settleDown() {
	if len(s.shapes) <= fewRows {
		return
	}
	for i, g := range s.shapes {
		if p, ok := g.(orb.Point); ok {
			s.shapes[i] = orb.Point{p[0], p[1]} // a copy, which stands beside the one before
		}
	}
}

// areWrittenAhead tells whether the geometry of each site is kept as text: unless
// nearly all are points and they are many, or all are and they are few.
func (s *sites) areWrittenAhead() bool {
	if s.points && len(s.shapes) <= someWritten {
		return false
	}
	points := 0
	for _, g := range s.shapes {
		if _, ok := g.(orb.Point); ok {
			points++
		}
	}
	return len(s.shapes) <= writtenAhead || points < len(s.shapes)/2
}

// writeAhead writes the geometry of each site.
func (s *sites) writeAhead() {
	s.json = newFragments(len(s.shapes)+1, func(dst []byte, site int) []byte { return geojson.AppendGeometry(dst, s.shape(uint32(site))) })
}

// measure indexes the sites.
func (s *sites) measure(by crew) {
	s.box, s.points = geo.EmptyBBox(), true
	for i, g := range s.shapes {
		box := geo.BBoxOf(g)
		if box.IsEmpty() {
			s.unlocated = append(s.unlocated, uint32(i))
			continue
		}
		_, point := g.(orb.Point)
		s.points = s.points && point
		s.box = geo.BBox{West: min(s.box.West, box.West), South: min(s.box.South, box.South), East: max(s.box.East, box.East), North: max(s.box.North, box.North)}
		s.longest = max(s.longest, longestEdge(g))
	}
	s.balls = s.inBalls(by, uint32(len(s.unlocated)))
	s.unlocated = append(s.unlocated, s.none())
	s.runs = inRuns(by, s.shapes, s.rows)
}

// appendJSON appends a site's geometry.
func (s *sites) appendJSON(dst []byte, site uint32) []byte {
	if len(s.json.ends) > 0 {
		return append(dst, s.json.of(site)...)
	}
	return geojson.AppendGeometry(dst, s.shape(site))
}
