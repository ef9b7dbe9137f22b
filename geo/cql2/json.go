package cql2

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"demarc/geo"
)

// ParseJSON reads a filter in CQL2 JSON (OGC 21-065r2 §8.3) for features of the
// schema. It accepts what ParseText accepts and makes the same tree; the faults of
// the *geo.InputError stand at JSON Pointers. A member that is not of the language,
// or that is there twice, is a fault, so that no part of a filter goes unheard.
// Cost and memory are linear in len(b).
func ParseJSON(b []byte, sc *geo.Schema, opts ...Option) (Expr, error) {
	p := &decoder{newBuilder("", sc, opts), 0}
	switch {
	case len(b) > MaxJSON:
		p.stop(place{}, "", fmt.Sprintf("the filter has %d bytes, more than %d", len(b), MaxJSON), "shorten it")
	case !utf8.Valid(b):
		p.stop(place{}, "", "the filter is not UTF-8", "encode it as UTF-8")
	}
	if p.stopped {
		return nil, p.faults.Err()
	}
	root, err := readJSON(b)
	if err != nil {
		p.stop(place{}, "", "the filter is no JSON: "+err.Error(), `send one object such as {"op": "=", "args": [{"property": "type"}, "clash"]}`)
		return nil, p.faults.Err()
	}
	return p.finish(p.expr(root))
}

// decoder makes expressions of JSON nodes.
type decoder struct {
	builder
	depth int
}

// bad faults a node that is not what it should be.
func (p *decoder) bad(n node, mend string) operand {
	p.fault(n.place(), n.kind(), "this cannot stand here", mend)
	return operand{e: unknown, at: n.place()}
}

// expr makes any expression.
func (p *decoder) expr(n node) operand {
	if p.depth == maxNesting {
		p.stop(n.place(), "", fmt.Sprintf("the filter nests deeper than %d levels", maxNesting), "flatten it")
	}
	if p.stopped {
		return operand{e: unknown, at: n.place()}
	}
	p.depth++
	defer func() { p.depth-- }()
	switch v := n.val.(type) {
	case bool:
		return p.literal(Bool(v), n.place())
	case string:
		return p.literal(String(v), n.place())
	case json.Number:
		num, ok := parseNumber(string(v))
		if !ok {
			p.fault(n.place(), string(v), "the number is too large", "numbers go to 1.7E308")
		}
		return p.literal(num, n.place())
	case []node:
		p.inList++
		defer func() { p.inList-- }()
		return p.array(p.all(v), n.place())
	case object:
		return p.object(n, v)
	}
	return p.bad(n, "write an operator, a property or a literal; what has no value is asked for by isNull")
}

// all makes the members of a list.
func (p *decoder) all(ns []node) []operand {
	os := make([]operand, 0, min(len(ns), MaxList))
	for i, n := range ns {
		if p.stopped || p.listFull(i, n.place()) {
			break
		}
		os = append(os, p.expr(n))
	}
	return os
}

// only faults members of an object other than those named.
func (p *decoder) only(o object, names ...string) {
next:
	for _, m := range o {
		for _, name := range names {
			if m.name == name {
				continue next
			}
		}
		p.fault(m.node.place(), m.name, "this member is not of CQL2", "leave it out")
	}
}

// object makes an operator, a property or a literal with a type.
func (p *decoder) object(n node, o object) operand {
	if op, ok := o.member("op"); ok {
		p.only(o, "op", "args")
		return p.operator(n, op, o)
	}
	if name, ok := o.member("property"); ok {
		p.only(o, "property")
		s, ok := name.val.(string)
		if !ok {
			return p.bad(name, "write the property's name")
		}
		return p.property(s, name.place())
	}
	for _, word := range []string{"date", "timestamp"} {
		if v, ok := o.member(word); ok {
			p.only(o, word)
			s, _ := v.val.(string)
			i, ok := parseInstant(s)
			if !ok || i.Day != (word == "date") {
				p.fault(v.place(), s, "this is no "+word, instantMend(word))
			}
			return p.literal(i, n.place())
		}
	}
	if v, ok := o.member("interval"); ok {
		p.only(o, "interval")
		return p.ends(v)
	}
	if _, ok := o.member("type"); ok {
		return p.geometry(p.shape(n, o, 0), n.place())
	}
	if v, ok := o.member("bbox"); ok {
		p.only(o, "bbox")
		return p.bbox(v)
	}
	return p.bad(n, `write an object with "op", "property", "date", "timestamp", "interval", "bbox", or a GeoJSON geometry`)
}

