package snapshot

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// BenchmarkAskedApart measures questions to snapshots of parts that stand apart while
// incidents come: one in 5000 of the states that 40,000 lead through by twelves is kept,
// and all are asked in turn.
func BenchmarkAskedApart(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	all, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	var states []*Snapshot
	s, parts := all, 0
	for i, changes := 0, made(b, all, r, 40_000); i+12 <= len(changes); i += 12 {
		if s, err = s.With(changes[i : i+12]...); err != nil {
			b.Fatal(err)
		}
		if s.Owes(WhileWritten) {
			if f := s.Fold(WhileWritten); f != nil {
				s, _ = s.Folded(f)
			}
		}
		if len(states) < i/5000+1 {
			states, parts = append(states, s), parts+len(s.own("incidents").views)+len(s.own("claims").views)
		}
	}
	c := all.own("incidents")
	box := geo.BBox{West: 70.2, South: 39.6, East: 70.9, North: 40.2}
	for _, ask := range []struct {
		name, collection string
		q                Query
	}{
		{"box", "incidents", Query{BBox: &box, Limit: 100, NoValues: true}},
		{"small box", "incidents", Query{BBox: &geo.BBox{West: 70.60, South: 39.86, East: 70.63, North: 39.88}, Limit: 100, NoValues: true}},
		{"page", "incidents", Query{Limit: 100, NoValues: true}},
		{"last page", "incidents", Query{Sort: []SortKey{{Field: c.Schema.Index("start"), Descending: true}}, Limit: 100, NoValues: true}},
		{"equal", "incidents", Query{Equal: []Condition{{c.Schema.Index("type"), geo.StringValue("shelling")}}, Limit: 100, NoValues: true}},
		{"two equal", "claims", Query{Equal: []Condition{{2, geo.StringValue("killed")}, {10, geo.StringValue("civilian")}}, Limit: 100, NoValues: true}},
		{"nearest", "incidents", Query{Near: &Near{Geometry: orb.Point{70.6, 39.87}}, Limit: 100, NoValues: true}},
	} {
		b.Run(ask.name, func(b *testing.B) {
			began := spentCPU()
			for i := range b.N {
				c := states[i%len(states)].own(ask.collection)
				if _, err = c.Items(context.Background(), &ask.q); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((spentCPU()-began).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
	b.Run("id", func(b *testing.B) {
		for i := range b.N {
			if _, err := states[i%len(states)].Feature("incidents", r.Incidents[i*7919%len(r.Incidents)].ID); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(parts)/float64(2*len(states)), "parts")
	})
}
