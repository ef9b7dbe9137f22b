package gpkg_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"demarc/geo/format/gpkg"
)

// header is that of a little-endian blob in EPSG:4326 without an envelope.
const header = "47500001" + "E6100000"

// Numbers as they stand in well-known binary, little-endian.
const (
	zero, half, two = "0000000000000000", "000000000000E03F", "0000000000000040"
	nan             = "000000000000F87F"
)

func blob(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeGeometry(t *testing.T) {
	point := "01 01000000" + half + two
	for name, tt := range map[string]struct {
		blob string
		want orb.Geometry
	}{
		"point":                    {header + point, orb.Point{0.5, 2}},
		"big-endian":               {"47500000 000010E6 00 00000001 3FE0000000000000 4000000000000000", orb.Point{0.5, 2}},
		"envelope":                 {"47500003 E6100000" + half + half + two + two + point, orb.Point{0.5, 2}},
		"envelope of four":         {"47500009 E6100000" + half + half + two + two + half + half + two + two + point, orb.Point{0.5, 2}},
		"height":                   {header + "01 E9030000" + half + two + two, orb.Point{0.5, 2}},
		"measure":                  {header + "01 D1070000" + half + two + two, orb.Point{0.5, 2}},
		"height and measure":       {header + "01 B90B0000" + half + two + two + two, orb.Point{0.5, 2}},
		"height as PostGIS has it": {header + "01 01000080" + half + two + two, orb.Point{0.5, 2}},
		"empty point":              {"47500011 E6100000 01 01000000" + nan + nan, nil},
		"empty line":               {header + "01 02000000 00000000", nil},
		"line with heights":        {header + "01 EA030000 02000000" + half + two + zero + two + two + zero, orb.LineString{{0.5, 2}, {2, 2}}},
		"polygon": {header + "01 03000000 01000000 04000000" + zero + zero + two + zero + two + two + zero + zero,
			orb.Polygon{{{0, 0}, {2, 0}, {2, 2}, {0, 0}}}},
		"points, one of them empty": {header + "01 04000000 02000000" + point + "01 01000000" + nan + nan, orb.MultiPoint{{0.5, 2}}},
		"lines":                     {header + "01 05000000 01000000 01 02000000 02000000" + half + two + two + two, orb.MultiLineString{{{0.5, 2}, {2, 2}}}},
		"polygons": {header + "01 06000000 01000000 01 03000000 01000000 04000000" + zero + zero + two + zero + two + two + zero + zero,
			orb.MultiPolygon{{{{0, 0}, {2, 0}, {2, 2}, {0, 0}}}}},
		"collection, member big-endian": {header + "01 07000000 01000000 00 00000001 3FE0000000000000 4000000000000000", orb.Collection{orb.Point{0.5, 2}}},
	} {
		got, srs, err := gpkg.DecodeGeometry(blob(t, tt.blob))
		if err != nil || srs != 4326 {
			t.Errorf("%s: srs %d, %v", name, srs, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDecodeGeometryRefuses(t *testing.T) {
	deep := strings.Repeat("01 07000000 01000000", 5) + "01 01000000" + half + two
	for name, tt := range map[string]struct{ blob, want string }{
		"nothing":           {"", "does not begin"},
		"bare WKB":          {"01 01000000" + half + two, "does not begin"},
		"extended":          {"47500021 E6100000", "extended type"},
		"envelope":          {"4750000B E6100000", "envelope"},
		"cut short":         {header + "01 01000000" + half, "cut short"},
		"a count too large": {header + "01 02000000 FFFFFFFF" + half + two, "cut short"},
		"more behind":       {header + "01 01000000" + half + two + "00", "1 bytes stand behind"},
		"byte order":        {header + "02 01000000" + half + two, "byte order is 2"},
		"curve":             {header + "01 08000000 00000000", "type 8, such as a curve"},
		"no such type":      {header + "01 A10F0000" + half + two, "not one of those there are"},
		"deep":              {header + deep, "nest more than 4"},
		"a line in points":  {header + "01 04000000 01000000 01 02000000 01000000" + half + two, "member 1 is a LineString"},
	} {
		if _, _, err := gpkg.DecodeGeometry(blob(t, tt.blob)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, tt.want)
		}
	}
}

// Whatever the bytes, reading ends; what was read, written by another library
// and read again is the same.
func FuzzDecodeGeometry(f *testing.F) {
	for _, seed := range []string{
		header + "01 01000000" + half + two,
		header + "01 07000000 01000000 01 02000000 02000000" + half + two + two + two,
		header + "01 EB030000 01000000 04000000" + strings.Repeat(zero, 12),
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(seed, " ", ""))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, _, err := gpkg.DecodeGeometry(b)
		if err != nil || g == nil {
			return
		}
		written, err := wkb.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		begin, _ := hex.DecodeString(header)
		again, _, err := gpkg.DecodeGeometry(append(begin, written...))
		if err != nil {
			t.Fatalf("%v: %v", g, err)
		}
		if twice, err := wkb.Marshal(again); err != nil || !bytes.Equal(written, twice) {
			t.Fatalf("%v became %v, %v", g, again, err)
		}
	})
}
