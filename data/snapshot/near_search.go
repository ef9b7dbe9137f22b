package snapshot

import (
	"math"
	"slices"
	"sort"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// near returns what lies within the asked distance, nearest first: as much of it as
// the page needs, which is measured, and how much there is in all, for which bounds
// are enough for most.
func (s *searcher) near() list {
	whole := len(s.q.Sort) > 0 || s.q.At != nil && s.q.At.Back // all of it is measured
	var l list
	if s.q.Near.Within == 0 {
		l = s.nearest(whole)
	} else {
		l = s.within(whole)
	}
	if len(s.q.Sort) > 0 {
		l.sort(s.q.Sort)
	}
	return l
}

// unburied returns the rows of a site that are not dead.
func (v *view) unburied(site uint32) []uint32 {
	rows := v.sites.rows.of(site)
	if v.dead.count == 0 || !slices.ContainsFunc(rows, v.dead.has) {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), v.dead.has)
}

// selected returns those of the rows found that have the site: they stand in the
// order of their sites.
func (s *searcher) selected(site uint32) []uint32 {
	codes := &s.v.sites.codes
	first := sort.Search(len(s.rows), func(i int) bool { return codes.at(s.rows[i]) >= site })
	end := first
	for end < len(s.rows) && codes.at(s.rows[end]) == site {
		end++
	}
	return s.rows[first:end]
}

// ranked takes rows out of a ranking, as many as the page needs or all, each group of
// the same distance in the order of the rows.
func (s *searcher) ranked(r *ranking, rows func(site uint32) []uint32, whole bool) list {
	l := list{v: s.v, rows: []uint32{}}
	need, behind := s.q.need(), 0
	if whole {
		need = math.MaxInt
	}
	group, last := 0, math.Inf(1) // where those at the last distance begin
	for !s.stopped() {
		reach := math.Inf(1)
		if behind >= need {
			reach = last
		}
		site, metres, ok := r.next(reach)
		if !ok {
			break
		}
		if metres != last {
			slices.Sort(l.rows[group:])
			group, last = len(l.rows), metres
		}
		for _, row := range rows(site) {
			l.rows, l.metres = append(l.rows, row), append(l.metres, metres)
			if s.isBehind(metres, row) {
				behind++
			} else if !whole {
				r.skip = s.q.At.Metres // one before the page is enough
			}
		}
	}
	slices.Sort(l.rows[group:])
	return l
}

// sort sorts a list by distance by the keys.
func (l *list) sort(keys []SortKey) {
	distance := make(map[uint32]float64, len(l.rows))
	for i, row := range l.rows {
		distance[row] = l.metres[i]
	}
	l.rows = l.v.sorted(l.rows, keys)
	for i, row := range l.rows {
		l.metres[i] = distance[row]
	}
}

// within ranks what lies within the asked distance.
func (s *searcher) within(whole bool) list {
	s.plan = "distances of places"
	if s.polygons != nil {
		s.sieves = append(s.sieves, s.v.sites.sieveOfArea(s.polygons))
	}
	z := surroundings{searcher: s, near: s.v.sites.nearTo(s.q.Near.Geometry), within: s.q.Near.Within, box: s.q.BBox, plain: s.plain()}
	z.dotted, z.found = z.near.dotted(&s.v.sites), rankedLists.take()
	defer func() { rankedLists.give(z.found) }()
	if !geo.BBoxOf(s.q.Near.Geometry).IsEmpty() {
		for _, n := range s.v.sites.balls.top() {
			if z.dotted {
				z.glance(n, geodesic.Glance{})
			} else {
				z.descend(n)
			}
		}
	}
	r := newRanking(&s.v.sites, z.near)
	defer r.end()
	r.begin(z.found)
	rows, n := s.v.unburied, z.count
	if z.plain {
		n -= z.buried()
	} else {
		rows, n = s.selected, len(s.rows)
		r.wanted = func(site uint32) bool { return len(rows(site)) > 0 }
	}
	l := s.ranked(r, rows, whole)
	l.n = n
	return l
}

// surroundings are the sites within the asked distance, and in the query's box, that
// have rows that match.
type surroundings struct {
	*searcher
	near   near
	within float64
	box    *geo.BBox // nil for none
	dotted bool
	plain  bool     // all rows match that are not dead: they are counted, not looked at
	found  []ranked // balls and sites, in their order
	// unranked tells that the rows are wanted, where they stand among the postings, and
	// not how far they are: those of searcher.found.
	unranked bool
	count    int // of rows, if plain: the dead too
}

