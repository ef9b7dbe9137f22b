package server

import (
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/csv"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/geojson"
	"demarc/geo/format/geoparquet"
	"demarc/geo/format/gpkg"
	"demarc/geo/format/jsonfg"
	"demarc/geo/format/kml"
	"demarc/server/ogcapi"
)

// The formats of features besides GeoJSON and pages. JSON-FG 1.0 calls itself
// application/geo+json too (OGC 21-045r1); its older type is the one by which
// QGIS asks for it, and which tells the two apart in Accept and in links.
var (
	formatJSONFG     = format{"jsonfg", jsonfg.DraftMediaType, "JSON-FG", nil}
	formatSequence   = format{"jsonseq", geojson.SequenceMediaType, "GeoJSON text sequence", nil}
	formatLines      = format{"ndjson", "application/x-ndjson", "GeoJSON, a feature a line", []string{"application/geo+json-lines", "application/x-jsonlines"}}
	formatCSV        = format{"csv", "text/csv", "CSV", nil}
	formatFlatGeobuf = format{"fgb", flatgeobuf.MediaType, "FlatGeobuf", []string{"application/vnd.flatgeobuf"}}
	formatParquet    = format{"parquet", geoparquet.MediaType, "GeoParquet", []string{"application/x-parquet"}}
	formatKML        = format{"kml", kml.MediaType, "KML", nil}
)

// itemsFormats are the formats of items, the default first.
func (s *Server) itemsFormats() []format {
	all := []format{formatGeoJSON, formatHTML, formatJSONFG, formatSequence, formatLines, formatCSV, formatFlatGeobuf, formatParquet, formatKML}
	if s.cfg.GeoPackage != nil {
		all = append(all, formatGeoPackage)
	}
	return all
}

// itemFormats are the formats of a single feature.
func itemFormats() []format { return singleFormats }

var singleFormats = []format{formatGeoJSON, formatHTML, formatJSONFG}

// Encoder writes features one after the other (geo/format/*). Close ends the
// document and must be called, also after an error.
type Encoder interface {
	Encode(*geo.Feature) error
	Close() error
}

// extract is what an encoder is told besides the features.
type extract struct {
	schema *geo.Schema
	crs    crs.CRS
	title  string
	// rights says whose the data are, and under which licences; attribution and
	// licence say each by itself.
	rights, attribution, licence string
	id                           string    // the name of the column of their ids
	geometry                     string    // its name; empty where features have none
	start, end                   string    // the fields that tell when a feature is, or empty
	at                           time.Time // when this was asked
	// members are what a JSON document has before its features, and
	// featureSchema the address of their schema; empty for none.
	members       []byte
	featureSchema string
}

// stream is a format that is written feature by feature.
type stream struct {
	contentType string
	extension   string // of a file to be saved; empty for what programs read
	text        bool   // so that packing it is worth it
	open        func(w io.Writer, x *extract) Encoder
}

// extractOf returns what an encoder is told of the answer to q.
func extractOf(col *snapshot.Collection, q *snapshot.Query, at time.Time) *extract {
	x := &extract{schema: schemaOf(col, q), title: col.Title, rights: rightsText(col), id: col.IDName(), at: at}
	if col.HasGeometry() {
		x.geometry = col.GeometryName()
	}
	x.start, x.end = timeFields(col)
	switch x.attribution = attribution(col); len(col.Rights) {
	case 0:
	case 1:
		x.licence = col.Rights[0].Licence
	default:
		x.licence = licenceText(col)
	}
	return x
}

