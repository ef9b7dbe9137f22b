package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// The formats of items that GDAL 3.6 reads: the value of f, the ending by which
// GDAL knows the file, and what it needs to be told.
var gdalFormats = []struct {
	name, ending string
	options      []string
}{
	{"jsonfg", ".json", nil},
	{"jsonseq", ".geojsons", nil},
	{"ndjson", ".geojsonl", nil},
	{"csv", ".csv", []string{"-oo", "EMPTY_STRING_AS_NULL=YES", "-oo", "KEEP_GEOM_COLUMNS=NO"}},
	{"fgb", ".fgb", nil},
	{"kml", ".kml", nil},
	{"gpkg", ".gpkg", nil},
}

// download saves an answer of the service and returns its header.
func download(t *testing.T, address, file string) http.Header {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s %v\n%.600s", address, resp.Status, err, body.Bytes())
	}
	if err := os.WriteFile(file, body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return resp.Header
}

// TestGDALFormats lets GDAL read every collection in every format that it knows,
// and compares every feature, attribute and position with the GeoJSON: names,
// numbers, dates, Cyrillic, lists, null, and no geometry.
func TestGDALFormats(t *testing.T) {
	ogr2ogr := needProgram(t, "ogr2ogr", debianGDAL)
	base := startServer(t)
	for _, collection := range collectionIDs(t, base) {
		want, matched := fetchItems(t, base, collection, "")
		for _, f := range gdalFormats {
			t.Run(collection+" as "+f.name, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), collection+f.ending)
				header := download(t, base+"/collections/"+collection+"/items?limit=10000&f="+f.name, file)
				if got := header.Get("OGC-NumberMatched"); got != strconv.Itoa(matched) {
					t.Errorf("OGC-NumberMatched %q, want %d", got, matched)
				}
				args := append([]string{"-f", "GeoJSON", "/vsistdout/", file, "-noNativeData", "-lco", "COORDINATE_PRECISION=15"}, f.options...)
				compareRead(t, want, runProgram(t, ogr2ogr, args...), f.name)
			})
		}
	}
}

// compareRead compares features with what GDAL read of them.
func compareRead(t *testing.T, want []feature, read, format string) {
	t.Helper()
	var doc struct{ Features []feature }
	if err := json.Unmarshal([]byte(read), &doc); err != nil {
		t.Fatalf("%v\n%.400s", err, read)
	}
	got := map[string]feature{}
	for _, f := range doc.Features {
		got[textOf(f, "id")] = f
	}
	if len(doc.Features) != len(want) || len(got) != len(want) {
		t.Fatalf("GDAL reads %d features with %d ids, the API has %d", len(doc.Features), len(got), len(want))
	}
	attributes, nulls := 0, 0
	for _, w := range want {
		g := got[w.ID]
		for name, value := range w.Properties {
			attributes++
			read, there := g.Properties[name]
			if !there && format == "kml" && name == "name" {
				read, there = g.Properties["Name"] // GDAL's name of KML's own element
			}
			if string(value) == "null" {
				nulls++
			}
			if !there && string(value) != "null" || !sameRead(value, read, format) {
				t.Errorf("feature %s: %s is %s, GDAL reads %s", w.ID, name, value, read)
			}
		}
		if err := sameGeometry(w, g); err != nil {
			t.Errorf("feature %s: %v", w.ID, err)
		}
		if t.Failed() {
			t.FailNow() // one feature's differences tell enough
		}
	}
	t.Logf("%d features, %d attributes, %d of them null", len(want), attributes, nulls)
}

// sameRead compares a property with what GDAL read of it in a format: a list may
// have become its JSON text, a number its digits in CSV, and a truth 0 or 1.
func sameRead(want, got json.RawMessage, format string) bool {
	if len(got) == 0 || string(got) == "null" {
		return string(want) == "null"
	}
	if sameValue(want, got) {
		return true
	}
	var w, g any
	if json.Unmarshal(want, &w) != nil || json.Unmarshal(got, &g) != nil {
		return false
	}
	text, isText := g.(string)
	switch w := w.(type) {
	case string:
		if list, isList := asList(g); isList { // GeoJSON has it as text
			return strings.Join(list, "; ") == w
		}
		// KML's time elements are read as times
		return format == "kml" && isText && strings.HasPrefix(strings.ReplaceAll(text, "/", "-"), w)
	case float64:
		x, err := strconv.ParseFloat(text, 64)
		return format == "csv" && err == nil && x == w
	case bool:
		return fmt.Sprint(w) == text || fmt.Sprint(g) == map[bool]string{true: "1", false: "0"}[w]
	}
	return false
}

