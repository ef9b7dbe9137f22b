package server

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/crs"
	gpkgformat "demarc/geo/format/gpkg"
)

// streamed are the formats of items that are written feature by feature, with
// the media type that is to be answered.
var streamed = map[string]string{
	"jsonfg": "application/vnd.ogc.fg+json", "jsonseq": "application/geo+json-seq", "ndjson": "application/x-ndjson",
	"csv": "text/csv; charset=utf-8; header=present", "fgb": "application/flatgeobuf",
	"parquet": "application/vnd.apache.parquet", "kml": "application/vnd.google-earth.kml+xml",
	"gpkg": "application/geopackage+sqlite3",
}

// eachStreamed runs a test for every collection in every such format.
func eachStreamed(t *testing.T, test func(t *testing.T, s *service, target, name, contentType string)) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		for name, contentType := range streamed {
			t.Run(col.ID+" "+name, func(t *testing.T) {
				own := *s
				own.t = t
				test(t, &own, "/collections/"+col.ID+"/items", name, contentType)
			})
		}
	}
}

// The format is chosen by f and by Accept, and tells how many there are.
func TestFormatsAreChosenAndTellTheirNumbers(t *testing.T) {
	eachStreamed(t, func(t *testing.T, s *service, target, name, contentType string) {
		fc := s.page(target + "?limit=7")
		byName := s.get(target+"?limit=7&f="+name).expect(http.StatusOK, contentType)
		mediaType, _, _ := strings.Cut(contentType, ";")
		byAccept := s.get(target+"?limit=7", "Accept", mediaType).expect(http.StatusOK, contentType)
		for _, a := range []*answer{byName, byAccept} {
			if got := a.header.Get("OGC-NumberMatched"); got != strconv.Itoa(fc.NumberMatched) {
				t.Errorf("%s: OGC-NumberMatched %q, want %d", a.asked, got, fc.NumberMatched)
			}
			if got := a.header.Get("OGC-NumberReturned"); got != strconv.Itoa(fc.NumberReturned) {
				t.Errorf("%s: OGC-NumberReturned %q, want %d", a.asked, got, fc.NumberReturned)
			}
		}
		file := map[string]string{"csv": ".csv", "fgb": ".fgb", "parquet": ".parquet", "kml": ".kml", "gpkg": ".gpkg"}[name]
		if file != "" {
			file = "attachment; filename=demarc-" + strings.Split(target, "/")[2] + file
		}
		if got := byName.header.Get("Content-Disposition"); got != file {
			t.Errorf("%s: Content-Disposition %q, want %q", byName.asked, got, file)
		}
		if exposed := byName.header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "ETag, ") || !strings.Contains(exposed, "OGC-NumberMatched") {
			t.Errorf("%s: Access-Control-Expose-Headers %q", byName.asked, exposed)
		}
		if link(fc.Links, "next") != "" && headerLinks(byName)["next"] == "" {
			t.Errorf("%s: no link to the next page in %q", byName.asked, byName.header.Values("Link"))
		}
		for _, rel := range []string{"self", "collection", "license"} {
			if headerLinks(byName)[rel] == "" {
				t.Errorf("%s: no link %s in %q", byName.asked, rel, byName.header.Values("Link"))
			}
		}
	})
}

// The GeoJSON leads to all formats, and so does the collection.
func TestFormatsAreLinked(t *testing.T) {
	s := serve(t, invented)
	var col struct {
		Links []struct{ Rel, Type, Href string }
	}
	s.get("/collections/segments").into(&col)
	fc := s.page("/collections/segments/items?limit=1")
	for name, contentType := range streamed {
		mediaType, _, _ := strings.Cut(contentType, ";")
		alternates, items := 0, 0
		for _, l := range fc.Links {
			if l.Rel == "alternate" && l.Type == mediaType && strings.Contains(l.Href, "f="+name) {
				alternates++
			}
		}
		for _, l := range col.Links {
			if l.Rel == "items" && l.Type == mediaType && strings.HasSuffix(l.Href, "/items?f="+name) {
				items++
			}
		}
		if alternates != 1 || items != 1 {
			t.Errorf("%s: %d alternate links of the page and %d items links of the collection, want one each", name, alternates, items)
		}
	}
}

