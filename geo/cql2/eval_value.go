package cql2

import (
	"github.com/paulmach/orb"

	"demarc/geo"
)

// value is what an expression has as its value. Its kind tells which field holds it;
// AnyType is null.
type value struct {
	kind  Type
	bool  bool
	num   Number
	str   string
	span  span
	shape orb.Geometry
	list  []value
}

func (v value) null() bool { return v.kind == AnyType }

func (v value) temporal() bool { return v.kind == InstantType || v.kind == IntervalType }

// valueOf returns the value of any expression for a feature.
func valueOf(e Expr, f *geo.Feature) value {
	switch e := e.(type) {
	case Property:
		return propertyOf(e, f)
	case Bool:
		return value{kind: BooleanType, bool: bool(e)}
	case String:
		return value{kind: StringType, str: string(e)}
	case Number:
		return value{kind: NumberType, num: e}
	case Instant:
		return value{kind: InstantType, span: span{momentOf(e), momentOf(e)}}
	case Interval:
		return intervalOf(e, f)
	case Geometry, Box, FeatureOf:
		return shapeValue(shapeOf(e))
	case Array:
		return arrayOf(e, f)
	case Arith:
		return valueOf(e.Left, f).arith(e.Op, valueOf(e.Right, f))
	case CaseI:
		return valueOf(e.Arg, f).mapped(FoldCase)
	case AccentI:
		return valueOf(e.Arg, f).mapped(StripAccents)
	case Call:
		return callOf(e, f)
	}
	if t := Eval(e, f); t != Unknown {
		return value{kind: BooleanType, bool: t == True}
	}
	return value{}
}

// propertyOf returns a property's value by what it is, whatever its field's type.
func propertyOf(p Property, f *geo.Feature) value {
	if p.Type == GeometryType {
		return shapeValue(f.Geometry)
	}
	if p.Field < 0 || p.Field >= len(f.Values) {
		return value{}
	}
	v := &f.Values[p.Field]
	if b, ok := v.Bool(); ok {
		return value{kind: BooleanType, bool: b}
	}
	if n, ok := numberOf(v); ok {
		return value{kind: NumberType, num: n}
	}
	if s, ok := textOf(v, p.Type); ok {
		return value{kind: StringType, str: s}
	}
	if m, ok := momentOfValue(v); ok {
		return value{kind: InstantType, span: span{m, m}}
	}
	if ss, ok := v.List(); ok {
		list := make([]value, len(ss))
		for i, s := range ss {
			list[i] = value{kind: StringType, str: s}
		}
		return value{kind: ArrayType, list: list}
	}
	return value{}
}

// textOf returns the string that a property's value is; a list is one where the
// property stands for text.
func textOf(v *geo.Value, as Type) (string, bool) {
	if _, isList := v.List(); isList && as == StringType {
		return v.Text(), true
	}
	return v.Str()
}

// numberOf returns the number that a property's value is.
func numberOf(v *geo.Value) (Number, bool) {
	if i, ok := v.Int(); ok {
		return whole(i), true
	}
	f, ok := v.Float()
	return number(f), ok
}

func shapeValue(g orb.Geometry) value {
	if g == nil {
		return value{}
	}
	return value{kind: GeometryType, shape: g}
}

// intervalOf returns an interval, null if one of its ends is.
func intervalOf(e Interval, f *geo.Feature) value {
	v := value{kind: IntervalType, span: span{moment{ever: -1}, moment{ever: 1}}}
	ends := [2]*moment{&v.span.from, &v.span.to}
	for i, expr := range [2]Expr{e.From, e.To} {
		if expr == nil {
			continue
		}
		at := valueOf(expr, f)
		if at.kind != InstantType {
			return value{}
		}
		*ends[i] = at.span.from
	}
	return v
}

// arrayOf returns an array, null if an element is.
func arrayOf(e Array, f *geo.Feature) value {
	v := value{kind: ArrayType, list: make([]value, len(e.Elems))}
	for i, elem := range e.Elems {
		v.list[i] = valueOf(elem, f)
		if v.list[i].null() {
			return value{}
		}
	}
	return v
}

func (v value) mapped(f func(string) string) value {
	if v.kind != StringType {
		return value{}
	}
	return value{kind: StringType, str: f(v.str)}
}
