package geoparquet

import (
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"

	"demarc/geo"
)

// leaves are Parquet's types, by geo.Type.
var leaves = [...]func() parquet.Node{
	geo.String:     parquet.String,
	geo.Integer:    func() parquet.Node { return parquet.Int(64) },
	geo.Number:     func() parquet.Node { return parquet.Leaf(parquet.DoubleType) },
	geo.Boolean:    func() parquet.Node { return parquet.Leaf(parquet.BooleanType) },
	geo.Date:       parquet.Date,
	geo.DateTime:   func() parquet.Node { return parquet.Timestamp(parquet.Millisecond) },
	geo.StringList: func() parquet.Node { return parquet.List(parquet.String()) },
}

// layout is the file's schema and the names in it that we chose.
type layout struct {
	schema         *parquet.Schema
	geometry, bbox string
	hasID          bool // the geo.Schema has the ID among its fields
}

func newLayout(sc *geo.Schema, id string) layout {
	l := layout{hasID: sc.Index(id) >= 0}
	var columns group
	if !l.hasID {
		columns.add(id, parquet.String())
	}
	for _, f := range sc.Fields {
		columns.add(f.Name, parquet.Optional(leaves[f.Type]()))
	}
	l.geometry = columns.free("geometry")
	columns.add(l.geometry, parquet.Optional(parquet.Leaf(parquet.ByteArrayType)))
	var box group
	for _, name := range boxFields {
		box.add(name, parquet.Leaf(parquet.DoubleType))
	}
	l.bbox = columns.free("bbox")
	columns.add(l.bbox, parquet.Optional(&box))
	name := sc.Collection
	if name == "" {
		name = "features"
	}
	l.schema = parquet.NewSchema(name, &columns)
	return l
}

// boxFields are the fields of the covering's struct, in order.
var boxFields = [...]string{"xmin", "ymin", "xmax", "ymax"}

// group is a parquet.Group that keeps the order of its fields: that one is a
// map and sorts by name.
type group struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the group's fields in their order.
func (g *group) Fields() []parquet.Field { return g.fields }

// GoType is not used where rows are written as values; a group's own builds a
// struct type, for which not every column's name is good.
func (g *group) GoType() reflect.Type { return reflect.TypeFor[any]() }

func (g *group) add(name string, n parquet.Node) {
	g.fields = append(g.fields, field{n, name})
}

// free returns the name, with "_" behind until no field has it in any case:
// DuckDB does not tell cases apart.
func (g *group) free(name string) string {
	for _, f := range g.fields {
		if strings.EqualFold(f.Name(), name) {
			return g.free(name + "_")
		}
	}
	return name
}

// field is a node with a name.
type field struct {
	parquet.Node
	name string
}

// Name returns the field's name.
func (f field) Name() string { return f.name }

// Value would take the field out of a Go value; rows are written as values.
func (f field) Value(base reflect.Value) reflect.Value { return base }
