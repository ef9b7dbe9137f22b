package snapshot

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
)

// appendDigest appends all that v holds, so that two values have the same bytes
// only if they are the same: for a checksum, and not to be read. It knows what
// records are made of, and is some times quicker than JSON. Fields that are zero are
// left out; the number of a field stands before it.
func appendDigest(dst []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				dst = appendDigest(append(dst, byte(i)), f)
			}
		}
		return append(dst, 0xff) // no field has that number
	case reflect.Pointer:
		if v.IsNil() {
			return append(dst, 0)
		}
		return appendDigest(append(dst, 1), v.Elem())
	case reflect.Slice:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		for i := range v.Len() {
			dst = appendDigest(dst, v.Index(i))
		}
		return dst
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			if a.String() < b.String() {
				return -1
			}
			return 1
		})
		dst = binary.AppendUvarint(dst, uint64(len(keys)))
		for _, k := range keys {
			dst = appendDigest(appendDigest(dst, k), v.MapIndex(k))
		}
		return dst
	case reflect.String:
		s := v.String()
		return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
	case reflect.Int, reflect.Int64:
		return binary.AppendVarint(dst, v.Int())
	case reflect.Float64:
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(v.Float()))
	case reflect.Bool:
		if v.Bool() {
			return append(dst, 1)
		}
		return append(dst, 0)
	}
	panic("snapshot: a record holds a " + v.Kind().String()) // our own types, which tests go through
}
