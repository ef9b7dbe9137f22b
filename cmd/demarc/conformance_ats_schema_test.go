package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// schemaTests are the abstract tests of OGC 23-058, annex A, whose draft 3 has the
// tests of the class that draft 2, which we declare, calls core-roles-features under
// advanced-property-roles.
func schemaTests() []abstractTest {
	const part = "ogcapi-features-5/1.0/conf/"
	const schemas, roles = part + "schemas", part + "core-roles-features"
	inspect := func(check func(properties map[string]map[string]any) error) func(s *ats) error {
		return ofEach(func(s *ats, c *atsCollection) error {
			for _, kind := range []string{"schema", "queryables", "sortables"} {
				properties, err := s.properties(c, kind)
				if err == nil {
					err = check(properties)
				}
				if err != nil {
					return fmt.Errorf("%s: %w", kind, err)
				}
			}
			return nil
		})
	}
	tests := []abstractTest{
		{schemas, "basic-schema-inspection", ofEach(func(s *ats, c *atsCollection) error { return s.checkSchema(c, "schema") })},
		{schemas, "role", inspect(func(ps map[string]map[string]any) error { return keywordIs(ps, "x-ogc-role", isText) })},
		{schemas, "role-id", ofEach((*ats).roleOfID)},
		{schemas, "property-seq", inspect(func(ps map[string]map[string]any) error { return keywordIs(ps, "x-ogc-propertySeq", isWhole) })},
		{schemas, "unit", inspect(checkUnits)},
		{schemas, "definition", inspect(func(ps map[string]map[string]any) error { return keywordIs(ps, "x-ogc-definition", isURI) })},
		{schemas, "nullvalues", inspect(func(ps map[string]map[string]any) error { return keywordIs(ps, "x-ogc-nullValues", isList) })},
		{roles, "role-primary-geometry", inspect(checkGeometryRole)},
		{roles, "role-primary-temporal", inspect(checkTimeRoles)},
		{roles, "role-type", inspect(func(ps map[string]map[string]any) error {
			if with := withRole(ps, "type"); len(with) > 1 || len(with) == 1 && with[0]["type"] != "string" {
				return fmt.Errorf("the role type: %v", with)
			}
			return nil
		})},
	}
	for _, kind := range []string{"queryables", "sortables"} {
		class := part + kind
		tests = append(tests, declares(class),
			abstractTest{class, "link", ofEach(linkTo(kind))},
			abstractTest{class, "op-and-response", ofEach(func(s *ats, c *atsCollection) error { return s.checkSchema(c, kind) })})
	}
	return tests
}

// linkTo: a collection links to its resource of a kind.
func linkTo(kind string) func(s *ats, c *atsCollection) error {
	return func(s *ats, c *atsCollection) error {
		rel := "http://www.opengis.net/def/rel/ogc/1.0/" + kind
		for _, l := range objects(c.doc["links"]) {
			if href, _, _ := strings.Cut(text(l["href"]), "?"); text(l["rel"]) == rel && href == s.root+"/collections/"+c.id+"/"+kind {
				return nil
			}
		}
		return fmt.Errorf("no link with rel %s to /collections/%s/%s", rel, c.id, kind)
	}
}

// properties returns what a resource of a kind lists.
func (s *ats) properties(c *atsCollection, kind string) (map[string]map[string]any, error) {
	doc, err := s.ask("/collections/"+c.id+"/"+kind, "application/schema+json")
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]any{}
	all, _ := doc["properties"].(map[string]any)
	for name, schema := range all {
		if out[name], _ = schema.(map[string]any); out[name] == nil {
			return nil, fmt.Errorf("%s is no object", name)
		}
	}
	return out, nil
}

// keywords of JSON Schema that our schemas may use; others begin with x-.
var keywords = []string{"$id", "$schema", "title", "description", "type", "format", "properties", "required", "additionalProperties", "enum", "oneOf", "const", "items", "readOnly", "writeOnly",
	"minimum", "maximum", "pattern", "default", "examples", "links"} // links is a member of every document of ours

