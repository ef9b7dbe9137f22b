package flatgeobuf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/formattest"
)

// run returns what a foreign program writes to standard output.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	if warnings := stderr.String(); strings.Contains(warnings, "ERROR") || strings.Contains(warnings, "Warning") {
		t.Errorf("%s %s: %s", name, strings.Join(args, " "), warnings)
	}
	return stdout.Bytes()
}

// scattered returns points, and boxes as polygons, in clusters; every tenth has
// no geometry. A box meets them exactly where it meets their boxes.
func scattered(n int) []geo.Feature {
	random := rand.New(rand.NewPCG(3, 4))
	fs := make([]geo.Feature, n)
	for i := range fs {
		p := orb.Point{67 + float64(random.IntN(8)) + random.NormFloat64()/5, 36 + float64(random.IntN(7)) + random.NormFloat64()/5}
		fs[i] = geo.Feature{ID: fmt.Sprint("f", i), Geometry: p}
		switch {
		case i%10 == 0:
			fs[i].Geometry = nil
		case i%10 < 4:
			fs[i].Geometry = p.Bound().Pad(random.Float64() / 10).ToPolygon()
		}
	}
	return fs
}

// boxes are asked of every client: small, large, beside everything, all.
var boxes = []geo.BBox{
	{West: 70, South: 39, East: 71, North: 40}, {West: 69.95, South: 38.9, East: 70.05, North: 39.1},
	{West: 66, South: 35, East: 76, North: 44}, {West: 10, South: 10, East: 20, North: 20},
	{West: 72.5, South: 35, East: 72.6, North: 44}, {West: 74, South: 42, East: 80, North: 50},
}

// meeting is the brute force that the clients are held to.
func meeting(fs []geo.Feature, b geo.BBox) []string {
	var ids []string
	for i := range fs {
		if geo.BBoxOf(fs[i].Geometry).Intersects(b) {
			ids = append(ids, fs[i].ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func written(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.fgb")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestGDALFindsWhatLiesInABox compares ogr2ogr -spat, which uses the index, with
// brute force, and a whole read with all features.
func TestGDALFindsWhatLiesInABox(t *testing.T) {
	ogr2ogr := formattest.Program(t, "ogr2ogr", "gdal-bin")
	fs := scattered(3000)
	path := written(t, encode(t, &geo.Schema{Collection: "data"}, flatgeobuf.Options{}, fs...))
	ids := func(args ...string) []string {
		lines := strings.Fields(string(run(t, ogr2ogr, append([]string{"-f", "CSV", "/vsistdout/", path}, args...)...)))
		got := lines[1:]
		slices.Sort(got)
		return got
	}
	for _, b := range boxes {
		got := ids("-spat", fmt.Sprint(b.West), fmt.Sprint(b.South), fmt.Sprint(b.East), fmt.Sprint(b.North))
		if want := meeting(fs, b); !slices.Equal(got, want) {
			t.Errorf("%v: GDAL finds %d features, brute force %d", b, len(got), len(want))
		}
	}
	if got := ids(); len(got) != len(fs) {
		t.Errorf("GDAL reads %d features of %d", len(got), len(fs))
	}
}

// TestNpmFlatgeobufFindsWhatLiesInABox compares the JavaScript reader, which
// reads the index by HTTP ranges, with brute force.
func TestNpmFlatgeobufFindsWhatLiesInABox(t *testing.T) {
	node := formattest.Program(t, "node", "nodejs")
	modules := formattest.NPMModules(t, "flatgeobuf@4.5.0")
	fs := scattered(3000)
	b := encode(t, &geo.Schema{Collection: "data"}, flatgeobuf.Options{}, fs...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "data.fgb", time.Time{}, bytes.NewReader(b))
	}))
	defer server.Close()
	rectangles, _ := json.Marshal(boxes)
	script := formattest.ScriptIn(t, modules, askScript)
	var answers [][]string
	if err := json.Unmarshal(run(t, node, script, server.URL, string(rectangles)), &answers); err != nil {
		t.Fatal(err)
	}
	for i, box := range boxes {
		slices.Sort(answers[i])
		if want := meeting(fs, box); !slices.Equal(answers[i], want) {
			t.Errorf("%v: npm flatgeobuf finds %d features, brute force %d", box, len(answers[i]), len(want))
		}
	}
	if all, want := answers[len(boxes)], meeting(fs, geo.World()); len(all) != len(want) {
		t.Errorf("npm flatgeobuf reads %d features of %d with a geometry", len(all), len(want))
	}
}

// askScript prints the IDs in each box, and last of all features in a stream, up
// to the first without a geometry, at which the reader fails.
const askScript = `
import { deserialize } from "flatgeobuf/lib/mjs/geojson.js";
const [url, boxes] = process.argv.slice(2);
console.debug = console.warn = () => {};
const answers = [];
for (const b of JSON.parse(boxes)) {
  const ids = [];
  for await (const f of deserialize(url, { rect: { minX: b.West, minY: b.South, maxX: b.East, maxY: b.North } })) ids.push(f.properties.id);
  answers.push(ids);
}
const all = [];
try {
  for await (const f of deserialize((await fetch(url)).body)) all.push(f.properties.id);
} catch (e) {
  if (!(e instanceof TypeError)) throw e;
}
console.log(JSON.stringify([...answers, all]));
`

// TestGDALReadsItBack holds what GDAL understands of a feature: names, types,
// Cyrillic, lists, days, no geometry.
func TestGDALReadsItBack(t *testing.T) {
	fs := []geo.Feature{
		{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("Обстрел"), geo.StringValue("Ак-Сай"),
			geo.IntValue(-9007199254740993), geo.NumberValue(0.1), geo.BoolValue(true), geo.DateValue(noon), geo.DateTimeValue(noon),
			geo.ListValue([]string{"KG", "TJ"})}},
		{ID: "b", Values: make([]geo.Value, 8)},
	}
	ogrinfo := formattest.Program(t, "ogrinfo", "gdal-bin")
	for _, stream := range []bool{false, true} {
		sc := formattest.Schema()
		out := string(run(t, ogrinfo, "-ro", "-al", written(t, encode(t, sc, flatgeobuf.Options{Stream: stream}, fs...))))
		for _, want := range []string{
			"Layer name: incidents", `ID["EPSG",4326]`, "id: String", "killed_low: Integer64", "uncertainty_km: Real",
			"confirmed: Integer(Boolean)", "start: DateTime", "recorded: DateTime", "parties: String",
			"id (String) = a", "title (String) = Обстрел", "место (String) = Ак-Сай", "killed_low (Integer64) = -9007199254740993",
			"uncertainty_km (Real) = 0.1", "confirmed (Integer(Boolean)) = 1", "start (DateTime) = 2022/09/16 00:00:00",
			"recorded (DateTime) = 2022/09/16 12:00:00+00", ` = ["KG","TJ"]`, "POINT (70.5 40.25)",
			"id (String) = b",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("stream %v: ogrinfo does not say %q:\n%s", stream, want, out)
			}
		}
		if _, second, _ := strings.Cut(out, "id (String) = b"); strings.Contains(second, " = ") || strings.Contains(second, "POINT") {
			t.Errorf("stream %v: what is null has become something:\n%s", stream, out)
		}
	}
}
