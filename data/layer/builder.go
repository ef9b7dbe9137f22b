// Package layer makes a data.Layer of a file of features that knows nothing of
// incidents: it reads GeoJSON, infers the schema from the values, finds the
// field that tells the time, and gathers every fault with its place.
//
// A Builder is what the readers of all formats share; that of GeoPackage is in
// data/store/gpkg, where a database may be opened. Geometries are in CRS84.
package layer

import (
	"errors"
	"fmt"
	"slices"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/predicate"
)

// maxFaults is how many faults of one file are told one by one.
const maxFaults = 100

// Reserved are the query parameters of items: a field of such a name is a
// property of the features, but not a parameter, nor a name in a filter.
func Reserved() []string {
	return []string{"asof", "bbox", "bbox-crs", "crs", "cursor", "datetime", "explain", "f", "filter", "filter-crs", "filter-lang",
		"limit", "near", "offset", "properties", "recorded", "resultType", "sortby", "state", "within"}
}

// distanceProperty is what features carry in answers to near.
const distanceProperty = "distance_m"

// Builder gathers the features of one layer and everything that is wrong with
// them. It is for one goroutine.
type Builder struct {
	// Layer is what is built; a reader sets what the file says of itself.
	Layer  data.Layer
	file   string
	faults geo.Faults
	untold int
	places map[string]string // where each id stands
}

// NewBuilder returns a builder of the named layer out of a file.
func NewBuilder(name, file string) *Builder {
	return &Builder{
		Layer:  data.Layer{Name: name, Schema: geo.Schema{Collection: name}, Start: -1, End: -1},
		file:   file,
		places: map[string]string{},
	}
}

// Fault notes what is wrong at a place within the file, "" for all of it.
func (b *Builder) Fault(place, found, problem, mend string) {
	if len(b.faults) == maxFaults {
		b.untold++
		return
	}
	where := b.file
	if place != "" {
		where += ":" + place
	}
	b.faults.Add(where, found, problem, mend)
}

// AddField appends a field; values of the features come in the order of fields.
func (b *Builder) AddField(name, title string, t geo.Type) {
	if name == distanceProperty {
		b.Fault("", name, "has a field that answers to near use for the distance", "give the field another name")
	}
	if title == "" {
		title = name
	}
	b.Layer.Schema.Fields = append(b.Layer.Schema.Fields, geo.Field{
		Name: name, Title: title, Type: t,
		Queryable: !slices.Contains(Reserved(), name), Sortable: t != geo.StringList,
	})
}

// Add appends a feature in CRS84, which stands at a place within the file, and
// notes what is wrong with its id and its geometry. The geometry belongs to the
// builder from then on.
func (b *Builder) Add(place string, f geo.Feature) {
	f.Geometry = withinEdges(f.Geometry)
	b.put(place, f, predicate.Validate(f.Geometry))
}

// put is Add for a geometry that is within the edges, and of which it is known what
// is wrong.
func (b *Builder) put(place string, f geo.Feature, invalid error) {
	const unique = "give each feature an id of its own"
	if first, taken := b.places[f.ID]; taken {
		b.Fault(place, f.ID, "has the id of the feature at "+first, unique)
	} else if f.ID == "" {
		b.Fault(place, "", "has an empty id", unique)
	}
	b.places[f.ID] = place
	if invalid != nil {
		b.Fault(place, "", "the geometry is not valid: "+invalid.Error(), mendGeometry(invalid))
	}
	b.Layer.HasGeometry = b.Layer.HasGeometry || f.Geometry != nil
	b.Layer.Features = append(b.Layer.Features, f)
}

func mendGeometry(err error) string {
	var invalid *predicate.InvalidError
	if errors.As(err, &invalid) && (invalid.At[0] < -180 || invalid.At[0] > 180 || invalid.At[1] < -90 || invalid.At[1] > 90) {
		return "write longitude and latitude in degrees, in this order; ogr2ogr -t_srs EPSG:4326 makes them of other coordinates"
	}
	return "mend it, as ogr2ogr -makevalid does"
}

// Build returns the layer, or a *geo.InputError with every fault.
func (b *Builder) Build() (*data.Layer, error) {
	if b.untold > 0 {
		b.faults.Add(b.file, "", fmt.Sprintf("has %d more faults", b.untold), "mend those named first")
	}
	if err := b.faults.Err(); err != nil {
		return nil, err
	}
	l := &b.Layer
	if len(l.Schema.Fields) == 0 {
		// A feature without a property has its id as one.
		b.AddField("id", "Identifier", geo.String)
		for i := range l.Features {
			l.Features[i].Values = []geo.Value{geo.StringValue(l.Features[i].ID)}
		}
	}
	l.Start, l.End = timeFields(l)
	for i := range l.Schema.Fields {
		l.Schema.Fields[i].Wide = wide(l, i)
	}
	return l, nil
}

// wide tells whether a feature has an integer of more than 32 bits in a field.
func wide(l *data.Layer, field int) bool {
	for i := range l.Features {
		if n, ok := l.Features[i].Values[field].Int(); ok && n != int64(int32(n)) {
			return true
		}
	}
	return false
}