// checkSchema is the inspection of a schema, on a resource of a kind.
func (s *ats) checkSchema(c *atsCollection, kind string) error {
	path := "/collections/" + c.id + "/" + kind
	doc, err := s.ask(path, "application/schema+json")
	if err != nil {
		return err
	}
	if doc["$schema"] != "https://json-schema.org/draft/2020-12/schema" || doc["$id"] != s.root+path || doc["type"] != "object" {
		return fmt.Errorf("$schema %v, $id %v, type %v", doc["$schema"], doc["$id"], doc["type"])
	}
	properties, err := s.properties(c, kind)
	if err != nil {
		return err
	}
	if len(properties) == 0 {
		return fmt.Errorf("no properties")
	}
	for name, schema := range properties {
		if text(schema["type"]) == "" && (schema["$ref"] != nil || !strings.HasPrefix(text(schema["format"]), "geometry-")) {
			return fmt.Errorf("%s has neither a type nor the format of a geometry: %v", name, schema)
		}
		if kind == "sortables" && slices.Contains([]any{nil, "array", "object"}, schema["type"]) {
			return fmt.Errorf("%s cannot be sorted by: %v", name, schema)
		}
		for keyword := range schema {
			if !slices.Contains(keywords, keyword) && !strings.HasPrefix(keyword, "x-") {
				return fmt.Errorf("%s has the keyword %s", name, keyword)
			}
		}
	}
	for keyword := range doc {
		if !slices.Contains(keywords, keyword) && !strings.HasPrefix(keyword, "x-") && keyword != "queryables" { // GDAL's; see schema.go
			return fmt.Errorf("the keyword %s", keyword)
		}
	}
	return nil
}

// keywordIs checks the values that a keyword has.
func keywordIs(properties map[string]map[string]any, keyword string, is func(schema map[string]any, v any) bool) error {
	for name, schema := range properties {
		if v, ok := schema[keyword]; ok && !is(schema, v) {
			return fmt.Errorf("%s of %s is %v", keyword, name, v)
		}
	}
	return nil
}

func isText(_ map[string]any, v any) bool { return text(v) != "" }

func isWhole(_ map[string]any, v any) bool {
	n, ok := v.(float64)
	return ok && n == float64(int(n))
}

func isURI(_ map[string]any, v any) bool {
	u, err := url.Parse(text(v))
	return err == nil && u.IsAbs()
}

func isList(schema map[string]any, v any) bool {
	list, ok := v.([]any)
	return ok && (schema["type"] != "string" || len(texts(v)) == len(list))
}

// ucum are the units that our schemas have, in UCUM's case-sensitive symbols.
var ucum = []string{"m", "km", "d", "%", "1", "m2", "km2"}

func checkUnits(properties map[string]map[string]any) error {
	for name, schema := range properties {
		unit, ok := schema["x-ogc-unit"]
		if !ok && schema["x-ogc-unitLang"] == nil {
			continue
		}
		if schema["type"] != "number" && schema["type"] != "integer" || !slices.Contains(ucum, text(unit)) {
			return fmt.Errorf("%s is a %v in %v", name, schema["type"], unit)
		}
	}
	return nil
}

func withRole(properties map[string]map[string]any, role string) []map[string]any {
	var with []map[string]any
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if properties[name]["x-ogc-role"] == role {
			with = append(with, properties[name])
		}
	}
	return with
}

// roleOfID: the schema has one property that is the identifier.
func (s *ats) roleOfID(c *atsCollection) error {
	properties, err := s.properties(c, "schema")
	if err != nil {
		return err
	}
	with := withRole(properties, "id")
	if len(with) != 1 || with[0]["type"] != "string" && with[0]["type"] != "integer" {
		return fmt.Errorf("the role id: %v", with)
	}
	return nil
}

