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

// reader is a decoder that is used again, and texts that were met before.
type reader struct {
	d    *jsontext.Decoder
	text bytes.Buffer
	met  [512]any // strings, each where its hash says
}

var readers = sync.Pool{New: func() any { return &reader{d: new(jsontext.Decoder)} }}

func (r *reader) value() (any, error) {
	switch r.d.PeekKind() {
	case '{':
		return r.members()
	case '[':
		return r.elements()
	case '"':
		return r.str()
	}
	t, err := r.d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '0':
		return stdjson.Number(t.String()), nil
	case 't', 'f':
		return t.Bool(), nil
	}
	return nil, nil // null
}

// shortText is up to how many bytes a text is looked for among those met before: names
// of members and words of vocabularies come again and again.
const shortText = 32

var seed = maphash.MakeSeed()

// str reads a string, or a name.
func (r *reader) str() (any, error) {
	quoted, err := r.d.ReadValue()
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(quoted, '\\') >= 0 {
		text, err := jsontext.AppendUnquote(nil, quoted)
		return string(text), err
	}
	text := quoted[1 : len(quoted)-1]
	if len(text) > shortText {
		return string(text), nil
	}
	at := &r.met[maphash.Bytes(seed, text)%uint64(len(r.met))]
	if met, ok := (*at).(string); !ok || met != string(text) {
		*at = string(text)
	}
	return *at, nil
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

// name reads the name of a member.
func (r *reader) name() (string, error) {
	if kind := r.d.PeekKind(); kind != '"' {
		t, err := r.d.ReadToken() // which says that it is no name
		return t.String(), err
	}
	name, err := r.str()
	if err != nil {
		return "", err
	}
	return name.(string), nil
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