// buried returns how many of the rows in the sites found are dead.
func (z *surroundings) buried() int {
	n := 0
	if z.v.dead.count == 0 {
		return 0
	}
	if z.v.dead.count > z.count {
		for _, f := range z.found {
			first, end := z.sitesOf(f)
			for site := first; site < end; site++ {
				for _, row := range z.v.sites.rows.of(site) {
					if z.v.dead.has(row) {
						n++
					}
				}
			}
		}
		return n
	}
	z.v.dead.each(func(row uint32) {
		site := z.v.sites.codes.at(row)
		i := sort.Search(len(z.found), func(i int) bool { _, end := z.sitesOf(z.found[i]); return end > site })
		if i < len(z.found) {
			if first, _ := z.sitesOf(z.found[i]); first <= site {
				n++
			}
		}
	})
	return n
}

// sitesOf returns the sites of a ball or the one that was found.
func (z *surroundings) sitesOf(f ranked) (first, end uint32) {
	if f.level < 0 {
		return f.at, f.at + 1
	}
	return z.v.sites.balls.sites(f.ballNode)
}

// descend decides of a ball, or of what is in it.
func (z *surroundings) descend(n ballNode) {
	balls := &z.v.sites.balls
	side := z.near.target.Side(balls.ball(n), z.within)
	switch {
	case side < 0 || z.stopped():
	case n.level == 0 && (side == 0 || z.box != nil):
		z.each(n, side > 0)
	case side > 0 && (z.plain || n.level == 0):
		low, high := z.near.target.Bounds(balls.ball(n))
		first, end := balls.sites(n)
		z.add(ranked{low: low, high: high, ballNode: n, in: geodesic.Unentered}, first, end)
	default:
		first, end := balls.children(n)
		for at := first; at < end; at++ {
			z.descend(ballNode{n.level - 1, at})
		}
	}
}

// each adds those of a ball's sites that lie within the distance, unless that is
// known, and in the query's box.
func (z *surroundings) each(n ballNode, known bool) {
	low := -1.0
	first, end := z.v.sites.balls.sites(n)
	for site := first; site < end; site++ {
		g := z.v.sites.shapes[site]
		if !known && !z.isNear(g) || z.box != nil && !predicate.IntersectsBBox(g, *z.box) {
			continue
		}
		if low < 0 {
			low, _ = z.near.target.Bounds(z.v.sites.balls.ball(n))
		}
		z.add(ranked{low: low, high: math.Inf(1), ballNode: ballNode{knownSite, site}, piece: geodesic.NoPiece}, site, site+1)
	}
}

// glance is descend where the sites have dots; round is what is known of the ball that
// holds this one.
func (z *surroundings) glance(n ballNode, round geodesic.Glance) {
	balls, within := &z.v.sites.balls, z.within
	g, side := z.near.target.Glance(balls.ball(n), within, round)
	switch {
	case side < 0 || z.stopped():
	case side > 0 && (z.plain || n.level == 0 && z.box == nil):
		first, end := balls.sites(n)
		z.add(ranked{low: z.near.target.Least(balls.ball(n), g), high: within, ballNode: n, in: geodesic.Unentered}, first, end)
	case n.level == 0:
		z.onRim(n, g, side > 0)
	default:
		first, end := balls.children(n)
		for at := first; at < end; at++ {
			z.glance(ballNode{n.level - 1, at}, g)
		}
	}
}

// onRim adds those of a ball's sites that lie within the distance, unless that is
// known, and in the query's box.
func (z *surroundings) onRim(n ballNode, g geodesic.Glance, known bool) {
	st, target, within := &z.v.sites, z.near.target, z.within
	ball := st.balls.ball(n)
	in, low := geodesic.Unentered, target.Least(ball, g)
	if !known {
		in = target.EnterRim(ball, within, g)
	}
	first, end := st.balls.sites(n)
	for site := first; site < end; site++ {
		side := 1
		if !known {
			side = target.SideOf(st.balls.dot(site), in, within)
		}
		if side < 0 {
			continue
		}
		// The shape is far from the dot in memory: few are looked at.
		if (side > 0 || z.isNear(st.shapes[site])) && (z.box == nil || predicate.IntersectsBBox(st.shapes[site], *z.box)) {
			z.add(ranked{low: low, high: math.Inf(1), ballNode: ballNode{knownSite, site}, piece: geodesic.NoPiece}, site, site+1)
		}
	}
}

// isNear tells whether a geometry lies within the distance.
func (z *surroundings) isNear(g orb.Geometry) bool {
	z.seen++
	if p, ok := g.(orb.Point); ok {
		yes, _ := z.near.target.Within(p, z.within)
		return yes
	}
	metres, ok := z.near.to(g)
	return ok && metres <= z.within
}

// add adds sites, with those of their rows that match.
func (z *surroundings) add(f ranked, first, end uint32) {
	if z.unranked {
		z.takePlaces(first, end)
		return
	}
	if z.plain {
		z.count += z.v.sites.rows.count(first, end)
		z.found = append(z.found, f)
		return
	}
	before := len(z.rows)
	rows := z.v.sites.rows
	if z.pick(rows.rows[rows.starts[first]:rows.starts[end]]); len(z.rows) > before {
		z.found = append(z.found, f)
	}
}
