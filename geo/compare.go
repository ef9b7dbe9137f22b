package geo

import (
	"cmp"
	"slices"
)

// Compare orders two values of one field: numbers and times by size, strings
// and lists by their bytes (UTF-8, so by code point), false before true. Null
// comes after everything. It returns -1, 0 or 1.
func (v Value) Compare(o Value) int {
	switch {
	case v.IsNull() || o.IsNull():
		return cmp.Compare(b2i(v.IsNull()), b2i(o.IsNull()))
	case v.kind == kindList:
		return slices.Compare(v.strings(), o.strings())
	case v.kind == kindString && o.kind == kindString:
		return cmp.Compare(v.text(), o.text())
	case v.kind == kindInt && o.kind == kindInt: // exactly, also beyond 2^53
		return cmp.Compare(v.integer(), o.integer())
	}
	return cmp.Or(cmp.Compare(v.text(), o.text()), cmp.Compare(v.number(), o.number()))
}

// number returns what a value that is no text is ordered by.
func (v Value) number() float64 {
	if v.kind == kindNumber {
		return v.float()
	}
	return float64(v.integer())
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
