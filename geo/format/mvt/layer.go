// Package mvt writes Mapbox Vector Tiles, version 2.1: what OGC 20-057 calls the
// conformance class mvt, and MapLibre, QGIS and GDAL read.
//
// A Tile is bytes: layers one after the other, so tiles of several layers are
// joined by appending. A Layer takes features whose geometry is already in tile
// space: units of 1/Extent of the tile's width, x to the right, y downward, 0, 0
// the tile's north-west corner. It knows neither a CRS nor a tile matrix set.
//
// Promises: rings wind as §4.3.4.4 asks, exterior ones with a positive area; no
// line has two equal positions in sequence, no ring fewer than three positions or
// an area of nothing, and no feature is without geometry; each key and each value
// stands once in its layer. Numbers outside their type's range cannot occur.
//
// The format is a handful of varints, so it is written with encoding/binary: a
// protobuf library would bring reflection, and orb/encoding/mvt its own feature
// type, floats where whole numbers are meant, and no care for winding.
package mvt

import (
	"encoding/binary"
	"math"
	"time"

	"demarc/geo"
)

// MediaType is the type of a tile (registered with IANA).
const MediaType = "application/vnd.mapbox-vector-tile"

// Extent is the width and height of a tile in units.
const Extent = 4096

// Tags of the messages' fields: number<<3 | wire type (vector_tile.proto).
const (
	tileLayer     = 3<<3 | 2
	layerName     = 1<<3 | 2
	layerFeature  = 2<<3 | 2
	layerKey      = 3<<3 | 2
	layerValue    = 4<<3 | 2
	layerExtent   = 5<<3 | 0
	layerVersion  = 15<<3 | 0
	featureID     = 1<<3 | 0
	featureTags   = 2<<3 | 2
	featureType   = 3<<3 | 0
	featureShape  = 4<<3 | 2
	valueString   = 1<<3 | 2
	valueDouble   = 3<<3 | 1
	valueInt      = 4<<3 | 0
	valueUint     = 5<<3 | 0
	valueSint     = 6<<3 | 0
	valueBool     = 7<<3 | 0
	geometryPoint = 1
	geometryLine  = 2
	geometryArea  = 3
)

// A Layer gathers the features of one layer. It is not safe for concurrent use;
// Reset lets it be used again.
type Layer struct {
	name             string
	keys             map[string]uint32
	keyOrder         []string
	strings          map[string]uint32
	ints             map[int64]uint32
	floats           map[uint64]uint32
	bools            [2]uint32 // places of false and true, plus 1
	values           []byte
	valueCount       uint32
	features         []byte
	count            int
	pending          []attribute
	tags, shape      []byte
	scratch          []byte
	cursorX, cursorY int32
}

// NewLayer returns an empty layer.
func NewLayer(name string) *Layer {
	return &Layer{name: name, keys: map[string]uint32{}, strings: map[string]uint32{}, ints: map[int64]uint32{}, floats: map[uint64]uint32{}}
}

// Len returns how many features the layer has.
func (l *Layer) Len() int { return l.count }

// Tag gives the next feature an attribute. A null value gives it none, since the
// format has no null; a list is written as text joined by "; ", as in tables, a
// day and an instant as text.
func (l *Layer) Tag(key string, v geo.Value) {
	if !v.IsNull() {
		l.pending = append(l.pending, attribute{key, v})
	}
}

// attribute waits for its feature: one that is not written leaves no key and no
// value in the layer.
type attribute struct {
	key   string
	value geo.Value
}

// encodeTags gives the attributes that wait their places in the layer.
func (l *Layer) encodeTags() {
	for i := range l.pending {
		a := &l.pending[i]
		k, known := l.keys[a.key]
		if !known {
			k = uint32(len(l.keyOrder))
			l.keys[a.key] = k
			l.keyOrder = append(l.keyOrder, a.key)
		}
		l.tags = binary.AppendUvarint(l.tags, uint64(k))
		l.tags = binary.AppendUvarint(l.tags, uint64(l.value(a.value)))
	}
	l.pending = l.pending[:0]
}

