package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
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
			if r.encoded {
				continue // TestSchemaOfGeoJSON
			}
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
	for _, name := range itemsNames {
		if !slices.Contains(layer.Reserved(), name) {
			t.Errorf("a layer may have a queryable %s", name)
		}
	}
}

// The schema of a feature as GeoJSON has it: each property that a feature has is
// described, in its order, by the type that its values have.
func TestSchemaOfGeoJSON(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		var described ogcapi.Collection
		s.get("/collections/" + col.ID).into(&described)
		if a, b := link(described.Links, "describedby"), link(described.Links, "describedBy"); a != b || a != s.http.URL+"/collections/"+col.ID+"/geojson-schema" {
			t.Errorf("%s: links %q and %q", col.ID, a, b)
		}
		var doc struct {
			Type       string
			Required   []string
			Properties struct {
				Properties struct {
					Type       string
					Properties map[string]struct{ Type, Format, Title string }
				}
			}
		}
		a := s.get(link(described.Links, "describedby"), "Accept", "application/schema+json").expect(http.StatusOK, "application/schema+json")
		a.into(&doc)
		inner := doc.Properties.Properties
		if doc.Type != "object" || inner.Type != "object" || len(doc.Required) != 4 {
			t.Errorf("%s: %s", col.ID, a.body)
		}
		want, at := 0, 0
		for i := range col.Schema.Fields {
			f := &col.Schema.Fields[i]
			if f.Name == "id" { // GDAL has it already
				continue
			}
			want++
			p := inner.Properties[f.Name]
			kind := map[geo.Type]string{geo.Integer: "integer ", geo.Number: "number ", geo.Boolean: "boolean ", geo.Date: "string date", geo.DateTime: "string date-time"}[f.Type]
			if kind == "" {
				kind = "string "
			}
			if p.Type+" "+p.Format != kind || p.Title != f.Title {
				t.Errorf("%s: %s is %+v, want %s", col.ID, f.Name, p, kind)
			}
			next := strings.Index(string(a.body), `"`+f.Name+`":{`)
			if next < at {
				t.Errorf("%s: %s stands before the property that it follows", col.ID, f.Name)
			}
			at = next
		}
		if len(inner.Properties) != want {
			t.Errorf("%s: %d properties, want %d", col.ID, len(inner.Properties), want)
		}
	}
}

// GDAL takes an integer of a schema for one of 32 bits, so longer ones are
// numbers there.
func TestSchemaOfGeoJSONAndLongIntegers(t *testing.T) {
	l, err := layer.ReadGeoJSON("camps", "camps.geojson", []byte(`{"type":"Feature","geometry":null,"properties":{"osm":5025736123,"beds":-2147483648,"name":"x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	s := serveLayers(t, *l)
	a := s.get("/collections/camps/geojson-schema")
	var doc struct {
		Properties struct {
			Properties struct {
				Properties map[string]struct{ Type string }
			}
		}
	}
	a.into(&doc)
	for name, want := range map[string]string{"osm": "number", "beds": "integer", "name": "string"} {
		if got := doc.Properties.Properties.Properties[name].Type; got != want {
			t.Errorf("%s is of the type %q, want %q", name, got, want)
		}
	}
}

// serveLayers serves layers beside the records that are shipped.
func serveLayers(t *testing.T, layers ...data.Layer) *service {
	t.Helper()
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	d, err := dataset.New(records, layers...)
	if err != nil {
		t.Fatal(err)
	}
	return serveWith(t, Config{}, d, mapFiles, slog.New(slog.DiscardHandler))
}
