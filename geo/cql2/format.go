package cql2

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Format returns the expression in canonical CQL2 text: keywords in upper case,
// names in double quotes only where they need them, parentheses only where they
// change the meaning. ParseText of it, with the same schema and options, returns an
// equal expression, if it is not longer than MaxText: a filter that was read from
// JSON, or without white space, can be.
func Format(e Expr) string {
	var w writer
	w.expr(e, atOr)
	return w.String()
}

// rank is how tightly an expression holds together.
type rank int

const (
	atOr rank = iota
	atAnd
	atNot
	atPredicate
	atSum
	atProduct
	atPower
	atPrimary
)

// rankOf returns the rank of an expression as Format writes it.
func rankOf(e Expr) rank {
	switch e := e.(type) {
	case Or:
		return atOr
	case And:
		return atAnd
	case Not:
		return atNot
	case Compare, Like, Between, In, IsNull:
		return atPredicate
	case Arith:
		switch e.Op {
		case Add, Subtract:
			return atSum
		case Power:
			return atPower
		}
		return atProduct
	}
	return atPrimary
}

type writer struct{ strings.Builder }

// expr writes e, in parentheses if it holds together less tightly than least.
func (w *writer) expr(e Expr, least rank) {
	if rankOf(e) < least {
		w.WriteByte('(')
		w.expr(e, atOr)
		w.WriteByte(')')
		return
	}
	switch e := e.(type) {
	case Or:
		w.list(e.Args, " OR ", atAnd)
	case And:
		w.list(e.Args, " AND ", atNot)
	case Not:
		w.not(e)
	case Compare:
		w.infix(e.Left, " "+string(e.Op)+" ", e.Right, atSum, atSum)
	case Like:
		w.infix(e.Arg, " LIKE ", e.Pattern, atSum, atPrimary)
	case Between:
		w.infix(e.Arg, " BETWEEN ", e.Low, atSum, atSum)
		w.WriteString(" AND ")
		w.expr(e.High, atSum)
	case In:
		w.expr(e.Arg, atSum)
		w.call(" IN ", e.List, atSum)
	case IsNull:
		w.expr(e.Arg, atSum)
		w.WriteString(" IS NULL")
	case Arith:
		w.arith(e)
	default:
		w.primary(e)
	}
}

// not writes NOT, within the predicate where the grammar has a place for it.
func (w *writer) not(e Not) {
	switch arg := e.Arg.(type) {
	case IsNull:
		w.expr(arg.Arg, atSum)
		w.WriteString(" IS NOT NULL")
	case Like:
		w.infix(arg.Arg, " NOT LIKE ", arg.Pattern, atSum, atPrimary)
	case In:
		w.expr(arg.Arg, atSum)
		w.call(" NOT IN ", arg.List, atSum)
	case Between:
		w.infix(arg.Arg, " NOT BETWEEN ", arg.Low, atSum, atSum)
		w.WriteString(" AND ")
		w.expr(arg.High, atSum)
	default:
		w.WriteString("NOT ")
		w.expr(arg, atPrimary)
	}
}

func (w *writer) infix(l Expr, op string, r Expr, left, right rank) {
	w.expr(l, left)
	w.WriteString(op)
	w.expr(r, right)
}

// arith writes operators that go from the left, and powers that do not chain.
func (w *writer) arith(e Arith) {
	left, right := rankOf(e), rankOf(e)+1
	if e.Op == Power {
		left = atPrimary
	}
	w.infix(e.Left, " "+string(e.Op)+" ", e.Right, left, right)
}

func (w *writer) list(es []Expr, between string, least rank) {
	for i, e := range es {
		if i > 0 {
			w.WriteString(between)
		}
		w.expr(e, least)
	}
}

func (w *writer) call(name string, args []Expr, least rank) {
	w.WriteString(name)
	w.WriteByte('(')
	w.list(args, ", ", least)
	w.WriteByte(')')
}

