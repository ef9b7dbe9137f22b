package snapshot

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/geodesic"
)

// border is a segment that incidents can lie near.
type border struct {
	segment *data.Segment
	valid   geo.Interval
	line    orb.Geometry
	box     geo.BBox
	reach   geo.BBox // holds the line's edges, which are geodesics
	target  *geodesic.Target
}

// bordersOf returns the segments but for context rings, in the order of their ids.
func bordersOf(segments iter.Seq[*data.Segment], shapes data.Shapes) []*border {
	var out []*border
	for s := range segments {
		if s.Role != "context" {
			line := shapes[s.ID]
			box := geo.BBoxOf(line)
			out = append(out, &border{s, data.Between(s.From, s.To), line, box, geodesic.EdgeBox(box, longestEdge(line)), geodesic.NewTarget(line)})
		}
	}
	slices.SortFunc(out, func(a, b *border) int { return cmp.Compare(a.segment.ID, b.segment.ID) })
	return out
}

// nearestSegment returns the segment nearest to the position among those valid when the
// time began, context rings left out, and the distance in metres, to a
// decimetre. Empty and null where there is no position.
func (r *records) nearestSegment(position orb.Geometry, when geo.Interval) (id string, metres geo.Value) {
	p, ok := position.(orb.Point)
	if !ok {
		return "", geo.Null()
	}
	origin := geodesic.NewOrigin(p)
	// Few are near enough to be measured: those of which no position can be known to
	// be further off than the nearest so far, the one with the nearest box first.
	near := make([]candidate, 0, 32)
	for i, b := range r.borders {
		if b.valid.Contains(when.From) {
			near = append(near, candidate{i, origin.LowerBound(b.reach)})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int { return cmp.Compare(a.atLeast, b.atLeast) })
	least, at := math.Inf(1), len(r.borders)
	for _, c := range near {
		if c.atLeast > least {
			break
		}
		probe := r.borders[c.index].target.Probe()
		if probe.AtLeast(p) <= least {
			if d, ok := probe.Distance(p); ok && (d < least || d == least && c.index < at) {
				least, at = d, c.index
			}
		}
		probe.End()
	}
	if at == len(r.borders) {
		return "", geo.Null()
	}
	return r.borders[at].segment.ID, geo.NumberValue(math.Round(least*10) / 10)
}

// candidate is a border that may be the nearest, and metres that it is not nearer
// than.
type candidate struct {
	index   int
	atLeast float64
}
