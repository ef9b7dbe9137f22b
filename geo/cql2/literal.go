package cql2

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// exactFloat is the largest whole number up to which a float64 has every one.
const exactFloat = 1 << 53

// whole returns a whole number.
func whole(i int64) Number { return Number{Float: float64(i), Int: i, Whole: true} }

// number returns f, which is finite, as a number.
func number(f float64) Number {
	if f == math.Trunc(f) && math.Abs(f) <= exactFloat {
		return whole(int64(f))
	}
	return Number{Float: f}
}

// parseNumber reads a numeric literal, signed or not; ok is false for what is no
// number, or too large for a float64.
func parseNumber(s string) (n Number, ok bool) {
	if !strings.ContainsAny(s, ".eE") { // as of most coordinates, whose refusal costs more than what follows
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return whole(i), true
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Number{}, false
	}
	return number(f), true
}

// String returns the shortest text that reads as n.
func (n Number) String() string {
	if n.Whole {
		return strconv.FormatInt(n.Int, 10)
	}
	return strconv.FormatFloat(n.Float, 'G', -1, 64)
}

// compare returns -1, 0 or 1 as n is less than, equal to or greater than m, exactly.
func (n Number) compare(m Number) int {
	switch {
	case n.Whole && m.Whole:
		return cmp.Compare(n.Int, m.Int)
	case n.Whole:
		return compareIntFloat(n.Int, m.Float)
	case m.Whole:
		return -compareIntFloat(m.Int, n.Float)
	}
	return cmp.Compare(n.Float, m.Float)
}

func compareIntFloat(i int64, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	floor := math.Floor(f)
	if c := cmp.Compare(i, int64(floor)); c != 0 {
		return c
	}
	return cmp.Compare(0, f-floor)
}

// parseInstant reads a date, or a timestamp of RFC 3339 in any time zone.
func parseInstant(s string) (i Instant, ok bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return Instant{Seconds: t.Unix(), Day: true}, true
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return Instant{Seconds: t.Unix(), Nanos: int32(t.Nanosecond())}, err == nil && t.UTC().Year() >= 0 && t.UTC().Year() <= 9999
}

// parseSlashed reads the dates and times that GDAL writes in SQL: 2024/01/05 and
// 2024/01/05 10:30:00, with or without fractions and Z.
func parseSlashed(s string) (i Instant, ok bool) {
	day, clock, timed := strings.Cut(s, " ")
	day = strings.ReplaceAll(day, "/", "-")
	if !timed {
		return parseInstant(day)
	}
	return parseInstant(day + "T" + strings.TrimSuffix(clock, "Z") + "Z")
}

// String returns the instant as RFC 3339 writes it, in UTC.
func (i Instant) String() string {
	if i.Day {
		return i.Time().Format(time.DateOnly)
	}
	return i.Time().Format("2006-01-02T15:04:05.999999999Z")
}

// lowerASCII is strings.ToLower for keywords: letters beyond ASCII whose lower case
// is ASCII, such as the Kelvin sign, are no keyword's.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
