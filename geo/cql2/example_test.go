package cql2_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

func Example() {
	schema := &geo.Schema{Fields: []geo.Field{
		{Name: "place", Type: geo.String, Queryable: true},
		{Name: "killed_high", Type: geo.Integer, Queryable: true},
	}}
	filter, err := cql2.ParseText("killed_high > 0 and S_INTERSECTS(geometry, BBOX(69, 39, 71, 41))", schema)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cql2.Format(filter))
	fmt.Println(string(cql2.FormatJSON(filter)))
	f := &geo.Feature{Geometry: orb.Point{70.5, 39.9}, Values: []geo.Value{geo.StringValue("Ak-Sai"), geo.IntValue(2)}}
	fmt.Println(cql2.Compile(filter).Match(f))
	// Output:
	// killed_high > 0 AND S_INTERSECTS(geometry, BBOX(69, 39, 71, 41))
	// {"op":"and","args":[{"op":"\u003e","args":[{"property":"killed_high"},0]},{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[69,39,71,41]}]}]}
	// true
}

func ExampleParseText_faults() {
	schema := &geo.Schema{Fields: []geo.Field{{Name: "killed_high", Type: geo.Integer, Queryable: true}}}
	_, err := cql2.ParseText("kiled_high > 0 AND killed_high = 'two'", schema)
	fmt.Println(err)
	// Output:
	// line 1, column 1, character 1: there is no such property to ask for (found "kiled_high"); did you mean killed_high? The properties are geometry, killed_high
	// line 1, column 34, character 34: a string cannot be compared with a number (found "'two'"); it must be a number
}

func ExampleBounds() {
	schema := &geo.Schema{Fields: []geo.Field{
		{Name: "start", Type: geo.Date, Queryable: true},
		{Name: "end", Type: geo.Date, Queryable: true},
	}}
	filter, err := cql2.ParseText(`T_INTERSECTS(INTERVAL(start, end), INTERVAL('2022-09-14', '2022-09-17'))
		AND S_WITHIN(geometry, BBOX(69, 39, 71, 41))`, schema)
	if err != nil {
		fmt.Println(err)
		return
	}
	hint := cql2.Bounds(filter, 0)
	when := hint.Span("start", "end")
	fmt.Println(hint.Boxes, when.From.Format("2006-01-02"), when.To.Format("2006-01-02"))
	// Output:
	// [{69 39 71 41}] 2022-09-14 2022-09-18
}
