package edit

import "demarc/data"

// field is a property or member of a form that can be written, and what it sets.
type field struct {
	name string // in the form
	path string // in the record: names of members, joined by slashes
	// set writes a value that differs from the form's; nil puts it at path as it
	// is. It returns what is wrong with it, or "".
	set func(t tree, v any) string
	// whole marks a member that only the single feature has: where a form comes
	// without it, it stays.
	whole bool
}

// plain are fields whose value stands in the record as it stands in the form.
func plain(names ...string) []field {
	fields := make([]field, len(names))
	for i, name := range names {
		fields[i] = field{name: name, path: name}
	}
	return fields
}

// whole are such members of the single feature.
func whole(names ...string) []field {
	fields := plain(names...)
	for i := range fields {
		fields[i].whole = true
	}
	return fields
}

func as(name, path string) field      { return field{name: name, path: path} }
func wholeAs(name, path string) field { return field{name: name, path: path, whole: true} }

// texts is a field whose list stands in the form as one text.
func texts(name, path string) field {
	return field{name: name, path: path, set: func(t tree, v any) string {
		ids, problem := list(v)
		if problem == "" {
			put(t, path, anys(ids))
		}
		return problem
	}}
}

// fields returns what can be written of a collection's features. What is not
// listed is worked out.
func fields(collection string) []field { return writable[collection].fields }

// isField tells whether a property of a collection's features can be written.
func isField(collection, name string) bool { return writable[collection].names[name] }

// writable are the fields of each collection, made once.
var writable = func() map[string]fieldList {
	all := map[string]fieldList{}
	for _, collection := range []string{"claims", "incidents", "sources", "parties", "places", "segments", "areas"} {
		list := fieldList{makeFields(collection), map[string]bool{}}
		for _, f := range list.fields {
			list.names[f.name] = true
		}
		all[collection] = list
	}
	return all
}()

// fieldList are fields in their order, and their names.
type fieldList struct {
	fields []field
	names  map[string]bool
}

func makeFields(collection string) []field {
	var out []field
	switch collection {
	case "incidents":
		out = append(plain("title", "theatre", "type", "start", "end", "place_id", "occurrence", "parent_id", "summary"),
			datePrecision("start", "end"), as("location_precision", "location/precision"), as("uncertainty_km", "location/uncertainty_km"),
			field{name: "parties", path: "parties", set: setParties})
		out = append(out, whole("occurrence_reason", "secondary_types", "related_ids", "mapping", "location", "note")...)
		out = append(out,
			field{name: "parties_detail", path: "parties", whole: true, set: keeping("parties", "party_id", "role")},
			field{name: "claims_detail", path: "claims", whole: true, set: setClaims},
			wholeAs("accounts_detail", "accounts"))
	case "claims":
		out = claimFields()
	case "sources":
		out = append(plain("publisher", "title", "date", "url", "lang", "origin", "reliability", "note"), datePrecision("date"))
	case "parties":
		out = append(plain("name", "kind", "parent_id", "note"), as("valid_from", "from"), as("valid_to", "to"), texts("aliases", "aliases"))
	case "places":
		out = append(placeFields(), plain("label", "kind", "precision", "uncertainty_km", "position_source", "homonym_warning", "note")...)
		out = append(out, wholeAs("names_detail", "names"), wholeAs("admin_detail", "admin"),
			field{name: "sources_detail", path: "source_ids", whole: true, set: setSourceIDs})
	case "segments":
		out = append(plain("line", "role", "geometry_source", "geometry_note"),
			as("name", "name/en"), as("name_kg", "name/ky"), as("name_tj", "name/tg"), texts("countries", "countries"),
			as("valid_from", "from"), as("valid_to", "to"), wholeAs("names_detail", "name"), wholeAs("history_detail", "history"))
		out = append(out, whole("cut_rule", "place_ids", "counterpart_ids", "note")...)
	case "areas":
		out = append(plain("kind", "country", "geometry_source", "geometry_note", "licence"),
			as("name", "name/en"), as("name_ky", "name/ky"), as("name_tg", "name/tg"), as("name_ru", "name/ru"),
			as("valid_from", "from"), as("valid_to", "to"), texts("source_ids", "source_ids"), wholeAs("names_detail", "name"), wholeAs("note", "note"))
	}
	return out
}

// datePrecision is how coarse the dates at the paths are. It is set after them.
func datePrecision(paths ...string) field {
	return field{name: "date_precision", path: paths[0], set: func(t tree, v any) string {
		word, ok := v.(string)
		if v != nil && (!ok || word != "day" && word != "month" && word != "year") {
			return "is not a precision"
		}
		for _, path := range paths {
			put(t, path, precise(get(t, path), word))
		}
		return ""
	}}
}

// setParties sets the parties by their ids, in the order that the rules want;
// those that stay keep their role.
func setParties(t tree, v any) string {
	ids, problem := list(v)
	if problem != "" {
		return problem
	}
	var before map[string]any
	if old, ok := t["parties"].([]any); ok {
		before = make(map[string]any, len(old))
		for _, p := range old {
			if id, ok := get(asTree(p), "party_id").(string); ok {
				before[id] = p
			}
		}
	}
	parties := make([]any, 0, len(ids))
	for _, id := range sortedOnce(ids) {
		if p, ok := before[id]; ok {
			parties = append(parties, p)
		} else {
			parties = append(parties, tree{"party_id": id})
		}
	}
	t["parties"] = parties
	return ""
}

// keeping sets a list of objects, of which only the named members are the
// record's.
func keeping(path string, names ...string) func(tree, any) string {
	return func(t tree, v any) string {
		members, ok := v.([]any)
		if v != nil && !ok {
			return "is not a list"
		}
		out := []any{}
		for _, m := range members {
			kept := tree{}
			for _, name := range names {
				put(kept, name, asTree(m)[name])
			}
			out = append(out, kept)
		}
		t[path] = out
		return ""
	}
}

// setSourceIDs sets the ids of sources that are given as the sources themselves.
func setSourceIDs(t tree, v any) string {
	members, ok := v.([]any)
	if v != nil && !ok {
		return "is not a list"
	}
	var ids []any
	for _, m := range members {
		ids = append(ids, asTree(m)["id"])
	}
	put(t, "source_ids", nil)
	if len(ids) > 0 {
		t["source_ids"] = ids
	}
	return ""
}

func asTree(v any) tree {
	t, _ := v.(tree)
	return t
}

// KindOf returns the kind of record behind a collection, and whether its
// features can be written: claims stand in the record of their incident.
func KindOf(collection string) (data.Kind, bool) {
	switch collection {
	case "claims":
		return data.Incidents, true
	case "incidents", "sources", "parties", "places", "segments", "areas":
		return data.Kind(collection), true
	}
	return "", false
}

// Writable returns the properties of a collection's features that can be
// written, nested members among them.
func Writable(collection string) []string {
	names := []string{"id"}
	for _, f := range fields(collection) {
		names = append(names, f.name)
	}
	switch collection { // a claim's incident is chosen once
	case "claims":
		names = append(names, "incident_id")
	case "incidents":
		names = append(names, "place", "country") // of a new place
	}
	return names
}
