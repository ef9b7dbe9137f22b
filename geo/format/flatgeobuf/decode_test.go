package flatgeobuf_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/gogama/flatgeobuf/flatgeobuf/flat"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/formattest"
)

// decode reads every feature; the error is the first of any.
func decode(b []byte) (f *flatgeobuf.File, fs []geo.Feature, err error) {
	if f, err = flatgeobuf.Open(b); err != nil {
		return nil, nil, err
	}
	var first error
	err = f.Each(func(number, offset int, ft geo.Feature, err error) {
		if err != nil && first == nil {
			first = fmt.Errorf("feature %d: %w", number, err)
		}
		if number != len(fs)+1 || offset < 8 || offset >= len(b) {
			first = fmt.Errorf("feature %d at %d comes as number %d of %d bytes", number, offset, len(fs)+1, len(b))
		}
		fs = append(fs, ft)
	})
	if first != nil {
		err = first
	}
	return f, fs, err
}

// TestDecodeIsTheInverse holds that what was written is read: columns, values,
// geometries, with and without an index.
func TestDecodeIsTheInverse(t *testing.T) {
	sc := formattest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		fs := formattest.Features(sc).Draw(t, "features")
		for i := range fs {
			fs[i].ID = fmt.Sprint(i)
		}
		b, err := tryEncode(sc, flatgeobuf.Options{Title: "Т", Stream: rapid.Bool().Draw(t, "stream")}, fs)
		if err != nil {
			t.Fatal(err)
		}
		f, got, err := decode(b)
		if err != nil || len(got) != len(fs) || f.Name != "incidents" || f.Title != "Т" || f.UnknownCRS != "" {
			t.Fatalf("%d of %d features, %+v, %v", len(got), len(fs), f, err)
		}
		for _, back := range got {
			var at int
			id, _ := back.Values[0].Str()
			if _, err := fmt.Sscan(id, &at); err != nil {
				t.Fatal(err)
			}
			want := fs[at]
			if (want.Geometry == nil) != (back.Geometry == nil) || want.Geometry != nil && !orb.Equal(back.Geometry, want.Geometry) {
				t.Fatalf("geometry %v became %v", want.Geometry, back.Geometry)
			}
			for j, v := range want.Values {
				text := v
				switch _, _, isTime := v.Unix(); {
				case isTime:
					text = geo.StringValue(v.Text())
				case sc.Fields[j].Type == geo.StringList && !v.IsNull():
					text = geo.StringValue(string(v.AppendJSON(nil)))
				}
				if !back.Values[j+1].Equal(text) {
					t.Fatalf("%s: %q became %q", sc.Fields[j].Name, v.Text(), back.Values[j+1].Text())
				}
			}
		}
	})
}

// theirs is GeoJSON with every type of value and of geometry, with heights. GDAL
// leaves the feature without geometry out of FlatGeobuf.
const theirs = `{"type":"FeatureCollection","name":"theirs","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[70.5,40.25,812.5]},"properties":{"t":"Ворух","i":12,"l":9007199254740993,"d":1.5,"b":true,"day":"2021-05-02","at":"2022-09-16T14:00:00Z"}},
{"type":"Feature","geometry":null,"properties":{"t":null,"i":null,"l":null,"d":null,"b":null,"day":null,"at":null}},
{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[70,40],[71,41]]},"properties":{"t":"","i":-1}},
{"type":"Feature","geometry":{"type":"LineString","coordinates":[[70,40],[71,41]]},"properties":{}},
{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[70,40],[71,41]],[[72,40],[73,41],[74,41]]]},"properties":{}},
{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[70,40],[74,40],[74,44],[70,40]],[[72,41],[73,41.5],[73,42],[72,41]]]},"properties":{}},
{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[70,40],[71,40],[71,41],[70,40]]],[[[75,40],[76,40],[76,41],[75,40]]]]},"properties":{}},
{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[70,40]},{"type":"LineString","coordinates":[[70,40],[71,41]]}]},"properties":{}}
]}`

