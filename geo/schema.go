package geo

import "github.com/paulmach/orb"

// Type is the type of a field's values.
type Type uint8

// The types of a field. Date is a calendar day written YYYY-MM-DD; DateTime
// an instant written as in RFC 3339; StringList a list of strings.
const (
	String Type = iota
	Integer
	Number
	Boolean
	Date
	DateTime
	StringList
)

// String returns the type's name as used in documents for people.
func (t Type) String() string {
	return [...]string{"string", "integer", "number", "boolean", "date", "date-time", "list of strings"}[t]
}

// Term is one word of a closed vocabulary, with what it means.
type Term struct{ ID, Title string }

// Field describes one property of a collection's features.
type Field struct {
	Name  string // as in GeoJSON properties and as a query parameter
	Title string // a few words for people
	Doc   string // a sentence or more; empty when the title says all
	Unit  string // a UCUM code ("m", "km"); empty for counts and text
	Type  Type
	Enum  []Term // every value it can have; nil for free values
	// Wide integers need more than 32 bits, which is what some clients take an
	// integer for.
	Wide bool
	// Queryable fields may be query parameters and stand in filters,
	// sortable ones in sortby.
	Queryable, Sortable bool
}

// Schema describes the features of one collection. It is the one source of
// query parameters, OpenAPI, JSON Schema, table headers and documentation.
type Schema struct {
	Collection string
	Fields     []Field
}

// Index returns the position of the named field, or -1.
func (s *Schema) Index(name string) int {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// Feature is one feature of a collection. Values[i] belongs to the schema's
// Fields[i]. A nil Geometry is allowed: nothing is known of where it is
// (RFC 7946 §3.2 "unlocated").
type Feature struct {
	ID       string
	Geometry orb.Geometry
	Values   []Value
}
