package strictjson

import (
	"bytes"
	stdjson "encoding/json"
	"hash/maphash"
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
	v, err := r.value()
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

// reader is a decoder that is used again, and names that were met before.
type reader struct {
	d    *jsontext.Decoder
	text bytes.Buffer
	met  [256]string // each where its hash says
}

var readers = sync.Pool{New: func() any { return &reader{d: new(jsontext.Decoder)} }}

func (r *reader) value() (any, error) {
	switch r.d.PeekKind() {
	case '{':
		return r.members()
	case '[':
		return r.elements()
	}
	t, err := r.d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return t.String(), nil
	case '0':
		return stdjson.Number(t.String()), nil
	case 't', 'f':
		return t.Bool(), nil
	}
	return nil, nil // null
}

// members reads an object. Where what comes next cannot be read, it is no end, so that
// reading it says why.
func (r *reader) members() (map[string]any, error) {
	type member struct {
		name  string
		value any
	}
	var room [16]member
	list := room[:0] // first, since a map that grows is made twice
	if _, err := r.d.ReadToken(); err != nil {
		return nil, err
	}
	for r.d.PeekKind() != '}' {
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		m := member{name: name}
		if m.value, err = r.value(); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	object := make(map[string]any, len(list))
	for i := range list {
		object[list[i].name] = list[i].value
	}
	_, err := r.d.ReadToken()
	return object, err
}

// shortName is up to how many bytes a name is looked for among those met before. To
// look for texts as well costs more than to make them anew.
const shortName = 32

var seed = maphash.MakeSeed()

// name reads the name of a member.
func (r *reader) name() (string, error) {
	if r.d.PeekKind() != '"' {
		t, err := r.d.ReadToken() // which says that it is no name
		return t.String(), err
	}
	quoted, err := r.d.ReadValue()
	if err != nil {
		return "", err
	}
	if bytes.IndexByte(quoted, '\\') >= 0 {
		name, err := jsontext.AppendUnquote(nil, quoted)
		return string(name), err
	}
	name := quoted[1 : len(quoted)-1]
	if len(name) > shortName {
		return string(name), nil
	}
	at := &r.met[maphash.Bytes(seed, name)%uint64(len(r.met))]
	if *at != string(name) {
		*at = string(name)
	}
	return *at, nil
}

// elements reads an array.
func (r *reader) elements() ([]any, error) {
	var room [8]any
	list := room[:0]
	if _, err := r.d.ReadToken(); err != nil {
		return nil, err
	}
	for r.d.PeekKind() != ']' {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := r.d.ReadToken()
	return append(make([]any, 0, len(list)), list...), err
}
