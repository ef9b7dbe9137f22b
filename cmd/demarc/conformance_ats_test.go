package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The abstract tests of the standards whose classes the service declares, each under
// its own name: a test of /conf/filter/filter-param of OGC API - Features Part 3 runs
// as TestConformanceATS/ogcapi-features-3/1.0/conf/filter/filter-param. Sources: OGC
// 19-079r2, 23-058 (draft 3), 24-030 (draft) and 21-065r2, annexes A. No executable
// suite has them yet.

// abstractTest is one test of one class.
type abstractTest struct {
	class string // as in /conformance, after http://www.opengis.net/spec/
	name  string
	run   func(s *ats) error
}

// abstractTests returns all that there are, in the order in which they run.
func abstractTests() []abstractTest {
	return slices.Concat(commonTests(), filteringTests(), schemaTests(), sortingTests(), tileTests(), cql2Tests())
}

// elsewhere are the classes whose abstract tests run under other names, those of OGC's
// executable suites above all, with the Go test that has them.
var elsewhere = map[string]string{
	"ogcapi-features-1/1.0/conf/core":    "TestConformanceFeatures",
	"ogcapi-features-1/1.0/conf/oas30":   "TestConformanceOpenAPI",
	"ogcapi-features-1/1.0/conf/geojson": "TestConformanceFeatures",
	"ogcapi-features-1/1.0/conf/html":    "TestConformanceFeatures",
	"ogcapi-features-2/1.0/conf/crs":     "TestConformanceFeatures",
	// Writing needs a token, and records that may be changed.
	"ogcapi-features-4/1.0/conf/create-replace-delete":         "TestConformanceChanges",
	"ogcapi-features-4/1.0/conf/update":                        "TestConformanceChanges",
	"ogcapi-features-4/1.0/conf/features":                      "TestConformanceChanges",
	"ogcapi-features-4/1.0/conf/handling":                      "TestConformanceChanges",
	"ogcapi-features-4/1.0/conf/optimistic-locking-etags":      "TestConformanceChanges",
	"ogcapi-features-4/1.0/conf/optimistic-locking-timestamps": "TestConformanceChanges",
}

// ats is one run.
type ats struct {
	t           *testing.T
	root        string
	classes     []string
	collections []*atsCollection // those of the service
	data        []*atsCollection // and those of the standard's test data
}

// atsCollection is what the tests keep of a collection.
type atsCollection struct {
	id         string
	doc        map[string]any
	queryables map[string]map[string]any
	geometry   string // the spatial queryable, "" if there is none
	matched    int    // without a filter
}

const specs = "http://www.opengis.net/spec/"

// TestConformanceATS runs the abstract tests, and fails for a declared class that
// has none.
func TestConformanceATS(t *testing.T) {
	gpkg := filepath.Join(corpusFile(t, "cql2", "ats"), "ne110m4cql2.gpkg")
	var flags []string
	for _, name := range testData {
		flags = append(flags, "--layer", name+"="+gpkg+"#"+name)
	}
	s := &ats{t: t, root: startServer(t, flags...)}
	s.read()
	tests := abstractTests()
	passed, all := map[string]int{}, map[string]int{}
	for _, test := range tests {
		all[test.class]++
		t.Run(test.class+"/"+test.name, func(t *testing.T) {
			if err := test.run(s); err != nil {
				t.Fatal(err)
			}
			passed[test.class]++
		})
	}
	total := 0
	for _, class := range s.classes {
		switch {
		case elsewhere[class] != "":
			t.Logf("  %s  %s", elsewhere[class], class)
		case all[class] == 0:
			t.Errorf("%s is declared and has no abstract test here, nor a test that elsewhere names", class)
		default:
			t.Logf("%3d/%d  %s", passed[class], all[class], class)
			total += all[class]
		}
	}
	for class := range all {
		if !slices.Contains(s.classes, class) {
			t.Errorf("%s has abstract tests and is not declared", class)
		}
	}
	for class := range elsewhere {
		if !slices.Contains(s.classes, class) {
			t.Errorf("%s is named in elsewhere and is not declared", class)
		}
	}
	t.Logf("abstract tests: %d, and OGC's suites, of %d declared classes", total, len(s.classes))
}

// testData are the layers of the CQL2 standard's data.
var testData = []string{"ne_110m_admin_0_countries", "ne_110m_populated_places_simple", "ne_110m_rivers_lake_centerlines"}

// read keeps the declared classes and what there is to know of each collection.
func (s *ats) read() {
	var declared struct{ ConformsTo []string }
	fetchJSON(s.t, s.root+"/conformance", &declared)
	for _, class := range declared.ConformsTo {
		s.classes = append(s.classes, strings.TrimPrefix(class, specs))
	}
	var all struct{ Collections []map[string]any }
	fetchJSON(s.t, s.root+"/collections", &all)
	for _, doc := range all.Collections {
		c := &atsCollection{id: text(doc["id"]), doc: doc}
		var queryables struct{ Properties map[string]map[string]any }
		fetchJSON(s.t, s.root+"/collections/"+c.id+"/queryables", &queryables)
		c.queryables = queryables.Properties
		for _, name := range c.names("geometry") {
			c.geometry = name
		}
		var err error
		if c.matched, err = s.count(c, url.Values{}); err != nil {
			s.t.Fatal(err)
		}
		if slices.Contains(testData, c.id) {
			s.data = append(s.data, c)
		} else {
			s.collections = append(s.collections, c)
		}
	}
	if len(s.data) != len(testData) || len(s.collections) == 0 {
		s.t.Fatalf("%d collections of the service, %d of test data", len(s.collections), len(s.data))
	}
}

