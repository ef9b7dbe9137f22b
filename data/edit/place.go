package edit

import (
	"slices"
	"strings"
)

func sortedOnce(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// placeFields are those of a place that stand in lists of its record.
func placeFields() []field {
	var out []field
	for _, lang := range []string{"en", "ky", "tg", "ru", "uz"} {
		out = append(out, field{name: "name_" + lang, path: "names", set: func(t tree, v any) string { return setName(t, lang, v) }})
	}
	return append(out,
		field{name: "aliases", path: "aliases", set: setAliases},
		field{name: "country", path: "admin", set: setCountry},
		field{name: "admin1", path: "admin", set: setAdmin("admin1")},
		field{name: "admin2", path: "admin", set: setAdmin("admin2")})
}

// setName sets the name in use in a language: the last one that has no end.
func setName(t tree, lang string, v any) string {
	name, ok := v.(string)
	if v != nil && !ok {
		return "is not a text"
	}
	names, _ := t["names"].([]any)
	at := -1
	for i, n := range names {
		if asTree(n)["lang"] == lang && (at < 0 || isNothing(asTree(n)["to"])) {
			at = i
		}
	}
	switch {
	case name == "" && at >= 0:
		names = slices.Delete(slices.Clone(names), at, at+1)
	case name == "":
	case at >= 0:
		asTree(names[at])["name"] = name
	default:
		names = append(names, tree{"lang": lang, "name": name})
	}
	if names == nil {
		names = []any{}
	}
	t["names"] = names
	return ""
}

// setAliases sets the other spellings. Former names stand among them in the
// form and stay names.
func setAliases(t tree, v any) string {
	aliases, problem := list(v)
	if problem != "" {
		return problem
	}
	names, _ := t["names"].([]any)
	aliases = slices.DeleteFunc(aliases, func(alias string) bool {
		return slices.ContainsFunc(names, func(n any) bool { return asTree(n)["name"] == alias })
	})
	put(t, "aliases", anys(aliases))
	return ""
}

// current returns the administrations that have no end.
func current(t tree) []tree {
	var out []tree
	admin, _ := t["admin"].([]any)
	for _, a := range admin {
		if isNothing(asTree(a)["to"]) {
			out = append(out, asTree(a))
		}
	}
	return out
}

// setCountry sets which countries administer the place now. What it was before
// stays.
func setCountry(t tree, v any) string {
	countries, problem := list(v)
	if problem != "" {
		return problem
	}
	standing := current(t)
	admin, _ := t["admin"].([]any)
	admin = slices.DeleteFunc(slices.Clone(admin), func(a any) bool {
		return isNothing(asTree(a)["to"]) && !slices.Contains(countries, text(asTree(a)["country"]))
	})
	for _, country := range sortedOnce(countries) {
		if !slices.ContainsFunc(standing, func(a tree) bool { return a["country"] == country }) {
			admin = append(admin, tree{"country": country})
		}
	}
	delete(t, "admin")
	if len(admin) > 0 {
		t["admin"] = admin
	}
	return ""
}

// setAdmin sets the unit of the one country that administers the place.
func setAdmin(name string) func(tree, any) string {
	return func(t tree, v any) string {
		switch standing := current(t); {
		case len(standing) == 1:
			put(standing[0], name, v)
		case isNothing(v):
		default:
			return "needs one country that administers the place; edit admin_detail for more than one"
		}
		return ""
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// Slug makes the words of a name into an id: lower-case Latin letters, digits
// and single hyphens, at most 60 characters; empty where it has none.
func Slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}
