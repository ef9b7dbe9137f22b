package kml_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/format/kml"
)

// TestGDALReadsItBack holds what GDAL's LIBKML understands: names, types,
// times, Cyrillic, geometries, no geometry.
func TestGDALReadsItBack(t *testing.T) {
	path, err := exec.LookPath("ogrinfo")
	if err != nil {
		message := "ogrinfo is not on this machine (Debian package gdal-bin)"
		if os.Getenv("CI") == "true" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	later := geo.DateTimeValue(noon.AddDate(0, 0, 1))
	fs := []geo.Feature{
		{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("Обстрел"), geo.StringValue("Ак-Сай"),
			geo.IntValue(-12345678901), geo.NumberValue(0.1), geo.BoolValue(true), geo.DateValue(noon), later, geo.ListValue([]string{"KG", "TJ"})}},
		{ID: "b", Values: make([]geo.Value, 8)},
		{ID: "c", Geometry: orb.MultiLineString{{{70, 40}, {71, 41}}, {{72, 42}, {73, 43}}}, Values: make([]geo.Value, 8)},
	}
	file := filepath.Join(t.TempDir(), "incidents.kml")
	text := encode(t, formattest.Schema(), kml.Options{Name: "title", Start: "start", End: "recorded"}, fs...)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "-ro", "-al", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{
		"driver `LIBKML'", "Layer name: incidents", "Feature Count: 3", "Name (String) = Обстрел", "место (String) = Ак-Сай",
		"killed_low (Real) = -12345678901", "uncertainty_km (Real) = 0.1", "confirmed (Integer) = 1", "start (String) = 2022-09-16",
		"recorded (String) = 2022-09-17T12:00:00Z", `parties (String) = ["KG","TJ"]`, "begin (DateTime) = 2022/09/16",
		"end (DateTime) = 2022/09/17 12:00:00", "POINT (70.5 40.25)", "id (String) = a", "Name (String) = b",
		"MULTILINESTRING ((70 40,71 41),(72 42,73 43))",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
}
