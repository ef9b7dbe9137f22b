package cql2

import (
	"fmt"
	"strings"

	"demarc/geo"
)

// place is where in the input something stands: from byte off to end of a text, or
// a path of a JSON document.
type place struct {
	off, end int
	path     *path
}

// to returns the place from p's beginning to q's end.
func (p place) to(q place) place { return place{p.off, q.end, p.path} }

// operand is an expression and where it stands.
type operand struct {
	e  Expr
	at place
	// enclosed counts the parentheses that the text has round it.
	enclosed int
}

// builder makes the nodes of a tree for both parsers: it checks types and limits
// and gathers the faults. What could not be typed becomes a property of AnyType, so
// that the rest can still be checked.
type builder struct {
	options
	schema   *geo.Schema
	src      string // the text; empty for JSON
	faults   geo.Faults
	stopped  bool // a fault after which reading on makes no sense
	nodes    int
	vertices int
	inList   int // lists of literals round what is being read
}

// newBuilder returns a builder for src, or for a JSON document.
func newBuilder(src string, sc *geo.Schema, opts []Option) builder {
	return builder{options: newOptions(opts), schema: sc, src: src}
}

// fault adds a fault, of which only the first maxFaults are kept.
func (b *builder) fault(at place, found, problem, mend string) {
	if len(b.faults) >= maxFaults {
		b.stopped = true
		return
	}
	b.faults.Add(b.where(at), found, problem, mend)
}

// stop adds a fault and ends the reading.
func (b *builder) stop(at place, found, problem, mend string) {
	if !b.stopped {
		b.fault(at, found, problem, mend)
	}
	b.stopped = true
}

// found returns what the text has at a place, cut short.
func (b *builder) found(at place) string {
	if b.src == "" {
		return ""
	}
	return b.src[at.off:min(at.end, len(b.src))]
}

// unknown stands for what was faulty.
var unknown Expr = Property{Field: -1}

// node counts a node. literal ones are free in a list, which has its own limit.
func (b *builder) node(at place, literal bool) bool {
	if literal && b.inList > 0 {
		return !b.stopped
	}
	b.nodes++
	if b.nodes > MaxNodes {
		b.stop(at, "", fmt.Sprintf("the filter has more than %d parts", MaxNodes), "split it into several filters, or use IN for lists of values")
	}
	return !b.stopped
}

// want faults unless o has one of the types, or may have.
func (b *builder) want(o operand, what string, types ...Type) bool {
	t := TypeOf(o.e)
	if t == AnyType {
		return true
	}
	names := make([]string, len(types))
	for i, w := range types {
		if t == w {
			return true
		}
		names[i] = w.String()
	}
	b.fault(o.at, b.describe(o), what+" is "+t.String(), "it must be "+strings.Join(names, " or "))
	return false
}

// describe returns an operand for a message: as it stands in the text, or printed.
func (b *builder) describe(o operand) string {
	if b.src != "" {
		return b.found(o.at)
	}
	if o.e == nil {
		return ""
	}
	return Format(o.e)
}

// literal counts and returns a literal.
func (b *builder) literal(e Expr, at place) operand {
	b.node(at, true)
	return operand{e: e, at: at}
}

// property resolves a property's name.
func (b *builder) property(name string, at place) operand {
	b.node(at, false)
	p, ok := b.options.property(b.schema, name)
	if !ok {
		names := b.names(b.schema)
		mend := "the properties are " + listed(names)
		if near, ok := nearest(name, names); ok {
			mend = fmt.Sprintf("did you mean %s? The properties are %s", near, listed(names))
		} else if b.src != "" && strings.HasPrefix(b.found(at), `"`) {
			mend = "double quotes enclose names, single quotes text; " + mend
		}
		b.fault(at, name, "there is no such property to ask for", mend)
	}
	return operand{e: p, at: at}
}

// logical joins operands by AND or OR, taking apart those that are such already.
func (b *builder) logical(and bool, args []operand, at place) operand {
	b.node(at, false)
	var flat []Expr
	for _, o := range args {
		b.want(o, "an operand of "+map[bool]string{true: "AND", false: "OR"}[and], BooleanType)
		switch e := o.e.(type) {
		case And:
			if and {
				flat = append(flat, e.Args...)
				continue
			}
		case Or:
			if !and {
				flat = append(flat, e.Args...)
				continue
			}
		}
		flat = append(flat, o.e)
	}
	if and {
		return operand{e: And{flat}, at: at}
	}
	return operand{e: Or{flat}, at: at}
}

func (b *builder) not(arg operand, at place) operand {
	b.node(at, false)
	b.want(arg, "the operand of NOT", BooleanType)
	return operand{e: Not{arg.e}, at: at}
}

