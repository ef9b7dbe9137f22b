package strictjson

import (
	"bytes"
	stdjson "encoding/json"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Value reads what Check takes, in one pass: objects as map[string]any, arrays as
// []any, numbers as json.Number with their text as it stands. The error is that of
// Check.
func Value(raw []byte) (any, error) {
	if err := limits(raw); err != nil {
		return nil, err
	}
	r := readers.Get().(*reader)
	r.text = *bytes.NewBuffer(raw)
	r.d.Reset(&r.text)
	v, err := value(r.d)
	rest := bytes.TrimLeft(raw[r.d.InputOffset():], " \t\r\n")
	r.text = bytes.Buffer{} // others' texts are not kept
	r.d.Reset(&r.text)
	readers.Put(r)
	if err != nil || len(rest) > 0 {
		if fault := Check(raw); fault != nil { // which says it of the value as a whole
			return nil, fault
		}
		return nil, describe(raw, err)
	}
	return v, nil
}

// reader is a decoder that is used again.
type reader struct {
	d    *jsontext.Decoder
	text bytes.Buffer
}

var readers = sync.Pool{New: func() any { return &reader{d: new(jsontext.Decoder)} }}

func value(d *jsontext.Decoder) (any, error) {
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '{':
		return members(d)
	case '[':
		return elements(d)
	case '"':
		return t.String(), nil
	case '0':
		return stdjson.Number(t.String()), nil
	case 't', 'f':
		return t.Bool(), nil
	}
	return nil, nil // null
}

// members reads the rest of an object. Where what comes next cannot be read, it is no
// end, so that reading it says why.
func members(d *jsontext.Decoder) (map[string]any, error) {
	type member struct {
		name  string
		value any
	}
	var room [16]member
	list := room[:0] // first, since a map that grows is made twice
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		m := member{name: name.String()}
		if m.value, err = value(d); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	object := make(map[string]any, len(list))
	for i := range list {
		object[list[i].name] = list[i].value
	}
	_, err := d.ReadToken()
	return object, err
}

// elements reads the rest of an array.
func elements(d *jsontext.Decoder) ([]any, error) {
	list := []any{}
	for d.PeekKind() != ']' {
		v, err := value(d)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.ReadToken()
	return list, err
}
