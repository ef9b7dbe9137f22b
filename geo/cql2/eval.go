package cql2

import "demarc/geo"

// Truth is the value of a predicate.
type Truth uint8

// The truth values of OGC 21-065r2 §6.2. What depends on a value that is missing is
// Unknown; a feature matches only what is True.
const (
	False Truth = iota
	Unknown
	True
)

// String returns "false", "unknown" or "true".
func (t Truth) String() string { return [...]string{"false", "unknown", "true"}[t] }

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Not is the contrary; that of Unknown is Unknown.
func (t Truth) Not() Truth { return True - t }

// Eval returns the truth of the filter e for the feature f, whose Values must belong
// to the schema that e was parsed with; missing ones are null.
//
// A comparison, relation or function of null is Unknown, or null; so is a division
// by zero, a number beyond float64, and a relation of a geometry that has no shape
// (an open ring, a coordinate that is not finite). Strings are compared by their
// code points, numbers exactly, dates and timestamps by days where one is a date.
// Eval is the definition of the language and is written to be read: Compile gives
// the same answers faster. Safe for concurrent use.
func Eval(e Expr, f *geo.Feature) Truth {
	switch e := e.(type) {
	case And:
		t := True
		for _, arg := range e.Args {
			t = min(t, Eval(arg, f))
		}
		return t
	case Or:
		t := False
		for _, arg := range e.Args {
			t = max(t, Eval(arg, f))
		}
		return t
	case Not:
		return Eval(e.Arg, f).Not()
	case IsNull:
		return truthOf(valueOf(e.Arg, f).null())
	case Compare:
		return valueOf(e.Left, f).compare(e.Op, valueOf(e.Right, f))
	case Between:
		v := valueOf(e.Arg, f)
		return min(v.compare(GreaterOrEqual, valueOf(e.Low, f)), v.compare(LessOrEqual, valueOf(e.High, f)))
	case In:
		v, t := valueOf(e.Arg, f), False
		for _, m := range e.List {
			t = max(t, v.compare(Equal, valueOf(m, f)))
		}
		return t
	case Like:
		v, p := valueOf(e.Arg, f), valueOf(e.Pattern, f)
		if v.kind != StringType || p.kind != StringType {
			return Unknown
		}
		return truthOf(newPattern(p.str).matches(v.str))
	}
	return evalFunction(e, f)
}

// evalFunction is Eval for functions, literals and properties.
func evalFunction(e Expr, f *geo.Feature) Truth {
	switch e := e.(type) {
	case Spatial:
		l, r := valueOf(e.Left, f), valueOf(e.Right, f)
		if l.kind != GeometryType || r.kind != GeometryType {
			return Unknown
		}
		return relate(e.Op, l.shape, r.shape)
	case Temporal:
		l, r := valueOf(e.Left, f), valueOf(e.Right, f)
		if !l.temporal() || !r.temporal() {
			return Unknown
		}
		return truthOf(l.span.relate(e.Op, r.span))
	case ArrayCompare:
		l, r := valueOf(e.Left, f), valueOf(e.Right, f)
		if l.kind != ArrayType || r.kind != ArrayType {
			return Unknown
		}
		return truthOf(compareSets(e.Op, l.list, r.list))
	}
	v := valueOf(e, f)
	if v.kind != BooleanType {
		return Unknown
	}
	return truthOf(v.bool)
}