func (b *builder) isNull(arg operand, at place) operand {
	b.node(at, false)
	if _, ok := arg.e.(Array); ok {
		b.fault(arg.at, b.describe(arg), "IS NULL is asked of an array", "ask it of a property or a function")
	}
	return operand{e: IsNull{arg.e}, at: at}
}

// alike faults unless scalars can be compared with first. Strings that stand
// beside an instant are read as instants: OGC 21-065r2 §6.4 permits casts, and
// QGIS's and GDAL's users write start >= '2022-09-14'.
func (b *builder) alike(os ...*operand) {
	instant := false
	for _, o := range os {
		o.asText()
		if !b.scalar(*o) {
			o.e = unknown
		}
		instant = instant || TypeOf(o.e) == InstantType
	}
	first := AnyType
	for _, o := range os {
		if instant {
			b.cast(o)
		}
		t := TypeOf(o.e)
		switch {
		case first == AnyType:
			first = t
		case t != AnyType && t != first:
			b.fault(o.at, b.describe(*o), t.String()+" cannot be compared with "+first.String(), "it must be "+first.String())
			return
		}
	}
}

// asText lets a property that is a list stand where text belongs: there it is
// the text that it has in GeoJSON, its members joined by "; ". GDAL and QGIS see
// that text and filter by it.
func (o *operand) asText() {
	if p, ok := o.e.(Property); ok && p.Type == ArrayType {
		p.Type = StringType
		o.e = p
	}
}

// scalar faults for what operators cannot compare.
func (b *builder) scalar(o operand) bool {
	t := TypeOf(o.e)
	if t.scalar() {
		return true
	}
	mend := map[Type]string{
		IntervalType: "intervals are compared by T_INTERSECTS and its like",
		GeometryType: "geometries are compared by S_EQUALS, S_INTERSECTS and their like",
		ArrayType:    "arrays are compared by A_CONTAINS and its like: A_CONTAINS(" + b.describe(o) + ", ('…'))",
	}[t]
	b.fault(o.at, b.describe(o), t.String()+" cannot be compared by an operator", mend)
	return false
}

// cast turns a string literal into the instant that it says.
func (b *builder) cast(o *operand) {
	s, ok := o.e.(String)
	if !ok {
		return
	}
	if i, ok := parseInstant(string(s)); ok {
		o.e = i
	} else if i, ok := parseSlashed(string(s)); ok {
		o.e = i
	} else {
		b.fault(o.at, string(s), "the text is no date or timestamp", "write DATE('2022-09-16') or TIMESTAMP('2022-09-16T14:00:00Z')")
		o.e = unknown
	}
}

func (b *builder) compare(op CompareOp, l, r operand, at place) operand {
	b.node(at, false)
	b.alike(&l, &r)
	return operand{e: Compare{op, l.e, r.e}, at: at}
}

func (b *builder) between(arg, low, high operand, at place) operand {
	b.node(at, false)
	b.alike(&arg, &low, &high)
	for _, o := range []operand{arg, low, high} {
		b.want(o, "an operand of BETWEEN", NumberType, InstantType, StringType)
	}
	return operand{e: Between{arg.e, low.e, high.e}, at: at}
}

// in makes an IN. Its members were counted by list.
func (b *builder) in(arg operand, members []operand, at place) operand {
	b.node(at, false)
	if len(members) == 0 {
		b.fault(at, "", "the list of IN is empty", "name one value or more")
	}
	all := make([]*operand, 1, len(members)+1)
	all[0] = &arg
	for i := range members {
		all = append(all, &members[i])
	}
	b.alike(all...)
	list := make([]Expr, len(members))
	for i, m := range members {
		list[i] = m.e
	}
	return operand{e: In{arg.e, list}, at: at}
}

// listFull faults when a list of n members may not have another.
func (b *builder) listFull(n int, at place) bool {
	if n >= MaxList {
		b.stop(at, "", fmt.Sprintf("the list has more than %d members", MaxList), "split it")
	}
	return b.stopped
}

func (b *builder) like(arg, pattern operand, at place) operand {
	b.node(at, false)
	arg.asText()
	b.want(arg, "what LIKE tests", StringType)
	inner := pattern.e
	for {
		switch e := inner.(type) {
		case CaseI:
			inner = e.Arg
			continue
		case AccentI:
			inner = e.Arg
			continue
		case String:
			if len([]rune(string(e))) > MaxPattern {
				b.fault(pattern.at, string(e), fmt.Sprintf("the pattern has more than %d characters", MaxPattern), "shorten it")
			}
		default:
			b.fault(pattern.at, b.describe(pattern), "the pattern of LIKE is no text", "write it in single quotes, within CASEI or ACCENTI where wanted")
			pattern.e = String("")
		}
		return operand{e: Like{arg.e, pattern.e}, at: at}
	}
}
