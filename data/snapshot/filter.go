package snapshot

import (
	"demarc/geo"
	"demarc/geo/cql2"
)

// rowTest is a filter, or a part of one, for the rows of a part.
type rowTest func(row uint32) cql2.Truth

// compile returns what cql2.Eval says of e for the rows of the part. What looks at
// one property, or at the geometry, is asked of each value or site once. The test
// notes what it has found, so it is for one goroutine.
func (p *part) compile(e cql2.Expr) rowTest {
	switch e := e.(type) {
	case cql2.And:
		return all(p.compileEach(e.Args))
	case cql2.Or:
		tests := p.compileEach(e.Args)
		for i, t := range tests {
			tests[i] = contrary(t)
		}
		return contrary(all(tests))
	case cql2.Not:
		return contrary(p.compile(e.Arg))
	}
	fields, geometry := cql2.Reads(e)
	switch {
	case len(fields) == 1 && !geometry && p.column(fields[0]).coded:
		return p.compileCoded(e, fields[0])
	case len(fields) == 0 && geometry:
		return p.compileSpatial(e)
	}
	return p.compileRow(e, fields, geometry)
}

// compileEach compiles operands whose order does not matter, those first that are
// cheap to ask.
func (p *part) compileEach(es []cql2.Expr) []rowTest {
	var cheap, dear []rowTest
	for _, e := range es {
		if fields, geometry := cql2.Reads(e); geometry || len(fields) != 1 || !p.column(fields[0]).coded {
			dear = append(dear, p.compile(e))
		} else {
			cheap = append(cheap, p.compile(e))
		}
	}
	return append(cheap, dear...)
}

// all is AND; it asks no further once one is false.
func all(tests []rowTest) rowTest {
	return func(row uint32) cql2.Truth {
		t := cql2.True
		for _, ask := range tests {
			if t = min(t, ask(row)); t == cql2.False {
				return t
			}
		}
		return t
	}
}

// contrary is NOT.
func contrary(t rowTest) rowTest {
	return func(row uint32) cql2.Truth { return t(row).Not() }
}

// unasked stands in a table for what has not been asked yet.
const unasked = cql2.True + 1

// compileCoded asks e of each value of a coded column once.
func (p *part) compileCoded(e cql2.Expr, field int) rowTest {
	c := p.column(field)
	if ranges, ok := p.rangesOf(e); ok && len(ranges) == 1 && !ranges[0].null {
		low, high, null := ranges[0].low, ranges[0].high, c.nullCode()
		return func(row uint32) cql2.Truth {
			switch code := c.codes.at(row); {
			case code >= low && code < high:
				return cql2.True
			case code == null:
				return cql2.Unknown
			}
			return cql2.False
		}
	}
	f := geo.Feature{Values: make([]geo.Value, len(p.schema.Fields))}
	filter := cql2.Compile(e)
	return p.remember(&c.codes, len(c.dict)+1, func(code uint32) cql2.Truth {
		f.Values[field] = geo.Null()
		if code < c.nullCode() {
			f.Values[field] = c.dict[code]
		}
		return filter.Truth(&f)
	})
}

// mostRemembered is up to how many answers a filter notes: a byte each.
const mostRemembered = 1 << 18

// remember asks for each code once, if there are not too many of them.
func (p *part) remember(codes *codes, count int, ask func(code uint32) cql2.Truth) rowTest {
	if count > mostRemembered {
		return func(row uint32) cql2.Truth { return ask(codes.at(row)) }
	}
	known := make([]cql2.Truth, count)
	for i := range known {
		known[i] = unasked
	}
	return func(row uint32) cql2.Truth {
		code := codes.at(row)
		if known[code] == unasked {
			known[code] = ask(code)
		}
		return known[code]
	}
}

// compileSpatial asks e of each site once.
func (p *part) compileSpatial(e cql2.Expr) rowTest {
	filter := cql2.Compile(e)
	f := geo.Feature{}
	return p.remember(&p.sites.codes, len(p.sites.shapes)+1, func(site uint32) cql2.Truth {
		f.Geometry = p.sites.shape(site)
		return filter.Truth(&f)
	})
}

// compileRow asks e of the row with the properties that it looks at.
func (p *part) compileRow(e cql2.Expr, fields []int, geometry bool) rowTest {
	filter := cql2.Compile(e)
	f := geo.Feature{Values: make([]geo.Value, len(p.schema.Fields))}
	return func(row uint32) cql2.Truth {
		for _, i := range fields {
			f.Values[i] = p.value(i, row)
		}
		if geometry {
			f.Geometry = p.sites.shape(p.sites.codes.at(row))
		}
		return filter.Truth(&f)
	}
}
