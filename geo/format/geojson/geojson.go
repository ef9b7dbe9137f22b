// Package geojson writes geo.Feature as GeoJSON (RFC 7946): positions are lon,
// lat in degrees, no crs member, null for a geometry that is not known.
//
// It appends to a buffer of the caller's and keeps nothing, so it is safe for
// concurrent use.
package geojson

import (
	"bytes"
	"strconv"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// MediaType is GeoJSON's media type (RFC 7946 §12).
const MediaType = "application/geo+json"

// AppendFeature appends f as a GeoJSON Feature and returns the buffer and the
// offset, within what was appended, of the brace that ends "properties": a
// caller can put more properties there. Null properties are written as null so
// that every feature of a collection has the same members. The cost grows with
// the feature alone.
func AppendFeature(dst []byte, sc *geo.Schema, f *geo.Feature) (out []byte, propertiesEnd int) {
	start := len(dst)
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = geo.AppendJSONString(dst, f.ID)
	dst = append(dst, `,"geometry":`...)
	dst = AppendGeometry(dst, f.Geometry)
	dst = append(dst, `,"properties":{`...)
	for i := range sc.Fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = geo.AppendJSONString(dst, sc.Fields[i].Name)
		dst = append(dst, ':')
		dst = AppendProperty(dst, f.Values[i])
	}
	end := len(dst) - start
	return append(dst, "}}"...), end
}

// AppendProperty appends a property's value. A list becomes text, its members
// joined by "; ": attribute tables of GIS tools hold no arrays (GDAL 3.6 warns of
// misconversion and writes "(1:KG)" into a GeoPackage). A number that happens to
// be whole is written as 300.0: readers without a schema, as QGIS 3.22, take a
// column for integers whose first page has only such, and lose what comes after.
func AppendProperty(dst []byte, v geo.Value) []byte {
	if _, isList := v.List(); isList {
		return geo.AppendJSONString(dst, v.Text())
	}
	start := len(dst)
	dst = v.AppendJSON(dst)
	if _, isInt := v.Int(); !isInt {
		if _, isNumber := v.Float(); isNumber && bytes.IndexByte(dst[start:], '.') < 0 {
			dst = append(dst, ".0"...)
		}
	}
	return dst
}

// AppendGeometry appends g as a GeoJSON geometry (RFC 7946 §3.1), and null for
// nil. A ring becomes a polygon, a bound the polygon round it.
func AppendGeometry(dst []byte, g orb.Geometry) []byte {
	switch g := g.(type) {
	case orb.Point:
		return append(appendPosition(open(dst, "Point"), g), '}')
	case orb.MultiPoint:
		return append(appendPositions(open(dst, "MultiPoint"), g), '}')
	case orb.LineString:
		return append(appendPositions(open(dst, "LineString"), g), '}')
	case orb.MultiLineString:
		return append(appendEach(open(dst, "MultiLineString"), g, appendPositions[orb.LineString]), '}')
	case orb.Ring:
		return AppendGeometry(dst, orb.Polygon{g})
	case orb.Bound:
		return AppendGeometry(dst, g.ToPolygon())
	case orb.Polygon:
		return append(appendPolygon(open(dst, "Polygon"), g), '}')
	case orb.MultiPolygon:
		return append(appendEach(open(dst, "MultiPolygon"), g, appendPolygon), '}')
	case orb.Collection:
		dst = append(dst, `{"type":"GeometryCollection","geometries":`...)
		return append(appendEach(dst, g, AppendGeometry), '}')
	}
	return append(dst, "null"...)
}

// open begins a geometry object of the named type.
func open(dst []byte, name string) []byte {
	dst = append(dst, `{"type":"`...)
	dst = append(dst, name...)
	return append(dst, `","coordinates":`...)
}

func appendPolygon(dst []byte, p orb.Polygon) []byte {
	return appendEach(dst, p, appendPositions[orb.Ring])
}

func appendPositions[T ~[]orb.Point](dst []byte, ps T) []byte {
	return appendEach(dst, ps, appendPosition)
}

// appendEach appends a JSON array, each member by add.
func appendEach[T any](dst []byte, members []T, add func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = add(dst, m)
	}
	return append(dst, ']')
}

func appendPosition(dst []byte, p orb.Point) []byte {
	dst = append(dst, '[')
	dst = strconv.AppendFloat(dst, p[0], 'f', -1, 64)
	dst = append(dst, ',')
	dst = strconv.AppendFloat(dst, p[1], 'f', -1, 64)
	return append(dst, ']')
}
