package tile

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo"
	"demarc/geo/tms"
)

// What tiles cost of made-up incidents: DEMARC_BENCH_N of them, 100,000 without it.
// docs/bench/tiles.md has the answers for a million.

var benchmarked = sync.OnceValues(func() (*snapshot.Collection, error) {
	n := 100_000
	if s, err := strconv.Atoi(os.Getenv("DEMARC_BENCH_N")); err == nil && s > 0 {
		n = s
	}
	real, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	source, incidents, parts := synth.New(real, 1), snapshot.NewIncidents(), make(chan []data.Incident)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			g := incidents.Gatherer()
			for part := range parts {
				for i := range part {
					g.Add(&part[i])
				}
			}
			g.Flush()
		})
	}
	rest := &data.Records{}
	for made := 0; made < n; { // a part at a time, since ten million would take too much memory
		r := source.Records(min(10_000, n-made))
		parts <- r.Incidents
		made += len(r.Incidents)
		r.Incidents, rest = nil, r
	}
	close(parts)
	all.Wait()
	snap, err := snapshot.Build(rest, incidents)
	if err != nil {
		return nil, err
	}
	benchSnapshot = snap
	return snap.Collection("incidents")
})

var benchSnapshot *snapshot.Snapshot // of benchmarked

// benchTile is a tile of a level over Vorukh, where much is.
func benchTile(set *tms.Set, level int) tms.Tile {
	l, _ := set.Limits(geo.BBox{West: 70.6, South: 39.86, East: 70.6, North: 39.86}, level, 0)
	return tms.Tile{Level: level, Row: l.MinRow, Col: l.MinCol}
}

var benchLevels = []int{0, 6, 8, 10, 12, 14}

// cpu reports the processor's time of an operation, which others on the machine
// disturb less than the clock's.
func cpu(b *testing.B) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	return func() { b.ReportMetric(float64((used()-before).Microseconds())/float64(b.N), "cpu-µs/op") }
}

func BenchmarkTile(b *testing.B) {
	col, err := benchmarked()
	if err != nil {
		b.Fatal(err)
	}
	set := tms.WebMercatorQuad()
	when := &geo.Interval{From: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)}
	for name, q := range map[string]*snapshot.Query{"all": {}, "dated": {When: when}} {
		sc := sceneOf(b, col, set, q)
		for _, level := range benchLevels {
			b.Run(name+"/cold/z"+strconv.Itoa(level), func(b *testing.B) {
				b.ReportAllocs()
				var made *Tile
				done := cpu(b)
				for b.Loop() {
					made = sc.make(benchTile(set, level), &Query{}, pack)
				}
				done()
				from, to := sc.sheets[0].span(node{level + 1, uint32(benchTile(set, level).Col), uint32(benchTile(set, level).Row)})
				b.ReportMetric(float64(len(made.Bytes)), "answer-B")
				b.ReportMetric(float64(made.Features), "features")
				b.ReportMetric(float64(to-from), "points")
			})
		}
	}
	c := NewCache(1<<30, pack)
	for name, when := range map[string]*geo.Interval{"years": when, "until": {To: when.From}} {
		for _, level := range benchLevels { // a question that nobody has asked before
			b.Run("asked/"+name+"/cold/z"+strconv.Itoa(level), func(b *testing.B) {
				b.ReportAllocs()
				q := &Query{Collection: col, Conditions: &snapshot.Query{When: when}, Plain: true}
				ask(b, c, col, q.Conditions, set, tms.Tile{}) // what is made once
				done, i := cpu(b), 0
				for b.Loop() {
					i++
					q.Text = name + strconv.Itoa(i)
					if _, err := c.Tile(context.Background(), q, set, benchTile(set, level)); err != nil {
						b.Fatal(err)
					}
				}
				done()
			})
		}
	}
	at := benchTile(set, 10)
	ask(b, c, col, &snapshot.Query{}, set, at)
	b.Run("warm/z10", func(b *testing.B) {
		b.ReportAllocs()
		done := cpu(b)
		for b.Loop() {
			ask(b, c, col, &snapshot.Query{}, set, at)
		}
		done()
	})
}

// BenchmarkWrite draws a tile after a write, as one that the write touches is.
func BenchmarkWrite(b *testing.B) {
	if _, err := benchmarked(); err != nil {
		b.Fatal(err)
	}
	snap, set, c := benchSnapshot, tms.WebMercatorQuad(), NewCache(1<<30, pack)
	col, _ := snap.Collection("incidents")
	at := benchTile(set, 10)
	draw := func() {
		q := &Query{Collection: col, Conditions: &snapshot.Query{}}
		sc, err := c.scene(context.Background(), q, set, at)
		if err != nil {
			b.Fatal(err)
		}
		sc.make(at, q, pack)
	}
	draw()
	var used time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		before, err := col.Feature(col.At(uint32(n % 1000)).ID)
		if err != nil {
			continue // it is gone
		}
		snap, err = snap.With(snapshot.Change{Kind: data.Incidents, ID: before.ID})
		if err != nil {
			b.Fatal(err)
		}
		col, _ = snap.Collection("incidents")
		b.StartTimer()
		begin := time.Now()
		draw()
		used += time.Since(begin)
	}
	b.ReportMetric(float64(used.Microseconds())/float64(b.N), "µs/tile")
}

// What is made once for a part, and once for a question.
func BenchmarkPrepare(b *testing.B) {
	col, err := benchmarked()
	if err != nil {
		b.Fatal(err)
	}
	set, part := tms.WebMercatorQuad(), col.Parts()[0]
	b.Run("order", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu(b)()
		for b.Loop() {
			if _, err := newOrder(context.Background(), part.Whole(), set); err != nil {
				b.Fatal(err)
			}
		}
	})
	o, err := newOrder(context.Background(), part.Whole(), set)
	if err != nil {
		b.Fatal(err)
	}
	when := &geo.Interval{From: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)}
	b.Run("calendar", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu(b)()
		for b.Loop() {
			c, err := newCalendar(context.Background(), o, fewInSeason, part.Gone())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(c.cost())/1e6, "MB")
			b.ReportMetric(float64(o.cost())/1e6, "order-MB")
		}
	})
	for name, q := range map[string]*snapshot.Query{"all": {}, "dated": {When: when}} {
		b.Run("view/"+name, func(b *testing.B) {
			b.ReportAllocs()
			var v *view
			done := cpu(b)
			for b.Loop() {
				if v, err = newView(context.Background(), o, part, q); err != nil {
					b.Fatal(err)
				}
			}
			done()
			b.ReportMetric(float64(v.len()), "points")
			b.ReportMetric(float64(v.cost())/1e6, "MB")
		})
	}
}
