package geojson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/geo/format/formattest"
	"demarc/geo/format/geojson"
	"demarc/geo/format/strictjson"
	"demarc/geo/predicate"
)

// TestCorpora pins the verdict over every GeoJSON file of the corpora: taken, or
// refused with the line, the pointer and the reason. Geometries are held to
// predicate.Validate as well, as every reader of ours does. What is taken comes
// back byte for byte. DEMARC_BLESS=1 writes the table anew.
func TestCorpora(t *testing.T) {
	var table bytes.Buffer
	for _, pattern := range []string{
		"generated/geojson/*.json", "geojson/geojson-invalid-geometry/examples/*/*.geojson",
		"geojson/geojsonhint/test/data/*/*.geojson", "geojson/georust/tests/fixtures/canonical/*.geojson", "geodata/ged/*.geojson", "geodata/inputs/*json",
	} {
		for _, file := range formattest.CorpusFiles(t, pattern) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			verdicts := judge(t, raw)
			_, name, _ := strings.Cut(filepath.ToSlash(file), "corpus/")
			for _, v := range verdicts {
				fmt.Fprintf(&table, "%s\t%s\n", name, v)
			}
			base := filepath.Base(file)
			taken := strings.HasPrefix(verdicts[0], "taken")
			if strings.HasPrefix(base, "A_") && !taken || strings.HasPrefix(base, "R_") && taken {
				t.Errorf("%s: %s", base, verdicts[0])
			}
		}
	}
	file := "testdata/corpora.tsv"
	if os.Getenv("DEMARC_BLESS") != "" {
		if err := os.WriteFile(file, table.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), table.String()); diff != "" {
		t.Errorf("verdicts (-pinned +now):\n%s", diff)
	}
}

// judge returns "taken" with the number of features, or each fault: at most three.
func judge(t *testing.T, raw []byte) (faults []string) {
	t.Helper()
	of := map[string]json.RawMessage{} // encoding/json would take TYPE for type
	if typ := ""; json.Unmarshal(raw, &of) == nil && json.Unmarshal(of["type"], &typ) == nil && !strings.Contains(strings.ToLower(typ), "feature") {
		return judgeGeometry(raw)
	}
	n := 0
	_, err := geojson.DecodeStream(bytes.NewReader(raw), func(v geojson.Visit) bool {
		n++
		if v.Err != nil {
			faults = append(faults, fmt.Sprintf("refused\tline %d\t%s", v.Line, cut(v.Err.Message())))
			return len(faults) < 3
		}
		if err := predicate.Validate(v.Feature.Geometry); err != nil {
			faults = append(faults, fmt.Sprintf("refused\tline %d\t/geometry: %s", v.Line, cut(err.Error())))
			return len(faults) < 3
		}
		checkUnaltered(t, v)
		return true
	})
	var whole *geojson.DocumentError
	if errors.As(err, &whole) {
		faults = append(faults, fmt.Sprintf("refused\tline %d\t%s", whole.Line, cut(whole.Problem)))
	} else if err != nil {
		t.Error(err)
	}
	if faults == nil {
		return []string{fmt.Sprintf("taken\t%d", n)}
	}
	return faults
}

func judgeGeometry(raw []byte) []string {
	g, err := geojson.DecodeGeometry(raw)
	var e *strictjson.Error
	if errors.As(err, &e) {
		line, _ := strictjson.LineColumn(raw, e.Offset)
		return []string{fmt.Sprintf("refused\tline %d\t%s", line, cut(e.Message()))}
	}
	if err := predicate.Validate(g); err != nil {
		return []string{"refused\tline 1\t" + cut(err.Error())}
	}
	return []string{"taken\tgeometry"}
}

func cut(s string) string { return s[:min(len(s), 200)] }

// checkUnaltered holds that the properties are bytes of the document, and that
// another parser finds the same position in the geometry.
func checkUnaltered(t *testing.T, v geojson.Visit) {
	t.Helper()
	var doc struct {
		Properties json.RawMessage `json:"properties"`
		Geometry   json.RawMessage `json:"geometry"`
	}
	exact := map[string]json.RawMessage{}
	if err := json.Unmarshal(v.Raw, &exact); err != nil {
		t.Fatal(err)
	}
	doc.Properties, doc.Geometry = exact["properties"], exact["geometry"]
	if !bytes.Equal(doc.Properties, v.Feature.Properties) {
		t.Errorf("properties %s became %s", doc.Properties, v.Feature.Properties)
	}
	again, err := geojson.DecodeGeometry(geojson.AppendGeometry(nil, v.Feature.Geometry))
	if err != nil || !reflect.DeepEqual(again, v.Feature.Geometry) {
		t.Errorf("geometry %s became %v, %v", cut(string(doc.Geometry)), again, err)
	}
}
