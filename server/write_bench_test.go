package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store/gpkg"
	"demarc/data/synth"
	"demarc/data/token"
	"demarc/server"
)

// BenchmarkPost measures what it costs to post incidents, by 32 editors at once, without
// net/http: one in each request, and 500 as an import sends them, by one alone. An
// operation is an incident. DEMARC_BENCH_N is how many stand before. The profile tells
// what the handler takes of it, and what those who commit and show:
//
//	TMPDIR=/dev/shm go test -run '^$' -bench Post -benchtime 20000x -cpuprofile cpu ./server
//	go tool pprof -top -cum -focus 'Server..wrap' cpu
func BenchmarkPost(b *testing.B) {
	for _, of := range []struct {
		name       string
		writers, n int
	}{{"one", 32, 1}, {"500", 1, 500}} {
		b.Run(of.name, func(b *testing.B) {
			stand := benchSize()
			features := syntheticFeatures(b, stand+b.N)
			h, secret := writable(b)
			post(b, h, secret, features[:stand], 4, 500)
			var before, after syscall.Rusage
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
			b.ReportAllocs()
			b.ResetTimer()
			post(b, h, secret, features[stand:], of.writers, of.n)
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
			spent := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(spent)/1e3/float64(b.N), "cpu-µs/op")
		})
	}
}

// writable returns the handler of a service on a store that has what incidents rest on,
// and the text of an editor's token.
func writable(b *testing.B) (h http.Handler, secret string) {
	b.Helper()
	records, err := curated.Load(curated.Files())
	if err != nil {
		b.Fatal(err)
	}
	empty, err := snapshot.New(&data.Records{})
	if err != nil {
		b.Fatal(err)
	}
	var options gpkg.Options
	for _, c := range empty.Collections() {
		options.Collections = append(options.Collections, gpkg.Collection{Schema: &c.Schema, Title: c.Title, HasGeometry: c.HasGeometry()})
	}
	st, err := gpkg.Open(b.Context(), filepath.Join(b.TempDir(), "store.gpkg"), options)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	d, err := dataset.Open(b.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	var batch data.Batch
	made := synth.New(records, 1).Records(0)
	made.Segments, made.Geometry = records.Segments, records.Geometry
	for _, of := range []*data.Records{{Sources: records.Sources, Parties: records.Parties, Places: records.Places}, made} {
		for r := range of.Each() {
			body, err := r.Encode()
			if err != nil {
				b.Fatal(err)
			}
			batch.Changes = append(batch.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
		}
	}
	if _, err := d.Apply(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	t, secret, err := token.New("bench", token.Editor, nil, time.Now(), time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	if err := st.AddToken(b.Context(), t); err != nil {
		b.Fatal(err)
	}
	s, err := server.New(server.Config{Tokens: st}, d, fstest.MapFS{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		b.Fatal(err)
	}
	return s.Handler(), secret
}

// syntheticFeatures returns incidents as clients send them.
func syntheticFeatures(b *testing.B, n int) [][]byte {
	b.Helper()
	records, err := curated.Load(curated.Files())
	if err != nil {
		b.Fatal(err)
	}
	made := synth.New(records, 1).Records(n)
	features := make([][]byte, n)
	for i := range made.Incidents {
		in := &made.Incidents[i]
		var ids []string
		for _, p := range in.Parties {
			ids = append(ids, p.PartyID)
		}
		var shape any
		if in.Location != nil && in.Location.Position != nil {
			shape = map[string]any{"type": "Point", "coordinates": in.Location.Position}
		}
		features[i], err = json.Marshal(map[string]any{"type": "Feature", "id": in.ID, "geometry": shape, "properties": map[string]any{
			"title": "Synthetic incident", "theatre": in.Theatre, "type": in.Type, "start": in.Start, "end": in.End, "place_id": in.PlaceID,
			"summary": in.Summary, "occurrence": in.Occurrence, "parties": ids, "location": in.Location, "claims_detail": in.Claims}})
		if err != nil {
			b.Fatal(err)
		}
	}
	return features
}

// post posts features, so many in a request, by so many writers at once.
func post(b *testing.B, h http.Handler, secret string, features [][]byte, writers, n int) {
	b.Helper()
	bodies := slices.Collect(slices.Chunk(features, n))
	var next atomic.Int64
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			w := &counter{header: http.Header{}}
			for i := next.Add(1); i <= int64(len(bodies)); i = next.Add(1) {
				body := bodies[i-1][0]
				if n > 1 {
					body = slices.Concat([]byte(`{"type":"FeatureCollection","features":[`), bytes.Join(bodies[i-1], []byte{','}), []byte("]}"))
				}
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://demarc.example/collections/incidents/items", bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				r.Header.Set("Content-Type", "application/geo+json")
				r.Header.Set("Authorization", "Bearer "+secret)
				clear(w.header)
				if h.ServeHTTP(w, r); w.status != http.StatusCreated {
					b.Errorf("%d for %.300s", w.status, body)
					return
				}
			}
		})
	}
	all.Wait()
}
