package geo

import "time"

// Precision tells how finely a time is known.
type Precision uint8

// The precisions of a time, coarsest last. The zero value is an exact instant.
const (
	PrecisionInstant Precision = iota
	PrecisionDay
	PrecisionMonth
	PrecisionYear
)

// String returns "instant", "day", "month" or "year".
func (p Precision) String() string {
	return [...]string{"instant", "day", "month", "year"}[p]
}

// Interval is a stretch of time in UTC, half-open: [From, To). A zero From is
// open to the past, a zero To is open to the future, as ".." is in a datetime
// parameter (OGC 17-069r4 §7.15.4). The zero Interval is all of time.
//
// From equal to To, neither zero, is an instant: it meets an interval that
// contains it.
type Interval struct {
	From, To  time.Time
	Precision Precision
}

// IsInstant tells whether the interval is a single instant.
func (iv Interval) IsInstant() bool {
	return !iv.From.IsZero() && iv.From.Equal(iv.To)
}

// Intersects tells whether iv and o share an instant. Two that only touch at
// an end share none, unless one of them is an instant.
func (iv Interval) Intersects(o Interval) bool {
	return startsBeforeEndOf(iv, o) && startsBeforeEndOf(o, iv)
}

// startsBeforeEndOf tells whether a begins before b ends.
func startsBeforeEndOf(a, b Interval) bool {
	if a.From.IsZero() || b.To.IsZero() {
		return true
	}
	if a.From.Before(b.To) {
		return true
	}
	return b.IsInstant() && a.From.Equal(b.To)
}

// Contains tells whether t lies in iv.
func (iv Interval) Contains(t time.Time) bool {
	return iv.Intersects(Interval{From: t, To: t})
}
