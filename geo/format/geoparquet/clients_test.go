package geoparquet_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/formattest"
	"demarc/geo/format/geoparquet"
)

// TestHyparquetReadsItBack holds what the JavaScript reader understands: the
// geo metadata, names, types, Cyrillic, lists, days, null, geometries.
func TestHyparquetReadsItBack(t *testing.T) {
	modules := formattest.NPMModules(t, "hyparquet@1.31.5", "hyparquet-compressors@1.1.1")
	fs := []geo.Feature{
		{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("Обстрел"), geo.StringValue("Ак-Сай"),
			geo.IntValue(-9007199254740993), geo.NumberValue(0.1), geo.BoolValue(true), geo.DateValue(noon), geo.DateTimeValue(noon),
			geo.ListValue([]string{"KG", "TJ"})}},
		{ID: "b", Values: make([]geo.Value, 8)},
	}
	path := filepath.Join(t.TempDir(), "data.parquet")
	if err := os.WriteFile(path, encode(t, formattest.Schema(), geoparquet.Options{CRS: crs.EPSG4326}, fs...), 0o600); err != nil {
		t.Fatal(err)
	}
	script := formattest.ScriptIn(t, modules, askScript)
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
