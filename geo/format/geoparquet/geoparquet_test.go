package geoparquet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/formattest"
	"demarc/geo/format/geoparquet"
)

var noon = time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)

// encode returns what an encoder writes for the features.
func encode(t testing.TB, sc *geo.Schema, opts geoparquet.Options, fs ...geo.Feature) []byte {
	t.Helper()
	b, err := tryEncode(sc, opts, fs)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tryEncode(sc *geo.Schema, opts geoparquet.Options, fs []geo.Feature) ([]byte, error) {
	var b bytes.Buffer
	e := geoparquet.NewEncoder(&b, sc, opts)
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			return nil, err
		}
	}
	err := e.Close()
	return b.Bytes(), err
}

// file is a GeoParquet file as the module's reader sees it.
type file struct {
	*parquet.File
	metadata map[string]any
	rows     []parquet.Row
}

func read(b []byte) (*file, error) {
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	out := &file{File: f}
	text, _ := f.Lookup("geo")
	if err := json.Unmarshal([]byte(text), &out.metadata); err != nil {
		return nil, err
	}
	for _, g := range f.RowGroups() {
		rows := g.Rows()
		for {
			buf := make([]parquet.Row, 64)
			n, err := rows.ReadRows(buf)
			for _, r := range buf[:n] {
				out.rows = append(out.rows, r.Clone())
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// column returns the values of a row in a column of leaves, nulls left out.
func column(row parquet.Row, i int) (vs []parquet.Value) {
	for _, v := range row {
		if v.Column() == i && !v.IsNull() {
			vs = append(vs, v)
		}
	}
	return vs
}

// valueOf reads a value of the type back.
func valueOf(vs []parquet.Value, t geo.Type) geo.Value {
	if len(vs) == 0 {
		return geo.Null()
	}
	v := vs[0]
	switch t {
	case geo.Integer:
		return geo.IntValue(v.Int64())
	case geo.Number:
		return geo.NumberValue(v.Double())
	case geo.Boolean:
		return geo.BoolValue(v.Boolean())
	case geo.Date:
		return geo.DateValue(time.Unix(int64(v.Int32())*24*60*60, 0))
	case geo.DateTime:
		return geo.DateTimeValue(time.UnixMilli(v.Int64()))
	case geo.StringList:
		var ss []string
		for _, v := range vs {
			ss = append(ss, string(v.ByteArray()))
		}
		return geo.ListValue(ss)
	}
	return geo.StringValue(string(v.ByteArray()))
}

// TestRoundTrip holds that IDs, values and geometries come back as they went,
// and that each box is its geometry's.
func TestRoundTrip(t *testing.T) {
	sc := formattest.Schema()
	n := len(sc.Fields)
	rapid.Check(t, func(t *rapid.T) {
		fs := formattest.Features(sc).Draw(t, "features")
		b, err := tryEncode(sc, geoparquet.Options{}, fs)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(b)
		if err != nil || len(got.rows) != len(fs) {
			t.Fatalf("%v, %v", got, err)
		}
		for i, row := range got.rows {
			if id := string(column(row, 0)[0].ByteArray()); id != fs[i].ID {
				t.Fatalf("ID %q became %q", fs[i].ID, id)
			}
			for j, f := range sc.Fields {
				if v := valueOf(column(row, j+1), f.Type); !v.Equal(fs[i].Values[j]) {
					t.Fatalf("%s: %v became %v", f.Name, fs[i].Values[j], v)
				}
			}
			checkGeometry(t, fs[i].Geometry, row, n+1)
		}
	})
}

func checkGeometry(t *rapid.T, want orb.Geometry, row parquet.Row, at int) {
	vs, box := column(row, at), geo.BBoxOf(want)
	if want == nil {
		if len(vs) > 0 || len(column(row, at+1)) > 0 {
			t.Fatalf("no geometry became %v", row)
		}
		return
	}
	g, err := wkb.Unmarshal(vs[0].ByteArray())
	if err != nil || !orb.Equal(g, want) {
		t.Fatalf("geometry %v became %v, %v", want, g, err)
	}
	for i, x := range []float64{box.West, box.South, box.East, box.North} {
		if got := column(row, at+1+i)[0].Double(); got != x {
			t.Fatalf("box %v has %v", box, got)
		}
	}
}

func TestMetadataAndColumns(t *testing.T) {
	sc := &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "место"}, {Name: "Geometry"}, {Name: "bbox"}, {Name: "a b", Type: geo.StringList}, {Name: "1", Type: geo.Date}}}
	got, err := read(encode(t, sc, geoparquet.Options{CRS: crs.EPSG4326},
		geo.Feature{ID: "a", Geometry: orb.Point{70, 40}, Values: make([]geo.Value, 5)},
		geo.Feature{ID: "b", Geometry: orb.MultiPoint{{71, 39}}, Values: make([]geo.Value, 5)},
		geo.Feature{ID: "c", Geometry: orb.Ring{{70, 40}, {71, 40}, {71, 41}, {70, 40}}, Values: make([]geo.Value, 5)},
		geo.Feature{ID: "d", Geometry: orb.MultiPoint{}, Values: make([]geo.Value, 5)},
		geo.Feature{ID: "e", Values: make([]geo.Value, 5)}))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range got.Schema().Fields() {
		names = append(names, f.Name())
	}
	if want := []string{"id", "место", "Geometry", "bbox", "a b", "1", "geometry_", "bbox_"}; !slices.Equal(names, want) {
		t.Errorf("columns %q, want %q", names, want)
	}
	if got.metadata["version"] != "1.1.0" || got.metadata["primary_column"] != "geometry_" {
		t.Errorf("metadata %v", got.metadata)
	}
	column := got.metadata["columns"].(map[string]any)["geometry_"].(map[string]any)
	system := column["crs"].(map[string]any)["id"].(map[string]any)
	column["crs"] = fmt.Sprint(system["authority"], system["code"])
	want := map[string]any{
		"encoding": "WKB", "geometry_types": []any{"MultiPoint", "Point", "Polygon"}, "bbox": []any{70.0, 39.0, 71.0, 41.0}, "crs": "EPSG4326",
		"covering": map[string]any{"bbox": map[string]any{"xmin": []any{"bbox_", "xmin"}, "ymin": []any{"bbox_", "ymin"},
			"xmax": []any{"bbox_", "xmax"}, "ymax": []any{"bbox_", "ymax"}}},
	}
	if diff := cmp.Diff(want, column); diff != "" {
		t.Error(diff)
	}
}

func TestCRSIsEastFirst(t *testing.T) {
	for _, c := range crs.All() {
		got, err := read(encode(t, &geo.Schema{}, geoparquet.Options{CRS: c}, geo.Feature{ID: "a", Geometry: orb.Point{70, 40}}))
		if err != nil {
			t.Fatal(err)
		}
		g, err := wkb.Unmarshal(column(got.rows[0], 1)[0].ByteArray())
		want, _ := c.FromCRS84(orb.Point{70, 40})
		if err != nil || !orb.Equal(g, c.EastFirst(want)) {
			t.Errorf("%v: got %v, %v", c, g, err)
		}
		_, told := got.metadata["columns"].(map[string]any)["geometry"].(map[string]any)["crs"]
		if told != (c != crs.CRS84) {
			t.Errorf("%v: crs is told: %v", c, told)
		}
	}
}

func TestTheSchemasIDIsNotRepeated(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "id"}}}
	for opts, want := range map[geoparquet.Options]int{{}: 3, {ID: "fid"}: 4} {
		got, err := read(encode(t, sc, opts, geo.Feature{ID: "a", Values: []geo.Value{geo.StringValue("a")}}))
		if err != nil || len(got.Schema().Fields()) != want {
			t.Errorf("%+v: %d columns, %v", opts, len(got.Schema().Fields()), err)
		}
	}
}

