package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// This test asks the running service what OGC's executable test suite for OGC
// API - Features (Part 1 Core, Part 2 CRS) asks, method by method and under the
// suite's own names, in the order in which the suite runs them. The suite itself
// is in no package registry; docs/testing.md tells how to run it from its jar
// and where this test is stricter. The one part of it that says more than the
// standard does, its OpenAPI parser, is run here as it is (testdata/ets).

// promisedClasses must be in the service's conformance declaration: a class that
// falls out of it would otherwise only make its checks go away. The checks of
// Part 2 are made when its class is declared.
var promisedClasses = []string{classCore, classOpenAPI, classHTML, classGeoJSON}

const (
	classCore    = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
	classOpenAPI = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30"
	classHTML    = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html"
	classGeoJSON = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson"
	classCRS     = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"

	crs84  = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	crs84h = "http://www.opengis.net/def/crs/OGC/0/CRS84h"

	// What the suite's HTTP client sends as Accept for "JSON".
	acceptJSON    = "application/json, application/javascript, text/javascript, text/json"
	acceptGeoJSON = "application/geo+json"
	acceptOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

func TestConformanceFeatures(t *testing.T) {
	s := &conformance{t: t, root: startServer(t)}
	s.general()
	s.landingPage()
	s.apiDefinition()
	s.conformanceDeclaration()
	s.collections()
	for _, c := range s.tested {
		s.collection(c)
		s.items(c)
		s.itemsErrors(c)
		s.itemsBBox(c)
		s.itemsLimit(c)
		s.itemsTime(c)
		s.item(c)
	}
	if s.classes[classCRS] {
		s.crs()
	} else {
		t.Logf("Part 2 is not declared: its checks are left out")
	}
	s.report()
}

// conformance is one run of the checks.
type conformance struct {
	t       *testing.T
	root    string
	results []result

	apiURL  string
	api     map[string]any
	classes map[string]bool
	doc     map[string]any   // /collections
	tested  []map[string]any // its collections that have items
}

type result struct {
	class, check, subject string
	err                   error // nil passed; errSkip skipped
}

// errSkip marks a check that had nothing to check. Only errNoFeatures is a
// reason that we accept: a box where the collection has no feature.
var (
	errSkip       = errors.New("skipped")
	errNoFeatures = fmt.Errorf("%w: no features in the answer", errSkip)
)

// check records the outcome of one check; subject tells on what it was made.
func (s *conformance) check(class, name, subject string, check func() error) bool {
	err := check()
	s.results = append(s.results, result{class, name, subject, err})
	return err == nil
}

// report prints the table of outcomes and fails the test for every failed check
// and for every skip that hides something.
func (s *conformance) report() {
	type count struct{ passed, failed, skipped int }
	counts := map[string]*count{}
	var total count
	var skipped []string
	for _, r := range s.results {
		if counts[r.class] == nil {
			counts[r.class] = &count{}
		}
		c := counts[r.class]
		switch {
		case r.err == nil:
			c.passed++
			total.passed++
		case errors.Is(r.err, errSkip):
			c.skipped++
			total.skipped++
			skipped = append(skipped, fmt.Sprintf("%s.%s  %s: %v", r.class, r.check, r.subject, r.err))
			if !errors.Is(r.err, errNoFeatures) {
				s.t.Errorf("%s.%s %s: %v", r.class, r.check, r.subject, r.err)
			}
		default:
			c.failed++
			total.failed++
			s.t.Errorf("%s.%s %s: %v", r.class, r.check, r.subject, r.err)
		}
	}
	var classes []string
	for class := range counts {
		classes = append(classes, class)
	}
	sort.Strings(classes)
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "passed\tfailed\tskipped\t\tclass of checks")
	for _, class := range classes {
		c := counts[class]
		fmt.Fprintf(w, "%d\t%d\t%d\t\t%s\n", c.passed, c.failed, c.skipped, class)
	}
	fmt.Fprintf(w, "%d\t%d\t%d\t\t%s\n", total.passed, total.failed, total.skipped, "all")
	_ = w.Flush()
	s.t.Logf("OGC API - Features, Part 1 and Part 2, at %s\n%s\n%s", s.root, table.String(), strings.Join(skipped, "\n"))
	if total.passed < 200 {
		s.t.Errorf("only %d checks passed: the run ended before it was through", total.passed)
	}
}

// answer is a response that has been read.
type answer struct {
	url    string
	status int
	header http.Header
	body   []byte
	sent   time.Time
}

