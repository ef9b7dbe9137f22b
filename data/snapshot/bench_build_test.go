package snapshot

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/synth"
)

// synthetic are the records that benchmarks build from, made once.
var synthetic = sync.OnceValues(func() (*data.Records, error) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	return synth.New(real, 1).Records(benchSize()), nil
})

// inUse returns how many bytes are in use.
func inUse() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkNew measures how many incidents a second come into a snapshot, and how
// many bytes each then takes, its claims included and its record left out.
func BenchmarkNew(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	before := inUse()
	var s *Snapshot
	for b.Loop() {
		if s, err = New(r); err != nil {
			b.Fatal(err)
		}
	}
	n := float64(len(r.Incidents))
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "incidents/s")
	b.ReportMetric((inUse()-before)/n, "B/incident")
	runtime.KeepAlive(s)
}

// BenchmarkWithReady measures groups of incidents that come among all, made ready
// before, and what is put together aside meanwhile; ns and bytes are of one incident.
func BenchmarkWithReady(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	all, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	for _, many := range []int{12, 24, 48, 500} {
		b.Run(fmt.Sprintf("%d come", many), func(b *testing.B) {
			changes := made(b, all, r, b.N)
			b.ReportAllocs()
			b.ResetTimer()
			s, parts, groups, spent := all, 0, 0, spentCPU()
			for group := range slices.Chunk(changes, many) {
				if s, err = s.With(group...); err != nil {
					b.Fatal(err)
				}
				if groups++; (many >= 100 || groups%8 == 0) && s.Owes(WhileWritten) {
					if f := s.Fold(WhileWritten); f != nil {
						s, _ = s.Folded(f)
					}
				}
				parts += len(s.own("claims").views)
			}
			b.ReportMetric(float64(spentCPU()-spent)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(parts)/float64(groups), "parts")
			b.ReportMetric(float64(len(s.own("claims").views)), "parts-at-last")
		})
	}
}

// made returns n incidents that are to come into the snapshot of the records, made ready.
func made(b *testing.B, s *Snapshot, r *data.Records, n int) []Change {
	var changes []Change
	for made := range n {
		in := r.Incidents[made*7919%len(r.Incidents)]
		in.ID = fmt.Sprintf("%s-%d", in.ID, made)
		in.Claims = slices.Clone(in.Claims)
		for j := range in.Claims {
			in.Claims[j].ID = fmt.Sprintf("%s.c%d", in.ID, j+1)
		}
		ready, err := s.Ready(&in)
		if err != nil {
			b.Fatal(err)
		}
		changes = append(changes, Change{data.Incidents, in.ID, data.Record{Kind: data.Incidents, Value: &in}, ready})
	}
	return changes
}

// BenchmarkWith measures incidents that come or change among all, some at a time; ns
// and bytes are of one.
func BenchmarkWith(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	all, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	for _, how := range []struct {
		name  string
		many  int
		fresh bool
	}{{"one comes", 1, true}, {"32 come", 32, true}, {"500 come", 500, true}, {"one changes", 1, false}, {"32 change", 32, false}} {
		b.Run(how.name, func(b *testing.B) {
			b.ReportAllocs()
			s, made := all, 0
			for left := b.N; left > 0; left -= how.many {
				var changes []Change
				for range min(how.many, left) {
					in := r.Incidents[made*7919%len(r.Incidents)]
					in.Title += " again"
					if how.fresh {
						in.ID = fmt.Sprintf("%s-%d", in.ID, made)
						in.Claims = slices.Clone(in.Claims)
						for j := range in.Claims {
							in.Claims[j].ID = fmt.Sprintf("%s.c%d", in.ID, j+1)
						}
					}
					made++
					changes = append(changes, Change{Kind: data.Incidents, ID: in.ID, To: data.Record{Kind: data.Incidents, Value: &in}})
				}
				if s, err = s.With(changes...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(s.own("incidents").views)), "parts")
		})
	}
}
