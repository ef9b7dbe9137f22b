package server

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/geo"
)

// at reads an instant for a test; "" is an open end.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	got, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestDatetimeIsHalfOpen(t *testing.T) {
	for _, test := range []struct{ text, from, to string }{
		{"2022-09-16", "2022-09-16T00:00:00Z", "2022-09-17T00:00:00Z"},
		{"2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"2022-09", "2022-09-01T00:00:00Z", "2022-10-01T00:00:00Z"},
		{"2022-12", "2022-12-01T00:00:00Z", "2023-01-01T00:00:00Z"},
		{"2022", "2022-01-01T00:00:00Z", "2023-01-01T00:00:00Z"},
		{"9999", "9999-01-01T00:00:00Z", "10000-01-01T00:00:00Z"},
		{"0000-01-01T00:00:00Z/2004-12-31", "0000-01-01T00:00:00Z", "2005-01-01T00:00:00Z"},
		{"../0000-12-31T23:59:59.999999999Z", "", "0000-12-31T23:59:59.999999999Z"},
		{"0001-01-01T00:00:00+01:00", "0000-12-31T23:00:00Z", "0000-12-31T23:00:00.000000001Z"},
		{"9999-12-31", "9999-12-31T00:00:00Z", "10000-01-01T00:00:00Z"},
		{"0001-01-02", "0001-01-02T00:00:00Z", "0001-01-03T00:00:00Z"},

		{"2022-09-16T14:00:00Z", "2022-09-16T14:00:00Z", "2022-09-16T14:00:00.000000001Z"},
		{"2022-09-16t14:00:00z", "2022-09-16T14:00:00Z", "2022-09-16T14:00:00.000000001Z"},
		{"2022-09-16T14:00:00.5Z", "2022-09-16T14:00:00.5Z", "2022-09-16T14:00:00.500000001Z"},
		{"2022-09-16T14:00:00+06:00", "2022-09-16T08:00:00Z", "2022-09-16T08:00:00.000000001Z"},
		{"2022-09-16T01:00:00-00:00", "2022-09-16T01:00:00Z", "2022-09-16T01:00:00.000000001Z"},

		{"2022-09-14/2022-09-17", "2022-09-14T00:00:00Z", "2022-09-18T00:00:00Z"},
		{"2022-09-14/2022-09-14", "2022-09-14T00:00:00Z", "2022-09-15T00:00:00Z"},
		{"2022-09/2022-09-14", "2022-09-01T00:00:00Z", "2022-09-15T00:00:00Z"},
		{"2022-09-14/2022", "2022-09-14T00:00:00Z", "2023-01-01T00:00:00Z"},
		{"2013-02-11T06:00:00.500Z/2013-02-12T00:00:00Z", "2013-02-11T06:00:00.5Z", "2013-02-12T00:00:00.000000001Z"},
		{"2022-09-16T14:00:00Z/2022-09-16T14:00:00Z", "2022-09-16T14:00:00Z", "2022-09-16T14:00:00.000000001Z"},
		{"2022-09-14/..", "2022-09-14T00:00:00Z", ""},
		{"2022-09-14/", "2022-09-14T00:00:00Z", ""},
		{"../2022-09-17", "", "2022-09-18T00:00:00Z"},
		{"/2022-09-17", "", "2022-09-18T00:00:00Z"},

		{"2013-02-11/P2D", "2013-02-11T00:00:00Z", "2013-02-13T00:00:00.000000001Z"},
		{"2013-02-11T06:00:00Z/PT36H", "2013-02-11T06:00:00Z", "2013-02-12T18:00:00.000000001Z"},
		{"2013-01/P1Y2M3W4DT5H6M7S", "2013-01-01T00:00:00Z", "2014-03-26T05:06:07.000000001Z"},
		{"2013-02-11/P0D", "2013-02-11T00:00:00Z", "2013-02-11T00:00:00.000000001Z"},
		{"P2D/2013-02-11", "2013-02-09T00:00:00Z", "2013-02-12T00:00:00Z"},
		{"P1M/2013-03-01T00:00:00Z", "2013-02-01T00:00:00Z", "2013-03-01T00:00:00.000000001Z"},
		{"2013-02-11/PT999999H9999999M999999999S", "2013-02-11T00:00:00Z", "2177-11-23T03:25:39.000000001Z"},
	} {
		got, err := parseDatetime(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if strings.HasPrefix(test.to, "10000") { // beyond what RFC 3339 can write
			if got.To.Year() != 10000 || got.To.YearDay() != 1 {
				t.Errorf("%s ends %v", test.text, got.To)
			}
			continue
		}
		want := geo.Interval{From: at(t, test.from), To: at(t, test.to)}
		if !got.From.Equal(want.From) || !got.To.Equal(want.To) {
			t.Errorf("%s: [%v, %v), want [%v, %v)", test.text, got.From, got.To, want.From, want.To)
		}
	}
}

func TestDatetimeThatIsNone(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "neither an instant nor a day",
		"yesterday":                       "neither an instant nor a day",
		"2022-9-16":                       "neither",
		"2022-13":                         "neither",
		"2022-02-30":                      "neither",
		"2023-02-29":                      "neither",
		"20220916":                        "neither",
		"+2022-09-16":                     "neither",
		"-0044-03-15":                     "neither",
		"12022-09-16":                     "neither",
		"2022-09-16T14:00":                "neither",
		"2022-09-16T14:00:00":             "neither",
		"2022-09-16 14:00:00Z":            "neither",
		"2022-09-16T24:00:00Z":            "neither",
		"2022-09-16T14:00:00+0600":        "neither",
		"2022-09-16T14:00:00 06:00":       "neither", // a + that was not encoded
		"2022-09-14 / 2022-09-17":         "neither",
		"０２２２-０９-１６":                      "neither",
		"0000":                            "neither",
		"0000-01-01":                      "neither",
		"2022-09-17/2022-09-14":           "ends before it begins",
		"2022-09-17T00:00:00Z/2022-09-16": "ends before it begins",
		"2022-09-16T14:00:01Z/2022-09-16T14:00:00Z": "ends before it begins",
		"../..":                             "open at both ends",
		"/":                                 "open at both ends",
		"/..":                               "open at both ends",
		"2022/2023/2024":                    "more than one slash",
		"2022-09-14//2022-09-17":            "more than one slash",
		"2022-09-14/yesterday":              "neither",
		"yesterday/2022-09-14":              "neither",
		"2022-09-14/P":                      "where a time belongs",
		"2022-09-14/PT":                     "where a time belongs",
		"2022-09-14/P1DT":                   "where a time belongs",
		"2022-09-14/P-1D":                   "where a time belongs",
		"2022-09-14/P1.5D":                  "where a time belongs",
		"2022-09-14/P99999999999999999999D": "where a time belongs",
		"2022-09-14/PT9999999H":             "where a time belongs",
		"../P2D":                            "where a time belongs",
		"P2D":                               "neither",
		"P2D/..":                            "not a duration and a time",
		"P2D/P2D":                           "not a duration and a time",
		"P/2022-09-14":                      "not a duration and a time",
	} {
		if got, err := parseDatetime(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want an error with %q", text, got, err, want)
		}
	}
}

