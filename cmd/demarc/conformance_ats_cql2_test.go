package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"demarc/geo/cql2"
)

// cql2Tests are the abstract tests of OGC 21-065r2, annex A, in both encodings. The
// tests named test-data compare counts on the standard's data; TestATSOverHTTP has
// their table.
func cql2Tests() []abstractTest {
	const part = "cql2/1.0/conf/"
	var tests []abstractTest
	add := func(class, name string, check func(s *ats, c *atsCollection) error) {
		tests = append(tests, abstractTest{part + class, name, ofEach(check)})
	}
	add("basic-cql2", "basic-test", func(_ *ats, c *atsCollection) error {
		comparable := 0
		for name, schema := range c.queryables {
			if kindOf(schema) == "" {
				return fmt.Errorf("%s has no type", name)
			}
			if comparison[kindOf(schema)] != "" {
				comparable++
			}
		}
		if comparable == 0 {
			return fmt.Errorf("nothing can be compared")
		}
		return nil
	})
	for _, t := range predicateTests {
		add(t.class, t.name, func(s *ats, c *atsCollection) error { return s.evaluate(c, t) })
	}
	for _, class := range []string{"basic-spatial-functions", "basic-spatial-functions-plus"} {
		add(class, "s_intersects-invalid", func(s *ats, c *atsCollection) error {
			for _, shape := range []string{"POINT(90 180)", "MULTIPOINT(7.02 49.92, 90 180)"} {
				if c.geometry == "" {
					continue
				}
				if err := s.refused(c, url.Values{"filter": {"S_INTERSECTS(" + c.geometry + "," + shape + ")"}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, class := range []string{"basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions",
		"basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "property-property", "arithmetic"} {
		tests = append(tests, abstractTest{part + class, "test-data", func(s *ats) error { return s.testDataOf(class) }})
	}
	for _, class := range []string{"advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions", "spatial-functions",
		"temporal-functions", "array-functions", "property-property", "arithmetic"} {
		add(class, "logical", func(s *ats, c *atsCollection) error { return s.combine(c, class) })
	}
	tests = append(tests,
		abstractTest{part + "cql2-text", "escaping", (*ats).escaping},
		abstractTest{part + "cql2-text", "validate", func(s *ats) error { return s.validate("cql2-text") }},
		abstractTest{part + "cql2-json", "validate", func(s *ats) error { return s.validate("cql2-json") }},
		// The drafts' name of basic-spatial-functions, for QGIS.
		abstractTest{part + "basic-spatial-operators", "s_intersects", func(s *ats) error { return s.testDataOf("basic-spatial-functions") }})
	return tests
}

// comparison is the value that a queryable of a kind is compared with.
var comparison = map[string]string{"string": "'foo'", "boolean": "true", "number": "3.14", "integer": "1",
	"date-time": "TIMESTAMP('2022-04-14T14:48:46Z')", "date": "DATE('2022-04-14')"}

// predicateTest evaluates predicates of each queryable of some kinds: {q} stands for
// it, {v} for the value of its kind. Pairs of places in the list select nothing in
// common, or the same.
type predicateTest struct {
	class, name string
	kinds       []string
	predicates  []string
	disjoint    [][2]int
	same        [][2]int
}

var (
	comparedKinds = []string{"string", "boolean", "number", "integer", "date-time", "date"}
	anyKind       = append([]string{"array", "geometry"}, comparedKinds...)
	timeKinds     = []string{"date", "date-time"}
)

var predicateTests = []predicateTest{
	{"basic-cql2", "comparison", comparedKinds, []string{"{q} = {v}", "{q} <> {v}", "{q} > {v}", "{q} < {v}", "{q} >= {v}", "{q} <= {v}"}, [][2]int{{0, 1}, {2, 5}, {3, 4}}, nil},
	{"basic-cql2", "is-null", anyKind, []string{"{q} IS NULL", "{q} is not null"}, [][2]int{{0, 1}}, nil},
	{"basic-cql2", "boolean", []string{"string"}, []string{"true", "false"}, [][2]int{{0, 1}}, nil},
	{"basic-cql2", "logical", []string{"string"}, []string{"(NOT ({q} IS NULL) AND {q} <> 'x') OR ({q} = 'x' and {q} >= 'a') or not ({q} <> 'y' OR {q} = 'z')", "NOT (NOT {q} = 'x')", "{q} = 'x'"}, nil, [][2]int{{1, 2}}},
	{"advanced-comparison-operators", "like", []string{"string"}, []string{"{q} LIKE '%'", "{q} like '_%'", "{q} like ''", "{q} like '%%'", `{q} like '\\%\\_'`}, [][2]int{{1, 2}}, [][2]int{{0, 3}}},
	{"advanced-comparison-operators", "between", []string{"number", "integer"}, []string{"{q} BETWEEN 0 AND 100", "{q} between 100.0 and 1.0"}, nil, nil},
	{"advanced-comparison-operators", "in", comparedKinds, []string{"{q} IN ({v})", "{q} not in ({v}, {v})"}, [][2]int{{0, 1}}, nil},
	{"case-insensitive-comparison", "casei", []string{"string"}, []string{"CASEI({q}) = casei('foo')", "CASEI({q}) <> casei('FOO')"}, [][2]int{{0, 1}}, nil},
	{"case-insensitive-comparison", "casei-like", []string{"string"}, []string{"CASEI({q}) LIKE casei('foo%')", "CASEI({q}) LIKE casei('FOO%')"}, nil, [][2]int{{0, 1}}},
	{"accent-insensitive-comparison", "accenti", []string{"string"}, []string{"ACCENTI({q}) = accenti('äöüéáí')", "ACCENTI({q}) <> accenti('aoueai')"}, [][2]int{{0, 1}}, nil},
	{"accent-insensitive-comparison", "accenti-like", []string{"string"}, []string{"ACCENTI({q}) LIKE accenti('äöüéáí%')", "ACCENTI({q}) LIKE accenti('aoueai%')"}, nil, [][2]int{{0, 1}}},
	{"basic-spatial-functions", "s_intersects", []string{"geometry"}, []string{"S_INTERSECTS({q},BBOX(-180,-90,180,90))", "S_INTERSECTS({q},POINT(7.02 49.92))", "{q} IS NOT NULL",
		"S_INTERSECTS({q},BBOX(-180,-90,-90,90)) AND S_INTERSECTS({q},BBOX(90,-90,180,90))"}, nil, [][2]int{{0, 2}}},
	{"basic-spatial-functions-plus", "s_intersects", []string{"geometry"}, []string{"S_INTERSECTS({q},LINESTRING(-180 -45, 0 -45))", "S_INTERSECTS({q},MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45)))",
		"S_INTERSECTS({q},POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)))",
		"S_INTERSECTS({q},GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0))))"}, nil, nil},
	{"spatial-functions", "s_disjoint", []string{"geometry"}, []string{"S_DISJOINT({q},BBOX(0,0,90,90))", "S_INTERSECTS({q},BBOX(0,0,90,90))"}, [][2]int{{0, 1}}, nil},
	{"spatial-functions", "s_equals", []string{"geometry"}, []string{"S_EQUALS({q},POINT(7.02 49.92))"}, nil, nil},
	{"spatial-functions", "s_touches", []string{"geometry"}, []string{"S_TOUCHES({q},LINESTRING(-180 -45, 0 -45))", "S_CROSSES({q},LINESTRING(-180 -45, 0 -45))"}, [][2]int{{0, 1}}, nil},
	{"spatial-functions", "s_crosses", []string{"geometry"}, []string{"S_CROSSES({q},BBOX(0,0,90,90))", "S_WITHIN({q},BBOX(0,0,90,90))"}, [][2]int{{0, 1}}, nil},
	{"spatial-functions", "s_within", []string{"geometry"}, []string{"S_WITHIN({q},BBOX(-180,-90,180,90))", "S_DISJOINT({q},BBOX(-180,-90,180,90))"}, [][2]int{{0, 1}}, nil},
	{"spatial-functions", "s_contains", []string{"geometry"}, []string{"S_CONTAINS({q},BBOX(-180,-90,180,90))"}, nil, nil},
	{"spatial-functions", "s_overlaps", []string{"geometry"}, []string{"S_OVERLAPS({q},BBOX(0,0,90,90))", "S_CONTAINS({q},BBOX(0,0,90,90))"}, [][2]int{{0, 1}}, nil},
	{"temporal-functions", "temporal-instant", timeKinds, []string{"T_AFTER({q},{v})", "T_BEFORE({q},{v})", "T_DISJOINT({q},{v})", "T_EQUALS({q},{v})", "T_INTERSECTS({q},{v})"}, [][2]int{{0, 1}, {2, 4}, {0, 3}}, [][2]int{{3, 4}}},
	{"temporal-functions", "temporal-interval", timeKinds, []string{"T_AFTER(INTERVAL({q},'..'),INTERVAL('2021-01-01','2021-12-31'))", "T_BEFORE(INTERVAL('..',{q}),INTERVAL('2021-01-01','2021-12-31'))",
		"T_DURING(INTERVAL({q},{q}),INTERVAL('..','..'))", "T_MEETS(INTERVAL({q},'..'),INTERVAL('2021-01-01','2021-12-31'))", "T_OVERLAPS(INTERVAL('..',{q}),INTERVAL('2021-01-01','2021-12-31'))",
		"T_FINISHES(INTERVAL({q},{q}),INTERVAL('..','2022-04-16'))", "T_STARTS(INTERVAL({q},{q}),INTERVAL('2022-04-16','..'))", "T_CONTAINS(INTERVAL('..','..'),INTERVAL('2022-04-16','2022-04-17'))"}, [][2]int{{0, 1}}, nil},
	{"array-functions", "array-predicates", []string{"array"}, []string{"A_CONTAINS({q},('foo','bar'))", "A_CONTAINEDBY({q},('foo','bar'))", "A_EQUALS({q},('foo','bar'))", "A_OVERLAPS({q},('foo','bar'))"}, nil, nil},
	{"property-property", "property-property", comparedKinds, []string{"{q} = {q}", "{q} <> {q}", "{v} = {q}", "{q} = {v}", "{q} IS NOT NULL"}, [][2]int{{0, 1}}, [][2]int{{2, 3}, {0, 4}}},
	{"functions", "functions", []string{"geometry"}, []string{"distance_m({q}, POINT(70 40)) < 1e5", "dwithin({q}, POINT(70 40), 1e5)", "length_m({q}) + 1 > 0", "NOT area_m2({q}) BETWEEN 0 AND 1e9", "S_INTERSECTS({q}, feature('segments', '{segment}'))"}, nil, nil},
	{"arithmetic", "arithmetic", []string{"number", "integer"}, []string{"{q} + 1 > 2", "{q} > 1", "{q} * 2 = -4 / {q} ^ 2", "{q} % 2 = 5 div 3", "1 < {q}"}, nil, [][2]int{{1, 4}}},
}

// enough is how many queryables of a kind are asked of the standard's data, which
// has a hundred of a kind; of our own collections all are.
const enough = 4

// predicates returns those of a test for a collection.
func (s *ats) predicates(c *atsCollection, test predicateTest) [][]string {
	var all [][]string
	for _, kind := range test.kinds {
		for i, name := range c.names(kind) {
			if i == enough && slices.Contains(s.data, c) {
				break
			}
			var own []string
			for _, p := range test.predicates {
				own = append(own, strings.NewReplacer("{q}", `"`+name+`"`, "{v}", comparison[kind], "{segment}", s.segment()).Replace(p))
			}
			all = append(all, own)
		}
	}
	return all
}

// segment is the id of a feature of another collection.
func (s *ats) segment() string {
	for _, c := range s.collections {
		if c.id == "segments" {
			page, _, _ := s.items(c, url.Values{"limit": {"1"}})
			return page.Features[0].ID
		}
	}
	return ""
}

// evaluate asks for all predicates, and whether the pairs have nothing or all in
// common.
func (s *ats) evaluate(c *atsCollection, test predicateTest) error {
	for _, predicates := range s.predicates(c, test) {
		selected := make([]int, len(predicates))
		for i, p := range predicates {
			var err error
			if selected[i], err = s.selects(c, p); err != nil {
				return err
			}
		}
		both := func(pair [2]int) (int, error) {
			return s.selects(c, "("+predicates[pair[0]]+") AND ("+predicates[pair[1]]+")")
		}
		for _, pair := range test.disjoint {
			if n, err := both(pair); err != nil || n != 0 {
				return fmt.Errorf("%d are selected by %s and by %s, %v", n, predicates[pair[0]], predicates[pair[1]], err)
			}
		}
		for _, pair := range test.same {
			if n, err := both(pair); err != nil || n != selected[pair[0]] || n != selected[pair[1]] {
				return fmt.Errorf("%s selects %d, %s %d, both %d, %v", predicates[pair[0]], selected[pair[0]], predicates[pair[1]], selected[pair[1]], n, err)
			}
		}
	}
	return nil
}

// combine evaluates ten random combinations of the predicates of a class and of
// basic-cql2.
func (s *ats) combine(c *atsCollection, class string) error {
	var all []string
	for _, test := range predicateTests {
		if test.class == class || test.class == "basic-cql2" && test.name == "comparison" {
			for _, own := range s.predicates(c, test) {
				all = append(all, own...)
			}
		}
	}
	r := rand.New(rand.NewPCG(testSeed(), 3))
	for range 10 {
		p := func() string { return all[r.IntN(len(all))] }
		p1, p2, p3, p4 := p(), p(), p(), p()
		filter := fmt.Sprintf("((NOT (%s) AND (%s)) OR ((%s) and NOT (%s)) or not ((%s) AND (%s)))", p1, p2, p3, p4, p1, p4)
		if _, err := s.count(c, url.Values{"filter": {filter}}); err != nil {
			return err
		}
	}
	return nil
}

// testRow is a predicate on the test data with its expected count.
type testRow struct {
	class, layer, predicate string
	want                    int
}

func (s *ats) testRows() ([]testRow, error) {
	file, err := os.Open(filepath.Join(corpusFile(s.t, "cql2", "ats"), "predicates.tsv"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var rows []testRow
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		row := testRow{class: cells[0], layer: cells[2], predicate: cells[3]}
		if _, err := fmt.Sscan(cells[4], &row.want); err != nil {
			continue // the header
		}
		if right, wrong := atsErrata[row.predicate]; wrong {
			row.want = right
		}
		rows = append(rows, row)
	}
	return rows, lines.Err()
}

// testDataOf evaluates the predicates of a class on the test data.
func (s *ats) testDataOf(class string) error {
	rows, err := s.testRows()
	if err != nil {
		return err
	}
	asked := 0
	for _, row := range rows {
		if own, _, _ := strings.Cut(row.class, "/"); own != class {
			continue
		}
		asked++
		if got, err := atsCount(s.root, row.layer, row.predicate); err != nil || got != row.want {
			return fmt.Errorf("%s: %s: %d, want %d, %v", row.layer, row.predicate, got, row.want, err)
		}
	}
	if asked == 0 {
		return fmt.Errorf("no predicates of %s", class)
	}
	return nil
}

// escaping: text with quotes and control characters comes back as it is.
func (s *ats) escaping() error {
	c := s.collections[0]
	for _, literal := range []string{`'it''s'`, `'it\'s'`, `'\a\b\t\n\v\f\r'`} {
		if _, err := s.count(c, url.Values{"filter": {literal + " = " + literal}}); err != nil {
			return err
		}
	}
	for literal, want := range map[string]string{`'it''s'`: "it's", `'it\'s'`: "it's", `'\a\b\t\n\v\f\r'`: "\a\b\t\n\v\f\r"} {
		e, err := cql2.ParseText(literal+" = 'x'", nil, cql2.WithAnyProperty())
		if err != nil {
			return err
		}
		if got := e.(cql2.Compare).Left; got != cql2.String(want) {
			return fmt.Errorf("%s is read as %q", literal, got)
		}
	}
	return nil
}

// validate asks each predicate on the test data once more, in a language, and wants
// the counts that the standard expects.
func (s *ats) validate(lang string) error {
	rows, err := s.testRows()
	if err != nil {
		return err
	}
	for _, row := range rows {
		filter := row.predicate
		if lang == "cql2-json" {
			e, err := cql2.ParseText(filter, nil, cql2.WithAnyProperty(), cql2.WithGeometry("geom"))
			if err != nil {
				return err
			}
			filter = string(cql2.FormatJSON(e))
		}
		i := slices.IndexFunc(s.data, func(c *atsCollection) bool { return c.id == row.layer })
		page, status, err := s.items(s.data[i], url.Values{"filter": {filter}, "filter-lang": {lang}, "resultType": {"hits"}})
		if err != nil || status != http.StatusOK || *page.NumberMatched != row.want {
			matched, _ := json.Marshal(page.NumberMatched)
			return fmt.Errorf("%s: %s: status %d, %s, want %d, %v", row.layer, filter, status, matched, row.want, err)
		}
	}
	return nil
}
