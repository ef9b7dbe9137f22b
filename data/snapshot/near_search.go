package snapshot

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// nearSite is a site that lies within the asked distance, with rows that match; or
// a run of such sites, whose rows stand in the order of the sites.
type nearSite struct {
	site, end   uint32  // end is site+1, and greater for a run
	first, last int     // the rows are searcher.rows[first:last]
	low, high   float64 // bounds of the distance in metres; the same once it is measured
}

// near returns what lies within the asked distance, nearest first: as much of it as
// the page needs, which is measured, and how much there is in all, for which bounds
// are enough for most.
func (s *searcher) near() list {
	near := s.q.Near
	p, isPoint := near.Geometry.(orb.Point)
	if isPoint && near.Within == 0 && len(s.q.Sort) == 0 && (s.q.At == nil || !s.q.At.Back) {
		if l, ok := s.nearest(p); ok {
			return l
		}
	}
	s.plan = cmp.Or(s.plan, "distances of places")
	found := s.within()
	l := list{v: s.v, n: len(s.rows)}
	if len(s.q.Sort) > 0 || s.q.At != nil && s.q.At.Back {
		found = s.measureAll(found)
	} else {
		found = s.nearestOf(found)
	}
	slices.SortFunc(found, func(a, b nearSite) int { return cmp.Compare(a.low, b.low) })
	rows := make([]uint32, 0, len(found))
	for i := 0; i < len(found); {
		first, metres := len(rows), found[i].low
		for ; i < len(found) && found[i].low == metres; i++ {
			rows = append(rows, s.rows[found[i].first:found[i].last]...)
		}
		slices.Sort(rows[first:])
		for range rows[first:] {
			l.metres = append(l.metres, metres)
		}
	}
	if l.rows = rows; len(s.q.Sort) > 0 {
		l.sortNear(found, s.q.Sort)
	}
	return l
}

// sortNear sorts a list by distance by the keys.
func (l *list) sortNear(found []nearSite, keys []SortKey) {
	distance := make(map[uint32]float64, len(found))
	for _, f := range found {
		distance[f.site] = f.low
	}
	l.rows = l.v.sorted(l.rows, keys)
	for i, row := range l.rows {
		l.metres[i] = distance[l.v.sites.codes.at(row)]
	}
}

// measureAll measures every site.
func (s *searcher) measureAll(found []nearSite) []nearSite {
	var out []nearSite
	target := geodesic.NewTarget(s.q.Near.Geometry)
	for i := range found {
		out = append(out, s.apart(&found[i], target)...)
	}
	for i := range out {
		s.measure(&out[i])
	}
	return out
}

// measure measures a site.
func (s *searcher) measure(f *nearSite) {
	if f.low != f.high {
		metres, ok := distanceBetween(s.q.Near.Geometry, s.v.sites.shapes[f.site])
		if !ok {
			metres = math.Inf(1)
		}
		f.low, f.high = metres, metres
	}
}

// within returns the sites within the asked distance, and within the query's box,
// that have rows that match. What bounds do not decide is measured.
func (s *searcher) within() []nearSite {
	w := withinSearch{searcher: s, target: geodesic.NewTarget(s.q.Near.Geometry)}
	around := reach(s.q.Near, s.v.sites.longest)
	for i := range s.v.sites.blocks {
		if b := &s.v.sites.blocks[i]; !b.box.IsEmpty() && b.box.Intersects(around) && !s.stopped() {
			w.block(uint32(i)*blockSites, b)
		}
	}
	return w.found
}

type withinSearch struct {
	*searcher
	target *geodesic.Target
	found  []nearSite
}

// block decides of all sites of a block at once, where it can.
func (w *withinSearch) block(first uint32, b *siteBlock) {
	within, end := w.q.Near.Within, min(first+blockSites, w.v.sites.none())
	if within > 0 && b.radius < within/4 {
		middle := orb.Point{(b.box.West + b.box.East) / 2, (b.box.South + b.box.North) / 2}
		low, high := w.target.Bounds(middle, within+b.radius)
		switch {
		case low > within+b.radius:
			return
		case high <= within-b.radius && b.whole && w.q.BBox == nil:
			w.add(nearSite{site: first, end: end, low: max(0, low-b.radius), high: high + b.radius})
			return
		}
	}
	for site := first; site < end; site++ {
		w.one(site)
	}
}

