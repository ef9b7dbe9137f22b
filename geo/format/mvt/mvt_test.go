package mvt_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/format/mvt"
)

// one returns the only layer of a tile that keeps the rules.
func one(t interface{ Fatalf(string, ...any) }, l *mvt.Layer) formattest.TileLayer {
	tile := l.AppendTo(nil)
	layers, err := formattest.ReadTile(tile)
	if err != nil || len(layers) != 1 {
		t.Fatalf("%d layers, %v\n%x", len(layers), err, tile)
	}
	return layers[0]
}

// The examples of the specification, §4.3.5: its geometries as its integers.
func TestExamplesOfTheSpecification(t *testing.T) {
	ring := func(ps ...orb.Point) orb.Ring { return append(ps, ps[0]) }
	for name, tt := range map[string]struct {
		g    orb.Geometry
		want string // the geometry's field: tag, length, varints
	}{
		"point":      {orb.Point{25, 17}, "\x22\x03\x09\x32\x22"},
		"multipoint": {orb.MultiPoint{{5, 7}, {3, 2}}, "\x22\x05\x11\x0a\x0e\x03\x09"},
		"line":       {orb.LineString{{2, 2}, {2, 10}, {10, 10}}, "\x22\x08\x09\x04\x04\x12\x00\x10\x10\x00"},
		"lines":      {orb.MultiLineString{{{2, 2}, {2, 10}, {10, 10}}, {{1, 1}, {3, 5}}}, "\x22\x0e\x09\x04\x04\x12\x00\x10\x10\x00\x09\x11\x11\x0a\x04\x08"},
		"polygon":    {orb.Polygon{ring(orb.Point{3, 6}, orb.Point{8, 12}, orb.Point{20, 34})}, "\x22\x09\x09\x06\x0c\x12\x0a\x0c\x18\x2c\x0f"},
		"polygons": {orb.MultiPolygon{{ring(orb.Point{0, 0}, orb.Point{10, 0}, orb.Point{10, 10}, orb.Point{0, 10})},
			{ring(orb.Point{11, 11}, orb.Point{20, 11}, orb.Point{20, 20}, orb.Point{11, 20}), ring(orb.Point{13, 13}, orb.Point{13, 17}, orb.Point{17, 17}, orb.Point{17, 13})}},
			"\x22\x21\x09\x00\x00\x1a\x14\x00\x00\x14\x13\x00\x0f\x09\x16\x02\x1a\x12\x00\x00\x12\x11\x00\x0f\x09\x04\x0d\x1a\x00\x08\x08\x00\x00\x07\x0f"},
	} {
		l := mvt.NewLayer("x")
		if !l.Geometry(1, tt.g) {
			t.Errorf("%s: is nothing", name)
			continue
		}
		l.End()
		if tile := l.AppendTo(nil); !bytes.Contains(tile, []byte(tt.want)) {
			t.Errorf("%s: %x has no %x", name, tile, tt.want)
		}
		one(t, l)
	}
}

