package data_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/geo"
)

// on reads a date of a test.
func on(s string) data.Date {
	d, err := data.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// day is the beginning of a day, as an as-of time; the zero time for "".
func day(s string) time.Time { return on(s).First() }

func TestParseDate(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want data.Date
		ok   bool
	}{
		"none":                    {"", data.Date{}, true},
		"day":                     {"1998-03-24", data.Date{Year: 1998, Month: 3, Day: 24}, true},
		"month":                   {"1998-03", data.Date{Year: 1998, Month: 3}, true},
		"year":                    {"1998", data.Date{Year: 1998}, true},
		"leap day":                {"2000-02-29", data.Date{Year: 2000, Month: 2, Day: 29}, true},
		"no leap day":             {"2001-02-29", data.Date{}, false},
		"day 0":                   {"1998-03-00", data.Date{}, false},
		"month 13":                {"1998-13", data.Date{}, false},
		"month 0":                 {"1998-00", data.Date{}, false},
		"year 0 would be no date": {"0000", data.Date{}, false},
		"day in year 0":           {"0000-03-24", data.Date{}, false},
		"short year":              {"98", data.Date{}, false},
		"five digits":             {"19980", data.Date{}, false},
		"one digit":               {"1998-3-24", data.Date{}, false},
		"without hyphens":         {"19980324", data.Date{}, false},
		"day first":               {"24-03-1998", data.Date{}, false},
		"with a time":             {"1998-03-24T00:00:00Z", data.Date{}, false},
		"with a space":            {"1998-03-24 ", data.Date{}, false},
		"in words":                {"yesterday", data.Date{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := data.ParseDate(c.text)
			if got != c.want || (err == nil) != c.ok {
				t.Errorf("ParseDate(%q) = %v, %v", c.text, got, err)
			}
			if err != nil && !strings.Contains(err.Error(), "YYYY-MM-DD, YYYY-MM or YYYY") {
				t.Errorf("the error does not say what would be right: %v", err)
			}
		})
	}
}

func TestDateSpansItsWholePeriod(t *testing.T) {
	utc := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	for text, c := range map[string]struct {
		first, last, after time.Time
		precision          geo.Precision
	}{
		"1998-12-31": {utc(1998, 12, 31), utc(1998, 12, 31), utc(1999, 1, 1), geo.PrecisionDay},
		"2000-02":    {utc(2000, 2, 1), utc(2000, 2, 29), utc(2000, 3, 1), geo.PrecisionMonth},
		"1998":       {utc(1998, 1, 1), utc(1998, 12, 31), utc(1999, 1, 1), geo.PrecisionYear},
		"":           {precision: geo.PrecisionYear},
	} {
		d := on(text)
		if d.First() != c.first || d.Last() != c.last || d.After() != c.after || d.Precision() != c.precision {
			t.Errorf("%q: %v, %v, %v, %v; want %v", text, d.First(), d.Last(), d.After(), d.Precision(), c)
		}
		if d.IsZero() != (text == "") {
			t.Errorf("%q: IsZero() = %v", text, d.IsZero())
		}
	}
}

func TestBetween(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		want     geo.Interval
	}{
		"one day, to its end":    {"2022-09-16", "2022-09-16", geo.Interval{From: day("2022-09-16"), To: day("2022-09-17"), Precision: geo.PrecisionDay}},
		"the coarser precision":  {"2022-09-16", "2022-10", geo.Interval{From: day("2022-09-16"), To: day("2022-11-01"), Precision: geo.PrecisionMonth}},
		"open to the future":     {"2022", "", geo.Interval{From: day("2022-01-01"), Precision: geo.PrecisionYear}},
		"open to the past":       {"", "2022-09", geo.Interval{To: day("2022-10-01"), Precision: geo.PrecisionYear}},
		"all of time":            {"", "", geo.Interval{Precision: geo.PrecisionYear}},
		"a year, to its end":     {"1999", "1999", geo.Interval{From: day("1999-01-01"), To: day("2000-01-01"), Precision: geo.PrecisionYear}},
		"from a month to a year": {"1999-05", "2000", geo.Interval{From: day("1999-05-01"), To: day("2001-01-01"), Precision: geo.PrecisionYear}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, data.Between(on(c.from), on(c.to))); diff != "" {
				t.Errorf("Between(%s, %s) (-want +got):\n%s", c.from, c.to, diff)
			}
		})
	}
}

// A date's text, in JSON too, reads back as the date, and its days are those
// whose text begins with it.
func TestDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tm := day("1990-01-01").AddDate(0, 0, rapid.IntRange(0, 15000).Draw(t, "days"))
		text := tm.Format(rapid.SampledFrom([]string{"2006", "2006-01", "2006-01-02"}).Draw(t, "layout"))
		b, err := json.Marshal(on(text))
		var back data.Date
		if err != nil || string(b) != `"`+text+`"` || json.Unmarshal(b, &back) != nil || back != on(text) {
			t.Fatalf("%s became %s and %v, %v", text, b, back, err)
		}
		for d := tm.AddDate(0, 0, -400); d.Before(tm.AddDate(0, 0, 400)); d = d.AddDate(0, 0, 1) {
			in := strings.HasPrefix(d.Format(time.DateOnly), text)
			if got := !d.Before(back.First()) && d.Before(back.After()); got != in {
				t.Fatalf("%s holds %s: %v", text, d.Format(time.DateOnly), got)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "1998", "1998-03", "1998-03-24", "0000", "1998-02-30", "٢٠٢٢", "2022-09-16\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := data.ParseDate(s)
		if err == nil && d.String() != s {
			t.Errorf("%q was read as %q", s, d)
		}
		if err != nil && !d.IsZero() {
			t.Errorf("%q: a date %v beside the error", s, d)
		}
	})
}
