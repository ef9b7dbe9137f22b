package cql2

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/predicate"
)

// spatialOps, temporalOps and arrayOps are the standard's functions by their names
// in lower case.
var (
	spatialOps = byLowerCase(SIntersects, SEquals, SDisjoint, STouches, SWithin, SOverlaps, SCrosses, SContains)

	temporalOps = byLowerCase(TAfter, TBefore, TContains, TDisjoint, TDuring, TEquals, TFinishedBy, TFinishes,
		TIntersects, TMeets, TMetBy, TOverlappedBy, TOverlaps, TStartedBy, TStarts)

	arrayOps = byLowerCase(AEquals, AContains, AContainedBy, AOverlaps)
)

func byLowerCase[S ~string](ops ...S) map[string]S {
	m := make(map[string]S, len(ops))
	for _, op := range ops {
		m[strings.ToLower(string(op))] = op
	}
	return m
}

// arity faults unless there are n arguments.
func (b *builder) arity(name string, args []operand, n int, at place) bool {
	if len(args) == n {
		return true
	}
	b.fault(at, name, fmt.Sprintf("%s has %d arguments", name, len(args)), fmt.Sprintf("it must have %d", n))
	return false
}

// call makes what name(args) means: a function of the standard, ours, or, with
// WithAnyProperty, any.
func (b *builder) call(name string, args []operand, at place) operand {
	b.node(at, false)
	lower := strings.ToLower(name)
	failed := operand{e: unknown, at: at}
	if op, ok := spatialOps[lower]; ok {
		return b.pair(name, args, at, Bool(false), []Type{GeometryType}, func(l, r Expr) Expr { return Spatial{op, l, r} })
	}
	if op, ok := temporalOps[lower]; ok {
		for i := range args {
			b.cast(&args[i])
		}
		return b.pair(name, args, at, Bool(false), []Type{InstantType, IntervalType}, func(l, r Expr) Expr { return Temporal{op, l, r} })
	}
	if op, ok := arrayOps[lower]; ok {
		b.comparable(args, at)
		return b.pair(name, args, at, Bool(false), []Type{ArrayType}, func(l, r Expr) Expr { return ArrayCompare{op, l, r} })
	}
	if lower == "casei" || lower == "accenti" {
		if !b.arity(name, args, 1, at) {
			return failed
		}
		args[0].asText()
		b.want(args[0], "the argument of "+strings.ToUpper(name), StringType)
		if lower == "casei" {
			return operand{e: CaseI{args[0].e}, at: at}
		}
		return operand{e: AccentI{args[0].e}, at: at}
	}
	return b.custom(name, args, at)
}

// pair makes a predicate of two arguments of the given types.
func (b *builder) pair(name string, args []operand, at place, instead Expr, types []Type, build func(l, r Expr) Expr) operand {
	if !b.arity(name, args, 2, at) {
		return operand{e: instead, at: at}
	}
	for _, o := range args {
		b.want(o, "an argument of "+strings.ToUpper(name), types...)
	}
	return operand{e: build(args[0].e, args[1].e), at: at}
}

// comparable faults arrays whose comparison, of each element with each, would take
// too long.
func (b *builder) comparable(args []operand, at place) {
	pairs := 1
	for _, o := range args {
		if a, ok := o.e.(Array); ok {
			pairs *= max(1, leaves(a))
		}
	}
	if pairs > maxPairs {
		b.fault(at, "", fmt.Sprintf("comparing the arrays takes more than %d comparisons", maxPairs), "shorten one of them")
	}
}

// leaves counts the elements of an array that are none themselves.
func leaves(a Array) int {
	n := 0
	for _, e := range a.Elems {
		if inner, ok := e.(Array); ok {
			n += leaves(inner)
		} else {
			n++
		}
	}
	return n
}

