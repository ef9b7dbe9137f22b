package geojson_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
)

// sequence returns what an encoder writes for the features.
func sequence(t *testing.T, opts geojson.SequenceOptions, fs ...geo.Feature) string {
	t.Helper()
	var b bytes.Buffer
	e := geojson.NewSequenceEncoder(&b, &geo.Schema{Fields: []geo.Field{{Name: "title"}}}, opts)
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var sequenced = []geo.Feature{
	{ID: "a", Geometry: orb.Point{70, 40}, Values: []geo.Value{geo.StringValue("Ак-Сай\n\x1e")}},
	{ID: "b", Values: make([]geo.Value, 1)},
}

func TestSequence(t *testing.T) {
	first := `{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[70,40]},"properties":{"title":"Ак-Сай\n\u001e"}}`
	second := `{"type":"Feature","id":"b","geometry":null,"properties":{"title":null}}`
	if got, want := sequence(t, geojson.SequenceOptions{}, sequenced...), "\x1e"+first+"\n\x1e"+second+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := sequence(t, geojson.SequenceOptions{Lines: true}, sequenced...), first+"\n"+second+"\n"; got != want {
		t.Errorf("lines: got %q, want %q", got, want)
	}
	if got := sequence(t, geojson.SequenceOptions{CRS: crs.EPSG4326}, sequenced...); !strings.Contains(got, "[40,70]") {
		t.Errorf("EPSG:4326: got %q", got)
	}
	if got := sequence(t, geojson.SequenceOptions{}); got != "" {
		t.Errorf("no features: got %q", got)
	}
}

// failingWriter takes nothing.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("the pipe broke") }

func TestSequenceErrors(t *testing.T) {
	sc := &geo.Schema{}
	e := geojson.NewSequenceEncoder(failingWriter{}, sc, geojson.SequenceOptions{CRS: crs.EPSG32642})
	var input *geo.InputError
	if err := e.Encode(&geo.Feature{Geometry: orb.Point{-110, 40}}); !errors.As(err, &input) {
		t.Errorf("a position on the other side of the Earth: %v, want an InputError", err)
	}
	if e.Encode(&geo.Feature{Values: make([]geo.Value, 1)}) == nil {
		t.Error("too many values: no error")
	}
	long := geo.Feature{ID: strings.Repeat("x", 40_000)}
	first, second := e.Encode(&long), e.Encode(&long) // the first may still be in the buffer
	if first == nil && second == nil || e.Close() == nil {
		t.Error("the writer's error was lost")
	}
	e = geojson.NewSequenceEncoder(&bytes.Buffer{}, sc, geojson.SequenceOptions{})
	if e.Close() != nil || e.Encode(&long) == nil {
		t.Error("encode after close: no error")
	}
}

// TestGDALReadsSequences holds that GDAL's GeoJSONSeq finds all features, with
// and without record separators.
func TestGDALReadsSequences(t *testing.T) {
	path, err := exec.LookPath("ogrinfo")
	if err != nil {
		message := "ogrinfo is not on this machine (Debian package gdal-bin)"
		if os.Getenv("CI") == "true" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	for _, lines := range []bool{false, true} {
		file := filepath.Join(t.TempDir(), "data.geojsonseq")
		text := sequence(t, geojson.SequenceOptions{Lines: lines}, sequenced...)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(path, "-ro", "-al", file).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for _, want := range []string{"driver `GeoJSONSeq'", "Feature Count: 2", "POINT (70 40)", "Ак-Сай"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("lines %v: ogrinfo does not say %q:\n%s", lines, want, out)
			}
		}
	}
}
