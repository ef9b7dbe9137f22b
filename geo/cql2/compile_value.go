package cql2

import (
	"cmp"
	"slices"

	"demarc/geo"
)

// getter gets a value of one type of a feature; ok is false for null.
type getter[T any] struct {
	get      func(f *geo.Feature) (v T, ok bool)
	constant bool
}

func orderOfStrings(a, b string) int { return cmp.Compare(a, b) }

// compileValue returns a getter for e: of is the part of its value that is wanted.
// get, if not nil, is a quicker way.
func compileValue[T any](e Expr, of func(value) (T, bool), get func(*geo.Feature) (T, bool)) getter[T] {
	if constant(e) {
		v, ok := of(valueOf(e, &anyFeature))
		return getter[T]{func(*geo.Feature) (T, bool) { return v, ok }, true}
	}
	if get == nil {
		get = func(f *geo.Feature) (T, bool) { return of(valueOf(e, f)) }
	}
	return getter[T]{get, false}
}

// fieldOf returns the place of the property that e is, if it has one.
func fieldOf(e Expr) (field int, ok bool) {
	p, ok := e.(Property)
	return p.Field, ok && p.Field >= 0
}

func compileNumber(e Expr) getter[Number] {
	var get func(*geo.Feature) (Number, bool)
	if field, ok := fieldOf(e); ok {
		get = func(f *geo.Feature) (Number, bool) {
			if field >= len(f.Values) {
				return Number{}, false
			}
			return numberOf(&f.Values[field])
		}
	} else if a, ok := e.(Arith); ok {
		l, r := compileNumber(a.Left), compileNumber(a.Right)
		get = func(f *geo.Feature) (Number, bool) {
			x, ok1 := l.get(f)
			y, ok2 := r.get(f)
			if !ok1 || !ok2 {
				return Number{}, false
			}
			z, ok := calculate(a.Op, x.Float, y.Float)
			return number(z), ok
		}
	}
	return compileValue(e, func(v value) (Number, bool) { return v.num, v.kind == NumberType }, get)
}

func compileText(e Expr) getter[string] {
	var get func(*geo.Feature) (string, bool)
	fold := func(arg Expr, mapped func(string, func(func(rune) rune, string) string) string) {
		inner := compileText(arg)
		get = func(f *geo.Feature) (string, bool) {
			s, ok := inner.get(f)
			return mapped(s, writeLetters), ok
		}
	}
	switch e := e.(type) {
	case CaseI:
		fold(e.Arg, foldCase)
	case AccentI:
		fold(e.Arg, stripAccents)
	case Property:
		if field, ok := fieldOf(e); ok {
			get = func(f *geo.Feature) (string, bool) {
				if field >= len(f.Values) {
					return "", false
				}
				return textOf(&f.Values[field], e.Type)
			}
		}
	}
	return compileValue(e, func(v value) (string, bool) { return v.str, v.kind == StringType }, get)
}

// compileSpan gets instants and intervals.
func compileSpan(e Expr) getter[span] {
	var get func(*geo.Feature) (span, bool)
	if field, ok := fieldOf(e); ok {
		get = func(f *geo.Feature) (span, bool) {
			if field >= len(f.Values) {
				return span{}, false
			}
			m, ok := momentOfValue(&f.Values[field])
			return span{m, m}, ok
		}
	} else if iv, ok := e.(Interval); ok {
		ends := [2]getter[span]{}
		for i, end := range [2]Expr{iv.From, iv.To} {
			if end == nil {
				ever := moment{ever: int8(2*i - 1)}
				ends[i] = getter[span]{func(*geo.Feature) (span, bool) { return span{ever, ever}, true }, true}
			} else {
				ends[i] = compileSpan(end)
			}
		}
		get = func(f *geo.Feature) (span, bool) {
			a, ok1 := ends[0].get(f)
			b, ok2 := ends[1].get(f)
			return span{a.from, b.from}, ok1 && ok2
		}
	}
	return compileValue(e, func(v value) (span, bool) { return v.span, v.temporal() }, get)
}

