package server

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// apiOperation is one operation of the API as its page shows it.
type apiOperation struct {
	Path, Summary, Doc string
	Method             string // POST and its like, with a blank; empty for GET
	place              int    // among the operations of one path
	Open               bool   // can be opened as it is
	Parameters         []apiParameter
}

// apiParameter is one parameter as the page shows it.
type apiParameter struct{ Name, In, Type, Doc string }

// apiPage returns what the page about the API shows: the operations of the
// OpenAPI document, in the order of their paths.
func apiPage(doc object) []apiOperation {
	paths := doc["paths"].(object)
	common := doc["components"].(object)["parameters"].(object)
	var out []apiOperation
	for path, item := range paths {
		for i, method := range []string{"get", "post", "put", "patch", "delete"} {
			if described, ok := item.(object)[method].(object); ok {
				op := operationOf(described, common)
				op.Path, op.place = path, i
				if op.Open = method == "get" && !strings.Contains(path, "{") && path != eventsRoute; method != "get" {
					op.Method = strings.ToUpper(method) + " "
				}
				out = append(out, op)
			}
		}
	}
	slices.SortFunc(out, func(a, b apiOperation) int { return cmp.Or(strings.Compare(a.Path, b.Path), a.place-b.place) })
	return out
}

// operationOf returns what an operation of the document says.
func operationOf(described, common object) apiOperation {
	op := apiOperation{Summary: described["summary"].(string), Doc: described["description"].(string)}
	params, _ := described["parameters"].([]any)
	for _, p := range params {
		param := p.(object)
		if ref, ok := param["$ref"].(string); ok {
			param = common[ref[strings.LastIndexByte(ref, '/')+1:]].(object)
		}
		op.Parameters = append(op.Parameters, apiParameter{
			Name: param["name"].(string), In: param["in"].(string), Type: typeText(param["schema"].(object)), Doc: param["description"].(string),
		})
	}
	return op
}

// typeText says in words what a parameter takes.
func typeText(schema object) string {
	text := schema["type"].(string)
	if format, ok := schema["format"]; ok {
		text = fmt.Sprint(format)
	}
	low, bounded := schema["minimum"]
	if high, ok := schema["maximum"]; ok {
		text += fmt.Sprintf(", %v to %v", low, high)
	} else if bounded {
		text += fmt.Sprintf(", %v or more", low)
	}
	if values, ok := schema["enum"].([]any); ok {
		words := make([]string, len(values))
		for i, v := range values {
			words[i] = fmt.Sprint(v)
		}
		text = "one of " + strings.Join(words, ", ")
	}
	return text
}