// asList returns a list, which GDAL may have read as its JSON text.
func asList(read any) (list []string, ok bool) {
	if text, isText := read.(string); isText {
		return list, json.Unmarshal([]byte(text), &list) == nil
	}
	members, ok := read.([]any)
	for _, m := range members {
		list = append(list, fmt.Sprint(m))
	}
	return list, ok
}

// The types that GDAL tells of FlatGeobuf's columns.
func TestGDALFormatTypes(t *testing.T) {
	ogrinfo := needProgram(t, "ogrinfo", debianGDAL)
	base := startServer(t)
	file := filepath.Join(t.TempDir(), "incidents.fgb")
	download(t, base+"/collections/incidents/items?limit=10000&f=fgb&near=70,40", file)
	out := runProgram(t, ogrinfo, "-ro", "-so", "-al", file)
	for _, want := range []string{"Layer name: incidents", "title: String", "start: DateTime", "killed_low: Integer64", "uncertainty_km: Real",
		"parties: String ", "distance_m: Real", "Geometry: Point", `ID["EPSG",4326]`} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
}

// windowsAgree holds windows on a file to what the API gives for their boxes, and
// returns how many features were in them.
func windowsAgree(t *testing.T, ogr2ogr, base, collection, file string) (found int) {
	t.Helper()
	for _, box := range [][]string{{"69.5", "37", "71.25", "40.125"}, {"70.5", "39.75", "70.75", "40.1"}, {"68", "38", "68.8", "38.7"}, {"-10", "-10", "10", "10"}} {
		args := append([]string{"-f", "GeoJSON", "/vsistdout/", file, "-spat"}, box...)
		var doc struct{ Features []feature }
		if err := json.Unmarshal([]byte(quietly(t, ogr2ogr, args...)), &doc); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range doc.Features {
			got = append(got, textOf(f, "id"))
		}
		slices.Sort(got)
		features, _ := fetchItems(t, base, collection, query("bbox", strings.Join(box, ",")))
		if want := sortedIDs(features, feature.hasGeometry); !slices.Equal(got, want) {
			t.Errorf("%s in %v: GDAL finds %d %v, the API %d %v", collection, box, len(got), got, len(want), want)
		}
		found += len(got)
	}
	return found
}

// A window on a FlatGeobuf file gives what the API gives for that box.
func TestGDALWindowOnFlatGeobuf(t *testing.T) {
	ogr2ogr := needProgram(t, "ogr2ogr", debianGDAL)
	base := startServer(t)
	found := 0
	for _, collection := range []string{"incidents", "claims", "segments", "areas", "places"} {
		file := filepath.Join(t.TempDir(), collection+".fgb")
		download(t, base+"/collections/"+collection+"/items?limit=10000&f=fgb", file)
		found += windowsAgree(t, ogr2ogr, base, collection, file)
	}
	if found < 100 {
		t.Errorf("%d features were in the windows, too few to tell", found)
	}
}

// Debian's GDAL reads no Parquet, so another reader counts and reads the names.
func TestParquetHoldsEveryFeature(t *testing.T) {
	base := startServer(t)
	for _, collection := range collectionIDs(t, base) {
		want, _ := fetchItems(t, base, collection, "")
		file := filepath.Join(t.TempDir(), collection+".parquet")
		download(t, base+"/collections/"+collection+"/items?limit=10000&f=parquet", file)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pf, err := parquet.OpenFile(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatalf("%s: %v", collection, err)
		}
		if text, ok := pf.Lookup("geo"); !ok || !strings.Contains(text, `"primary_column":"geometry"`) {
			t.Errorf("%s: metadata geo is %q", collection, text)
		}
		if got := pf.NumRows(); got != int64(len(want)) {
			t.Errorf("%s: %d rows, want %d", collection, got, len(want))
		}
		columns := map[string]bool{}
		for _, column := range pf.Schema().Columns() {
			columns[column[0]] = true
		}
		for name := range want[0].Properties {
			if !columns[name] {
				t.Errorf("%s: no column %s", collection, name)
			}
		}
	}
}
