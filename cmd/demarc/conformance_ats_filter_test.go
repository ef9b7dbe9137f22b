package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"demarc/geo/crs"
)

// filteringTests are the abstract tests of OGC 19-079r2, annex A.
func filteringTests() []abstractTest {
	const part = "ogcapi-features-3/1.0/conf/"
	const queryables, parameters, filter, features = part + "queryables", part + "queryables-query-parameters", part + "filter", part + "features-filter"
	inText := filterTests("cql2-text")
	tests := []abstractTest{
		declares(queryables),
		{queryables, "get-queryables-uris", ofEach(linkTo("queryables"))},
		{queryables, "get-queryables", ofEach(func(s *ats, c *atsCollection) error { return s.checkSchema(c, "queryables") })},
		declares(parameters),
		{parameters, "parameters", ofEach((*ats).queryableParameters)},
		declares(filter),
	}
	for _, test := range inText {
		tests = append(tests, abstractTest{filter, test.name, ofEach(test.check)})
	}
	return append(tests,
		abstractTest{filter, "get-functions", (*ats).functions},
		declares(features),
		abstractTest{features, "filter-on-items", func(s *ats) error { // the tests of filter, in the other language too
			for _, lang := range []string{"cql2-text", "cql2-json"} {
				for _, test := range filterTests(lang) {
					if err := ofEach(test.check)(s); err != nil {
						return fmt.Errorf("%s, %s: %w", lang, test.name, err)
					}
				}
			}
			return nil
		}})
}

type collectionTest struct {
	name  string
	check func(s *ats, c *atsCollection) error
}

// expressions are the inputs of the suite in a language of filters.
type expressions struct {
	lang    string
	isNull  func(queryable string) string
	invalid string
	inBox   func(queryable string, x1, y1, x2, y2 float64) string
}

func expressionsIn(lang string) expressions {
	if lang == "cql2-json" {
		return expressions{lang,
			func(q string) string { return fmt.Sprintf(`{"op":"isNull","args":[{"property":%q}]}`, q) }, `{"op":"THIS IS NOT A FILTER"}`,
			func(q string, x1, y1, x2, y2 float64) string {
				return fmt.Sprintf(`{"op":"s_intersects","args":[{"property":%q},{"bbox":[%v,%v,%v,%v]}]}`, q, x1, y1, x2, y2)
			}}
	}
	return expressions{lang,
		func(q string) string { return `"` + q + `" IS NULL` }, "THIS IS NOT A FILTER",
		func(q string, x1, y1, x2, y2 float64) string {
			return fmt.Sprintf("S_INTERSECTS(%q,BBOX(%v,%v,%v,%v))", q, x1, y1, x2, y2)
		}}
}

func (e expressions) query(filter string) url.Values {
	return url.Values{"filter": {filter}, "filter-lang": {e.lang}}
}

// filterTests are the tests of the class "filter" with a language.
func filterTests(lang string) []collectionTest {
	e := expressionsIn(lang)
	return []collectionTest{
		{"filter-param", func(s *ats, c *atsCollection) error {
			return s.selectsNulls(c, e, e.query(e.isNull(c.sample())))
		}},
		{"filter-lang-default", func(s *ats, c *atsCollection) error {
			text := expressionsIn("cql2-text")
			return s.selectsNulls(c, text, url.Values{"filter": {text.isNull(c.sample())}})
		}},
		{"expression-construction", func(s *ats, c *atsCollection) error {
			return s.refused(c, e.query(e.isNull("this_is_not_a_queryable")))
		}},
		{"filter-crs-wgs84", func(s *ats, c *atsCollection) error {
			if c.geometry == "" || c.bbox() == nil {
				return nil
			}
			b := c.bbox()
			if err := s.matchesAll(c, e.query(e.inBox(c.geometry, b[0], b[1], b[2], b[3]))); err != nil {
				return err
			}
			return s.refused(c, e.query(e.inBox(c.geometry, 1e6, 1e6, 2e6, 2e6)))
		}},
		{"filter-crs-param", func(s *ats, c *atsCollection) error { return s.filterCRS(c, e) }},
		{"mixing-expressions", func(s *ats, c *atsCollection) error { return s.mixesWithBBox(c, e) }},
	}
}

// sample is a queryable that has values to compare.
func (c *atsCollection) sample() string {
	for _, kind := range []string{"string", "integer", "date"} {
		if names := c.names(kind); len(names) > 0 {
			return names[len(names)-1]
		}
	}
	return ""
}

func (c *atsCollection) bbox() []float64 {
	b, err := spatialExtent(c.doc)
	if err != nil || len(b) != 4 || b[0] > b[2] {
		return nil
	}
	return b
}

// selectsNulls: a filter "is null" selects what has no value; what is no filter is
// refused.
func (s *ats) selectsNulls(c *atsCollection, e expressions, q url.Values) error {
	q.Set("properties", c.sample())
	page, status, err := s.items(c, q)
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("%v: status %d, %v", q, status, err)
	}
	for _, f := range page.Features {
		if v := f.Properties[c.sample()]; len(v) > 0 && string(v) != "null" {
			return fmt.Errorf("%s of %s is %s", c.sample(), f.ID, v)
		}
	}
	has, err := s.count(c, url.Values{"filter": {`"` + c.sample() + `" IS NOT NULL`}})
	if err != nil || has+len(page.Features) != c.matched {
		return fmt.Errorf("%d without %s and %d with it, of %d; %v", len(page.Features), c.sample(), has, c.matched, err)
	}
	q.Set("filter", e.invalid)
	return s.refused(c, q)
}

