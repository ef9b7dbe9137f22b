package geojson

import (
	"fmt"
	"io"

	"demarc/geo"
	"demarc/geo/crs"
)

// SequenceMediaType is the media type of GeoJSON text sequences (RFC 8142 §4).
const SequenceMediaType = "application/geo+json-seq"

// SequenceOptions are the choices of a SequenceEncoder. The zero value is ready.
type SequenceOptions struct {
	// CRS is that of the coordinates, in the authority's axis order; features
	// come in CRS84. RFC 7946 knows CRS84 only: another one is by agreement, as
	// by the parameter crs (OGC 18-058r1).
	CRS crs.CRS
	// Lines leaves the record separators out: one feature a line, which
	// readers of newline-delimited JSON want.
	Lines bool
}

// SequenceEncoder writes features as a GeoJSON text sequence (RFC 8142): each
// between a record separator and a line end, so that a reader can begin with
// the first before the last is there, and go on after a damaged one.
//
// Each Encode takes one feature, keeps nothing of it and writes about every 32
// KiB: memory does not grow with the number of features. Close writes what is
// left, must be called once at the end and does not close the writer. After an
// error of the writer every call returns that error. A feature that cannot be
// expressed in the CRS is a *geo.InputError and leaves no trace; the next can be
// encoded. A SequenceEncoder is for one goroutine.
type SequenceEncoder struct {
	w      io.Writer
	sc     *geo.Schema
	opts   SequenceOptions
	closed bool
	err    error
	text   []byte // not yet written
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 32 << 10

// NewSequenceEncoder returns an encoder of features of the schema to w.
func NewSequenceEncoder(w io.Writer, sc *geo.Schema, opts SequenceOptions) *SequenceEncoder {
	return &SequenceEncoder{w: w, sc: sc, opts: opts}
}

// Encode writes one feature, whose geometry is in CRS84.
func (e *SequenceEncoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode GeoJSON sequence: the encoder is closed")
	case len(f.Values) != len(e.sc.Fields):
		return fmt.Errorf("encode GeoJSON sequence: feature %s has %d values for %d fields", f.ID, len(f.Values), len(e.sc.Fields))
	}
	g, err := e.opts.CRS.FromCRS84(f.Geometry)
	if err != nil {
		return fmt.Errorf("encode GeoJSON sequence: feature %s: %w", f.ID, err)
	}
	if !e.opts.Lines {
		e.text = append(e.text, 0x1E)
	}
	e.text, _ = AppendFeature(e.text, e.sc, &geo.Feature{ID: f.ID, Geometry: g, Values: f.Values})
	e.text = append(e.text, '\n')
	if len(e.text) < flushAt {
		return nil
	}
	return e.flush()
}

// Close writes what is left. It does not close the writer.
func (e *SequenceEncoder) Close() error {
	if e.err != nil || e.closed {
		return e.err
	}
	e.closed = true
	return e.flush()
}

func (e *SequenceEncoder) flush() error {
	_, e.err = e.w.Write(e.text)
	e.text = e.text[:0]
	return e.err
}
