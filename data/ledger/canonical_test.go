package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"
)

// value draws a JSON value of Go's types.
func value(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 6).Draw(t, "type") {
		case 0:
			return rapid.String().Draw(t, "text")
		case 1:
			return rapid.StringMatching(`[ -~äЖ"\\<&]{0,9}`).Draw(t, "plain text")
		case 2:
			return rapid.Int64().Draw(t, "integer")
		case 3:
			return math.Round(rapid.Float64Range(-180, 180).Draw(t, "degrees")*1e7) / 1e7
		case 4:
			return rapid.SampledFrom([]any{nil, true, false, 0.0, 1e21, 1e-7, 0.000012, -0.5, 123456789012345678.0, 1.0}).Draw(t, "special")
		}
		if depth == 0 {
			return nil
		}
		if rapid.Bool().Draw(t, "list") {
			return rapid.SliceOfN(value(depth-1), 0, 4).Draw(t, "array")
		}
		return rapid.MapOfN(rapid.StringMatching(`[a-c_Zа]{0,3}`), value(depth-1), 0, 5).Draw(t, "object")
	})
}

// unsorted writes an object as JSON, its members in the order of a Go map.
func unsorted(t *rapid.T, v any) []byte {
	switch v := v.(type) {
	case map[string]any:
		b, comma := []byte{'{'}, ""
		for k, x := range v {
			b = append(fmt.Appendf(b, "%s%s:", comma, unsorted(t, k)), unsorted(t, x)...)
			comma = ","
		}
		return append(b, '}')
	case []any:
		b, comma := []byte{'['}, ""
		for _, x := range v {
			b = append(append(b, comma...), unsorted(t, x)...)
			comma = ","
		}
		return append(b, ']')
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// TestCanonical holds the short way to the library: what it knows is the same byte
// for byte, and what the library refuses it does not know. That goes for bodies that
// are damaged, too.
func TestCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := unsorted(t, rapid.MapOfN(rapid.StringMatching(`[a-zA-Z_]{0,6}`), value(3), 0, 6).Draw(t, "body"))
		if rapid.Bool().Draw(t, "damaged") {
			at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
			body = append(bytes.Clone(body[:at]), append(rapid.SampledFrom([][]byte{{}, {0}, {0xff}, []byte("0"), []byte(" "), []byte(","), []byte(`"`), []byte("{}"), []byte("1.50"), []byte("-0")}).Draw(t, "damage"), body[at+rapid.IntRange(0, 1).Draw(t, "cut"):]...)...)
		}
		want, err := jcs.Transform(bytes.Clone(body))
		var s sorter
		if s.sort(bytes.Clone(body)) && (err != nil || !bytes.Equal(s.out, want)) {
			t.Errorf("of %s\nis    %s\nwant  %s, %v", body, s.out, want, err)
		}
		got, gotErr := Canonical(body)
		if (err == nil) != (gotErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Errorf("of %s\nis    %s, %v\nwant  %s, %v", body, got, gotErr, want, err)
		}
	})
}

// TestCanonicalKnowsRecords lets a record as our encoder writes it go the short way.
func TestCanonicalKnowsRecords(t *testing.T) {
	var s sorter
	body := `{"id":"kg-tj-0001","title":"Обстрел <Ак-Сай>","theatre":"kg-tj","location":{"position":[70.5123456,-39.9],"precision":"exact"},"claims":[{"id":"c1","value":12,"low":-3,"at":null},{}],"z":[],"b":0.001}`
	want := `{"b":0.001,"claims":[{"at":null,"id":"c1","low":-3,"value":12},{}],"id":"kg-tj-0001","location":{"position":[70.5123456,-39.9],"precision":"exact"},"theatre":"kg-tj","title":"Обстрел <Ак-Сай>","z":[]}`
	if !s.sort([]byte(body)) || string(s.out) != want {
		t.Errorf("is   %s\nwant %s", s.out, want)
	}
}

// TestLeafIsCanonical holds leaves to the form of RFC 8785, plain ones and others.
func TestLeafIsCanonical(t *testing.T) {
	for _, id := range []string{"a-1", "", `quo"te`, "Ак-Сай", "a<b>&c", "line\n"} {
		l := Leaf{Collection: "incidents", Commitment: "00ff", ID: id, Kind: Correct, Previous: -1, PublishedAt: "2026-01-02T03:04:05Z", Revision: 12, V: 1}
		got, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := jcs.Transform(plain); err != nil || !bytes.Equal(got, want) {
			t.Errorf("is   %s\nwant %s, %v", got, want, err)
		}
	}
}

func BenchmarkCommitment(b *testing.B) {
	body := []byte(`{"id":"syn-000123","theatre":"kg-tj","type":"clash","occurrence":"reported","title":"Synthetic incident","start":"2021-04-29","end":"2021-04-30","place_id":"ak-sai","location":{"position":[70.512345,39.912345],"precision":"village"},"parties":[{"party_id":"KG","role":"participant"},{"party_id":"TJ","role":"participant"}],"claims":[{"id":"syn-000123.c1","metric":"killed","affected_party":"KG","low":1,"high":3,"claimed_on":"2021-05-01","source_id":"x","status":"unverified"},{"id":"syn-000123.c2","metric":"injured","affected_party":"TJ","low":4,"high":4,"claimed_on":"2021-05-02","source_id":"y","status":"unverified"}]}`)
	salt := make([]byte, 32)
	for b.Loop() {
		if _, err := Commitment(salt, body); err != nil {
			b.Fatal(err)
		}
	}
}
