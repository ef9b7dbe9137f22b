// Package importer turns files of others into records: GeoJSON and tables by a
// mapping, UCDP GED and ACLED by their codebooks, and our own full form. It
// reads one record at a time, names every fault with its place, and knows
// nothing of stores and of how records are queried.
//
// A figure of a dataset becomes a claim by that dataset, with its range and its
// wording, never a bare number. Titles and summaries are made here, of neutral
// words; what the dataset says in its own words stands in an account.
package importer

import (
	"context"
	"io"

	"demarc/data"
	"demarc/geo"
)

// Format is what a file is.
type Format string

// The formats.
const (
	GeoJSON Format = "geojson" // RFC 7946, RFC 8142, or one feature a line; by a mapping
	CSV     Format = "csv"     // RFC 4180, also with ; or tabs; by a mapping
	GPKG    Format = "gpkg"    // read as a layer first: ReadLayer
	ACLED   Format = "acled"   // ACLED export, columns of 2023 and later
	GED     Format = "ucdp-ged"
	Records Format = "records" // what items/{id} answers, and files of data/curated
)

// Options are what a file does not say of itself.
type Options struct {
	File    string // what faults call it
	Theatre string // word of data.Theatres for every record; a mapping may say another
	Release string // of the dataset, such as 25.1
	// Mapping says what columns mean, for GeoJSON, CSV and GeoPackage.
	Mapping *Mapping
	// Plain says that tables and features without a mapping are held to the rules of
	// their format alone; they yield nothing then.
	Plain bool
	// MaxFaults is how many faults are told one by one; 0 for 100.
	MaxFaults int
}

// Item is what one row or feature becomes: an incident with all that it refers
// to. Places, parties and sources come again with every incident that names them.
type Item struct {
	Line    int    // in the file, from 1
	Dataset string // what its ids begin with; empty for our own records
	Records data.Records
}

// Summary is what became of a file.
type Summary struct {
	Read int // rows or features
	// LeftOut counts rows that no type of ours fits, by what they are.
	LeftOut map[string]int
}

// Read reads a file and calls yield with each of its records, in order, until
// yield returns an error, which is returned. Rows with faults are passed over and
// the next ones read all the same; at the end the error is a *geo.InputError with
// all of them, as file:line:field. Memory does not grow with the file.
func Read(ctx context.Context, format Format, r io.Reader, o Options, yield func(Item) error) (Summary, error) {
	s := newSink(ctx, o, yield)
	switch format {
	case GeoJSON:
		s.readGeoJSON(r)
	case CSV:
		s.readMapped(r)
	case ACLED:
		s.readACLED(r)
	case GED:
		s.readGED(r)
	case Records:
		s.readRecords(r)
	default:
		s.fault(0, "", string(format), "is no format that is read here", "use one of geojson, csv, acled, ucdp-ged, records")
	}
	return s.end()
}

// ReadLayer does what Read does for a table that was read as a layer, such as one
// of a GeoPackage. A feature's line is its number.
func ReadLayer(ctx context.Context, l *data.Layer, o Options, yield func(Item) error) (Summary, error) {
	s := newSink(ctx, o, yield)
	names := make([]string, len(l.Schema.Fields))
	for i, f := range l.Schema.Fields {
		names[i] = f.Name
	}
	if m := s.mapping(names); m != nil {
		m.check(s, names, true)
		for i := range l.Features {
			if s.stopped() {
				break
			}
			s.mapped(m, layerRow(names, &l.Features[i], i+1))
		}
	}
	return s.end()
}

func layerRow(names []string, f *geo.Feature, line int) *row {
	r := &row{line: line, id: f.ID, geometry: f.Geometry, values: make(map[string]string, len(names))}
	for i, name := range names {
		if !f.Values[i].IsNull() {
			r.values[name] = f.Values[i].Text()
		}
	}
	return r
}
