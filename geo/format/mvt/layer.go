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
	keys       map[string]Key
	keyOrder   []string
	strings    map[string]Value
	ints       map[int64]Value
	small      [512]Value      // places of small numbers, plus 1, without a look at ints
	days       map[int64]Value // as text, by their first second
	floats     map[uint64]Value
	bools      [2]Value // places of false and true, plus 1
	values     []byte
	valueCount Value
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
	return &Layer{name: name, keys: map[string]Key{}, strings: map[string]Value{}, ints: map[int64]Value{},
		days: map[int64]Value{}, floats: map[uint64]Value{}}
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
		l.TagWith(l.Key(key), l.Value(v))
	}
}

// TagInt gives the feature a whole number.
func (l *Layer) TagInt(key string, v int64) { l.TagWith(l.Key(key), l.Int(v)) }

// TagString gives the feature a text.
func (l *Layer) TagString(key, text string) { l.TagWith(l.Key(key), l.Text(text)) }

// A Key stands for the name of an attribute, and a Value for a value, in one layer
// until it is reset: who writes the same ones often need not look them up each time.
type (
	Key   uint32
	Value uint32
)

// TagWith gives the feature an attribute.
func (l *Layer) TagWith(k Key, v Value) {
	if k < 1<<7 && v < 1<<7 {
		l.tags = append(l.tags, byte(k), byte(v))
		return
	}
	l.tags = binary.AppendUvarint(l.tags, uint64(k))
	l.tags = binary.AppendUvarint(l.tags, uint64(v))
}

// Key returns what stands for the name of an attribute, which stands in the layer
// from then on, used or not.
func (l *Layer) Key(key string) Key {
	k, known := l.keys[key]
	if !known {
		k = Key(len(l.keyOrder))
		l.keys[key] = k
		l.keyOrder = append(l.keyOrder, key)
	}
	return k
}

// Value returns what stands for a value that is not null, as Tag writes it.
func (l *Layer) Value(v geo.Value) (at Value) {
	if text, isString := v.Str(); isString {
		return l.Text(text)
	}
	if i, isInt := v.Int(); isInt {
		return l.Int(i)
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
	return l.Text(v.Text())
}

// dayValue remembers days by number, since writing them is what takes time.
func (l *Layer) dayValue(seconds int64) Value {
	at, known := l.days[seconds]
	if !known {
		at = l.Text(time.Unix(seconds, 0).UTC().Format(time.DateOnly))
		l.days[seconds] = at
	}
	return at
}

// Text returns what stands for a text.
func (l *Layer) Text(s string) Value {
	at, known := l.strings[s]
	if !known {
		l.scratch = binary.AppendUvarint(append(l.scratch[:0], valueString), uint64(len(s)))
		at = l.addValue(append(l.scratch, s...))
		l.strings[s] = at
	}
	return at
}

// Int returns what stands for a whole number.
func (l *Layer) Int(i int64) Value {
	if i >= 0 && i < int64(len(l.small)) {
		if l.small[i] == 0 {
			l.small[i] = l.addInt(i) + 1
		}
		return l.small[i] - 1
	}
	at, known := l.ints[i]
	if !known {
		at = l.addInt(i)
		l.ints[i] = at
	}
	return at
}

func (l *Layer) addInt(i int64) Value {
	tag, n := byte(valueUint), uint64(i)
	if i < 0 {
		tag, n = valueSint, zigzag(i)
	}
	l.scratch = binary.AppendUvarint(append(l.scratch[:0], tag), n)
	return l.addValue(l.scratch)
}

func (l *Layer) addValue(message []byte) Value {
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
