package csv_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/csv"
	"demarc/geo/format/formattest"
)

// TestGDALReadsItBack converts a file and its .csvt to GeoJSON by ogr2ogr and
// compares what GDAL understood: names, types, values, geometries.
func TestGDALReadsItBack(t *testing.T) {
	when := time.Date(2022, 9, 16, 14, 0, 5, 0, time.UTC)
	fs := []geo.Feature{
		{ID: "=1", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{
			geo.StringValue("Обстрел у \"Ак-Сай\",\nдень"), geo.StringValue("Ак-Сай"), geo.IntValue(-9007199254740993),
			geo.NumberValue(0.1), geo.BoolValue(true), geo.DateValue(when), geo.DateTimeValue(when),
			geo.ListValue([]string{"KG", `T"J, x`})}},
		{ID: "b", Geometry: orb.MultiPolygon{{{{70, 40}, {71, 40}, {71, 41}, {70, 40}}}}, Values: make([]geo.Value, 8)},
		{ID: "c", Values: make([]geo.Value, 8)},
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "incidents.csv")
	for path, text := range map[string]string{
		file: encode(t, formattest.Schema(), csv.Options{}, fs...), file + "t": "String,String,String,Integer64,Real,Integer(Boolean),Date,DateTime,JSonStringList,CoordX,CoordY,WKT\r\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got any
	out := formattest.GDAL(t, "ogr2ogr", "-f", "GeoJSON", "/vsistdout/", file, "-oo", "EMPTY_STRING_AS_NULL=YES", "-lco", "COORDINATE_PRECISION=9")
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if !strings.Contains(string(out), "-9007199254740993") { // cmp sees both as float64
		t.Errorf("the integer lost its last digit: %s", out)
	}
	var want any
	if err := json.Unmarshal([]byte(gdalUnderstood), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.(map[string]any)["features"]); diff != "" {
		t.Errorf("%s\n%s", diff, out)
	}
}

const gdalUnderstood = `[
{"type":"Feature","properties":{"id":"'=1","title":"Обстрел у \"Ак-Сай\",\nдень","место":"Ак-Сай","killed_low":-9007199254740993,
 "uncertainty_km":0.1,"confirmed":true,"start":"2022-09-16","recorded":"2022-09-16T14:00:05Z","parties":["KG","T\"J, x"],
 "lon":70.5,"lat":40.25,"WKT":"POINT(70.5 40.25)"},"geometry":{"type":"Point","coordinates":[70.5,40.25]}},
{"type":"Feature","properties":{"id":"b","title":null,"место":null,"WKT":"MULTIPOLYGON(((70 40,71 40,71 41,70 40)))"},
 "geometry":{"type":"MultiPolygon","coordinates":[[[[70,40],[71,40],[71,41],[70,40]]]]}},
{"type":"Feature","properties":{"id":"c","title":null,"место":null,"WKT":null},"geometry":null}]`
