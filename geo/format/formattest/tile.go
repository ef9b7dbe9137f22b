package formattest

import (
	"encoding/binary"
	"fmt"
	"math"
)

// TileLayer is a layer of a vector tile as a strict reader finds it.
type TileLayer struct {
	Name     string
	Extent   uint32
	Features []TileFeature
}

// TileFeature is one of its features. Parts are the points, each of its own, the
// lines, or the rings without their closing position.
type TileFeature struct {
	ID    uint64
	Type  int // 1 points, 2 lines, 3 areas
	Parts [][][2]int
	Tags  map[string]any // string, float64, int64, bool
}

// ReadTile reads a vector tile and refuses what Mapbox Vector Tile 2.1 forbids or
// advises against: a version other than 2, a key or value twice or not used, tags
// that are not pairs, empty layers and features, lines with equal positions in
// sequence, rings without area, an exterior ring that winds the wrong way.
func ReadTile(tile []byte) ([]TileLayer, error) {
	var layers []TileLayer
	names := map[string]bool{}
	err := eachField(tile, func(field, wire int, n uint64, body []byte) error {
		if field != 3 || wire != 2 {
			return fmt.Errorf("field %d of a tile", field)
		}
		l, err := readLayer(body)
		if err != nil {
			return fmt.Errorf("layer %d %q: %w", len(layers), l.Name, err)
		}
		if names[l.Name] {
			return fmt.Errorf("layer %q stands there twice", l.Name)
		}
		names[l.Name] = true
		layers = append(layers, l)
		return nil
	})
	return layers, err
}

// eachField visits the fields of a protobuf message.
func eachField(b []byte, visit func(field, wire int, n uint64, body []byte) error) error {
	for len(b) > 0 {
		key, size := binary.Uvarint(b)
		if size <= 0 {
			return fmt.Errorf("a key that is no varint")
		}
		b = b[size:]
		var n uint64
		var body []byte
		switch key & 7 {
		case 0:
			if n, size = binary.Uvarint(b); size <= 0 {
				return fmt.Errorf("a varint that has no end")
			}
			b = b[size:]
		case 1:
			if len(b) < 8 {
				return fmt.Errorf("a double that has no end")
			}
			n, b = binary.LittleEndian.Uint64(b), b[8:]
		case 2:
			length, size := binary.Uvarint(b)
			if size <= 0 || uint64(len(b)-size) < length {
				return fmt.Errorf("a text that has no end")
			}
			body, b = b[size:size+int(length)], b[size+int(length):]
		default:
			return fmt.Errorf("wire type %d", key&7)
		}
		if err := visit(int(key>>3), int(key&7), n, body); err != nil {
			return err
		}
	}
	return nil
}

func readLayer(b []byte) (TileLayer, error) {
	l := TileLayer{Extent: 4096}
	version := uint64(1)
	var keys []string
	var values []any
	var features [][]byte
	err := eachField(b, func(field, _ int, n uint64, body []byte) error {
		switch field {
		case 1:
			l.Name = string(body)
		case 2:
			features = append(features, body)
		case 3:
			keys = append(keys, string(body))
		case 4:
			v, err := readValue(body)
			if err != nil {
				return err
			}
			values = append(values, v)
		case 5:
			l.Extent = uint32(n)
		case 15:
			version = n
		default:
			return fmt.Errorf("field %d", field)
		}
		return nil
	})
	if err != nil {
		return l, err
	}
	if version != 2 || l.Name == "" || l.Extent == 0 || len(features) == 0 {
		return l, fmt.Errorf("version %d, extent %d, %d features", version, l.Extent, len(features))
	}
	usedKeys, usedValues := map[string]bool{}, map[string]bool{}
	for i, f := range features {
		feature, err := readFeature(f, keys, values, usedKeys, usedValues)
		if err != nil {
			return l, fmt.Errorf("feature %d %v: %w", i, feature.Tags, err)
		}
		l.Features = append(l.Features, feature)
	}
	if len(usedKeys) != len(keys) || len(usedValues) != len(values) {
		return l, fmt.Errorf("%d of %d keys and %d of %d values are in use: some are not, or stand twice", len(usedKeys), len(keys), len(usedValues), len(values))
	}
	return l, nil
}

