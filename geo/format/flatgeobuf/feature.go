package flatgeobuf

import (
	"encoding/binary"
	"fmt"
	"math"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"

	"github.com/gogama/flatgeobuf/flatgeobuf/flat"

	"demarc/geo"
)

// feature returns f, whose geometry is given with east first, as a
// size-prefixed table. The bytes are the builder's, until its next use.
func (e *Encoder) feature(f *geo.Feature, g orb.Geometry) ([]byte, error) {
	var err error
	e.properties = e.properties[:0]
	if !e.hasID {
		e.properties = appendString(appendColumn(e.properties, 0), f.ID)
	}
	for i, v := range f.Values {
		if e.properties, err = e.appendProperty(e.properties, i, v); err != nil {
			return nil, fmt.Errorf("encode FlatGeobuf: feature %s: %w", f.ID, err)
		}
	}
	b := e.builder
	b.Reset()
	properties := b.CreateByteVector(e.properties)
	var geometry flatbuffers.UOffsetT
	if g != nil {
		geometry = appendGeometry(b, g)
	}
	flat.FeatureStart(b)
	if g != nil {
		flat.FeatureAddGeometry(b, geometry)
	}
	flat.FeatureAddProperties(b, properties)
	flat.FinishSizePrefixedFeatureBuffer(b, flat.FeatureEnd(b))
	return b.FinishedBytes(), nil
}

// appendProperty appends the value of the schema's i-th field.
func (e *Encoder) appendProperty(dst []byte, i int, v geo.Value) ([]byte, error) {
	if v.IsNull() {
		return dst, nil
	}
	column := i
	if !e.hasID {
		column++
	}
	field := &e.sc.Fields[i]
	dst, ok := appendValue(appendColumn(dst, column), v, field.Type)
	if !ok {
		return dst, fmt.Errorf("the field %s has %q where a %v belongs", field.Name, v.Text(), field.Type)
	}
	return dst, nil
}

// appendValue appends a value that is not null; false where it is not of the
// type.
func appendValue(dst []byte, v geo.Value, t geo.Type) ([]byte, bool) {
	switch t {
	case geo.Integer:
		n, ok := v.Int()
		return binary.LittleEndian.AppendUint64(dst, uint64(n)), ok
	case geo.Number:
		x, ok := v.Float()
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(x)), ok
	case geo.Boolean:
		b, ok := v.Bool()
		if b {
			return append(dst, 1), ok
		}
		return append(dst, 0), ok
	case geo.Date, geo.DateTime:
		_, precision, ok := v.Unix()
		return appendString(dst, v.Text()), ok && (precision == geo.PrecisionDay) == (t == geo.Date)
	case geo.StringList:
		_, ok := v.List()
		return appendString(dst, string(v.AppendJSON(nil))), ok
	}
	s, ok := v.Str()
	return appendString(dst, s), ok
}

func appendColumn(dst []byte, i int) []byte {
	return binary.LittleEndian.AppendUint16(dst, uint16(i))
}

func appendString(dst []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// typeOf returns FlatGeobuf's type of a geometry.
func typeOf(g orb.Geometry) flat.GeometryType {
	switch g.(type) {
	case orb.Point:
		return flat.GeometryTypePoint
	case orb.MultiPoint:
		return flat.GeometryTypeMultiPoint
	case orb.LineString:
		return flat.GeometryTypeLineString
	case orb.MultiLineString:
		return flat.GeometryTypeMultiLineString
	case orb.Polygon, orb.Ring, orb.Bound:
		return flat.GeometryTypePolygon
	case orb.MultiPolygon:
		return flat.GeometryTypeMultiPolygon
	case orb.Collection:
		return flat.GeometryTypeGeometryCollection
	}
	return flat.GeometryTypeUnknown
}

// appendGeometry appends the table of g.
func appendGeometry(b *flatbuffers.Builder, g orb.Geometry) flatbuffers.UOffsetT {
	switch g := g.(type) {
	case orb.Point:
		return appendFlat(b, typeOf(g), []orb.Point{g})
	case orb.MultiPoint:
		return appendFlat(b, typeOf(g), g)
	case orb.LineString:
		return appendFlat(b, typeOf(g), g)
	case orb.MultiLineString:
		return appendFlat(b, typeOf(g), g...)
	case orb.Polygon:
		return appendFlat(b, typeOf(g), g...)
	case orb.Ring:
		return appendFlat(b, typeOf(g), g)
	case orb.Bound:
		return appendGeometry(b, g.ToPolygon())
	case orb.MultiPolygon:
		return appendParts(b, typeOf(g), g)
	case orb.Collection:
		return appendParts(b, typeOf(g), g)
	}
	return appendFlat[orb.LineString](b, flat.GeometryTypeUnknown)
}

// appendFlat appends a geometry whose coordinates are one flat array, in parts
// that the array of ends tells apart. One part needs no ends.
func appendFlat[L ~[]orb.Point](b *flatbuffers.Builder, t flat.GeometryType, parts ...L) flatbuffers.UOffsetT {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	flat.GeometryStartXyVector(b, 2*n)
	for i := len(parts) - 1; i >= 0; i-- {
		for j := len(parts[i]) - 1; j >= 0; j-- {
			b.PrependFloat64(parts[i][j][1])
			b.PrependFloat64(parts[i][j][0])
		}
	}
	xy := b.EndVector(2 * n)
	var ends flatbuffers.UOffsetT
	if len(parts) > 1 {
		flat.GeometryStartEndsVector(b, len(parts))
		for i, end := len(parts)-1, n; i >= 0; i-- {
			b.PrependUint32(uint32(end))
			end -= len(parts[i])
		}
		ends = b.EndVector(len(parts))
	}
	flat.GeometryStart(b)
	if ends != 0 {
		flat.GeometryAddEnds(b, ends)
	}
	flat.GeometryAddXy(b, xy)
	flat.GeometryAddType(b, t)
	return flat.GeometryEnd(b)
}

// appendParts appends a geometry that is made of geometries.
func appendParts[G orb.Geometry](b *flatbuffers.Builder, t flat.GeometryType, parts []G) flatbuffers.UOffsetT {
	offsets := make([]flatbuffers.UOffsetT, len(parts))
	for i, p := range parts {
		offsets[i] = appendGeometry(b, p)
	}
	flat.GeometryStartPartsVector(b, len(offsets))
	for i := len(offsets) - 1; i >= 0; i-- {
		b.PrependUOffsetT(offsets[i])
	}
	vector := b.EndVector(len(offsets))
	flat.GeometryStart(b)
	flat.GeometryAddParts(b, vector)
	flat.GeometryAddType(b, t)
	return flat.GeometryEnd(b)
}
