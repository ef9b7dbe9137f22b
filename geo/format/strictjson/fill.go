package strictjson

import (
	"encoding"
	stdjson "encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Fill sets what into points to, which is zero, to what Unmarshal makes of a text of
// which Value makes v. It is false where that would be an error, which Unmarshal then
// tells, and for types that it does not know: those that read their own JSON, maps,
// and structs within structs by their type alone. Then into is not to be used.
func Fill(v, into any) bool {
	at := reflect.ValueOf(into).Elem()
	return fill(v, at, shapeOf(at.Type()))
}

// shape is what Fill has to know of a type.
type shape struct {
	kind    reflect.Kind // Invalid for a type that it does not know
	reads   bool         // it reads its own text (encoding.TextUnmarshaler)
	elem    *shape       // of a pointer or a slice
	members map[string]member
}

// member is a field of a struct.
type member struct {
	index int
	shape *shape
}

// shapes are those of the types that were asked for.
var shapes sync.Map

// shapeOf returns the shape of a type that does not hold itself.
func shapeOf(t reflect.Type) *shape {
	if known, ok := shapes.Load(t); ok {
		return known.(*shape)
	}
	s := &shape{}
	own := reflect.PointerTo(t)
	switch kind := t.Kind(); {
	case own.Implements(reflect.TypeFor[stdjson.Unmarshaler]()):
	case own.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		s.kind, s.reads = kind, true
	case kind == reflect.String || kind == reflect.Float64:
		s.kind = kind
	case kind == reflect.Pointer || kind == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		s.kind, s.elem = kind, shapeOf(t.Elem())
	case kind == reflect.Struct && s.takeMembers(t):
		s.kind = kind
	}
	shapes.Store(t, s)
	return s
}

// takeMembers notes the fields of a struct; it is false where their tags say more than
// names.
func (s *shape) takeMembers(t reflect.Type) bool {
	s.members = make(map[string]member, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "" || name == "-" || options != "" && options != "omitzero" && options != "omitempty" {
			return false
		}
		s.members[name] = member{i, shapeOf(f.Type)}
	}
	return true
}

func fill(v any, at reflect.Value, s *shape) bool {
	if s.kind == reflect.Invalid {
		return false
	}
	switch v := v.(type) {
	case nil:
		return true // as it is: zero
	case string:
		return fillText(v, at, s)
	case stdjson.Number:
		return fillNumber(v, at, s)
	case []any:
		return fillList(v, at, s)
	case map[string]any:
		return fillObject(v, at, s)
	}
	return false
}

func fillText(v string, at reflect.Value, s *shape) bool {
	switch {
	case s.reads:
		return at.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(v)) == nil
	case s.kind == reflect.String:
		at.SetString(v)
		return true
	}
	return s.kind == reflect.Pointer && fillTo(v, at, s)
}

func fillNumber(v stdjson.Number, at reflect.Value, s *shape) bool {
	if s.kind == reflect.Float64 && !s.reads {
		x, err := strconv.ParseFloat(string(v), 64)
		at.SetFloat(x)
		return err == nil
	}
	return s.kind == reflect.Pointer && !s.reads && fillTo(v, at, s)
}

func fillList(v []any, at reflect.Value, s *shape) bool {
	if s.kind != reflect.Slice || s.reads {
		return s.kind == reflect.Pointer && !s.reads && fillTo(v, at, s)
	}
	at.Set(reflect.MakeSlice(at.Type(), len(v), len(v)))
	for i := range v {
		if !fill(v[i], at.Index(i), s.elem) {
			return false
		}
	}
	return true
}

func fillObject(v map[string]any, at reflect.Value, s *shape) bool {
	if s.kind != reflect.Struct || s.reads {
		return s.kind == reflect.Pointer && !s.reads && fillTo(v, at, s)
	}
	for name, value := range v {
		m, known := s.members[name]
		if !known || !fill(value, at.Field(m.index), m.shape) {
			return false
		}
	}
	return true
}

// fillTo fills what a pointer is made to point to.
func fillTo(v any, at reflect.Value, s *shape) bool {
	to := reflect.New(at.Type().Elem())
	at.Set(to)
	return fill(v, to.Elem(), s.elem)
}
