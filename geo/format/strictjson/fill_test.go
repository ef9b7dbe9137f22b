package strictjson_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/geo/format/strictjson"
)

// upper is a text that reads itself.
type upper string

func (u *upper) UnmarshalText(b []byte) error {
	if len(b) > 3 {
		return &strictjson.Error{Problem: "is too long"}
	}
	*u = upper(b) + "!"
	return nil
}

type filled struct {
	A string          `json:"a"`
	B *float64        `json:"b,omitzero"`
	C []filledMember  `json:"c"`
	D *filledMember   `json:"d,omitempty"`
	E upper           `json:"e"`
	F []float64       `json:"f"`
	G float64         `json:"g"`
	H []*filledMember `json:"h"`
}

type filledMember struct {
	A []string `json:"a"`
	B *upper   `json:"b"`
}

// What is filled is what Unmarshal reads, and what it refuses is not filled.
func FuzzFill(f *testing.F) {
	for _, s := range []string{`{}`, `null`, `[]`, `{"a":"x","b":1.5e3,"c":[{"a":["y",null],"b":"z"},null],"d":{"a":[]},"e":"no","f":[1,-0,2.50],"g":7,"h":[null,{}]}`,
		`{"e":"long"}`, `{"e":null}`, `{"b":null,"c":null,"d":null,"f":null}`, `{"a":1}`, `{"g":"1"}`, `{"g":1e999}`, `{"g":1e-999}`, `{"x":1}`, `{"c":{}}`, `{"a":true}`, `{"d":[]}`, `{"b":"1"}`,
		`{"A":"x"}`, `{"i":{"X":"x"}}`, `{"g":123456789012345678901234567890}`, `{"f":["x"]}`, `{"h":["x"]}`, `{"e":["x"]}`, `{"e":1}`, `{"c":[{"b":{}}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := strictjson.Value(raw)
		if err != nil {
			return
		}
		var got, want filled
		err = strictjson.Unmarshal(raw, &want)
		if ok := strictjson.Fill(v, &got); ok != (err == nil) {
			t.Fatalf("%s: filled %t, Unmarshal says %v", raw, ok, err)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Errorf("%s: (-Unmarshal +Fill):\n%s", raw, diff)
		}
	})
}

func TestFillLeavesWhatItDoesNotKnow(t *testing.T) {
	type inner struct {
		Z string `json:"z"`
	}
	for name, into := range map[string]any{
		"a struct by its type alone": &struct {
			inner
			A string `json:"a"`
		}{},
		"a member without a tag": &struct{ X string }{},
		"a map":                  &map[string]string{},
		"a whole number":         new(int),
	} {
		if strictjson.Fill(map[string]any{}, into) {
			t.Errorf("%s was filled", name)
		}
	}
}
