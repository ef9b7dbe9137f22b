package gpkg

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"demarc/geo"
)

// The flags of a blob's header (OGC 12-128r19 §2.1.3.1, table 6).
const (
	littleEndian = 0x01
	withEnvelope = 0x02 // min x, max x, min y, max y
	emptyFlag    = 0x10
)

// AppendGeometry appends g, whose coordinates have the longitude or easting
// first, as a geometry blob (OGC 12-128r19 §2.1.3) that names the spatial
// reference system srsID. What is not a point has an envelope, so that readers
// can skip it. The error is for what well-known binary cannot say; a nil
// geometry is no blob but NULL.
func AppendGeometry(dst []byte, g orb.Geometry, srsID int32) ([]byte, error) {
	body, err := wkb.Marshal(g, binary.LittleEndian)
	if err != nil || body == nil {
		return dst, fmt.Errorf("write %T as a GeoPackage geometry: %w", g, err)
	}
	flags := byte(littleEndian)
	box := geo.BBoxOf(g)
	_, isPoint := g.(orb.Point)
	switch {
	case box.IsEmpty():
		flags |= emptyFlag
	case !isPoint:
		flags |= withEnvelope
	}
	dst = append(dst, 'G', 'P', 0, flags)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(srsID))
	if flags&withEnvelope != 0 {
		for _, x := range []float64{box.West, box.East, box.South, box.North} {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
		}
	}
	return append(dst, body...), nil
}

// TypeOf returns the name of a geometry's type (OGC 12-128r19 annex G): what
// stands in gpkg_geometry_columns. Empty for nil.
func TypeOf(g orb.Geometry) string {
	switch g.(type) {
	case nil:
		return ""
	case orb.Point:
		return "POINT"
	case orb.MultiPoint:
		return "MULTIPOINT"
	case orb.LineString:
		return "LINESTRING"
	case orb.MultiLineString:
		return "MULTILINESTRING"
	case orb.Polygon, orb.Ring, orb.Bound:
		return "POLYGON"
	case orb.MultiPolygon:
		return "MULTIPOLYGON"
	case orb.Collection:
		return "GEOMETRYCOLLECTION"
	}
	return anyGeometry
}

// anyGeometry is the type of a column with geometries of several types.
const anyGeometry = "GEOMETRY"

// CommonType returns the type of a column that holds geometries of both types,
// either of which is empty before the first.
func CommonType(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || a == b:
		return a
	}
	return anyGeometry
}