func compileTemporal(e Temporal) test {
	l, r := compileSpan(e.Left), compileSpan(e.Right)
	yes, op := True, e.Op
	if op == TDisjoint {
		yes, op = False, TIntersects
	}
	conditions := relations[op]
	asked := make([][3]Truth, len(conditions))
	for i, c := range conditions {
		asked[i] = verdicts(c.op)
	}
	return func(f *geo.Feature) Truth {
		a, ok1 := l.get(f)
		b, ok2 := r.get(f)
		if !ok1 || !ok2 {
			return Unknown
		}
		for i, c := range conditions {
			if asked[i][a.end(c.leftTo).compare(b.end(c.rightTo))+1] == False {
				return yes.Not()
			}
		}
		return yes
	}
}

func compileLike(e Like) test {
	if !constant(e.Pattern) {
		return func(f *geo.Feature) Truth { return Eval(e, f) }
	}
	v := valueOf(e.Pattern, &anyFeature)
	if v.kind != StringType {
		return func(*geo.Feature) Truth { return Unknown }
	}
	arg, p := compileText(e.Arg), newPattern(v.str)
	return func(f *geo.Feature) Truth {
		s, ok := arg.get(f)
		if !ok {
			return Unknown
		}
		return truthOf(p.matches(s))
	}
}

// compileIn looks strings and numbers up in a set; other lists are compared one by
// one.
func compileIn(e In) test {
	if !slices.ContainsFunc(e.List, func(m Expr) bool { return !constant(m) }) {
		switch TypeOf(e.Arg) {
		case StringType:
			if set, ok := setOf(e.List, func(v value) (string, bool) { return v.str, v.kind == StringType }); ok {
				return memberOf(compileText(e.Arg), set)
			}
		case NumberType:
			set, ok := setOf(e.List, func(v value) (Number, bool) {
				return v.num, v.kind == NumberType && v.num.Float >= -exactFloat && v.num.Float <= exactFloat
			})
			if ok { // where each number has one form only
				return memberOf(compileNumber(e.Arg), set)
			}
		}
	}
	tests := make([]test, len(e.List))
	for i, m := range e.List {
		tests[i] = contrary(compileCompare(Compare{Equal, e.Arg, m}))
	}
	return contrary(all(tests))
}

func setOf[T comparable](list []Expr, of func(value) (T, bool)) (map[T]bool, bool) {
	set := make(map[T]bool, len(list))
	for _, m := range list {
		v, ok := of(valueOf(m, &anyFeature))
		if !ok {
			return nil, false
		}
		set[v] = true
	}
	return set, true
}

func memberOf[T comparable](arg getter[T], set map[T]bool) test {
	return func(f *geo.Feature) Truth {
		v, ok := arg.get(f)
		if !ok {
			return Unknown
		}
		return truthOf(set[v])
	}
}

// compileArray compares a property's list of strings with literal strings; other
// arrays are left to Eval.
func compileArray(e ArrayCompare) test {
	slow := func(f *geo.Feature) Truth { return Eval(e, f) }
	op, prop, other := e.Op, e.Left, e.Right
	if constant(prop) {
		prop, other = other, prop
		switch op {
		case AContains:
			op = AContainedBy
		case AContainedBy:
			op = AContains
		}
	}
	field, ok := fieldOf(prop)
	array, isArray := other.(Array)
	if !ok || !isArray || !constant(array) {
		return slow
	}
	var literals []string
	for _, elem := range array.Elems {
		s, ok := elem.(String)
		if !ok {
			return slow
		}
		if !slices.Contains(literals, string(s)) {
			literals = append(literals, string(s))
		}
	}
	return func(f *geo.Feature) Truth {
		if field >= len(f.Values) {
			return Unknown
		}
		list, ok := f.Values[field].List()
		if !ok {
			return Unknown
		}
		return truthOf(compareLists(op, list, literals))
	}
}

// compareLists is compareSets for strings.
func compareLists(op ArrayOp, l, r []string) bool {
	missing := func(part, all []string) bool {
		return slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(all, s) })
	}
	switch op {
	case AEquals:
		return !missing(l, r) && !missing(r, l)
	case AContains:
		return !missing(r, l)
	case AContainedBy:
		return !missing(l, r)
	}
	return slices.ContainsFunc(l, func(s string) bool { return slices.Contains(r, s) })
}
