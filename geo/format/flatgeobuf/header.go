package flatgeobuf

import (
	flatbuffers "github.com/google/flatbuffers/go"

	"github.com/gogama/flatgeobuf/flatgeobuf/flat"
	"github.com/gogama/flatgeobuf/packedrtree"

	"demarc/geo"
	"demarc/geo/crs"
)

// columnTypes are FlatGeobuf's types, by geo.Type.
var columnTypes = [...]flat.ColumnType{
	geo.String: flat.ColumnTypeString, geo.Integer: flat.ColumnTypeLong, geo.Number: flat.ColumnTypeDouble,
	geo.Boolean: flat.ColumnTypeBool, geo.Date: flat.ColumnTypeDateTime, geo.DateTime: flat.ColumnTypeDateTime,
	geo.StringList: flat.ColumnTypeJson,
}

// summary is what the header tells of the features.
type summary struct {
	count    uint64 // 0 where it is not known
	nodeSize uint16 // 0 where there is no index
	geometry flat.GeometryType
	bounds   packedrtree.Box
}

// header returns the file's header table.
func (e *Encoder) header(s summary) *flat.Header {
	b := flatbuffers.NewBuilder(4096)
	columns := e.columns(b)
	name, title, description := b.CreateString(e.sc.Collection), b.CreateString(e.opts.Title), b.CreateString(e.opts.Description)
	system := appendCRS(b, e.opts.CRS)
	var envelope flatbuffers.UOffsetT
	if s.bounds.XMin <= s.bounds.XMax {
		flat.HeaderStartEnvelopeVector(b, 4)
		for _, x := range []float64{s.bounds.YMax, s.bounds.XMax, s.bounds.YMin, s.bounds.XMin} {
			b.PrependFloat64(x)
		}
		envelope = b.EndVector(4)
	}
	flat.HeaderStart(b)
	flat.HeaderAddName(b, name)
	if e.opts.Title != "" {
		flat.HeaderAddTitle(b, title)
	}
	if e.opts.Description != "" {
		flat.HeaderAddDescription(b, description)
	}
	if envelope != 0 {
		flat.HeaderAddEnvelope(b, envelope)
	}
	flat.HeaderAddGeometryType(b, s.geometry)
	flat.HeaderAddColumns(b, columns)
	flat.HeaderAddFeaturesCount(b, s.count)
	flat.HeaderAddIndexNodeSize(b, s.nodeSize)
	flat.HeaderAddCrs(b, system)
	flat.FinishSizePrefixedHeaderBuffer(b, flat.HeaderEnd(b))
	return flat.GetSizePrefixedRootAsHeader(b.FinishedBytes(), 0)
}

// columns appends the vector of the columns.
func (e *Encoder) columns(b *flatbuffers.Builder) flatbuffers.UOffsetT {
	var offsets []flatbuffers.UOffsetT
	if !e.hasID {
		offsets = append(offsets, column(b, &geo.Field{Name: e.opts.ID, Title: "Identifier"}))
	}
	for i := range e.sc.Fields {
		offsets = append(offsets, column(b, &e.sc.Fields[i]))
	}
	flat.HeaderStartColumnsVector(b, len(offsets))
	for i := len(offsets) - 1; i >= 0; i-- {
		b.PrependUOffsetT(offsets[i])
	}
	return b.EndVector(len(offsets))
}

func column(b *flatbuffers.Builder, f *geo.Field) flatbuffers.UOffsetT {
	name, title, doc := b.CreateString(f.Name), b.CreateString(f.Title), b.CreateString(f.Doc)
	metadata := b.CreateString(columnMetadata(f))
	flat.ColumnStart(b)
	flat.ColumnAddName(b, name)
	flat.ColumnAddType(b, columnTypes[f.Type])
	if f.Title != "" {
		flat.ColumnAddTitle(b, title)
	}
	if f.Doc != "" {
		flat.ColumnAddDescription(b, doc)
	}
	flat.ColumnAddMetadata(b, metadata)
	return flat.ColumnEnd(b)
}

// columnMetadata returns, as JSON, the type and unit that a column's own type
// does not tell.
func columnMetadata(f *geo.Field) string {
	text := geo.AppendJSONString([]byte(`{"type":`), f.Type.String())
	if f.Unit != "" {
		text = geo.AppendJSONString(append(text, `,"unit":`...), f.Unit)
	}
	return string(append(text, '}'))
}

// appendCRS appends the table of the CRS, by its EPSG code.
func appendCRS(b *flatbuffers.Builder, c crs.CRS) flatbuffers.UOffsetT {
	if c == crs.CRS84 {
		c = crs.EPSG4326 // the same, since coordinates stand east first here
	}
	org, name := b.CreateString("EPSG"), b.CreateString(c.Name())
	flat.CrsStart(b)
	flat.CrsAddOrg(b, org)
	flat.CrsAddCode(b, int32(c.Code()))
	flat.CrsAddName(b, name)
	return flat.CrsEnd(b)
}
