package cql2_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

// faultsOf returns the faults of an error, which must be an InputError.
func faultsOf(t *testing.T, err error) []geo.Fault {
	t.Helper()
	if err == nil {
		return nil
	}
	var input *geo.InputError
	if !errors.As(err, &input) {
		t.Fatalf("%T, want *geo.InputError: %v", err, err)
	}
	return input.Faults
}

// TestTextFaults asks that faults name their place, what was found and what would be
// right.
func TestTextFaults(t *testing.T) {
	for _, c := range []struct{ name, filter, where, found, problem, mend string }{
		{"typo", "kiled_high > 0", "line 1, column 1, character 1", "kiled_high", "no such property", "did you mean killed_high?"},
		{"typo on a later line", "id = 'x' AND\n  stat > DATE('2022-01-01')", "line 2, column 3, character 16", "stat", "no such property", "did you mean start?"},
		{"column counts characters", "title = 'Ҷанг' AND foo = 1", "line 1, column 20, character 20", "foo", "no such property", "the properties are geometry, id"},
		{"hidden as if it did not exist", "draft_note = 'x'", "line 1, column 1", "draft_note", "no such property", ""},
		{"swapped quotes", `title = "clash of words"`, "line 1, column 9", "clash of words", "no such property", "single quotes text"},
		{"no filter", "  ", "line 1, column 1", "", "the filter is empty", ""},
		{"number against text", "title > 5", "line 1, column 9", "5", "a number cannot be compared with a string", "it must be a string"},
		{"no date", "start > '2022-13-01'", "line 1, column 9", "2022-13-01", "no date or timestamp", "DATE('2022-09-16')"},
		{"array by operator", "('kg', 'tj') = 'kg'", "line 1, column 1", "", "cannot be compared", ""},
		{"geometry by operator", "geometry = POINT(1 2)", "line 1, column 1", "geometry", "a geometry cannot be compared", "S_EQUALS"},
		{"unclosed text", "title = 'x", "line 1, column 9", "'x", "the text has no end", "single quote"},
		{"unclosed name", `"title = 'x'`, "line 1, column 1", "", "the name has no end", "double quote"},
		{"ends early", "title =", "line 1, column 8", "", "the filter ends too early", "expected a value"},
		{"something follows", "disputed = TRUE id", "line 1, column 17", "id", "this cannot stand here", "expected the end, AND or OR"},
		{"chained", "1 < killed_low < 5", "line 1, column 16", "<", "cannot stand here", "comparisons do not chain"},
		{"C equality", "killed_low == 5", "line 1, column 12", "==", "== is no operator", "write ="},
		{"C inequality", "killed_low != 5", "line 1, column 12", "!=", "!= is no operator", "write <>"},
		{"name with a digit first", "2nd = 5", "line 1, column 1", "2nd", "neither a number nor a name", "double quotes"},
		{"keyword as name", "like = 5", "line 1, column 1", "like", "cannot stand here", "double quotes"},
		{"foreign character", "killed_low = 5;", "line 1, column 15", ";", "no place in a filter", ""},
		{"unknown function", "s_intersect(geometry, POINT(1 2))", "line 1, column 1", "s_intersect", "no such function", "did you mean s_intersects?"},
		{"arguments", "S_INTERSECTS(geometry)", "line 1, column 1", "S_INTERSECTS", "has 1 arguments", "it must have 2"},
		{"argument's type", "dwithin(geometry, title, 5)", "line 1, column 19", "title", "argument b of dwithin is a string", "a geometry"},
		{"no boolean", "killed_low + 1", "line 1, column 1", "killed_low + 1", "the filter is a number", "a boolean"},
		{"operand of AND", "disputed AND title", "line 1, column 14", "title", "an operand of AND is a string", "a boolean"},
		{"latitude", "S_INTERSECTS(geometry,POINT(90 180))", "line 1, column 29", "90 180", "latitude is not between -90 and 90", "longitude, latitude"},
		{"longitude", "S_INTERSECTS(geometry,BBOX(-181,0,0,1))", "line 1, column 23", "-181 0", "longitude is not between -180 and 180", ""},
		{"box upside down", "S_INTERSECTS(geometry,BBOX(0,1,1,0))", "line 1, column 23", "BBOX(0,1,1,0)", "south is north", "west, south, east, north"},
		{"open ring", "S_WITHIN(geometry,POLYGON((0 0,1 0,1 1,0 1)))", "line 1, column 27", "", "does not end where it begins", ""},
		{"ring that crosses itself", "S_WITHIN(geometry,POLYGON((0 0,2 2,2 0,0 2,0 0)))", "line 1, column 19", "", "meets itself at lon 1, lat 1", ""},
		{"one vertex", "S_CROSSES(geometry,LINESTRING(0 0))", "line 1, column 30", "", "the line has one position", "two or more"},
		{"interval backwards", "T_DURING(start, INTERVAL('2022-09-17','2022-09-14'))", "line 1, column 17", "", "ends before it begins", "swap"},
		{"date with time", "start = DATE('2022-09-17T00:00:00Z')", "line 1, column 14", "2022-09-17T00:00:00Z", "no date", "YYYY-MM-DD"},
		{"pattern", "title LIKE id", "line 1, column 12", "id", "the pattern of LIKE is no text", "single quotes"},
		{"too large", "killed_low < 1e999", "line 1, column 14", "1e999", "too large", ""},
		{"chained powers", "killed_low = 2 ^ 2 ^ 2", "line 1, column 20", "^", "cannot stand here", "parentheses"},
		{"feature unavailable", "dwithin(geometry, feature('segments','x'), 5)", "line 1, column 19", "feature", "cannot be used here", ""},
		{"feature by property", "dwithin(geometry, feature('segments', id), 5)", "line 1, column 19", "feature('segments', id)", "needs the names", ""},
		{"null byte", "id = 'x' \x00", "line 1, column 10", "", "no place", ""},
		{"not UTF-8", "id = '\xff'", "line 1, column 1", "", "not UTF-8", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := cql2.ParseText(c.filter, testSchema())
			fs := faultsOf(t, err)
			if len(fs) == 0 {
				t.Fatal("got no fault")
			}
			f := fs[0]
			if !strings.HasPrefix(f.Where, c.where) || !strings.Contains(f.Problem, c.problem) ||
				!strings.Contains(f.Mend, c.mend) || c.found != "" && f.Found != c.found {
				t.Errorf("got %#v", f)
			}
		})
	}
}

