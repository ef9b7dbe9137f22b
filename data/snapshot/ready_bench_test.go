package snapshot

import (
	"testing"

	"demarc/data"
	"demarc/data/curated"
)

// BenchmarkReady measures what a writer does for an incident before its turn: that it
// is held to the rules, and that what is shown of it is made.
func BenchmarkReady(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	borders, err := curated.Load(curated.Files())
	if err != nil {
		b.Fatal(err)
	}
	all := &data.Records{}
	for _, of := range []*data.Records{borders, r} {
		for one := range of.Each() {
			all.Add(one)
		}
	}
	s, err := New(all)
	if err != nil {
		b.Fatal(err)
	}
	find := func(kind data.Kind, id string) (data.Record, bool) {
		x := s.Record(kind, id)
		return x, x.Value != nil
	}
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			if found := data.ValidateSome([]data.Record{{Kind: data.Incidents, Value: &r.Incidents[i%len(r.Incidents)]}}, find); len(found) > 1 {
				b.Fatal(found)
			}
		}
	})
	b.Run("made", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			if _, err := s.Ready(&r.Incidents[i%len(r.Incidents)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nearest segment", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			in := &r.Incidents[i%len(r.Incidents)]
			s.records.nearestSegment(incidentPosition(in, s.records.places.get(in.PlaceID)), in.When())
		}
	})
}