// every are the collections of the service and of the test data.
func (s *ats) every() []*atsCollection { return slices.Concat(s.collections, s.data) }

// names returns the queryables of a kind: string, boolean, number, integer, date,
// date-time, array, geometry.
func (c *atsCollection) names(kind string) []string {
	var names []string
	for name, schema := range c.queryables {
		if kindOf(schema) == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func kindOf(schema map[string]any) string {
	format, kind := text(schema["format"]), text(schema["type"])
	switch {
	case kind == "" && strings.HasPrefix(format, "geometry-"):
		return "geometry"
	case kind == "string" && (format == "date" || format == "date-time"):
		return format
	}
	return kind
}

// ask requests a document of a media type and decodes it.
func (s *ats) ask(path, accept string) (map[string]any, error) {
	a, err := (&conformance{root: s.root}).getStatus(http.StatusOK, s.root+path, accept)
	if err != nil {
		return nil, err
	}
	if got := a.header.Get("Content-Type"); got != accept {
		return nil, fmt.Errorf("GET %s: media type %s, want %s", path, got, accept)
	}
	return a.object()
}

// items asks for a page of a collection with all its features on it, unless q has a
// limit.
func (s *ats) items(c *atsCollection, q url.Values) (page featurePage, status int, err error) {
	if q.Get("limit") == "" {
		q.Set("limit", "10000")
	}
	address := s.root + "/collections/" + c.id + "/items?" + q.Encode()
	body, status, err := get(address, acceptGeoJSON)
	if err == nil && status == http.StatusOK {
		err = json.Unmarshal(body, &page)
	}
	return page, status, err
}

// count asks how many features match; an error for any other status than 200.
func (s *ats) count(c *atsCollection, q url.Values) (int, error) {
	q.Set("resultType", "hits")
	page, status, err := s.items(c, q)
	if err != nil || status != http.StatusOK || page.NumberMatched == nil {
		return 0, fmt.Errorf("%s?%s: status %d, %v", c.id, q.Encode(), status, err)
	}
	return *page.NumberMatched, nil
}

// selects asks how many features a filter selects.
func (s *ats) selects(c *atsCollection, filter string) (int, error) {
	return s.count(c, url.Values{"filter": {filter}, "filter-lang": {"cql2-text"}})
}

// refused asks for items with parameters that must be answered with 400.
func (s *ats) refused(c *atsCollection, q url.Values) error {
	if _, status, err := s.items(c, q); err != nil || status != http.StatusBadRequest {
		return fmt.Errorf("%s?%s: status %d, want 400; %v", c.id, q.Encode(), status, err)
	}
	return nil
}

// declares is the test get-conformance of a class.
func declares(class string) abstractTest {
	return abstractTest{class, "get-conformance", func(s *ats) error {
		doc, err := s.ask("/conformance", "application/json")
		if err == nil && !slices.Contains(texts(doc["conformsTo"]), specs+class) {
			err = fmt.Errorf("%s is not declared", class)
		}
		return err
	}}
}

// ofEach makes a test of one that is made on every collection.
func ofEach(check func(s *ats, c *atsCollection) error) func(s *ats) error {
	return func(s *ats) error {
		for _, c := range s.every() {
			if err := check(s, c); err != nil {
				return fmt.Errorf("%s: %w", c.id, err)
			}
		}
		return nil
	}
}

// commonTests are those of OGC API - Common.
func commonTests() []abstractTest {
	const core, collections = "ogcapi-common-1/1.0/conf/core", "ogcapi-common-2/1.0/conf/collections"
	return []abstractTest{
		{core, "http", func(s *ats) error { _, err := s.ask("/", "application/json"); return err }},
		{core, "query-param-name-unknown", func(s *ats) error {
			if _, status, err := get(s.root+"/?no_such_parameter=1", "application/json"); err != nil || status != http.StatusBadRequest {
				return fmt.Errorf("status %d, %v", status, err)
			}
			return nil
		}},
		{core, "conformance-success", func(s *ats) error { _, err := s.ask("/conformance", "application/json"); return err }},
		{collections, "rc-md-success", func(s *ats) error {
			doc, err := s.ask("/collections", "application/json")
			if err == nil && (len(objects(doc["collections"])) == 0 || linkByRel(objects(doc["links"]), "self") == nil) {
				err = fmt.Errorf("no collections, or no link to itself")
			}
			return err
		}},
		{collections, "src-md-success", ofEach(func(s *ats, c *atsCollection) error {
			doc, err := s.ask("/collections/"+c.id, "application/json")
			if err != nil {
				return err
			}
			return equalMembers(doc, c.doc, "id", "title", "description", "extent", "crs", "itemType")
		})},
	}
}