func TestAllFaultsAreTold(t *testing.T) {
	_, err := cql2.ParseText("kiled > 1 AND title > 5 AND foo(1) AND start < 'x'", testSchema())
	if fs := faultsOf(t, err); len(fs) != 4 {
		t.Errorf("got %d faults, want 4:\n%v", len(fs), err)
	}
	_, err = cql2.ParseText(strings.Repeat("x = 1 AND ", 100)+"x = 1", testSchema())
	if fs := faultsOf(t, err); len(fs) != 20 {
		t.Errorf("got %d faults of 101, want 20", len(fs))
	}
}

func TestJSONFaults(t *testing.T) {
	for _, c := range []struct{ name, filter, where, problem, mend string }{
		{"typo", `{"op":"and","args":[true,{"op":">","args":[{"property":"kiled_high"},0]}]}`, "/args/1/args/0/property", "no such property", "killed_high"},
		{"no JSON", `{"op":`, "", "no JSON", ""},
		{"twice", `{"op":"=","op":"<>","args":[1,2]}`, "", `the member "op" twice`, ""},
		{"something follows", `true false`, "", "something follows", ""},
		{"null", `{"op":"=","args":[{"property":"title"},null]}`, "/args/1", "cannot stand here", "isNull"},
		{"operator in another case", `{"op":"isnull","args":[{"property":"title"}]}`, "/op", "no such operator", "isNull"},
		{"no args", `{"op":"not"}`, "", "has no args", ""},
		{"AND of one", `{"op":"and","args":[true]}`, "", "and has 1 arguments", "two or more"},
		{"stray member", `{"op":"=","args":[1,1],"filter-crs":"x"}`, "/filter-crs", "not of CQL2", "leave it out"},
		{"number as name", `{"op":"isNull","args":[{"property":5}]}`, "/args/0/property", "cannot stand here", ""},
		{"date", `{"op":"=","args":[{"property":"start"},{"date":"2022-02-30"}]}`, "/args/1/date", "no date", "YYYY-MM-DD"},
		{"geometry", `{"op":"s_within","args":[{"property":"geometry"},{"type":"Circle","coordinates":[]}]}`, "/args/1/type", "no such type", "Polygon"},
		{"latitude", `{"op":"s_within","args":[{"property":"geometry"},{"type":"MultiPoint","coordinates":[[1,2],[90,180]]}]}`, "/args/1/coordinates/1", "latitude", ""},
		{"text as coordinate", `{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":["1",2]}]}`, "/args/1/coordinates/0", "cannot stand here", "number"},
		{"bbox", `{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3]}]}`, "/args/1/bbox", "cannot stand here", "west, south, east, north"},
		{"IN without list", `{"op":"in","args":[{"property":"title"},"x"]}`, "/args/1", "cannot stand here", "array"},
		{"pointer with slash", `{"op":"=","args":[1,1],"a/b~":1}`, "/a~1b~0", "not of CQL2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := cql2.ParseJSON([]byte(c.filter), testSchema())
			fs := faultsOf(t, err)
			if len(fs) == 0 {
				t.Fatal("got no fault")
			}
			if f := fs[0]; f.Where != c.where || !strings.Contains(f.Problem, c.problem) || !strings.Contains(f.Mend, c.mend) {
				t.Errorf("got %#v", f)
			}
		})
	}
}

