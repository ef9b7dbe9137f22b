package snapshot

import (
	"math"

	"demarc/geo"
)

// times are the times of rows, in seconds since 1970 in UTC, to exclusive.
type times struct {
	from, to []int64 // an open end is the least or greatest number
	zones    []span  // of each block of rows: the first begin and the last end
	first    int64   // the first end that is known, or math.MaxInt64
	last     int64   // the last, or math.MinInt64
	days     days
}

type span struct{ from, to int64 }

func (t *times) add(iv geo.Interval) {
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if !iv.From.IsZero() {
		from = iv.From.Unix()
	}
	if !iv.To.IsZero() {
		to = iv.To.Unix()
	}
	t.from, t.to = append(t.from, from), append(t.to, to)
}

func (t *times) append(o *times) {
	t.from, t.to = append(t.from, o.from...), append(t.to, o.to...)
}

// measure finds the ends.
func (t *times) measure() {
	t.first, t.last = math.MaxInt64, math.MinInt64
	for i := range t.from {
		if i%blockRows == 0 {
			t.zones = append(t.zones, span{math.MaxInt64, math.MinInt64})
		}
		z := &t.zones[len(t.zones)-1]
		z.from, z.to = min(z.from, t.from[i]), max(z.to, t.to[i])
		for _, end := range [2]int64{t.from[i], t.to[i]} {
			if end != math.MinInt64 && end != math.MaxInt64 {
				t.first, t.last = min(t.first, end), max(t.last, end)
			}
		}
	}
	t.days = t.inDays()
}

// asked is a time that rows must meet, as geo.Interval.Intersects has it: they
// begin by begin and end from end on; what has no length from instant on.
type asked struct{ begin, end, instant int64 }

// askedOf returns when as conditions of rows, whose times are whole seconds.
func askedOf(when *geo.Interval) asked {
	a := asked{math.MaxInt64, math.MinInt64, math.MinInt64}
	if !when.To.IsZero() {
		a.begin = when.To.Unix() // floor
		if when.To.Nanosecond() == 0 && !when.IsInstant() {
			a.begin--
		}
	}
	if !when.From.IsZero() {
		a.end, a.instant = when.From.Unix()+1, when.From.Unix()
		if when.From.Nanosecond() > 0 {
			a.instant++
		}
	}
	return a
}

// meets tells whether the row's time meets what is asked.
func (t *times) meets(row uint32, a asked) bool {
	from, to := t.from[row], t.to[row]
	return from <= a.begin && (to >= a.end || from == to && to >= a.instant)
}

// keep keeps the rows that meet what is asked.
func (t *times) keep(rows []uint32, a asked) []uint32 {
	if len(t.days.of) > 0 {
		return t.days.keep(rows, a)
	}
	n := 0
	for _, row := range rows {
		if t.meets(row, a) {
			rows[n] = row
			n++
		}
	}
	return rows[:n]
}

// meetsZone tells whether a row of the block can meet what is asked.
func (t *times) meetsZone(block int, a asked) bool {
	z := t.zones[block]
	return z.from <= a.begin && z.to >= a.instant
}
