package gpkg

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/synth"
)

// BenchmarkFollow measures what the tables of features take for a change, an incident
// each, onto 5,000: its own row, and those of claims and places. DEMARC_BENCH_PIECE is how
// many rows a piece has.
func BenchmarkFollow(b *testing.B) {
	size, err := strconv.Atoi(os.Getenv("DEMARC_BENCH_PIECE"))
	if err != nil {
		size = 128
	}
	changes := SyntheticChanges(b, 5000+b.N)
	s, d := openShowing(b, filepath.Join(b.TempDir(), "store.gpkg"))
	put := func(n int, changes []data.Change) {
		for part := range slices.Chunk(changes, n) {
			if _, err := d.Apply(b.Context(), data.Batch{Changes: part}); err != nil {
				b.Fatal(err)
			}
		}
	}
	put(1000, changes[:len(changes)-b.N])
	if err := s.stopFollowing(b.Context()); err != nil {
		b.Fatal(err)
	}
	put(16, changes[len(changes)-b.N:])
	pages, rows, pieces := s.copier.written.Load(), 0, 0
	b.ResetTimer()
	for more := true; more; pieces++ {
		p, err := s.followPart(b.Context(), size)
		if err != nil {
			b.Fatal(err)
		}
		more, rows = p.more, rows+p.features
	}
	b.StopTimer()
	b.ReportMetric(float64(rows)/float64(b.N), "rows/op")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(rows), "µs/row")
	b.ReportMetric(float64(s.copier.written.Load()-pages)/float64(rows), "pages/row")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(pieces), "ms/piece")
}

// SyntheticChanges returns changes that make synthetic incidents, and before them what
// they rest on.
func SyntheticChanges(b *testing.B, count int) (changes []data.Change) {
	b.Helper()
	records, err := curated.Load(curated.Files())
	if err != nil {
		b.Fatal(err)
	}
	base := &data.Records{Sources: records.Sources, Parties: records.Parties, Places: records.Places, Segments: records.Segments, Geometry: records.Geometry}
	for _, made := range []*data.Records{base, synth.New(records, 1).Records(count)} {
		for r := range made.Each() {
			if in, ok := r.Value.(*data.Incident); ok {
				in.Title = "Synthetic incident" // made-up words can be ones that the rules refuse
			}
			body, err := r.Encode()
			if err != nil {
				b.Fatal(err)
			}
			changes = append(changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
		}
	}
	return changes
}
