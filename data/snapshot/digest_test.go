package snapshot

import (
	"bytes"
	"reflect"
	"testing"

	"demarc/data"
)

// Every field of every record, however deep, is in its digest.
func TestDigestHoldsEveryField(t *testing.T) {
	for _, record := range []any{data.Incident{}, data.Source{}, data.Party{}, data.Place{}, data.Segment{}, data.Area{}} {
		full := reflect.New(reflect.TypeOf(record)).Elem()
		fill(full)
		before := appendDigest(nil, full)
		leaves := 0
		eachLeaf(full, func(path string, change func() (undo func())) {
			leaves++
			undo := change()
			if after := appendDigest(nil, full); bytes.Equal(before, after) {
				t.Errorf("%T: a change of %s leaves the digest as it is", record, path)
			}
			undo()
		})
		if leaves == 0 || !bytes.Equal(before, appendDigest(nil, full)) {
			t.Errorf("%T: %d leaves; the digest of the same is another", record, leaves)
		}
	}
}

// fill gives every field a value, lists one member.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("en"), reflect.ValueOf("x"))
	case reflect.String:
		v.SetString("x")
	case reflect.Int:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	}
}

// eachLeaf visits what holds a value, and how to change it and back.
func eachLeaf(v reflect.Value, visit func(path string, change func() func())) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachLeaf(v.Field(i), func(path string, change func() func()) { visit(v.Type().Field(i).Name+"/"+path, change) })
		}
	case reflect.Pointer:
		eachLeaf(v.Elem(), visit)
	case reflect.Slice:
		eachLeaf(v.Index(0), visit)
		visit("length", func() func() {
			whole := reflect.ValueOf(v.Interface())
			v.Set(reflect.Append(v, v.Index(0)))
			return func() { v.Set(whole) }
		})
	case reflect.Map:
		visit("member", func() func() {
			v.SetMapIndex(reflect.ValueOf("en"), reflect.ValueOf("y"))
			return func() { v.SetMapIndex(reflect.ValueOf("en"), reflect.ValueOf("x")) }
		})
	case reflect.String:
		visit("", func() func() { v.SetString("y"); return func() { v.SetString("x") } })
	case reflect.Int:
		visit("", func() func() { v.SetInt(8); return func() { v.SetInt(7) } })
	case reflect.Float64:
		visit("", func() func() { v.SetFloat(8); return func() { v.SetFloat(7) } })
	}
}
