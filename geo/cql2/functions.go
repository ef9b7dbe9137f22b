package cql2

import "strings"

// Function describes a function that filters can call, as the resource /functions
// lists it (OGC 21-065r2 §7.11, schema functions.yml).
type Function struct {
	Name, Doc string
	Args      []Argument
	Returns   string // "boolean", "number" or "geometry"
	returns   Type
	args      []Type
}

// Argument describes an argument of a Function. Type is "string", "number" or
// "geometry".
type Argument struct{ Name, Doc, Type string }

// Functions returns the functions that filters can call beside those of the
// standard, in the order of their names. Names are the same in either case.
func Functions() []Function {
	a := Argument{Name: "a", Doc: "a geometry: the property, a literal, or feature(…)", Type: "geometry"}
	b := a
	b.Name = "b"
	one := a
	one.Name = "geometry"
	fs := []Function{
		{Name: "area_m2", Args: []Argument{one}, Returns: "number",
			Doc: "The area in square metres on the WGS 84 ellipsoid; 0 for points and lines."},
		{Name: "distance_m", Args: []Argument{a, b}, Returns: "number",
			Doc: "The shortest distance in metres on the WGS 84 ellipsoid; 0 where the geometries meet, no value where one is missing or empty."},
		{Name: "dwithin", Returns: "boolean",
			Args: []Argument{a, b, {Name: "metres", Doc: "the greatest distance in metres", Type: "number"}},
			Doc:  "Whether distance_m(a, b) is at most the given metres."},
		{Name: "feature", Returns: "geometry",
			Args: []Argument{
				{Name: "collection", Doc: "the collection's id, in single quotes", Type: "string"},
				{Name: "id", Doc: "the feature's id, in single quotes", Type: "string"}},
			Doc: "The geometry of another feature."},
		{Name: "length_m", Args: []Argument{one}, Returns: "number",
			Doc: "The length in metres on the WGS 84 ellipsoid; the perimeter of a polygon with its holes, 0 for points."},
	}
	for i := range fs {
		fs[i].returns = typeNamed(fs[i].Returns)
		for _, arg := range fs[i].Args {
			fs[i].args = append(fs[i].args, typeNamed(arg.Type))
		}
	}
	return fs
}

// functions are Functions, made once.
var functions = Functions()

func typeNamed(name string) Type {
	switch name {
	case "boolean":
		return BooleanType
	case "number":
		return NumberType
	case "geometry":
		return GeometryType
	}
	return StringType
}

// functionNamed returns the function, or nil. Case does not matter.
func functionNamed(name string) *Function {
	for i := range functions {
		if strings.EqualFold(functions[i].Name, name) {
			return &functions[i]
		}
	}
	return nil
}

// functionNames returns the names that functionNamed knows.
func functionNames() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.Name
	}
	return names
}
