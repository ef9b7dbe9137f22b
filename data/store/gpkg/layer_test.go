package gpkg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/store/gpkg"
	"demarc/geo"
	"demarc/geo/format/geojson"
)

// camps is a layer with Cyrillic, nulls, days, instants, several types of
// geometry and heights.
const camps = `{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[70.5,40.25,812.5]},"properties":{"name":"Лагерь «Ворух» – ӯҷқ","people":12,"area":1.5,"built":"2021-05-02","seen":"2022-09-16T14:00:00Z","open":true}},
{"type":"Feature","geometry":null,"properties":{"name":null,"people":null,"area":null,"built":null,"seen":null,"open":null}},
{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[70,40],[71,40],[71,41],[70,40]]]]},"properties":{"name":"b","people":-3,"area":0.1,"built":"1999-12-31","seen":"2022-09-14T00:00:00Z","open":false}},
{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[70,40]},{"type":"LineString","coordinates":[[70,40],[71,41]]}]},"properties":{"name":"c","people":0,"area":2,"built":"2000-01-01","seen":"2022-09-14T00:00:00Z","open":false}}
]}`

// ogr runs ogr2ogr in a folder and returns the folder.
func ogr(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ogr2ogr is missing (Debian: gdal-bin)")
		}
		t.Skip("ogr2ogr is missing (Debian: gdal-bin)")
	}
	cmd := exec.Command("ogr2ogr", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// campsFile writes camps as a GeoPackage with GDAL and returns its path.
func campsFile(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "camps.geojson"), []byte(camps), 0o600); err != nil {
		t.Fatal(err)
	}
	ogr(t, dir, append([]string{"-nlt", "GEOMETRY", "-dim", "XYZ", "camps.gpkg", "camps.geojson"}, args...)...)
	return filepath.Join(dir, "camps.gpkg")
}

func features(l *data.Layer) []string {
	var out []string
	for i := range l.Features {
		b, _ := geojson.AppendFeature(nil, &l.Schema, &l.Features[i])
		out = append(out, string(b))
	}
	return out
}

