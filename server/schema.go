package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data/edit"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// formatSchema is JSON Schema. GDAL asks for it with application/json.
var formatSchema = format{"json", "application/schema+json", "JSON Schema", []string{"application/json"}}

// schemaResource is a resource that tells of a collection's properties: which
// there are (OGC 23-058r1 §7), which can be asked for (OGC 19-079r2 §6.2), and
// which give an order (draft Part 8). All are made from the one geo.Schema.
type schemaResource struct {
	path, rel, title, doc string
	has                   func(*geo.Field) bool
	geometry              bool
	encoded               bool // as GeoJSON has it: the whole feature, its properties within
}

// ogcRel begins the link relations of OGC's registry.
const ogcRel = "http://www.opengis.net/def/rel/ogc/1.0/"

func schemaResources() []schemaResource {
	return []schemaResource{
		{"schema", ogcRel + "schema", "Schema", "The properties that the features have.", func(*geo.Field) bool { return true }, true, false},
		{"geojson-schema", "describedby", "GeoJSON schema", "A feature as GeoJSON has it. Any property but the identifier is null where nothing is known; the type is that of its other values.",
			func(*geo.Field) bool { return true }, true, true},
		{"queryables", ogcRel + "queryables", "Queryables", "The properties that can stand in a filter, and those but the geometry as parameters of their own.",
			func(f *geo.Field) bool { return f.Queryable }, true, false},
		{"sortables", ogcRel + "sortables", "Sortables", "The properties that can stand in sortby.", func(f *geo.Field) bool { return f.Sortable }, false, false},
	}
}

// fields returns the fields of the schema that belong to the resource.
func (r schemaResource) fields(sc *geo.Schema) []geo.Field {
	var out []geo.Field
	for i := range sc.Fields {
		if r.has(&sc.Fields[i]) {
			out = append(out, sc.Fields[i])
		}
	}
	return out
}

// schemaLinks returns the links from a collection to its schemas. GDAL and QGIS
// find the queryables by the relation, QGIS the schema too; GDAL takes the types
// of fields from what describes the collection. GDAL 3.6 knows that relation in
// its old spelling alone, though case does not count (RFC 8288 §2.1.1).
func schemaLinks(col *snapshot.Collection, href string) []ogcapi.Link {
	var links []ogcapi.Link
	for _, r := range schemaResources() {
		link := ogcapi.Link{Href: href + "/" + r.path, Rel: r.rel, Type: formatSchema.mediaType, Title: r.title + " of " + strings.ToLower(col.Title)}
		links = append(links, link)
		if r.encoded {
			link.Rel = "describedBy"
			links = append(links, link)
		}
	}
	return links
}

// schemaPage is what the page of a schema shows.
type schemaPage struct {
	Collection *snapshot.Collection
	Doc, JSON  string
	Geometry   bool
	Fields     []geo.Field
}

// propertiesOf answers with one of the schemas of a collection.
func (s *Server) propertiesOf(r schemaResource) handler {
	return func(c *gin.Context) error {
		col, err := s.collectionOf(c)
		if err != nil {
			return err
		}
		formats := []format{formatSchema, formatHTML}
		f, done, err := s.plain(c, formats)
		if err != nil || done {
			return err
		}
		href := s.collectionURL(c, col.ID) + "/" + r.path
		links := representations(href, nil, formats, f)
		if f.name == formatHTML.name {
			return s.page(c, "schema", pageData{Title: r.title + " of " + strings.ToLower(col.Title), Links: links,
				Crumbs: append(collectionCrumbs(s.root(c)), crumb{s.collectionURL(c, col.ID) + "?f=html", col.Title}),
				Body:   schemaPage{col, r.doc, href + "?f=json", r.geometry && col.HasGeometry(), r.fields(&col.Schema)}})
		}
		body, err := json.Marshal(s.schemaDocument(r, col, href, links))
		if err != nil {
			return err
		}
		s.write(c, http.StatusOK, f.mediaType, body)
		return nil
	}
}

// schemaDocument returns the resource as JSON Schema 2020-12. Where the service
// takes changes, the schema says which properties they can set (OGC 23-058r1,
// returnables and receivables): the others are readOnly.
func (s *Server) schemaDocument(r schemaResource, col *snapshot.Collection, href string, links []ogcapi.Link) object {
	doc := r.document(col, href, links)
	if _, editable := edit.KindOf(col.ID); r.path != "schema" || !s.writable() || !editable {
		return doc
	}
	writable := edit.Writable(col.ID)
	for name, property := range doc["properties"].(object) {
		if !slices.Contains(writable, name) && (name != col.GeometryName() || col.ID == "claims") {
			property.(object)["readOnly"] = true
		}
	}
	return doc
}

