package csv_test

import (
	stdcsv "encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/format/csv"
	"demarc/geo/format/formattest"
)

// cell is a cell as RFC 4180 tells it, and whether it was in quotes.
type cell struct {
	text   string
	quoted bool
}

// read is a plain reader of RFC 4180, the slow twin of the encoder. It refuses
// what the grammar does not allow.
func read(s string) (rows [][]cell, err error) {
	for row := []cell(nil); s != ""; {
		var c cell
		if s[0] == '"' {
			c.quoted = true
			for s = s[1:]; ; {
				i := strings.IndexByte(s, '"')
				if i < 0 {
					return nil, fmt.Errorf("a quote is not closed")
				}
				c.text += s[:i]
				if s = s[i+1:]; !strings.HasPrefix(s, `"`) {
					break
				}
				c.text, s = c.text+`"`, s[1:]
			}
		} else {
			i := strings.IndexAny(s, ",\r\n\"")
			if i < 0 || s[i] == '"' {
				return nil, fmt.Errorf("bare cell in %q", s)
			}
			c.text, s = s[:i], s[i:]
		}
		row = append(row, c)
		switch {
		case strings.HasPrefix(s, ","):
			s = s[1:]
		case strings.HasPrefix(s, "\r\n"):
			s, rows, row = s[2:], append(rows, row), nil
		default:
			return nil, fmt.Errorf("found %q after a cell", s)
		}
	}
	return rows, nil
}

// parse reads a cell back into a value of the field.
func parse(c cell, f *geo.Field) (geo.Value, error) {
	switch {
	case c.text == "" && !c.quoted:
		return geo.Null(), nil
	case f.Type == geo.String:
		return geo.StringValue(csv.Unguard(c.text)), nil
	case f.Type == geo.StringList:
		var ss []string
		err := json.Unmarshal([]byte(c.text), &ss)
		return geo.ListValue(ss), err
	}
	return geo.ParseValue(c.text, f)
}

// TestRoundTrip holds that names, types, values and geometries come back as
// they went, and that no cell begins as a formula does.
func TestRoundTrip(t *testing.T) {
	sc := formattest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		fs := formattest.Features(sc).Draw(t, "features")
		rows, err := read(encode2(t, sc, fs))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(fs)+1 {
			t.Fatalf("%d rows for %d features and a header", len(rows), len(fs))
		}
		for i, row := range rows[1:] {
			checkRow(t, sc, &fs[i], row)
		}
		for j, f := range sc.Fields {
			if got := rows[0][j+1].text; got != f.Name {
				t.Fatalf("column %q, want %q", got, f.Name)
			}
		}
	})
}

func checkRow(t *rapid.T, sc *geo.Schema, f *geo.Feature, row []cell) {
	if got := csv.Unguard(row[0].text); got != f.ID {
		t.Fatalf("ID %q, want %q", got, f.ID)
	}
	for j := range sc.Fields {
		field, c := &sc.Fields[j], row[j+1]
		got, err := parse(c, field)
		if err != nil || !got.Equal(f.Values[j]) {
			t.Fatalf("%s: %v became the cell %q and then %v (%v)", field.Name, f.Values[j], c.text, got, err)
		}
		numeric := field.Type == geo.Integer || field.Type == geo.Number
		if !numeric && c.text != "" && strings.ContainsAny(c.text[:1], "=+-@\t\r\n") {
			t.Fatalf("%s: the cell %q begins as a formula", field.Name, c.text)
		}
	}
	geometry := row[len(row)-3:]
	if f.Geometry == nil {
		if geometry[0].text+geometry[1].text+geometry[2].text != "" {
			t.Fatalf("no geometry became %v", geometry)
		}
		return
	}
	if g, err := wkt.Unmarshal(geometry[2].text); err != nil || !orb.Equal(g, f.Geometry) {
		t.Fatalf("geometry %v became %q (%v)", f.Geometry, geometry[2].text, err)
	}
	if p, ok := f.Geometry.(orb.Point); ok {
		x, _ := strconv.ParseFloat(geometry[0].text, 64)
		y, _ := strconv.ParseFloat(geometry[1].text, 64)
		if (orb.Point{x, y}) != p {
			t.Fatalf("position %v became %v", p, geometry)
		}
	}
}

// encode2 is encode for rapid, and lets encoding/csv have a look as well.
func encode2(t *rapid.T, sc *geo.Schema, fs []geo.Feature) string {
	var b strings.Builder
	e := csv.NewEncoder(&b, sc, csv.Options{})
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := stdcsv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != len(fs)+1 {
		t.Fatalf("encoding/csv reads %d rows, %v", len(rows), err)
	}
	return b.String()
}

// FuzzText holds that any text comes back as it went, invalid UTF-8 apart, and
// is never a formula.
func FuzzText(f *testing.F) {
	for _, s := range []string{"=1", "''=1", " ' =", "a\"b", "\r\n", "\xff", "＝", "'"} {
		f.Add(s)
	}
	sc := &geo.Schema{Fields: []geo.Field{{Name: "text"}}}
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := read(encode(t, sc, csv.Options{}, geo.Feature{ID: "i", Values: []geo.Value{geo.StringValue(s)}}))
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %v, %v", s, rows, err)
		}
		got := rows[1][1].text
		if back := csv.Unguard(got); back != strings.ToValidUTF8(s, "\uFFFD") {
			t.Fatalf("%q became %q and then %q", s, got, back)
		}
		if first := []rune(got + " ")[0]; strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
