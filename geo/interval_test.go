package geo_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"demarc/geo"
)

func day(d int) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Date(2022, 9, d, 0, 0, 0, 0, time.UTC)
}

// span is an interval in days of September 2022; 0 is an open end.
func span(from, to int) geo.Interval { return geo.Interval{From: day(from), To: day(to)} }

func TestIntervalIntersects(t *testing.T) {
	for name, c := range map[string]struct {
		a, b geo.Interval
		want bool
	}{
		"overlap":                           {span(14, 18), span(17, 20), true},
		"apart":                             {span(14, 16), span(17, 20), false},
		"one ends where the other begins":   {span(14, 17), span(17, 20), false},
		"one in the other":                  {span(14, 20), span(16, 17), true},
		"same":                              {span(14, 17), span(14, 17), true},
		"instant inside":                    {span(14, 17), span(15, 15), true},
		"instant at the beginning":          {span(14, 17), span(14, 14), true},
		"instant at the end, which is open": {span(14, 17), span(17, 17), false},
		"instant before":                    {span(14, 17), span(13, 13), false},
		"same instant":                      {span(14, 14), span(14, 14), true},
		"other instant":                     {span(14, 14), span(15, 15), false},
		"open to the past, after it":        {span(0, 16), span(17, 18), false},
		"open to the past, before its end":  {span(0, 16), span(3, 4), true},
		"open to the future, before it":     {span(16, 0), span(3, 4), false},
		"open to the future, touching":      {span(16, 0), span(3, 16), false},
		"open to the future, instant on it": {span(16, 0), span(16, 16), true},
		"open to the past, instant at end":  {span(0, 16), span(16, 16), false},
		"both open, towards each other":     {span(0, 16), span(15, 0), true},
		"both open, away from each other":   {span(0, 15), span(15, 0), false},
		"all of time meets an instant":      {span(0, 0), span(15, 15), true},
		"all of time meets all of time":     {span(0, 0), span(0, 0), true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.a.Intersects(c.b); got != c.want {
				t.Errorf("%v.Intersects(%v) = %v, want %v", c.a, c.b, got, c.want)
			}
			if got := c.b.Intersects(c.a); got != c.want {
				t.Errorf("the other way round: %v, want %v", got, c.want)
			}
		})
	}
}

func TestIntervalIsInstant(t *testing.T) {
	if !span(14, 14).IsInstant() {
		t.Error("a span from a time to itself is no instant")
	}
	for _, iv := range []geo.Interval{span(0, 0), span(14, 15), span(14, 0), span(0, 14)} {
		if iv.IsInstant() {
			t.Errorf("%v is an instant", iv)
		}
	}
}

// The twin: an interval is the set of half hours in it, an instant itself.
func TestIntervalAgreesWithItsHours(t *testing.T) {
	base := time.Date(2022, 9, 16, 0, 0, 0, 0, time.UTC)
	at := func(h int) time.Time { return base.Add(time.Duration(h) * time.Hour) }
	draw := rapid.Custom(func(t *rapid.T) geo.Interval {
		from, length := rapid.IntRange(0, 8).Draw(t, "from"), rapid.IntRange(0, 8).Draw(t, "length")
		iv := geo.Interval{From: at(from), To: at(from + length)}
		if rapid.Bool().Draw(t, "open from") {
			iv.From = time.Time{}
		}
		if rapid.Bool().Draw(t, "open to") {
			iv.To = time.Time{}
		}
		return iv
	})
	holds := func(iv geo.Interval, tm time.Time) bool {
		if iv.IsInstant() {
			return tm.Equal(iv.From)
		}
		return (iv.From.IsZero() || !tm.Before(iv.From)) && (iv.To.IsZero() || tm.Before(iv.To))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		want := false
		for h := -2; h <= 40; h++ {
			tm := at(0).Add(time.Duration(h) * 30 * time.Minute)
			want = want || holds(a, tm) && holds(b, tm)
			if got := a.Contains(tm); got != holds(a, tm) {
				t.Fatalf("%v.Contains(%v) = %v", a, tm, got)
			}
		}
		if got := a.Intersects(b); got != want {
			t.Fatalf("%v.Intersects(%v) = %v, want %v", a, b, got, want)
		}
	})
}

func TestPrecisionsAreOrdered(t *testing.T) {
	names := []string{"instant", "day", "month", "year"}
	for i, p := range []geo.Precision{geo.PrecisionInstant, geo.PrecisionDay, geo.PrecisionMonth, geo.PrecisionYear} {
		if int(p) != i || p.String() != names[i] {
			t.Errorf("precision %d is %q, want %q", p, p, names[i])
		}
	}
}

func ExampleInterval() {
	fighting := geo.Interval{From: day(14), To: day(18)} // four whole days
	fmt.Println(fighting.Contains(day(17)), fighting.Contains(day(18)))
	fmt.Println(fighting.Intersects(geo.Interval{From: day(17)})) // from the 17th on
	// Output:
	// true false
	// true
}
