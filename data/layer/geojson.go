package layer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/geojson"
	"demarc/geo/format/strictjson"
	"demarc/geo/predicate"
)

// ReadGeoJSON makes a layer of a GeoJSON document: a FeatureCollection, or
// features one after the other (RFC 8142, or one a line). A feature's id is its
// own, else its number from 1 on. The error, a *geo.InputError, names every
// fault as file:line. All of the document is in memory.
func ReadGeoJSON(name, file string, document []byte) (*data.Layer, error) {
	r := &geoJSONReader{
		b:       NewBuilder(name, file),
		text:    bytes.TrimPrefix(document, []byte("\xEF\xBB\xBF")),
		columns: columns{byName: map[string]*column{}},
		line:    1,
	}
	outer, err := geojson.DecodeEach(r.text, r.visit)
	var whole *geojson.DocumentError
	if errors.As(err, &whole) {
		r.b.Fault(r.place(whole.Offset), excerpt(r.text, whole.Offset), whole.Problem, mendDocument(whole.Problem))
	}
	r.describe(outer)
	for _, c := range r.columns.all {
		r.b.AddField(c.name, "", c.typ())
	}
	r.add()
	return r.b.Build()
}

// geoJSONReader reads one document twice over: the types of its columns are
// known when all features are seen.
type geoJSONReader struct {
	b       *Builder
	text    []byte
	columns columns
	rows    []geoJSONRow
	seen    int
	// line is the one on which the byte at counted stands.
	line, counted int
}

type geoJSONRow struct {
	place      string
	feature    geo.Feature
	properties members
	unread     geo.Faults // properties that cannot be read
	invalid    error      // what is wrong with the geometry
}

// place returns the line of an offset. Offsets come in order, so the lines are
// counted once.
func (r *geoJSONReader) place(offset int) string {
	offset = min(offset, len(r.text))
	if offset < r.counted {
		r.line, r.counted = 1, 0
	}
	r.line += bytes.Count(r.text[r.counted:offset], []byte("\n"))
	r.counted = offset
	return strconv.Itoa(r.line)
}

func (r *geoJSONReader) visit(offset int, f geojson.Feature, err error) {
	r.seen++
	place := r.place(offset)
	var properties members
	if err == nil {
		properties, err = r.columns.see(f.Properties)
	}
	if err != nil {
		found, problem := "", err.Error()
		var strict *strictjson.Error
		if errors.As(err, &strict) {
			found, problem = strict.Found, strict.Message()
		}
		r.b.Fault(place, found, fmt.Sprintf("feature %d cannot be read: %s", r.seen, problem), "write it as RFC 7946 says, positions as [longitude, latitude] in degrees")
		return
	}
	id := cmp.Or(f.ID, strconv.Itoa(r.seen))
	r.rows = append(r.rows, geoJSONRow{place: place, feature: geo.Feature{ID: id, Geometry: f.Geometry}, properties: properties})
}

// add adds the features to the layer. All processors read their properties and look
// at their geometries.
func (r *geoJSONReader) add() {
	var workers sync.WaitGroup
	for rows := range slices.Chunk(r.rows, len(r.rows)/runtime.GOMAXPROCS(0)+1) {
		workers.Go(func() {
			for i := range rows {
				rows[i].read(r.b.Layer.Schema.Fields)
			}
		})
	}
	workers.Wait()
	r.b.Layer.Features = make([]geo.Feature, 0, len(r.rows))
	for i := range r.rows {
		row := &r.rows[i]
		for _, f := range row.unread {
			r.b.Fault(row.place, f.Found, f.Problem, "")
		}
		r.b.put(row.place, row.feature, row.invalid)
	}
}

// read gives the feature the values of its properties, and notes what is wrong.
func (row *geoJSONRow) read(fields []geo.Field) {
	row.feature.Values = make([]geo.Value, len(fields))
	for j := range fields {
		raw := row.properties.get(fields[j].Name)
		v, err := valueAs(raw, fields[j].Type)
		if err != nil {
			row.unread = append(row.unread, geo.Fault{Found: string(raw), Problem: "the property " + fields[j].Name + " cannot be read: " + err.Error()})
		}
		row.feature.Values[j] = v
	}
	row.properties = nil
	row.feature.Geometry = withinEdges(row.feature.Geometry)
	row.invalid = predicate.Validate(row.feature.Geometry)
}

// describe takes over what the collection says of itself.
func (r *geoJSONReader) describe(outer map[string]json.RawMessage) {
	text := func(names ...string) string {
		for _, n := range names {
			var s string
			if json.Unmarshal(outer[n], &s) == nil && s != "" {
				return s
			}
		}
		return ""
	}
	l := &r.b.Layer
	l.Title, l.Description = text("title", "name"), text("description")
	l.SetLicence(text("license", "licence"), text("attribution"))
	raw, ok := outer["crs"]
	if !ok || string(raw) == "null" {
		return
	}
	var old struct{ Properties struct{ Name string } }
	err := json.Unmarshal(raw, &old)
	c, parseErr := crs.Parse(old.Properties.Name)
	if err != nil || parseErr != nil || c != crs.CRS84 && c != crs.EPSG4326 {
		r.b.Fault(r.place(0), cmp.Or(old.Properties.Name, string(raw)), "is in a coordinate reference system that GeoJSON does not have (RFC 7946 §4)",
			"convert it: ogr2ogr -t_srs EPSG:4326 -lco RFC7946=YES new.geojson old.geojson")
	}
}

// excerpt returns what stands at an offset, to the end of the line.
func excerpt(text []byte, offset int) string {
	line, _, _ := bytes.Cut(text[min(offset, len(text)):], []byte("\n"))
	return strings.TrimSpace(string(line[:min(len(line), 400)]))
}

func mendDocument(problem string) string {
	if strings.Contains(problem, "JSON array") {
		return "rows without geometry are no layer: make points of them, as ogr2ogr does of a CSV file (-oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat)"
	}
	return "a layer is a GeoPackage, a GeoJSON FeatureCollection or GeoJSON features one a line"
}
