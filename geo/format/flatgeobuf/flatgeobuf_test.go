package flatgeobuf_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/gogama/flatgeobuf/flatgeobuf/flat"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/formattest"
)

var noon = time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)

func TestHeader(t *testing.T) {
	sc := &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "место", Title: "Place", Doc: "Where it happened."}, {Name: "start", Type: geo.Date}, {Name: "km", Type: geo.Number, Unit: "km"}}}
	got, err := read(encode(t, sc, flatgeobuf.Options{Title: "Происшествия"},
		geo.Feature{ID: "a", Geometry: orb.Point{70, 40}, Values: make([]geo.Value, 3)},
		geo.Feature{ID: "b", Geometry: orb.Point{71, 39}, Values: make([]geo.Value, 3)},
		geo.Feature{ID: "c", Values: make([]geo.Value, 3)}))
	if err != nil {
		t.Fatal(err)
	}
	h := got.header
	var envelope []float64
	for i := range h.EnvelopeLength() {
		envelope = append(envelope, h.Envelope(i))
	}
	var columns []string
	for i := range h.ColumnsLength() {
		var c flat.Column
		h.Columns(&c, i)
		columns = append(columns, fmt.Sprintf("%s %v %s %s %s", c.Name(), c.Type(), c.Title(), c.Description(), c.Metadata()))
	}
	system := h.Crs(nil)
	for _, c := range []struct{ got, want any }{
		{string(h.Name()), "incidents"}, {string(h.Title()), "Происшествия"}, {h.FeaturesCount(), uint64(3)},
		{h.IndexNodeSize(), uint16(16)}, {h.GeometryType(), flat.GeometryTypePoint}, {envelope, []float64{70, 39, 71, 40}},
		{string(system.Org()), "EPSG"}, {system.Code(), int32(4326)},
		{columns, []string{`id String Identifier  {"type":"string"}`, `место String Place Where it happened. {"type":"string"}`,
			`start DateTime   {"type":"date"}`, `km Double   {"type":"number","unit":"km"}`}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCRSIsEastFirst(t *testing.T) {
	for _, c := range crs.All() {
		got, err := read(encode(t, &geo.Schema{}, flatgeobuf.Options{CRS: c}, geo.Feature{ID: "a", Geometry: orb.Point{70, 40}}))
		if err != nil {
			t.Fatal(err)
		}
		want, code := c, int32(c.Code())
		if c == crs.CRS84 {
			code = 4326
		}
		system := got.header.Crs(nil)
		if system.Code() != code {
			t.Errorf("%v: code %d", c, system.Code())
		}
		f, err := got.feature(0, &geo.Schema{})
		g, _ := want.FromCRS84(orb.Point{70, 40})
		if err != nil || !orb.Equal(f.Geometry, want.EastFirst(g)) {
			t.Errorf("%v: got %v, %v", c, f.Geometry, err)
		}
	}
}

// TestRoundTrip holds that IDs, values and geometries come back as they went,
// with and without an index.
func TestRoundTrip(t *testing.T) {
	sc := formattest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		fs := formattest.Features(sc).Draw(t, "features")
		for i := range fs {
			fs[i].ID = fmt.Sprint(i, fs[i].ID)
		}
		stream := rapid.Bool().Draw(t, "stream")
		b, err := tryEncode(sc, flatgeobuf.Options{Stream: stream}, fs)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(b)
		if err != nil || len(got.features) != len(fs) {
			t.Fatalf("%d features came back of %d: %v", len(got.features), len(fs), err)
		}
		byID := map[string]*geo.Feature{}
		for i := range fs {
			byID[fs[i].ID] = &fs[i]
		}
		for i := range got.features {
			back, err := got.feature(i, sc)
			want := byID[back.ID]
			if err != nil || want == nil {
				t.Fatalf("feature %q: %v", back.ID, err)
			}
			if stream && want != &fs[i] {
				t.Fatalf("feature %q is not in its place", back.ID)
			}
			if (want.Geometry == nil) != (back.Geometry == nil) || want.Geometry != nil && !orb.Equal(back.Geometry, want.Geometry) {
				t.Fatalf("geometry %v became %v", want.Geometry, back.Geometry)
			}
			for j := range sc.Fields {
				if !back.Values[j].Equal(want.Values[j]) {
					t.Fatalf("%s: %v became %v", sc.Fields[j].Name, want.Values[j], back.Values[j])
				}
			}
		}
	})
}

