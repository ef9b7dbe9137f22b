package cql2

import "slices"

// Reads returns which of the schema's fields e looks at, each once and in their
// order, and whether it looks at the geometry.
func Reads(e Expr) (fields []int, geometry bool) {
	fields, geometry = reads(e, nil)
	slices.Sort(fields)
	return slices.Compact(fields), geometry
}

func reads(e Expr, fields []int) ([]int, bool) {
	if p, ok := e.(Property); ok {
		if p.Field >= 0 {
			fields = append(fields, p.Field)
		}
		return fields, p.Field < 0
	}
	geometry := false
	for _, c := range children(e) {
		var here bool
		fields, here = reads(c, fields)
		geometry = geometry || here
	}
	return fields, geometry
}
