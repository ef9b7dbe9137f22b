package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strings"
	"time"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/format/geojson"
)

// ExportFormats returns the names of the formats that Export writes.
func ExportFormats() []string {
	return []string{"geojson", "geojsonseq", "jsonfg", "csv", "fgb", "geoparquet", "gpkg", "kml"}
}

// Export asks for all features of a collection that the parameters select.
type Export struct {
	Collection string
	Format     string // one of ExportFormats
	// Params are parameters of items: bbox, datetime, filter. A fault in one is
	// told as that of a flag of its name.
	Params url.Values
	// GeoPackage opens what writes that format.
	GeoPackage OpenGeoPackage
}

// Write writes the features to w in the export's format, one by one, and
// returns how many there were. What is wrong with the export is a
// *geo.InputError; other errors are ctx's and w's, and leave w with a part of
// the document.
func (x *Export) Write(ctx context.Context, w io.Writer, snap *snapshot.Snapshot) (int, error) {
	col, err := snap.Collection(x.Collection)
	if err != nil {
		var faults geo.Faults
		faults.Add("--collection", x.Collection, "is not a collection", "one of "+strings.Join(collectionIDs(snap), ", "))
		return 0, faults.Err()
	}
	open, err := x.opener()
	if err != nil {
		return 0, err
	}
	asked, _ := queryOf(x.Params, nil)
	p := &params{query: asked}
	q := p.readQuery(snap, col)
	if err := p.faults.Err(); err != nil {
		return 0, flagFaults(err)
	}
	q.Limit, q.NoJSON = math.MaxInt32, true // Encode takes the values
	page, err := col.Items(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("export %s: %w", col.ID, err)
	}
	out := &exportWriter{w: bufio.NewWriter(w)}
	of := extractOf(col, q, time.Now())
	of.members = appendJSON(fmt.Appendf(nil, `"numberMatched":%d,"numberReturned":%d,"attribution":`, page.Matched, len(page.Hits)), attribution(col))
	of.members = appendJSON(append(of.members, `,"links":`...), licenceLinks(col))
	if err := encodeAll(ctx, open(out, of), featuresOf(page, col, q), func(err error) { out.err = err }); err != nil {
		return 0, fmt.Errorf("export %s: %w", col.ID, err)
	}
	return len(page.Hits), out.w.Flush()
}

// opener returns what opens the encoder of the export's format.
func (x *Export) opener() (func(io.Writer, *extract) Encoder, error) {
	name := map[string]string{"geojsonseq": formatSequence.name, "geoparquet": formatParquet.name}[x.Format]
	if name == "" {
		name = x.Format
	}
	if name == "geojson" {
		return func(w io.Writer, of *extract) Encoder { return &collectionEncoder{w: w, of: of} }, nil
	}
	st, ok := streamOf(format{name: name}, x.GeoPackage)
	if !ok {
		var faults geo.Faults
		faults.Add("--format", x.Format, "is not a format", "one of "+strings.Join(ExportFormats(), ", "))
		return nil, faults.Err()
	}
	return st.open, nil
}

// flagFaults names the parameters of faults as flags.
func flagFaults(err error) error {
	var input *geo.InputError
	if !errors.As(err, &input) {
		return err
	}
	out := make(geo.Faults, len(input.Faults))
	for i, f := range input.Faults {
		f.Where = "--" + f.Where
		out[i] = f
	}
	return out.Err()
}

func collectionIDs(snap *snapshot.Snapshot) []string {
	var ids []string
	for _, c := range snap.Collections() {
		ids = append(ids, c.ID)
	}
	return ids
}

// exportWriter refuses everything after an error.
type exportWriter struct {
	w   *bufio.Writer
	err error
}

func (w *exportWriter) Write(b []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	return w.w.Write(b)
}

// collectionEncoder writes features as a GeoJSON FeatureCollection (RFC 7946
// §3.3), a feature a line.
type collectionEncoder struct {
	w     io.Writer
	of    *extract
	text  []byte
	count int
}

func (e *collectionEncoder) begin() {
	e.text = append(e.text[:0], `{"type":"FeatureCollection","name":`...)
	e.text = append(geo.AppendJSONString(e.text, e.of.schema.Collection), ',') // GDAL calls the layer so
	e.text = append(append(e.text, e.of.members...), `,"features":[`...)
}

func (e *collectionEncoder) Encode(f *geo.Feature) error {
	if e.count == 0 {
		e.begin()
	} else {
		e.text = append(e.text[:0], ',')
	}
	e.count++
	e.text, _ = geojson.AppendFeature(append(e.text, '\n'), e.of.schema, f)
	_, err := e.w.Write(e.text)
	return err
}

func (e *collectionEncoder) Close() error {
	if e.count == 0 {
		e.begin()
	} else {
		e.text = e.text[:0]
	}
	_, err := e.w.Write(append(e.text, "\n]}\n"...))
	return err
}