// get requests a URL as the suite's client does.
func (s *conformance) get(address, accept string, namesAndValues ...string) (*answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		q.Set(namesAndValues[i], namesAndValues[i+1])
	}
	u.RawQuery = q.Encode()
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	sent := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		return nil, err
	}
	return &answer{u.String(), resp.StatusCode, resp.Header, body.Bytes(), sent}, nil
}

// getStatus is get, with an error for another status than the one wanted.
func (s *conformance) getStatus(want int, address, accept string, namesAndValues ...string) (*answer, error) {
	a, err := s.get(address, accept, namesAndValues...)
	if err == nil && a.status != want {
		err = fmt.Errorf("GET %s: status %d, want %d: %.300s", a.url, a.status, want, a.body)
	}
	return a, err
}

func (a *answer) object() (map[string]any, error) {
	var doc map[string]any
	if err := json.Unmarshal(a.body, &doc); err != nil {
		return nil, fmt.Errorf("GET %s: %w: %.200s", a.url, err, a.body)
	}
	return doc, nil
}

// Reading JSON without types: what is missing is nil or empty.

func objects(v any) []map[string]any {
	var all []map[string]any
	list, _ := v.([]any)
	for _, e := range list {
		if o, ok := e.(map[string]any); ok {
			all = append(all, o)
		}
	}
	return all
}

func texts(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	var all []string
	list, _ := v.([]any)
	for _, e := range list {
		if s, ok := e.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// dig follows names into objects.
func dig(v any, names ...string) any {
	for _, n := range names {
		o, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = o[n]
	}
	return v
}

// linkByRel returns the first link with a relation, or nil.
func linkByRel(links []map[string]any, rel string) map[string]any {
	for _, l := range links {
		if text(l["rel"]) == rel {
			return l
		}
	}
	return nil
}

// checkLinks checks that links has a self link and an alternate link for every
// media type that the declared classes promise, all with rel and type.
func (s *conformance) checkLinks(links []map[string]any, promised []string) error {
	self := linkByRel(links, "self")
	if self == nil {
		return errors.New("there is no link with rel self")
	}
	for _, l := range links {
		if rel := text(l["rel"]); (rel == "self" || rel == "alternate") && text(l["type"]) == "" {
			return fmt.Errorf("link %v has no type", l)
		}
	}
	for _, mediaType := range promised {
		if mediaType == self["type"] {
			continue
		}
		found := false
		for _, l := range links {
			found = found || text(l["rel"]) == "alternate" && sameMediaType(text(l["type"]), mediaType)
		}
		if !found {
			return fmt.Errorf("no link with rel alternate and type %s (self is %v)", mediaType, self["type"])
		}
	}
	return nil
}

func sameMediaType(a, b string) bool {
	clean := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(s), " ", ""), `"`, "")
	}
	return clean(a) == clean(b)
}

// featureTypes and otherTypes are the media types that the declared classes
// promise for features and for all other documents.
func (s *conformance) featureTypes() []string {
	return s.promised(map[string]string{classHTML: "text/html", classGeoJSON: "application/geo+json"})
}

func (s *conformance) otherTypes() []string {
	return s.promised(map[string]string{classHTML: "text/html", classGeoJSON: "application/json"})
}

func (s *conformance) promised(byClass map[string]string) []string {
	var types []string
	for class, mediaType := range byClass {
		if s.classes[class] {
			types = append(types, mediaType)
		}
	}
	sort.Strings(types)
	return types
}

// absolute resolves a reference against the service's root.
func (s *conformance) absolute(href string) string {
	root, err := url.Parse(s.root + "/")
	if err != nil {
		return href
	}
	ref, err := root.Parse(href)
	if err != nil {
		return href
	}
	return ref.String()
}

// itemsURL is the collection's first items link for GeoJSON, as the suite picks it.
func (s *conformance) itemsURL(c map[string]any) (string, error) {
	for _, l := range objects(c["links"]) {
		if text(l["rel"]) == "items" && text(l["type"]) == acceptGeoJSON {
			return s.absolute(text(l["href"])), nil
		}
	}
	return "", fmt.Errorf("collection %v has no items link of type %s", c["id"], acceptGeoJSON)
}

// itemURL builds a feature's URL out of the items link, as the suite does.
func (s *conformance) itemURL(c map[string]any, id string) (string, error) {
	items, err := s.itemsURL(c)
	if err != nil {
		return "", err
	}
	items, _, _ = strings.Cut(items, "?")
	return items + "/" + id, nil
}

// equalMembers compares members of two documents.
func equalMembers(a, b map[string]any, names ...string) error {
	for _, n := range names {
		if !reflect.DeepEqual(a[n], b[n]) {
			return fmt.Errorf("%s is %v in one and %v in the other", n, a[n], b[n])
		}
	}
	return nil
}
