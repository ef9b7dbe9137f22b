package geojson_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

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

// FuzzDecodeStream holds that a stream in small pieces gives what one in a single
// piece gives, and that offsets lie within the document and never go back.
func FuzzDecodeStream(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	feature := `{"type":"Feature","id":1,"geometry":null,"properties":{"a":"\u0000"}}`
	for _, s := range []string{feature + "\n" + feature, "\x1E" + feature + "\n\x1E{\"a\n\x1E" + feature, feature + feature, "{\n" + feature, "\xEF\xBB\xBF" + feature} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var all [3][]string
		for i, r := range []io.Reader{bytes.NewReader(b), iotest.OneByteReader(bytes.NewReader(b)), iotest.DataErrReader(bytes.NewReader(b))} {
			last := 0
			_, err := geojson.DecodeStream(r, func(v geojson.Visit) bool {
				if v.Offset < last || v.Offset > len(b) || v.Line < 1 {
					t.Errorf("%q: offset %d after %d, line %d", b, v.Offset, last, v.Line)
				}
				last = v.Offset
				if v.Err == nil && !bytes.HasPrefix(b[v.Offset:], v.Raw) {
					t.Errorf("%q: at %d does not stand %q", b, v.Offset, v.Raw)
				}
				all[i] = append(all[i], fmt.Sprint(v.Offset, v.Line, v.Feature.ID, string(v.Feature.Properties), v.Err))
				return true
			})
			reason, _, _ := strings.Cut(fmt.Sprint(err), "is not JSON") // whose wording tells how much was read
			all[i] = append(all[i], reason)
		}
		if !reflect.DeepEqual(all[0], all[1]) {
			t.Errorf("%q is read as %q at once and %q in pieces", b, all[0], all[1])
		}
		if !reflect.DeepEqual(all[0], all[2]) {
			t.Errorf("%q is read as %q, and %q where the end comes with the last bytes", b, all[0], all[2])
		}
	})
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
