package cql2

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"demarc/geo"
)

// ParseText reads a filter in CQL2 text (OGC 21-065r2 §8.2) for features of the
// schema.
//
// The error is a *geo.InputError whose faults stand at "line L, column C, character
// N", all counted from 1. Of faults in what names mean and types there may be
// several; the first fault of the grammar ends the reading. Keywords may be in
// either case. Beyond the grammar it accepts time zones other than Z, dates and
// timestamps as plain text beside a temporal property, and boolean properties as
// predicates. Cost and memory are linear in len(s).
func ParseText(s string, sc *geo.Schema, opts ...Option) (Expr, error) {
	p := &parser{builder: newBuilder(s, sc, opts), lex: lexer{src: s}}
	switch {
	case len(s) > MaxText:
		p.src = s[:0]
		p.stop(place{}, "", fmt.Sprintf("the filter has %d bytes, more than %d", len(s), MaxText), "shorten it")
	case strings.TrimSpace(s) == "":
		p.stop(place{}, "", "the filter is empty", "write a condition, such as type = 'clash'")
	case !utf8.ValidString(s):
		p.stop(place{}, "", "the filter is not UTF-8", "encode it as UTF-8")
	}
	if p.stopped {
		return nil, p.faults.Err()
	}
	p.advance()
	p.depth = 1
	o := p.or()
	if p.tok.kind != endOfText {
		p.unexpected("the end, AND or OR")
	}
	return p.finish(o)
}

// parser is a recursive descent over the tokens of a text. Each method returns the
// operand that it read; after a fault of the grammar stopped is set, tok is the end
// of the text, and what is returned does not matter.
type parser struct {
	builder
	lex   lexer
	tok   token
	last  place // of the token before tok
	depth int
}

// advance goes to the next token.
func (p *parser) advance() {
	if p.stopped {
		p.tok = token{kind: endOfText, at: p.tok.at}
		return
	}
	p.last = p.tok.at
	tok, problem, mend := p.lex.next()
	p.tok = tok
	if tok.kind == broken {
		p.stop(tok.at, p.found(tok.at), problem, mend)
	}
	if p.stopped {
		p.tok.kind = endOfText
	}
}

// accept goes on if the token is the symbol.
func (p *parser) accept(s string) bool {
	if !p.tok.is(s) {
		return false
	}
	p.advance()
	return true
}

// keyword goes on if the token is the keyword.
func (p *parser) keyword(w string) bool {
	if !p.tok.word(w) {
		return false
	}
	p.advance()
	return true
}

// expect goes on if the token is the symbol, and faults else.
func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.unexpected(s)
	}
}

// unexpected stops at a token that cannot stand where it does.
func (p *parser) unexpected(want string) operand {
	found, problem := p.found(p.tok.at), "this cannot stand here"
	if p.tok.kind == endOfText {
		problem = "the filter ends too early"
	}
	p.stop(p.tok.at, found, problem, "expected "+want)
	p.tok.kind = endOfText
	return operand{e: unknown, at: p.tok.at}
}

// since returns the place from start to the token last read.
func (p *parser) since(start place) place { return start.to(p.last) }

// deep calls read unless that would nest too deep.
func (p *parser) deep(read func() operand) operand {
	if p.depth == maxNesting {
		p.stop(p.tok.at, "", fmt.Sprintf("the filter nests deeper than %d levels", maxNesting), "flatten it")
	}
	if p.stopped {
		return operand{e: unknown, at: p.tok.at}
	}
	p.depth++
	o := read()
	p.depth--
	return o
}

// or reads a booleanExpression.
func (p *parser) or() operand {
	return p.joined("OR", false, func() operand { return p.joined("AND", true, p.not) })
}

func (p *parser) joined(word string, and bool, read func() operand) operand {
	start := p.tok.at
	args := []operand{read()}
	for p.keyword(word) {
		args = append(args, read())
	}
	if len(args) == 1 {
		return args[0]
	}
	return p.logical(and, args, p.since(start))
}