// What is asked for by time, on records that a person can check by hand.
func TestDatetimeSelects(t *testing.T) {
	s := serve(t, invented)
	const clash, agreement, shot = "2001-02-03-alpha-clash", "2001-02-05-beta-agreement", "2005-gamma"
	for text, want := range map[string][]string{
		"2001-02-03":                     {clash},
		"2001-02-04":                     {clash}, // its last day
		"2001-02-05":                     {agreement},
		"2001-02-06":                     {},
		"2001-02":                        {clash, agreement},
		"2001":                           {clash, agreement},
		"2001-02-04T23:59:59.999999999Z": {clash},
		"2001-02-05T00:00:00Z":           {agreement},
		"2001-02-05T00:00:00+06:00":      {clash}, // 4 February in UTC
		"2001-02-04/2001-02-05":          {clash, agreement},
		"../2001-02-04":                  {clash},
		"2001-02-05/..":                  {agreement, shot},
		"2005-07-01":                     {shot}, // some day of the year 2005
		"2004/2004-12-31T23:59:59Z":      {},
		"2001-02-03/P2D":                 {clash, agreement},
		"2001-02-01/PT48H":               {clash}, // its end belongs to it
		"P1D/2001-02-06":                 {agreement},
		"1900/9999":                      {clash, agreement, shot},
		"0001-01-01/0001-12-31":          {},
		"9999-12-31":                     {},
		"2001-02-04T00:00:00Z/2001-02-04T00:00:00Z": {clash},
	} {
		fc := s.page("/collections/incidents/items?" + url.Values{"datetime": {text}}.Encode())
		if diff := cmp.Diff(want, fc.ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	// What has no time of its own is in every time (OGC 17-069r4
	// /req/core/fc-time-response C).
	if got := s.page("/collections/places/items?datetime=1900").NumberMatched; got != 3 {
		t.Errorf("%d of 3 places in 1900", got)
	}
	if got := s.page("/collections/sources/items?datetime=1900").ids(); len(got) != 1 || got[0] != "book" {
		t.Errorf("sources of 1900: %v, want the one without a date", got)
	}
}

// A segment answers with the status in force at the end of the time asked for.
func TestDatetimeSelectsTheStatusOfSegments(t *testing.T) {
	s := serve(t, invented)
	for text, want := range map[string]string{
		"": "agreed", "2005": "contested", "2009-12-31": "contested", "2010-01-01": "agreed", "2009/2010": "agreed",
		"../2000": "contested", "2000/..": "agreed", "2009-12-31T23:59:59Z": "contested",
	} {
		values := url.Values{"id": {"east"}}
		if text != "" {
			values.Set("datetime", text)
		}
		fc := s.page("/collections/segments/items?" + values.Encode())
		if len(fc.Features) != 1 || fc.Features[0].Properties["status"] != want {
			t.Errorf("%q: %v, want one segment, %s", text, fc.Features, want)
		}
	}
}