func TestStreamsKnowHeadAndValidators(t *testing.T) {
	eachStreamed(t, func(t *testing.T, s *service, target, name, contentType string) {
		target += "?limit=3&f=" + name
		for _, encoding := range []string{"identity", "gzip"} {
			get := s.get(target, "Accept-Encoding", encoding)
			head := s.ask(http.MethodHead, target, "Accept-Encoding", encoding)
			if head.status != http.StatusOK || len(head.body) != 0 || len(get.body) == 0 {
				t.Errorf("%s: %d and %d bytes, GET has %d bytes", head.asked, head.status, len(head.body), len(get.body))
			}
			for _, a := range []*answer{get, head} {
				for _, own := range []string{requestIDHeader, "Date", "Content-Length"} {
					a.header.Del(own)
				}
			}
			if diff := cmp.Diff(get.header, head.header); diff != "" {
				t.Errorf("%s (-GET +HEAD):\n%s", head.asked, diff)
			}
		}
		tag := s.get(target).header.Get("ETag")
		again := s.get(target, "If-None-Match", tag)
		if again.status != http.StatusNotModified || len(again.body) != 0 || again.header.Get("Content-Type") != "" || again.header.Get("Content-Disposition") != "" {
			t.Errorf("%s, If-None-Match: %d %v", again.asked, again.status, again.header)
		}
	})
}

func TestTextIsPackedAndFilesAreNot(t *testing.T) {
	eachStreamed(t, func(t *testing.T, s *service, target, name, contentType string) {
		plain := s.get(target + "?f=" + name)
		packed := s.get(target+"?f="+name, "Accept-Encoding", "gzip")
		if name == "fgb" || name == "parquet" || name == "gpkg" {
			if packed.header.Get("Content-Encoding") != "" {
				t.Errorf("%s is packed", packed.asked)
			}
			return
		}
		r, err := gzip.NewReader(bytes.NewReader(packed.body))
		if err != nil {
			t.Fatalf("%s: %v", packed.asked, err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, plain.body) {
			t.Errorf("%s: unpacked it differs from the plain answer (%v)", packed.asked, err)
		}
	})
}

var headerLink = regexp.MustCompile(`^<([^>]*)>; rel="([a-z]+)"`)

// headerLinks returns the Link header's targets, by relation.
func headerLinks(a *answer) map[string]string {
	out := map[string]string{}
	for _, line := range a.header.Values("Link") {
		if m := headerLink.FindStringSubmatch(line); m != nil {
			out[m[2]] = m[1]
		}
	}
	return out
}

// rows reads a page in CSV.
func rows(t *testing.T, a *answer) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %v", a.asked, err)
	}
	var out []map[string]string
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

// A client without JSON pages through the answer by the Link header, there and back.
func TestPagingByLinkHeader(t *testing.T) {
	s := serve(t, shipped)
	want := s.page("/collections/incidents/items?limit=10000").ids()
	var got []string
	a := s.get("/collections/incidents/items?limit=20&f=csv")
	for pages := 1; ; pages++ {
		for _, row := range rows(t, a) {
			got = append(got, row["id"])
		}
		next := headerLinks(a)["next"]
		if next == "" {
			break
		}
		a = s.get(next).expect(http.StatusOK, streamed["csv"])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids by next (-JSON +CSV):\n%s", diff)
	}
	back := headerLinks(a)["prev"]
	if last := rows(t, s.get(back)); back == "" || len(last) != 20 || last[19]["id"] != want[len(want)-len(rows(t, a))-1] {
		t.Errorf("prev %q leads to %d features", back, len(last))
	}
}

// An answer in each format is of a media type that the definition lists.
func TestStreamsAreDefined(t *testing.T) {
	for _, contentType := range streamed {
		mediaType, _, _ := strings.Cut(contentType, ";")
		decoder := openapi3filter.PlainBodyDecoder
		if mediaType == "application/vnd.ogc.fg+json" {
			decoder = openapi3filter.JSONBodyDecoder
		}
		openapi3filter.RegisterBodyDecoder(mediaType, decoder)
	}
	s := serve(t, shipped)
	c := newChecker(t, s)
	for _, col := range s.data.Snapshot().Collections() {
		path := "/collections/" + col.ID + "/items"
		for name := range streamed {
			c.check(s.get(path + "?limit=2&f=" + name))
		}
		listed := definition(t, s).Paths.Value(path).Get.Parameters.GetByInAndName("query", "f").Schema.Value.Enum
		if diff := cmp.Diff([]any{"json", "html", "jsonfg", "jsonseq", "ndjson", "csv", "fgb", "parquet", "kml", "gpkg"}, listed); diff != "" {
			t.Errorf("%s: values of f (-want +got):\n%s", path, diff)
		}
	}
}

