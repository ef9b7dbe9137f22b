package server

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
)

// object is a JSON object of the OpenAPI document.
type object = map[string]any

// api answers with the definition of the API (OGC 17-069r4 §7.3).
func (s *Server) api(c *gin.Context) error {
	formats := []format{formatOpenAPI, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	doc := s.openAPI(c)
	if f.name == formatHTML.name {
		return s.page(c, "api", pageData{Title: "API", Links: representations(s.root(c)+"/api", nil, formats, f), Body: apiPage(doc)})
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	s.write(c, http.StatusOK, f.mediaType, body)
	return nil
}

// openAPI returns the API as an OpenAPI 3.0 document. Collections have paths of
// their own, since their parameters differ; GDAL and QGIS look for them there.
func (s *Server) openAPI(c *gin.Context) object {
	paths := object{
		"/":            operation("getLandingPage", "Capabilities", "Landing page of the API; for browsers the incident map.", nil, jsonResponse("The landing page", object{"$ref": "#/components/schemas/landingPage"})),
		"/api":         operation("getApi", "Capabilities", "This document.", nil, apiResponse()),
		"/conformance": operation("getConformance", "Capabilities", "Conformance classes that the service keeps.", nil, jsonResponse("The conformance classes", object{"$ref": "#/components/schemas/conformance"})),
		"/collections": operation("getCollections", "Capabilities", "The collections.", []any{object{"$ref": "#/components/parameters/asof"}, object{"$ref": "#/components/parameters/recorded"}}, jsonResponse("The collections", object{"$ref": "#/components/schemas/collections"})),
		"/functions":   operation("getFunctions", "Capabilities", "Functions that a filter can call, beside those of CQL2.", nil, jsonResponse("The functions", functionsSchema())),
		"/licences":    pageOnly("getLicences", "Licences and attribution of every part of the data, for people."),
		"/problems":    pageOnly("getProblems", "What each type of problem means, for people."),
		"/healthz":     bare("getHealth", "The process runs.", "text/plain"),
		"/events":      bare("getEvents", "Changes to what is published, as they come: server-sent events. Each has the revision as its id; Last-Event-ID goes on from one.", "text/event-stream"),
		"/readyz":      bare("getReadiness", "The dataset is loaded; whether changes are taken.", "application/json"),
	}
	schemas := baseSchemas()
	for _, col := range s.data.Snapshot().Collections() {
		s.addCollection(paths, schemas, col)
		addSchemaPaths(paths, col)
	}
	s.addTilePaths(paths)
	s.addRevisionPaths(paths)
	s.addLogPaths(paths)
	parameters := joined(commonParameters(), queryParameters())
	if s.writable() {
		s.addWriting(paths, parameters)
	}
	s.addLimits(paths)
	return object{
		"openapi": "3.0.3",
		"info": object{
			"title": title, "version": s.cfg.Version, "description": description,
			"license": object{"name": "Apache-2.0 (program); CC BY 4.0 and ODbL 1.0 (data)", "url": s.root(c) + "/licences"},
		},
		"servers": []any{object{"url": s.root(c), "description": "This service"}},
		"tags": []any{
			object{"name": "Capabilities", "description": "What the service offers"},
			object{"name": "Data", "description": "Collections and their features"},
			object{"name": "Tiles", "description": "Vector tiles for maps"},
			object{"name": "Changes", "description": "Adding, editing, publishing and taking back; with an access token"},
			object{"name": "Log", "description": "What shows that nothing published was changed afterwards"},
			object{"name": "Operation", "description": "For those who run it"},
		},
		"paths": paths,
		"components": object{"parameters": parameters, "schemas": schemas, "responses": commonResponses(),
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer", "description": "An access token, for changes and for what is not published; demarc token create makes one."}}},
	}
}

// addCollection adds the three paths of a collection, and the schema of its features.
func (s *Server) addCollection(paths, schemas object, col *snapshot.Collection) {
	base, name := "/collections/"+col.ID, upperFirst(col.ID)
	paths[base] = operation("get"+name+"Collection", "Data", "About the collection: "+col.Title+".", []any{object{"$ref": "#/components/parameters/asof"}, object{"$ref": "#/components/parameters/recorded"}},
		jsonResponse("The collection", object{"$ref": "#/components/schemas/collection"}))
	var params []any
	for _, p := range itemsParameters() {
		params = append(params, object{"$ref": "#/components/parameters/" + p})
	}
	for i := range col.Schema.Fields {
		if f := &col.Schema.Fields[i]; f.Queryable {
			params = append(params, queryParameter(f.Name, f.Title+sentence(f.Doc), fieldSchema(f, true)))
		}
	}
	paths[base+"/items"] = operation("get"+name, "Data", col.Description, params, featureResponse("A page of features", object{
		"allOf": []any{
			object{"$ref": "#/components/schemas/featureCollection"},
			object{"type": "object", "properties": object{"features": object{"type": "array", "items": object{"$ref": "#/components/schemas/" + col.ID + "Feature"}}}},
		}}))
	offerFormats(paths[base+"/items"].(object), s.itemsFormats())
	id := object{"name": "featureId", "in": "path", "required": true, "description": "Identifier of the feature", "schema": object{"type": "string"}}
	paths[base+"/items/{featureId}"] = operation("get"+name+"Feature", "Data", "One feature of "+col.Title+", with all that its record holds.", []any{id, object{"$ref": "#/components/parameters/asof"}, object{"$ref": "#/components/parameters/recorded"}, object{"$ref": "#/components/parameters/crs"}},
		featureResponse("The feature", object{"$ref": "#/components/schemas/" + col.ID + "Feature"}))
	offerFormats(paths[base+"/items/{featureId}"].(object), itemFormats())
	properties := object{}
	for i := range col.Schema.Fields {
		f := &col.Schema.Fields[i]
		properties[f.Name] = fieldSchema(f, false)
	}
	properties["distance_m"] = object{"type": "number", "title": "Distance", "description": "Metres from the geometry asked for with near."}
	schemas[col.ID+"Feature"] = object{"allOf": []any{
		object{"$ref": "#/components/schemas/feature"},
		object{"type": "object", "properties": object{"properties": object{"type": "object", "properties": properties}}},
	}}
}

// fieldSchema returns the JSON Schema of a field; as a parameter a list is
// asked for by one of its members, and nothing is null.
func fieldSchema(f *geo.Field, parameter bool) object {
	sc := object{}
	switch f.Type {
	case geo.Integer:
		sc["type"] = "integer"
	case geo.Number:
		sc["type"] = "number"
	case geo.Boolean:
		sc["type"] = "boolean"
	case geo.Date:
		sc["type"], sc["format"] = "string", "date"
	case geo.DateTime:
		sc["type"], sc["format"] = "string", "date-time"
	case geo.StringList:
		sc["type"] = "string" // several are joined by "; "; a parameter asks for one of them
	default:
		sc["type"] = "string"
	}
	if len(f.Enum) > 0 {
		var values []any
		for _, t := range f.Enum {
			values = append(values, t.ID)
		}
		if !parameter && f.Name != "id" {
			values = append(values, nil)
		}
		sc["enum"] = values
	}
	if !parameter {
		sc["title"] = f.Title
		if f.Name != "id" {
			sc["nullable"] = true
		}
		if f.Doc != "" {
			sc["description"] = f.Doc
		}
		if f.Unit != "" {
			sc["x-ogc-unit"] = f.Unit
		}
	}
	return sc
}

// queryParameter writes style and explode out, since clients read them
// literally (the OGC test suite, QGIS).
func queryParameter(name, doc string, schema object) object {
	return object{"name": name, "in": "query", "required": false, "description": doc, "style": "form", "explode": false, "schema": schema}
}

func commonParameters() object {
	return object{
		"bbox": queryParameter("bbox", "Only features that share a position with this box, and those without geometry: west,south,east,north in degrees, CRS84. West above east crosses the antimeridian. Heights, in the form of six numbers, are not used.",
			object{"type": "array", "minItems": 4, "maxItems": 6, "items": object{"type": "number"}}),
		"datetime": queryParameter("datetime", "Only features whose time meets this day, instant or interval, and those without a time. Ends of an interval belong to it; .. leaves one open. Examples: 2022-09-16, 2022-09-14/2022-09-17, 2022-09-14T00:00:00Z/..",
			object{"type": "string"}),
		// QGIS takes its page size from components.parameters.limit, GDAL from
		// a $ref whose name has "limit" in it.
		"limit": queryParameter("limit", "Greatest number of features of a page. A larger number than the maximum is taken as the maximum.",
			object{"type": "integer", "minimum": 1, "maximum": maxLimit, "default": defaultLimit}),
		"near": queryParameter("near", "Order by geodesic distance, nearest first, from a position (LON,LAT) or from another feature (COLLECTION/ID). Each feature gets distance_m. Features without geometry are not near.",
			object{"type": "string"}),
		"within": queryParameter("within", "With near: only features within this distance, such as 25km or 500m.", object{"type": "string"}),
		"cursor": queryParameter("cursor", "Where the page begins, as the next and prev links have it.", object{"type": "string"}),
		"f":      queryParameter("f", "Representation; without it the Accept header decides.", object{"type": "string", "enum": []any{"json", "html"}}),
	}
}

func commonResponses() object {
	return object{
		"invalidParameter": problemResponse("Parameters that are not right, all of them named."),
		"notFound":         problemResponse("There is nothing here."),
		"notAcceptable":    problemResponse("No representation that the Accept header asks for."),
		"failure":          problemResponse("The server failed or took too long."),
		"notModified":      object{"description": "The client has it already."},
	}
}

// operation returns a path with a GET operation. HEAD and OPTIONS are taken
// everywhere and not listed.
func operation(id, tag, doc string, params []any, ok object) object {
	params = append(params, object{"$ref": "#/components/parameters/f"})
	return object{"get": object{
		"operationId": id, "tags": []any{tag}, "summary": firstSentence(doc), "description": doc, "parameters": params,
		"responses": object{
			"200": ok,
			"304": object{"$ref": "#/components/responses/notModified"},
			"400": object{"$ref": "#/components/responses/invalidParameter"},
			"404": object{"$ref": "#/components/responses/notFound"},
			"406": object{"$ref": "#/components/responses/notAcceptable"},
			"500": object{"$ref": "#/components/responses/failure"},
			"503": object{"$ref": "#/components/responses/failure"},
		},
	}}
}

// pageOnly returns a path that has no other representation than HTML.
func pageOnly(id, doc string) object {
	page := operation(id, "Capabilities", doc, nil, object{"description": doc, "content": object{"text/html": object{"schema": object{"type": "string"}}}})
	page["get"].(object)["parameters"] = []any{queryParameter("f", "Representation; there is only one.", object{"type": "string", "enum": []any{"html"}})}
	return page
}

// bare returns a path without parameters or negotiation.
func bare(id, doc, mediaType string) object {
	schema := object{"type": "string"}
	if mediaType == "application/json" {
		schema = object{"type": "object"}
	}
	return object{"get": object{"operationId": id, "tags": []any{"Operation"}, "summary": doc, "description": doc,
		"responses": object{"200": object{"description": doc, "content": object{mediaType: object{"schema": schema}}}}}}
}

func jsonResponse(doc string, schema object) object {
	return object{"description": doc, "content": object{
		"application/json": object{"schema": schema},
		"text/html":        object{"schema": object{"type": "string"}},
	}}
}

func apiResponse() object {
	return object{"description": "The API", "content": object{
		"application/vnd.oai.openapi+json;version=3.0": object{"schema": object{"type": "object"}},
		"text/html": object{"schema": object{"type": "string"}},
	}}
}

func featureResponse(doc string, schema object) object {
	return object{"description": doc, "content": object{
		"application/geo+json": object{"schema": schema},
		"text/html":            object{"schema": object{"type": "string"}},
	}}
}
