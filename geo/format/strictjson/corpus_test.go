package strictjson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/geo/format/formattest"
	"demarc/geo/format/strictjson"
)

// TestJSONTestSuite holds the verdict over every file: y_ is taken, n_ is
// refused, and what RFC 8259 leaves open (i_) is pinned in the table. `make
// bless` writes the table anew.
func TestJSONTestSuite(t *testing.T) {
	var table bytes.Buffer
	for _, file := range append(formattest.CorpusFiles(t, "json/JSONTestSuite/test_parsing/*.json"), formattest.CorpusFiles(t, "json/JSONTestSuite/test_transform/*.json")...) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		verdict := "taken"
		if err := strictjson.Check(raw); err != nil {
			e := err.(*strictjson.Error)
			line, column := strictjson.LineColumn(raw, e.Offset)
			verdict = fmt.Sprintf("%d:%d\t%s", line, column, strings.ToValidUTF8(e.Message(), "?"))
			if e.Offset < 0 || e.Offset > len(raw) {
				t.Errorf("%s: offset %d of %d bytes", name, e.Offset, len(raw))
			}
		} else if !json.Valid(raw) {
			t.Errorf("%s: taken, though encoding/json says it is no JSON", name)
		}
		switch taken := verdict == "taken"; {
		case strings.HasPrefix(name, "y_") && !taken && !strings.Contains(verdict, "is there twice"),
			strings.HasPrefix(name, "n_") && taken:
			t.Errorf("%s: %s", name, verdict)
		}
		fmt.Fprintf(&table, "%q\t%s\n", name, verdict)
	}
	pinned(t, "jsontestsuite.tsv", table.Bytes())
}

// pinned compares with a file in testdata.
func pinned(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("DEMARC_BLESS") != "" {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("verdicts (-pinned +now; DEMARC_BLESS=1 pins them anew):\n%s", diff)
	}
}
