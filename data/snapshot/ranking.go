package snapshot

import (
	"cmp"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"demarc/geo/geodesic"
)

// ranking yields sites in the order of their distance from a geometry: it looks
// into the ball that may have the nearest, and measures few others.
type ranking struct {
	near
	sites  *sites
	dotted bool
	wanted func(site uint32) bool // whether to measure the site at all; nil for all
	skip   float64                // what is known to be nearer is left out
	queue  []ranked               // a heap, what may be nearest on top
}

// ranked is a node, a site or a site that is measured.
type ranked struct {
	low, high float64          // metres that it is off at least and at most
	ballNode                   // level is measuredSite or knownSite for the site at
	in        geodesic.Entered // of a ball
	piece     geodesic.Piece   // of a site that is not measured
}

const (
	knownSite    = -1
	measuredSite = -2
)

// newRanking returns a ranking that has nothing to look at yet.
func newRanking(s *sites, n near) *ranking {
	return &ranking{near: n, sites: s, dotted: n.dotted(s), queue: rankedLists.take()}
}

// end gives the memory of the ranking and of what it measures by back, which are not
// asked any more.
func (r *ranking) end() {
	rankedLists.give(r.queue)
	r.target.End()
}

// rankedLists keeps the memory of queues for the next ones.
var rankedLists rankedPool

type rankedPool struct{ sync.Pool }

// take returns an empty list.
func (p *rankedPool) take() []ranked {
	if list, ok := p.Get().(*[]ranked); ok {
		return *list
	}
	return make([]ranked, 0, 1024)
}

// give takes a list that nobody looks at any more, unless it is rarely so large.
func (p *rankedPool) give(list []ranked) {
	if cap(list) <= mostScratch {
		list = list[:0]
		p.Put(&list)
	}
}

// begin puts nodes and sites into the queue, which is empty.
func (r *ranking) begin(found []ranked) {
	r.queue = append(r.queue, found...)
	for i := len(r.queue)/2 - 1; i >= 0; i-- {
		r.sink(i)
	}
}

// look puts a node into the queue.
func (r *ranking) look(n ballNode) {
	low, high := r.target.Bounds(r.sites.balls.ball(n))
	if high >= r.skip {
		r.push(ranked{low: low, high: high, ballNode: n, in: geodesic.Unentered})
	}
}

// lookAtAll puts all located sites into the queue.
func (r *ranking) lookAtAll() {
	for _, n := range r.sites.balls.top() {
		r.look(n)
	}
}

// lookAt puts sites into the queue.
func (r *ranking) lookAt(sites []uint32) {
	for _, site := range sites {
		r.push(ranked{high: math.Inf(1), ballNode: ballNode{knownSite, site}, piece: geodesic.NoPiece})
	}
}

// measure puts a site into the queue, measured, if it is wanted and lies somewhere.
func (r *ranking) measure(site uint32) {
	if r.wanted != nil && !r.wanted(site) {
		return
	}
	if metres, ok := r.near.to(r.sites.shapes[site]); ok && metres >= r.skip {
		r.push(ranked{low: metres, high: metres, ballNode: ballNode{measuredSite, site}})
	}
}

// await puts a site of a ball that is low metres off at least into the queue.
func (r *ranking) await(site uint32, low float64) {
	if p, ok := r.sites.shapes[site].(orb.Point); ok {
		low = max(low, r.target.AtLeast(p))
	}
	r.push(ranked{low: low, high: math.Inf(1), ballNode: ballNode{knownSite, site}, piece: geodesic.NoPiece})
}

// open puts the sites of a ball into the queue.
func (r *ranking) open(n ranked) {
	balls := &r.sites.balls
	first, end := balls.sites(n.ballNode)
	if !r.dotted {
		for site := first; site < end; site++ {
			r.await(site, n.low)
		}
		return
	}
	if n.in == geodesic.Unentered {
		_, _, n.in = r.target.Enter(balls.ball(n.ballNode))
	}
	for site := first; site < end; site++ {
		low, piece := r.target.AtLeastOf(balls.dot(site), n.in)
		r.push(ranked{low: max(low, n.low), high: math.Inf(1), ballNode: ballNode{knownSite, site}, piece: piece})
	}
}

// next returns the next site; ok is false where there are no more, or what there is
// is further than reach.
func (r *ranking) next(reach float64) (site uint32, metres float64, ok bool) {
	for len(r.queue) > 0 && r.queue[0].low <= reach {
		top := r.pop()
		if top.high < r.skip {
			continue
		}
		switch top.level {
		case measuredSite:
			return top.at, top.low, true
		case knownSite:
			r.target.BeginAt(top.piece)
			r.measure(top.at)
		case 0:
			r.open(top)
		default:
			first, end := r.sites.balls.children(top.ballNode)
			for at := first; at < end; at++ {
				r.look(ballNode{top.level - 1, at})
			}
		}
	}
	return 0, math.Inf(1), false
}

// before tells whether what stands at i comes before what stands at j: what is
// nearer, and of what may be as near as a site is, what must be looked into first.
func (r *ranking) before(i, j int) bool {
	if a, b := &r.queue[i], &r.queue[j]; a.low != b.low {
		return a.low < b.low
	} else {
		return a.level > b.level
	}
}

// push and pop are those of package heap, without an allocation for each.
func (r *ranking) push(next ranked) {
	r.queue = append(r.queue, next)
	for i := len(r.queue) - 1; i > 0 && r.before(i, (i-1)/2); i = (i - 1) / 2 {
		r.queue[i], r.queue[(i-1)/2] = r.queue[(i-1)/2], r.queue[i]
	}
}

func (r *ranking) pop() ranked {
	top, last := r.queue[0], len(r.queue)-1
	r.queue[0] = r.queue[last]
	r.queue = r.queue[:last]
	r.sink(0)
	return top
}

// sink brings what stands at i below what comes before it.
func (r *ranking) sink(i int) {
	for {
		child := 2*i + 1
		if child+1 < len(r.queue) && r.before(child+1, child) {
			child++
		}
		if child >= len(r.queue) || !r.before(child, i) {
			return
		}
		r.queue[i], r.queue[child] = r.queue[child], r.queue[i]
		i = child
	}
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
