package snapshot

import (
	"runtime"
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

// BenchmarkWith measures one incident that changes, among all.
func BenchmarkWith(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	s, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		in := r.Incidents[i*7919%len(r.Incidents)]
		in.Title += " again"
		if s, err = s.With(Change{data.Incidents, in.ID, data.Record{Kind: data.Incidents, Value: &in}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(s.byID["incidents"].views)), "parts")
}
