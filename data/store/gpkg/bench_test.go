package gpkg_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/data/store/gpkg"
)

// BenchmarkWriters measures changes that are durable before they are answered,
// by 32 writers at once, of one incident each. DEMARC_BENCH_COUNT is how many stand.
func BenchmarkWriters(b *testing.B) {
	path, count := filepath.Join(b.TempDir(), "store.gpkg"), benchCount(b)
	changes := gpkg.SyntheticChanges(b, count+b.N)
	standing := changes[:len(changes)-b.N]
	added := changes[len(standing):]
	st, d := openBoth(b, path)
	for part := range slices.Chunk(standing, 10_000) {
		if _, err := d.Apply(b.Context(), data.Batch{Changes: part}); err != nil {
			b.Fatal(err)
		}
	}
	if err := st.Close(); err != nil { // which ends what is done for them later
		b.Fatal(err)
	}
	st, d = openBoth(b, path)
	defer st.Close()
	before := spentCPU(b)
	b.ResetTimer()
	var next atomic.Int64
	var writers sync.WaitGroup
	for range 32 {
		writers.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if _, err := d.Apply(b.Context(), data.Batch{Author: "writer", Changes: added[n-1 : n : n]}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
	b.ReportMetric(float64(spentCPU(b)-before)/1e3/float64(b.N), "cpu-µs/change") // on a busy machine the one to look at
}

// BenchmarkCommit measures what the store alone takes for a change: groups of 16
// batches of one incident each, or of as many as DEMARC_BENCH_GROUP says, with what
// their writers make ready beside it.
func BenchmarkCommit(b *testing.B) {
	path, count, group := filepath.Join(b.TempDir(), "store.gpkg"), benchCount(b), number(b, "DEMARC_BENCH_GROUP", 16)
	changes := gpkg.SyntheticChanges(b, count+b.N)
	st, err := gpkg.Open(b.Context(), path, allTables(b))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	for part := range slices.Chunk(changes[:len(changes)-b.N], 10_000) {
		if _, err := st.Commit(b.Context(), store.Group{Batches: []data.Batch{{Changes: part}}}); err != nil {
			b.Fatal(err)
		}
	}
	reach := &data.Reach{}
	var groups []store.Group
	for part := range slices.Chunk(changes[len(changes)-b.N:], group) {
		var g store.Group
		for i := range part {
			part[i].Reach, part[i].Ready = reach, st.Ready(part[i].Body) // as writers do before their turn
			g.Batches = append(g.Batches, data.Batch{Author: "writer", At: time.Now(), Changes: part[i : i+1]})
		}
		groups = append(groups, g)
	}
	ctx := context.WithoutCancel(b.Context()) // as the dataset commits
	before, took := spentCPU(b), make([]time.Duration, 0, len(groups))
	b.ResetTimer()
	for _, g := range groups {
		begun := time.Now()
		if _, err := st.Commit(ctx, g); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begun))
	}
	b.ReportMetric(float64(spentCPU(b)-before)/1e3/float64(b.N), "cpu-µs/change")
	slices.Sort(took)
	for name, at := range map[string]int{"p50": len(took) / 2, "p99": len(took) * 99 / 100} {
		b.ReportMetric(float64(took[at].Nanoseconds())/1e3, name+"-µs/group")
	}
}

// spentCPU returns the CPU time that the process has taken, in nanoseconds.
func spentCPU(b *testing.B) int64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func openBoth(b *testing.B, path string) (*gpkg.Store, *dataset.Dataset) {
	b.Helper()
	st, err := gpkg.Open(b.Context(), path, allTables(b))
	if err != nil {
		b.Fatal(err)
	}
	d, err := dataset.Open(b.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	return st, d
}

func benchCount(b *testing.B) int {
	b.Helper()
	return number(b, "DEMARC_BENCH_COUNT", 20_000)
}

// number returns what a variable of the environment says, and otherwise the usual.
func number(b *testing.B, variable string, usual int) int {
	b.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return usual
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// allTables returns the options with a table for each of our collections.
func allTables(b *testing.B) (o gpkg.Options) {
	b.Helper()
	empty, err := snapshot.New(&data.Records{})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range empty.Collections() {
		o.Collections = append(o.Collections, gpkg.Collection{Schema: &c.Schema, Title: c.Title, HasGeometry: c.HasGeometry()})
	}
	return o
}

// BenchmarkOpen measures how long a start takes: every row checked, records
// decoded and held to the rules, the snapshot built. DEMARC_BENCH_COUNT is how
// many incidents there are.
func BenchmarkOpen(b *testing.B) {
	count := benchCount(b)
	path := filepath.Join(b.TempDir(), "store.gpkg")
	fillSynthetic(b, path, count)
	b.ResetTimer()
	for range b.N {
		begun := time.Now()
		st, err := gpkg.Open(b.Context(), path, gpkg.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := st.Load(b.Context(), func(data.Version) error { return nil }); err != nil {
			b.Fatal(err)
		}
		read := time.Since(begun)
		d, err := dataset.Open(b.Context(), st, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		if c, _ := d.Snapshot().Collection("incidents"); c.Len() < count {
			b.Fatalf("%d incidents", c.Len())
		}
		b.ReportMetric(read.Seconds(), "s/read")
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// fillSynthetic writes synthetic incidents into a store, past the dataset.
func fillSynthetic(b *testing.B, path string, count int) {
	b.Helper()
	st, err := gpkg.Open(b.Context(), path, gpkg.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for part := range slices.Chunk(gpkg.SyntheticChanges(b, count), 10_000) {
		if _, err := st.Commit(b.Context(), store.Group{Batches: []data.Batch{{Changes: part}}}); err != nil {
			b.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
}