// TagInt gives the next feature a whole number.
func (l *Layer) TagInt(key string, v int64) { l.Tag(key, geo.IntValue(v)) }

// value returns the place in the layer's list of a value that is not null.
func (l *Layer) value(v geo.Value) (at uint32) {
	if i, isInt := v.Int(); isInt {
		return l.intValue(i)
	}
	if f, isNumber := v.Float(); isNumber {
		bits := math.Float64bits(f)
		at, known := l.floats[bits]
		if !known {
			at = l.addValue(binary.LittleEndian.AppendUint64([]byte{valueDouble}, bits))
			l.floats[bits] = at
		}
		return at
	}
	if b, isBool := v.Bool(); isBool {
		i := 0
		if b {
			i = 1
		}
		if l.bools[i] == 0 {
			l.bools[i] = l.addValue([]byte{valueBool, byte(i)}) + 1
		}
		return l.bools[i] - 1
	}
	return l.stringValue(textOf(v))
}

// textOf returns a string, day, instant or list as text.
func textOf(v geo.Value) string {
	if seconds, p, ok := v.Unix(); ok && p == geo.PrecisionDay {
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly)
	}
	return v.Text()
}

func (l *Layer) stringValue(s string) uint32 {
	at, known := l.strings[s]
	if !known {
		l.scratch = binary.AppendUvarint(append(l.scratch[:0], valueString), uint64(len(s)))
		at = l.addValue(append(l.scratch, s...))
		l.strings[s] = at
	}
	return at
}

func (l *Layer) intValue(i int64) uint32 {
	at, known := l.ints[i]
	if !known {
		tag, n := byte(valueUint), uint64(i)
		if i < 0 {
			tag, n = valueSint, zigzag(i)
		}
		l.scratch = binary.AppendUvarint(append(l.scratch[:0], tag), n)
		at = l.addValue(l.scratch)
		l.ints[i] = at
	}
	return at
}

func (l *Layer) addValue(message []byte) uint32 {
	l.values = binary.AppendUvarint(append(l.values, layerValue), uint64(len(message)))
	l.values = append(l.values, message...)
	l.valueCount++
	return l.valueCount - 1
}

// zigzag maps small numbers of either sign to small numbers (§4.3.2).
func zigzag(i int64) uint64 { return uint64(i<<1) ^ uint64(i>>63) }

// finish writes the feature whose tags and shape are gathered.
func (l *Layer) finish(id uint64, kind byte) {
	l.encodeTags()
	f := l.scratch[:0]
	f = binary.AppendUvarint(append(f, featureID), id)
	if len(l.tags) > 0 {
		f = binary.AppendUvarint(append(f, featureTags), uint64(len(l.tags)))
		f = append(f, l.tags...)
	}
	f = append(f, featureType, kind)
	f = binary.AppendUvarint(append(f, featureShape), uint64(len(l.shape)))
	f = append(f, l.shape...)
	l.features = binary.AppendUvarint(append(l.features, layerFeature), uint64(len(f)))
	l.features = append(l.features, f...)
	l.scratch = f
	l.count++
}

// forget makes ready for the next feature.
func (l *Layer) forget() { l.pending, l.tags = l.pending[:0], l.tags[:0] }

// AppendTo appends the layer to a tile; nothing where it has no features.
func (l *Layer) AppendTo(tile []byte) []byte {
	if l.count == 0 {
		return tile
	}
	body := make([]byte, 0, len(l.features)+len(l.values)+1024)
	body = append(body, 15<<3, 2) // version 2
	body = appendText(body, layerName, l.name)
	body = append(body, l.features...)
	for _, k := range l.keyOrder {
		body = appendText(body, layerKey, k)
	}
	body = append(body, l.values...)
	body = binary.AppendUvarint(append(body, layerExtent), Extent)
	tile = binary.AppendUvarint(append(tile, tileLayer), uint64(len(body)))
	return append(tile, body...)
}

func appendText(dst []byte, tag byte, s string) []byte {
	return append(binary.AppendUvarint(append(dst, tag), uint64(len(s))), s...)
}
