package server

import (
	"maps"
	"strings"

	"demarc/data/snapshot"
)

// itemsParameters are the common parameters of items, in the order in which the
// API's page shows them.
func itemsParameters() []string {
	return []string{"bbox", "bbox-crs", "datetime", "asof", "recorded", "filter", "filter-lang", "filter-crs", "near", "within",
		"sortby", "limit", "offset", "cursor", "crs", "properties", "resultType", "explain"}
}

// queryParameters are the parameters of filtering, of CRSs and of the page.
func queryParameters() object {
	text, list := object{"type": "string"}, object{"type": "array", "items": object{"type": "string"}}
	words := func(fallback string, all ...string) object {
		var values []any
		for _, w := range all {
			values = append(values, w)
		}
		return object{"type": "string", "enum": values, "default": fallback}
	}
	crss := words(crsURIs()[0], crsURIs()...)
	return object{
		"asof":     queryParameter("asof", "What was known on this day, by the dates of the statements themselves: claims made later are not there, what was taken back later still stands. Example: 2022-09-17", text),
		"recorded": queryParameter("recorded", "What this service had published by this instant, or by the end of this day; with asof, what of that had been said by another day. Accept-Datetime (RFC 7089) leads here.", text),
		"filter":   queryParameter("filter", "Only features for which this expression in CQL2 (OGC 21-065r2) is true. The properties are listed at queryables, the functions at /functions.", text),
		// GDAL sends a filter only where it finds cql-text here.
		"filter-lang": queryParameter("filter-lang", "Language of filter. cql-text is an older name of cql2-text.", words(langText, filterLanguages()...)),
		"filter-crs":  queryParameter("filter-crs", "CRS of the geometries written in filter, with its authority's axis order.", crss),
		"bbox-crs":    queryParameter("bbox-crs", "CRS of bbox: two corners with its authority's axis order.", crss),
		"crs":         queryParameter("crs", "CRS of the answer, with its authority's axis order; the header Content-Crs repeats it.", crss),
		"sortby":      queryParameter("sortby", "Order by these properties, - before a name for descending. The names are listed at sortables. Null comes last; what is equal keeps the usual order.", list),
		"offset":      queryParameter("offset", "Leave out this many features at the beginning. Not with cursor.", object{"type": "integer", "minimum": 0, "default": 0}),
		"properties":  queryParameter("properties", "Only these properties, besides the identifier and the geometry.", list),
		"explain":     queryParameter("explain", "true adds a member explain to the GeoJSON answer: by which index the features were found, how many were looked at, and how long that took.", words("false", "true", "false")),
		// GDAL counts by this where it finds hits here.
		"resultType": queryParameter("resultType", "hits answers with numberMatched alone, without features.", words(resultResults, resultResults, resultHits)),
	}
}

// addSchemaPaths adds the paths of a collection's schemas.
func addSchemaPaths(paths object, col *snapshot.Collection) {
	base, name := "/collections/"+col.ID, upperFirst(col.ID)
	for _, r := range schemaResources() {
		doc := r.title + " of " + col.Title + ". " + r.doc
		paths[base+"/"+r.path] = operation("get"+name+strings.ReplaceAll(r.title, " ", ""), "Data", doc, nil, object{"description": doc, "content": object{
			formatSchema.mediaType: object{"schema": object{"type": "object"}},
			"text/html":            object{"schema": object{"type": "string"}},
		}})
	}
}

// functionsSchema describes the answer of /functions.
func functionsSchema() object {
	text := object{"type": "string"}
	list := func(items object) object { return object{"type": "array", "items": items} }
	return object{"type": "object", "required": []any{"functions"}, "properties": object{
		"functions": list(object{"type": "object", "required": []any{"name", "returns"}, "properties": object{
			"name": text, "description": text, "returns": list(text),
			"arguments": list(object{"type": "object", "required": []any{"type"}, "properties": object{"title": text, "description": text, "type": list(text)}}),
		}}),
		"links": list(object{"$ref": "#/components/schemas/link"}),
	}}
}

// joined returns the members of both objects.
func joined(a, b object) object {
	maps.Copy(a, b)
	return a
}
