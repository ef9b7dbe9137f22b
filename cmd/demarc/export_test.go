package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"demarc/server"
)

// exportTo runs `demarc export` with the flags and returns what it wrote.
func exportTo(t *testing.T, flags ...string) []byte {
	t.Helper()
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"export"}, flags...)...)
	cmd.Env = environWithoutSettings()
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("demarc export %v: %v\n%s", flags, err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return out
}

// The file has what the API has, whatever the size of its pages.
func TestExportIsWhatTheAPIHas(t *testing.T) {
	base := startServer(t)
	for _, collection := range collectionIDs(t, base) {
		want, _ := fetchItems(t, base, collection, "")
		compareExport(t, want, exportTo(t, "--collection", collection))
	}
	const filter = "killed_high > 0 AND T_INTERSECTS(INTERVAL(start, end), INTERVAL('2022-09-14', '2022-09-17'))"
	want, _ := fetchItems(t, base, "incidents", query("filter", filter, "bbox", "69,38,72,41"))
	if len(want) < 2 {
		t.Fatalf("the filter selects %d incidents, too few to tell", len(want))
	}
	compareExport(t, want, exportTo(t, "--collection", "incidents", "--filter", filter, "--bbox", "69,38,72,41"))
}

func compareExport(t *testing.T, want []feature, raw []byte) {
	t.Helper()
	var doc struct {
		Attribution    string
		NumberReturned int
		Features       []feature
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatalf("%v\n%.300s", err, raw)
	}
	if doc.Attribution == "" || doc.NumberReturned != len(doc.Features) || len(doc.Features) != len(want) {
		t.Fatalf("attribution %q, numberReturned %d, %d features, want %d", doc.Attribution, doc.NumberReturned, len(doc.Features), len(want))
	}
	for i, f := range doc.Features {
		if f.ID != want[i].ID || string(f.Geometry) != string(want[i].Geometry) || len(f.Properties) != len(want[i].Properties) {
			t.Fatalf("feature %d is %s, want %s with the same geometry and properties", i, f.ID, want[i].ID)
		}
		for name, value := range want[i].Properties {
			if string(f.Properties[name]) != string(value) {
				t.Fatalf("%s: %s is %s, want %s", f.ID, name, f.Properties[name], value)
			}
		}
	}
}

// The formats of the flag are those that there are.
func TestExportFormatsAreListed(t *testing.T) {
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range server.ExportFormats() {
		file := filepath.Join(t.TempDir(), "places")
		cmd := exec.Command(program, "export", "--collection", "places", "--format", format, "-o", file)
		cmd.Env = environWithoutSettings()
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), " features of places in ") {
			t.Errorf("%s: %v %s", format, err, out)
		}
		if info, err := os.Stat(file); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v %v", format, info, err)
		}
	}
}

// A file is replaced whole or not at all.
func TestReplaceFileIsAtomic(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "out.csv")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	err := replaceFile(file, func(w io.Writer) error {
		if _, err := w.Write([]byte("half")); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(file); string(got) != "old" {
			t.Errorf("while it is written the file holds %q", got)
		}
		return full
	})
	if got, _ := os.ReadFile(file); !errors.Is(err, full) || string(got) != "old" {
		t.Errorf("after an error: %v, %q", err, got)
	}
	if err := replaceFile(file, func(w io.Writer) error { _, err := w.Write([]byte("new")); return err }); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(file)
	entries, _ := os.ReadDir(dir)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if string(got) != "new" || !slices.Equal(names, []string{"out.csv"}) {
		t.Errorf("the file holds %q; the folder %v", got, names)
	}
}

// docs/formats.md has every format of the API and of the flag.
func TestFormatsAreDocumented(t *testing.T) {
	text := document(t, "formats.md")
	for _, row := range []string{
		"| `json` | `geojson` |", "| `jsonfg` | `jsonfg` |", "| `jsonseq` | `geojsonseq` |", "| `ndjson` | – |", "| `csv` | `csv` |",
		"| `fgb` | `fgb` |", "| `parquet` | `geoparquet` |", "| `gpkg` | `gpkg` |", "| `kml` | `kml` |", "| `html` | – |",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("docs/formats.md has no row %s", row)
		}
	}
	var definition struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Name   string
					Schema struct{ Enum []string }
				}
			}
		}
	}
	base := startServer(t)
	fetchJSON(t, base+"/api?f=json", &definition)
	listed := 0
	for _, p := range definition.Paths["/collections/incidents/items"].Get.Parameters {
		for _, name := range p.Schema.Enum {
			if p.Name == "f" {
				listed++
				if !strings.Contains(text, "\n| `"+name+"` | ") {
					t.Errorf("docs/formats.md has no row for f=%s", name)
				}
			}
		}
	}
	for _, name := range server.ExportFormats() {
		if !strings.Contains(text, "| `"+name+"` | ") {
			t.Errorf("docs/formats.md has no row for --format %s", name)
		}
	}
	if listed < 9 {
		t.Errorf("the definition lists %d formats", listed)
	}
}
