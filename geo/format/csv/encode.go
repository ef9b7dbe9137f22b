package csv

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/geo"
	"demarc/geo/crs"
)

// MediaType is CSV's media type (RFC 7111 §5.1).
const MediaType = "text/csv; charset=utf-8; header=present"

// Columns says which columns carry the geometry.
type Columns uint8

// The geometry's columns.
const (
	PositionAndWKT Columns = iota // lon and lat for points, and WKT for all
	PositionOrWKT                 // lon and lat for points, WKT for the others
	PositionOnly                  // lon and lat for points; the others are lost
	WKTOnly
)

// Options are the choices of an encoder. The zero value is ready.
type Options struct {
	CRS     crs.CRS // of the coordinates; features come in CRS84
	Columns Columns
	// ID names the column of the feature's ID; "id" where it is empty.
	ID string
	// BOM puts a byte order mark in front, by which Excel knows UTF-8.
	BOM bool
}

// Encoder writes features as rows. See the package documentation for its
// contract.
type Encoder struct {
	w      io.Writer
	sc     *geo.Schema
	opts   Options
	hasID  bool // the schema has the ID among its fields
	begun  bool
	closed bool
	err    error
	row    []byte // rows not yet written
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 32 << 10

// NewEncoder returns an encoder of features of the schema to w.
func NewEncoder(w io.Writer, sc *geo.Schema, opts Options) *Encoder {
	if opts.ID == "" {
		opts.ID = "id"
	}
	return &Encoder{w: w, sc: sc, opts: opts, hasID: sc.Index(opts.ID) >= 0}
}

// Encode writes one feature, whose geometry is in CRS84.
func (e *Encoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode CSV: the encoder is closed")
	case len(f.Values) != len(e.sc.Fields):
		return fmt.Errorf("encode CSV: feature %s has %d values for %d fields", f.ID, len(f.Values), len(e.sc.Fields))
	}
	g, err := e.opts.CRS.FromCRS84(f.Geometry)
	if err != nil {
		return fmt.Errorf("encode CSV: feature %s: %w", f.ID, err)
	}
	e.begin()
	if !e.hasID {
		e.row = append(appendText(e.row, f.ID), ',')
	}
	for _, v := range f.Values {
		e.row = append(appendValue(e.row, v), ',')
	}
	e.row = e.appendGeometry(e.row, e.opts.CRS.EastFirst(g))
	e.row = append(e.row, "\r\n"...)
	if len(e.row) < flushAt {
		return nil
	}
	return e.flush()
}

// Close writes what is left. It does not close the writer.
func (e *Encoder) Close() error {
	if e.err != nil || e.closed {
		return e.err
	}
	e.closed = true
	e.begin()
	return e.flush()
}

func (e *Encoder) flush() error {
	_, e.err = e.w.Write(e.row)
	e.row = e.row[:0]
	return e.err
}

// begin appends the header, once.
func (e *Encoder) begin() {
	if e.begun {
		return
	}
	e.begun = true
	if e.opts.BOM {
		e.row = append(e.row, "\uFEFF"...)
	}
	for i, c := range header(e.sc, e.opts) {
		if i > 0 {
			e.row = append(e.row, ',')
		}
		e.row = appendText(e.row, c)
	}
	e.row = append(e.row, "\r\n"...)
}

// header returns all columns in their order.
func header(sc *geo.Schema, opts Options) []string {
	var cs []string
	if sc.Index(opts.ID) < 0 {
		cs = append(cs, opts.ID)
	}
	for _, f := range sc.Fields {
		cs = append(cs, f.Name)
	}
	add := func(name string) {
		for taken(cs, name) {
			name += "_"
		}
		cs = append(cs, name)
	}
	if opts.Columns != WKTOnly {
		x, y := "lon", "lat"
		if !opts.CRS.Geographic() {
			x, y = "x", "y"
		}
		add(x)
		add(y)
	}
	if opts.Columns != PositionOnly {
		add("WKT")
	}
	return cs
}

// taken tells whether a column has the name, in whatever case: GDAL and
// databases do not tell cases apart.
func taken(cs []string, name string) bool {
	for _, c := range cs {
		if strings.EqualFold(c, name) {
			return true
		}
	}
	return false
}

// appendGeometry appends the geometry's cells; all are empty for nil.
func (e *Encoder) appendGeometry(dst []byte, g orb.Geometry) []byte {
	p, isPoint := g.(orb.Point)
	if e.opts.Columns != WKTOnly {
		if isPoint {
			dst = strconv.AppendFloat(dst, p[0], 'f', -1, 64)
			dst = append(dst, ',')
			dst = strconv.AppendFloat(dst, p[1], 'f', -1, 64)
		} else {
			dst = append(dst, ',')
		}
		if e.opts.Columns == PositionOnly {
			return dst
		}
		dst = append(dst, ',')
	}
	if g == nil || isPoint && e.opts.Columns == PositionOrWKT {
		return dst
	}
	return appendQuoted(dst, string(wkt.Marshal(g)))
}
