package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"demarc/data/layer"
	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/server/ogcapi"
)

type schemaDocument struct {
	Schema     string `json:"$schema"`
	ID         string `json:"$id"`
	Type       string
	Title      string
	Properties map[string]map[string]any
	Queryables []struct{ ID string }
	Links      []ogcapi.Link
}

// The schemas of a collection are those of its fields, and its links lead to them.
func TestSchemasAreThoseOfTheFields(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		base := "/collections/" + col.ID
		var described ogcapi.Collection
		s.get(base).into(&described)
		for _, r := range schemaResources() {
			a := s.get(link(described.Links, r.rel), "Accept", "application/json").expect(http.StatusOK, "application/schema+json")
			var doc schemaDocument
			a.into(&doc)
			if doc.Schema != "https://json-schema.org/draft/2020-12/schema" || doc.ID != s.http.URL+base+"/"+r.path || doc.Type != "object" || doc.Title == "" {
				t.Errorf("%s/%s: %+v", base, r.path, doc)
			}
			count := 0
			for i := range col.Schema.Fields {
				f := &col.Schema.Fields[i]
				p, listed := doc.Properties[f.Name]
				if want := map[string]bool{"schema": true, "queryables": f.Queryable, "sortables": f.Sortable}[r.path]; listed != want {
					t.Errorf("%s/%s lists %s: %v", base, r.path, f.Name, listed)
				}
				if !listed {
					continue
				}
				count++
				if p["title"] != f.Title || f.Unit != "" && p["x-ogc-unit"] != f.Unit || f.Name == "id" && p["x-ogc-role"] != "id" || p["type"] == nil {
					t.Errorf("%s/%s: %s is %v", base, r.path, f.Name, p)
				}
				if terms, _ := p["oneOf"].([]any); f.Type != geo.StringList && len(terms) != len(f.Enum) {
					t.Errorf("%s/%s: %s has %d terms, want %d", base, r.path, f.Name, len(terms), len(f.Enum))
				}
			}
			if p, ok := doc.Properties["geometry"]; ok != (r.geometry && col.HasGeometry()) || ok && (p["format"] != "geometry-any" || p["x-ogc-role"] != "primary-geometry") {
				t.Errorf("%s/%s: geometry is %v", base, r.path, p)
			}
			if r.path == "queryables" && len(doc.Queryables) != count {
				t.Errorf("%s/queryables lists %d for GDAL, want %d", base, len(doc.Queryables), count)
			}
			checkPage(t, s, base+"/"+r.path+"?f=html")
		}
	}
	for name, role := range map[string]string{"start": "primary-interval-start", "end": "primary-interval-end"} {
		var doc schemaDocument
		s.get("/collections/incidents/schema").into(&doc)
		if doc.Properties[name]["x-ogc-role"] != role {
			t.Errorf("incidents: %s is %v", name, doc.Properties[name])
		}
	}
}

// The features of every collection keep the schema of it.
func TestFeaturesKeepTheirSchema(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		var doc schemaDocument
		s.get("/collections/" + col.ID + "/schema").into(&doc)
		for _, f := range s.page(itemsOf(col.ID, "limit", "10000")).Features {
			for name, value := range f.Properties {
				if value != nil && !keeps(doc.Properties[name], value) { // null says that there is none
					t.Errorf("%s/%s: %s is %v, which is not %v", col.ID, f.ID, name, value, doc.Properties[name])
				}
			}
		}
	}
}

// keeps tells whether a value is as its schema says, by the keywords that the
// service uses.
func keeps(schema map[string]any, value any) bool {
	if list, ok := value.([]any); ok {
		items, _ := schema["items"].(map[string]any)
		return schema["type"] == "array" && items != nil && !slices.ContainsFunc(list, func(v any) bool { return !keeps(items, v) })
	}
	switch v := value.(type) {
	case string:
		enum, closed := schema["enum"].([]any)
		return schema["type"] == "string" && (!closed || slices.Contains(enum, value))
	case float64:
		return schema["type"] == "number" || schema["type"] == "integer" && v == float64(int64(v))
	case bool:
		return schema["type"] == "boolean"
	}
	return false
}

// What queryables lists can be asked for, what sortables lists gives an order.
func TestWhatIsListedCanBeAsked(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		var q, o schemaDocument
		s.get("/collections/" + col.ID + "/queryables").into(&q)
		s.get("/collections/" + col.ID + "/sortables").into(&o)
		for name := range q.Properties {
			s.page(itemsOf(col.ID, "limit", "1", "filter", `"`+name+`" IS NOT NULL`))
		}
		for name := range o.Properties {
			s.page(itemsOf(col.ID, "limit", "1", "sortby", "-"+name))
		}
	}
}

func TestFunctionsAreListed(t *testing.T) {
	s := serve(t, invented)
	var doc ogcapi.Functions
	s.get("/functions").expect(http.StatusOK, "application/json").into(&doc)
	var names []string
	for i, f := range doc.Functions {
		names = append(names, f.Name)
		want := cql2.Functions()[i]
		if f.Description != want.Doc || len(f.Arguments) != len(want.Args) || !slices.Equal(f.Returns, []string{want.Returns}) {
			t.Errorf("%+v, want %+v", f, want)
		}
	}
	if !slices.Equal(names, []string{"area_m2", "distance_m", "dwithin", "feature", "length_m"}) {
		t.Errorf("functions are %v", names)
	}
	checkPage(t, s, "/functions?f=html")
	var landing ogcapi.LandingPage
	s.get("/").into(&landing)
	if link(landing.Links, ogcRel+"functions") != s.http.URL+"/functions" {
		t.Error("the landing page does not lead to the functions")
	}
}

// What clients look for before they send a filter: GDAL the name cql-text in the
// definition, QGIS the classes.
func TestClientsFindWhatTheyLookFor(t *testing.T) {
	s := serve(t, invented)
	doc := definition(t, s)
	for _, ref := range doc.Paths.Value("/collections/incidents/items").Get.Parameters {
		if p := ref.Value; p.Name == "filter-lang" && !slices.Contains(p.Schema.Value.Enum, any("cql-text")) {
			t.Errorf("filter-lang is one of %v", p.Schema.Value.Enum)
		}
	}
	var declared ogcapi.Conformance
	s.get("/conformance").into(&declared)
	for _, class := range []string{
		"ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2",
		"cql2/1.0/conf/advanced-comparison-operators", "cql2/1.0/conf/case-insensitive-comparison", "cql2/1.0/conf/basic-spatial-operators",
		"ogcapi-features-5/1.0/conf/schemas", "ogcapi-features-2/1.0/conf/crs",
	} {
		if !slices.Contains(declared.ConformsTo, "http://www.opengis.net/spec/"+class) {
			t.Errorf("%s is not declared", class)
		}
	}
	for i, class := range declared.ConformsTo {
		if _, err := url.Parse(class); err != nil || strings.Contains(strings.Join(declared.ConformsTo[i+1:], " ")+" ", class+" ") {
			t.Errorf("%s is declared twice", class)
		}
	}
}

// A property of a user's layer that has the name of a parameter cannot be one.
func TestParametersAreReserved(t *testing.T) {
	for _, name := range itemsParams() {
		if !slices.Contains(layer.Reserved(), name) {
			t.Errorf("a layer may have a queryable %s", name)
		}
	}
}
