package flatgeobuf_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	fgb "github.com/gogama/flatgeobuf/flatgeobuf"
	"github.com/gogama/flatgeobuf/flatgeobuf/flat"

	"demarc/geo"
	"demarc/geo/format/flatgeobuf"
)

// encode returns what an encoder writes for the features.
func encode(t testing.TB, sc *geo.Schema, opts flatgeobuf.Options, fs ...geo.Feature) []byte {
	t.Helper()
	b, err := tryEncode(sc, opts, fs)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tryEncode(sc *geo.Schema, opts flatgeobuf.Options, fs []geo.Feature) ([]byte, error) {
	var b bytes.Buffer
	e := flatgeobuf.NewEncoder(&b, sc, opts)
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			return nil, err
		}
	}
	err := e.Close()
	return b.Bytes(), err
}

// file is a FlatGeobuf file as the module's reader sees it.
type file struct {
	header   *flat.Header
	features []flat.Feature
}

func read(b []byte) (file, error) {
	r := fgb.NewFileReader(bytes.NewReader(b))
	header, err := r.Header()
	if err != nil {
		return file{}, err
	}
	features, err := r.DataRem()
	return file{header, features}, err
}

// feature reads the i-th feature back: columns 1 and on are the schema's.
func (f file) feature(i int, sc *geo.Schema) (geo.Feature, error) {
	table := f.features[i]
	out := geo.Feature{Values: make([]geo.Value, len(sc.Fields))}
	var g flat.Geometry
	if table.Geometry(&g) != nil {
		out.Geometry = shapeOf(&g)
	}
	for rest := table.PropertiesBytes(); len(rest) > 0; {
		column := int(binary.LittleEndian.Uint16(rest))
		rest = rest[2:]
		t := geo.String
		if column > 0 {
			t = sc.Fields[column-1].Type
		}
		v, n, err := property(rest, t)
		if err != nil {
			return out, err
		}
		rest = rest[n:]
		if column == 0 {
			out.ID, _ = v.Str()
		} else {
			out.Values[column-1] = v
		}
	}
	return out, nil
}

// property reads one value and tells how many bytes it took.
func property(b []byte, t geo.Type) (geo.Value, int, error) {
	switch t {
	case geo.Integer:
		return geo.IntValue(int64(binary.LittleEndian.Uint64(b))), 8, nil
	case geo.Number:
		return geo.NumberValue(math.Float64frombits(binary.LittleEndian.Uint64(b))), 8, nil
	case geo.Boolean:
		return geo.BoolValue(b[0] == 1), 1, nil
	}
	n := 4 + int(binary.LittleEndian.Uint32(b))
	text := string(b[4:n])
	if t == geo.StringList {
		var ss []string
		err := json.Unmarshal([]byte(text), &ss)
		return geo.ListValue(ss), n, err
	}
	v, err := geo.ParseValue(text, &geo.Field{Type: t})
	return v, n, err
}

// shapeOf reads a geometry.
func shapeOf(g *flat.Geometry) orb.Geometry {
	var ps []orb.Point
	for i := 0; i+1 < g.XyLength(); i += 2 {
		ps = append(ps, orb.Point{g.Xy(i), g.Xy(i + 1)})
	}
	parts := [][]orb.Point{ps}
	if n := g.EndsLength(); n > 0 {
		parts = nil
		for i, from := 0, uint32(0); i < n; i++ {
			parts = append(parts, ps[from:g.Ends(i)])
			from = g.Ends(i)
		}
	}
	var members orb.Collection
	for i := range g.PartsLength() {
		var part flat.Geometry
		g.Parts(&part, i)
		members = append(members, shapeOf(&part))
	}
	switch g.Type() {
	case flat.GeometryTypePoint:
		return ps[0]
	case flat.GeometryTypeMultiPoint:
		return orb.MultiPoint(ps)
	case flat.GeometryTypeLineString:
		return orb.LineString(ps)
	case flat.GeometryTypeMultiLineString:
		var out orb.MultiLineString
		for _, p := range parts {
			out = append(out, p)
		}
		return out
	case flat.GeometryTypePolygon:
		var out orb.Polygon
		for _, p := range parts {
			out = append(out, p)
		}
		return out
	case flat.GeometryTypeMultiPolygon:
		var out orb.MultiPolygon
		for _, m := range members {
			out = append(out, m.(orb.Polygon))
		}
		return out
	case flat.GeometryTypeGeometryCollection:
		return members
	}
	panic(fmt.Sprintf("geometry type %v", g.Type()))
}
