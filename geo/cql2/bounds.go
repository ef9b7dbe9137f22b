package cql2

import (
	"slices"
	"time"

	"demarc/geo"
)

// Hint is what every feature that matches a filter must be like: an index may leave
// out what is not. It promises nothing of what is left. The zero Hint says nothing.
type Hint struct {
	// Never tells that no feature matches.
	Never bool
	// Boxes hold part of the geometry: the box of its vertices meets one of them at
	// least. Nil says nothing. A box may cross the antimeridian.
	Boxes []geo.BBox
	// Times hold a temporal property, by its name: its value, for a day its first
	// second, lies in the interval.
	Times map[string]geo.Interval
	// Equal holds the values of a property, by its name: it Matches one of them at
	// least (geo.Value), so a list has it as a member.
	Equal map[string][]geo.Value
}

// Span returns an interval that the stretch of time from one property to another
// must meet; all of time if the hint says nothing of them. The properties may be the
// same.
func (h Hint) Span(from, to string) geo.Interval {
	return geo.Interval{From: h.Times[to].From, To: h.Times[from].To}
}

// maxBoxes is how many boxes a hint has before they become one.
const maxBoxes = 16

// Bounds returns what every match of e must be like. longestEdge is the number of
// degrees of longitude that no edge of the features' geometries exceeds: 0 if they
// are points. It is needed for distances, as a geodesic leaves the box of its ends;
// an edge of more than 180 must have been cut at the antimeridian (RFC 7946 §3.1.9).
// Costs about a microsecond a node.
func Bounds(e Expr, longestEdge float64) Hint {
	return bounder{longestEdge}.of(e, true)
}

// bounder makes hints.
type bounder struct{ longestEdge float64 }

// of returns what a feature must be like for e to be true, or else to be false.
func (b bounder) of(e Expr, truth bool) Hint {
	switch e := e.(type) {
	case Not:
		return b.of(e.Arg, !truth)
	case And:
		return b.joined(e.Args, truth, truth)
	case Or:
		return b.joined(e.Args, !truth, truth)
	case Bool:
		return Hint{Never: bool(e) != truth}
	case Compare:
		return b.compare(e, truth)
	case Between:
		if truth {
			low := b.compare(Compare{GreaterOrEqual, e.Arg, e.Low}, true)
			return low.and(b.compare(Compare{LessOrEqual, e.Arg, e.High}, true))
		}
	case In:
		if truth {
			return b.in(e)
		}
	case Spatial:
		return spatialHint(e, truth)
	case Temporal:
		return temporalHint(e, truth)
	case ArrayCompare:
		return arrayHint(e, truth)
	case Call:
		if p, fixed, metres, ok := withinOf(e); ok && truth && p.Type == GeometryType {
			return b.near(fixed, metres)
		}
	case Property:
		if e.Type == BooleanType {
			return equalHint(e, geo.BoolValue(truth))
		}
	}
	return Hint{}
}

// joined joins the hints of operands, all of which must have the given truth, or one
// of which.
func (b bounder) joined(es []Expr, every, truth bool) Hint {
	h := b.of(es[0], truth)
	for _, e := range es[1:] {
		if every {
			h = h.and(b.of(e, truth))
		} else {
			h = h.or(b.of(e, truth))
		}
	}
	return h
}

// and returns what must be if both hints hold.
func (h Hint) and(o Hint) Hint {
	if h.Never || o.Never {
		return Hint{Never: true}
	}
	// A geometry that meets two boxes need not meet what the boxes share, so one of
	// the two conditions is kept.
	if h.Boxes == nil || o.Boxes != nil && extent(o.Boxes) < extent(h.Boxes) {
		h.Boxes = o.Boxes
	}
	times := merge(h.Times, o.Times, func(a, b geo.Interval) (geo.Interval, bool) { return common(a, b), true })
	for _, iv := range times {
		if !iv.From.IsZero() && !iv.To.IsZero() && !iv.From.Before(iv.To) {
			return Hint{Never: true}
		}
	}
	h.Times = times
	h.Equal = merge(h.Equal, o.Equal, func(a, b []geo.Value) ([]geo.Value, bool) {
		if len(b) < len(a) { // a list can have a member of each, so one is kept
			return b, true
		}
		return a, true
	})
	return h
}