func TestNoFeatures(t *testing.T) {
	got, err := read(encode(t, formattest.Schema(), geoparquet.Options{}))
	if err != nil || len(got.rows) > 0 || len(got.Schema().Fields()) != 11 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestRowGroupsAreBounded holds that rows are written as they come, not at the
// end, by number and by size.
func TestRowGroupsAreBounded(t *testing.T) {
	for _, c := range []struct{ rows, size, groups int }{{70_000, 10, 2}, {80, 500_000, 3}} {
		var b bytes.Buffer
		e := geoparquet.NewEncoder(&b, &geo.Schema{Fields: []geo.Field{{Name: "text"}}}, geoparquet.Options{})
		for i := range c.rows {
			f := geo.Feature{ID: fmt.Sprint(i * i), Values: []geo.Value{geo.StringValue(strings.Repeat("x", c.size))}}
			if err := e.Encode(&f); err != nil {
				t.Fatal(err)
			}
		}
		before := b.Len()
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if before == 0 {
			t.Errorf("%d rows: none of %d bytes was written before Close", c.rows, b.Len())
		}
		f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil || len(f.RowGroups()) != c.groups || f.NumRows() != int64(c.rows) {
			t.Errorf("%d rows in %d groups, %v; want %d rows in %d groups", f.NumRows(), len(f.RowGroups()), err, c.rows, c.groups)
		}
	}
}

func TestAFaultyFeatureLeavesNoTrace(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "a"}, {Name: "b"}, {Name: "c", Type: geo.Integer}, {Name: "d", Type: geo.Number},
		{Name: "e", Type: geo.Boolean}, {Name: "f", Type: geo.Date}, {Name: "g", Type: geo.DateTime}, {Name: "h", Type: geo.StringList}}}
	var b bytes.Buffer
	e := geoparquet.NewEncoder(&b, sc, geoparquet.Options{CRS: crs.EPSG32642})
	var input *geo.InputError
	if err := e.Encode(&geo.Feature{Geometry: orb.Point{-110, 40}, Values: make([]geo.Value, 8)}); !errors.As(err, &input) {
		t.Errorf("a position on the other side of the Earth: %v, want an InputError", err)
	}
	if e.Encode(&geo.Feature{ID: "short"}) == nil {
		t.Error("too few values: no error")
	}
	for i, wrong := range map[int]geo.Value{1: geo.ListValue([]string{"x"}), 2: geo.StringValue("x"), 3: geo.StringValue("x"), 4: geo.IntValue(1),
		5: geo.DateTimeValue(noon), 6: geo.DateValue(noon), 7: geo.StringValue("x")} {
		f := geo.Feature{ID: "wrong", Values: make([]geo.Value, 8)}
		f.Values[0], f.Values[i] = geo.StringValue("stays behind?"), wrong
		if e.Encode(&f) == nil {
			t.Errorf("%v in the field %s: no error", wrong, sc.Fields[i].Name)
		}
	}
	good := geo.Feature{ID: "good", Values: make([]geo.Value, 8)}
	if err := errors.Join(e.Encode(&good), e.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	got, err := read(b.Bytes())
	if err != nil || len(got.rows) != 1 || len(column(got.rows[0], 1)) > 0 {
		t.Errorf("%v, %v", got, err)
	}
	if e.Encode(&good) == nil {
		t.Error("encode after close: no error")
	}
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
	f := geo.Feature{ID: strings.Repeat("x", 1_000_000)}
	e := geoparquet.NewEncoder(&brokenWriter{10}, &geo.Schema{}, geoparquet.Options{})
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = e.Encode(&f)
	}
	if err == nil || e.Encode(&f) == nil || e.Close() == nil {
		t.Errorf("the writer's error was lost: %v", err)
	}
	e = geoparquet.NewEncoder(&brokenWriter{10}, &geo.Schema{}, geoparquet.Options{})
	if e.Encode(&f) != nil || e.Close() == nil || e.Close() == nil {
		t.Error("the writer's error at the end was lost")
	}
}
