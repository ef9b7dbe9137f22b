package predicate

import (
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// area is polygons made ready to be asked which positions they hold: their edges in
// bands of latitude, so that only the few edges at the latitude of a position are
// looked at.
type area struct {
	box       geo.BBox
	perDegree float64 // bands a degree
	starts    []int32 // of band i: edges[starts[i]:starts[i+1]]
	edges     []edge
}

// mostBands is in how many bands an area is divided at the most.
const mostBands = 1024

// areaOf returns a polygon, polygons, a ring or a bound as an area; nil for other
// geometries, and for empty ones.
func areaOf(g orb.Geometry, bands int) *area {
	var polygons orb.MultiPolygon
	switch g := g.(type) {
	case orb.Ring:
		polygons = orb.MultiPolygon{{g}}
	case orb.Polygon:
		polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		polygons = g
	case orb.Bound:
		if b := boundGeometry(g); b != nil {
			p, ok := b.(orb.Polygon)
			if !ok {
				return nil
			}
			polygons = orb.MultiPolygon{p}
		}
	}
	a := &area{box: geo.BBoxOf(g)}
	if a.box.IsEmpty() || len(polygons) == 0 {
		return nil
	}
	vertices := 0
	for _, p := range polygons {
		for _, r := range p {
			vertices += len(r)
		}
	}
	edges := make([]edge, 0, vertices)
	for _, p := range polygons {
		for _, r := range p {
			for i := range max(len(r)-1, 0) {
				edges = append(edges, edge{r[i], r[i+1]})
			}
		}
	}
	for n := min(bands, len(edges)/2+1); !a.divide(edges, n); n /= 2 {
	}
	return a
}

// divide puts the edges into n bands. It returns false, and does nothing of use, if
// there are several and long edges would stand in so many that they take up many
// times what the edges do.
func (a *area) divide(edges []edge, n int) bool {
	a.starts, a.perDegree = make([]int32, n+1), 0
	if high := a.box.North - a.box.South; high > 0 {
		a.perDegree = float64(n) / high
	}
	entries := 0
	for _, e := range edges {
		first, last := a.span(e)
		entries += last - first + 1
		for b := first; b <= last && n > 1; b++ {
			a.starts[b+1]++
		}
	}
	if n == 1 {
		a.starts[1], a.edges = int32(len(edges)), edges
		return true
	}
	if entries > 8*len(edges)+mostBands {
		return false
	}
	for b := range n {
		a.starts[b+1] += a.starts[b]
	}
	a.edges = make([]edge, entries)
	next := slices.Clone(a.starts)
	for _, e := range edges {
		for b, last := a.span(e); b <= last; b++ {
			a.edges[next[b]] = e
			next[b]++
		}
	}
	return true
}

// span returns the bands in which an edge stands.
func (a *area) span(e edge) (first, last int) {
	return a.band(min(e.a[1], e.b[1])), a.band(max(e.a[1], e.b[1]))
}

// band returns the band of a latitude, which is greater where that is.
func (a *area) band(lat float64) int {
	return max(0, min(len(a.starts)-2, int((lat-a.box.South)*a.perDegree)))
}

// side tells whether all of a box lies in the area, off its boundary (1), or nothing
// of it does (-1); 0 where neither is so.
func (a *area) side(b geo.BBox) int {
	if b.East < a.box.West || b.West > a.box.East || b.North < a.box.South || b.South > a.box.North {
		return -1
	}
	for _, e := range a.edges[a.starts[a.band(b.South)]:a.starts[a.band(b.North)+1]] {
		if b.Contains(e.a) || edgeMeets(e.a, e.b, b) {
			return 0
		}
	}
	if a.covers(orb.Point{b.West, b.South}) {
		return 1
	}
	return -1
}

// covers tells whether p lies in the area or on its boundary: on an edge, or west
// of an odd number of edges.
func (a *area) covers(p orb.Point) bool {
	if !a.box.Contains(p) {
		return false
	}
	odd := false
	band := a.band(p[1])
	for _, e := range a.edges[a.starts[band]:a.starts[band+1]] {
		if max(e.a[0], e.b[0]) < p[0] || max(e.a[1], e.b[1]) < p[1] || min(e.a[1], e.b[1]) > p[1] {
			continue // all of it lies west, south or north of p
		}
		if min(e.a[0], e.b[0]) <= p[0] && side(e.a, e.b, p) == 0 {
			return true
		}
		if isEastOf(e.a, e.b, p) {
			odd = !odd
		}
	}
	return odd
}
