package geojson_test

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

// seeds are inputs that readers of GeoJSON have stumbled over.
var seeds = []string{
	``, `null`, `[]`, `{}`, `"Point"`, `{"type":"Point","coordinates":[70.5,39.8]}`,
	`{"type":"Point","coordinates":[null,null]}`, `{"type":"MultiPoint","coordinates":[[]]}`,
	`{"type":"LineString","coordinates":[[1,2],[3,4,5]]}`, `{"type":"Polygon","coordinates":[]}`,
	`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[]]}`,
	`{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]},null]}`,
	`{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":null,"properties":{}}]}`,
	`{"type":"FeatureCollection","features":[{"type":"Feature","id":1e5,"geometry":{"type":"Point","coordinates":[1,-0]}}]}`,
	`{"type":"Point","coordinates":[1e308,1e-999]}`, "\xff{\"type\":\"Point\"}",
}

// inWorld fails the test unless every position of g lies in the world.
func inWorld(t *testing.T, g orb.Geometry) {
	if b := geo.BBoxOf(g); !b.IsEmpty() && (math.Abs(b.West) > 180 || math.Abs(b.East) > 180 || math.Abs(b.South) > 90 || math.Abs(b.North) > 90) {
		t.Errorf("%v lies outside the world", g)
	}
}

// check decodes b both ways. What is accepted must read back as the same.
func check(t *testing.T, b []byte) {
	if g, err := geojson.DecodeGeometry(b); err == nil {
		inWorld(t, g)
		text := geojson.AppendGeometry(nil, g)
		again, err := geojson.DecodeGeometry(text)
		if err != nil || !reflect.DeepEqual(g, again) {
			t.Errorf("%s was read as %v and written as %s, which is read as %v, %v", b, g, text, again, err)
		}
	}
	features, err := geojson.DecodeCollection(b)
	if err != nil && features != nil {
		t.Errorf("%s: features beside the error %v", b, err)
	}
	for _, f := range features {
		inWorld(t, f.Geometry)
	}
}

func FuzzDecodeGeometry(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(check)
}

func FuzzDecodeCollection(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
		f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + s + `}]}`))
	}
	f.Fuzz(check)
}

// The files that other readers of GeoJSON are tested with, where they are at
// hand beside the repository; the seeds above stand in where they are not.
func TestCorpusNeverPanics(t *testing.T) {
	for _, s := range seeds {
		check(t, []byte(s))
	}
	root := filepath.Join("..", "..", "..", "..", "shared", "corpus", "geojson")
	if _, err := os.Stat(root); err != nil {
		t.Logf("no corpus at %s: only the %d seeds were tried", root, len(seeds))
		return
	}
	files, geometries, collections := 0, 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		check(t, b)
		if _, err := geojson.DecodeGeometry(b); err == nil {
			geometries++
		}
		if _, err := geojson.DecodeCollection(b); err == nil {
			collections++
		}
		check(t, bytes.TrimSuffix(b, []byte("}"))) // cut short
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d of them accepted as geometries, %d as collections", files, geometries, collections)
	if files == 0 || geometries == 0 || collections == 0 {
		t.Error("the corpus was not read")
	}
}
