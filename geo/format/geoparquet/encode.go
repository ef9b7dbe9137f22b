package geoparquet

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"demarc/geo"
	"demarc/geo/crs"
)

// MediaType is Parquet's media type (IANA).
const MediaType = "application/vnd.apache.parquet"

// A row group is written when it has so many rows or so many bytes of values.
const (
	groupRows  = 1 << 16
	groupBytes = 16 << 20
)

// Options are the choices of an encoder. The zero value is ready.
type Options struct {
	CRS crs.CRS // of the coordinates; features come in CRS84
	// ID names the column of the feature's ID; "id" where it is empty.
	ID string
	// Description stands in the footer, under the key "description": whose the
	// data are, for one. Empty for none.
	Description string
}

// Encoder writes features as a GeoParquet file. See the package documentation
// for its contract.
type Encoder struct {
	sc     *geo.Schema
	opts   Options
	layout layout
	closed bool
	err    error

	file        *parquet.GenericWriter[any]
	row         parquet.Row
	rows, bytes int // in the row group

	types  map[string]bool // of the geometries seen
	bounds geo.BBox
}

// NewEncoder returns an encoder of features of the schema to w.
func NewEncoder(w io.Writer, sc *geo.Schema, opts Options) *Encoder {
	if opts.ID == "" {
		opts.ID = "id"
	}
	l := newLayout(sc, opts.ID)
	return &Encoder{
		sc: sc, opts: opts, layout: l,
		file:  parquet.NewGenericWriter[any](w, l.schema, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("demarc", "", "")),
		types: map[string]bool{}, bounds: geo.EmptyBBox(),
	}
}

// Encode takes one feature, whose geometry is in CRS84.
func (e *Encoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode GeoParquet: the encoder is closed")
	case len(f.Values) != len(e.sc.Fields):
		return fmt.Errorf("encode GeoParquet: feature %s has %d values for %d fields", f.ID, len(f.Values), len(e.sc.Fields))
	}
	g, err := e.opts.CRS.FromCRS84(f.Geometry)
	if err != nil {
		return fmt.Errorf("encode GeoParquet: feature %s: %w", f.ID, err)
	}
	if err := e.setRow(f, e.opts.CRS.EastFirst(g)); err != nil {
		return fmt.Errorf("encode GeoParquet: feature %s: %w", f.ID, err)
	}
	if _, e.err = e.file.WriteRows([]parquet.Row{e.row}); e.err != nil {
		return e.err
	}
	e.rows++
	if e.rows == groupRows || e.bytes >= groupBytes {
		e.rows, e.bytes = 0, 0
		e.err = e.file.Flush()
	}
	return e.err
}

// Close writes what is left and the footer. It does not close the writer.
func (e *Encoder) Close() error {
	if e.err != nil || e.closed {
		return e.err
	}
	e.closed = true
	text, err := e.metadata()
	if err != nil {
		return fmt.Errorf("encode GeoParquet: metadata: %w", err)
	}
	e.file.SetKeyValueMetadata("geo", text)
	if e.opts.Description != "" {
		e.file.SetKeyValueMetadata("description", e.opts.Description)
	}
	e.err = e.file.Close()
	return e.err
}

// setRow makes e.row of a feature, whose geometry is given with east first, and
// counts its bytes, its geometry type and its box.
func (e *Encoder) setRow(f *geo.Feature, g orb.Geometry) error {
	row := e.row[:0]
	size := 0
	add := func(v parquet.Value, repetition, definition, column int) {
		row = append(row, v.Level(repetition, definition, column))
		size += 8
		if v.Kind() == parquet.ByteArray {
			size += len(v.ByteArray())
		}
	}
	column := 0
	if !e.layout.hasID {
		add(text(f.ID), 0, 0, column)
		column++
	}
	for i, v := range f.Values {
		if err := addValue(add, v, &e.sc.Fields[i], column); err != nil {
			return err
		}
		column++
	}
	box, err := addGeometry(add, g, column)
	if err != nil {
		return err
	}
	e.row, e.bytes = row, e.bytes+size
	if g != nil {
		e.types[typeOf(g)] = true
		e.bounds = e.bounds.Extend(box)
	}
	return nil
}

// addFunc adds one value at a repetition level, a definition level and in a
// column of leaves.
type addFunc func(v parquet.Value, repetition, definition, column int)

// addGeometry adds the geometry and its box from the given column on, and
// returns the box.
func addGeometry(add addFunc, g orb.Geometry, column int) (geo.BBox, error) {
	box := geo.BBoxOf(g)
	if g == nil {
		add(parquet.NullValue(), 0, 0, column)
	} else {
		b, err := wkb.Marshal(g, binary.LittleEndian)
		if err != nil {
			return box, fmt.Errorf("geometry: %w", err)
		}
		add(parquet.ByteArrayValue(b), 0, 1, column)
	}
	cs := corners(box)
	for i := range boxFields {
		if cs == nil {
			add(parquet.NullValue(), 0, 0, column+1+i)
		} else {
			add(parquet.DoubleValue(cs[i]), 0, 1, column+1+i)
		}
	}
	return box, nil
}

// typeOf returns GeoParquet's name of a geometry's type.
func typeOf(g orb.Geometry) string {
	switch g.(type) {
	case orb.Ring, orb.Bound:
		return "Polygon" // as they are written
	}
	return g.GeoJSONType()
}

func text(s string) parquet.Value { return parquet.ByteArrayValue([]byte(s)) }

// addValue adds the value of a field.
func addValue(add addFunc, v geo.Value, f *geo.Field, column int) error {
	if v.IsNull() {
		add(parquet.NullValue(), 0, 0, column)
		return nil
	}
	if ss, ok := v.List(); ok && f.Type == geo.StringList {
		for i, s := range ss {
			add(text(s), min(i, 1), 2, column)
		}
		return nil
	}
	value, ok := leafValue(v, f.Type)
	if !ok {
		return fmt.Errorf("the field %s has %q where a %v belongs", f.Name, v.Text(), f.Type)
	}
	add(value, 0, 1, column)
	return nil
}

// leafValue returns a value that is neither null nor a list; false where it is
// not of the type.
func leafValue(v geo.Value, t geo.Type) (parquet.Value, bool) {
	switch t {
	case geo.String:
		s, ok := v.Str()
		return text(s), ok
	case geo.Integer:
		n, ok := v.Int()
		return parquet.Int64Value(n), ok
	case geo.Number:
		x, ok := v.Float()
		return parquet.DoubleValue(x), ok
	case geo.Boolean:
		b, ok := v.Bool()
		return parquet.BooleanValue(b), ok
	case geo.Date:
		seconds, precision, ok := v.Unix()
		day := math.Floor(float64(seconds) / (24 * 60 * 60))
		return parquet.Int32Value(int32(day)), ok && precision == geo.PrecisionDay
	case geo.DateTime:
		seconds, precision, ok := v.Unix()
		return parquet.Int64Value(seconds * 1000), ok && precision == geo.PrecisionInstant
	}
	return parquet.Value{}, false
}
