package synth_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo/geodesic"
)

var border = orb.LineString{{70, 39.5}, {70.5, 39.9}, {71, 40}}

func source(seed uint64) *synth.Source {
	return synth.New(&data.Records{
		Segments: []data.Segment{{ID: "s", Role: "boundary"}, {ID: "far", Role: "context"}},
		Geometry: data.Shapes{"s": border, "far": orb.LineString{{0, 0}, {1, 1}}},
	}, seed)
}

func text(s *synth.Source, n int) string {
	var b []byte
	for range n {
		in := s.Next()
		b = append(in.AppendGeoJSON(b), '\n')
	}
	return string(b)
}

func TestSameSeedSameIncidents(t *testing.T) {
	long := text(source(7), 2000)
	if short := text(source(7), 500); !strings.HasPrefix(long, short) {
		t.Error("500 incidents are not the beginning of 2000 with the same seed")
	}
	if text(source(8), 10) == text(source(7), 10) {
		t.Error("two seeds make the same incidents")
	}
}

func TestIncidentsSayWhatTheyAre(t *testing.T) {
	unlocated, near, count := 0, 0, 0
	for line := range strings.Lines(text(source(1), 5000)) {
		var f struct {
			ID         string
			Geometry   *struct{ Coordinates orb.Point }
			Properties struct {
				Synthetic                      bool
				ID, Title, Summary, Start, End string
				KilledLow                      int `json:"killed_low"`
				KilledHigh                     int `json:"killed_high"`
			}
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		p := f.Properties
		if !strings.HasPrefix(f.ID, "synth-") || p.ID != f.ID || !p.Synthetic || !strings.HasPrefix(p.Title, "Synthetic ") || !strings.Contains(p.Summary, "never happened") {
			t.Fatalf("does not say that it is synthetic: %s", line)
		}
		if p.Start > p.End || p.Start < "1992-01-01" || p.End > "2025-12-31" || p.KilledLow > p.KilledHigh {
			t.Fatalf("wrong values: %s", line)
		}
		count++
		if f.Geometry == nil {
			unlocated++
		} else if metres, _ := geodesic.DistanceTo(f.Geometry.Coordinates, border); metres < 10_000 {
			near++
		}
	}
	if count != 5000 || unlocated == 0 || unlocated > count/10 || near < count*9/10 {
		t.Errorf("of %d incidents %d have no place and %d are within 10 km of the border", count, unlocated, near)
	}
}

func TestRecordsMakeASnapshot(t *testing.T) {
	r := source(1).Records(1000)
	if found := r.Validate(); len(found) > 0 {
		t.Errorf("%d faults, the first: %v", len(found), found[0])
	}
	own := 0
	for i := range r.Incidents {
		if r.Incidents[i].Location != nil {
			own++
		}
	}
	if own < 500 || own == 1000 {
		t.Errorf("%d of 1000 incidents have a position of their own", own)
	}
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Collection("incidents")
	if err != nil {
		t.Fatal(err)
	}
	if c.Len() != 1000 {
		t.Errorf("the snapshot has %d incidents, want 1000", c.Len())
	}
}
