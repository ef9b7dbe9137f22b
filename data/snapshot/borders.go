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
}

// bordersOf returns the segments but for context rings, in the order of their ids.
func bordersOf(segments iter.Seq[*data.Segment], shapes data.Shapes) []*border {
	var out []*border
	for s := range segments {
		if s.Role != "context" {
			line := shapes[s.ID]
			out = append(out, &border{s, data.Between(s.From, s.To), line, geo.BBoxOf(line)})
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
	least := math.Inf(1)
	for _, b := range r.borders {
		if !b.valid.Contains(when.From) {
			continue
		}
		if d, ok := geodesic.DistanceTo(p, b.line); ok && d < least {
			id, least = b.segment.ID, d
		}
	}
	if id == "" {
		return "", geo.Null()
	}
	return id, geo.NumberValue(math.Round(least*10) / 10)
}
