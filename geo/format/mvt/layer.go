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

// Tags of the messages' fields: number<<3 | wire type, which is 0 for varints (vector_tile.proto).
const (
	tileLayer     = 3<<3 | 2
	layerName     = 1<<3 | 2
	layerFeature  = 2<<3 | 2
	layerKey      = 3<<3 | 2
	layerValue    = 4<<3 | 2
	layerExtent   = 5 << 3
	layerVersion  = 15 << 3
	featureID     = 1 << 3
	featureTags   = 2<<3 | 2
	featureType   = 3 << 3
	featureShape  = 4<<3 | 2
	valueString   = 1<<3 | 2
	valueDouble   = 3<<3 | 1
	valueInt      = 4 << 3
	valueUint     = 5 << 3
	valueSint     = 6 << 3
	valueBool     = 7 << 3
	geometryPoint = 1
	geometryLine  = 2
	geometryArea  = 3
)

// A Layer gathers the features of one layer: for each Point or Geometry, then its
// tags, then End. It is not safe for concurrent use; Reset lets it be used again.
type Layer struct {
	name       string
	keys       map[string]uint32
	keyOrder   []string
	strings    map[string]uint32
	ints       map[int64]uint32
	days       map[int64]uint32 // as text, by their first second
	floats     map[uint64]uint32
	bools      [2]uint32 // places of false and true, plus 1
	values     []byte
	valueCount uint32
	features   []byte
	count      int

	// The feature in the making: what it shows of each kind of geometry.
	id      uint64
	shapes  [geometryArea + 1][]byte
	kind    int // of the shape that is being written
	cursor  position
	tags    []byte
	scratch []byte
}

// NewLayer returns an empty layer.
func NewLayer(name string) *Layer {
	return &Layer{name: name, keys: map[string]uint32{}, strings: map[string]uint32{}, ints: map[int64]uint32{},
		days: map[int64]uint32{}, floats: map[uint64]uint32{}}
}

// Reset empties the layer and gives it another name. It keeps the memory.
func (l *Layer) Reset(name string) {
	clear(l.keys)
	clear(l.strings)
	clear(l.ints)
	clear(l.days)
	clear(l.floats)
	*l = Layer{name: name, keys: l.keys, keyOrder: l.keyOrder[:0], strings: l.strings, ints: l.ints, days: l.days, floats: l.floats,
		values: l.values[:0], features: l.features[:0], shapes: l.shapes, tags: l.tags[:0], scratch: l.scratch[:0]}
}

// Len returns how many features the layer has.
func (l *Layer) Len() int { return l.count }

// Tag gives the feature an attribute. A null value gives it none, since the format
// has no null; a list is written as text joined by "; ", as in tables, a day and an
// instant as text.
func (l *Layer) Tag(key string, v geo.Value) {
	if !v.IsNull() {
		l.tag(key, l.value(v))
	}
}

// TagInt gives the feature a whole number.
func (l *Layer) TagInt(key string, v int64) { l.tag(key, l.intValue(v)) }

// TagString gives the feature a text.
func (l *Layer) TagString(key, text string) { l.tag(key, l.stringValue(text)) }

// A Key stands for the name of an attribute in one layer until it is reset. The zero
// Key stands for none yet.
type Key uint32

// TagKey is Tag for a key that it notes, for the next feature to have it at once.
func (l *Layer) TagKey(known *Key, key string, v geo.Value) {
	if !v.IsNull() {
		l.tagBy(l.keyOf(known, key), l.value(v))
	}
}

// TagKeyInt is TagInt as TagKey is Tag.
func (l *Layer) TagKeyInt(known *Key, key string, v int64) {
	l.tagBy(l.keyOf(known, key), l.intValue(v))
}

func (l *Layer) keyOf(known *Key, key string) uint32 {
	if *known == 0 {
		*known = Key(l.key(key) + 1)
	}
	return uint32(*known - 1)
}

func (l *Layer) tag(key string, value uint32) { l.tagBy(l.key(key), value) }

// key returns the place of a key in the layer's list.
func (l *Layer) key(key string) uint32 {
	k, known := l.keys[key]
	if !known {
		k = uint32(len(l.keyOrder))
		l.keys[key] = k
		l.keyOrder = append(l.keyOrder, key)
	}
	return k
}

func (l *Layer) tagBy(k, value uint32) {
	l.tags = binary.AppendUvarint(l.tags, uint64(k))
	l.tags = binary.AppendUvarint(l.tags, uint64(value))
}

// value returns the place in the layer's list of a value that is not null.
func (l *Layer) value(v geo.Value) (at uint32) {
	if text, isString := v.Str(); isString {
		return l.stringValue(text)
	}
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
	if seconds, p, isTime := v.Unix(); isTime && p == geo.PrecisionDay {
		return l.dayValue(seconds)
	}
	return l.stringValue(v.Text())
}

// dayValue remembers days by number, since writing them is what takes time.
func (l *Layer) dayValue(seconds int64) uint32 {
	at, known := l.days[seconds]
	if !known {
		at = l.stringValue(time.Unix(seconds, 0).UTC().Format(time.DateOnly))
		l.days[seconds] = at
	}
	return at
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

// End writes the feature: with the tags given since Point or Geometry.
func (l *Layer) End() {
	for kind, shape := range l.shapes {
		if len(shape) == 0 {
			continue
		}
		f := binary.AppendUvarint(append(l.scratch[:0], featureID), l.id)
		if len(l.tags) > 0 {
			f = binary.AppendUvarint(append(f, featureTags), uint64(len(l.tags)))
			f = append(f, l.tags...)
		}
		f = append(f, featureType, byte(kind))
		f = binary.AppendUvarint(append(f, featureShape), uint64(len(shape)))
		f = append(f, shape...)
		l.features = binary.AppendUvarint(append(l.features, layerFeature), uint64(len(f)))
		l.features = append(l.features, f...)
		l.scratch = f
		l.count++
	}
	l.begin(0)
}

// begin makes ready for a feature.
func (l *Layer) begin(id uint64) {
	l.id, l.tags = id, l.tags[:0]
	for kind := range l.shapes {
		l.shapes[kind] = l.shapes[kind][:0]
	}
}

// AppendTo appends the layer to a tile; nothing where it has no features.
func (l *Layer) AppendTo(tile []byte) []byte {
	if l.count == 0 {
		return tile
	}
	body := make([]byte, 0, len(l.features)+len(l.values)+1024)
	body = append(body, layerVersion, 2)
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
