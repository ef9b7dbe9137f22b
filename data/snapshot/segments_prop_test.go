package snapshot_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo"
	"demarc/geo/geodesic"
)

// A segment answers once, with the status in force at the end of the time
// asked for; with its newest when none is asked for.
func TestSegmentsAnswerWithTheStatusInForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		c := collection(t, r, "segments")
		var q snapshot.Query
		if rapid.IntRange(0, 4).Draw(t, "by time") > 0 {
			q.When = drawInterval(t)
		}
		if rapid.Bool().Draw(t, "contested ones") {
			q.Equal = []snapshot.Condition{{Field: c.Schema.Index("status"), Value: geo.StringValue("contested")}}
		}
		var want []string
		for _, s := range r.Segments {
			last := -1
			for i, h := range s.History {
				if q.When == nil || meets(h.From, h.To, *q.When) {
					last = i
				}
			}
			if last >= 0 && (q.Equal == nil || s.History[last].Status == "contested") {
				want = append(want, fmt.Sprintf("%s %s %s", s.ID, s.History[last].Status, firstDay(s.History[last].From)))
			}
		}
		var got []string
		for _, h := range items(t, c, q).Hits {
			p := properties(t, h)
			from, _ := p["status_from"].(string)
			got = append(got, fmt.Sprintf("%s %s %s", p["id"], p["status"], from))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("at %v (-want +got):\n%s", q.When, diff)
		}
		if c.Len() != len(r.Segments) {
			t.Fatalf("Len() = %d of %d segments", c.Len(), len(r.Segments))
		}
	})
}

func firstDay(d data.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.First().Format(time.DateOnly)
}

// Day after day through its validity, a segment has exactly one status; before
// and after it none.
func TestEachDayHasOneStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		c := collection(t, r, "segments")
		day := epoch.AddDate(0, 0, rapid.IntRange(-10, 2500).Draw(t, "day"))
		page := items(t, c, snapshot.Query{When: &geo.Interval{From: day, To: day.AddDate(0, 0, 1)}})
		seen := map[string]int{}
		for _, h := range page.Hits {
			seen[h.ID]++
		}
		for _, s := range r.Segments {
			want := 0
			if data.Between(s.From, s.To).Contains(day) {
				want = 1
			}
			if seen[s.ID] != want {
				t.Fatalf("on %v segment %s answers %d times, want %d", day, s.ID, seen[s.ID], want)
			}
		}
	})
}

// The segment nearest to an incident is sought among those in use when it began.
func TestNearestSegmentIsOfItsTime(t *testing.T) {
	line := func(lat float64) orb.LineString { return orb.LineString{{70, lat}, {71, lat}} }
	year := func(y int) data.Date { return data.Date{Year: y} }
	segment := func(id, role string, from, to data.Date) data.Segment {
		return data.Segment{ID: id, Role: role, From: from, To: to, History: []data.Status{{Status: "unknown", From: from, To: to}}}
	}
	r := &data.Records{
		Places:   []data.Place{{ID: "p", Position: []float64{70.5, 40}}, {ID: "nowhere"}},
		Segments: []data.Segment{segment("far", "boundary", data.Date{}, data.Date{}), segment("near", "boundary", year(2001), year(2002)), segment("ring", "context", data.Date{}, data.Date{})},
		Geometry: data.Shapes{"far": line(41), "near": line(40.1), "ring": line(40.01)},
	}
	for i, start := range []data.Date{year(2000), year(2001), year(2003)} {
		r.Incidents = append(r.Incidents, data.Incident{ID: fmt.Sprint("i", i), Start: start, End: start, PlaceID: "p"})
	}
	r.Incidents = append(r.Incidents, data.Incident{ID: "unlocated", Start: year(2001), End: year(2001), PlaceID: "nowhere"})
	c := collection(t, r, "incidents")
	for id, want := range map[string]any{"i0": "far", "i1": "near", "i2": "far", "unlocated": nil} {
		h, err := c.Feature(id)
		if err != nil {
			t.Fatal(err)
		}
		p := properties(t, h)
		if p["segment_id"] != want || (p["segment_m"] == nil) != (want == nil) {
			t.Errorf("%s: segment %v at %v m, want %v", id, p["segment_id"], p["segment_m"], want)
		}
	}
	// A degree of latitude at 40° N is 111 km, so a tenth of it 11.1 km (the
	// line is a geodesic, which bulges a little northward).
	h, _ := c.Feature("i1")
	if m, _ := properties(t, h)["segment_m"].(float64); m < 11_090 || m > 11_360 || m*10 != float64(int64(m*10)) {
		t.Errorf("segment_m = %v, want 11.1 km to a decimetre", m)
	}
}

// Of many segments, the one that measuring each of them finds.
func TestNearestSegmentIsTheNearestOfAll(t *testing.T) {
	r, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	made := synth.New(r, 7).Records(500)
	made.Segments, made.Geometry = r.Segments, r.Geometry
	slices.SortFunc(made.Segments, func(a, b data.Segment) int { return strings.Compare(a.ID, b.ID) })
	c := collection(t, made, "incidents")
	for i := range made.Incidents {
		in := &made.Incidents[i]
		hit, err := c.Feature(in.ID)
		if err != nil {
			t.Fatal(err)
		}
		p, located := hit.Geometry.(orb.Point)
		want, least := "", math.Inf(1)
		for _, s := range made.Segments {
			d, ok := geodesic.DistanceTo(p, r.Geometry[s.ID])
			if located && ok && d < least && s.Role != "context" && data.Between(s.From, s.To).Contains(in.When().From) {
				want, least = s.ID, d
			}
		}
		got := properties(t, hit)
		if id, _ := got["segment_id"].(string); id != want || located && got["segment_m"] != math.Round(least*10)/10 {
			t.Errorf("%s at %v: segment %v at %v m, want %s at %v", in.ID, p, got["segment_id"], got["segment_m"], want, least)
		}
	}
}
