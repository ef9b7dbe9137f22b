package packed_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/packed"
)

// fill fills everything that v has with values made up, or leaves some of it out:
// lists missing and empty ones, texts of all kinds, parts that are not there.
func fill(rnd *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[data.Date]() {
			v.Set(reflect.ValueOf(dates[rnd.IntN(len(dates))]))
			return
		}
		for i := range v.NumField() {
			fill(rnd, v.Field(i))
		}
	case reflect.Pointer:
		if rnd.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(rnd, v.Elem())
		}
	case reflect.Slice:
		if n := rnd.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(rnd, v.Index(i))
			}
		}
	case reflect.String:
		v.SetString(texts[rnd.IntN(len(texts))])
	case reflect.Float64:
		v.SetFloat(numbers[rnd.IntN(len(numbers))])
	default:
		panic("a record has a " + v.Kind().String() + ", which this test does not fill")
	}
}

var (
	dates = []data.Date{{}, {Year: 2021}, {Year: 2021, Month: 4}, {Year: 2022, Month: 9, Day: 16}, {Year: 1, Month: 1, Day: 1}, {Year: 2024, Month: 2, Day: 29}}
	texts = []string{"", "a", "killed", "Ак-Сай", "said \"31\" <killed> & more\n\tand a \\ \u2028 too", strings.Repeat("long ", 300), "\x00\x1f\x7f", "😀", "null", "[]"}
	// The numbers are whole, have decimals, or use every bit.
	numbers = []float64{0, 1, -1, 31, 70.12345, -0.5, 0.1, 1.0 / 3, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e21, 1e-7, 12345678.1234567, math.Copysign(0, -1), 1 << 53}
)

func made(rnd *rand.Rand) *data.Incident {
	in := new(data.Incident)
	fill(rnd, reflect.ValueOf(in).Elem())
	return in
}

// TestReadingReturnsWhatWasWritten goes over every field that a record has, so that
// one that is added and not packed is found.
func TestReadingReturnsWhatWasWritten(t *testing.T) {
	d := packed.NewDictionary()
	w, r := packed.NewWriter(d), packed.NewReader(d)
	for seed := range uint64(600) {
		in := made(rand.New(rand.NewPCG(seed, 1)))
		src := string(w.Append(nil, in))
		if diff := cmp.Diff(in, d.Read(src)); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		if diff := cmp.Diff(in, r.Next(src)); diff != "" {
			t.Fatalf("seed %d: read in turn: %s", seed, diff)
		}
		if alone := d.Pack(in); cmp.Diff(in, d.Read(alone)) != "" {
			t.Fatalf("seed %d: written alone: %s", seed, cmp.Diff(in, d.Read(alone)))
		}
	}
}

// TestCanonicalFormTellsIncidentsApart changes one field at a time.
func TestCanonicalFormTellsIncidentsApart(t *testing.T) {
	seen := map[string]string{}
	for seed := range uint64(600) {
		in := made(rand.New(rand.NewPCG(seed, 2)))
		form, text := string(packed.AppendCanonical(nil, in)), encoded(t, in)
		if before, ok := seen[form]; ok && before != text {
			t.Fatalf("one form for\n%s\n%s", before, text)
		}
		seen[form] = text
	}
	if len(seen) < 580 {
		t.Errorf("600 incidents made %d forms", len(seen))
	}
}

func encoded(t *testing.T, in *data.Incident) string {
	t.Helper()
	body, err := data.Record{Kind: data.Incidents, Value: in}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestAppendJSONAgreesWithEncode goes over every field that a record has, there and
// missing, so that one that is added is found.
func TestAppendJSONAgreesWithEncode(t *testing.T) {
	for seed := range uint64(600) {
		in := made(rand.New(rand.NewPCG(seed, 4)))
		got, ok := packed.AppendJSON(nil, in)
		if diff := cmp.Diff(encoded(t, in), string(got)); diff != "" || !ok {
			t.Fatalf("seed %d: %t (-Encode +AppendJSON):\n%s", seed, ok, diff)
		}
	}
	for _, in := range []*data.Incident{{Location: &data.Location{UncertaintyKM: math.NaN()}}, {Location: &data.Location{Position: []float64{1, math.Inf(1)}}}} {
		if _, ok := packed.AppendJSON(nil, in); ok {
			t.Errorf("%v was written", in.Location)
		}
	}
	in := &data.Incident{Title: "no UTF-8: \xff", Claims: []data.Claim{{Note: "\u2028 \u2029", Scope: "\u00a0\ufffd"}}}
	if got, _ := packed.AppendJSON(nil, in); string(got) != encoded(t, in) {
		t.Errorf("%s is not %s", got, encoded(t, in))
	}
}

// TestReadJSONAgreesWithDecodeRecord holds the quick reading to the strict one: what
// Encode writes is read, and to the same; of what is not like that, nothing is read
// that the strict one refuses or reads otherwise.
func TestReadJSONAgreesWithDecodeRecord(t *testing.T) {
	quick := 0
	var room packed.Room
	for seed := range uint64(600) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		body := encoded(t, made(rnd))
		got := room.Incident()
		if !packed.ReadJSON(body, got) {
			t.Fatalf("seed %d: is not read: %s", seed, body)
		}
		agree(t, body, got)
		for range 10 {
			broken := []byte(body)
			for range 1 + rnd.IntN(2) {
				at := rnd.IntN(len(broken))
				switch part := `{}[]",:\u0-1.enull`; rnd.IntN(3) {
				case 0:
					broken[at] = part[rnd.IntN(len(part))]
				case 1:
					broken = append(broken[:at], broken[at+1:]...)
				default:
					broken = append(broken[:at+1], broken[at:]...)
				}
			}
			var got data.Incident
			if packed.ReadJSON(string(broken), &got) {
				quick++
				agree(t, string(broken), &got)
			}
		}
	}
	if quick == 0 {
		t.Error("no change left a form that the quick reading takes")
	}
}

func agree(t *testing.T, body string, got *data.Incident) {
	t.Helper()
	want, err := data.DecodeRecord(data.Incidents, []byte(body))
	if err != nil {
		t.Fatalf("is read, but the strict reading says %v: %s", err, body)
	}
	if diff := cmp.Diff(want.Value, got); diff != "" {
		t.Fatalf("%s: %s", diff, body)
	}
}

func TestReadJSONLeavesTheRest(t *testing.T) {
	in := data.Incident{ID: "a", Title: "b", Parties: []data.Involved{}, Claims: []data.Claim{}}
	body := encoded(t, &in)
	for name, other := range map[string]string{
		"another order":   strings.Replace(body, `"id":"a","title":"b"`, `"title":"b","id":"a"`, 1),
		"a member twice":  strings.Replace(body, `"id":"a",`, `"id":"a","id":"a",`, 1),
		"a member unlike": strings.Replace(body, `"title"`, `"titles"`, 1),
		"white space":     strings.Replace(body, `,"title"`, `, "title"`, 1),
		"something after": body + "{}",
		"half a pair":     strings.Replace(body, `"b"`, `"\ud800"`, 1),
		"not UTF-8":       strings.Replace(body, `"b"`, "\"\xff\"", 1),
		"cut":             body[:len(body)-1],
		"nothing":         "",
	} {
		var got data.Incident
		if packed.ReadJSON(other, &got) {
			t.Errorf("%s: is read", name)
		}
	}
}
