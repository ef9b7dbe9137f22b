package server

import "demarc/data/edit"

// addWriting adds the operations that change features (OGC 20-002r1), and those
// that tell of drafts.
func (s *Server) addWriting(paths, parameters object) {
	parameters["state"] = queryParameter("state", "draft: what is not published yet, laid over what is, or a change of it; for holders of a token. published is the usual.",
		object{"type": "string", "enum": []any{"draft", "published"}})
	for _, col := range s.data.Snapshot().Collections() {
		if _, editable := edit.KindOf(col.ID); !editable {
			continue
		}
		base, name := "/collections/"+col.ID+"/items", upperFirst(col.ID)
		feature := object{"$ref": "#/components/schemas/" + col.ID + "Feature"}
		many := object{"type": "object", "required": []any{"type", "features"}, "properties": object{
			"type": object{"type": "string", "enum": []any{"FeatureCollection"}}, "features": object{"type": "array", "minItems": 1, "maxItems": edit.MaxFeatures, "items": feature}}}
		id := object{"name": "featureId", "in": "path", "required": true, "description": "Identifier of the feature", "schema": object{"type": "string"}}
		items, item := paths[base].(object), paths[base+"/{featureId}"].(object)
		items["post"] = change("create"+name, "Add a feature, or several at once, of which all are added or none. A contributor's is a draft.", nil,
			[]string{"application/geo+json", "application/json"}, object{"oneOf": []any{feature, many}}, "201", "It is added; Location has the address of a single one.")
		item["put"] = change("replace"+name, "Put other properties and another geometry in the feature's place. Members that only the single feature has stay where they are left out.",
			[]any{id}, []string{"application/geo+json", "application/json"}, feature, "204", "It is changed.")
		item["patch"] = change("update"+name, "Change what is named, and nothing else (RFC 7396).",
			[]any{id}, []string{"application/merge-patch+json", "application/json"}, object{"type": "object"}, "204", "It is changed.")
		item["delete"] = change("retract"+name, "Take the feature back: it stays readable at its address with the mark, and is in no list. A draft is discarded.",
			[]any{id}, nil, nil, "204", "It is taken back.")
		if col.ID == "claims" {
			// A claim stands in the record of its incident and is published with it.
			paths[base+"/{featureId}/publish"] = object{"post": change("publish"+name, "Not for claims: publish the incident.", []any{id}, nil, nil, "404", "A claim is published with its incident.")}
			paths[base+"/{featureId}/redact"] = object{"post": change("redact"+name, "Not for claims: redact the incident, or take the claim out of it.", []any{id}, nil, nil, "404", "A claim is redacted with its incident.")}
		} else {
			paths[base+"/{featureId}/publish"] = object{"post": change("publish"+name, "Make the feature's draft the published version. For editors.", []any{id}, nil, nil, "204", "It is published.")}
			paths[base+"/{featureId}/redact"] = object{"post": change("redact"+name, "Remove the content of every version for good; what stays is that there was one. For editors, with the reason in Demarc-Comment.",
				[]any{id}, nil, nil, "204", "The content is removed.")}
		}
		for _, method := range []object{items["get"].(object), item["get"].(object)} {
			method["parameters"] = append(method["parameters"].([]any), object{"$ref": "#/components/parameters/state"})
			responses := method["responses"].(object)
			responses["401"], responses["403"] = problemResponse("With state=draft: no access token that is good."), problemResponse("With state=draft: the token does not allow it.")
			responses["410"] = problemResponse("The content was removed.")
		}
	}
	paths["/drafts"] = object{"get": object{"operationId": "getDrafts", "tags": []any{"Changes"}, "summary": "The drafts that the holder of the token sees.",
		"description": "Contributors see their own, editors all.", "security": []any{object{"token": []any{}}}, "responses": object{
			"200": object{"description": "The drafts", "content": object{"application/json": object{"schema": object{"type": "object"}}}},
			"400": object{"$ref": "#/components/responses/invalidParameter"}, "401": problemResponse("No access token that is good."),
		}}}
}

// changeHeaders are the headers of changes.
func changeHeaders() object {
	header := func(name, doc string) object {
		return object{"name": name, "in": "header", "required": false, "description": doc, "schema": object{"type": "string"}}
	}
	return object{
		"ifMatch":         header("If-Match", "The ETag that came with the feature: 412 where it was changed since."),
		"unmodifiedSince": header("If-Unmodified-Since", "The Last-Modified that came with the feature: 412 where it was changed since. If-Match is finer."),
		"idempotencyKey":  header("Idempotency-Key", "A text of the client's own. The same request with the same key is carried out once, and answered again."),
		"comment":         header(commentHeader, "Why the change is made. It is published with the revision."),
		"prefer":          header("Prefer", "return=representation answers with the feature; handling=strict is how every change is taken (RFC 7240)."),
		"contentCrs":      header(contentCRSHeader, "CRS of the geometry that is sent, CRS84 without it."),
	}
}

// change returns an operation that changes something.
func change(id, doc string, params []any, mediaTypes []string, schema any, status, ok string) object {
	names := []string{"comment", "idempotencyKey"}
	if params != nil {
		names = append(names, "ifMatch", "unmodifiedSince")
	}
	if mediaTypes != nil {
		names = append(names, "contentCrs", "prefer")
	}
	headers := changeHeaders()
	for _, name := range names {
		params = append(params, headers[name])
	}
	params = append(params, object{"$ref": "#/components/parameters/state"})
	responses := object{
		status: object{"description": ok},
		"400":  problemResponse("A parameter or the syntax of the body is not right."),
		"401":  problemResponse("No access token that is good."), "403": problemResponse("The token does not allow it."),
		"409": problemResponse("It is in the way of another record or change."), "410": problemResponse("The feature was taken back."),
		"412": problemResponse("It was changed since."), "413": problemResponse("The body is too large."), "415": problemResponse("The body is of another type."),
		"422": problemResponse("What the body says breaks a rule; every fault with its JSON Pointer."), "428": problemResponse("The service wants If-Match."),
		"503": problemResponse("No changes are taken at present."), "507": problemResponse("There is no room."),
	}
	if status != "404" {
		responses["404"] = object{"$ref": "#/components/responses/notFound"}
	}
	out := object{"operationId": id, "tags": []any{"Changes"}, "summary": firstSentence(doc), "description": doc, "parameters": params,
		"security": []any{object{"token": []any{}}}, "responses": responses}
	if mediaTypes != nil {
		responses["200"] = featureResponse("The feature, where the client prefers it", object{"$ref": "#/components/schemas/feature"})
		content := object{}
		for _, mediaType := range mediaTypes {
			content[mediaType] = object{"schema": schema}
		}
		out["requestBody"] = object{"required": true, "content": content}
	}
	return out
}

func problemResponse(doc string) object {
	return object{"description": doc, "content": object{
		"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/problem"}},
		"text/html":                object{"schema": object{"type": "string"}}, // for who prefers it
	}}
}
