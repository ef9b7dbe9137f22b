package gpkg_test

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/formattest"
	"demarc/geo/format/gpkg"
)

// What is written is read, and its envelope is its box: min x, max x, min y, max y.
func TestAppendGeometryIsTheInverse(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		for _, f := range formattest.Features(formattest.Schema()).Draw(r, "features") {
			if f.Geometry == nil {
				continue
			}
			blob, err := gpkg.AppendGeometry([]byte("kept"), f.Geometry, 32642)
			if err != nil || string(blob[:4]) != "kept" {
				r.Fatal(err)
			}
			blob = blob[4:]
			g, srs, err := gpkg.DecodeGeometry(blob)
			if err != nil || srs != 32642 || !orb.Equal(g, f.Geometry) {
				r.Fatalf("%v became %v, srs %d, %v", f.Geometry, g, srs, err)
			}
			if _, isPoint := f.Geometry.(orb.Point); isPoint {
				continue // it has none
			}
			box := geo.BBoxOf(f.Geometry)
			for i, want := range []float64{box.West, box.East, box.South, box.North} {
				if got := math.Float64frombits(binary.LittleEndian.Uint64(blob[8+8*i:])); got != want {
					r.Fatalf("number %d of the envelope of %v is %v, want %v", i, f.Geometry, got, want)
				}
			}
		}
	})
}

func TestAppendGeometry(t *testing.T) {
	for name, tt := range map[string]struct {
		g    orb.Geometry
		want string
	}{
		"point":          {orb.Point{0.5, 2}, "47500001 E6100000 01 01000000" + half + two},
		"line":           {orb.LineString{{0.5, 2}, {2, 0.5}}, "47500003 E6100000" + half + two + half + two + "01 02000000 02000000" + half + two + two + half},
		"empty":          {orb.MultiPoint{}, "47500011 E6100000 01 04000000 00000000"},
		"empty in parts": {orb.Collection{orb.MultiPoint{}}, "47500011 E6100000 01 07000000 01000000 01 04000000 00000000"},
	} {
		got, err := gpkg.AppendGeometry(nil, tt.g, 4326)
		if want := strings.ToLower(strings.ReplaceAll(tt.want, " ", "")); err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, %v, want %s", name, got, err, want)
		}
	}
	if _, err := gpkg.AppendGeometry(nil, nil, 4326); err == nil {
		t.Error("a nil geometry is written")
	}
}

// The statements of a table say what its fields are.
func TestTableOfASchema(t *testing.T) {
	sc := &geo.Schema{Collection: "camps", Fields: []geo.Field{{Name: "name"}, {Name: "Name", Type: geo.Integer}, {Name: "from", Type: geo.Date}}}
	table := gpkg.NewTable(sc, gpkg.Options{Geometry: "geom", CRS: crs.EPSG28412})
	if diff := cmp.Diff(`INSERT INTO "camps" ("fid", "geom", "id", "name", "Name_2", "from") VALUES (?, ?, ?, ?, ?, ?)`, table.Insert()); diff != "" {
		t.Error(diff)
	}
	var all []string
	for _, s := range table.Define() {
		if n := strings.Count(s.SQL, "?"); n != len(s.Args) {
			t.Errorf("%d arguments for %d places in %s", len(s.Args), n, s.SQL)
		}
		all = append(all, s.SQL)
	}
	want := `CREATE TABLE "camps" ("fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "geom" GEOMETRY, "id" TEXT NOT NULL UNIQUE, "name" TEXT, "Name_2" INTEGER, "from" DATE)`
	if !strings.Contains(strings.Join(all, "\n"), want) || len(all) < 5 {
		t.Errorf("no %s in\n%s", want, strings.Join(all, "\n"))
	}
	row, err := table.Row(7, &geo.Feature{ID: "a", Values: make([]geo.Value, 3)}, nil)
	if diff := cmp.Diff([]any{int64(7), nil, "a", nil, nil, nil}, row); diff != "" || err != nil {
		t.Error(err, diff)
	}
}
