package server

import (
	"errors"
	"slices"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
)

// geometryName is what queries call the geometry, which is no field of a schema.
const geometryName = "geometry"

// view is how features are to be shown: in which CRS, and with which properties.
type view struct {
	crs    crs.CRS
	fields []int // places in the schema; nil for all
	format format
	// explain is shown beside the features; nil where nobody asked for it.
	explain *explanation
}

// view reads crs and properties.
func (p *params) view(sc *geo.Schema, f format) view {
	v := view{crs: p.crs("crs"), fields: p.properties(sc), format: f}
	if v.crs != crs.CRS84 && f.name == formatKML.name {
		p.faults.Add("crs", p.text("crs"), "cannot be the CRS of KML (OGC 12-007r2 §4.3)", "leave crs out, or ask for another format")
	}
	return v
}

// formats returns those of the formats that the view can have too.
func (v view) formats(all []format) []format {
	if v.crs == crs.CRS84 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(f format) bool { return f.name == formatKML.name })
}

// itemView reads the parameters of a single feature, and sets the validators
// and the CRS of the answer. done tells that the answer is already given.
func (s *Server) itemView(c *gin.Context, snap *snapshot.Snapshot, own *ownVersion, formats []format) (p *params, v view, done bool, err error) {
	p = readParams(c, s.itemParams())
	f, err := p.format(c, formats)
	if err != nil {
		return p, v, false, err
	}
	v = view{crs: p.crs("crs"), format: f}
	p.asOf()
	p.state()
	if err := p.faults.Err(); err != nil {
		return p, v, false, err
	}
	c.Writer.Header()[contentCRSHeader] = v.contentCRS()
	if own != nil {
		return p, v, s.unchangedFeature(c, &own.version, snap.Revision(), f), nil
	}
	return p, v, s.unchanged(c, snap.Revision(), f), nil
}

// itemParams are the parameters of a single feature.
func (s *Server) itemParams() []string {
	if s.writable() {
		return singleParams
	}
	return singleParams[:len(singleParams)-1]
}

var singleParams = []string{"asof", "crs", "f", "recorded", "state"}

// contentCRS is the value of the header Content-Crs (OGC 18-058r1
// /req/crs/ogc-crs-header).
func (v view) contentCRS() []string {
	if v.crs == crs.CRS84 {
		return contentCRS84
	}
	return []string{"<" + v.crs.URI() + ">"}
}

var contentCRS84 = []string{"<" + crs.CRS84.URI() + ">"}

// ask leaves out of the query's hits what the view does not look at: GeoJSON is
// encoded already, and the other formats take the values.
func (v view) ask(q *snapshot.Query, hitsOnly bool) {
	encoded := v.format.mediaType == formatGeoJSON.mediaType && v.crs == crs.CRS84 && v.fields == nil
	q.NoValues, q.NoPlace, q.NoJSON = hitsOnly || encoded, hitsOnly || encoded, hitsOnly || !encoded
}

// show turns hits into what is shown of them, and returns the collection with
// the schema of that. GeoJSON is encoded anew where it differs from the
// collection's: geometries in the CRS, with the authority's axis order (OGC
// 18-058r1 /req/crs/geojson). The encoders of the other formats transform
// what they are given, so they get CRS84.
func (v view) show(col *snapshot.Collection, hits []snapshot.Hit) (*snapshot.Collection, error) {
	if v.crs == crs.CRS84 && v.fields == nil {
		return col, nil
	}
	shown := *col
	if v.fields != nil {
		shown.Schema.Fields = nil
		for _, i := range v.fields {
			shown.Schema.Fields = append(shown.Schema.Fields, col.Schema.Fields[i])
		}
	}
	for i := range hits {
		if err := v.showOne(&shown.Schema, &hits[i]); err != nil {
			return nil, err
		}
	}
	return &shown, nil
}

func (v view) showOne(shown *geo.Schema, h *snapshot.Hit) error {
	g, err := v.crs.FromCRS84(h.Geometry)
	if err != nil {
		return v.unshowable(h.ID, err)
	}
	if v.fields != nil {
		values := make([]geo.Value, len(v.fields))
		for to, from := range v.fields {
			values[to] = h.Values[from]
		}
		h.Values = values
	}
	if v.format.mediaType == formatGeoJSON.mediaType {
		h.JSON, h.PropertiesEnd = geojson.AppendFeature(nil, shown, &geo.Feature{ID: h.ID, Geometry: g, Values: h.Values})
	}
	return nil
}

// unshowable says which feature lies where the CRS cannot be used.
func (v view) unshowable(id string, err error) error {
	var input *geo.InputError
	if !errors.As(err, &input) {
		return err
	}
	var faults geo.Faults
	for _, f := range input.Faults {
		faults.Add("crs", v.crs.URI(), "cannot express the feature "+id+", of which a position "+f.Problem, "another CRS, or a bbox within the area of "+v.crs.Name())
	}
	return faults.Err()
}