func TestRingsBoundsAndEmptyShapes(t *testing.T) {
	square := orb.Ring{{70, 40}, {71, 40}, {71, 41}, {70, 41}, {70, 40}}
	for _, c := range []struct{ in, want orb.Geometry }{
		{square, orb.Polygon{square}},
		{square.Bound(), orb.Polygon{{{70, 40}, {71, 40}, {71, 41}, {70, 41}, {70, 40}}}},
		{orb.Polygon{square, square}, orb.Polygon{square, square}},
		{orb.MultiPoint{}, orb.MultiPoint{}},
		{orb.Collection{}, orb.Collection{}},
	} {
		got, err := read(encode(t, &geo.Schema{}, flatgeobuf.Options{}, geo.Feature{ID: "a", Geometry: c.in}))
		if err != nil {
			t.Fatal(err)
		}
		f, err := got.feature(0, &geo.Schema{})
		if err != nil || !orb.Equal(f.Geometry, c.want) {
			t.Errorf("%v became %v, %v; want %v", c.in, f.Geometry, err, c.want)
		}
	}
}

func TestMixedTypesAreUnknown(t *testing.T) {
	got, err := read(encode(t, &geo.Schema{}, flatgeobuf.Options{},
		geo.Feature{ID: "a", Geometry: orb.Point{70, 40}}, geo.Feature{ID: "b", Geometry: orb.LineString{{70, 40}, {71, 41}}}))
	if err != nil || got.header.GeometryType() != flat.GeometryTypeUnknown {
		t.Errorf("got %v, %v", got.header.GeometryType(), err)
	}
}

func TestTheSchemasIDIsNotRepeated(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "id"}}}
	for opts, want := range map[flatgeobuf.Options]int{{}: 1, {ID: "fid"}: 2, {Stream: true}: 1} {
		got, err := read(encode(t, sc, opts, geo.Feature{ID: "a", Values: []geo.Value{geo.StringValue("a")}}))
		if err != nil || got.header.ColumnsLength() != want {
			t.Errorf("%+v: %d columns, %v", opts, got.header.ColumnsLength(), err)
		}
	}
}

func TestNoFeatures(t *testing.T) {
	for _, stream := range []bool{false, true} {
		got, err := read(encode(t, formattest.Schema(), flatgeobuf.Options{Stream: stream}))
		if err != nil || got.header.ColumnsLength() != 9 || len(got.features) != 0 {
			t.Errorf("stream %v: %v, %v", stream, got, err)
		}
	}
}

func TestAFaultyFeatureLeavesNoTrace(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "n", Type: geo.Integer}}}
	var b bytes.Buffer
	e := flatgeobuf.NewEncoder(&b, sc, flatgeobuf.Options{CRS: crs.EPSG32642})
	var input *geo.InputError
	if err := e.Encode(&geo.Feature{Geometry: orb.Point{-110, 40}, Values: make([]geo.Value, 1)}); !errors.As(err, &input) {
		t.Errorf("a position on the other side of the Earth: %v, want an InputError", err)
	}
	if err := e.Encode(&geo.Feature{ID: "short"}); err == nil {
		t.Error("too few values: no error")
	}
	for _, f := range []geo.Field{{Type: geo.Integer}, {Type: geo.Number}, {Type: geo.Boolean}, {Type: geo.Date}, {Type: geo.DateTime}, {Type: geo.StringList}} {
		sc.Fields[0].Type = f.Type
		if err := e.Encode(&geo.Feature{ID: "wrong", Values: []geo.Value{geo.StringValue("x")}}); err == nil {
			t.Errorf("a string for a %v: no error", f.Type)
		}
	}
	sc.Fields[0].Type = geo.Date
	if e.Encode(&geo.Feature{Values: []geo.Value{geo.DateTimeValue(noon)}}) == nil {
		t.Error("an instant for a day: no error")
	}
	if err := errors.Join(e.Encode(&geo.Feature{ID: "good", Values: make([]geo.Value, 1)}), e.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	if got, err := read(b.Bytes()); err != nil || len(got.features) != 1 {
		t.Errorf("%d features, %v", len(got.features), err)
	}
	if e.Encode(&geo.Feature{ID: "late", Values: make([]geo.Value, 1)}) == nil {
		t.Error("encode after close: no error")
	}
}

