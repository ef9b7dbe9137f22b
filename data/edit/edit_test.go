package edit

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/strictjson"
)

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Clash at Alpha": "clash-at-alpha", "  O'Neil’s — 2nd!": "oneils-2nd", "Ворух": "", "": "", "a--b": "a-b"} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) is %q, want %q", in, got, want)
		}
	}
}

// What attribute tables cannot tell apart is the same, and nothing else.
func TestSame(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`null`, `""`, true}, {`5`, `5.0`, true}, {`5`, `"5"`, false}, {`{"a":null}`, `{}`, true}, {`{"a":1}`, `{}`, false}, {`[1,2]`, `[2,1]`, false},
		{`9007199254740993`, `9007199254740993`, true}, {`"a"`, `"A"`, false}, {`0`, `null`, false}, {`false`, `null`, false},
	} {
		a, _ := decode([]byte(tt.a))
		b, _ := decode([]byte(tt.b))
		if same(a, b) != tt.want || same(b, a) != tt.want {
			t.Errorf("same(%s, %s) is %v", tt.a, tt.b, !tt.want)
		}
	}
}

// A merge patch does what the examples of RFC 7396 (appendix A) say.
func TestMerged(t *testing.T) {
	for _, tt := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`}, {`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`}, {`{"a":"b"}`, `{"a":null}`, `{}`}, {`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`}, {`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`}, {`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`}, {`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`}, {`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`}, {`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		target, _ := decode([]byte(tt[0]))
		patch, _ := decode([]byte(tt[1]))
		got, err := json.Marshal(merged(target, patch))
		if err != nil || string(got) != tt[2] {
			t.Errorf("%s with %s is %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
}

func TestComplete(t *testing.T) {
	for in, want := range map[string]string{
		`{"kind":"exact","value":24}`:         `{"kind":"exact","max":24,"min":24,"value":24}`,
		`{"kind":"more_than","value":7}`:      `{"kind":"more_than","min":8,"value":7}`,
		`{"kind":"fewer_than","value":10.5}`:  `{"kind":"fewer_than","max":9.5,"value":10.5}`,
		`{"kind":"at_least","value":1e2}`:     `{"kind":"at_least","min":1e2,"value":1e2}`,
		`{"kind":"up_to","value":9,"max":8}`:  `{"kind":"up_to","max":8,"value":9}`,
		`{"kind":"approx","value":40}`:        `{"kind":"approx","value":40}`,
		`{"kind":"non_numeric","value":null}`: `{"kind":"non_numeric","value":null}`,
	} {
		v, _ := decode([]byte(in))
		complete(tree{"value": v})
		if got, _ := json.Marshal(v); string(got) != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestNewID(t *testing.T) {
	taken := func(id string) bool { return id == "2001-02-03-clash" || id == "had" }
	for collection, tt := range map[string]struct{ properties, want string }{
		"incidents": {`{"start":"2001-02-03","title":"Clash"}`, "2001-02-03-clash-2"},
		"sources":   {`{"publisher":"RFE/RL","date":"2022-09-16"}`, "rfe-rl-20220916"},
		"parties":   {`{"name":"Border service"}`, "BORDER-SERVICE"},
		"places":    {`{"label":"Kok-Tash"}`, "kok-tash"},
		"areas":     {`{"id":"own","name":"The bay"}`, "own"},
	} {
		p, _ := decode([]byte(tt.properties))
		if got, err := NewID(collection, &Sent{Properties: asTree(p)}, taken); err != nil || got != tt.want {
			t.Errorf("%s %s: %q, %v, want %q", collection, tt.properties, got, err, tt.want)
		}
	}
	if _, err := NewID("areas", &Sent{ID: "had"}, taken); !errors.Is(err, data.ErrConflict) {
		t.Errorf("an id that is had: %v", err)
	}
	var input *geo.InputError
	if _, err := NewID("places", &Sent{Properties: tree{"label": "Ворух"}}, taken); !errors.As(err, &input) {
		t.Errorf("nothing to make an id of: %v", err)
	}
}

func TestDiff(t *testing.T) {
	got, err := Diff(json.RawMessage(`{"title":"a","claims":[{"id":"c1","note":"x"},{"id":"c2"}],"tags":["p"],"n":1}`),
		json.RawMessage(`{"title":"b","claims":[{"id":"c2","note":"y"}],"tags":["p","q"],"n":1.0}`))
	want := []Difference{
		{[]string{"claims", "c1", "id"}, "c1", ""}, {[]string{"claims", "c1", "note"}, "x", ""}, {[]string{"claims", "c2", "note"}, "", "y"},
		{[]string{"tags"}, `["p"]`, `["p","q"]`}, {[]string{"title"}, "a", "b"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// Whatever is sent, there is an answer: a record or faults, and no panic.
func FuzzApply(f *testing.F) {
	for _, s := range []string{`{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"title":"x","parties":"A; B","claims_detail":[{"value":{"kind":"exact","value":3}}]}}`,
		`{"type":"FeatureCollection","features":[null,{"type":"Feature","properties":{"names_detail":{}}}]}`, `{"properties":{"location":{"position":null},"date_precision":"year","start":7}}`,
		`{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[null]},"properties":{"name_ky":[],"country":{},"admin1":"x","source_ids":[1],"locator":"a; b"}}`} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, partial bool) {
		if strictjson.Check(raw) != nil {
			return
		}
		r := Reader{Many: !partial, Partial: partial, CRS: crs.CRS84}
		sent, _, err := r.Read(raw)
		if err != nil {
			return
		}
		for _, s := range sent {
			for _, collection := range []string{"incidents", "claims", "sources", "parties", "places", "segments", "areas"} {
				target := Target{Collection: collection, ID: "x.c1", Record: json.RawMessage(`{"id":"x","claims":[{"id":"x.c1","sources":[{"source_id":"a"}]}],"parties":[{"party_id":"A"}],"names":[],"admin":[{"country":"KG"}]}`), Form: json.RawMessage(`{}`)}
				e, err := target.Apply(s.clone())
				if err == nil && !json.Valid(e.Body) {
					t.Fatalf("%s: the record is %s", collection, e.Body)
				}
				var input *geo.InputError
				if err != nil && !errors.As(err, &input) {
					t.Fatalf("%s: %v", collection, err)
				}
				if made, err2 := target.Make(s.clone()); (err == nil) != (err2 == nil) {
					t.Fatalf("%s: %v, and %v", collection, err, err2)
				} else if err == nil {
					sameRecord(t, e, made)
				}
			}
		}
	})
}

// sameRecord holds what Make makes to what is read of the Body that Apply makes.
func sameRecord(t *testing.T, applied, made *Edited) {
	t.Helper()
	r, err := data.DecodeRecord(applied.Kind, applied.Body)
	if err != nil || r.Kind == data.Segments || r.Kind == data.Areas {
		if made.Record.Value != nil || string(made.Body) != string(applied.Body) {
			t.Fatalf("%s is made of %s: %v", made.Body, applied.Body, err)
		}
		return
	}
	want, err := r.Encode()
	got, err2 := made.Record.Encode()
	if err != nil || err2 != nil || string(got) != string(want) || made.Body != nil {
		t.Fatalf("%s is made, %v; want %s, %v", got, err2, want, err)
	}
}

// An uncertainty alone gives an incident a location of its own, as precise as its
// place; what it never had is not made up.
func TestUncertaintyAlone(t *testing.T) {
	target := &Target{Collection: "incidents", ID: "a", Record: json.RawMessage(`{"id":"a","place_id":"alpha"}`),
		Form: json.RawMessage(`{"id":"a","place_id":"alpha","location_precision":"village","uncertainty_km":2}`)}
	for properties, want := range map[string]string{
		`{"uncertainty_km":7.5}`: `{"end":null,"id":"a","location":{"precision":"village","uncertainty_km":7.5},"place_id":"alpha"}`,
		`{"title":"x"}`:          `{"end":null,"id":"a","place_id":"alpha","title":"x"}`,
	} {
		p, _ := decode([]byte(properties))
		e, err := target.Apply(&Sent{Properties: asTree(p), Partial: true})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := decode(e.Body)
		if expected, _ := decode([]byte(want)); !same(got, expected) {
			t.Errorf("%s makes %s", properties, e.Body)
		}
	}
}

// What is written of a value is what encoding/json writes.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{`{"b":[1.50,-0,1e400,{}],"a":"<é\u2028\n\u0000>","":null,"c":[true,false,[]]}`, `"x"`, `7`, `[]`, `{"a":{"z":1,"b":{"c":[{"d":"e"}]}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := decode(raw)
		if err != nil {
			return
		}
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := encode(nil, v); err != nil || string(got) != string(want) {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	})
}