// breaking is an encoder that fails after it has written so much.
type breaking struct {
	w      io.Writer
	before int
	closed *bool
}

var errBroken = errors.New("a value that cannot be written")

func (e breaking) Encode(*geo.Feature) error {
	if e.before > 0 {
		if _, err := e.w.Write(make([]byte, e.before)); err != nil {
			return err
		}
	}
	return errBroken
}

func (e breaking) Close() error {
	*e.closed = true
	_, err := e.w.Write([]byte("the end"))
	return err
}

// What fails before the first byte is a problem; after it the connection is
// broken off, and the client sees that the answer has no end.
func TestAnswersThatFailAreNotTakenForWhole(t *testing.T) {
	for _, before := range []int{0, 100_000} {
		logged := &lockedBuffer{}
		d, err := shipped()
		if err != nil {
			t.Fatal(err)
		}
		s := serveWith(t, Config{}, d, mapFiles, slog.New(slog.NewTextHandler(logged, nil)))
		var closed bool
		st := stream{contentType: "text/csv", extension: ".csv", text: true, open: func(w io.Writer, _ *extract) Encoder {
			return breaking{w, before, &closed}
		}}
		s.router.GET("/failing", s.handle(func(c *gin.Context) error {
			col, err := d.Snapshot().Collection("incidents")
			if err != nil {
				return err
			}
			q := &snapshot.Query{Limit: 10}
			page, err := col.Items(c.Request.Context(), q)
			if err != nil {
				return err
			}
			return s.streamItems(c, st, crs.CRS84, col, q, page, nil)
		}))
		response, err := s.http.Client().Get(s.http.URL + "/failing")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if !closed {
			t.Error("the encoder was not closed, so it keeps what it holds")
		}
		if before == 0 {
			if response.StatusCode != http.StatusInternalServerError || response.Header.Get("Content-Disposition") != "" ||
				response.Header.Get("OGC-NumberMatched") != "" || err != nil || bytes.Contains(body, []byte("the end")) {
				t.Errorf("nothing written: %d %v %v", response.StatusCode, response.Header, err)
			}
			continue
		}
		if err == nil || bytes.Contains(body, []byte("the end")) {
			t.Errorf("%d bytes came and a proper end", len(body))
		}
		if text := logged.String(); !strings.Contains(text, errBroken.Error()) || strings.Contains(text, "level=ERROR msg=panic") || !strings.Contains(text, "msg=request ") {
			t.Errorf("log: %s", text)
		}
	}
}

// A full disk, where files are put aside, is a problem of its own.
func TestNoRoomToPutAside(t *testing.T) {
	d, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, full := range []error{data.ErrFull, &os.PathError{Op: "write", Path: "/tmp/x", Err: syscall.ENOSPC}} {
		s := serveWith(t, Config{GeoPackage: func(io.Writer, *geo.Schema, gpkgformat.Options) Encoder { return fullDisk{full} }}, d, mapFiles, slog.New(slog.DiscardHandler))
		p := s.get("/collections/incidents/items?f=gpkg").problem(http.StatusInsufficientStorage, "no-room")
		if p.RequestID == "" {
			t.Errorf("%v: the problem names no request", full)
		}
	}
}

type fullDisk struct{ err error }

func (e fullDisk) Encode(*geo.Feature) error { return fmt.Errorf("put features aside: %w", e.err) }
func (e fullDisk) Close() error              { return e.err }

// A service that is given no encoder of GeoPackages does not offer them.
func TestGeoPackageIsHandedIn(t *testing.T) {
	d, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	bare, err := New(Config{}, d, mapFiles, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	bare.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/collections/incidents/items?f=gpkg", nil))
	if w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "kml, gpkg") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
