package strictjson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/geo/format/formattest"
	"demarc/geo/format/strictjson"
)

// sameAsCheck holds Value to the verdict of Check, and what it reads to what
// encoding/json does.
func sameAsCheck(t *testing.T, name string, raw []byte) {
	t.Helper()
	got, err := strictjson.Value(raw)
	if diff := cmp.Diff(strictjson.Check(raw), err); diff != "" {
		t.Errorf("%s: (-Check +Value):\n%s", name, diff)
	}
	if err != nil {
		return
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Errorf("%s: taken, though encoding/json says %v", name, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: (-encoding/json +Value):\n%s", name, diff)
	}
}

func TestValueOfJSONTestSuite(t *testing.T) {
	for _, file := range append(formattest.CorpusFiles(t, "json/JSONTestSuite/test_parsing/*.json"), formattest.CorpusFiles(t, "json/JSONTestSuite/test_transform/*.json")...) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sameAsCheck(t, file, raw)
	}
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{"", " ", "{}", "[]", `{"a":[1.50,-0,1e400,"\u00e9\n",null,true,false,{}]}`, `{"a":1,"a":2}`, `{"a":1}x`, "[1,]", "[}", "{]", "]", "\"\xff\"", `"\ud800"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { sameAsCheck(t, string(raw), raw) })
}
