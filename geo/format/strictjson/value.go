package strictjson

import (
	"bytes"
	stdjson "encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Value reads what Check takes, in one pass: objects as map[string]any, arrays as
// []any, numbers as json.Number with their text as it stands. The error is that of
// Check.
func Value(raw []byte) (any, error) {
	if err := limits(raw); err != nil {
		return nil, err
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(raw))
	v, err := value(d)
	if err != nil || len(bytes.TrimLeft(raw[d.InputOffset():], " \t\r\n")) > 0 {
		if fault := Check(raw); fault != nil { // which says it of the value as a whole
			return nil, fault
		}
		return nil, describe(raw, err)
	}
	return v, nil
}

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
	object := map[string]any{}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		as := name.String()
		if object[as], err = value(d); err != nil {
			return nil, err
		}
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