// custom makes a call of one of Functions.
func (b *builder) custom(name string, args []operand, at place) operand {
	f := functionNamed(name)
	if f == nil {
		if !b.anyProperty {
			names := functionNames()
			mend := "the functions are those of CQL2 and " + listed(names)
			for op := range spatialOps {
				names = append(names, op)
			}
			for op := range temporalOps {
				names = append(names, op)
			}
			for op := range arrayOps {
				names = append(names, op)
			}
			if near, ok := nearest(name, append(names, "casei", "accenti", "date", "timestamp", "interval", "bbox")); ok {
				mend = fmt.Sprintf("did you mean %s? %s", near, strings.ToUpper(mend[:1])+mend[1:])
			}
			b.fault(at, name, "there is no such function", mend)
			return operand{e: unknown, at: at}
		}
		if !callable(name) {
			b.fault(at, name, "no function can have this name", "names of functions are identifiers and no keywords")
		}
		return operand{e: Call{name, exprs(args)}, at: at}
	}
	if !b.arity(f.Name, args, len(f.args), at) {
		return operand{e: unknown, at: at}
	}
	good := true
	for i, o := range args {
		good = b.want(o, fmt.Sprintf("the argument %s of %s", f.Args[i].Name, f.Name), f.args[i]) && good
	}
	if f.Name == "feature" && good {
		return b.feature(args, at)
	}
	return operand{e: Call{f.Name, exprs(args)}, at: at}
}

// callable tells whether name(…) reads as a call of name.
func callable(s string) bool {
	switch lower := lowerASCII(s); lower {
	case "date", "timestamp", "interval", "bbox":
		return false
	default:
		l := lexer{src: s}
		t, _, _ := l.next()
		return t.kind == name && t.val == s && !reserved[lower] && !geometryWords[lower]
	}
}

func exprs(os []operand) []Expr {
	es := make([]Expr, len(os))
	for i, o := range os {
		es[i] = o.e
	}
	return es
}

// feature looks up the geometry of another feature.
func (b *builder) feature(args []operand, at place) operand {
	collection, ok1 := args[0].e.(String)
	id, ok2 := args[1].e.(String)
	switch {
	case !ok1 || !ok2:
		b.fault(at, b.describe(operand{e: unknown, at: at}), "feature needs the names themselves", "write feature('collection', 'id')")
	case b.features == nil && b.anyProperty:
		return operand{e: FeatureOf{string(collection), string(id), nil}, at: at}
	case b.features == nil:
		b.fault(at, "feature", "other features cannot be used here", "write the geometry itself")
	default:
		g, err := b.features(string(collection), string(id))
		if err != nil {
			b.fault(at, string(collection)+", "+string(id), err.Error(), "name a collection and the id of a feature in it")
			break
		}
		return operand{e: FeatureOf{string(collection), string(id), g}, at: at}
	}
	return operand{e: Geometry{orb.MultiPoint{}}, at: at}
}

func (b *builder) arith(op ArithOp, l, r operand, at place) operand {
	b.node(at, false)
	b.want(l, "an operand of "+string(op), NumberType)
	b.want(r, "an operand of "+string(op), NumberType)
	return operand{e: Arith{op, l.e, r.e}, at: at}
}

// negative makes -o: a literal, or -1 * o.
func (b *builder) negative(o operand, at place) operand {
	if n, ok := o.e.(Number); ok {
		if n.Whole && n.Int != math.MinInt64 {
			return operand{e: whole(-n.Int), at: at}
		}
		return operand{e: number(-n.Float), at: at}
	}
	b.node(at, true)
	return b.arith(Multiply, operand{e: number(-1), at: at}, o, at)
}

// interval makes an INTERVAL; an end that is nil is open.
func (b *builder) interval(ends [2]operand, at place) operand {
	b.node(at, false)
	for _, end := range ends {
		switch end.e.(type) {
		case nil, Instant, Property, Call:
			if end.e != nil {
				b.want(end, "an end of INTERVAL", InstantType)
			}
		default:
			b.fault(end.at, b.describe(end), "this cannot be an end of INTERVAL", "write '2022-09-14', '2022-09-14T00:00:00Z', '..' for open, or a property")
		}
	}
	from, ok1 := ends[0].e.(Instant)
	to, ok2 := ends[1].e.(Instant)
	if ok1 && ok2 && momentOf(from).compare(momentOf(to)) > 0 {
		b.fault(at, b.describe(operand{e: Interval{from, to}, at: at}), "the interval ends before it begins", "swap its ends")
	}
	return operand{e: Interval{ends[0].e, ends[1].e}, at: at}
}

