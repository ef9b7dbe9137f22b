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
	"math/bits"
	"slices"
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
	texts      texts
	ints       map[int64]Value
	numbers    []place // of whole numbers from 0 up to dense, which are not in ints
	days       []place // of the texts of days from 1970-01-01, which are not in texts
	stamp      uint32  // of the places that are this layer's
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

// place is where a value stands in the layer with that stamp.
type place struct {
	stamp uint32
	Value
}

// dense is how many whole numbers, and how many days, have a place in a table: the days of
// 89 years. Others are looked up by a hash.
const dense = 1 << 15

// NewLayer returns an empty layer.
func NewLayer(name string) *Layer {
	return &Layer{name: name, keys: map[string]Key{}, texts: newTexts(), ints: map[int64]Value{},
		numbers: make([]place, dense), days: make([]place, dense), stamp: 1, floats: map[uint64]Value{}}
}

// Reset empties the layer and gives it another name. It keeps the memory.
func (l *Layer) Reset(name string) {
	clear(l.keys)
	clear(l.ints)
	clear(l.floats)
	if l.stamp++; l.stamp == 0 { // what stood somewhere 2^32 layers ago does not stand there now
		clear(l.numbers)
		clear(l.days)
		clear(l.texts.slots)
		l.stamp = 1
	}
	*l = Layer{name: name, keys: l.keys, keyOrder: l.keyOrder[:0], texts: texts{seed: l.texts.seed, slots: l.texts.slots}, ints: l.ints, numbers: l.numbers, days: l.days, stamp: l.stamp, floats: l.floats,
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
		return l.Day(floorDay(seconds))
	}
	return l.Text(v.Text())
}

// floorDay returns the day since 1970-01-01 of a second.
func floorDay(seconds int64) int64 {
	const day = 24 * 60 * 60
	if seconds < 0 {
		seconds -= day - 1
	}
	return seconds / day
}

// Day returns what stands for a day since 1970-01-01, as text.
func (l *Layer) Day(day int64) Value {
	if day < 0 || day >= dense {
		return l.text(time.Unix(day*24*60*60, 0).UTC().Format(time.DateOnly))
	}
	at := &l.days[day]
	if at.stamp != l.stamp {
		year, month, of := time.Unix(day*24*60*60, 0).UTC().Date()
		text := [10]byte{4: '-', 7: '-'}
		for i, n := range [...]int{0: year / 1000, 1: year / 100, 2: year / 10, 3: year, 5: int(month) / 10, 6: int(month), 8: of / 10, 9: of} {
			if i != 4 && i != 7 {
				text[i] = '0' + byte(n%10)
			}
		}
		*at = place{l.stamp, l.addText(string(text[:]))}
	}
	return at.Value
}

// Text returns what stands for a text.
func (l *Layer) Text(s string) Value {
	if len(s) == len(time.DateOnly) && s[4] == '-' && s[7] == '-' { // it may be one that Day has written
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return l.Day(floorDay(t.Unix()))
		}
	}
	return l.text(s)
}

func (l *Layer) addText(s string) Value {
	l.scratch = binary.AppendUvarint(append(l.scratch[:0], valueString), uint64(len(s)))
	l.values = binary.AppendUvarint(append(l.values, layerValue), uint64(len(l.scratch)+len(s)))
	l.values = append(append(l.values, l.scratch...), s...)
	l.valueCount++
	return l.valueCount - 1
}

// Int returns what stands for a whole number.
func (l *Layer) Int(i int64) Value {
	if i >= 0 && i < dense {
		at := &l.numbers[i]
		if at.stamp != l.stamp {
			*at = place{l.stamp, l.addInt(i)}
		}
		return at.Value
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
		size := 1 + lengthOf(l.id) + 2 + 1 + lengthOf(uint64(len(shape))) + len(shape)
		if len(l.tags) > 0 {
			size += 1 + lengthOf(uint64(len(l.tags))) + len(l.tags)
		}
		f := binary.AppendUvarint(append(l.features, layerFeature), uint64(size))
		f = binary.AppendUvarint(append(f, featureID), l.id)
		if len(l.tags) > 0 {
			f = binary.AppendUvarint(append(f, featureTags), uint64(len(l.tags)))
			f = append(f, l.tags...)
		}
		f = append(f, featureType, byte(kind))
		f = binary.AppendUvarint(append(f, featureShape), uint64(len(shape)))
		l.features = append(f, shape...)
		l.count++
	}
	l.begin(0)
}

// lengthOf returns how many bytes a number takes.
func lengthOf(n uint64) int { return (bits.Len64(n|1) + 6) / 7 }

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
	size := 2 + sizeOfText(l.name) + len(l.features) + len(l.values) + 1 + lengthOf(Extent)
	for _, k := range l.keyOrder {
		size += sizeOfText(k)
	}
	tile = slices.Grow(tile, size+binary.MaxVarintLen64+1)
	tile = binary.AppendUvarint(append(tile, tileLayer), uint64(size))
	tile = append(tile, layerVersion, 2)
	tile = appendText(tile, layerName, l.name)
	tile = append(tile, l.features...)
	for _, k := range l.keyOrder {
		tile = appendText(tile, layerKey, k)
	}
	tile = append(tile, l.values...)
	return binary.AppendUvarint(append(tile, layerExtent), Extent)
}

// sizeOfText is how many bytes appendText appends.
func sizeOfText(s string) int { return 1 + lengthOf(uint64(len(s))) + len(s) }

func appendText(dst []byte, tag byte, s string) []byte {
	return append(binary.AppendUvarint(append(dst, tag), uint64(len(s))), s...)
}
