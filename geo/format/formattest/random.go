package formattest

import (
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
)

// Schema returns a schema that has a field of every type.
func Schema() *geo.Schema {
	return &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "title", Type: geo.String}, {Name: "место", Type: geo.String},
		{Name: "killed_low", Type: geo.Integer}, {Name: "uncertainty_km", Type: geo.Number},
		{Name: "confirmed", Type: geo.Boolean}, {Name: "start", Type: geo.Date},
		{Name: "recorded", Type: geo.DateTime}, {Name: "parties", Type: geo.StringList},
	}}
}

// Text draws strings, those that are hard on formats often.
func Text() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", " ", "'", "''=1", "=1+1", "' =1", "＝1", "-71.5", "\t=1", "a\r\n=1", "\"", `a","b`, "null", "NULL", "true",
		"Ворух, Исфара", "Боз-Адыр", "Кӯлоби ҷӯй", "Өзгөн, Ысык-Көл", "日本", "a;=1", "🕊", "e\u0301", "<b>&amp;</b>", "]]>",
	}))
}

// value draws a value of the type or null.
func value(t geo.Type) *rapid.Generator[geo.Value] {
	seconds := rapid.Int64Range(-2_000_000_000, 4_000_000_000)
	return rapid.Custom(func(r *rapid.T) geo.Value {
		if rapid.IntRange(0, 3).Draw(r, "null") == 0 {
			return geo.Null()
		}
		switch t {
		case geo.Integer:
			return geo.IntValue(rapid.Int64().Draw(r, "int"))
		case geo.Number:
			return geo.NumberValue(rapid.Float64().Draw(r, "number"))
		case geo.Boolean:
			return geo.BoolValue(rapid.Bool().Draw(r, "bool"))
		case geo.Date:
			return geo.DateValue(time.Unix(seconds.Draw(r, "day"), 0))
		case geo.DateTime:
			return geo.DateTimeValue(time.Unix(seconds.Draw(r, "instant"), 0))
		case geo.StringList:
			return geo.ListValue(rapid.SliceOfN(Text(), 0, 4).Draw(r, "list"))
		}
		return geo.StringValue(Text().Draw(r, "text"))
	})
}

// shape draws a geometry, or nil.
func shape() *rapid.Generator[orb.Geometry] {
	return rapid.Custom(func(r *rapid.T) orb.Geometry {
		position := func() orb.Point {
			return orb.Point{rapid.Float64Range(66, 76).Draw(r, "lon"), rapid.Float64Range(36, 43).Draw(r, "lat")}
		}
		a, b, c := position(), position(), position()
		ring := orb.Ring{a, b, c, a}
		return rapid.SampledFrom([]orb.Geometry{
			nil, a, orb.MultiPoint{a, b}, orb.LineString{a, b, c}, orb.MultiLineString{{a, b}, {b, c}},
			orb.Polygon{ring}, orb.MultiPolygon{{ring}, {ring}}, orb.Collection{a, orb.LineString{a, b}},
		}).Draw(r, "shape")
	})
}

// Features draws up to five features of the schema.
func Features(sc *geo.Schema) *rapid.Generator[[]geo.Feature] {
	return rapid.SliceOfN(rapid.Custom(func(r *rapid.T) geo.Feature {
		f := geo.Feature{ID: Text().Draw(r, "id"), Geometry: shape().Draw(r, "geometry")}
		for _, field := range sc.Fields {
			f.Values = append(f.Values, value(field.Type).Draw(r, field.Name))
		}
		return f
	}), 0, 5)
}
