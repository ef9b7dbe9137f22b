package cql2

import (
	"slices"

	"demarc/geo"
)

// opposite returns the comparison that holds of two values where op does not.
func opposite(op CompareOp) CompareOp {
	return map[CompareOp]CompareOp{
		Equal: NotEqual, NotEqual: Equal, Less: GreaterOrEqual, GreaterOrEqual: Less,
		Greater: LessOrEqual, LessOrEqual: Greater,
	}[op]
}

// mirrored returns the comparison with its operands swapped.
func mirrored(op CompareOp) CompareOp {
	switch op {
	case Less:
		return Greater
	case Greater:
		return Less
	case LessOrEqual:
		return GreaterOrEqual
	case GreaterOrEqual:
		return LessOrEqual
	}
	return op
}

// compare returns the hint of a comparison of something with a constant.
func (b bounder) compare(e Compare, truth bool) Hint {
	if constant(e.Left) {
		e = Compare{mirrored(e.Op), e.Right, e.Left}
	}
	if !truth {
		e.Op = opposite(e.Op)
	}
	if !constant(e.Right) {
		return Hint{}
	}
	switch left := e.Left.(type) {
	case Property:
		if i, ok := e.Right.(Instant); ok {
			return timeHint(left, e.Op, i)
		}
		if v, ok := equalValue(e.Right); ok && e.Op == Equal {
			return equalHint(left, v)
		}
	case Call:
		n, ok := e.Right.(Number)
		if !ok || left.Name != "distance_m" || !slices.Contains([]CompareOp{Less, LessOrEqual, Equal}, e.Op) {
			return Hint{}
		}
		if _, fixed, ok := propertyAndShape(left.Args[0], left.Args[1]); ok {
			return b.near(fixed, n.Float)
		}
	}
	return Hint{}
}

// near returns the hint of being within metres of a geometry.
func (b bounder) near(fixed Expr, metres float64) Hint {
	if metres < 0 {
		return Hint{Never: true}
	}
	return Hint{Boxes: []geo.BBox{reachable(zone(shapeOf(fixed), metres), b.longestEdge)}}
}

// timeHint returns the hint of a temporal property's comparison with a literal. As
// the property may be a date, days are compared.
func timeHint(p Property, op CompareOp, i Instant) Hint {
	iv := window(op, i)
	if p.Type != InstantType || p.Field < 0 || iv == (geo.Interval{}) {
		return Hint{}
	}
	return Hint{Times: map[string]geo.Interval{p.Name: iv}}
}

// equalHint returns the hint that a property is a value.
func equalHint(p Property, vs ...geo.Value) Hint {
	if p.Field < 0 || p.Type == InstantType || p.Type == AnyType {
		return Hint{}
	}
	return Hint{Equal: map[string][]geo.Value{p.Name: vs}}
}

// equalValue returns a constant as a property's value. Numbers are such that
// integers match them too.
func equalValue(e Expr) (geo.Value, bool) {
	v := valueOf(e, &anyFeature)
	switch {
	case v.kind == BooleanType:
		return geo.BoolValue(v.bool), true
	case v.kind == StringType:
		return geo.StringValue(v.str), true
	case v.kind == NumberType && v.num.Float >= -exactFloat && v.num.Float <= exactFloat:
		return geo.NumberValue(v.num.Float), true
	}
	return geo.Value{}, false
}

// in returns the hint of an IN list: one of the values, or the time round them.
func (b bounder) in(e In) Hint {
	p, ok := e.Arg.(Property)
	if !ok {
		return Hint{}
	}
	h := Hint{Never: true}
	var vs []geo.Value
	for _, m := range e.List {
		if p.Type == InstantType {
			h = h.or(b.compare(Compare{Equal, p, m}, true))
			continue
		}
		v, ok := equalValue(m)
		if !ok || !constant(m) {
			return Hint{}
		}
		vs = append(vs, v)
	}
	if p.Type == InstantType {
		return h
	}
	return equalHint(p, vs...)
}

// spatialHint returns the box of the geometry that a feature must meet.
func spatialHint(e Spatial, truth bool) Hint {
	if truth == (e.Op == SDisjoint) {
		return Hint{}
	}
	_, fixed, ok := propertyAndShape(e.Left, e.Right)
	if !ok {
		return Hint{}
	}
	if box, ok := fixed.(Box); ok {
		return Hint{Boxes: []geo.BBox{box.BBox}}
	}
	return Hint{Boxes: []geo.BBox{geo.BBoxOf(shapeOf(fixed))}}
}

// temporalHint returns the times of the properties that are ends of the operands.
func temporalHint(e Temporal, truth bool) Hint {
	op := e.Op
	if op == TDisjoint {
		op, truth = TIntersects, !truth
	}
	if op != TIntersects && !truth {
		return Hint{}
	}
	left, right := endsOf(e.Left), endsOf(e.Right)
	h := Hint{Never: !truth}
	for _, c := range relations[op] {
		cmp := c.op
		if !truth {
			cmp = opposite(cmp)
		}
		one := endHint(left[asInt(c.leftTo)], cmp, right[asInt(c.rightTo)])
		if truth {
			h = h.and(one)
		} else {
			h = h.or(one)
		}
	}
	return h
}

// endsOf returns the ends of an instant or interval; an open end is nil.
func endsOf(e Expr) [2]Expr {
	if iv, ok := e.(Interval); ok {
		return [2]Expr{iv.From, iv.To}
	}
	return [2]Expr{e, e}
}

// endHint returns the hint of a comparison of two ends.
func endHint(l Expr, op CompareOp, r Expr) Hint {
	if p, ok := r.(Property); ok {
		l, op, r = p, mirrored(op), l
	}
	p, ok1 := l.(Property)
	i, ok2 := r.(Instant)
	if !ok1 || !ok2 {
		return Hint{}
	}
	return timeHint(p, op, i)
}

// arrayHint returns the members of which a list must have one.
func arrayHint(e ArrayCompare, truth bool) Hint {
	p, left := e.Left.(Property)
	array, ok := e.Right.(Array)
	op := e.Op
	if !left {
		p, _ = e.Right.(Property)
		array, ok = e.Left.(Array)
		switch op { // as if they were swapped
		case AContains:
			op = AContainedBy
		case AContainedBy:
			op = AContains
		}
	}
	if !ok || !truth || p.Type != ArrayType || p.Field < 0 || len(array.Elems) == 0 || op == AContainedBy {
		return Hint{}
	}
	var vs []geo.Value
	for _, elem := range array.Elems {
		s, ok := elem.(String)
		if !ok {
			return Hint{}
		}
		vs = append(vs, geo.StringValue(string(s)))
	}
	if op != AOverlaps { // it has all of them
		vs = vs[:1]
	}
	return equalHint(p, vs...)
}
