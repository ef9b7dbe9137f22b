package gpkg

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// DecodeGeometry reads a geometry blob (OGC 12-128r19 §2.1.3) and returns the
// geometry with the coordinates that it has, east or longitude first whatever
// the CRS, and the identifier of the file's spatial reference system that the
// blob names. An empty geometry is nil: nothing is known of where it is. The
// error says what is wrong, without naming the row.
func DecodeGeometry(blob []byte) (g orb.Geometry, srsID int32, err error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return nil, 0, fmt.Errorf("the blob does not begin as a GeoPackage geometry does")
	}
	flags := blob[3]
	if flags&0x20 != 0 {
		return nil, 0, fmt.Errorf("the geometry is of an extended type, which is not read")
	}
	var order binary.ByteOrder = binary.BigEndian
	if flags&1 != 0 {
		order = binary.LittleEndian
	}
	srsID = int32(order.Uint32(blob[4:]))
	envelope, ok := map[byte]int{0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[flags>>1&7]
	if !ok || len(blob) < 8+envelope {
		return nil, srsID, fmt.Errorf("the blob's envelope is not one of the kinds there are, or is cut short")
	}
	r := &reader{left: blob[8+envelope:]}
	if g, err = r.geometry(0); err != nil {
		return nil, srsID, err
	}
	if len(r.left) > 0 {
		return nil, srsID, fmt.Errorf("%d bytes stand behind the geometry", len(r.left))
	}
	return g, srsID, nil
}

// maxDepth is how deep geometry collections may nest.
const maxDepth = 4

// The codes of well-known binary (OGC 06-103r4 §8.2.3).
const (
	wkbPoint = 1 + iota
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
	wkbCollection
)

// reader reads well-known binary from the bytes that are left.
type reader struct {
	left  []byte
	order binary.ByteOrder
	extra int // numbers of a position after the second
}

// errShort says that a blob ends too early.
var errShort = fmt.Errorf("the geometry is cut short")

// header reads the byte order, the type and how many numbers positions have.
// Types are those of ISO (1001 for a point with a height); those of PostGIS,
// with flags in the highest bits, are found in files too.
func (r *reader) header() (kind uint32, err error) {
	if len(r.left) < 5 {
		return 0, errShort
	}
	switch r.left[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, fmt.Errorf("the byte order is %d, not 0 or 1", r.left[0])
	}
	code := r.order.Uint32(r.left[1:])
	r.left = r.left[5:]
	kind, dimensions := code&0xFFFFFFF%1000, code&0xFFFFFFF/1000
	if dimensions > 3 {
		return 0, fmt.Errorf("the geometry type %d is not one of those there are", code)
	}
	r.extra = [...]int{0, 1, 1, 2}[dimensions] + int(code>>31&1) + int(code>>30&1)
	return kind, nil
}

// count reads a number of members, each of which takes at least size bytes.
func (r *reader) count(size int) (int, error) {
	if len(r.left) < 4 {
		return 0, errShort
	}
	n := int(r.order.Uint32(r.left))
	r.left = r.left[4:]
	if n > len(r.left)/size {
		return 0, errShort
	}
	return n, nil
}

// geometry reads a geometry with its header; nil where it is empty.
func (r *reader) geometry(depth int) (orb.Geometry, error) {
	kind, err := r.header()
	if err != nil {
		return nil, err
	}
	switch kind {
	case wkbPoint:
		return r.point()
	case wkbLineString:
		return unlessEmpty(r.line())
	case wkbPolygon:
		return unlessEmpty(r.polygon())
	case wkbMultiPoint, wkbMultiLineString, wkbMultiPolygon, wkbCollection:
		return r.members(kind, depth)
	}
	return nil, fmt.Errorf("the geometry type %d, such as a curve, is not read; make lines and polygons of it (ogr2ogr -nlt CONVERT_TO_LINEAR)", kind)
}

// unlessEmpty returns a geometry as the interface, nil without positions.
func unlessEmpty[G interface {
	orb.Geometry
	~[]E
}, E any](g G, err error) (orb.Geometry, error) {
	if err != nil || len(g) == 0 {
		return nil, err
	}
	return g, nil
}

// point reads a point; one of NaN is empty (OGC 12-128r19 §2.1.3.1.1).
func (r *reader) point() (orb.Geometry, error) {
	p, err := r.position()
	if err != nil || math.IsNaN(p[0]) && math.IsNaN(p[1]) {
		return nil, err
	}
	return p, nil
}

func (r *reader) position() (p orb.Point, err error) {
	size := 8 * (2 + r.extra)
	if len(r.left) < size {
		return p, errShort
	}
	p[0] = math.Float64frombits(r.order.Uint64(r.left))
	p[1] = math.Float64frombits(r.order.Uint64(r.left[8:]))
	r.left = r.left[size:]
	return p, nil
}

func (r *reader) line() (orb.LineString, error) {
	n, err := r.count(8 * (2 + r.extra))
	if err != nil {
		return nil, err
	}
	line := make(orb.LineString, n)
	for i := range line {
		if line[i], err = r.position(); err != nil {
			return nil, err
		}
	}
	return line, nil
}

func (r *reader) polygon() (orb.Polygon, error) {
	n, err := r.count(4)
	if err != nil {
		return nil, err
	}
	var polygon orb.Polygon
	for range n {
		ring, err := r.line()
		if err != nil {
			return nil, err
		}
		if len(ring) > 0 {
			polygon = append(polygon, orb.Ring(ring))
		}
	}
	return polygon, nil
}

// members reads the members of a multi-geometry or a collection, without the
// empty ones.
func (r *reader) members(kind uint32, depth int) (orb.Geometry, error) {
	if depth == maxDepth {
		return nil, fmt.Errorf("geometry collections nest more than %d deep", maxDepth)
	}
	n, err := r.count(5)
	if err != nil {
		return nil, err
	}
	var all orb.Collection
	for i := range n {
		g, err := r.geometry(depth + 1)
		if err != nil {
			return nil, fmt.Errorf("member %d: %w", i+1, err)
		}
		if g != nil {
			all = append(all, g)
		}
	}
	switch kind {
	case wkbMultiPoint:
		points, err := of[orb.Point](all)
		return unlessEmpty(orb.MultiPoint(points), err)
	case wkbMultiLineString:
		lines, err := of[orb.LineString](all)
		return unlessEmpty(orb.MultiLineString(lines), err)
	case wkbMultiPolygon:
		polygons, err := of[orb.Polygon](all)
		return unlessEmpty(orb.MultiPolygon(polygons), err)
	}
	return unlessEmpty(all, nil)
}

// of returns the members as the type that all of them must have.
func of[G orb.Geometry](members orb.Collection) ([]G, error) {
	out := make([]G, len(members))
	for i, m := range members {
		g, ok := m.(G)
		if !ok {
			return nil, fmt.Errorf("member %d is a %s", i+1, m.GeoJSONType())
		}
		out[i] = g
	}
	return out, nil
}
