package predicate

import (
	"github.com/paulmach/orb"

	"demarc/geo"
)

// area is polygons made ready to be asked which positions they hold: their edges in
// bands of latitude, so that only the few edges at the latitude of a position are
// looked at.
type area struct {
	box       geo.BBox
	perDegree float64 // bands a degree
	bands     [][]edge
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
	var edges []edge
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

// divide puts the edges into n bands. It returns false, and does nothing, if there
// are several and long edges would stand in so many that they take up many times
// what the edges do.
func (a *area) divide(edges []edge, n int) bool {
	a.bands, a.perDegree = make([][]edge, n), 0
	if high := a.box.North - a.box.South; high > 0 {
		a.perDegree = float64(n) / high
	}
	span := func(e edge) (first, last int) {
		return a.band(min(e.a[1], e.b[1])), a.band(max(e.a[1], e.b[1]))
	}
	entries := 0
	for _, e := range edges {
		first, last := span(e)
		entries += last - first + 1
	}
	if n > 1 && entries > 8*len(edges)+mostBands {
		return false
	}
	for _, e := range edges {
		for b, last := span(e); b <= last; b++ {
			a.bands[b] = append(a.bands[b], e)
		}
	}
	return true
}

// band returns the band of a latitude, which is greater where that is.
func (a *area) band(lat float64) int {
	return max(0, min(len(a.bands)-1, int((lat-a.box.South)*a.perDegree)))
}

// covers tells whether p lies in the area or on its boundary: on an edge, or west
// of an odd number of edges.
func (a *area) covers(p orb.Point) bool {
	if !a.box.Contains(p) {
		return false
	}
	odd := false
	for _, e := range a.bands[a.band(p[1])] {
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
