package cql2_test

import "demarc/geo"

// testSchema is the schema of most tests: a property of each type, and one that may
// not be asked for.
func testSchema() *geo.Schema {
	return &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "id", Type: geo.String, Queryable: true},
		{Name: "title", Type: geo.String, Queryable: true},
		{Name: "killed_high", Type: geo.Integer, Queryable: true},
		{Name: "killed_low", Type: geo.Integer, Queryable: true},
		{Name: "uncertainty_km", Type: geo.Number, Queryable: true},
		{Name: "disputed", Type: geo.Boolean, Queryable: true},
		{Name: "start", Type: geo.Date, Queryable: true},
		{Name: "end", Type: geo.Date, Queryable: true},
		{Name: "reported", Type: geo.DateTime, Queryable: true},
		{Name: "parties", Type: geo.StringList, Queryable: true},
		{Name: "draft_note", Type: geo.String},
		{Name: "in", Type: geo.String, Queryable: true},
	}}
}
