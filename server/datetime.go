package server

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"demarc/data"
	"demarc/geo"
)

// parseDatetime reads a datetime parameter (OGC 17-069r4 §7.15.4): an instant,
// or an interval whose ends are instants, ".." or nothing. Besides RFC 3339
// instants it takes a day, a month and a year, each of which means all of it,
// and an ISO 8601 duration for one of the ends, which the OGC test suite sends.
// Both ends of an interval belong to it.
func parseDatetime(text string) (geo.Interval, error) {
	from, to, isInterval := strings.Cut(text, "/")
	if !isInterval {
		return parseInstant(text)
	}
	if strings.Contains(to, "/") {
		return geo.Interval{}, fmt.Errorf("has more than one slash")
	}
	if isOpen(from) && isOpen(to) {
		return geo.Interval{}, fmt.Errorf("is open at both ends")
	}
	if from != "" && from[0] == 'P' {
		return parseBackwards(from, to)
	}
	iv, err := parseEnd(from)
	if err != nil {
		return geo.Interval{}, err
	}
	if to != "" && to[0] == 'P' {
		add, err := parseDuration(to)
		if err != nil || isOpen(from) {
			return geo.Interval{}, fmt.Errorf("has %q where a time belongs", to)
		}
		return geo.Interval{From: iv.From, To: add(iv.From, 1).Add(time.Nanosecond)}, nil
	}
	end, err := parseEnd(to)
	if err != nil {
		return geo.Interval{}, err
	}
	if !iv.From.IsZero() && !end.To.IsZero() && !iv.From.Before(end.To) {
		return geo.Interval{}, fmt.Errorf("ends before it begins")
	}
	return geo.Interval{From: iv.From, To: end.To}, nil
}

// parseBackwards reads duration/end.
func parseBackwards(duration, to string) (geo.Interval, error) {
	add, err := parseDuration(duration)
	end, endErr := parseInstant(to)
	if err != nil || endErr != nil {
		return geo.Interval{}, fmt.Errorf("is not a duration and a time")
	}
	return geo.Interval{From: add(end.From, -1), To: end.To}, nil
}

func isOpen(end string) bool { return end == "" || end == ".." }

// parseEnd reads one end of an interval; an open one is the zero Interval.
func parseEnd(text string) (geo.Interval, error) {
	if isOpen(text) {
		return geo.Interval{}, nil
	}
	return parseInstant(text)
}

// parseInstant reads an instant of RFC 3339, or a day, month or year. To is
// just after it.
func parseInstant(text string) (geo.Interval, error) {
	if t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text)); err == nil {
		// QGIS sends 0000-01-01T00:00:00Z for "since ever". The zero time, which
		// stands for an open end, begins year 1: nothing may end with it.
		iv := geo.Interval{From: t.UTC(), To: t.UTC().Add(time.Nanosecond)}
		if iv.To.IsZero() {
			iv.To = iv.From
		}
		return iv, nil
	}
	if d, err := data.ParseDate(text); err == nil && !d.IsZero() {
		return data.Between(d, d), nil
	}
	return geo.Interval{}, fmt.Errorf("%q is neither an instant nor a day, month or year", text)
}

// durationPattern bounds the digits so that no sum of hours, minutes and
// seconds overflows a time.Duration.
var durationPattern = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$`)

// parseDuration reads an ISO 8601 duration and returns how to add it n times.
func parseDuration(text string) (func(t time.Time, n int) time.Time, error) {
	m := durationPattern.FindStringSubmatch(text)
	if m == nil || strings.HasSuffix(text, "P") || strings.HasSuffix(text, "T") {
		return nil, fmt.Errorf("%q is not a duration", text)
	}
	var v [8]int
	for i := 1; i < len(m); i++ {
		v[i], _ = strconv.Atoi(m[i]) // digits or nothing
	}
	return func(t time.Time, n int) time.Time {
		t = t.AddDate(n*v[1], n*v[2], n*(7*v[3]+v[4]))
		return t.Add(time.Duration(n) * (time.Duration(v[5])*time.Hour + time.Duration(v[6])*time.Minute + time.Duration(v[7])*time.Second))
	}, nil
}
