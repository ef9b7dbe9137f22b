package cql2

import (
	"cmp"

	"demarc/geo"
)

// moment is an end of a span of time: a day, an instant, or for ever before or
// after.
type moment struct {
	seconds int64
	nanos   int32
	day     bool
	ever    int8 // -1 before all others, 1 after all others
}

const secondsOfDay = 86400

// momentOf returns the moment of a literal.
func momentOf(i Instant) moment { return moment{seconds: i.Seconds, nanos: i.Nanos, day: i.Day} }

// momentOfValue returns the moment of a property's value.
func momentOfValue(v *geo.Value) (m moment, ok bool) {
	seconds, precision, ok := v.Unix()
	return moment{seconds: seconds, day: precision == geo.PrecisionDay}, ok
}

// date returns the number of the day that m is in.
func (m moment) date() int64 {
	d := m.seconds / secondsOfDay
	if m.seconds%secondsOfDay < 0 {
		d--
	}
	return d
}

// compare returns -1, 0 or 1 as m is before, at or after o. Where one of them is a
// day, days are compared, those of UTC: a timestamp equals the date that it falls
// on, and is after a date when that day is over. OGC 21-065r2 §6.3.1 names the two
// granularities and leaves their comparison open.
func (m moment) compare(o moment) int {
	switch {
	case m.ever != 0 || o.ever != 0:
		return cmp.Compare(int(m.ever), int(o.ever))
	case m.day || o.day:
		return cmp.Compare(m.date(), o.date())
	case m.seconds != o.seconds:
		return cmp.Compare(m.seconds, o.seconds)
	}
	return cmp.Compare(int(m.nanos), int(o.nanos))
}

// span is an instant, whose ends are the same, or an interval, ends included.
type span struct{ from, to moment }

// condition is a comparison of an end of the left span with one of the right.
type condition struct {
	leftTo  bool // the left span's to, else its from
	op      CompareOp
	rightTo bool
}

// from and to name the ends in relations.
const from, to = false, true

// relations says what the temporal functions ask of the ends of their operands, all
// of it (OGC 21-065r2 §7.8, figure 1). An instant is a span whose ends are the same.
// t_disjoint is the contrary of t_intersects.
var relations = map[TemporalOp][]condition{
	TAfter:        {{from, Greater, to}},
	TBefore:       {{to, Less, from}},
	TContains:     {{from, Less, from}, {to, Greater, to}},
	TDuring:       {{from, Greater, from}, {to, Less, to}},
	TEquals:       {{from, Equal, from}, {to, Equal, to}},
	TFinishedBy:   {{from, Less, from}, {to, Equal, to}},
	TFinishes:     {{from, Greater, from}, {to, Equal, to}},
	TIntersects:   {{from, LessOrEqual, to}, {to, GreaterOrEqual, from}},
	TMeets:        {{to, Equal, from}},
	TMetBy:        {{from, Equal, to}},
	TOverlappedBy: {{from, Greater, from}, {from, Less, to}, {to, Greater, to}},
	TOverlaps:     {{from, Less, from}, {to, Greater, from}, {to, Less, to}},
	TStartedBy:    {{from, Equal, from}, {to, Greater, to}},
	TStarts:       {{from, Equal, from}, {to, Less, to}},
}

// relate tells whether two spans are in a relation.
func (s span) relate(op TemporalOp, o span) bool {
	if op == TDisjoint {
		return !s.relate(TIntersects, o)
	}
	for _, c := range relations[op] {
		if !holds(c.op, s.end(c.leftTo).compare(o.end(c.rightTo))) {
			return false
		}
	}
	return true
}

func (s span) end(to bool) moment {
	if to {
		return s.to
	}
	return s.from
}

// holds tells whether a comparison holds whose operands are in the given order.
func holds(op CompareOp, order int) bool {
	switch op {
	case Equal:
		return order == 0
	case NotEqual:
		return order != 0
	case Less:
		return order < 0
	case Greater:
		return order > 0
	case LessOrEqual:
		return order <= 0
	}
	return order >= 0
}