// What is nothing in whole units is no feature, and leaves nothing behind.
func TestNothingIsNotWritten(t *testing.T) {
	box := orb.Bound{Min: orb.Point{0.1, 0.1}, Max: orb.Point{0.4, 0.4}}
	for name, g := range map[string]orb.Geometry{
		"nil": nil, "no points": orb.MultiPoint{}, "short line": orb.LineString{{1, 1}, {1.2, 1.3}}, "one position": orb.LineString{{1, 1}},
		"small area": box.ToPolygon(), "flat area": orb.Polygon{{{0, 0}, {10, 0}, {20, 0}, {0, 0}}}, "no ring": orb.Polygon{},
		"spike": orb.Polygon{{{0, 0}, {10, 10}, {0, 0}}}, "empty collection": orb.Collection{}, "box": box,
	} {
		l := mvt.NewLayer("x")
		if l.Geometry(1, g) {
			t.Errorf("%s: is a feature", name)
		}
		l.Point(2, 3, 4)
		l.TagInt("n", 5)
		l.End()
		got := one(t, l)
		want := []formattest.TileFeature{{ID: 2, Type: 1, Parts: [][][2]int{{{3, 4}}}, Tags: map[string]any{"n": int64(5)}}}
		if diff := cmp.Diff(want, got.Features); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if tile := mvt.NewLayer("x").AppendTo(nil); len(tile) > 0 {
		t.Errorf("an empty layer is %x", tile)
	}
}

// A hole that is nothing goes without its polygon; a collection is a feature of each kind.
func TestPartsOfGeometries(t *testing.T) {
	square := func(from, to float64) orb.Ring {
		return orb.Bound{Min: orb.Point{from, from}, Max: orb.Point{to, to}}.ToRing()
	}
	l := mvt.NewLayer("x")
	l.Geometry(1, orb.Polygon{square(0, 10), square(4.1, 4.3), square(6, 8)})
	l.End()
	l.Geometry(2, orb.Collection{orb.Point{1, 1}, orb.LineString{{0, 0}, {5, 5}}, square(0, 9), orb.MultiPoint{{2, 2}}})
	l.TagString("of", "all")
	l.End()
	var kinds []int
	features := one(t, l).Features
	for _, f := range features {
		kinds = append(kinds, f.Type)
	}
	if len(features[0].Parts) != 2 || !cmp.Equal(kinds, []int{3, 1, 2, 3}) || features[3].Tags["of"] != "all" || features[3].ID != 2 {
		t.Errorf("features are %+v", features)
	}
}

// Any features come back as they were, whole units and all, and keep the rules; a
// layer that was used before writes the same.
func TestFeaturesComeBack(t *testing.T) {
	used := mvt.NewLayer("before")
	rapid.Check(t, func(t *rapid.T) {
		sc := formattest.Schema()
		features := formattest.Features(sc).Draw(t, "features")
		fresh := mvt.NewLayer("x")
		used.Reset("x")
		var want []map[string]any
		for _, l := range []*mvt.Layer{fresh, used} {
			want = nil
			for i, f := range features {
				g := orb.Clone(f.Geometry)
				if g == nil || !l.Geometry(uint64(i), inUnits(g)) {
					continue
				}
				tags := map[string]any{}
				for j, field := range sc.Fields {
					l.Tag(field.Name, f.Values[j])
					if v := inTile(f.Values[j]); v != nil {
						tags[field.Name] = v
					}
				}
				before := l.Len()
				l.End()
				for range l.Len() - before {
					want = append(want, tags)
				}
			}
		}
		if !bytes.Equal(fresh.AppendTo(nil), used.AppendTo(nil)) {
			t.Fatalf("a layer that was used before writes something else")
		}
		if len(want) == 0 {
			return
		}
		var got []map[string]any
		for _, f := range one(t, fresh).Features {
			got = append(got, f.Tags)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("tags: %s", diff)
		}
	})
}

// inUnits stretches what lies in Central Asia over the tile.
func inUnits(g orb.Geometry) orb.Geometry {
	var f func(orb.Geometry) orb.Geometry
	line := func(ps []orb.Point) {
		for i := range ps {
			ps[i] = orb.Point{(ps[i][0] - 66) * 409.6, (ps[i][1] - 36) * 585}
		}
	}
	f = func(g orb.Geometry) orb.Geometry {
		switch g := g.(type) {
		case orb.Point:
			return orb.Point{(g[0] - 66) * 409.6, (g[1] - 36) * 585}
		case orb.MultiPoint:
			line(g)
		case orb.LineString:
			line(g)
		case orb.Ring:
			line(g)
		case orb.MultiLineString:
			for _, l := range g {
				line(l)
			}
		case orb.Polygon:
			for _, r := range g {
				line(r)
			}
		case orb.MultiPolygon:
			for _, p := range g {
				for _, r := range p {
					line(r)
				}
			}
		case orb.Collection:
			for i := range g {
				g[i] = f(g[i])
			}
		}
		return g
	}
	return f(g)
}

// inTile is what a value is in a tile; nil for null.
func inTile(v geo.Value) any {
	if s, ok := v.Str(); ok {
		return s
	}
	if i, ok := v.Int(); ok {
		return i
	}
	if f, ok := v.Float(); ok {
		return f
	}
	if b, ok := v.Bool(); ok {
		return b
	}
	if v.IsNull() {
		return nil
	}
	return v.Text()
}

// sample is a tile that has everything.
func sample() []byte {
	l := mvt.NewLayer("всё")
	l.Point(1<<53-1, 10, 4000)
	l.TagString("text", "Ворух")
	l.TagInt("less", -19251)
	l.TagInt("more", 1<<53-1)
	l.Tag("number", geo.NumberValue(0.1))
	l.Tag("yes", geo.BoolValue(true))
	l.Tag("day", geo.DateValue(time.Date(2022, 9, 16, 0, 0, 0, 0, time.UTC)))
	l.Tag("list", geo.ListValue([]string{"a", "b"}))
	l.End()
	l.Geometry(2, orb.LineString{{0, 0}, {100, 100}, {200, 0}})
	l.End()
	l.Geometry(3, orb.Polygon{{{0, 0}, {0, 1000}, {1000, 1000}, {1000, 0}, {0, 0}}, {{100, 100}, {200, 100}, {200, 200}, {100, 100}}})
	l.End()
	return l.AppendTo(nil)
}

// Mapbox's own reader, which MapLibre uses too, finds what was written: numbers,
// attributes, and which ring is a hole.
func TestVectorTileJSReads(t *testing.T) {
	modules := formattest.NPMModules(t, "@mapbox/vector-tile@2.0.4", "pbf@4.0.1")
	file := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(file, sample(), 0o600); err != nil {
		t.Fatal(err)
	}
	script := formattest.ScriptIn(t, modules, `
import { VectorTile } from '@mapbox/vector-tile';
import Pbf from 'pbf';
import { readFileSync } from 'node:fs';
const tile = new VectorTile(new Pbf(new Uint8Array(readFileSync(process.argv[2]))));
const out = [];
for (const [name, layer] of Object.entries(tile.layers))
  for (let i = 0; i < layer.length; i++) {
    const f = layer.feature(i), g = f.toGeoJSON(0, 0, 0).geometry;
    out.push({ name, version: layer.version, extent: layer.extent, id: f.id, type: f.type, properties: f.properties, kind: g.type,
      rings: g.type === 'Polygon' ? g.coordinates.length : 0, at: f.loadGeometry()[0][0] });
  }
console.log(JSON.stringify(out));
`)

	out, err := exec.Command(formattest.Program(t, "node", "nodejs"), script, file).CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	var got []struct {
		Name            string
		Version, Extent int
		ID              float64
		Type, Rings     int
		Properties      map[string]any
		Kind            string
		At              struct{ X, Y float64 }
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wantTags := map[string]any{"text": "Ворух", "less": -19251.0, "more": math.Ldexp(1, 53) - 1, "number": 0.1, "yes": true, "day": "2022-09-16", "list": "a; b"}
	if len(got) != 3 || got[0].Name != "всё" || got[0].Version != 2 || got[0].Extent != 4096 || got[0].ID != math.Ldexp(1, 53)-1 ||
		got[0].At.X != 10 || got[0].At.Y != 4000 || got[1].Kind != "LineString" || got[2].Kind != "Polygon" || got[2].Rings != 2 {
		t.Errorf("it reads %s", out)
	}
	if diff := cmp.Diff(wantTags, got[0].Properties); diff != "" {
		t.Errorf("attributes: %s", diff)
	}
}

// GDAL's driver finds the same.
func TestGDALReads(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(file, sample(), 0o600); err != nil {
		t.Fatal(err)
	}
	out := string(formattest.GDAL(t, "ogrinfo", "-ro", "-al", file))
	for _, want := range []string{"Layer name: всё", "Feature Count: 3", "mvt_id (Integer64) = 9007199254740991", "text (String) = Ворух",
		"less (Integer) = -19251", "more (Integer64) = 9007199254740991", "number (Real) = 0.1", "day (String) = 2022-09-16", "list (String) = a; b", "POINT (10 96)", "POLYGON ((0 4096,1000 4096"} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not tell %q:\n%s", want, out)
		}
	}
}

