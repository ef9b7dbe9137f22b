package cql2

import (
	"cmp"
	"math"
	"slices"
)

// compare compares scalars; of what is null or not of one type nothing is known.
func (v value) compare(op CompareOp, o value) Truth {
	if v.kind != o.kind {
		return Unknown
	}
	c := 0
	switch v.kind {
	case BooleanType:
		c = cmp.Compare(asInt(v.bool), asInt(o.bool))
	case NumberType:
		c = v.num.compare(o.num)
	case StringType:
		c = cmp.Compare(v.str, o.str)
	case InstantType:
		c = v.span.from.compare(o.span.from)
	default:
		return Unknown
	}
	return truthOf(holds(op, c))
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// arith computes in float64.
func (v value) arith(op ArithOp, o value) value {
	if v.kind != NumberType || o.kind != NumberType {
		return value{}
	}
	f, ok := calculate(op, v.num.Float, o.num.Float)
	if !ok {
		return value{}
	}
	return value{kind: NumberType, num: number(f)}
}

// calculate returns a op b; ok is false where that is no finite number.
func calculate(op ArithOp, a, b float64) (f float64, ok bool) {
	switch op {
	case Add:
		f = a + b
	case Subtract:
		f = a - b
	case Multiply:
		f = a * b
	case Divide:
		f = a / b
	case Mod:
		f = math.Mod(a, b)
	case Div:
		f = math.Trunc(a / b)
	case Power:
		f = math.Pow(a, b)
	}
	return f, f-f == 0
}

// compareSets compares arrays as sets (OGC 21-065r2 §7.9).
func compareSets(op ArrayOp, l, r []value) bool {
	switch op {
	case AEquals:
		return subset(l, r) && subset(r, l)
	case AContains:
		return subset(r, l)
	case AContainedBy:
		return subset(l, r)
	}
	return slices.ContainsFunc(l, func(v value) bool { return contains(r, v) })
}

func subset(part, all []value) bool {
	return !slices.ContainsFunc(part, func(v value) bool { return !contains(all, v) })
}

func contains(all []value, v value) bool {
	return slices.ContainsFunc(all, func(o value) bool { return v.same(o) })
}

// same tells whether two elements of arrays are equal.
func (v value) same(o value) bool {
	switch {
	case v.kind != o.kind:
		return false
	case v.kind == GeometryType:
		return relate(SEquals, v.shape, o.shape) == True
	case v.kind == IntervalType:
		return v.span.relate(TEquals, o.span)
	case v.kind == ArrayType:
		return compareSets(AEquals, v.list, o.list)
	}
	return v.compare(Equal, o) == True
}
