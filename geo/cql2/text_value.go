package cql2

// reserved are the words that cannot be names unless in double quotes.
var reserved = map[string]bool{
	"and": true, "or": true, "not": true, "is": true, "null": true, "like": true,
	"between": true, "in": true, "true": true, "false": true, "div": true,
}

// primary reads a literal, a property, a call, or what stands in parentheses.
func (p *parser) primary() operand {
	t := p.tok
	switch t.kind {
	case text:
		p.advance()
		return p.literal(String(t.val), t.at)
	case quoted:
		p.advance()
		return p.property(t.val, t.at)
	case digits:
		return p.digits("", t.at)
	case symbol:
		if t.is("(") {
			return p.parenthesised()
		}
	case name:
		return p.word()
	}
	return p.unexpected("a value: a property, text in single quotes, a number, a function or (")
}

// digits reads a number whose sign was read and stood at start.
func (p *parser) digits(sign string, start place) operand {
	t := p.tok
	p.advance()
	n, ok := parseNumber(sign + t.val)
	if !ok {
		p.fault(t.at, t.val, "the number is too large", "numbers go to 1.7E308")
	}
	return p.literal(n, p.since(start))
}

// parenthesised reads an expression or an array in parentheses. One value alone
// may be either; who asked tells.
func (p *parser) parenthesised() operand {
	start := p.tok.at
	p.advance()
	if p.accept(")") {
		return p.array(nil, p.since(start))
	}
	first := p.deep(p.or)
	if !p.tok.is(",") {
		p.expect(")")
		return operand{e: first.e, at: p.since(start), enclosed: first.enclosed + 1}
	}
	p.inList++
	defer func() { p.inList-- }()
	elems := []operand{p.one(first)}
	for p.accept(",") && !p.listFull(len(elems), p.tok.at) {
		elems = append(elems, p.one(p.deep(p.or)))
	}
	p.expect(")")
	return p.array(elems, p.since(start))
}

// one makes arrays of a single element of what stands in parentheses where an array
// or its element is meant: nothing else tells them from parentheses.
func (p *parser) one(o operand) operand {
	for range o.enclosed {
		o = p.array([]operand{o}, o.at)
	}
	return o
}

// word reads what begins with a name.
func (p *parser) word() operand {
	t := p.tok
	lower := lowerASCII(t.val)
	if reserved[lower] && lower != "true" && lower != "false" {
		return p.unexpected("a value; put a property of that name in double quotes")
	}
	p.advance()
	switch {
	case lower == "true" || lower == "false":
		return p.literal(Bool(lower == "true"), t.at)
	case geometryWords[lower] && (p.tok.is("(") || p.tok.word("Z") || p.tok.word("EMPTY")):
		g := p.tagged(lower, 0)
		return p.geometry(g, p.since(t.at))
	case !p.tok.is("("):
		return p.property(t.val, t.at)
	}
	switch lower {
	case "date", "timestamp":
		return p.instant(lower, t.at)
	case "interval":
		return p.intervalEnds(t.at)
	case "bbox":
		p.advance()
		n := p.numbers()
		p.expect(")")
		return p.box(n, p.since(t.at))
	}
	return p.arguments(t)
}

// arguments reads the arguments of a call and makes it.
func (p *parser) arguments(fn token) operand {
	arrays := arrayOps[lowerASCII(fn.val)] != "" || p.anyProperty && functionNamed(fn.val) == nil
	p.advance()
	var args []operand
	for first := true; first && !p.tok.is(")") || !first && p.accept(","); first = false {
		arg := p.deep(p.or)
		if arrays {
			arg = p.one(arg)
		}
		if p.listFull(len(args), arg.at) {
			break
		}
		args = append(args, arg)
	}
	p.expect(")")
	if p.stopped {
		return operand{e: unknown, at: fn.at}
	}
	return p.call(fn.val, args, p.since(fn.at))
}

// instant reads the rest of DATE('…') or TIMESTAMP('…').
func (p *parser) instant(word string, start place) operand {
	p.advance()
	t := p.tok
	if t.kind != text {
		return p.unexpected("the " + word + " in single quotes")
	}
	p.advance()
	p.expect(")")
	i, ok := parseInstant(t.val)
	if !ok || i.Day != (word == "date") {
		p.fault(t.at, t.val, "this is no "+word, instantMend(word))
	}
	return p.literal(i, p.since(start))
}

// instantMend says how a date or timestamp is written.
func instantMend(word string) string {
	if word == "date" {
		return "write it as YYYY-MM-DD"
	}
	return "write it as YYYY-MM-DDThh:mm:ssZ"
}

// intervalEnds reads the rest of INTERVAL(…, …).
func (p *parser) intervalEnds(start place) operand {
	p.advance()
	var ends [2]operand
	ends[0] = p.end()
	p.expect(",")
	ends[1] = p.end()
	p.expect(")")
	if p.stopped {
		return operand{e: unknown, at: start}
	}
	return p.interval(ends, p.since(start))
}

// end reads an instantParameter.
func (p *parser) end() operand {
	t := p.tok
	if t.kind != text {
		return p.deep(p.primary)
	}
	p.advance()
	if t.val == ".." {
		return operand{at: t.at}
	}
	i, ok := parseInstant(t.val)
	if !ok {
		p.fault(t.at, t.val, "this is no date or timestamp", "write '2022-09-14', '2022-09-14T00:00:00Z' or '..' for open")
	}
	return p.literal(i, t.at)
}

// numbers reads signed numbers with commas between them.
func (p *parser) numbers() []float64 {
	ns := []float64{p.signed()}
	for p.accept(",") {
		ns = append(ns, p.signed())
	}
	return ns
}

// signed reads a signedNumericLiteral.
func (p *parser) signed() float64 {
	sign := 1.0
	if p.accept("-") {
		sign = -1
	} else {
		p.accept("+")
	}
	t := p.tok
	if t.kind != digits {
		p.unexpected("a number")
		return 0
	}
	p.advance()
	n, ok := parseNumber(t.val)
	if !ok {
		p.fault(t.at, t.val, "the number is too large", "numbers go to 1.7E308")
	}
	return sign * n.Float
}
