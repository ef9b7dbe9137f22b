package cql2_test

import (
	"math"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/cql2"
)

// The generators draw trees and features from so few values that they often match.

var (
	words    = []string{"", "a", "b", "Ab", "aB%", "a_b", `\`, `a\'`, "'", `\\''`, "ö", "Ҷанг", "ҷанг", "ё", "straße", "STRASSE", "é", "e\u0301"}
	patterns = []string{"", "%", "_", "a%", "%b", "a_b", `a\_b`, `a\%`, "%a%b%", "_%_", `\`, "ҷ%", "%ss%"}
	days     = []string{"2022-09-13", "2022-09-14", "2022-09-16", "2022-09-17", "0000-01-01", "9999-12-31"}
	instants = []string{"2022-09-14T00:00:00Z", "2022-09-14T10:00:00Z", "2022-09-16T23:59:59Z", "2022-09-17T00:00:00.5Z"}
	lists    = [][]string{{"kg"}, {"tj"}, {"kg", "tj"}, {"kg", "tj", "uz"}}
)

// drawNumber draws a number that is often small, sometimes hard.
func drawNumber(t *rapid.T) cql2.Number {
	return rapid.OneOf(
		rapid.Map(rapid.Int64Range(-3, 5), cql2.WholeOf),
		rapid.Map(rapid.SampledFrom([]int64{1 << 53, 1<<53 + 1, math.MaxInt64, math.MinInt64}), cql2.WholeOf),
		rapid.Map(rapid.SampledFrom([]float64{0.5, -1.5, 1 << 53, 1 << 60, 1e300, 1e-300, 2.0}), cql2.NumberOf),
		rapid.Map(rapid.Float64Range(-1e6, 1e6), cql2.NumberOf),
	).Draw(t, "number")
}

func drawInstant(t *rapid.T) cql2.Instant {
	if rapid.Bool().Draw(t, "day") {
		d, _ := time.Parse(time.DateOnly, rapid.SampledFrom(days).Draw(t, "date"))
		return cql2.Instant{Seconds: d.Unix(), Day: true}
	}
	at, _ := time.Parse(time.RFC3339, rapid.SampledFrom(instants).Draw(t, "timestamp"))
	return cql2.Instant{Seconds: at.Unix(), Nanos: int32(at.Nanosecond())}
}

// property returns a property of testSchema.
func property(name string) cql2.Property {
	if name == "geometry" {
		return cql2.Property{Name: name, Type: cql2.GeometryType, Field: -1}
	}
	sc := testSchema()
	i := sc.Index(name)
	types := map[geo.Type]cql2.Type{
		geo.String: cql2.StringType, geo.Integer: cql2.NumberType, geo.Number: cql2.NumberType, geo.Boolean: cql2.BooleanType,
		geo.Date: cql2.InstantType, geo.DateTime: cql2.InstantType, geo.StringList: cql2.ArrayType,
	}
	return cql2.Property{Name: name, Type: types[sc.Fields[i].Type], Field: i}
}

func drawProperty(t *rapid.T, names ...string) cql2.Expr {
	return property(rapid.SampledFrom(names).Draw(t, "property"))
}

// oneOf draws one of the ways to make an expression.
func oneOf(t *rapid.T, ways ...func(*rapid.T) cql2.Expr) cql2.Expr {
	return ways[rapid.IntRange(0, len(ways)-1).Draw(t, "way")](t)
}

func drawNumeric(t *rapid.T, depth int) cql2.Expr {
	literal := func(t *rapid.T) cql2.Expr { return drawNumber(t) }
	prop := func(t *rapid.T) cql2.Expr { return drawProperty(t, "killed_high", "killed_low", "uncertainty_km") }
	if depth == 0 {
		return oneOf(t, literal, prop, prop)
	}
	return oneOf(t, literal, prop, prop, func(t *rapid.T) cql2.Expr {
		op := rapid.SampledFrom([]cql2.ArithOp{"+", "-", "*", "/", "%", "div", "^"}).Draw(t, "op")
		return cql2.Arith{Op: op, Left: drawNumeric(t, depth-1), Right: drawNumeric(t, depth-1)}
	}, func(t *rapid.T) cql2.Expr {
		return cql2.Call{Name: "distance_m", Args: []cql2.Expr{drawShape(t), drawShape(t)}}
	}, func(t *rapid.T) cql2.Expr {
		name := rapid.SampledFrom([]string{"length_m", "area_m2"}).Draw(t, "measure")
		return cql2.Call{Name: name, Args: []cql2.Expr{drawShape(t)}}
	})
}

func drawText(t *rapid.T, depth int) cql2.Expr {
	literal := func(t *rapid.T) cql2.Expr { return cql2.String(rapid.SampledFrom(words).Draw(t, "text")) }
	prop := func(t *rapid.T) cql2.Expr { return drawProperty(t, "id", "title", "in") }
	if depth == 0 {
		return oneOf(t, literal, prop)
	}
	return oneOf(t, literal, prop,
		func(t *rapid.T) cql2.Expr { return cql2.CaseI{Arg: drawText(t, depth-1)} },
		func(t *rapid.T) cql2.Expr { return cql2.AccentI{Arg: drawText(t, depth-1)} })
}

func drawPattern(t *rapid.T) cql2.Expr {
	var p cql2.Expr = cql2.String(rapid.SampledFrom(patterns).Draw(t, "pattern"))
	if rapid.Bool().Draw(t, "casei") {
		p = cql2.CaseI{Arg: p}
	}
	if rapid.Bool().Draw(t, "accenti") {
		p = cql2.AccentI{Arg: p}
	}
	return p
}

func drawTime(t *rapid.T) cql2.Expr {
	return oneOf(t,
		func(t *rapid.T) cql2.Expr { return drawInstant(t) },
		func(t *rapid.T) cql2.Expr { return drawProperty(t, "start", "end", "reported") })
}

func drawSpan(t *rapid.T) cql2.Expr {
	return oneOf(t, drawTime, func(t *rapid.T) cql2.Expr {
		a, b := drawTime(t), drawTime(t)
		from, ok1 := a.(cql2.Instant)
		to, ok2 := b.(cql2.Instant)
		if ok1 && ok2 && from.Time().After(to.Time()) {
			a, b = b, a
		}
		iv := cql2.Interval{From: a, To: b}
		switch rapid.IntRange(0, 5).Draw(t, "open") {
		case 0:
			iv.From = nil
		case 1:
			iv.To = nil
		}
		return iv
	})
}

// drawPosition draws from a coarse grid, so that things touch.
func drawPosition(t *rapid.T) orb.Point {
	return orb.Point{float64(rapid.IntRange(-6, 6).Draw(t, "lon")), float64(rapid.IntRange(-6, 6).Draw(t, "lat"))}
}

// drawGeometry draws a valid geometry of less than 90 degrees, sometimes far north,
// where edges bend.
func drawGeometry(t *rapid.T) orb.Geometry {
	p, q := drawPosition(t), drawPosition(t)
	scale := func(p orb.Point) orb.Point { return p }
	if rapid.IntRange(0, 3).Draw(t, "north") == 0 {
		scale = func(p orb.Point) orb.Point { return orb.Point{p[0] * 7, p[1] + 70} }
	}
	p, q = scale(p), scale(q)
	if p[0] == q[0] || p[1] == q[1] {
		return p
	}
	bound := orb.MultiPoint{p, q}.Bound()
	switch rapid.IntRange(0, 6).Draw(t, "shape") {
	case 0:
		return orb.LineString{p, q}
	case 1:
		return bound.ToPolygon()
	case 2:
		return orb.Polygon{{p, q, {q[0], p[1]}, p}}
	case 3:
		return orb.MultiPoint{p, q}
	case 4:
		return orb.Collection{p, orb.LineString{q, {p[0], q[1]}}}
	case 5:
		return orb.MultiPoint{}
	}
	return p
}

func drawBox(t *rapid.T) cql2.Expr {
	p, q := drawPosition(t), drawPosition(t)
	return cql2.Box{BBox: geo.BBox{West: p[0], East: q[0], South: min(p[1], q[1]), North: max(p[1], q[1])}}
}

func drawShape(t *rapid.T) cql2.Expr {
	prop := func(*rapid.T) cql2.Expr { return property("geometry") }
	return oneOf(t, prop, prop, drawBox, func(t *rapid.T) cql2.Expr { return cql2.Geometry{Shape: drawGeometry(t)} })
}

func drawArray(t *rapid.T) cql2.Expr {
	return oneOf(t,
		func(*rapid.T) cql2.Expr { return property("parties") },
		func(t *rapid.T) cql2.Expr {
			var a cql2.Array
			a.Elems = []cql2.Expr{}
			for range rapid.IntRange(0, 3).Draw(t, "elements") {
				a.Elems = append(a.Elems, oneOf(t,
					func(t *rapid.T) cql2.Expr {
						return cql2.String(rapid.SampledFrom([]string{"kg", "tj", "uz"}).Draw(t, "party"))
					},
					func(t *rapid.T) cql2.Expr {
						return cql2.String(rapid.SampledFrom([]string{"kg", "tj", "uz"}).Draw(t, "party"))
					},
					func(t *rapid.T) cql2.Expr { return drawNumeric(t, 1) },
					func(t *rapid.T) cql2.Expr { return drawSpan(t) },
					func(t *rapid.T) cql2.Expr { return cql2.Array{Elems: []cql2.Expr{drawText(t, 0)}} }))
			}
			return a
		})
}

// drawFilter draws a predicate.
func drawFilter(t *rapid.T, depth int) cql2.Expr {
	if depth > 0 {
		switch rapid.IntRange(0, 5).Draw(t, "node") {
		case 0:
			return cql2.Not{Arg: drawFilter(t, depth-1)}
		case 1:
			return cql2.And{Args: drawOperands(t, depth, func(e cql2.Expr) bool { _, ok := e.(cql2.And); return ok })}
		case 2:
			return cql2.Or{Args: drawOperands(t, depth, func(e cql2.Expr) bool { _, ok := e.(cql2.Or); return ok })}
		}
	}
	return drawLeaf(t, depth)
}

func drawOperands(t *rapid.T, depth int, same func(cql2.Expr) bool) []cql2.Expr {
	var es []cql2.Expr
	for range rapid.IntRange(2, 3).Draw(t, "operands") {
		e := drawFilter(t, depth-1)
		if same(e) {
			e = cql2.Not{Arg: e}
		}
		es = append(es, e)
	}
	return es
}

var compareOps = []cql2.CompareOp{"=", "<>", "<", ">", "<=", ">="}

func drawLeaf(t *rapid.T, depth int) cql2.Expr {
	op := rapid.SampledFrom(compareOps).Draw(t, "op")
	switch rapid.IntRange(0, 11).Draw(t, "leaf") {
	case 0:
		return cql2.Compare{Op: op, Left: drawNumeric(t, 2), Right: drawNumeric(t, 1)}
	case 1:
		return cql2.Compare{Op: op, Left: drawText(t, 2), Right: drawText(t, 2)}
	case 2:
		return cql2.Compare{Op: op, Left: drawTime(t), Right: drawTime(t)}
	case 3:
		return cql2.Like{Arg: drawText(t, 2), Pattern: drawPattern(t)}
	case 4:
		if rapid.Bool().Draw(t, "times") {
			return cql2.Between{Arg: drawTime(t), Low: drawTime(t), High: drawTime(t)}
		}
		return cql2.Between{Arg: drawNumeric(t, 1), Low: drawNumeric(t, 1), High: drawNumeric(t, 1)}
	case 5:
		return drawIn(t)
	case 6:
		ops := []cql2.SpatialOp{cql2.SIntersects, cql2.SEquals, cql2.SDisjoint, cql2.STouches, cql2.SWithin, cql2.SOverlaps, cql2.SCrosses, cql2.SContains}
		return cql2.Spatial{Op: rapid.SampledFrom(ops).Draw(t, "spatial"), Left: drawShape(t), Right: drawShape(t)}
	case 7:
		ops := []cql2.TemporalOp{"t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedBy", "t_finishes",
			"t_intersects", "t_meets", "t_metBy", "t_overlappedBy", "t_overlaps", "t_startedBy", "t_starts"}
		return cql2.Temporal{Op: rapid.SampledFrom(ops).Draw(t, "temporal"), Left: drawSpan(t), Right: drawSpan(t)}
	case 8:
		ops := []cql2.ArrayOp{cql2.AEquals, cql2.AContains, cql2.AContainedBy, cql2.AOverlaps}
		return cql2.ArrayCompare{Op: rapid.SampledFrom(ops).Draw(t, "array"), Left: drawArray(t), Right: drawArray(t)}
	case 9:
		var metres cql2.Expr = cql2.NumberOf(float64(rapid.IntRange(-1, 40).Draw(t, "km")) * 100_000)
		if rapid.Bool().Draw(t, "each its own distance") {
			metres = drawNumeric(t, 1)
		}
		return cql2.Call{Name: "dwithin", Args: []cql2.Expr{drawShape(t), drawShape(t), metres}}
	case 10:
		if depth > 0 && rapid.Bool().Draw(t, "compare predicates") {
			return cql2.Compare{Op: op, Left: drawFilter(t, depth-1), Right: cql2.Bool(rapid.Bool().Draw(t, "truth"))}
		}
		return oneOf(t, func(*rapid.T) cql2.Expr { return property("disputed") },
			func(t *rapid.T) cql2.Expr { return cql2.Bool(rapid.Bool().Draw(t, "truth")) })
	}
	return cql2.IsNull{Arg: drawProperty(t, "title", "killed_high", "disputed", "start", "parties", "geometry")}
}

func drawIn(t *rapid.T) cql2.Expr {
	draw := rapid.SampledFrom([]func(*rapid.T) cql2.Expr{
		func(t *rapid.T) cql2.Expr { return drawNumeric(t, 0) },
		func(t *rapid.T) cql2.Expr { return drawText(t, 1) }, drawTime,
	}).Draw(t, "type")
	in := cql2.In{Arg: draw(t)}
	for range rapid.IntRange(1, 4).Draw(t, "members") {
		in.List = append(in.List, draw(t))
	}
	return in
}

// drawFeature draws a feature of testSchema, in which a third of the values is null.
func drawFeature(t *rapid.T) *geo.Feature {
	f := &geo.Feature{Values: make([]geo.Value, len(testSchema().Fields))}
	for i, field := range testSchema().Fields {
		if rapid.IntRange(0, 2).Draw(t, "null") > 0 {
			f.Values[i] = drawValue(t, field.Type)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "null") > 0 {
		f.Geometry = drawGeometry(t)
	}
	return f
}

func drawValue(t *rapid.T, typ geo.Type) geo.Value {
	switch typ {
	case geo.Integer:
		n := drawNumber(t)
		return geo.IntValue(n.Int)
	case geo.Number:
		return geo.NumberValue(drawNumber(t).Float)
	case geo.Boolean:
		return geo.BoolValue(rapid.Bool().Draw(t, "bool"))
	case geo.Date:
		return geo.DateValue(drawInstant(t).Time())
	case geo.DateTime:
		return geo.DateTimeValue(drawInstant(t).Time())
	case geo.StringList:
		return geo.ListValue(rapid.SampledFrom(lists).Draw(t, "list"))
	}
	return geo.StringValue(rapid.SampledFrom(words).Draw(t, "string"))
}
