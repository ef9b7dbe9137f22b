package flatgeobuf

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/gogama/flatgeobuf/flatgeobuf/flat"

	"demarc/geo"
)

// properties reads pairs of a column's number and a value into values.
func (f *File) properties(b []byte, values []geo.Value) error {
	for len(b) > 0 {
		if len(b) < 2 {
			return fmt.Errorf("has properties that end too early")
		}
		i := int(binary.LittleEndian.Uint16(b))
		if i >= len(f.Columns) {
			return fmt.Errorf("has a value in column %d, and the file has %d", i, len(f.Columns))
		}
		c := &f.Columns[i]
		v, size, err := c.value(b[2:])
		switch {
		case err != nil:
			return fmt.Errorf("has in %s a value that %w", c.Name, err)
		case !values[i].IsNull():
			return fmt.Errorf("has two values in %s", c.Name)
		}
		values[i] = v
		b = b[2+size:]
	}
	return nil
}

// widths are the sizes in bytes of values that are no texts.
var widths = map[flat.ColumnType]int{
	flat.ColumnTypeByte: 1, flat.ColumnTypeUByte: 1, flat.ColumnTypeBool: 1, flat.ColumnTypeShort: 2, flat.ColumnTypeUShort: 2,
	flat.ColumnTypeInt: 4, flat.ColumnTypeUInt: 4, flat.ColumnTypeFloat: 4, flat.ColumnTypeLong: 8, flat.ColumnTypeULong: 8, flat.ColumnTypeDouble: 8,
}

// value reads the value at the beginning of b, and says how long it is.
func (c *Column) value(b []byte) (geo.Value, int, error) {
	size, plain := widths[c.stored]
	if !plain {
		return c.text(b)
	}
	if len(b) < size {
		return geo.Value{}, 0, errShort
	}
	var wide [8]byte
	copy(wide[:], b[:size])
	n := binary.LittleEndian.Uint64(wide[:])
	switch c.stored {
	case flat.ColumnTypeBool:
		if n > 1 {
			return geo.Value{}, 0, fmt.Errorf("is %d, neither true nor false", n)
		}
		return geo.BoolValue(n == 1), size, nil
	case flat.ColumnTypeFloat:
		return geo.NumberValue(float64(math.Float32frombits(uint32(n)))), size, nil
	case flat.ColumnTypeDouble:
		return geo.NumberValue(math.Float64frombits(n)), size, nil
	case flat.ColumnTypeByte:
		return geo.IntValue(int64(int8(n))), size, nil
	case flat.ColumnTypeShort:
		return geo.IntValue(int64(int16(n))), size, nil
	case flat.ColumnTypeInt:
		return geo.IntValue(int64(int32(n))), size, nil
	}
	if c.stored == flat.ColumnTypeULong && n > math.MaxInt64 {
		return geo.Value{}, 0, fmt.Errorf("is %d, more than 64 bits with a sign hold", n)
	}
	return geo.IntValue(int64(n)), size, nil
}

// text reads a text, or passes over bytes, with its size before it.
func (c *Column) text(b []byte) (geo.Value, int, error) {
	text, _, err := prefixed(b)
	switch {
	case err != nil:
		return geo.Value{}, 0, err
	case c.Binary:
		return geo.Value{}, 4 + len(text), nil
	case !utf8.Valid(text):
		return geo.Value{}, 0, fmt.Errorf("is not UTF-8")
	case c.stored == flat.ColumnTypeJson && !json.Valid(text):
		return geo.Value{}, 0, fmt.Errorf("is not JSON")
	}
	return geo.StringValue(string(text)), 4 + len(text), nil
}

// maxDepth is how deep geometries may stand in each other: a polygon in a
// multi-polygon in a collection in a collection.
const maxDepth = 4

// shapeReader reads the geometry of one feature. Tables can lead to the same
// bytes many times over; left is how many bytes there can be besides
// those read so far.
type shapeReader struct{ left int }