// one decides of one site.
func (w *withinSearch) one(site uint32) {
	within, g := w.q.Near.Within, w.v.sites.shapes[site]
	if geo.BBoxOf(g).IsEmpty() || w.q.BBox != nil && !predicate.IntersectsBBox(g, *w.q.BBox) || w.stopped() {
		return
	}
	f := nearSite{site: site, end: site + 1, high: math.Inf(1)}
	if p, ok := g.(orb.Point); ok && within > 0 {
		f.low, f.high = w.target.Bounds(p, within)
	}
	if within == 0 || f.low <= within && f.high > within {
		f.high = math.Inf(1)
		w.measure(&f)
	}
	if !math.IsInf(f.low, 1) && (within == 0 || f.low <= within) {
		w.add(f)
	}
}

// add adds sites with those of their rows that match.
func (w *withinSearch) add(f nearSite) {
	f.first = len(w.rows)
	for site := f.site; site < f.end; site++ {
		for _, row := range w.v.sites.rows.of(site) {
			w.consider(row)
		}
	}
	if f.last = len(w.rows); f.last > f.first {
		w.found = append(w.found, f)
	}
}

// apart returns the sites of a run that have rows, each with bounds of its own.
func (s *searcher) apart(run *nearSite, target *geodesic.Target) []nearSite {
	var out []nearSite
	for at := run.first; at < run.last; {
		f := nearSite{site: s.v.sites.codes.at(s.rows[at]), first: at, low: run.low, high: run.high}
		f.end = f.site + 1
		for ; at < run.last && s.v.sites.codes.at(s.rows[at]) == f.site; at++ {
		}
		f.last = at
		if p, ok := s.v.sites.shapes[f.site].(orb.Point); ok {
			low, high := target.Bounds(p, s.q.Near.Within)
			f.low, f.high = max(f.low, low), min(f.high, high)
		}
		out = append(out, f)
	}
	return out
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

// need returns how many features behind the place where the page begins an answer
// by distance must know: the page and one more.
func (q *Query) need() int {
	if q.At == nil {
		return q.Offset + q.Limit + 1
	}
	return q.Limit + 1
}

// isBehind tells whether a row at a distance comes after the place where the page
// begins.
func (s *searcher) isBehind(metres float64, row uint32) bool {
	at := s.q.At
	return at == nil || cmp.Or(cmp.Compare(metres, at.Metres), cmp.Compare(s.v.keys.at(row), at.Key)) > 0
}

// nearestOf measures the nearest of the sites, as many as the page needs, and
// returns them with one that is before the page, if there is one.
func (s *searcher) nearestOf(found []nearSite) []nearSite {
	var out []nearSite
	target := geodesic.NewTarget(s.q.Near.Geometry)
	queue := make(siteQueue, 0, len(found))
	for i := range found {
		f := &found[i]
		if s.q.At != nil && f.high < s.q.At.Metres {
			if len(out) == 0 {
				out = s.measureAll(found[i : i+1])
			}
			continue
		}
		queue = append(queue, f)
	}
	heap.Init(&queue)
	last := farthest{most: s.q.need()}
	for len(queue) > 0 && queue[0].low <= last.reach() {
		f := heap.Pop(&queue).(*nearSite)
		if f.end > f.site+1 {
			sites := s.apart(f, target)
			for i := range sites {
				heap.Push(&queue, &sites[i])
			}
			continue
		}
		s.measure(f)
		out = append(out, *f)
		for _, row := range s.rows[f.first:f.last] {
			if s.isBehind(f.low, row) {
				last.add(f.low)
			}
		}
	}
	return out
}

// siteQueue is a heap of sites, the one first that may be nearest.
type siteQueue []*nearSite

func (q siteQueue) Len() int           { return len(q) }
func (q siteQueue) Less(i, j int) bool { return q[i].low < q[j].low }
func (q siteQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push is for package heap.
func (q *siteQueue) Push(x any) { *q = append(*q, x.(*nearSite)) }

// Pop is for package heap.
func (q *siteQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// farthest keeps the least of the distances that it is given, as many as most.
type farthest struct {
	most int
	heap []float64 // the greatest on top
}

// reach returns what no further distance may exceed to be among them.
func (f *farthest) reach() float64 {
	if len(f.heap) < f.most {
		return math.Inf(1)
	}
	return f.heap[0]
}

func (f *farthest) add(metres float64) {
	if len(f.heap) < f.most {
		f.heap = append(f.heap, metres)
		for i := len(f.heap) - 1; i > 0 && f.heap[i] > f.heap[(i-1)/2]; i = (i - 1) / 2 {
			f.heap[i], f.heap[(i-1)/2] = f.heap[(i-1)/2], f.heap[i]
		}
		return
	}
	if metres >= f.heap[0] {
		return
	}
	f.heap[0] = metres
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < len(f.heap) && f.heap[child+1] > f.heap[child] {
			child++
		}
		if child >= len(f.heap) || f.heap[child] <= f.heap[i] {
			return
		}
		f.heap[i], f.heap[child] = f.heap[child], f.heap[i]
		i = child
	}
}
