package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/geo/format/formattest"
)

// rowsOf returns what a CSV text holds, a map a row, with empty fields.
func rowsOf(text []byte) (rows []map[string]string, columns []string, err error) {
	t, err := newTable(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	for {
		r, err := t.next()
		if errors.Is(err, io.EOF) {
			return rows, t.columns, nil
		} else if err != nil {
			return rows, t.columns, err
		}
		row := map[string]string{}
		for _, c := range t.columns {
			row[c] = r.values[c]
		}
		rows = append(rows, row)
	}
}

// TestCSVSpectrum holds every file of csv-spectrum to the JSON beside it: no field
// is altered, line ends within quotes among them.
func TestCSVSpectrum(t *testing.T) {
	for _, file := range formattest.CorpusFiles(t, "csv/csv-spectrum/csvs/*.csv") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		said, err := os.ReadFile(filepath.Join(filepath.Dir(file), "../json", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if said = bytes.TrimSpace(said); said[0] == '{' { // one file has its only row bare
			said = slices.Concat([]byte("["), said, []byte("]"))
		}
		var want []map[string]string
		if err := json.Unmarshal(said, &want); err != nil {
			t.Fatal(err)
		}
		got, _, err := rowsOf(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "location_coordinates" { // its JSON has another number than its CSV
			want[0]["Contact Phone Number"] = got[0]["Contact Phone Number"]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestNaughtyStrings holds that each string of the big list comes out of a table as
// it went in, or is refused by a rule: NUL, and what is not UTF-8.
func TestNaughtyStrings(t *testing.T) {
	text, err := os.ReadFile(formattest.CorpusFiles(t, "strings/blns/blns.json")[0])
	if err != nil {
		t.Fatal(err)
	}
	var naughty []string
	if err := json.Unmarshal(text, &naughty); err != nil || len(naughty) < 400 {
		t.Fatal(len(naughty), err)
	}
	for _, s := range naughty {
		quoted := "a,b\n" + `"` + strings.ReplaceAll(s, `"`, `""`) + `",end` + "\n"
		inGeoJSON(t, s)
		rows, _, err := rowsOf([]byte(quoted))
		if strings.Contains(s, "\x00") || !utf8.ValidString(s) {
			if err == nil {
				t.Errorf("%q was taken", s)
			}
			continue
		}
		if err != nil || len(rows) != 1 || rows[0]["a"] != s || rows[0]["b"] != "end" {
			t.Errorf("%q became %q, %v", s, rows, err)
		}
	}
}

// inGeoJSON holds that a string as a property becomes an account as it is, or is
// refused for its NUL.
func inGeoJSON(t *testing.T, s string) {
	t.Helper()
	property, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	m := &Mapping{Dataset: Dataset{ID: "d", Publisher: "D"}, ID: Field{Value: "1"}, Type: Field{Value: "agreement"}, Start: Field{Value: "2022"}, Place: Field{Value: "X"}, Text: Field{Column: "t"}}
	var told []data.Account
	_, err = Read(context.Background(), GeoJSON, strings.NewReader(`{"type":"Feature","geometry":null,"properties":{"t":`+string(property)+`}}`),
		Options{Theatre: "other", Mapping: m}, func(it Item) error {
			told = it.Records.Incidents[0].Accounts
			return nil
		})
	switch {
	case strings.Contains(s, "\x00") != (err != nil):
		t.Errorf("%q: %v", s, err)
	case err == nil && strings.TrimSpace(s) != "" && (len(told) != 1 || told[0].Text != s):
		t.Errorf("%q became %q", s, told)
	}
}

// Our own CSV guards text that a spreadsheet would run; a mapping that says so
// gets back what was guarded, and nothing else loses an apostrophe.
func TestGuardedText(t *testing.T) {
	for guarded, want := range map[bool][]string{true: {"=1+1", "'quoted'", "@x"}, false: {"'=1+1", "'quoted'", "'@x"}} {
		m := &Mapping{Dataset: Dataset{ID: "d", Publisher: "D"}, ID: Field{Column: "id"}, Type: Field{Value: "agreement"}, Start: Field{Value: "2022"}, Place: Field{Value: "X"},
			Lon: Field{Value: "70"}, Lat: Field{Value: "40"}, Text: Field{Column: "t"}, Guarded: guarded}
		var got []string
		_, err := Read(context.Background(), CSV, strings.NewReader("id,t\n1,'=1+1\n2,'quoted'\n3,'@x\n"), Options{Theatre: "other", Mapping: m}, func(it Item) error {
			got = append(got, it.Records.Incidents[0].Accounts[0].Text)
			return nil
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("guarded %v: %v (-want +got):\n%s", guarded, err, diff)
		}
	}
}

func TestCSVForms(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	for name, tt := range map[string]struct{ text, want string }{
		"byte order mark":          {"\xEF\xBB\xBFa,b\n1,2\n", "a=1 b=2"},
		"semicolons":               {"a;b;c\n1,5;2;3\n", "a=1,5 b=2 c=3"},
		"tabs":                     {"a\tb\n1\t2,3\n", "a=1 b=2,3"},
		"no line end at the end":   {"a,b\n1,2", "a=1 b=2"},
		"CR LF":                    {"a,b\r\n1,2\r\n", "a=1 b=2"},
		"empty lines":              {"\na,b\n\n1,2\n\n", "a=1 b=2"},
		"empty at the end":         {"a,b\n1,\n", "a=1 b="},
		"a field across lines":     {"a,b\n\"1\r\n\n2\",3\n", "a=1\r\n\n2 b=3"},
		"a huge field":             {"a,b\n" + long + ",2\n", "a=" + long + " b=2"},
		"formulas stay text":       {"a,b\n=1+1,'=1\n", "a==1+1 b='=1"},
		"one column":               {"a\n1\n", "a=1"},
		"empty":                    {"", "1: is empty"},
		"UTF-16":                   {"\xFF\xFEa\x00,\x00b\x00", "1:1: is UTF-16"},
		"NUL":                      {"a,b\n1,x\x00\n", "2:4: holds the character NUL"},
		"Latin-1":                  {"a,b\n1,caf\xe9\n", "2:6: is not UTF-8"},
		"too few fields":           {"a,b\n1\n", "2: has 1 fields for 2 columns"},
		"too many fields":          {"a,b\n1,2,3\n", "2: has 3 fields for 2 columns"},
		"a column twice":           {"a,a\n1,2\n", "1: names a column twice"},
		"a quote never closed":     {"a,b\n1,2\n3,\"4\n5,6\n", "3: has a quote that is never closed"},
		"a quote within":           {"a,b\n1,2\"3\n", "a=1 b=2\"3"},
		"text behind a quote":      {"a,b\nx,\"1\"2\n", "2:6: goes on behind the quote"},
		"a lone carriage return":   {"a,b\n1\r2,3\n", "2:2: holds a carriage return"},
		"text behind, second line": {"a,b\n\"x\ny\"z,1\n", "3:3: goes on behind the quote"},
	} {
		rows, columns, err := rowsOf([]byte(tt.text))
		var e *tableError
		got := ""
		switch {
		case errors.As(err, &e) && e.column > 0:
			got = fmt.Sprintf("%d:%d: %s", e.line, e.column, e.problem)
		case errors.As(err, &e):
			got = fmt.Sprintf("%d: %s", e.line, e.problem)
		case err != nil:
			got = err.Error()
		case len(rows) == 1:
			var parts []string
			for _, c := range columns {
				parts = append(parts, c+"="+rows[0][c])
			}
			got = strings.Join(parts, " ")
		default:
			got = fmt.Sprint(len(rows), " rows")
		}
		if tt.want != got && (err == nil || !strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s: got %.100q, want %.100q", name, got, tt.want)
		}
	}
}

// A quote that is never closed does not read a file of any size into memory.
func TestCSVRowLimit(t *testing.T) {
	endless := io.MultiReader(strings.NewReader("a,b\n1,\""), &repeat{text: "x\n", n: 20 << 20})
	table, err := newTable(endless)
	if err != nil {
		t.Fatal(err)
	}
	var e *tableError
	if _, err := table.next(); !errors.As(err, &e) || !e.fatal || e.line != 2 || !strings.Contains(e.problem, "16 MiB") {
		t.Errorf("got %v", err)
	}
}

// repeat gives a text n times.
type repeat struct {
	text string
	n    int
	left string
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		k := min(r.n, 1000)
		r.left, r.n = strings.Repeat(r.text, k), r.n-k
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

// FuzzTable holds that a table's fields, quoted and read again, are the same.
func FuzzTable(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\n\"1;\";2", "a\n\"\"\"\"\n", "\xEF\xBB\xBFa\tb\r\n1\t\"\r\n\"\r\n", "a,b\n\"x\"y,\n", "\x00", "a\n\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, columns, err := rowsOf(b)
		if err != nil {
			return
		}
		var again strings.Builder
		line := func(value func(string) string) {
			for i, c := range columns {
				if i > 0 {
					again.WriteByte(',')
				}
				again.WriteString(`"` + strings.ReplaceAll(value(c), `"`, `""`) + `"`)
			}
			again.WriteByte('\n')
		}
		line(func(c string) string { return c })
		for _, r := range rows {
			line(func(c string) string { return r[c] })
		}
		got, same, err := rowsOf([]byte(again.String()))
		if err != nil || cmp.Diff(columns, same) != "" || cmp.Diff(rows, got) != "" {
			t.Errorf("%q became %q %v: %v", b, same, got, err)
		}
	})
}