// shape reads a geometry of the type, or of its own where that is Unknown; nil
// for an empty one.
func (r *shapeReader) shape(g *flat.Geometry, t flat.GeometryType, depth int) (orb.Geometry, error) {
	if t == flat.GeometryTypeUnknown {
		t = g.Type()
	}
	switch t {
	case flat.GeometryTypeMultiPolygon, flat.GeometryTypeGeometryCollection:
		return r.members(g, t, depth)
	case flat.GeometryTypePoint, flat.GeometryTypeMultiPoint, flat.GeometryTypeLineString, flat.GeometryTypeMultiLineString, flat.GeometryTypePolygon:
	default:
		return nil, fmt.Errorf("has a geometry of the type %v, which is not read; make lines and polygons of it (ogr2ogr -nlt CONVERT_TO_LINEAR)", t)
	}
	ps, err := r.positions(g)
	if err != nil || len(ps) == 0 {
		return nil, err
	}
	switch t {
	case flat.GeometryTypePoint:
		if len(ps) > 1 {
			return nil, fmt.Errorf("has a point with %d positions", len(ps))
		}
		if math.IsNaN(ps[0][0]) && math.IsNaN(ps[0][1]) {
			return nil, nil // an empty one
		}
		return ps[0], nil
	case flat.GeometryTypeMultiPoint:
		return orb.MultiPoint(ps), nil
	case flat.GeometryTypeLineString:
		return orb.LineString(ps), nil
	}
	return r.parted(g, t, ps)
}

// positions reads the coordinates of a geometry, without heights and measures.
func (r *shapeReader) positions(g *flat.Geometry) ([]orb.Point, error) {
	n := g.XyLength()
	if n%2 != 0 {
		return nil, fmt.Errorf("has an odd number of coordinates")
	}
	if r.left -= 8 * n; r.left < 0 {
		return nil, errDamaged
	}
	ps := make([]orb.Point, n/2)
	for i := range ps {
		ps[i] = orb.Point{g.Xy(2 * i), g.Xy(2*i + 1)}
	}
	return ps, nil
}

// parted cuts positions into the lines or rings that end where g says.
func (r *shapeReader) parted(g *flat.Geometry, t flat.GeometryType, ps []orb.Point) (orb.Geometry, error) {
	if r.left -= 4 * g.EndsLength(); r.left < 0 {
		return nil, errDamaged
	}
	var lines orb.MultiLineString
	from := 0
	for i := range g.EndsLength() {
		to := int(g.Ends(i))
		if to < from || to > len(ps) {
			return nil, fmt.Errorf("has a line that ends at position %d of %d", to, len(ps))
		}
		if to > from {
			lines = append(lines, ps[from:to:to])
		}
		from = to
	}
	switch {
	case g.EndsLength() == 0:
		lines = orb.MultiLineString{ps}
	case from != len(ps):
		return nil, fmt.Errorf("has %d positions behind its last line", len(ps)-from)
	}
	if t == flat.GeometryTypeMultiLineString {
		return lines, nil
	}
	rings := make(orb.Polygon, len(lines))
	for i := range lines {
		rings[i] = orb.Ring(lines[i])
	}
	return rings, nil
}

// members reads a geometry that is made of geometries, without the empty ones.
func (r *shapeReader) members(g *flat.Geometry, t flat.GeometryType, depth int) (orb.Geometry, error) {
	if depth == maxDepth {
		return nil, fmt.Errorf("has geometries more than %d deep in each other", maxDepth)
	}
	of := flat.GeometryTypeUnknown
	if t == flat.GeometryTypeMultiPolygon {
		of = flat.GeometryTypePolygon
	}
	n := g.PartsLength()
	if r.left -= 4 * n; r.left < 0 {
		return nil, errDamaged
	}
	var polygons orb.MultiPolygon
	var all orb.Collection
	for i := range n {
		var part flat.Geometry
		g.Parts(&part, i)
		member, err := r.shape(&part, of, depth+1)
		if err != nil {
			return nil, err
		}
		switch member := member.(type) {
		case nil:
		case orb.Polygon:
			polygons, all = append(polygons, member), append(all, member)
		default:
			all = append(all, member)
		}
	}
	switch {
	case len(all) == 0:
		return nil, nil
	case t == flat.GeometryTypeMultiPolygon:
		return polygons, nil
	}
	return all, nil
}