// TestLimits asks that what is just allowed passes and one more does not, in both
// encodings.
func TestLimits(t *testing.T) {
	nested := func(n int) (string, string) { // n levels of NOT round a comparison of two levels
		return strings.Repeat("NOT ", n) + "disputed", strings.Repeat(`{"op":"not","args":[`, n) + `{"property":"disputed"}` + strings.Repeat("]}", n)
	}
	parentheses := func(n int) (string, string) {
		return strings.Repeat("(", n) + "disputed" + strings.Repeat(")", n),
			strings.Repeat(`{"op":"and","args":[true,`, n) + "true" + strings.Repeat("]}", n)
	}
	list := func(n int) (string, string) {
		return "killed_low IN (" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + ")",
			`{"op":"in","args":[{"property":"killed_low"},[` + strings.TrimSuffix(strings.Repeat("1,", n), ",") + `]]}`
	}
	nodes := func(n int) (string, string) { // n operands of an AND are n+1 nodes
		return strings.TrimSuffix(strings.Repeat("disputed AND ", n), " AND "),
			`{"op":"and","args":[` + strings.TrimSuffix(strings.Repeat(`{"property":"disputed"},`, n), ",") + `]}`
	}
	pattern := func(n int) (string, string) {
		return "title LIKE '" + strings.Repeat("ҷ", n) + "'", `{"op":"like","args":[{"property":"title"},"` + strings.Repeat("ҷ", n) + `"]}`
	}
	collections := func(n int) (string, string) {
		return "S_WITHIN(geometry," + strings.Repeat("GEOMETRYCOLLECTION(", n) + "POINT(1 2)" + strings.Repeat(")", n) + ")",
			`{"op":"s_within","args":[{"property":"geometry"},` + strings.Repeat(`{"type":"GeometryCollection","geometries":[`, n) +
				`{"type":"Point","coordinates":[1,2]}` + strings.Repeat("]}", n) + `]}`
	}
	for _, c := range []struct {
		name    string
		filter  func(n int) (text, json string)
		most    int
		problem string
	}{
		{"depth", nested, cql2.MaxDepth - 1, "deeper than"},
		{"nesting", parentheses, 127, "deeper than"},
		{"list", list, cql2.MaxList, "more than 1000 members"},
		{"nodes", nodes, cql2.MaxNodes - 1, "more than 500 parts"},
		{"pattern", pattern, cql2.MaxPattern, "more than 256 characters"},
		{"collections", collections, 4, "nest deeper than 4"},
	} {
		for n := c.most; n <= c.most+1; n++ {
			text, json := c.filter(n)
			_, errText := cql2.ParseText(text, testSchema())
			_, errJSON := cql2.ParseJSON([]byte(json), testSchema())
			for encoding, err := range map[string]error{"text": errText, "JSON": errJSON} {
				fs := faultsOf(t, err)
				switch {
				case n == c.most && err != nil:
					t.Errorf("%s of %d in %s: %v", c.name, n, encoding, err)
				case n > c.most && (len(fs) != 1 || !strings.Contains(fs[0].Problem, c.problem)):
					t.Errorf("%s of %d in %s: got %v, want %q", c.name, n, encoding, err, c.problem)
				}
			}
		}
	}
}

