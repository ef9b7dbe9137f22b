package server

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/store/gpkg"
	"demarc/geo"
	gpkgformat "demarc/geo/format/gpkg"
	"demarc/server/ogcapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// invented is a dataset of a few invented records, of which every answer can
// be read by a person; testdata/records/README.md.
var invented = sync.OnceValues(func() (*dataset.Dataset, error) { return loadFrom(os.DirFS("testdata/records")) })

// shipped is the dataset that the program is shipped with.
var shipped = sync.OnceValues(func() (*dataset.Dataset, error) { return loadFrom(curated.Files()) })

var datasets = map[string]func() (*dataset.Dataset, error){"invented": invented, "shipped": shipped}

func loadFrom(fsys fs.FS) (*dataset.Dataset, error) {
	records, err := curated.Load(fsys)
	if err != nil {
		return nil, err
	}
	return dataset.New(records)
}

// mapFiles stand for the built map.
var mapFiles = fstest.MapFS{
	"index.html":        {Data: []byte("<!doctype html><html lang=en><title>map</title><h1>The map</h1><!--records--></html>")},
	"assets/main-ab.js": {Data: []byte(strings.Repeat("console.log('map');\n", 200))},
}

// openGeoPackage is what cmd hands in.
func openGeoPackage(w io.Writer, sc *geo.Schema, o gpkgformat.Options) Encoder {
	return gpkg.NewEncoder(w, sc, o)
}

// clock is the time of every answer.
func clock() time.Time { return time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC) }

// service is a server that listens on a port of its own until the test ends.
type service struct {
	*Server
	t    testing.TB
	http *httptest.Server
}

func serve(t testing.TB, load func() (*dataset.Dataset, error)) *service {
	t.Helper()
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return serveWith(t, Config{}, d, mapFiles, slog.New(slog.DiscardHandler))
}

// serveRecords serves records that no file could hold, since they are not
// valid.
func serveRecords(t testing.TB, r *data.Records) *service {
	t.Helper()
	d, err := dataset.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return serveWith(t, Config{}, d, mapFiles, slog.New(slog.DiscardHandler))
}

func serveWith(t testing.TB, cfg Config, d *dataset.Dataset, web fs.FS, log *slog.Logger) *service {
	t.Helper()
	cfg.Version, cfg.Now = "test", clock
	if cfg.GeoPackage == nil {
		cfg.GeoPackage = openGeoPackage
	}
	s, err := New(cfg, d, web, log)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(s.Handler())
	client := listening.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Transport.(*http.Transport).DisableCompression = true // what is sent is what we see
	t.Cleanup(func() {
		listening.Close()
		client.CloseIdleConnections()
	})
	return &service{s, t, listening}
}

// answer is an answer with its whole body.
type answer struct {
	t      testing.TB
	asked  string
	status int
	header http.Header
	body   []byte
}

// get asks for a path, or for a whole URL of this server. Headers are pairs of
// a name and a value; the header Host sets the request's host.
func (s *service) get(target string, headers ...string) *answer {
	s.t.Helper()
	return s.ask(http.MethodGet, target, headers...)
}

func (s *service) ask(method, target string, headers ...string) *answer {
	s.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = s.http.URL + target
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, target, nil)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, target, err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
			continue
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.http.Client().Do(request)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, target, err)
	}
	return &answer{s.t, method + " " + target, response.StatusCode, response.Header, body}
}

// expect fails the test unless the answer has that status and media type.
func (a *answer) expect(status int, mediaType string) *answer {
	a.t.Helper()
	if a.status != status || a.header.Get("Content-Type") != mediaType {
		a.t.Fatalf("%s: %d %s, want %d %s\n%.600s", a.asked, a.status, a.header.Get("Content-Type"), status, mediaType, a.body)
	}
	return a
}

// into decodes the body.
func (a *answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v\n%.600s", a.asked, err, a.body)
	}
}

// problem decodes the body as the problem of that status and kind.
func (a *answer) problem(status int, kind string) ogcapi.Problem {
	a.t.Helper()
	a.expect(status, "application/problem+json")
	var p ogcapi.Problem
	a.into(&p)
	if p.Status != status || !strings.HasSuffix(p.Type, "/problems#"+kind) || p.Title == "" {
		a.t.Fatalf("%s: problem is %+v, want status %d, type …/problems#%s and a title", a.asked, p, status, kind)
	}
	return p
}

// featureCollection is a page of items as a client reads it.
type featureCollection struct {
	Type           string
	NumberMatched  int
	NumberReturned int
	TimeStamp      string
	Links          []ogcapi.Link
	Features       []feature
}

type feature struct {
	Type       string
	ID         string
	Geometry   json.RawMessage
	Properties map[string]any
	Links      []ogcapi.Link
}

// page asks for a page of items and reads it.
func (s *service) page(target string) featureCollection {
	s.t.Helper()
	a := s.get(target).expect(http.StatusOK, "application/geo+json")
	var fc featureCollection
	a.into(&fc)
	if fc.Type != "FeatureCollection" || fc.NumberReturned != len(fc.Features) || fc.NumberMatched < fc.NumberReturned {
		s.t.Fatalf("%s: type %q, numberMatched %d, numberReturned %d, with %d features", a.asked, fc.Type, fc.NumberMatched, fc.NumberReturned, len(fc.Features))
	}
	return fc
}

func (fc featureCollection) ids() []string {
	ids := make([]string, len(fc.Features))
	for i, f := range fc.Features {
		ids[i] = f.ID
	}
	return ids
}

// link returns the href of the first link of that relation, or "".
func link(links []ogcapi.Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// logTo returns a logger that writes JSON lines into a buffer.
func logTo(buffer *lockedBuffer) *slog.Logger { return slog.New(slog.NewJSONHandler(buffer, nil)) }

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
