package cql2_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"demarc/geo"
	"demarc/geo/cql2"
)

// corpus returns a folder of the shared corpus, which is no part of this repository.
// Where it is missing the test fails in CI and is skipped elsewhere.
func corpus(t *testing.T, elem ...string) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(append([]string{dir, "..", "shared", "corpus", "cql2"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		missing(t, "the corpus "+path)
	}
	return path
}

// missing skips the test, or fails it in CI, for what is not there.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what + " is missing")
	}
	t.Skip(what + " is missing")
}

// examples returns the standard's examples by their names without the ending.
func examples(t *testing.T, encoding, ending string) map[string]string {
	t.Helper()
	dir := corpus(t, "ogc", "cql2", "standard", "schema", "examples", encoding)
	files, err := filepath.Glob(filepath.Join(dir, "*"+ending))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimSuffix(filepath.Base(f), ending)] = string(b)
	}
	return found
}

// TestOGCExamples reads the examples of OGC 21-065r2, whose pairs mean the same.
func TestOGCExamples(t *testing.T) {
	texts, jsons := examples(t, "text", ".txt"), examples(t, "json", ".json")
	parsed := map[string]cql2.Expr{}
	good := 0
	for name, s := range jsons {
		e, err := cql2.ParseJSON([]byte(s), nil, cql2.WithAnyProperty())
		if err != nil {
			t.Errorf("%s.json: %v", name, err)
			continue
		}
		good++
		parsed[name] = e
		roundTrips(t, e, nil, cql2.WithAnyProperty())
	}
	t.Logf("CQL2 JSON examples: %d/%d", good, len(jsons))
	if len(jsons) != 109 || len(texts) != 120 {
		t.Errorf("found %d JSON and %d text examples, not 109 and 120", len(jsons), len(texts))
	}
	alternative := regexp.MustCompile(`-alt\d+$`)
	good, pairs := 0, 0
	for name, s := range texts {
		e, err := cql2.ParseText(s, nil, cql2.WithAnyProperty())
		if err != nil {
			t.Errorf("%s.txt: %v", name, err)
			continue
		}
		good++
		roundTrips(t, e, nil, cql2.WithAnyProperty())
		pair := parsed[alternative.ReplaceAllString(name, "")]
		if !reflect.DeepEqual(e, pair) {
			t.Errorf("%s: text and JSON differ:\n%s\n%s", name, cql2.Format(e), cql2.Format(pair))
			continue
		}
		pairs++
	}
	t.Logf("CQL2 text examples: %d/%d, equal to the JSON of the pair: %d/%d", good, len(texts), pairs, len(texts))
}

// roundTrips fails unless both printers' texts read as e, if they are not too long.
func roundTrips(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, e cql2.Expr, sc *geo.Schema, opts ...cql2.Option) {
	t.Helper()
	text := cql2.Format(e)
	if len(text) > cql2.MaxText {
		return
	} else if back, err := cql2.ParseText(text, sc, opts...); err != nil {
		t.Fatalf("%s: %v", text, err)
	} else if !reflect.DeepEqual(back, e) {
		t.Fatalf("%.500s\nreads as %.500s\ngot  %.500v\nwant %.500v", text, cql2.Format(back), back, e)
	}
	b := cql2.FormatJSON(e)
	if len(b) > cql2.MaxJSON {
		return
	} else if back, err := cql2.ParseJSON(b, sc, opts...); err != nil {
		t.Fatalf("%s: %v", b, err)
	} else if !reflect.DeepEqual(back, e) {
		t.Fatalf("%.500s\nreads as %.500s\ngot  %.500v\nwant %.500v", b, cql2.Format(back), back, e)
	}
}