func readValue(b []byte) (v any, err error) {
	err = eachField(b, func(field, _ int, n uint64, body []byte) error {
		switch field {
		case 1:
			v = string(body)
		case 3:
			v = math.Float64frombits(n)
		case 4, 5:
			v = int64(n)
		case 6:
			v = unzigzag(n)
		case 7:
			v = n == 1
		default:
			return fmt.Errorf("value of field %d", field)
		}
		return nil
	})
	if err == nil && v == nil {
		err = fmt.Errorf("a value without one")
	}
	return v, err
}

func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func readFeature(b []byte, keys []string, values []any, usedKeys, usedValues map[string]bool) (TileFeature, error) {
	f := TileFeature{Tags: map[string]any{}}
	var tags, shape []uint64
	err := eachField(b, func(field, _ int, n uint64, body []byte) (err error) {
		switch field {
		case 1:
			f.ID = n
		case 2:
			tags, err = numbers(body)
		case 3:
			f.Type = int(n)
		case 4:
			shape, err = numbers(body)
		default:
			err = fmt.Errorf("field %d", field)
		}
		return err
	})
	if err != nil {
		return f, err
	}
	if len(tags)%2 != 0 {
		return f, fmt.Errorf("%d tags", len(tags))
	}
	for i := 0; i < len(tags); i += 2 {
		if tags[i] >= uint64(len(keys)) || tags[i+1] >= uint64(len(values)) {
			return f, fmt.Errorf("tag %d=%d of %d keys and %d values", tags[i], tags[i+1], len(keys), len(values))
		}
		k, v := keys[tags[i]], values[tags[i+1]]
		if _, twice := f.Tags[k]; twice {
			return f, fmt.Errorf("%s stands there twice", k)
		}
		f.Tags[k] = v
		usedKeys[k], usedValues[fmt.Sprintf("%T %v", v, v)] = true, true
	}
	if f.Parts, err = readShape(f.Type, shape); err != nil {
		return f, err
	}
	return f, checkShape(f.Type, f.Parts)
}

func numbers(b []byte) (out []uint64, err error) {
	for len(b) > 0 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			return nil, fmt.Errorf("a number that has no end")
		}
		out, b = append(out, n), b[size:]
	}
	return out, nil
}

// readShape follows the commands (§4.3).
func readShape(kind int, shape []uint64) (parts [][][2]int, err error) {
	x, y := 0, 0
	closed := true
	for i := 0; i < len(shape); {
		id, count := shape[i]&7, int(shape[i]>>3)
		i++
		if id == 7 {
			if count != 1 || kind != 3 || closed {
				return nil, fmt.Errorf("a ClosePath that closes nothing")
			}
			closed = true
			continue
		}
		if id != 1 && id != 2 || count == 0 || i+2*count > len(shape) {
			return nil, fmt.Errorf("command %d for %d positions", id, count)
		}
		if id == 1 && (kind != 1 && count != 1 || kind == 3 && !closed) || id == 2 && (kind == 1 || len(parts) == 0) {
			return nil, fmt.Errorf("command %d for %d positions where it does not belong", id, count)
		}
		closed = kind != 3
		for range count {
			x, y = x+int(unzigzag(shape[i])), y+int(unzigzag(shape[i+1]))
			i += 2
			if id == 1 {
				parts = append(parts, nil)
			}
			parts[len(parts)-1] = append(parts[len(parts)-1], [2]int{x, y})
		}
	}
	if !closed {
		return nil, fmt.Errorf("a ring that is not closed")
	}
	return parts, nil
}

func checkShape(kind int, parts [][][2]int) error {
	if kind < 1 || kind > 3 || len(parts) == 0 {
		return fmt.Errorf("type %d with %d parts", kind, len(parts))
	}
	for i, part := range parts {
		if least := [...]int{0, 1, 2, 3}[kind]; len(part) < least {
			return fmt.Errorf("part %d of type %d has %d positions", i, kind, len(part))
		}
		area := 0
		for j, p := range part {
			next := part[(j+1)%len(part)]
			if p == next && len(part) > 1 && (kind == 3 || j+1 < len(part)) {
				return fmt.Errorf("part %d has %v twice in sequence", i, p)
			}
			area += p[0]*next[1] - next[0]*p[1]
		}
		if kind == 3 && (area == 0 || i == 0 && area < 0) {
			return fmt.Errorf("ring %d has the area %d/2", i, area)
		}
	}
	return nil
}
