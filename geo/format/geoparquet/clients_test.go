package geoparquet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geoparquet"
)

// missing fails the test in CI and skips it, by name, elsewhere.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// npmModules returns a folder in which the packages are installed, in the
// user's cache, so that they are fetched once.
func npmModules(t *testing.T, packages ...string) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		missing(t, "npm is not on this machine (Debian package npm)")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "demarc-test", strings.NewReplacer("@", "-", "/", "-").Replace(strings.Join(packages, "-")))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	installed := filepath.Join(dir, "installed")
	if _, err := os.Stat(installed); err == nil {
		return dir
	}
	args := append([]string{"install", "--prefix", dir, "--no-audit", "--no-fund", "--prefer-offline"}, packages...)
	if out, err := exec.Command(npm, args...).CombinedOutput(); err != nil {
		missing(t, fmt.Sprintf("npm cannot install %v: %v\n%s", packages, err, out))
	}
	if err := os.WriteFile(installed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// scriptIn returns the path of a script that stands, for the test, in the
// folder, where it finds the modules.
func scriptIn(t *testing.T, dir, text string) string {
	t.Helper()
	f, err := os.CreateTemp(dir, "ask-*.mjs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(f.Name()) })
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// TestHyparquetReadsItBack holds what the JavaScript reader understands: the
// geo metadata, names, types, Cyrillic, lists, days, null, geometries.
func TestHyparquetReadsItBack(t *testing.T) {
	modules := npmModules(t, "hyparquet@1.31.5", "hyparquet-compressors@1.1.1")
	fs := []geo.Feature{
		{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("Обстрел"), geo.StringValue("Ак-Сай"),
			geo.IntValue(-9007199254740993), geo.NumberValue(0.1), geo.BoolValue(true), geo.DateValue(noon), geo.DateTimeValue(noon),
			geo.ListValue([]string{"KG", "TJ"})}},
		{ID: "b", Values: make([]geo.Value, 8)},
	}
	path := filepath.Join(t.TempDir(), "data.parquet")
	if err := os.WriteFile(path, encode(t, schema(), geoparquet.Options{CRS: crs.EPSG4326}, fs...), 0o600); err != nil {
		t.Fatal(err)
	}
	script := scriptIn(t, modules, askScript)
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("node", script, path)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	var got, want any
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, stdout.String())
	}
	if err := json.Unmarshal([]byte(hyparquetUnderstood), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", diff, stdout.String())
	}
}

// askScript prints the geo metadata in short, and the rows.
const askScript = `
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
const file = await asyncBufferFromFile(process.argv[2]);
const metadata = await parquetMetadataAsync(file);
const geo = JSON.parse(metadata.key_value_metadata.find((kv) => kv.key === "geo").value);
const codecs = new Set(metadata.row_groups.flatMap((g) => g.columns.map((c) => c.meta_data.codec)));
const rows = await parquetReadObjects({ file, compressors });
console.log(JSON.stringify({
  version: geo.version, primary: geo.primary_column, crs: geo.columns.geometry.crs.id.code,
  types: geo.columns.geometry.geometry_types, codecs: [...codecs], rows,
}, (key, v) => (typeof v === "bigint" ? v.toString() : v)));
`

// A null list or struct is undefined to hyparquet, and so not printed.
const hyparquetUnderstood = `{"version":"1.1.0","primary":"geometry","crs":4326,"types":["Point"],"codecs":["ZSTD"],"rows":[
{"id":"a","title":"Обстрел","место":"Ак-Сай","killed_low":"-9007199254740993","uncertainty_km":0.1,"confirmed":true,
 "start":"2022-09-16T00:00:00.000Z","recorded":"2022-09-16T12:00:00.000Z","parties":["KG","TJ"],
 "geometry":{"type":"Point","coordinates":[70.5,40.25]},"bbox":{"xmin":70.5,"ymin":40.25,"xmax":70.5,"ymax":40.25}},
{"id":"b","title":null,"место":null,"killed_low":null,"uncertainty_km":null,"confirmed":null,
 "start":null,"recorded":null,"geometry":null}]}`
