package cql2

import (
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
)

// The limits of a filter, the same for both encodings where they can be. What
// exceeds one is a fault that names the limit.
const (
	MaxText     = 16 << 10 // bytes of a filter in text
	MaxJSON     = 64 << 10 // bytes of a filter in JSON
	MaxDepth    = 32       // levels of the tree
	MaxNodes    = 500      // operators, functions, properties and literals, but for the literals of a list
	MaxList     = 1000     // members of an IN list or an array
	MaxPattern  = 256      // characters of a LIKE pattern
	MaxVertices = 100_000  // positions in all geometry literals
	maxNesting  = 128      // parentheses or JSON operators in one another, before AND and OR are flattened
	maxMembers  = 4        // geometry collections in one another
	maxPairs    = 100_000  // comparisons of elements of two arrays
	maxFaults   = 20       // faults that are told
)

// options are what an Option sets.
type options struct {
	geometry    string
	anyProperty bool
	features    func(collection, id string) (orb.Geometry, error)
	crs         crs.CRS // zero is CRS84
}

// Option changes what a parser accepts.
type Option func(*options)

// WithGeometry names the property that is the feature's geometry, "geometry" if
// not given. A field of the schema with that name is hidden by it. The empty name
// says that features have none.
func WithGeometry(name string) Option { return func(o *options) { o.geometry = name } }

// WithFeatures lets filters use feature(collection, id). resolve is called once for
// each use while the filter is parsed, and returns the feature's geometry, nil if
// it has none, or an error whose text is told as the fault.
func WithFeatures(resolve func(collection, id string) (orb.Geometry, error)) Option {
	return func(o *options) { o.features = resolve }
}

// WithCRS says in which CRS the positions of geometry literals and boxes are
// written, with the authority's axis order (OGC 19-079r2 §6.3, filter-crs). They
// are transformed while the filter is parsed, so the expression, and what Format
// prints of it, is in CRS84. Only positions are transformed: a long edge that is
// straight in c is not quite so in degrees.
func WithCRS(c crs.CRS) Option { return func(o *options) { o.crs = c } }

// WithAnyProperty accepts every property and function name, those not in the
// schema with AnyType and without a value, and geometry literals whose rings cross
// themselves. It is for checking and converting filters whose data are elsewhere;
// the schema may be nil.
func WithAnyProperty() Option { return func(o *options) { o.anyProperty = true } }

func newOptions(opts []Option) options {
	o := options{geometry: "geometry"}
	for _, set := range opts {
		set(&o)
	}
	return o
}

// property resolves a name, which must be queryable (OGC 21-065r2 §6.5).
func (o *options) property(sc *geo.Schema, name string) (Property, bool) {
	if name == o.geometry && name != "" {
		return Property{Name: name, Type: GeometryType, Field: -1}, true
	}
	if sc != nil {
		if i := sc.Index(name); i >= 0 && sc.Fields[i].Queryable {
			return Property{Name: name, Type: typeOfField(sc.Fields[i].Type), Field: i}, true
		}
	}
	return Property{Name: name, Field: -1}, o.anyProperty && name != ""
}

// names returns what property resolves.
func (o *options) names(sc *geo.Schema) []string {
	var names []string
	if o.geometry != "" {
		names = append(names, o.geometry)
	}
	if sc != nil {
		for _, f := range sc.Fields {
			if f.Queryable && f.Name != o.geometry {
				names = append(names, f.Name)
			}
		}
	}
	return names
}