// matchesAll: the result is that without a filter, but for features whose geometry
// is not known.
func (s *ats) matchesAll(c *atsCollection, q url.Values) error {
	placed, err := s.count(c, url.Values{"filter": {`"` + c.geometry + `" IS NOT NULL`}})
	if err != nil {
		return err
	}
	got, err := s.count(c, q)
	if err == nil && (got != placed || got == 0) {
		err = fmt.Errorf("%v matches %d, want %d", q, got, placed)
	}
	return err
}

// filterCRS asks for the extent in every CRS of the collection; PROJ is asked about
// positions elsewhere. A CRS whose area the extent leaves may refuse it.
func (s *ats) filterCRS(c *atsCollection, e expressions) error {
	b := c.bbox()
	if c.geometry == "" || b == nil {
		return nil
	}
	asked := 0
	for _, uri := range texts(c.doc["crs"]) {
		in, err := crs.Parse(uri)
		if err != nil {
			return err
		}
		x1, y1, x2, y2, ok := boxIn(in, b)
		if !ok {
			continue
		}
		q := e.query(e.inBox(c.geometry, x1, y1, x2, y2))
		q.Set("filter-crs", uri)
		if err := s.matchesAll(c, q); err != nil {
			return fmt.Errorf("%s: %w", uri, err)
		}
		asked++
	}
	if asked == 0 {
		return fmt.Errorf("no CRS could be asked")
	}
	q := e.query(e.inBox(c.geometry, b[0], b[1], b[2], b[3]))
	q.Set("filter-crs", "http://www.opengis.net/def/crs/OGC/0/does_not_exist")
	return s.refused(c, q)
}

// boxIn returns a box in a CRS that holds the box in CRS84, in the authority's order
// of axes: the box of its edges, where the projection takes them all.
func boxIn(in crs.CRS, b []float64) (x1, y1, x2, y2 float64, ok bool) {
	var bound orb.MultiPoint
	for i := range 101 {
		t := float64(i) / 100
		for _, p := range [4]orb.Point{{b[0] + t*(b[2]-b[0]), b[1]}, {b[0] + t*(b[2]-b[0]), b[3]}, {b[0], b[1] + t*(b[3]-b[1])}, {b[2], b[1] + t*(b[3]-b[1])}} {
			q, err := in.FromCRS84(p)
			if err != nil {
				return 0, 0, 0, 0, false
			}
			bound = append(bound, q.(orb.Point))
		}
	}
	box := bound.Bound()
	if !in.Geographic() {
		box = box.Pad(1000) // between the hundred positions an edge may bulge
	}
	return box.Min[0], box.Min[1], box.Max[0], box.Max[1], true
}

// mixesWithBBox: a filter and bbox are both to hold.
func (s *ats) mixesWithBBox(c *atsCollection, e expressions) error {
	b := c.bbox()
	if c.geometry == "" || b == nil {
		return nil
	}
	q := e.query(e.inBox(c.geometry, b[0], b[1], b[2], b[3]))
	q.Set("bbox", strings.Trim(strings.ReplaceAll(fmt.Sprint(b), " ", ","), "[]"))
	if err := s.matchesAll(c, q); err != nil {
		return err
	}
	if b[3] >= 89 { // no box is off the extent
		return nil
	}
	q.Set("bbox", fmt.Sprintf("%v,%v,%v,90", b[0], (b[3]+90)/2, b[2]))
	if n, err := s.count(c, q); err != nil || n != 0 {
		return fmt.Errorf("%d features in a box off the extent, %v", n, err)
	}
	return nil
}

// queryableParameters: each queryable that is no geometry is a parameter, which the
// definition has too; another name is none.
func (s *ats) queryableParameters(c *atsCollection) error {
	for name, schema := range c.queryables {
		if kindOf(schema) == "geometry" || kindOf(schema) == "array" {
			continue
		}
		page, _, err := s.items(c, url.Values{"filter": {`"` + name + `" IS NOT NULL`}, "limit": {"1"}})
		if err != nil || len(page.Features) == 0 {
			continue // no value to ask for
		}
		first := page.Features[0]
		value := strings.Trim(string(first.Properties[name]), `"`)
		if name == "id" && value == "" {
			value = first.ID
		}
		if strings.ContainsAny(value, `\`) || value == "" {
			continue
		}
		q := url.Values{name: {value}, "limit": {"1000"}, "properties": {name}}
		got, status, err := s.items(c, q)
		if err != nil || status != http.StatusOK || !slices.ContainsFunc(got.Features, func(f feature) bool { return f.ID == first.ID }) {
			return fmt.Errorf("%s=%s: status %d, %d features without %s, %v", name, value, status, len(got.Features), first.ID, err)
		}
	}
	return s.refused(c, url.Values{"this_is_not_a_queryable": {"1"}})
}

// functions: each has a name, arguments of known types and a type that it returns.
func (s *ats) functions() error {
	doc, err := s.ask("/functions", "application/json")
	if err != nil {
		return err
	}
	types := []string{"string", "number", "integer", "datetime", "geometry", "boolean"}
	all := objects(doc["functions"])
	for _, f := range all {
		for _, kind := range texts(f["returns"]) {
			if !slices.Contains(types, kind) {
				return fmt.Errorf("%v returns %s", f["name"], kind)
			}
		}
		for _, argument := range objects(f["arguments"]) {
			if kinds := texts(argument["type"]); len(kinds) == 0 || slices.ContainsFunc(kinds, func(k string) bool { return !slices.Contains(types, k) }) {
				return fmt.Errorf("%v has an argument of type %v", f["name"], argument["type"])
			}
		}
		if text(f["name"]) == "" || len(texts(f["returns"])) == 0 {
			return fmt.Errorf("%v has no name, or returns nothing", f)
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("no function is listed")
	}
	return nil
}