// streamOf returns how the format is written; ok is false for GeoJSON and for
// pages, which have ways of their own.
func streamOf(f format, geoPackage OpenGeoPackage) (st stream, ok bool) {
	sequence := func(lines bool) func(io.Writer, *extract) Encoder {
		return func(w io.Writer, x *extract) Encoder {
			return geojson.NewSequenceEncoder(w, x.schema, geojson.SequenceOptions{CRS: x.crs, Lines: lines})
		}
	}
	switch f.name {
	case formatJSONFG.name:
		return stream{jsonfg.DraftMediaType, "", true, func(w io.Writer, x *extract) Encoder {
			return jsonfg.NewEncoder(w, x.schema, x.jsonFG())
		}}, true
	case formatSequence.name:
		return stream{geojson.SequenceMediaType, "", true, sequence(false)}, true
	case formatLines.name:
		return stream{formatLines.mediaType, "", true, sequence(true)}, true
	case formatCSV.name:
		return stream{csv.MediaType, ".csv", true, func(w io.Writer, x *extract) Encoder {
			return csv.NewEncoder(w, x.schema, csv.Options{CRS: x.crs, ID: x.id})
		}}, true
	case formatFlatGeobuf.name:
		return stream{flatgeobuf.MediaType, ".fgb", false, func(w io.Writer, x *extract) Encoder {
			return flatgeobuf.NewEncoder(w, x.schema, flatgeobuf.Options{CRS: x.crs, ID: x.id, Title: x.title, Description: x.rights})
		}}, true
	case formatParquet.name:
		return stream{geoparquet.MediaType, ".parquet", false, func(w io.Writer, x *extract) Encoder {
			return geoparquet.NewEncoder(w, x.schema, geoparquet.Options{CRS: x.crs, ID: x.id, Description: x.rights})
		}}, true
	case formatKML.name:
		return stream{kml.MediaType, ".kml", true, func(w io.Writer, x *extract) Encoder {
			return kml.NewEncoder(w, x.schema, x.kml())
		}}, true
	case formatGeoPackage.name:
		return stream{gpkg.MediaType, ".gpkg", false, func(w io.Writer, x *extract) Encoder {
			return geoPackage(w, x.schema, x.geoPackage())
		}}, geoPackage != nil
	}
	return stream{}, false
}

func (x *extract) jsonFG() jsonfg.Options {
	return jsonfg.Options{CRS: x.crs, Start: x.start, End: x.end, FeatureSchema: x.featureSchema, Members: x.members}
}

func (x *extract) kml() kml.Options {
	o := kml.Options{Title: x.title, Description: x.rights, Start: x.start, End: x.end}
	for _, name := range []string{"name", "title"} {
		if x.schema.Index(name) >= 0 {
			o.Name = name
		}
	}
	return o
}

// timeFields returns the fields that say when a feature is, for formats with a
// time of their own: those by which datetime finds it. They are empty where the
// collection has none, and where not both are shown: one end is not the time.
func timeFields(col *snapshot.Collection) (start, end string) {
	start, end = col.TimeFields()
	if col.Schema.Index(start) < 0 || col.Schema.Index(end) < 0 {
		return "", ""
	}
	return start, end
}

// distanceName is the property that near adds.
const distanceName = "distance_m"

// schemaOf returns the schema of the answer to q: with near, features have
// their distance besides. A layer's own property of that name gives way to it.
func schemaOf(col *snapshot.Collection, q *snapshot.Query) *geo.Schema {
	sc := col.Schema
	if q.Near != nil {
		sc.Fields = slices.DeleteFunc(slices.Clone(sc.Fields), func(f geo.Field) bool { return f.Name == distanceName })
		sc.Fields = append(sc.Fields, geo.Field{
			Name: distanceName, Title: "Distance", Unit: "m", Type: geo.Number, Doc: "Metres from the geometry asked for with near."})
	}
	return &sc
}

// featureOf returns a hit of the collection as a feature of schemaOf.
func featureOf(h *snapshot.Hit, col *snapshot.Collection, q *snapshot.Query) *geo.Feature {
	f := &geo.Feature{ID: h.ID, Geometry: h.Geometry, Values: h.Values}
	if q.Near != nil {
		f.Values = slices.Clone(h.Values)
		if own := col.Schema.Index(distanceName); own >= 0 {
			f.Values = slices.Delete(f.Values, own, own+1)
		}
		f.Values = append(f.Values, geo.NumberValue(roundMetres(h.Metres)))
	}
	return f
}

// featuresOf returns the features of a page, as of schemaOf.
func featuresOf(page *snapshot.Page, col *snapshot.Collection, q *snapshot.Query) iter.Seq[*geo.Feature] {
	return func(yield func(*geo.Feature) bool) {
		for i := range page.Hits {
			if !yield(featureOf(&page.Hits[i], col, q)) {
				return
			}
		}
	}
}