// geometry checks a literal: positions on the Earth, and rings that do not cross
// themselves, since no relation to those is right (OGC 06-103r4 §6.1.11.1).
func (b *builder) geometry(g orb.Geometry, at place) operand {
	b.node(at, true)
	if b.stopped || b.anyProperty {
		return operand{e: Geometry{g}, at: at}
	}
	if err := predicate.Validate(g); err != nil {
		b.fault(at, "", err.Error(), "mend the geometry")
	}
	return operand{e: Geometry{g}, at: at}
}

// vertex counts a position, transforms it where it is not in CRS84, and checks it.
func (b *builder) vertex(x, y float64, at place) orb.Point {
	b.vertices++
	lon, lat, err := b.toCRS84(x, y)
	switch {
	case b.vertices > MaxVertices:
		b.stop(at, "", fmt.Sprintf("the geometries have more than %d positions", MaxVertices), "simplify them")
	case err != nil:
		b.fault(at, fmt.Sprintf("%v %v", x, y), "the position cannot be in "+b.crs.String(), "coordinates in the order and the area of "+b.crs.Name())
	case !(lon >= -180 && lon <= 180):
		b.fault(at, fmt.Sprintf("%v %v", lon, lat), "the longitude is not between -180 and 180", "positions are longitude, latitude in degrees")
	case !(lat >= -90 && lat <= 90):
		b.fault(at, fmt.Sprintf("%v %v", lon, lat), "the latitude is not between -90 and 90", "positions are longitude, latitude in degrees")
	}
	return orb.Point{lon, lat}
}

// ring checks that a ring is one.
func (b *builder) ring(ps []orb.Point, at place) orb.Ring {
	if len(ps) > 0 && !b.stopped {
		switch {
		case ps[0] != ps[len(ps)-1]:
			b.fault(at, "", "the ring does not end where it begins", "repeat its first position at its end")
		case len(ps) < 4:
			b.fault(at, "", fmt.Sprintf("the ring has %d positions", len(ps)), "a ring has four or more, the last the same as the first")
		}
	}
	return orb.Ring(ps)
}

// line checks that a line is one.
func (b *builder) line(ps []orb.Point, at place) orb.LineString {
	if len(ps) == 1 && !b.stopped {
		b.fault(at, "", "the line has one position", "a line has two or more")
	}
	return orb.LineString(ps)
}

// box makes a BBOX of four or six numbers.
func (b *builder) box(n []float64, at place) operand {
	b.node(at, true)
	var box geo.BBox
	switch len(n) {
	case 4:
		box = geo.BBox{West: n[0], South: n[1], East: n[2], North: n[3]}
	case 6:
		box = geo.BBox{West: n[0], South: n[1], East: n[3], North: n[4]}
	default:
		b.fault(at, "", fmt.Sprintf("the box has %d numbers", len(n)), "write BBOX(west, south, east, north), or six numbers with heights")
		return operand{e: Box{}, at: at}
	}
	if b.crs != crs.CRS84 {
		return b.boxIn([4]float64{box.West, box.South, box.East, box.North}, at)
	}
	b.vertex(box.West, box.South, at)
	b.vertex(box.East, box.North, at)
	if box.South > box.North {
		b.fault(at, b.describe(operand{e: Box{box}, at: at}), "the box's south is north of its north", "write BBOX(west, south, east, north)")
	}
	return operand{e: Box{box}, at: at}
}

// array makes an array.
func (b *builder) array(elems []operand, at place) operand {
	b.node(at, false)
	return operand{e: Array{exprs(elems)}, at: at}
}

// finish checks the whole tree.
func (b *builder) finish(o operand) (Expr, error) {
	if !b.stopped {
		b.want(o, "the filter", BooleanType)
		if deeper(o.e, MaxDepth) {
			b.fault(o.at, "", fmt.Sprintf("the filter nests deeper than %d levels", MaxDepth), "flatten it")
		}
	}
	if err := b.faults.Err(); err != nil {
		return nil, err
	}
	return o.e, nil
}

// deeper tells whether e has more than n levels. It goes no deeper than that.
func deeper(e Expr, n int) bool {
	if n == 0 {
		return true
	}
	for _, c := range children(e) {
		if deeper(c, n-1) {
			return true
		}
	}
	return false
}
