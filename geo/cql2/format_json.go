package cql2

import (
	"strconv"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// FormatJSON returns the expression in CQL2 JSON, without white space. ParseJSON of
// it, with the same schema and options, returns an equal expression.
func FormatJSON(e Expr) []byte { return appendJSON(nil, e) }

func appendJSON(dst []byte, e Expr) []byte {
	switch e := e.(type) {
	case And:
		return appendOp(dst, "and", e.Args...)
	case Or:
		return appendOp(dst, "or", e.Args...)
	case Not:
		return appendOp(dst, "not", e.Arg)
	case Compare:
		return appendOp(dst, string(e.Op), e.Left, e.Right)
	case Like:
		return appendOp(dst, "like", e.Arg, e.Pattern)
	case Between:
		return appendOp(dst, "between", e.Arg, e.Low, e.High)
	case In:
		return appendOp(dst, "in", e.Arg, Array{e.List})
	case IsNull:
		return appendOp(dst, "isNull", e.Arg)
	case Spatial:
		return appendOp(dst, string(e.Op), e.Left, e.Right)
	case Temporal:
		return appendOp(dst, string(e.Op), e.Left, e.Right)
	case ArrayCompare:
		return appendOp(dst, string(e.Op), e.Left, e.Right)
	case Arith:
		return appendOp(dst, string(e.Op), e.Left, e.Right)
	case CaseI:
		return appendOp(dst, "casei", e.Arg)
	case AccentI:
		return appendOp(dst, "accenti", e.Arg)
	case Call:
		return appendOp(dst, e.Name, e.Args...)
	case FeatureOf:
		return appendOp(dst, "feature", String(e.Collection), String(e.ID))
	}
	return appendJSONLiteral(dst, e)
}

// appendOp appends an operator with its arguments.
func appendOp(dst []byte, op string, args ...Expr) []byte {
	dst = append(dst, `{"op":`...)
	dst = geo.AppendJSONString(dst, op)
	dst = append(dst, `,"args":`...)
	dst = appendElems(dst, args, appendJSON)
	return append(dst, '}')
}

func appendElems[S ~[]E, E any](dst []byte, s S, one func([]byte, E) []byte) []byte {
	dst = append(dst, '[')
	for i, e := range s {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, e)
	}
	return append(dst, ']')
}

// appendJSONLiteral appends properties and literals.
func appendJSONLiteral(dst []byte, e Expr) []byte {
	switch e := e.(type) {
	case Property:
		return append(geo.AppendJSONString(append(dst, `{"property":`...), e.Name), '}')
	case Bool:
		return strconv.AppendBool(dst, bool(e))
	case String:
		return geo.AppendJSONString(dst, string(e))
	case Number:
		return append(dst, e.String()...)
	case Instant:
		word := "timestamp"
		if e.Day {
			word = "date"
		}
		return append(append(dst, `{"`+word+`":"`+e.String()...), `"}`...)
	case Interval:
		dst = append(dst, `{"interval":[`...)
		dst = append(appendEnd(dst, e.From), ',')
		return append(appendEnd(dst, e.To), `]}`...)
	case Geometry:
		return appendGeometry(dst, e.Shape)
	case Box:
		dst = append(dst, `{"bbox":`...)
		dst = appendElems(dst, []float64{e.West, e.South, e.East, e.North}, appendFloat)
		return append(dst, '}')
	case Array:
		return appendElems(dst, e.Elems, appendJSON)
	}
	return append(dst, "null"...)
}

func appendEnd(dst []byte, e Expr) []byte {
	switch e := e.(type) {
	case nil:
		return append(dst, `".."`...)
	case Instant:
		return append(dst, `"`+e.String()+`"`...)
	}
	return appendJSON(dst, e)
}

func appendFloat(dst []byte, f float64) []byte { return append(dst, number(f).String()...) }

func appendPosition(dst []byte, p orb.Point) []byte { return appendElems(dst, p[:], appendFloat) }

func appendLine(dst []byte, l orb.LineString) []byte { return appendElems(dst, l, appendPosition) }

func appendRing(dst []byte, r orb.Ring) []byte { return appendElems(dst, r, appendPosition) }

func appendPolygon(dst []byte, p orb.Polygon) []byte { return appendElems(dst, p, appendRing) }

// appendGeometry appends GeoJSON (RFC 7946 §3.1).
func appendGeometry(dst []byte, g orb.Geometry) []byte {
	what := "coordinates"
	if _, ok := g.(orb.Collection); ok {
		what = "geometries"
	}
	dst = append(dst, `{"type":"`+g.GeoJSONType()+`","`+what+`":`...)
	switch g := g.(type) {
	case orb.Collection:
		dst = appendElems(dst, g, appendGeometry)
	case orb.Point:
		dst = appendPosition(dst, g)
	case orb.MultiPoint:
		dst = appendElems(dst, g, appendPosition)
	case orb.LineString:
		dst = appendLine(dst, g)
	case orb.MultiLineString:
		dst = appendElems(dst, g, appendLine)
	case orb.Polygon:
		dst = appendPolygon(dst, g)
	case orb.MultiPolygon:
		dst = appendElems(dst, g, appendPolygon)
	}
	return append(dst, '}')
}