// A day and a text that says the same are one value; what looks like a day and is none,
// and days outside the tables, are as they are written. So are numbers at the tables' end.
func TestDaysAreWrittenOnce(t *testing.T) {
	l := mvt.NewLayer("x")
	for round := range 2 {
		l.Reset("x")
		want := map[string]any{"day": "2021-02-28", "same": "2021-02-28", "none": "2021-02-30", "early": "1850-01-01", "late": "2101-12-31", "again": "1850-01-01",
			"first": "1970-01-01", "before": "1969-12-31", "last": "2059-09-18", "n": int64(1<<15 - 1), "m": int64(1 << 15), "of": int64(-1)}
		l.Point(1, 0, 0)
		for _, key := range []string{"same", "none", "again"} {
			l.TagString(key, want[key].(string))
		}
		for _, key := range []string{"day", "early", "late", "first", "before", "last"} {
			at, err := time.Parse(time.DateOnly, want[key].(string))
			if err != nil {
				t.Fatal(err)
			}
			l.Tag(key, geo.DateValue(at))
		}
		for _, key := range []string{"n", "m", "of"} {
			l.TagInt(key, want[key].(int64))
		}
		l.End()
		if diff := cmp.Diff(want, one(t, l).Features[0].Tags); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
		if n := bytes.Count(l.AppendTo(nil), []byte("2021-02-28")) + bytes.Count(l.AppendTo(nil), []byte("1850-01-01")); n != 2 {
			t.Errorf("round %d: two days stand there %d times", round, n)
		}
	}
}

// Thousands of texts, many of them twice, each stand there once, in a layer that is used
// again as in the first.
func TestManyTextsAreWrittenOnce(t *testing.T) {
	l := mvt.NewLayer("x")
	for round := range 3 {
		l.Reset("x")
		first := map[string]mvt.Value{}
		for i := range 30_000 {
			text := "text " + strconv.Itoa((i*7919+round)%20_000)
			at := l.Text(text)
			if before, ok := first[text]; ok && before != at {
				t.Fatalf("round %d: %s stands at %d and %d", round, text, before, at)
			} else if !ok && int(at) != len(first) {
				t.Fatalf("round %d: %s stands at %d, want %d", round, text, at, len(first))
			}
			first[text] = at
		}
		if len(first) != 20_000 {
			t.Fatalf("%d texts", len(first))
		}
	}
}
