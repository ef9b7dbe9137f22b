package flatgeobuf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"unicode/utf8"

	"github.com/gogama/flatgeobuf/flatgeobuf/flat"

	"demarc/geo"
	"demarc/geo/crs"
)

// Magic is how a file begins; the eighth byte, a patch version, may differ.
const Magic = "fgb\x03fgb"

// File is a whole file in memory. Its bytes are not changed, and shared by
// nothing that Each gives out.
type File struct {
	Name, Title, Description string
	Columns                  []Column
	// UnknownCRS names the coordinate reference system where it is none of
	// geo/crs; empty where it is, and where the file names none, which is taken
	// for longitude and latitude on WGS 84.
	UnknownCRS string

	crs      crs.CRS
	geometry flat.GeometryType
	counted  bool // whether the header says how many features there are
	count    uint64
	features []byte
	start    int // of features, in the file
}

// Column is one column of a file. Its values are of the type; those of DateTime
// columns and of StringList columns (JSON) are the texts that stand there, since
// neither says what they are.
type Column struct {
	Name, Title, Description string
	Type                     geo.Type
	Binary                   bool // it holds bytes, which are not read: its values are null

	stored flat.ColumnType
}

var (
	errDamaged = errors.New("is damaged: it leads to bytes that are not there")
	errShort   = errors.New("ends too early")
)

// guarded runs a function that follows the offsets of a table. The module for
// tables checks none of them: one that leads out of the bytes is a panic of the
// runtime, which is an error here.
func guarded(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(runtime.Error); !ok {
				panic(p)
			}
			err = errDamaged
		}
	}()
	return read()
}

// Open reads what stands before the features. Its error says what is wrong,
// without the file's name.
func Open(b []byte) (*File, error) {
	if len(b) < 8 || string(b[:7]) != Magic {
		return nil, fmt.Errorf("does not begin as FlatGeobuf 3 does")
	}
	table, rest, err := prefixed(b[8:])
	if err != nil {
		return nil, fmt.Errorf("the header %w", err)
	}
	f := &File{}
	var nodeSize uint16
	err = guarded(func() error {
		h := flat.GetRootAsHeader(table, 0)
		f.Name, f.Title, f.Description = string(h.Name()), string(h.Title()), string(h.Description())
		f.geometry, f.count, nodeSize = h.GeometryType(), h.FeaturesCount(), h.IndexNodeSize()
		f.counted = f.count > 0
		f.readCRS(h.Crs(nil))
		return f.readColumns(h, len(table))
	})
	if err != nil {
		return nil, fmt.Errorf("the header %w", err)
	}
	if f.features, err = behindIndex(rest, f.count, nodeSize); err != nil {
		return nil, err
	}
	f.start = len(b) - len(f.features)
	return f, nil
}

// prefixed cuts a table off that has its size before it.
func prefixed(b []byte) (table, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errShort
	}
	size := binary.LittleEndian.Uint32(b)
	if uint64(size) > uint64(len(b)-4) {
		return nil, nil, errShort
	}
	return b[4 : 4+size], b[4+size:], nil
}

// behindIndex returns what follows the index: count leaves and the nodes above
// them, 40 bytes each, where a node has so many children.
func behindIndex(b []byte, count uint64, children uint16) ([]byte, error) {
	if children == 0 || count == 0 {
		return b, nil
	}
	if children == 1 || count > uint64(len(b)/40) {
		return nil, fmt.Errorf("the index %w", errShort)
	}
	nodes := count
	for level := count; ; {
		level = (level + uint64(children) - 1) / uint64(children)
		nodes += level
		if level <= 1 {
			break
		}
	}
	if nodes > uint64(len(b)/40) {
		return nil, fmt.Errorf("the index %w", errShort)
	}
	return b[40*nodes:], nil
}

// readCRS notes the CRS. Its coordinates stand with east first.
func (f *File) readCRS(c *flat.Crs) {
	if c == nil || c.Code() == 0 && len(c.CodeString())+len(c.Wkt()) == 0 {
		return
	}
	org := string(c.Org())
	if org == "" {
		org = "EPSG"
	}
	name := org + ":" + strconv.Itoa(int(c.Code()))
	if c.Code() == 0 {
		name = org + ":" + string(c.CodeString())
	}
	var err error
	if f.crs, err = crs.Parse(name); err != nil {
		f.UnknownCRS = name + ", " + string(c.Name())
	}
}

