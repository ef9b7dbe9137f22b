package flatgeobuf

import (
	"fmt"
	"io"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"

	fgb "github.com/gogama/flatgeobuf/flatgeobuf"
	"github.com/gogama/flatgeobuf/flatgeobuf/flat"
	"github.com/gogama/flatgeobuf/packedrtree"

	"demarc/geo"
	"demarc/geo/crs"
)

// MediaType is FlatGeobuf's media type, as GDAL and QGIS ask for it.
const MediaType = "application/flatgeobuf"

// nodeSize is how many children a node of the index has, as in other writers.
const nodeSize = 16

// Options are the choices of an encoder. The zero value is ready.
type Options struct {
	CRS crs.CRS // of the coordinates; features come in CRS84
	// ID names the column of the feature's ID; "id" where it is empty.
	ID string
	// Title and Description are the data set's, for people; empty for none.
	Title, Description string
	// Stream writes features as they come, without an index.
	Stream bool
	// TempDir is where the temporary file goes; the system's own place where it
	// is empty.
	TempDir string
}

// Encoder writes features as a FlatGeobuf file. See the package documentation
// for its contract.
type Encoder struct {
	sc     *geo.Schema
	opts   Options
	hasID  bool // the schema has the ID among its fields
	closed bool
	err    error

	file       *fgb.FileWriter
	begun      bool // the header has been written
	builder    *flatbuffers.Builder
	properties []byte

	spool     spool
	positions []int64 // where each feature begins in the spool
	// located and others are the features with and without a box; until they
	// are sorted their offsets are positions in positions.
	located, others []packedrtree.Ref
	bounds          packedrtree.Box
	geometry        flat.GeometryType // of all features with one
	mixed           bool              // there is more than one type
}

// NewEncoder returns an encoder of features of the schema to w.
func NewEncoder(w io.Writer, sc *geo.Schema, opts Options) *Encoder {
	if opts.ID == "" {
		opts.ID = "id"
	}
	return &Encoder{
		sc: sc, opts: opts, hasID: sc.Index(opts.ID) >= 0,
		file:    fgb.NewFileWriter(struct{ io.Writer }{w}), // so that it cannot close w
		builder: flatbuffers.NewBuilder(4096),
		spool:   spool{dir: opts.TempDir}, bounds: packedrtree.EmptyBox,
	}
}

// Encode takes one feature, whose geometry is in CRS84.
func (e *Encoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode FlatGeobuf: the encoder is closed")
	case len(f.Values) != len(e.sc.Fields):
		return fmt.Errorf("encode FlatGeobuf: feature %s has %d values for %d fields", f.ID, len(f.Values), len(e.sc.Fields))
	}
	g, err := e.opts.CRS.FromCRS84(f.Geometry)
	if err != nil {
		return fmt.Errorf("encode FlatGeobuf: feature %s: %w", f.ID, err)
	}
	g = e.opts.CRS.EastFirst(g)
	table, err := e.feature(f, g)
	if err != nil {
		return err
	}
	if e.opts.Stream {
		e.err = e.stream(table)
	} else {
		e.err = e.putAside(g, table)
	}
	return e.err
}

// stream writes a feature, after the header.
func (e *Encoder) stream(table []byte) error {
	if err := e.begin(summary{bounds: packedrtree.EmptyBox}); err != nil {
		return err
	}
	_, err := e.file.Data([]flat.Feature{*flat.GetSizePrefixedRootAsFeature(table, 0)})
	return err
}

// begin writes the header, once.
func (e *Encoder) begin(s summary) error {
	if e.begun {
		return nil
	}
	e.begun = true
	_, err := e.file.Header(e.header(s))
	return err
}

// putAside keeps a feature until Close.
func (e *Encoder) putAside(g orb.Geometry, table []byte) error {
	ref := packedrtree.Ref{Box: packedrtree.EmptyBox, Offset: int64(len(e.positions))}
	e.positions = append(e.positions, e.spool.size())
	if err := e.spool.add(table); err != nil {
		return err
	}
	if g != nil {
		t := typeOf(g)
		e.mixed = e.mixed || e.geometry != flat.GeometryTypeUnknown && e.geometry != t
		e.geometry = t
	}
	box := geo.BBoxOf(g)
	if box.IsEmpty() {
		e.others = append(e.others, ref)
		return nil
	}
	ref.Box = packedrtree.Box{XMin: box.West, YMin: box.South, XMax: box.East, YMax: box.North}
	e.bounds.Expand(&ref.Box)
	e.located = append(e.located, ref)
	return nil
}

// Close writes the file, unless it has been streamed, and frees what was put
// aside. It does not close the writer.
func (e *Encoder) Close() error {
	if e.closed {
		return e.err
	}
	e.closed = true
	defer e.spool.free()
	switch {
	case e.err != nil:
	case e.opts.Stream, len(e.positions) == 0:
		e.err = e.begin(summary{bounds: packedrtree.EmptyBox})
	default:
		e.err = e.writeIndexed()
	}
	return e.err
}

// writeIndexed writes header, index and features.
func (e *Encoder) writeIndexed() error {
	s := summary{count: uint64(len(e.positions)), nodeSize: nodeSize, bounds: e.bounds, geometry: e.geometry}
	if e.mixed {
		s.geometry = flat.GeometryTypeUnknown
	}
	if err := e.begin(s); err != nil {
		return err
	}
	packedrtree.HilbertSort(e.located, e.bounds)
	refs := append(e.located, e.others...)
	order := make([]int, len(refs))
	e.positions = append(e.positions, e.spool.size())
	var offset int64
	for i := range refs {
		order[i] = int(refs[i].Offset)
		refs[i].Offset = offset
		offset += e.positions[order[i]+1] - e.positions[order[i]]
	}
	index, err := packedrtree.New(refs, nodeSize)
	if err != nil {
		return fmt.Errorf("encode FlatGeobuf: index: %w", err)
	}
	if _, err := e.file.Index(index); err != nil {
		return err
	}
	return e.writeFeatures(order)
}

// writeFeatures writes what was put aside in the given order.
func (e *Encoder) writeFeatures(order []int) error {
	for _, i := range order {
		table, err := e.spool.read(e.positions[i], e.positions[i+1])
		if err != nil {
			return err
		}
		if _, err := e.file.Data([]flat.Feature{*flat.GetSizePrefixedRootAsFeature(table, 0)}); err != nil {
			return err
		}
	}
	return nil
}