// members returns the members of a feature collection besides its features, as
// JSON without braces.
func (s *Server) members(col *snapshot.Collection, page *snapshot.Page, links []ogcapi.Link) []byte {
	b := fmt.Appendf(nil, `"numberMatched":%d,"numberReturned":%d,"timeStamp":"%s","attribution":`,
		page.Matched, len(page.Hits), s.cfg.Now().UTC().Format(time.RFC3339))
	b = appendJSON(b, attribution(col))
	return appendJSON(append(b, `,"links":`...), links)
}

// rightsText says whose the collection is and under which licences, for formats
// that have a place for it; empty where nothing is known of that.
func rightsText(col *snapshot.Collection) string {
	if len(col.Rights) == 0 {
		return ""
	}
	return "Data: " + attribution(col) + ". " + licenceText(col)
}

// licenceText says under which licence which part of the collection is.
func licenceText(col *snapshot.Collection) string {
	var parts []string
	for _, r := range col.Rights {
		text := "Of " + r.Covers + ": " + r.Licence
		if r.URL != "" {
			text += ", " + r.URL
		}
		parts = append(parts, text+".")
	}
	return strings.Join(parts, " ")
}

// itemJSONFG answers with one feature as JSON-FG. Its properties are flat, as
// on a page.
func (s *Server) itemJSONFG(c *gin.Context, in crs.CRS, col *snapshot.Collection, h snapshot.Hit, links []ogcapi.Link) error {
	x := &extract{schema: &col.Schema, crs: in, featureSchema: s.collectionURL(c, col.ID) + "/schema"}
	x.start, x.end = timeFields(col)
	x.members = appendJSON([]byte(`"attribution":`), attribution(col))
	x.members = appendJSON(append(x.members, `,"links":`...), links)
	body, err := jsonfg.AppendFeature(nil, &col.Schema, &geo.Feature{ID: h.ID, Geometry: h.Geometry, Values: h.Values}, x.jsonFG())
	if err != nil {
		return err
	}
	c.Writer.Header().Add("Link", "<"+jsonfg.Profile+`>; rel="profile"`)
	s.write(c, http.StatusOK, formatJSONFG.mediaType, body)
	return nil
}

// fileLinks returns a link to a collection's features in each format besides
// GeoJSON and HTML. QGIS takes the formats that it can read from these.
func (s *Server) fileLinks(col *snapshot.Collection, href string) []ogcapi.Link {
	var links []ogcapi.Link
	for _, f := range s.itemsFormats()[2:] {
		links = append(links, ogcapi.Link{Href: href + "/items?f=" + f.name, Rel: "items", Type: f.mediaType, Title: col.Title + " as " + f.title})
	}
	return links
}

// offerFormats writes into a path of the definition in which formats it
// answers: as the values of f, and as media types.
func offerFormats(path object, formats []format) {
	get := path["get"].(object)
	if slices.ContainsFunc(formats, func(f format) bool { return f.name == formatFlatGeobuf.name }) {
		get["responses"].(object)["507"] = object{"$ref": "#/components/responses/failure"} // they are put aside on disk
	}
	params := get["parameters"].([]any)
	var names []any
	content := get["responses"].(object)["200"].(object)["content"].(object)
	for _, f := range formats {
		names = append(names, f.name)
		switch _, listed := content[f.mediaType]; {
		case listed:
		case f.name == formatJSONFG.name:
			content[f.mediaType] = object{"schema": object{"type": "object"}}
		case f.name == formatFlatGeobuf.name || f.name == formatParquet.name || f.name == formatGeoPackage.name:
			content[f.mediaType] = object{"schema": object{"type": "string", "format": "binary"}}
		default:
			content[f.mediaType] = object{"schema": object{"type": "string"}}
		}
	}
	for i, p := range params {
		if ref := p.(object)["$ref"]; ref == "#/components/parameters/f" {
			params[i] = queryParameter("f", "Representation; without it the Accept header decides.", object{"type": "string", "enum": names})
		}
	}
}
