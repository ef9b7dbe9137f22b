package edit

import (
	"encoding/json"
	"maps"
	"slices"

	"demarc/geo"
)

// encode writes a value as json.Marshal does, members in the order of their names,
// without what that finds out about each type.
func encode(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case string:
		return geo.AppendJSONString(dst, v), nil
	case json.Number:
		return append(dst, v...), nil
	case []any:
		return encodeList(dst, v)
	case tree:
		return encodeTree(dst, v)
	}
	b, err := json.Marshal(v)
	return append(dst, b...), err
}

func encodeList(dst []byte, list []any) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = encode(dst, v); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func encodeTree(dst []byte, t tree) (_ []byte, err error) {
	var room [24]string
	names := slices.AppendSeq(room[:0], maps.Keys(t))
	slices.Sort(names)
	dst = append(dst, '{')
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(geo.AppendJSONString(dst, name), ':')
		if dst, err = encode(dst, t[name]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}