// primary writes functions, properties and literals.
func (w *writer) primary(e Expr) {
	switch e := e.(type) {
	case Spatial:
		w.call(strings.ToUpper(string(e.Op)), []Expr{e.Left, e.Right}, atOr)
	case Temporal:
		w.call(strings.ToUpper(string(e.Op)), []Expr{e.Left, e.Right}, atOr)
	case ArrayCompare:
		w.call(strings.ToUpper(string(e.Op)), []Expr{e.Left, e.Right}, atOr)
	case CaseI:
		w.call("CASEI", []Expr{e.Arg}, atOr)
	case AccentI:
		w.call("ACCENTI", []Expr{e.Arg}, atOr)
	case Call:
		w.call(e.Name, e.Args, atOr)
	case FeatureOf:
		w.call("feature", []Expr{String(e.Collection), String(e.ID)}, atOr)
	case Property:
		w.name(e.Name)
	case Bool:
		w.WriteString(strings.ToUpper(strconv.FormatBool(bool(e))))
	case String:
		w.text(string(e))
	case Number:
		w.WriteString(e.String())
	case Instant:
		w.WriteString(map[bool]string{true: "DATE('", false: "TIMESTAMP('"}[e.Day] + e.String() + "')")
	case Interval:
		w.WriteString("INTERVAL(")
		w.end(e.From)
		w.WriteString(", ")
		w.end(e.To)
		w.WriteByte(')')
	case Geometry:
		w.geometry(e.Shape)
	case Box:
		w.WriteString("BBOX")
		w.coordinates(", ", e.West, e.South, e.East, e.North)
	case Array:
		w.call("", e.Elems, atOr)
	}
}

func (w *writer) end(e Expr) {
	switch e := e.(type) {
	case nil:
		w.WriteString("'..'")
	case Instant:
		w.WriteString("'" + e.String() + "'")
	default:
		w.expr(e, atPrimary)
	}
}

// name writes a name, in double quotes unless it reads as a property without.
func (w *writer) name(s string) {
	l := lexer{src: s}
	if t, _, _ := l.next(); t.kind == name && t.val == s && !reserved[lowerASCII(s)] {
		w.WriteString(s)
		return
	}
	w.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
}

// text writes a character literal; see lexer.literal for the backslashes.
func (w *writer) text(s string) {
	w.WriteByte('\'')
	run := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			run++
		case '\'':
			w.WriteString(strings.Repeat(`\`, run) + "'")
			run = 0
		default:
			if controls[s[i]] != "" {
				w.WriteString(strings.Repeat(`\`, run))
			}
			run = 0
		}
		w.WriteByte(s[i])
	}
	w.WriteString(strings.Repeat(`\`, run) + "'")
}

// coordinates writes numbers in parentheses.
func (w *writer) coordinates(between string, ns ...float64) {
	w.WriteByte('(')
	for i, n := range ns {
		if i > 0 {
			w.WriteString(between)
		}
		w.float(n)
	}
	w.WriteByte(')')
}

func (w *writer) float(f float64) { w.WriteString(number(f).String()) }

// geometry writes WKT.
func (w *writer) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		w.WriteString("POINT")
		w.coordinates(" ", g[0], g[1])
	case orb.MultiPoint:
		w.WriteString("MULTIPOINT")
		wktList(w, g, func(p orb.Point) { w.coordinates(" ", p[0], p[1]) })
	case orb.LineString:
		w.WriteString("LINESTRING")
		w.line(g)
	case orb.MultiLineString:
		w.WriteString("MULTILINESTRING")
		wktList(w, g, w.line)
	case orb.Polygon:
		w.WriteString("POLYGON")
		w.polygon(g)
	case orb.MultiPolygon:
		w.WriteString("MULTIPOLYGON")
		wktList(w, g, w.polygon)
	case orb.Collection:
		w.WriteString("GEOMETRYCOLLECTION")
		wktList(w, g, w.geometry)
	}
}

func (w *writer) polygon(g orb.Polygon) {
	wktList(w, g, func(r orb.Ring) { w.line(orb.LineString(r)) })
}

func (w *writer) line(g orb.LineString) {
	wktList(w, g, func(p orb.Point) {
		w.float(p[0])
		w.WriteByte(' ')
		w.float(p[1])
	})
}

// wktList writes what elements have in parentheses, or EMPTY.
func wktList[S ~[]E, E any](w *writer, s S, write func(E)) {
	if len(s) == 0 {
		w.WriteString(" EMPTY")
		return
	}
	w.WriteByte('(')
	for i, e := range s {
		if i > 0 {
			w.WriteString(", ")
		}
		write(e)
	}
	w.WriteByte(')')
}