// operator makes what an op and its args say.
func (p *decoder) operator(n, op node, o object) operand {
	name, ok := op.val.(string)
	if !ok {
		return p.bad(op, "write the operator's name")
	}
	v, _ := o.member("args")
	args, ok := v.val.([]node)
	if !ok {
		p.fault(n.place(), name, "the operator has no args", `write "args": [ … ]`)
		return operand{e: unknown, at: n.place()}
	}
	at := n.place()
	switch name {
	case "and", "or":
		if len(args) < 2 {
			p.fault(at, name, fmt.Sprintf("%s has %d arguments", name, len(args)), "it must have two or more")
			return operand{e: unknown, at: at}
		}
		os := p.all(args)
		if p.stopped {
			return operand{e: unknown, at: at}
		}
		return p.logical(name == "and", os, at)
	case "in":
		return p.member(at, args)
	}
	if wrong := exactCase(name); wrong != "" {
		p.fault(op.place(), name, "there is no such operator", "write "+wrong)
	}
	if len(args) > MaxList {
		p.listFull(MaxList, at)
	}
	os := p.all(args)
	if p.stopped {
		return operand{e: unknown, at: at}
	}
	return p.operands(name, os, at)
}

// member makes an in.
func (p *decoder) member(at place, args []node) operand {
	if len(args) != 2 {
		p.fault(at, "in", fmt.Sprintf("in has %d arguments", len(args)), "it must have 2, the second an array")
		return operand{e: unknown, at: at}
	}
	list, ok := args[1].val.([]node)
	if !ok {
		return p.bad(args[1], "write the list as an array")
	}
	arg := p.expr(args[0])
	p.inList++
	members := p.all(list)
	p.inList--
	return p.in(arg, members, at)
}

// operands makes an operator with a fixed number of operands.
func (p *decoder) operands(name string, os []operand, at place) operand {
	n := 2
	switch name {
	case "not", "isNull":
		n = 1
	case "between":
		n = 3
	case "like", "=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "div", "^":
	default:
		return p.call(name, os, at)
	}
	if name == "-" && len(os) == 1 { // pygeofilter and others write -x so
		return p.negative(os[0], at)
	}
	if !p.arity(name, os, n, at) {
		return operand{e: unknown, at: at}
	}
	switch name {
	case "not":
		return p.not(os[0], at)
	case "isNull":
		return p.isNull(os[0], at)
	case "between":
		return p.between(os[0], os[1], os[2], at)
	case "like":
		return p.like(os[0], os[1], at)
	case "+", "-", "*", "/", "%", "div", "^":
		return p.arith(ArithOp(name), os[0], os[1], at)
	}
	return p.compare(CompareOp(name), os[0], os[1], at)
}

// exactCase returns how an operator of the standard is written if name differs from
// it in case alone: JSON has one spelling of each.
func exactCase(name string) string {
	lower := strings.ToLower(name)
	right := name
	switch lower {
	case "and", "or", "not", "like", "between", "in", "div", "casei", "accenti":
		right = lower
	case "isnull":
		right = "isNull"
	}
	if op, ok := spatialOps[lower]; ok {
		right = string(op)
	} else if op, ok := temporalOps[lower]; ok {
		right = string(op)
	} else if op, ok := arrayOps[lower]; ok {
		right = string(op)
	}
	if right == name {
		return ""
	}
	return right
}
