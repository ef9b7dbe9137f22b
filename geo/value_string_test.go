package geo_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"demarc/geo"
)

// A string is written as encoding/json writes it, also where that is done ahead.
func TestAppendJSONStringAgreesWithJSON(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"a", "Ворух", "\"", "\\", "<", "&", ">", "\n", "\x00", "\x7f", "\xff", "\u2028", "\u2029", "\u202a", "é", "𐍈", "\xe2\x80", "/"})
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for _, p := range rapid.SliceOfN(pieces, 0, 4).Draw(t, "pieces") {
			s += p
		}
		want, err := json.Marshal(s)
		if got := string(geo.AppendJSONString([]byte("x"), s)); err != nil || got != "x"+string(want) {
			t.Fatalf("%q is %s, want x%s", s, got, want)
		}
	})
}
