package snapshot

import (
	"context"
	"slices"
	"testing"
	"time"

	"demarc/geo"
)

// BenchmarkAskedWhileWritten measures what questions cost each of which is the first that
// a snapshot is asked: between two of them 16 incidents come among all. ns are those of the
// questions alone.
func BenchmarkAskedWhileWritten(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	all, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	changes := made(b, all, r, 16*600)
	c, _ := all.Collection("incidents")
	box := geo.BBox{West: 70.2, South: 39.6, East: 70.9, North: 40.2}
	for _, ask := range []struct {
		name, collection string
		q                Query
	}{
		{"box", "incidents", Query{BBox: &box, Limit: 100, NoValues: true}},
		{"page", "incidents", Query{Limit: 100, NoValues: true}},
		{"last page", "incidents", Query{Sort: []SortKey{{Field: c.Schema.Index("start"), Descending: true}}, Limit: 100, NoValues: true}},
		{"equal", "incidents", Query{Equal: []Condition{{c.Schema.Index("type"), geo.StringValue("shelling")}}, Limit: 100, NoValues: true}},
		{"two equal", "claims", Query{Equal: []Condition{{2, geo.StringValue("killed")}, {10, geo.StringValue("civilian")}}, Limit: 100, NoValues: true}},
		{"place", "places", Query{Limit: 100, NoValues: true}},
	} {
		b.Run(ask.name, func(b *testing.B) {
			s, asked := all, time.Duration(0)
			groups := slices.Collect(slices.Chunk(changes, 16))
			for i := range b.N {
				if i%len(groups) == 0 {
					s = all
				}
				if s, err = s.With(groups[i%len(groups)]...); err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				c, err := s.Collection(ask.collection)
				if err != nil {
					b.Fatal(err)
				}
				if _, err = c.Items(context.Background(), &ask.q); err != nil {
					b.Fatal(err)
				}
				asked += time.Since(began)
			}
			b.ReportMetric(float64(asked.Nanoseconds())/float64(b.N), "ns/question")
		})
	}
}