func checkGeometryRole(properties map[string]map[string]any) error {
	geometries := 0
	for _, schema := range properties {
		if kindOf(schema) == "geometry" {
			geometries++
		}
	}
	with := withRole(properties, "primary-geometry")
	if len(with) > 1 || len(with) == 0 && geometries > 1 || len(with) == 1 && kindOf(with[0]) != "geometry" {
		return fmt.Errorf("%d geometries, and the role primary-geometry: %v", geometries, with)
	}
	return nil
}

func checkTimeRoles(properties map[string]map[string]any) error {
	instant, start, end := withRole(properties, "primary-instant"), withRole(properties, "primary-interval-start"), withRole(properties, "primary-interval-end")
	if len(instant) > 1 || len(start) > 1 || len(end) > 1 || len(instant) > 0 && len(start)+len(end) > 0 || len(withRole(properties, "primary-interval")) > 0 {
		return fmt.Errorf("%d instants, %d starts, %d ends", len(instant), len(start), len(end))
	}
	for _, schema := range slices.Concat(instant, start, end) {
		if k := kindOf(schema); k != "date" && k != "date-time" {
			return fmt.Errorf("%v is no time", schema)
		}
	}
	return nil
}

// sortingTests are the abstract tests of OGC 24-030 (draft), annex A.
func sortingTests() []abstractTest {
	const part = "ogcapi-features-8/0.0/conf/"
	const sorting, features = part + "sorting", part + "features-sorting"
	return []abstractTest{
		declares(sorting),
		{sorting, "sortby-param", ofEach((*ats).sorts)},
		{sorting, "sortby-order-default", ofEach(func(s *ats, c *atsCollection) error {
			doc, err := s.ask("/collections/"+c.id, "application/json")
			if err == nil && doc["defaultSortOrder"] != nil {
				err = fmt.Errorf("there is a defaultSortOrder, %v: test it", doc["defaultSortOrder"])
			}
			return err
		})},
		{sorting, "expression-construction", ofEach(func(s *ats, c *atsCollection) error {
			return s.refused(c, url.Values{"sortby": {"this_is_not_a_sortable"}})
		})},
		declares(features),
		{features, "get-collections", func(s *ats) error { _, err := s.ask("/collections", "application/json"); return err }},
		{features, "get-collection", ofEach(linkTo("sortables"))},
		{features, "filter-sorting", ofEach((*ats).sorts)},
	}
}

// sorts: by each sortable, both ways, all features come and are in order, those
// without a value last.
func (s *ats) sorts(c *atsCollection) error {
	properties, err := s.properties(c, "sortables")
	if err != nil {
		return err
	}
	for i, name := range slices.Sorted(maps.Keys(properties)) {
		if i == 3*enough && slices.Contains(s.data, c) {
			break
		}
		for _, sign := range []string{"", "+", "-"} {
			page, status, err := s.items(c, url.Values{"sortby": {sign + name}, "properties": {name}})
			if err != nil || status != http.StatusOK || len(page.Features) != c.matched {
				return fmt.Errorf("sortby=%s%s: status %d, %d of %d features, %v", sign, name, status, len(page.Features), c.matched, err)
			}
			var last any
			for i, f := range page.Features {
				var v any
				if raw := f.Properties[name]; len(raw) > 0 {
					if err := json.Unmarshal(raw, &v); err != nil {
						return err
					}
				} else if name == "id" {
					v = f.ID
				}
				if i > 0 && !inOrder(last, v, sign == "-") {
					return fmt.Errorf("sortby=%s%s: %v comes before %v", sign, name, last, v)
				}
				last = v
			}
		}
	}
	return s.refused(c, url.Values{"sortby": {"THIS IS NOT A SORTBY EXPRESSION"}})
}

// inOrder tells whether b may follow a. Values of a list of choices have an order of
// their own, so texts are compared only where both are dates or numbers.
func inOrder(a, b any, descending bool) bool {
	if b == nil {
		return true
	}
	if a == nil {
		return false
	}
	if descending {
		a, b = b, a
	}
	switch a := a.(type) {
	case float64:
		return a <= b.(float64)
	case bool:
		return !a || b.(bool)
	case string:
		return a <= b.(string)
	}
	return true
}
