package cql2

import (
	"slices"

	"demarc/geo"
)

// Filter is an expression made ready to be asked of many features. It does not
// change and is safe for concurrent use.
type Filter struct{ test test }

// Compile makes e ready. What does not depend on the feature is computed now,
// patterns and geometries are prepared, and of the operands of AND and OR the cheap
// ones are asked first. Costs about a microsecond a node and what predicate.Prepare
// costs for the geometries.
func Compile(e Expr) *Filter { return &Filter{compile(e)} }

// Truth returns what Eval(e, f) returns, for features whose geometry has a shape
// (predicate.Validate says which have).
func (c *Filter) Truth(f *geo.Feature) Truth { return c.test(f) }

// Match tells whether the filter is true for f.
func (c *Filter) Match(f *geo.Feature) bool { return c.test(f) == True }

// test is a compiled predicate.
type test func(f *geo.Feature) Truth

// constant tells whether e is the same for all features.
func constant(e Expr) bool {
	if _, ok := e.(Property); ok {
		return false
	}
	return !slices.ContainsFunc(children(e), func(c Expr) bool { return !constant(c) })
}

// anyFeature stands for the feature where e is constant.
var anyFeature geo.Feature

// compile returns a test for e; what has no quick form is left to Eval.
func compile(e Expr) test {
	if constant(e) {
		t := Eval(e, &anyFeature)
		return func(*geo.Feature) Truth { return t }
	}
	switch e := e.(type) {
	case And:
		return all(compileEach(e.Args))
	case Or:
		tests := compileEach(e.Args)
		for i, t := range tests {
			tests[i] = contrary(t)
		}
		return contrary(all(tests))
	case Not:
		return contrary(compile(e.Arg))
	case IsNull:
		return compileIsNull(e)
	case Compare:
		return compileCompare(e)
	case Between:
		return all([]test{
			compileCompare(Compare{GreaterOrEqual, e.Arg, e.Low}),
			compileCompare(Compare{LessOrEqual, e.Arg, e.High})})
	case In:
		return compileIn(e)
	case Like:
		return compileLike(e)
	case Spatial:
		return compileSpatial(e)
	case Temporal:
		return compileTemporal(e)
	case ArrayCompare:
		return compileArray(e)
	case Call:
		return compileCall(e)
	case Property:
		return compileBoolean(e)
	}
	return func(f *geo.Feature) Truth { return Eval(e, f) }
}

// compileEach compiles operands whose order does not matter, the cheapest first.
func compileEach(es []Expr) []test {
	es = slices.Clone(es)
	slices.SortStableFunc(es, func(a, b Expr) int { return cost(a) - cost(b) })
	tests := make([]test, len(es))
	for i, e := range es {
		tests[i] = compile(e)
	}
	return tests
}

// cost tells roughly how many times longer e takes than a comparison of numbers.
func cost(e Expr) int {
	sum := 1
	switch e := e.(type) {
	case Geometry, FeatureOf, String, Number, Instant, Box:
		return 0
	case In:
		return 3 + cost(e.Arg)
	case Like:
		sum = 5
	case CaseI, AccentI:
		sum = 10
	case Spatial:
		sum = 100
		if _, ok := e.Right.(Box); ok {
			sum = 20
		}
	case Call:
		sum = 200
	}
	for _, c := range children(e) {
		sum += cost(c)
	}
	return sum
}

// all is AND; it asks no further once one is false.
func all(tests []test) test {
	if len(tests) == 2 {
		a, b := tests[0], tests[1]
		return func(f *geo.Feature) Truth {
			t := a(f)
			if t == False {
				return False
			}
			return min(t, b(f))
		}
	}
	return func(f *geo.Feature) Truth {
		t := True
		for _, ask := range tests {
			if t = min(t, ask(f)); t == False {
				return False
			}
		}
		return t
	}
}

// contrary is NOT.
func contrary(t test) test {
	return func(f *geo.Feature) Truth { return t(f).Not() }
}

func compileIsNull(e IsNull) test {
	p, ok := e.Arg.(Property)
	if !ok || p.Field < 0 {
		return func(f *geo.Feature) Truth { return Eval(e, f) }
	}
	return func(f *geo.Feature) Truth {
		return truthOf(p.Field >= len(f.Values) || f.Values[p.Field].IsNull())
	}
}

func compileBoolean(p Property) test {
	return func(f *geo.Feature) Truth {
		if p.Field < 0 || p.Field >= len(f.Values) {
			return Unknown
		}
		b, ok := f.Values[p.Field].Bool()
		if !ok {
			return Unknown
		}
		return truthOf(b)
	}
}

// verdicts returns what a comparison says of operands in the order -1, 0, 1.
func verdicts(op CompareOp) (v [3]Truth) {
	for i := range v {
		v[i] = truthOf(holds(op, i-1))
	}
	return v
}

func compileCompare(e Compare) test {
	v := verdicts(e.Op)
	l, r := TypeOf(e.Left), TypeOf(e.Right)
	if l != r {
		return func(f *geo.Feature) Truth { return Eval(e, f) }
	}
	switch l {
	case NumberType:
		return comparing(compileNumber(e.Left), compileNumber(e.Right), Number.compare, v)
	case StringType:
		return comparing(compileText(e.Left), compileText(e.Right), orderOfStrings, v)
	case InstantType:
		return comparing(compileSpan(e.Left), compileSpan(e.Right), func(a, b span) int { return a.from.compare(b.from) }, v)
	}
	return func(f *geo.Feature) Truth { return Eval(e, f) }
}

// comparing compares what two getters get.
func comparing[T any](left, right getter[T], order func(a, b T) int, v [3]Truth) test {
	if right.constant {
		b, ok := right.get(&anyFeature)
		if !ok {
			return func(*geo.Feature) Truth { return Unknown }
		}
		return func(f *geo.Feature) Truth {
			a, ok := left.get(f)
			if !ok {
				return Unknown
			}
			return v[order(a, b)+1]
		}
	}
	return func(f *geo.Feature) Truth {
		a, ok1 := left.get(f)
		b, ok2 := right.get(f)
		if !ok1 || !ok2 {
			return Unknown
		}
		return v[order(a, b)+1]
	}
}