// not reads a booleanFactor.
func (p *parser) not() operand {
	start := p.tok.at
	if !p.keyword("NOT") {
		return p.predicate()
	}
	arg := p.deep(p.not)
	return p.builder.not(arg, p.since(start))
}

// predicate reads an operand and what is said of it.
func (p *parser) predicate() operand {
	start := p.tok.at
	left := p.sum()
	for _, op := range []CompareOp{Equal, NotEqual, Less, Greater, LessOrEqual, GreaterOrEqual} {
		if p.accept(string(op)) {
			o := p.compare(op, left, p.sum(), p.since(start))
			if p.tok.kind == symbol && strings.ContainsAny(p.tok.val, "<=>") {
				p.unexpected("AND or OR: comparisons do not chain")
			}
			return o
		}
	}
	if p.keyword("IS") {
		negated := p.keyword("NOT")
		if !p.keyword("NULL") {
			return p.unexpected("NULL")
		}
		return p.negated(negated, p.isNull(left, p.since(start)))
	}
	negated := p.keyword("NOT")
	switch {
	case p.keyword("LIKE"):
		return p.negated(negated, p.like(left, p.primary(), p.since(start)))
	case p.keyword("BETWEEN"):
		low := p.sum()
		if !p.keyword("AND") {
			return p.unexpected("AND")
		}
		return p.negated(negated, p.between(left, low, p.sum(), p.since(start)))
	case p.keyword("IN"):
		members := p.list()
		return p.negated(negated, p.in(left, members, p.since(start)))
	case negated:
		return p.unexpected("LIKE, BETWEEN or IN")
	}
	return left
}

func (p *parser) negated(is bool, o operand) operand {
	if is {
		return p.builder.not(o, o.at)
	}
	return o
}

// list reads an inList with its parentheses.
func (p *parser) list() []operand {
	p.expect("(")
	p.inList++
	defer func() { p.inList-- }()
	var members []operand
	for first := true; first && !p.tok.is(")") || !first && p.accept(","); first = false {
		m := p.deep(p.sum)
		if p.listFull(len(members), m.at) {
			break
		}
		members = append(members, m)
	}
	p.expect(")")
	return members
}

// sum reads an arithmeticExpression, or what else can be compared.
func (p *parser) sum() operand {
	return p.left([]ArithOp{Add, Subtract}, p.product)
}

func (p *parser) product() operand {
	return p.left([]ArithOp{Multiply, Divide, Mod, Div}, p.power)
}

// left reads operands joined by operators that are equal and go from the left.
func (p *parser) left(ops []ArithOp, read func() operand) operand {
	start := p.tok.at
	o := read()
next:
	for _, op := range ops {
		if p.accept(string(op)) || op == Div && p.keyword("DIV") {
			o = p.arith(op, o, read(), p.since(start))
			goto next
		}
	}
	return o
}

// power reads a powerTerm. As in the grammar, -2 ^ 2 is (-2) ^ 2 and powers of
// powers need parentheses.
func (p *parser) power() operand {
	start := p.tok.at
	o := p.factor()
	if !p.accept(string(Power)) {
		return o
	}
	o = p.arith(Power, o, p.factor(), p.since(start))
	if p.tok.is(string(Power)) {
		p.unexpected("parentheses round one of the powers")
	}
	return o
}

// factor reads an operand with its sign.
func (p *parser) factor() operand {
	start := p.tok.at
	switch {
	case p.accept("-"):
		if p.tok.kind == digits {
			return p.digits("-", start)
		}
		o := p.deep(p.factor)
		return p.negative(o, p.since(start))
	case p.accept("+"):
		o := p.deep(p.factor)
		p.want(o, "the operand of +", NumberType)
		return operand{e: o.e, at: p.since(start)}
	}
	return p.primary()
}