// or returns what must be if one of the hints holds.
func (h Hint) or(o Hint) Hint {
	switch {
	case h.Never:
		return o
	case o.Never:
		return h
	}
	var both Hint
	if h.Boxes != nil && o.Boxes != nil {
		both.Boxes = fewer(slices.Concat(h.Boxes, o.Boxes))
	}
	both.Times = shared(h.Times, o.Times, func(a, b geo.Interval) (geo.Interval, bool) {
		hull := geo.Interval{From: a.From, To: a.To}
		if b.From.IsZero() || !hull.From.IsZero() && b.From.Before(hull.From) {
			hull.From = b.From
		}
		if b.To.IsZero() || !hull.To.IsZero() && b.To.After(hull.To) {
			hull.To = b.To
		}
		return hull, hull != geo.Interval{}
	})
	both.Equal = shared(h.Equal, o.Equal, func(a, b []geo.Value) ([]geo.Value, bool) {
		return slices.Concat(a, b), len(a)+len(b) <= MaxList
	})
	return both
}

// merge joins maps; join decides of what both have.
func merge[V any](a, b map[string]V, join func(a, b V) (V, bool)) map[string]V {
	if len(b) == 0 {
		return a
	}
	m := shared(a, b, join)
	if m == nil {
		m = map[string]V{}
	}
	for _, from := range []map[string]V{a, b} {
		for k, v := range from {
			if _, ok := m[k]; !ok {
				m[k] = v
			}
		}
	}
	return m
}

// shared joins what both maps have, nil if that is nothing.
func shared[V any](a, b map[string]V, join func(a, b V) (V, bool)) map[string]V {
	var m map[string]V
	for k, v := range a {
		if o, ok := b[k]; ok {
			if v, ok := join(v, o); ok {
				if m == nil {
					m = map[string]V{}
				}
				m[k] = v
			}
		}
	}
	return m
}

// common returns the time that two intervals share.
func common(a, b geo.Interval) geo.Interval {
	iv := geo.Interval{From: a.From, To: a.To}
	if iv.From.IsZero() || b.From.After(iv.From) {
		iv.From = b.From
	}
	if iv.To.IsZero() || !b.To.IsZero() && b.To.Before(iv.To) {
		iv.To = b.To
	}
	return iv
}

// extent returns the sum of the boxes' areas in square degrees.
func extent(boxes []geo.BBox) float64 {
	sum := 0.0
	for _, b := range boxes {
		for _, p := range b.Parts() {
			sum += (p.East - p.West) * (p.North - p.South)
		}
	}
	return sum
}

// fewer returns the boxes, or one round them if they are many.
func fewer(boxes []geo.BBox) []geo.BBox {
	if len(boxes) <= maxBoxes {
		return boxes
	}
	all := geo.EmptyBBox()
	for _, b := range boxes {
		for _, p := range b.Parts() {
			all = all.Extend(p)
		}
	}
	return []geo.BBox{all}
}

// window returns the interval of the instants that stand in a comparison with a
// literal when days are compared.
func window(op CompareOp, i Instant) geo.Interval {
	day := time.Unix(momentOf(i).date()*secondsOfDay, 0).UTC()
	next := day.Add(secondsOfDay * time.Second)
	switch op {
	case Less, LessOrEqual:
		return geo.Interval{To: next}
	case Greater, GreaterOrEqual:
		return geo.Interval{From: day}
	case Equal:
		return geo.Interval{From: day, To: next}
	}
	return geo.Interval{}
}