func TestLongFiltersAreRefusedUnread(t *testing.T) {
	text := "title = '" + strings.Repeat("x", cql2.MaxText) + "'"
	if _, err := cql2.ParseText(text, testSchema()); err == nil || !strings.Contains(err.Error(), "bytes, more than 16384") {
		t.Errorf("text: %v", err)
	}
	if _, err := cql2.ParseJSON([]byte(strings.Repeat(" ", cql2.MaxJSON)+"true"), testSchema()); err == nil {
		t.Error("JSON: got no fault")
	}
	for _, s := range []string{strings.Repeat("[", 60_000), strings.Repeat(`{"op":"not","args":[`, 3000)} {
		if _, err := cql2.ParseJSON([]byte(s), testSchema()); err == nil || !strings.Contains(err.Error(), "nests deeper") {
			t.Errorf("%.30s…: got %v", s, err)
		}
	}
	arrays := "A_EQUALS((" + strings.TrimSuffix(strings.Repeat("1,", 400), ",") + "),(" + strings.TrimSuffix(strings.Repeat("1,", 400), ",") + "))"
	if _, err := cql2.ParseText(arrays, testSchema()); err == nil || !strings.Contains(err.Error(), "comparisons") {
		t.Errorf("arrays: %v", err)
	}
}

func TestFeatureIsLookedUp(t *testing.T) {
	resolve := func(collection, id string) (orb.Geometry, error) {
		if collection != "segments" {
			return nil, fmt.Errorf("there is no collection %s", collection)
		}
		return orb.Point{70, 40}, nil
	}
	e, err := cql2.ParseText("dwithin(geometry, FEATURE('segments','x'), 1000)", testSchema(), cql2.WithFeatures(resolve))
	if err != nil {
		t.Fatal(err)
	}
	roundTrips(t, e, testSchema(), cql2.WithFeatures(resolve))
	near, far := &geo.Feature{Geometry: orb.Point{70.01, 40}}, &geo.Feature{Geometry: orb.Point{70.02, 40}}
	if cql2.Eval(e, near) != cql2.True || cql2.Eval(e, far) != cql2.False {
		t.Errorf("%s: 850 m off is %v, 1.7 km off %v", cql2.Format(e), cql2.Eval(e, near), cql2.Eval(e, far))
	}
	_, err = cql2.ParseText("dwithin(geometry, feature('sectors','x'), 1000)", testSchema(), cql2.WithFeatures(resolve))
	if fs := faultsOf(t, err); len(fs) != 1 || fs[0].Problem != "there is no collection sectors" {
		t.Errorf("got %v", err)
	}
}
