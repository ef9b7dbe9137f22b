package server

import "strings"

// baseSchemas returns the schemas that do not depend on a collection.
func baseSchemas() object {
	text, whole := object{"type": "string"}, object{"type": "integer", "minimum": 0}
	list := func(items any) object { return object{"type": "array", "items": items} }
	ref := func(name string) object { return object{"$ref": "#/components/schemas/" + name} }
	record := func(required []any, properties object) object {
		return object{"type": "object", "required": required, "properties": properties}
	}
	return object{
		"link":        record([]any{"href", "rel"}, object{"href": text, "rel": text, "type": text, "title": text}),
		"landingPage": record([]any{"links"}, object{"title": text, "description": text, "attribution": text, "links": list(ref("link"))}),
		"conformance": record([]any{"conformsTo"}, object{"conformsTo": list(text), "links": list(ref("link"))}),
		"collections": record([]any{"links", "collections"}, object{"links": list(ref("link")), "collections": list(ref("collection"))}),
		"collection": record([]any{"id", "links"}, object{
			"id": text, "title": text, "description": text, "attribution": text, "itemType": text, "itemCount": whole,
			"crs": list(text), "storageCrs": text, "extent": ref("extent"), "links": list(ref("link")),
		}),
		"extent": object{"type": "object", "properties": object{
			"spatial":  object{"type": "object", "properties": object{"bbox": list(list(object{"type": "number"})), "crs": text}},
			"temporal": object{"type": "object", "properties": object{"interval": list(list(text)), "trs": text}},
		}},
		"featureCollection": record([]any{"type", "features"}, object{
			"type": object{"type": "string", "enum": []any{"FeatureCollection"}}, "features": list(ref("feature")),
			"links": list(ref("link")), "timeStamp": object{"type": "string", "format": "date-time"},
			"numberMatched": whole, "numberReturned": whole, "attribution": text,
		}),
		"feature": record([]any{"type", "geometry", "properties"}, object{
			"type": object{"type": "string", "enum": []any{"Feature"}}, "id": text,
			"geometry":   object{"type": "object", "nullable": true, "description": "A GeoJSON geometry (RFC 7946), null where the place is not known."},
			"properties": object{"type": "object", "nullable": true}, "links": list(ref("link")), "attribution": text,
		}),
		"problem": record([]any{"type", "title", "status"}, object{
			"type": text, "title": text, "status": object{"type": "integer"}, "detail": text, "instance": text, "request_id": text,
			"errors": list(record([]any{"problem"}, object{
				"parameter": text, "header": text, "pointer": text, "found": text, "problem": text, "expected": text,
			})),
		}),
	}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// sentence puts a doc behind a title.
func sentence(doc string) string {
	if doc == "" {
		return "."
	}
	return ". " + doc
}

// firstSentence returns the text up to its first full stop.
func firstSentence(doc string) string {
	first, _, _ := strings.Cut(doc, ". ")
	return strings.TrimSuffix(first, ".")
}
