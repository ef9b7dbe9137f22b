package edit

import (
	"encoding/json"
	"slices"
	"strings"

	"demarc/data"
	"demarc/geo/format/strictjson"
)

// tree is a JSON object with its numbers as they were written.
type tree = map[string]any

// decode reads JSON that can be read in one way only.
func decode(raw []byte) (any, error) { return strictjson.Value(raw) }

// same tells whether two values say the same: null is no different from a
// member that is not there or an empty text, and 5.0 none from 5, since
// attribute tables cannot tell these apart.
func same(a, b any) bool {
	if isNothing(a) || isNothing(b) {
		return isNothing(a) && isNothing(b)
	}
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		if !ok {
			return false
		}
		x, errX := a.Float64()
		y, errY := b.Float64()
		return a == b || errX == nil && errY == nil && x == y
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case tree:
		b, ok := b.(tree)
		if !ok {
			return false
		}
		for name := range a {
			if !same(a[name], b[name]) {
				return false
			}
		}
		for name := range b {
			if _, there := a[name]; !there && !isNothing(b[name]) {
				return false
			}
		}
		return true
	}
	return a == b
}

func isNothing(v any) bool { return v == nil || v == "" }

// get returns what a path of members leads to, nil where it ends.
func get(t tree, path string) any {
	var v any = t
	for name := range strings.SplitSeq(path, "/") {
		object, ok := v.(tree)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

// put sets what a path of members leads to, making the objects on its way;
// nothing takes the member away.
func put(t tree, path string, v any) {
	for {
		name, rest, more := strings.Cut(path, "/")
		if !more {
			break
		}
		next, ok := t[name].(tree)
		if !ok {
			if isNothing(v) {
				return
			}
			next = tree{}
			t[name] = next
		}
		t, path = next, rest
	}
	if isNothing(v) {
		delete(t, path)
		return
	}
	t[path] = v
}

// list returns the texts of a list, which attribute tables hold as one text,
// joined by "; ".
func list(v any) ([]string, string) {
	const problem = "is not a list of texts"
	switch v := v.(type) {
	case nil:
		return nil, ""
	case string:
		var out []string
		for part := range strings.SplitSeq(v, ";") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out, ""
	case []any:
		var out []string
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, problem
			}
			out = append(out, s)
		}
		return out, ""
	}
	return nil, problem
}

// anys returns a list as a tree holds it, nil for an empty one.
func anys(list []string) any {
	if len(list) == 0 {
		return nil
	}
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// precise cuts a date to a precision: day, month or year.
func precise(date any, precision string) any {
	text, _ := date.(string)
	d, err := data.ParseDate(text)
	if err != nil || d.IsZero() {
		return date
	}
	switch precision {
	case "year":
		d.Month, d.Day = 0, 0
	case "month":
		d.Day = 0
	}
	return d.String()
}
