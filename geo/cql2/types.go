package cql2

import "demarc/geo"

// Type is the type of an expression's values.
type Type uint8

// The types of OGC 21-065r2 §6.3. A date is an instant of the granularity of a
// day. AnyType is that of a name or function that only WithAnyProperty let pass.
const (
	AnyType Type = iota
	BooleanType
	NumberType
	StringType
	InstantType
	IntervalType
	GeometryType
	ArrayType
)

// String returns the type's name with its article, as error messages say it.
func (t Type) String() string {
	return [...]string{
		"a value of any type", "a boolean", "a number", "a string",
		"a date or timestamp", "an interval", "a geometry", "an array",
	}[t]
}

// scalar tells whether values of the type can be compared by operators.
func (t Type) scalar() bool { return t <= InstantType }

// typeOfField maps the type of a field to that of expressions.
func typeOfField(t geo.Type) Type {
	switch t {
	case geo.Integer, geo.Number:
		return NumberType
	case geo.Boolean:
		return BooleanType
	case geo.Date, geo.DateTime:
		return InstantType
	case geo.StringList:
		return ArrayType
	}
	return StringType
}

// TypeOf returns the type of an expression's values.
func TypeOf(e Expr) Type {
	switch e := e.(type) {
	case Property:
		return e.Type
	case Call:
		if f := functionNamed(e.Name); f != nil {
			return f.returns
		}
		return AnyType
	case Arith, Number:
		return NumberType
	case CaseI, AccentI, String:
		return StringType
	case Instant:
		return InstantType
	case Interval:
		return IntervalType
	case Geometry, Box, FeatureOf:
		return GeometryType
	case Array:
		return ArrayType
	}
	return BooleanType
}

// children returns the operands of an expression in the order in which they are
// written, and nil for what has none.
func children(e Expr) []Expr {
	switch e := e.(type) {
	case And:
		return e.Args
	case Or:
		return e.Args
	case Not:
		return []Expr{e.Arg}
	case Compare:
		return []Expr{e.Left, e.Right}
	case Like:
		return []Expr{e.Arg, e.Pattern}
	case Between:
		return []Expr{e.Arg, e.Low, e.High}
	case In:
		return append([]Expr{e.Arg}, e.List...)
	case IsNull:
		return []Expr{e.Arg}
	case Spatial:
		return []Expr{e.Left, e.Right}
	case Temporal:
		return []Expr{e.Left, e.Right}
	case ArrayCompare:
		return []Expr{e.Left, e.Right}
	case Arith:
		return []Expr{e.Left, e.Right}
	case CaseI:
		return []Expr{e.Arg}
	case AccentI:
		return []Expr{e.Arg}
	case Call:
		return e.Args
	case Interval:
		var ends []Expr
		for _, end := range []Expr{e.From, e.To} {
			if end != nil {
				ends = append(ends, end)
			}
		}
		return ends
	case Array:
		return e.Elems
	}
	return nil
}
