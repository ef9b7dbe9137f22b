package snapshot

import (
	"math"

	"demarc/geo"
)

// Spans are the times of some features, one behind the other: who asks many of them
// what meets a time need not look for each where its part has it. A place is a number
// from 0 up, of the feature in that slot of those that SpansOf was given.
type Spans struct{ times times }

// SpansOf returns the times of the features in the slots; nil where none has one, where
// some have several versions, of which a time selects one, and for several parts.
func (c *Collection) SpansOf(slots []uint32) *Spans {
	if len(c.views) != 1 || c.views[0].next != nil {
		return nil
	}
	from := &c.views[0].times
	if from.first > from.last {
		return nil
	}
	s := &Spans{times{days: days{base: from.days.base}}}
	if len(from.days.of) > 0 {
		s.times.days.of = make([]daySpan, len(slots))
		for i, slot := range slots {
			s.times.days.of[i] = from.days.of[slot]
		}
		return s
	}
	s.times.from, s.times.to = make([]int64, len(slots)), make([]int64, len(slots))
	for i, slot := range slots {
		s.times.from[i], s.times.to[i] = from.from[slot], from.to[slot]
	}
	return s
}

// Width is how many bytes a place takes.
func (s *Spans) Width() int {
	if len(s.times.days.of) > 0 {
		return 4
	}
	return 16
}

// Keep keeps those of the places whose times meet when, as Query.When has it, in their
// order and in their memory.
func (s *Spans) Keep(places []uint32, when *geo.Interval) []uint32 {
	return s.times.keep(places, askedOf(when))
}

// At returns the time of a place in seconds since 1970, to exclusive; an open end is the
// least or the greatest number.
func (s *Spans) At(place uint32) (from, to int64) {
	if len(s.times.days.of) > 0 {
		return s.times.days.at(place)
	}
	return s.times.from[place], s.times.to[place]
}

// Zone is within which bounds the times of many features lie. The zero Zone has none.
type Zone struct {
	some               bool
	first, last        int64 // begin
	ends, end, instant int64 // the last end, and the first ones of what is and of what is no instant
}

// Add adds the time of a feature.
func (z *Zone) Add(from, to int64) {
	if !z.some {
		*z = Zone{true, from, from, to, math.MaxInt64, math.MaxInt64}
	}
	z.first, z.last, z.ends = min(z.first, from), max(z.last, from), max(z.ends, to)
	if from == to {
		z.instant = min(z.instant, to)
	} else {
		z.end = min(z.end, to)
	}
}

// Meets tells whether some of the times can meet when, and whether all do.
func (z *Zone) Meets(when *geo.Interval) (some, all bool) {
	a := askedOf(when)
	some = z.some && z.first <= a.begin && z.ends >= a.instant
	return some, some && z.last <= a.begin && z.end >= a.end && z.instant >= a.instant
}