// document returns the resource as JSON Schema 2020-12.
func (r schemaResource) document(col *snapshot.Collection, href string, links []ogcapi.Link) object {
	if r.encoded {
		return encodedDocument(r.doc, col, href, links)
	}
	properties := object{}
	fields := r.fields(&col.Schema)
	for i := range fields {
		properties[fields[i].Name] = propertySchema(&fields[i], roleOf(col, fields[i].Name), i+1)
	}
	if r.geometry && col.HasGeometry() {
		properties[col.GeometryName()] = object{"title": "Geometry", "format": "geometry-any", "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": len(fields) + 1}
	}
	if r.path == "schema" && col.Schema.Index("id") < 0 {
		// What is no property is a member of the feature, as in a layer; a schema
		// has one identifier (OGC 23-058r1 /req/schemas/role-id).
		properties["id"] = object{"title": "Identifier", "type": "string", "x-ogc-role": "id", "x-ogc-propertySeq": 0}
	}
	doc := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": href, "type": "object",
		"title": col.Title, "description": r.doc, "properties": properties, "additionalProperties": false, "links": links,
	}
	if r.path == "queryables" {
		// GDAL reads this list, of a draft of the standard; to JSON Schema it is
		// a word without meaning.
		var list []any
		for i := range fields {
			list = append(list, object{"id": fields[i].Name})
		}
		doc["queryables"] = list
	}
	return doc
}

// encodedDocument describes a feature of GeoJSON, for GDAL, which takes the types
// of its fields from here and else from the first page. It knows no types with
// null, puts the identifier before the others by itself, and takes an integer
// for one of 32 bits: longer ones are numbers here. Its columns stand in the order
// of this document.
func encodedDocument(doc string, col *snapshot.Collection, href string, links []ogcapi.Link) object {
	properties := []byte{'{'}
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		if f.Name == "id" {
			continue
		}
		property := fieldSchema(&geo.Field{Name: f.Name, Type: f.Type}, true)
		if f.Wide {
			property["type"] = "number"
		}
		property["title"], property["x-ogc-propertySeq"], property["nullable"] = f.Title, i+1, true
		if len(properties) > 1 {
			properties = append(properties, ',')
		}
		properties = appendJSON(append(geo.AppendJSONString(properties, f.Name), ':'), property)
	}
	return object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": href, "type": "object", "title": col.Title, "description": doc, "links": links,
		"required": []string{"type", "id", "geometry", "properties"},
		"properties": object{
			"type":       object{"const": "Feature"},
			"id":         object{"type": "string", "title": "Identifier"},
			"geometry":   object{"title": "Geometry", "description": "A geometry of RFC 7946, or null.", "format": "geometry-any"},
			"properties": object{"type": "object", "properties": json.RawMessage(append(properties, '}'))},
		},
	}
}

// propertySchema returns a field as JSON Schema with the keywords of OGC
// 23-058r1: what it is to the feature, its unit (UCUM), and its place.
func propertySchema(f *geo.Field, role string, place int) object {
	sc := fieldSchema(f, true)
	doc := f.Doc
	if f.Type == geo.StringList {
		doc = strings.TrimPrefix(doc+" A list, as text joined by “; ”; filters may also ask for its members by A_CONTAINS and its like.", " ")
	}
	if len(f.Enum) > 0 {
		var terms []any
		for _, t := range f.Enum {
			terms = append(terms, object{"const": t.ID, "title": t.Title})
		}
		sc["oneOf"] = terms
	}
	sc["title"], sc["x-ogc-propertySeq"] = f.Title, place
	for keyword, text := range map[string]string{"description": doc, "x-ogc-unit": f.Unit, "x-ogc-role": role} {
		if text != "" {
			sc[keyword] = text
		}
	}
	return sc
}

// roleOf returns what a property is to its feature (OGC 23-058r1 §8): its
// identifier, or an end of the time by which datetime finds it.
func roleOf(col *snapshot.Collection, name string) string {
	start, end := col.TimeFields()
	switch {
	case name == "id":
		return "id"
	case name == start && (end == "" || end == start):
		return "primary-instant"
	case name == start:
		return "primary-interval-start"
	case name == end:
		return "primary-interval-end"
	}
	return ""
}
