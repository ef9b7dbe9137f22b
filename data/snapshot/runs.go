package snapshot

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/index"
	"demarc/geo/predicate"
)

// siteRuns are runs of sites, which lie together, with their boxes in an R-tree. A
// box query takes a run that lies in it as one, without a look at its sites; and the
// tree has few entries, so that a search in it, and making it, are quick.
type siteRuns struct {
	of    []runBox
	index *index.Index
}

type runBox struct {
	geo.BBox      // of its shapes; empty if none lies anywhere
	whole    bool // whether every site lies somewhere
	points   bool // whether every site is a position, and cells has them
	cells    runCells
	start    uint32 // where the rows of its sites begin among the postings
	single   bool   // whether every site has one row
}

// runSites is how many sites make a run.
const runSites = 16

// stretch are the rows of some sites: among the postings, from first to before end.
type stretch struct{ first, end uint32 }

// inRuns returns the runs of the shapes, whose rows the postings are.
func inRuns(by crew, shapes []orb.Geometry, rows *postings) siteRuns {
	r := siteRuns{of: make([]runBox, (len(shapes)+runSites-1)/runSites)}
	const job = 1024 // of runs for one worker
	by.do((len(r.of)+job-1)/job, func(i int) {
		for at := i * job; at < min((i+1)*job, len(r.of)); at++ {
			box := runBox{BBox: geo.EmptyBBox(), whole: true}
			for _, g := range shapes[at*runSites : min((at+1)*runSites, len(shapes))] {
				b := geo.BBoxOf(g)
				if b.IsEmpty() {
					box.whole = false
					continue
				}
				box.West, box.South = min(box.West, b.West), min(box.South, b.South)
				box.East, box.North = max(box.East, b.East), max(box.North, b.North)
			}
			first, end := at*runSites, min((at+1)*runSites, len(shapes))
			box.note(shapes[first:end])
			box.start = rows.starts[first]
			box.single = true
			for site := first; site < end; site++ {
				box.single = box.single && rows.starts[site+1] == rows.starts[site]+1
			}
			r.of[at] = box
		}
	})
	edit := index.New().Edit()
	for at := range r.of {
		edit.Insert(uint32(at), r.of[at].BBox)
	}
	r.index = edit.Index()
	return r
}

// boxSearch finds the sites in a box.
type boxSearch struct {
	sites *sites
	box   geo.BBox
	parts []geo.BBox // of the box, which may cross the antimeridian
	two   [2]geo.BBox
	exact bool                // whether the shapes must meet it, or their boxes
	found []stretch           // none meets another
	count int                 // how many rows they have
	most  int                 // more rows end the search
	area  *predicate.Prepared // with which the shapes must share a position too; nil for none
}

// begin makes the search ready for a box.
func (x *boxSearch) begin(s *sites, b geo.BBox, exact bool) {
	x.sites, x.box, x.exact, x.most = s, b, exact, math.MaxInt
	switch x.parts = x.two[:0]; {
	case b.CrossesAntimeridian():
		x.parts = append(x.parts, b.Parts()...)
	case !b.IsEmpty():
		x.parts = append(x.parts, b)
	}
}

// inBox finds the sites whose shape meets b. It ends early where those have more than
// most rows.
func (s *searcher) inBox(b geo.BBox, most int) (found []stretch, rows int) {
	s.boxSearch.begin(&s.v.sites, b, true)
	s.most = most
	s.v.sites.runs.index.Search(b, s.boxSearch.look)
	return s.found, s.count
}

// inBoxes finds the sites whose box meets one of bs, and maybe some that are off by a
// metre. It ends early where those have more than most rows; sites in two boxes count
// twice.
func (s *searcher) inBoxes(bs []geo.BBox, most int) (found []stretch, rows int) {
	const metre = 1e-5 // degrees: who made the boxes may have rounded
	for _, b := range bs {
		if b.IsEmpty() {
			continue
		}
		b = geo.BBox{West: b.West - metre, South: b.South - metre, East: b.East + metre, North: b.North + metre}
		s.boxSearch.begin(&s.v.sites, b, false)
		s.most = most
		s.v.sites.runs.index.Search(b, s.boxSearch.look)
	}
	if len(bs) > 1 {
		s.found = apart(s.found)
	}
	return s.found, s.count
}

// meeting yields the rows whose geometry's box meets b, until yield returns false.
func (s *sites) meeting(b geo.BBox, yield func(row uint32) bool) {
	var x boxSearch
	x.begin(s, b, false)
	s.runs.index.Search(b, func(run uint32) bool {
		x.found = x.found[:0]
		x.look(run)
		for _, f := range x.found {
			for _, row := range s.rows.rows[f.first:f.end] {
				if !yield(row) {
					return false
				}
			}
		}
		return true
	})
}

// apart joins stretches that meet, and sorts them.
func apart(found []stretch) []stretch {
	slices.SortFunc(found, func(a, b stretch) int { return cmp.Compare(a.first, b.first) })
	n := 0
	for _, s := range found {
		if n > 0 && s.first <= found[n-1].end {
			found[n-1].end = max(found[n-1].end, s.end)
		} else {
			found[n] = s
			n++
		}
	}
	return found[:n]
}

// look notes the sites of a run; it returns whether to go on.
func (x *boxSearch) look(run uint32) bool {
	r := &x.sites.runs.of[run]
	first, end := run*runSites, min((run+1)*runSites, x.sites.none())
	if x.area != nil {
		return x.lookInArea(r, first, end)
	}
	if r.whole && x.holds(r.BBox) {
		x.take(r, first, first, end)
		return x.count <= x.most
	}
	if r.points && len(x.parts) == 1 {
		x.takeCells(r, first, int(end-first))
		return x.count <= x.most
	}
	for site := first; site < end; site++ {
		if x.meets(x.sites.shapes[site]) {
			x.take(r, first, site, site+1)
		}
	}
	return x.count <= x.most
}

// holds tells whether b lies in the box.
func (x *boxSearch) holds(b geo.BBox) bool {
	for i := range x.parts {
		if p := &x.parts[i]; p.West <= b.West && b.East <= p.East && p.South <= b.South && b.North <= p.North {
			return true
		}
	}
	return false
}

// overlaps tells whether b and the box share a position.
func (x *boxSearch) overlaps(b geo.BBox) bool {
	for i := range x.parts {
		if p := &x.parts[i]; p.West <= b.East && b.West <= p.East && p.South <= b.North && b.South <= p.North {
			return true
		}
	}
	return false
}

// meets tells whether a shape reaches into the box.
func (x *boxSearch) meets(g orb.Geometry) bool {
	p, ok := g.(orb.Point)
	switch {
	case ok:
		return x.holds(geo.BBox{West: p[0], South: p[1], East: p[0], North: p[1]})
	case x.exact:
		return predicate.IntersectsBBox(g, x.box)
	}
	return geo.BBoxOf(g).Intersects(x.box)
}

// take notes the rows of some sites of the run that begins with the first.
func (x *boxSearch) take(r *runBox, first, site, end uint32) {
	var s stretch
	if r.single { // without a look at the postings, which stand elsewhere
		s = stretch{r.start + site - first, r.start + end - first}
	} else {
		s = stretch{x.sites.rows.starts[site], x.sites.rows.starts[end]}
	}
	x.count += int(s.end - s.first)
	if n := len(x.found); n > 0 && x.found[n-1].end == s.first {
		x.found[n-1].end = s.end
		return
	}
	x.found = append(x.found, s)
}
