package server

import (
	"fmt"
	"slices"
	"strings"
)

// apiOperation is one operation of the API as its page shows it.
type apiOperation struct {
	Path, Summary, Doc string
	Open               bool // can be opened as it is
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
		get := item.(object)["get"].(object)
		op := apiOperation{Path: path, Summary: get["summary"].(string), Doc: get["description"].(string), Open: !strings.Contains(path, "{")}
		params, _ := get["parameters"].([]any)
		for _, p := range params {
			param := p.(object)
			if ref, ok := param["$ref"].(string); ok {
				param = common[ref[strings.LastIndexByte(ref, '/')+1:]].(object)
			}
			op.Parameters = append(op.Parameters, apiParameter{
				Name: param["name"].(string), In: param["in"].(string), Type: typeText(param["schema"].(object)), Doc: param["description"].(string),
			})
		}
		out = append(out, op)
	}
	slices.SortFunc(out, func(a, b apiOperation) int { return strings.Compare(a.Path, b.Path) })
	return out
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
