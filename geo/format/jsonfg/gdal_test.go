package jsonfg_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/jsonfg"
)

// TestGDALReadsTheFallback holds that a reader of plain GeoJSON, as GDAL 3.6 is,
// finds the geometry in CRS84 and the types of the properties.
func TestGDALReadsTheFallback(t *testing.T) {
	path, err := exec.LookPath("ogrinfo")
	if err != nil {
		message := "ogrinfo is not on this machine (Debian package gdal-bin)"
		if os.Getenv("CI") == "true" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	sc := &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "title"}, {Name: "start", Type: geo.Date}, {Name: "parties", Type: geo.StringList}}}
	text := encode(t, sc, jsonfg.Options{CRS: crs.EPSG28412, Fallback: true, Start: "start"},
		geo.Feature{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{
			geo.StringValue("Ак-Сай"), geo.DateValue(noon), geo.ListValue([]string{"KG", "TJ"})}},
		geo.Feature{ID: "b", Values: make([]geo.Value, 3)})
	file := filepath.Join(t.TempDir(), "incidents.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "-ro", "-al", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{
		"Feature Count: 2", "title: String", "start: Date", "parties: StringList", "POINT (70.5 40.25)",
		"Ак-Сай", "2022/09/16", "(2:KG,TJ)", `ID["EPSG",4326]`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
}