// columnKinds are the types of values that are read, by FlatGeobuf's.
var columnKinds = map[flat.ColumnType]geo.Type{
	flat.ColumnTypeByte: geo.Integer, flat.ColumnTypeUByte: geo.Integer, flat.ColumnTypeShort: geo.Integer, flat.ColumnTypeUShort: geo.Integer,
	flat.ColumnTypeInt: geo.Integer, flat.ColumnTypeUInt: geo.Integer, flat.ColumnTypeLong: geo.Integer, flat.ColumnTypeULong: geo.Integer,
	flat.ColumnTypeFloat: geo.Number, flat.ColumnTypeDouble: geo.Number, flat.ColumnTypeBool: geo.Boolean,
	flat.ColumnTypeString: geo.String, flat.ColumnTypeJson: geo.StringList, flat.ColumnTypeDateTime: geo.DateTime, flat.ColumnTypeBinary: geo.String,
}

// readColumns reads what the columns are; size is that of the header.
func (f *File) readColumns(h *flat.Header, size int) error {
	n := h.ColumnsLength()
	if n > size/4 {
		return errDamaged
	}
	names := map[string]bool{}
	for i := range n {
		var c flat.Column
		h.Columns(&c, i)
		kind, known := columnKinds[c.Type()]
		name := string(c.Name())
		switch {
		case !known:
			return fmt.Errorf("has the column %q of the type %d, which there is not", name, c.Type())
		case !utf8.ValidString(name):
			return fmt.Errorf("has the column %q, whose name is not UTF-8", name)
		case names[name]:
			return fmt.Errorf("has two columns called %q", name)
		}
		names[name] = true
		f.Columns = append(f.Columns, Column{name, string(c.Title()), string(c.Description()), kind, c.Type() == flat.ColumnTypeBinary, c.Type()})
	}
	return nil
}

// Each calls visit with every feature: its number from 1 on, its offset in the
// file, its values by the columns, and its geometry in CRS84, nil for none and
// for an empty one. Where err is not nil that feature could not be read; the
// next ones are visited all the same. Features have no ID in this format.
//
// The error says what is wrong with the file as a whole. No more is allocated
// than what the bytes at hand can hold.
func (f *File) Each(visit func(number, offset int, ft geo.Feature, err error)) error {
	rest := f.features
	for number := 1; ; number++ {
		switch all := uint64(number-1) == f.count; {
		case f.counted && all && len(rest) > 0:
			return fmt.Errorf("goes on for %d bytes behind its %d features", len(rest), f.count)
		case f.counted && all, !f.counted && len(rest) == 0:
			return nil
		}
		offset := f.start + len(f.features) - len(rest)
		table, next, err := prefixed(rest)
		if err != nil {
			return fmt.Errorf("%w: feature %d is not whole", errShort, number)
		}
		rest = next
		var ft geo.Feature
		err = guarded(func() (err error) {
			ft, err = f.feature(table)
			return err
		})
		visit(number, offset, ft, err)
	}
}

// feature reads one feature.
func (f *File) feature(table []byte) (ft geo.Feature, err error) {
	t := flat.GetRootAsFeature(table, 0)
	if t.ColumnsLength() > 0 {
		return ft, fmt.Errorf("has columns of its own, which are not read")
	}
	ft.Values = make([]geo.Value, len(f.Columns))
	if err := f.properties(t.PropertiesBytes(), ft.Values); err != nil {
		return ft, err
	}
	var g flat.Geometry
	if t.Geometry(&g) == nil || f.UnknownCRS != "" {
		return ft, nil
	}
	r := &shapeReader{left: len(table)}
	shape, err := r.shape(&g, f.geometry, 0)
	if err != nil || shape == nil || f.crs == crs.CRS84 || f.crs == crs.EPSG4326 {
		ft.Geometry = shape
		return ft, err
	}
	ft.Geometry, err = f.crs.ToCRS84(f.crs.EastFirst(shape))
	return ft, err
}
