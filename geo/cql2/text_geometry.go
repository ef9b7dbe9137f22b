package cql2

import (
	"fmt"

	"github.com/paulmach/orb"
)

// geometryWords are the keywords of geometry literals in lower case (OGC 06-103r4
// §7.2, rules geometryLiteral and geometryCollectionTaggedText).
var geometryWords = map[string]bool{
	"point": true, "linestring": true, "polygon": true, "multipoint": true,
	"multilinestring": true, "multipolygon": true, "geometrycollection": true,
}

// tagged reads what follows a geometry's keyword. members counts the collections
// round it.
func (p *parser) tagged(word string, members int) orb.Geometry {
	p.keyword("Z")
	switch word {
	case "point":
		if p.keyword("EMPTY") {
			return orb.MultiPoint{}
		}
		p.expect("(")
		v := p.position()
		p.expect(")")
		return v
	case "linestring":
		return p.lineText()
	case "polygon":
		return p.polygon()
	case "multipoint":
		return p.multiPoint()
	case "multilinestring":
		g := orb.MultiLineString{}
		p.each(func() { g = append(g, p.lineText()) })
		return g
	case "multipolygon":
		g := orb.MultiPolygon{}
		p.each(func() { g = append(g, p.polygon()) })
		return g
	}
	return p.collection(members)
}

// each reads EMPTY, or parentheses with things between commas.
func (p *parser) each(read func()) {
	if p.keyword("EMPTY") {
		return
	}
	p.expect("(")
	read()
	for p.accept(",") {
		read()
	}
	p.expect(")")
}

// position reads lon, lat and drops a height.
func (p *parser) position() orb.Point {
	start := p.tok.at
	lon, lat := p.signed(), p.signed()
	if p.tok.kind == digits || p.tok.is("-") || p.tok.is("+") {
		p.signed()
	}
	return p.vertex(lon, lat, p.since(start))
}

func (p *parser) positions() []orb.Point {
	ps := []orb.Point{}
	p.each(func() { ps = append(ps, p.position()) })
	return ps
}

func (p *parser) lineText() orb.LineString {
	start := p.tok.at
	ps := p.positions()
	return p.line(ps, p.since(start))
}

func (p *parser) polygon() orb.Polygon {
	g := orb.Polygon{}
	p.each(func() {
		start := p.tok.at
		if r := p.ring(p.positions(), start); len(r) > 0 {
			g = append(g, r)
		}
	})
	return g
}

// multiPoint accepts positions with and without parentheses: both are in use.
func (p *parser) multiPoint() orb.Geometry {
	g := orb.MultiPoint{}
	p.each(func() {
		switch {
		case p.keyword("EMPTY"):
		case p.accept("("):
			g = append(g, p.position())
			p.expect(")")
		default:
			g = append(g, p.position())
		}
	})
	return g
}

func (p *parser) collection(members int) orb.Geometry {
	g := orb.Collection{}
	if members == maxMembers {
		p.stop(p.tok.at, "", fmt.Sprintf("collections nest deeper than %d levels", maxMembers), "flatten them")
		return g
	}
	p.each(func() {
		t := p.tok
		word := lowerASCII(t.val)
		if t.kind != name || !geometryWords[word] {
			p.unexpected("a geometry, such as POINT(70.5 39.9)")
			return
		}
		p.advance()
		g = append(g, p.tagged(word, members+1))
	})
	return g
}