// theirFile is a file that GDAL wrote.
func theirFile(t *testing.T, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.geojson"), filepath.Join(dir, "out.fgb")
	if err := os.WriteFile(in, []byte(theirs), 0o600); err != nil {
		t.Fatal(err)
	}
	formattest.GDAL(t, "ogr2ogr", append([]string{"-f", "FlatGeobuf", out, in}, args...)...)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeReadsWhatGDALWrote(t *testing.T) {
	for name, args := range map[string][]string{
		"index": nil, "no index": {"-lco", "SPATIAL_INDEX=NO"}, "heights": {"-dim", "XYZM"}, "UTM": {"-t_srs", "EPSG:32642"}, "3857": {"-t_srs", "EPSG:3857"},
	} {
		f, fs, err := decode(theirFile(t, args...))
		if err != nil || len(fs) != 7 || len(f.Columns) != 7 {
			t.Fatalf("%s: %d features, %v", name, len(fs), err)
		}
		found := map[string]bool{}
		for _, ft := range fs {
			if ft.Geometry == nil {
				found["null"] = true
				continue
			}
			found[ft.Geometry.GeoJSONType()] = true
			if b := geo.BBoxOf(ft.Geometry); b.West < 69.999999 || b.East > 76.000001 || b.South < 39.999999 || b.North > 44.000001 {
				t.Errorf("%s: %v lies elsewhere", name, ft.Geometry)
			}
			if p, isPoint := ft.Geometry.(orb.Point); isPoint && (math.Abs(p[0]-70.5) > 1e-7 || math.Abs(p[1]-40.25) > 1e-7) {
				t.Errorf("%s: the point is at %v", name, p)
			}
			if p, isPolygon := ft.Geometry.(orb.Polygon); isPolygon && len(p) != 2 {
				t.Errorf("%s: %v has lost its hole", name, p)
			}
			if text, _ := ft.Values[0].Str(); text == "Ворух" {
				var got []string
				for i, v := range ft.Values {
					got = append(got, f.Columns[i].Name+"="+v.Text()+" "+f.Columns[i].Type.String())
				}
				const want = "t=Ворух string i=12 integer l=9007199254740993 integer d=1.5 number b=true boolean day=2021-05-02T00:00:00 date-time at=2022-09-16T14:00:00Z date-time"
				if strings.Join(got, " ") != want {
					t.Errorf("%s: %v", name, got)
				}
				found["values"] = true
			}
		}
		if len(found) != 8 {
			t.Errorf("%s: found only %v", name, found)
		}
	}
	if f, _, err := decode(theirFile(t, "-t_srs", "EPSG:25833")); err != nil || !strings.HasPrefix(f.UnknownCRS, "EPSG:25833") {
		t.Errorf("an unknown CRS: %+v %v", f, err)
	}
}

// Wherever a file ends, and whatever bit is wrong, reading ends without a panic;
// cut short it is an error.
func TestDecodeOfDamagedFiles(t *testing.T) {
	sc := formattest.Schema()
	whole := encode(t, sc, flatgeobuf.Options{}, geo.Feature{ID: "a", Geometry: orb.MultiPolygon{{{{70, 40}, {71, 40}, {71, 41}, {70, 40}}}}, Values: make([]geo.Value, 8)},
		geo.Feature{ID: "b", Geometry: orb.Point{70, 40}, Values: []geo.Value{geo.StringValue("x"), geo.StringValue("y"), geo.IntValue(1), geo.NumberValue(2), geo.BoolValue(true),
			geo.DateValue(noon), geo.DateTimeValue(noon), geo.ListValue([]string{"a"})}})
	if _, _, err := decode(whole); err != nil {
		t.Fatal(err)
	}
	for end := range whole {
		if _, _, err := decode(whole[:end]); err == nil {
			t.Errorf("the first %d of %d bytes are read without an error", end, len(whole))
		}
	}
	for i := range whole {
		for bit := range 8 {
			bad := bytes.Clone(whole)
			bad[i] ^= 1 << bit
			_, _, _ = decode(bad)
		}
	}
	if _, _, err := decode(append(bytes.Clone(whole), 0, 0, 0, 0)); err == nil || !strings.Contains(err.Error(), "goes on for 4 bytes behind its 2 features") {
		t.Errorf("bytes behind the end: %v", err)
	}
}

// table returns a file without columns that has one feature with the geometry
// that build makes.
func table(build func(b *flatbuffers.Builder) flatbuffers.UOffsetT) []byte {
	b := flatbuffers.NewBuilder(0)
	g := build(b)
	flat.FeatureStart(b)
	flat.FeatureAddGeometry(b, g)
	flat.FinishSizePrefixedFeatureBuffer(b, flat.FeatureEnd(b))
	h := flatbuffers.NewBuilder(0)
	flat.HeaderStart(h)
	flat.FinishSizePrefixedHeaderBuffer(h, flat.HeaderEnd(h))
	return append(append([]byte("fgb\x03fgb\x00"), h.FinishedBytes()...), b.FinishedBytes()...)
}

// collection makes a geometry of geometries, the same one so many times.
func collection(b *flatbuffers.Builder, of flatbuffers.UOffsetT, times int) flatbuffers.UOffsetT {
	flat.GeometryStartPartsVector(b, times)
	for range times {
		b.PrependUOffsetT(of)
	}
	parts := b.EndVector(times)
	flat.GeometryStart(b)
	flat.GeometryAddParts(b, parts)
	flat.GeometryAddType(b, flat.GeometryTypeGeometryCollection)
	return flat.GeometryEnd(b)
}

func line(b *flatbuffers.Builder, t flat.GeometryType, ends []uint32, xy ...float64) flatbuffers.UOffsetT {
	flat.GeometryStartXyVector(b, len(xy))
	for i := range xy {
		b.PrependFloat64(xy[len(xy)-1-i])
	}
	coordinates := b.EndVector(len(xy))
	flat.GeometryStartEndsVector(b, len(ends))
	for i := range ends {
		b.PrependUint32(ends[len(ends)-1-i])
	}
	cuts := b.EndVector(len(ends))
	flat.GeometryStart(b)
	flat.GeometryAddXy(b, coordinates)
	flat.GeometryAddEnds(b, cuts)
	flat.GeometryAddType(b, t)
	return flat.GeometryEnd(b)
}

// Files that are well-formed tables and mean harm, or nonsense.
func TestDecodeRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		build func(b *flatbuffers.Builder) flatbuffers.UOffsetT
		want  string
	}{
		"many times the same bytes": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			g := line(b, flat.GeometryTypeLineString, nil, make([]float64, 2000)...)
			for range 3 {
				g = collection(b, g, 1000)
			}
			return g
		}, "damaged"},
		"deep": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			g := line(b, flat.GeometryTypeLineString, nil, 1, 2, 3, 4)
			for range 5 {
				g = collection(b, g, 1)
			}
			return g
		}, "more than 4 deep"},
		"an odd number": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			return line(b, flat.GeometryTypeLineString, nil, 1, 2, 3)
		}, "odd number"},
		"an end beyond": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			return line(b, flat.GeometryTypeMultiLineString, []uint32{3}, 1, 2, 3, 4)
		}, "ends at position 3 of 2"},
		"ends that go back": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			return line(b, flat.GeometryTypePolygon, []uint32{2, 1}, 1, 2, 3, 4)
		}, "ends at position 1"},
		"ends that leave some out": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			return line(b, flat.GeometryTypePolygon, []uint32{1}, 1, 2, 3, 4)
		}, "1 positions behind its last line"},
		"two positions of a point": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			return line(b, flat.GeometryTypePoint, nil, 1, 2, 3, 4)
		}, "a point with 2 positions"},
		"a curve": {func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
			return line(b, flat.GeometryTypeCircularString, nil, 1, 2, 3, 4)
		}, "CircularString, which is not read"},
	} {
		if _, _, err := decode(table(tt.build)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, tt.want)
		}
	}
	for name, bad := range map[string]string{"": "does not begin", "fgb\x02fgb\x00": "does not begin", "fgb\x03fgb\x00": "the header ends too early", "fgb\x03fgb\x00\xff\xff\xff\xff": "the header ends too early"} {
		if _, err := flatgeobuf.Open([]byte(name)); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Properties that do not fit the columns.
func TestDecodeRefusesProperties(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "s"}, {Name: "b", Type: geo.Boolean}, {Name: "j", Type: geo.StringList}}}
	file := encode(t, sc, flatgeobuf.Options{ID: "s", Stream: true}, geo.Feature{ID: "a", Values: []geo.Value{geo.StringValue("abcd"), geo.BoolValue(true), geo.ListValue([]string{"x"})}})
	properties := "\x00\x00\x04\x00\x00\x00abcd\x01\x00\x01\x02\x00\x05\x00\x00\x00[\"x\"]"
	if !bytes.Contains(file, []byte(properties)) {
		t.Fatalf("the file is not as this test knows it: %q", file)
	}
	for name, tt := range map[string]struct{ instead, want string }{
		"no such column":    {"\x07\x00\x04\x00\x00\x00abcd\x01\x00\x01\x02\x00\x05\x00\x00\x00[\"x\"]", "column 7, and the file has 3"},
		"cut short":         {"\x00\x00\xff\x00\x00\x00abcd\x01\x00\x01\x02\x00\x05\x00\x00\x00[\"x\"]", "in s a value that ends too early"},
		"not UTF-8":         {"\x00\x00\x04\x00\x00\x00ab\xffd\x01\x00\x01\x02\x00\x05\x00\x00\x00[\"x\"]", "in s a value that is not UTF-8"},
		"neither":           {"\x00\x00\x04\x00\x00\x00abcd\x01\x00\x02\x02\x00\x05\x00\x00\x00[\"x\"]", "in b a value that is 2, neither true nor false"},
		"not JSON":          {"\x00\x00\x04\x00\x00\x00abcd\x01\x00\x01\x02\x00\x05\x00\x00\x00[\"x\"\"", "in j a value that is not JSON"},
		"twice":             {"\x00\x00\x04\x00\x00\x00abcd\x00\x00\x03\x00\x00\x00abc\x01\x00\x01\x01\x00", "two values in s"},
		"a byte at the end": {"\x00\x00\x0e\x00\x00\x00abcdefghijklmn\x01\x00\x01\x00", "properties that end too early"},
	} {
		if len(tt.instead) != len(properties) {
			t.Fatalf("%s: %d bytes, not %d", name, len(tt.instead), len(properties))
		}
		if _, _, err := decode(bytes.Replace(file, []byte(properties), []byte(tt.instead), 1)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// Whatever the bytes, reading ends, takes no more memory than they can hold, and
// what was read can be written and read again.
func FuzzDecode(f *testing.F) {
	f.Add(encode(f, formattest.Schema(), flatgeobuf.Options{}, geo.Feature{ID: "a", Geometry: orb.Point{70, 40}, Values: make([]geo.Value, 8)}))
	f.Add(encode(f, &geo.Schema{}, flatgeobuf.Options{CRS: crs.EPSG32642, Stream: true}, geo.Feature{ID: "a", Geometry: orb.Collection{orb.Point{70, 40}, orb.MultiPolygon{{{{70, 40}, {71, 40}, {71, 41}, {70, 40}}}}}}))
	f.Add(table(func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
		return collection(b, line(b, flat.GeometryTypeMultiLineString, []uint32{1, 2}, 1, 2, 3, 4), 3)
	}))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, fs, err := decode(b)
		if err != nil || file.UnknownCRS != "" {
			return
		}
		for i := range fs {
			n := 0
			count(fs[i].Geometry, &n)
			if 16*n > len(b) {
				t.Fatalf("%d positions out of %d bytes", n, len(b))
			}
			fs[i].ID, fs[i].Values = fmt.Sprint(i), nil
		}
		again, err := tryEncode(&geo.Schema{}, flatgeobuf.Options{Stream: true}, fs)
		if err != nil {
			t.Fatal(err)
		}
		if _, back, err := decode(again); err != nil || len(back) != len(fs) {
			t.Fatalf("%d features became %d: %v", len(fs), len(back), err)
		}
	})
}

// count counts the positions of a geometry.
func count(g orb.Geometry, n *int) {
	switch g := g.(type) {
	case orb.Point:
		*n++
	case orb.MultiPoint:
		*n += len(g)
	case orb.LineString:
		*n += len(g)
	case orb.MultiLineString:
		for _, l := range g {
			*n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			*n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			count(p, n)
		}
	case orb.Collection:
		for _, m := range g {
			count(m, n)
		}
	}
}
