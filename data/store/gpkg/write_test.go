package gpkg_test

import (
	"bytes"
	"context"
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

	"demarc/data/store/gpkg"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/formattest"
	format "demarc/geo/format/gpkg"
)

var noon = time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)

// write writes features into a file and returns its name.
func write(t *testing.T, sc *geo.Schema, o format.Options, features ...geo.Feature) string {
	t.Helper()
	var b bytes.Buffer
	e := gpkg.NewEncoder(&b, sc, o)
	for i := range features {
		if err := e.Encode(&features[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "written.gpkg")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// everyType is a feature with a value of every type, and its like with none.
func everyType() []geo.Feature {
	return []geo.Feature{
		{ID: "ё-1", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{
			geo.StringValue("Обстрел у села Ак-Сай"), geo.StringValue(""), geo.IntValue(1<<53 + 1), geo.NumberValue(0.1),
			geo.BoolValue(true), geo.DateValue(noon), geo.DateTimeValue(noon), geo.ListValue([]string{"KG", "TJ; \"x\""})}},
		{ID: "2", Values: make([]geo.Value, 8)},
	}
}

func TestGDALReadsWhatWasWritten(t *testing.T) {
	sc := formattest.Schema()
	sc.Fields[0].Title, sc.Fields[0].Doc = "Заголовок", "What happened."
	sc.Fields[1].Enum = []geo.Term{{ID: "AS", Title: "Ак-Сай"}, {ID: "V", Title: "Ворух"}}
	sc.Fields[3].Unit = "km"
	file := write(t, sc, format.Options{Geometry: "geometry", Title: "Происшествия", Description: "What was <claimed> & more",
		Licence: "CC-BY-4.0", Attribution: "demarc & <others>", Changed: noon}, everyType()...)
	out := string(formattest.GDAL(t, "ogrinfo", "-ro", "-al", file))
	for _, want := range []string{
		"Layer name: incidents", "Geometry: Point", "Feature Count: 2", "Extent: (70.500000, 40.250000) - (70.500000, 40.250000)", `ID["EPSG",4326]`,
		"FID Column = fid", "Geometry Column = geometry", "LICENCE=CC-BY-4.0", "ATTRIBUTION=demarc & <others>",
		"DESCRIPTION=What was <claimed> & more", "IDENTIFIER=Происшествия",
		"id: String (0.0) UNIQUE NOT NULL", "title: String", "место: String (0.0), domain name=incidents_место", "killed_low: Integer64", "uncertainty_km: Real",
		"confirmed: Integer(Boolean)", "start: Date ", "recorded: DateTime", "parties: String(JSON)",
		"id (String) = ё-1", "title (String) = Обстрел у села Ак-Сай", "место (String) = \n", "killed_low (Integer64) = 9007199254740993", "uncertainty_km (Real) = 0.1",
		"confirmed (Integer(Boolean)) = 1", "start (Date) = 2022/09/16", "recorded (DateTime) = 2022/09/16 12:00:00+00", `= ["KG","TJ; \"x\""]`, "POINT (70.5 40.25)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

// TestRoundTrip holds that what was written is read again as it went: names,
// types, values, geometries, in their order.
func TestRoundTrip(t *testing.T) {
	sc := formattest.Schema()
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		features := formattest.Features(sc).Draw(r, "features")
		system := rapid.SampledFrom([]crs.CRS{crs.CRS84, crs.EPSG4326}).Draw(r, "crs")
		for i := range features {
			features[i].ID = fmt.Sprint(i, features[i].ID)
		}
		file, err := os.Create(filepath.Join(dir, "drawn.gpkg"))
		if err != nil {
			r.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		e := gpkg.NewEncoder(file, sc, format.Options{Geometry: "geom", CRS: system})
		for i := range features {
			if err := e.Encode(&features[i]); err != nil {
				r.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			r.Fatal(err)
		}
		l, err := gpkg.ReadLayer(context.Background(), "incidents", file.Name(), "")
		if err != nil {
			var input *geo.InputError
			if errors.As(err, &input) && strings.Contains(err.Error(), "the geometry is not valid") {
				return // drawn at random, it may cross itself
			}
			r.Fatal(err)
		}
		if len(l.Features) != len(features) {
			r.Fatalf("%d features came back of %d", len(l.Features), len(features))
		}
		for i := range features {
			want, got := features[i], l.Features[i]
			if (want.Geometry == nil) != (got.Geometry == nil) || want.Geometry != nil && !orb.Equal(want.Geometry, got.Geometry) {
				r.Fatalf("geometry %v became %v", want.Geometry, got.Geometry)
			}
			if id, _ := got.Values[0].Str(); id != want.ID {
				r.Fatalf("id %q became %q", want.ID, id)
			}
			for j, v := range want.Values {
				if !got.Values[j+1].Equal(v) {
					r.Fatalf("%s: %q became %q", sc.Fields[j].Name, v.Text(), got.Values[j+1].Text())
				}
			}
		}
	})
}

// Names that SQLite or the standard do not allow, or take for the same.
func TestNamesOfTablesAndColumns(t *testing.T) {
	for collection, table := range map[string]string{"gpkg_contents": "layer_gpkg_contents", "sqlite_x": "layer_sqlite_x", "rtree_a_b": "layer_rtree_a_b", "a-b": "a-b", "": "features"} {
		sc := &geo.Schema{Collection: collection, Fields: []geo.Field{{Name: "Name"}, {Name: "name"}, {Name: "ID", Type: geo.Integer}, {Name: "fid", Type: geo.Number},
			{Name: `a"b`}, {Name: ""}, {Name: "geom"}, {Name: "select"}, {Name: "место", Title: "Name"}, {Name: "x", Title: "Name"}}}
		file := write(t, sc, format.Options{Geometry: "geom"}, geo.Feature{ID: "a", Geometry: orb.Point{70, 40}, Values: []geo.Value{
			geo.StringValue("1"), geo.StringValue("2"), geo.IntValue(3), geo.NumberValue(4), geo.StringValue("5"), geo.StringValue("6"),
			geo.StringValue("7"), geo.StringValue("8"), geo.StringValue("9"), geo.StringValue("10")}})
		l, err := gpkg.ReadLayer(context.Background(), "back", file, table)
		if err != nil {
			t.Fatalf("%q: %v", collection, err)
		}
		var got []string
		for i, f := range l.Schema.Fields {
			got = append(got, f.Name+"="+l.Features[0].Values[i].Text())
		}
		want := []string{"id_2=a", "Name=1", "name_2=2", "ID=3", "fid=4", `a"b=5`, "unnamed=6", "geom=7", "select=8", "место=9", "x=10"}
		if diff := cmp.Diff(want, got); diff != "" || l.GeometryName != "geom_2" {
			t.Errorf("%q: geometry %s (-want +got):\n%s", collection, l.GeometryName, diff)
		}
		if out := string(formattest.GDAL(t, "ogrinfo", "-ro", "-so", "-al", file)); !strings.Contains(out, "Layer name: "+table+"\n") || !strings.Contains(out, "FID Column = fid_2") {
			t.Errorf("%q: %s", collection, out)
		}
	}
}

// A field of the ID's name is the ID, and is not there twice.
func TestFieldIsTheID(t *testing.T) {
	sc := &geo.Schema{Collection: "places", Fields: []geo.Field{{Name: "id"}}}
	l, err := gpkg.ReadLayer(context.Background(), "places", write(t, sc, format.Options{}, geo.Feature{ID: "a", Values: []geo.Value{geo.StringValue("a")}}), "")
	if err != nil || len(l.Schema.Fields) != 1 || l.HasGeometry || l.GeometryName != "" {
		t.Errorf("%v %+v", err, l)
	}
}

func TestGeometryTypeOfTheTable(t *testing.T) {
	point, line := orb.Point{70, 40}, orb.LineString{{70, 40}, {71, 41}}
	for name, tt := range map[string]struct {
		geometries []orb.Geometry
		want       string
	}{
		"none":       {nil, "Unknown (any)"},
		"null":       {[]orb.Geometry{nil}, "Unknown (any)"},
		"points":     {[]orb.Geometry{point, nil, point}, "Point"},
		"lines":      {[]orb.Geometry{nil, line}, "Line String"},
		"mixed":      {[]orb.Geometry{point, line, point}, "Unknown (any)"},
		"bounds":     {[]orb.Geometry{line.Bound(), orb.Ring{{70, 40}, {71, 40}, {71, 41}, {70, 40}}}, "Polygon"},
		"collection": {[]orb.Geometry{orb.Collection{point, line}}, "Geometry Collection"},
		"empty":      {[]orb.Geometry{orb.MultiPoint{}, orb.Collection{}}, "Unknown (any)"},
	} {
		var features []geo.Feature
		for i, g := range tt.geometries {
			features = append(features, geo.Feature{ID: fmt.Sprint(i), Geometry: g})
		}
		file := write(t, &geo.Schema{Collection: "shapes"}, format.Options{Geometry: "geometry"}, features...)
		out := string(formattest.GDAL(t, "ogrinfo", "-ro", "-al", file))
		if !strings.Contains(out, "Geometry: "+tt.want+"\n") || !strings.Contains(out, fmt.Sprintf("Feature Count: %d\n", len(features))) {
			t.Errorf("%s: want %s\n%s", name, tt.want, out)
		}
	}
}

// Coordinates have east first in every CRS; we and GDAL take them back to where
// they were.
func TestEveryCRS(t *testing.T) {
	want := orb.Point{71.5, 40.25}
	for _, c := range crs.All() {
		file := write(t, &geo.Schema{Collection: "shapes"}, format.Options{Geometry: "geometry", CRS: c}, geo.Feature{ID: "a", Geometry: want})
		code := c.Code()
		if c == crs.CRS84 {
			code = 4326
		}
		out := string(formattest.GDAL(t, "ogrinfo", "-ro", "-so", "-al", file))
		if !strings.Contains(out, fmt.Sprintf(`ID["EPSG",%d]]`, code)) {
			t.Errorf("%v: %s", c, out)
		}
		var x, y float64
		table := string(formattest.GDAL(t, "ogr2ogr", "-f", "CSV", "/vsistdout/", file, "-t_srs", "OGC:CRS84", "-lco", "GEOMETRY=AS_XY"))
		if _, err := fmt.Sscanf(table, "X,Y,id,\n%g,%g,a", &x, &y); err != nil || math.Abs(x-want[0])+math.Abs(y-want[1]) > 1e-4 {
			t.Errorf("%v: GDAL reads %s (%v)", c, table, err)
		}
		l, err := gpkg.ReadLayer(context.Background(), "shapes", file, "")
		if err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		if p := l.Features[0].Geometry.(orb.Point); math.Abs(p[0]-want[0])+math.Abs(p[1]-want[1]) > 1e-7 {
			t.Errorf("%v: %v came back for %v", c, p, want)
		}
	}
	e := gpkg.NewEncoder(&bytes.Buffer{}, &geo.Schema{}, format.Options{Geometry: "geometry", CRS: crs.EPSG32642})
	var input *geo.InputError
	if err := e.Encode(&geo.Feature{ID: "far", Geometry: orb.Point{-100, 10}}); !errors.As(err, &input) {
		t.Errorf("a position far from the zone: %v", err)
	}
	if err := errors.Join(e.Encode(&geo.Feature{ID: "near", Geometry: orb.Point{69, 40}}), e.Close()); err != nil {
		t.Errorf("after it: %v", err)
	}
}
