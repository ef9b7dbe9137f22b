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
	target  *geodesic.Target
}

// bordersOf returns the segments but for context rings, those that are valid at the same
// time beside one another.
func bordersOf(segments iter.Seq[*data.Segment], shapes data.Shapes) []*border {
	var out []*border
	for s := range segments {
		if s.Role != "context" {
			line := shapes[s.ID]
			out = append(out, &border{s, data.Between(s.From, s.To), line, geodesic.NewTarget(line)})
		}
	}
	slices.SortFunc(out, func(a, b *border) int {
		return cmp.Or(a.valid.From.Compare(b.valid.From), a.valid.To.Compare(b.valid.To), cmp.Compare(a.segment.ID, b.segment.ID))
	})
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
	spot := geodesic.SpotOf(p)
	// Few are near enough to be measured: those of which no position can be known to
	// be further off than the nearest so far, the one that may be nearest first.
	near, valid := make([]candidate, 0, 32), false
	for i, b := range r.borders {
		if i == 0 || b.valid != r.borders[i-1].valid {
			valid = b.valid.Contains(when.From)
		}
		if valid {
			near = append(near, candidate{i, b.target.Beyond(spot)})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int { return cmp.Compare(a.atLeast, b.atLeast) })
	least, at := math.Inf(1), (*border)(nil)
	for _, c := range near {
		if c.atLeast > least {
			break
		}
		b := r.borders[c.index]
		probe := b.target.Probe()
		if d, ok := probe.Nearer(p, least); ok && (d < least || d == least && (at == nil || b.segment.ID < at.segment.ID)) {
			least, at = d, b
		}
		probe.End()
	}
	if at == nil {
		return "", geo.Null()
	}
	return at.segment.ID, geo.NumberValue(math.Round(least*10) / 10)
}

// candidate is a border that may be the nearest, and metres that it is not nearer
// than.
type candidate struct {
	index   int
	atLeast float64
}