func TestReadLayer(t *testing.T) {
	l, err := gpkg.ReadLayer(context.Background(), "camps", campsFile(t, "-mo", "LICENCE=CC-BY-4.0", "-mo", "ATTRIBUTION=Кто-то", "-nln", "лагеря", "-lco", "IDENTIFIER=Camps", "-lco", "DESCRIPTION=Where"), "")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"type":"Feature","id":"1","geometry":{"type":"Point","coordinates":[70.5,40.25]},"properties":{"name":"Лагерь «Ворух» – ӯҷқ","people":12,"area":1.5,"built":"2021-05-02","seen":"2022-09-16T14:00:00Z","open":true}}`,
		`{"type":"Feature","id":"2","geometry":null,"properties":{"name":null,"people":null,"area":null,"built":null,"seen":null,"open":null}}`,
		`{"type":"Feature","id":"3","geometry":{"type":"MultiPolygon","coordinates":[[[[70,40],[71,40],[71,41],[70,40]]]]},"properties":{"name":"b","people":-3,"area":0.1,"built":"1999-12-31","seen":"2022-09-14T00:00:00Z","open":false}}`,
		`{"type":"Feature","id":"4","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[70,40]},{"type":"LineString","coordinates":[[70,40],[71,41]]}]},"properties":{"name":"c","people":0,"area":2.0,"built":"2000-01-01","seen":"2022-09-14T00:00:00Z","open":false}}`,
	}
	if diff := cmp.Diff(want, features(l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var types []string
	for _, f := range l.Schema.Fields {
		types = append(types, f.Type.String())
	}
	if diff := cmp.Diff([]string{"string", "integer", "number", "date", "date-time", "boolean"}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	said := []string{l.Name, l.Title, l.Description, l.GeometryName, l.Licence, l.Attribution}
	if diff := cmp.Diff([]string{"camps", "Camps", "Where", "geom", "CC-BY-4.0", "Кто-то"}, said); diff != "" || !l.HasGeometry {
		t.Errorf("what the file says (-want +got):\n%s", diff)
	}
}

// Every CRS that geo/crs knows comes out in CRS84, as GDAL, that is PROJ, has it.
func TestReadLayerInOtherCRS(t *testing.T) {
	for _, code := range []string{"3857", "32642", "32643", "4284", "28412"} {
		path := campsFile(t, "-t_srs", "EPSG:"+code, "-where", "people = 12")
		l, err := gpkg.ReadLayer(context.Background(), "camps", path, "")
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		box := geo.BBoxOf(l.Features[0].Geometry)
		if dx, dy := box.West-70.5, box.South-40.25; dx < -5e-5 || dx > 5e-5 || dy < -5e-5 || dy > 5e-5 {
			t.Errorf("EPSG:%s: the camp at 70.5, 40.25 is at %v, %v", code, box.West, box.South)
		}
	}
}

// Reading makes no file beside it and changes nothing, also where the file is in
// WAL mode, as a program left it that has closed it: SQLite would put files there.
func TestReadLayerLeavesNoTrace(t *testing.T) {
	for _, mode := range []byte{1, 2} { // of the file's header (SQLite file format §1.3.3)
		path := campsFile(t)
		if err := os.Remove(filepath.Join(filepath.Dir(path), "camps.geojson")); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before[18], before[19] = mode, mode
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
		folder, err := os.Stat(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gpkg.ReadLayer(context.Background(), "camps", path, "camps"); err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(path)
		if err != nil || string(after) != string(before) {
			t.Errorf("mode %d: the file has changed, %v", mode, err)
		}
		// A file that came and went would have changed the folder.
		now, err := os.Stat(filepath.Dir(path))
		if err != nil || !now.ModTime().Equal(folder.ModTime()) {
			t.Errorf("mode %d: the folder has changed, %v", mode, err)
		}
	}
}

// A table without geometry is a layer too.
func TestReadLayerOfAttributes(t *testing.T) {
	path := campsFile(t, "-nlt", "NONE", "-lco", "ASPATIAL_VARIANT=GPKG_ATTRIBUTES")
	l, err := gpkg.ReadLayer(context.Background(), "camps", path, "")
	if err != nil {
		t.Fatal(err)
	}
	if l.HasGeometry || len(l.Features) != 4 || l.Features[3].Values[0].Text() != "c" {
		t.Errorf("got %v", features(l))
	}
}

// sqlite runs statements on a file by GDAL, which has SQLite's own SQL there.
func sqlite(t *testing.T, path string, statements ...string) {
	t.Helper()
	for _, s := range statements {
		cmd := exec.Command("ogrinfo", path, "-sql", s, "-q")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", s, err, out)
		}
	}
}

func TestReadLayerFaults(t *testing.T) {
	two := func(t *testing.T) string {
		path := campsFile(t)
		ogr(t, filepath.Dir(path), "-update", "-nln", "other", "camps.gpkg", "camps.geojson")
		return path
	}
	changed := func(args []string, statements ...string) func(t *testing.T) string {
		return func(t *testing.T) string {
			path := campsFile(t, args...)
			sqlite(t, path, statements...)
			return path
		}
	}
	for name, tt := range map[string]struct {
		file  func(t *testing.T) string
		table string
		want  []string
	}{
		"several layers": {two, "", []string{"camps.gpkg: has 2 layers; name one as NAME=FILE#LAYER; the layers there are: camps, other"}},
		"no such layer":  {two, "third", []string{`camps.gpkg: has no layer of this name (found "third"); the layers there are: camps, other`}},
		"unknown CRS": {func(t *testing.T) string { return campsFile(t, "-a_srs", "EPSG:32645") }, "",
			[]string{"camps.gpkg:camps: is in a coordinate reference system that is not known here (found \"EPSG:32645, WGS 84 / UTM zone 45N\"); convert it"}},
		"no CRS": {func(t *testing.T) string { return campsFile(t, "-a_srs", "None") }, "", []string{"is in a coordinate reference system that is not known here (found \"NONE:"}},
		"out of range": {func(t *testing.T) string {
			path := campsFile(t, "-where", "people = 12", "-t_srs", "EPSG:3857")
			ogr(t, filepath.Dir(path), "-a_srs", "EPSG:4326", "said.gpkg", "camps.gpkg")
			return filepath.Join(filepath.Dir(path), "said.gpkg")
		}, "",
			[]string{"said.gpkg:camps:row 1: the geometry is not valid: the longitude is not between -180 and 180 at lon 7.848"}},
		"values": {changed(nil, "UPDATE camps SET built = 'soon', open = 7, people = 'many', area = 'x' WHERE fid = 3", "UPDATE camps SET seen = 'then' WHERE fid = 4"), "",
			[]string{
				`camps.gpkg:camps:row 3: the value of people is not of its type (found "many"); it is declared as MEDIUMINT: found a text`,
				`camps.gpkg:camps:row 3: the value of area is not of its type (found "x"); it is declared as REAL: found a text`,
				`camps.gpkg:camps:row 3: the value of built is not of its type (found "soon"); it is declared as DATE: write a day as YYYY-MM-DD`,
				`camps.gpkg:camps:row 3: the value of open is not of its type (found "7"); it is declared as BOOLEAN`,
				`camps.gpkg:camps:row 4: the value of seen is not of its type (found "then"); it is declared as DATETIME: write an instant`,
			}},
		"geometry": {func(t *testing.T) string {
			path := campsFile(t)
			ogr(t, filepath.Dir(path), "-update", "-overwrite", "-nln", "camps", "-a_srs", "EPSG:4326", "-dialect", "SQLite", "-sql", "SELECT ST_GeomFromText('POLYGON((0 0,2 2,2 0,0 2,0 0))') AS geom", "camps.gpkg", "camps.geojson")
			return path
		}, "", []string{"row 1: the geometry is not valid: the ring meets itself at lon 1, lat 1; mend it, as ogr2ogr -makevalid does"}},
		"not a GeoPackage": {changed(nil, "DROP TABLE gpkg_contents"), "", []string{"camps.gpkg: cannot be read as a GeoPackage: SQL logic error: no such table: gpkg_contents"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := gpkg.ReadLayer(context.Background(), "camps", tt.file(t), tt.table)
			var input *geo.InputError
			if !errors.As(err, &input) {
				t.Fatalf("got %v, want faults", err)
			}
			got := strings.Split(input.Error(), "\n")
			if len(got) < len(tt.want) {
				t.Fatalf("got %q", got)
			}
			for i := range tt.want {
				if !strings.Contains(got[i], tt.want[i]) {
					t.Errorf("got %q, want %q in it", got[i], tt.want[i])
				}
			}
		})
	}
}

// A file that is cut short is refused, not half read.
func TestReadLayerOfBrokenFile(t *testing.T) {
	path := campsFile(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{20, 100, 4096, len(whole) / 2} {
		broken := filepath.Join(t.TempDir(), fmt.Sprint(size, ".gpkg"))
		if err := os.WriteFile(broken, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := gpkg.ReadLayer(context.Background(), "camps", broken, "")
		var input *geo.InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), "cannot be read as a GeoPackage") {
			t.Errorf("%d of %d bytes: %v", size, len(whole), err)
		}
	}
}