// TestLargeFilesGoThroughATemporaryFile encodes 12 MiB and holds that nothing is
// lost and nothing left behind.
func TestLargeFilesGoThroughATemporaryFile(t *testing.T) {
	dir := t.TempDir()
	sc := &geo.Schema{Fields: []geo.Field{{Name: "text"}}}
	const n = 12_000
	fs := make([]geo.Feature, n)
	for i := range fs {
		fs[i] = geo.Feature{ID: fmt.Sprint(i), Geometry: orb.Point{float64(i%100) / 10, float64(i) / 1000},
			Values: []geo.Value{geo.StringValue(fmt.Sprint(i) + strings.Repeat("x", 1000))}}
	}
	got, err := read(encode(t, sc, flatgeobuf.Options{TempDir: dir}, fs...))
	if err != nil || len(got.features) != n {
		t.Fatalf("%d features, %v", len(got.features), err)
	}
	seen := map[string]bool{}
	for i := range got.features {
		f, err := got.feature(i, sc)
		if err != nil || !strings.HasPrefix(f.Values[0].Text(), f.ID+"x") {
			t.Fatalf("feature %q has %.20q, %v", f.ID, f.Values[0].Text(), err)
		}
		seen[f.ID] = true
	}
	if left, err := os.ReadDir(dir); len(seen) != n || err != nil || len(left) > 0 || openFiles(dir) > 0 {
		t.Errorf("%d features, %d files left, %d open, %v", len(seen), len(left), openFiles(dir), err)
	}
	_, err = tryEncode(sc, flatgeobuf.Options{TempDir: dir + "/nowhere"}, fs)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder for the temporary file: %v", err)
	}
}

// openFiles returns how many files of the folder this process holds open,
// unlinked ones included, where the system tells.
func openFiles(dir string) (n int) {
	links, _ := filepath.Glob("/proc/self/fd/*")
	for _, l := range links {
		if target, err := os.Readlink(l); err == nil && strings.HasPrefix(target, dir) {
			n++
		}
	}
	return n
}

// TestNeighboursStandTogether holds that the features are sorted along a curve:
// from each to the next the way is short.
func TestNeighboursStandTogether(t *testing.T) {
	fs := scattered(5000)
	got, err := read(encode(t, &geo.Schema{}, flatgeobuf.Options{}, fs...))
	if err != nil {
		t.Fatal(err)
	}
	sorted := make([]geo.Feature, len(fs))
	for i := range sorted {
		if sorted[i], err = got.feature(i, &geo.Schema{}); err != nil {
			t.Fatal(err)
		}
	}
	if before, after := way(fs), way(sorted); after > before/20 {
		t.Errorf("the way through all features is %.0f degrees, and %.0f before they were sorted", after, before)
	}
}

// way returns the length of the way through the features that have a geometry.
func way(fs []geo.Feature) (length float64) {
	var last *orb.Point
	for _, f := range fs {
		if f.Geometry == nil {
			continue
		}
		p := f.Geometry.Bound().Center()
		if last != nil {
			length += math.Hypot(p[0]-last[0], p[1]-last[1])
		}
		last = &p
	}
	return length
}

// brokenWriter fails after n bytes.
type brokenWriter struct{ n int }

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, errors.New("the pipe broke")
	}
	return len(b), nil
}

func TestAWritersErrorStays(t *testing.T) {
	f := geo.Feature{ID: strings.Repeat("x", 100), Geometry: orb.Point{70, 40}}
	size := len(encode(t, &geo.Schema{}, flatgeobuf.Options{}, f, f, f))
	for n := 0; n <= size; n += 7 {
		e := flatgeobuf.NewEncoder(&brokenWriter{n}, &geo.Schema{}, flatgeobuf.Options{})
		if err := errors.Join(e.Encode(&f), e.Encode(&f), e.Encode(&f)); err != nil {
			t.Fatal(err)
		}
		if first, again := e.Close(), e.Close(); (first == nil) != (n == size) || first != again {
			t.Fatalf("a writer that takes %d of %d bytes: %v, %v", n, size, first, again)
		}
		s := flatgeobuf.NewEncoder(&brokenWriter{n}, &geo.Schema{}, flatgeobuf.Options{Stream: true})
		var err error
		for err == nil {
			err = s.Encode(&f)
		}
		if s.Encode(&f) == nil || s.Close() == nil {
			t.Fatalf("the error of a writer that takes %d bytes was lost", n)
		}
	}
}
