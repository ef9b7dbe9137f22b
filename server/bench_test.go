package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"

	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/layer"
	"demarc/data/synth"
	"demarc/server"
)

// What the handler costs for each kind of question, without net/http: on the real
// records, and on DEMARC_BENCH_N synthetic incidents as a layer, 20,000 without it.
// docs/bench/server.md has the answers.

func benchSize() int {
	if n, err := strconv.Atoi(os.Getenv("DEMARC_BENCH_N")); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// benched is the handler, made once.
var benched = sync.OnceValues(func() (http.Handler, error) {
	r, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	document := []byte(`{"type":"FeatureCollection","features":[`)
	source := synth.New(r, 1)
	for i := range benchSize() {
		if i > 0 {
			document = append(document, ',')
		}
		in := source.Next()
		document = in.AppendGeoJSON(document)
	}
	l, err := layer.ReadGeoJSON("synthetic", "synthetic.geojson", append(document, "]}"...))
	if err != nil {
		return nil, err
	}
	d, err := dataset.New(r, *l)
	if err != nil {
		return nil, err
	}
	s, err := server.New(server.Config{}, d, fstest.MapFS{}, slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return nil, err
	}
	return s.Handler(), nil
})

// counter is a response writer that keeps nothing but the numbers.
type counter struct {
	header http.Header
	status int
	bytes  int
}

func (w *counter) Header() http.Header         { return w.header }
func (w *counter) WriteHeader(status int)      { w.status = status }
func (w *counter) Write(b []byte) (int, error) { w.bytes += len(b); return len(b), nil }

func BenchmarkHandler(b *testing.B) {
	h, err := benched()
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range []struct {
		name, path string
		header     [2]string
	}{
		{"box of records", "/collections/incidents/items?bbox=68,38,72,41&limit=100", [2]string{}},
		{"box", "/collections/synthetic/items?bbox=70.4,39.8,70.9,40.1&limit=100", [2]string{}},
		{"box, gzip", "/collections/synthetic/items?bbox=70.4,39.8,70.9,40.1&limit=100", [2]string{"Accept-Encoding", "gzip"}},
		{"box, zstd", "/collections/synthetic/items?bbox=70.4,39.8,70.9,40.1&limit=100", [2]string{"Accept-Encoding", "zstd"}},
		{"filter", "/collections/synthetic/items?bbox=70.4,39.8,70.9,40.1&datetime=2022-09-14/2022-09-18&type=shelling&limit=100", [2]string{}},
		{"id of a layer", "/collections/synthetic/items/synth-77", [2]string{}},
		{"id of an incident", "/collections/incidents/items/2022-09-14-conflict", [2]string{}},
		{"id of an incident, gzip", "/collections/incidents/items/2022-09-14-conflict", [2]string{"Accept-Encoding", "gzip"}},
		{"id of an incident, zstd", "/collections/incidents/items/2022-09-14-conflict", [2]string{"Accept-Encoding", "zstd"}},
		{"id of a segment", "/collections/segments/items/kara-bak-lakkon-2023", [2]string{}},
		{"nearest", "/collections/synthetic/items?near=70.6,39.87&limit=10", [2]string{}},
		{"closest", "/collections/synthetic/items?near=segments/kara-bak-lakkon-2023&within=25km&limit=100", [2]string{}},
		{"along", "/collections/synthetic/items?filter=dwithin(geometry,feature(%27segments%27,%27kara-bak-lakkon-2023%27),2000)&limit=100", [2]string{}},
		{"polygon", "/collections/synthetic/items?filter=S_INTERSECTS(geometry,POLYGON((70.4+39.8,70.9+39.8,70.6+40.1,70.4+39.8)))&limit=1000", [2]string{}},
		{"tile", "/collections/synthetic/tiles/WebMercatorQuad/8/96/178", [2]string{"Accept-Encoding", "gzip"}},
		{"tile, not packed", "/collections/synthetic/tiles/WebMercatorQuad/8/96/178", [2]string{}},
	} {
		b.Run(q.name, func(b *testing.B) {
			w := &counter{header: http.Header{}}
			r := httptest.NewRequest(http.MethodGet, q.path, nil)
			if q.header[0] != "" {
				r.Header.Set(q.header[0], q.header[1])
			}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				w.status, w.bytes = http.StatusOK, 0
				if h.ServeHTTP(w, r); w.status != http.StatusOK {
					b.Fatal(w.status)
				}
			}
			b.ReportMetric(float64(w.bytes), "answer-B")
		})
	}
}
