package snapshot

import (
	"path/filepath"
	"testing"

	"demarc/data/image"
)

// BenchmarkImage measures how many incidents a second come into a snapshot from an
// image, and how many are written into one.
func BenchmarkImage(b *testing.B) {
	r, err := synthetic()
	if err != nil {
		b.Fatal(err)
	}
	s, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	rest := *r
	rest.Incidents = nil
	path := filepath.Join(b.TempDir(), "image")
	n := float64(len(r.Incidents))
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			w, err := image.Create(b.Context(), path)
			if err != nil {
				b.Fatal(err)
			}
			if err := s.WriteImage(w); err != nil {
				b.Fatal(err)
			}
			if err := w.Commit(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "incidents/s")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			from, err := image.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := FromImage(from, &rest); err != nil {
				b.Fatal(err)
			}
			if err := from.Close(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "incidents/s")
	})
}
