package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var fieldLine = regexp.MustCompile(`(?m)^([\w:]+): (\w+(?:\(\w+\))?) \(0\.0\)`)

// gdalFields returns the fields that ogrinfo sees, "name type", in their order.
func gdalFields(t *testing.T, base, collection string) []string {
	t.Helper()
	out := runProgram(t, needProgram(t, "ogrinfo", debianGDAL), "-ro", "-so", "OAPIF:"+base, collection)
	var fields []string
	for _, m := range fieldLine.FindAllStringSubmatch(out, -1) {
		fields = append(fields, m[1]+" "+m[2])
	}
	return fields
}

// GDAL takes the types of fields from the schema that describes a collection,
// not from the values of the ten features that it sees first.
func TestGDALTakesTypesFromTheSchema(t *testing.T) {
	var lines []string
	for i := range 30 {
		day, size, long, truth := "null", "300", "5", "null"
		if i > 20 { // none of this is on the first page
			day, size, long, truth = `"2022-09-16"`, "0.5", "5025736123", "true"
		}
		lines = append(lines, fmt.Sprintf(`{"type":"Feature","geometry":null,"properties":{"zone":"x","day":%s,"area":%s,"osm":%s,"open":%s}}`, day, size, long, truth))
	}
	file := filepath.Join(t.TempDir(), "camps.geojsonl")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	base := startServer(t, "--layer", "camps="+file)
	if got, want := gdalFields(t, base, "camps"), []string{"id String", "zone String", "day Date", "area Real", "osm Real", "open Integer(Boolean)"}; !slices.Equal(got, want) {
		t.Errorf("a layer has %v, want %v", got, want)
	}
	got := gdalFields(t, base, "incidents")
	for _, want := range []string{"title String", "start Date", "end Date", "uncertainty_km Real", "killed_low Integer", "segment_m Real", "parties String"} {
		if !slices.Contains(got, want) {
			t.Errorf("incidents have no %q: %v", want, got)
		}
	}
	var order []string
	for _, f := range got {
		order = append(order, strings.Fields(f)[0])
	}
	if want := []string{"id", "title", "type"}; len(order) < 3 || !slices.Equal(order[:3], want) {
		t.Errorf("the fields stand in the order %v", order)
	}
}
