package layer_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data/layer"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/flatgeobuf"
	"demarc/geo/format/formattest"
	"demarc/geo/format/geojson"
)

// fgb writes features in their order.
func fgb(t *testing.T, sc *geo.Schema, o flatgeobuf.Options, features ...geo.Feature) []byte {
	t.Helper()
	o.Stream = true
	var b bytes.Buffer
	e := flatgeobuf.NewEncoder(&b, sc, o)
	for i := range features {
		if err := e.Encode(&features[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What FlatGeobuf does not tell of a column, its values do: days from instants,
// lists of text from other JSON.
func TestReadFlatGeobuf(t *testing.T) {
	at := time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)
	sc := formattest.Schema()
	sc.Fields[0].Title, sc.Fields[0].Doc = "Название", "Its name."
	content := fgb(t, sc, flatgeobuf.Options{CRS: crs.EPSG32642, Title: "Лагеря", Description: "Where"},
		geo.Feature{ID: "а/1", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("Ворух"), geo.StringValue("2022-01-01"), geo.IntValue(1), geo.NumberValue(2),
			geo.BoolValue(true), geo.DateValue(at), geo.DateTimeValue(at), geo.ListValue([]string{"KG", "TJ"})}},
		geo.Feature{ID: "2", Values: make([]geo.Value, 8)})
	l, err := layer.ReadFlatGeobuf("camps", "camps.fgb", content)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range l.Schema.Fields {
		got = append(got, f.Name+" "+f.Type.String())
	}
	want := []string{"id string", "title string", "место string", "killed_low integer", "uncertainty_km number", "confirmed boolean", "start date", "recorded date-time", "parties list of strings"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if f := l.Schema.Fields[1]; l.Title != "Лагеря" || l.Description != "Where" || f.Title != "Название" || f.Doc != "Its name." || !l.HasGeometry {
		t.Errorf("%+v", l)
	}
	p := l.Features[0].Geometry.(orb.Point)
	l.Features[0].Geometry = orb.Point{float64(int(p[0]*1e6+0.5)) / 1e6, float64(int(p[1]*1e6+0.5)) / 1e6}
	for i, want := range []string{
		`{"type":"Feature","id":"а/1","geometry":{"type":"Point","coordinates":[70.5,40.25]},"properties":{"id":"а/1","title":"Ворух","место":"2022-01-01","killed_low":1,"uncertainty_km":2,"confirmed":true,"start":"2022-09-16","recorded":"2022-09-16T12:00:00Z","parties":"KG; TJ"}}`,
		`{"type":"Feature","id":"2","geometry":null,"properties":{"id":"2","title":null,"место":null,"killed_low":null,"uncertainty_km":null,"confirmed":null,"start":null,"recorded":null,"parties":null}}`,
	} {
		b, _ := geojson.AppendFeature(nil, &l.Schema, &l.Features[i])
		if got := string(b); !strings.HasPrefix(strings.Replace(got, `"uncertainty_km":2.0`, `"uncertainty_km":2`, 1), want) {
			t.Errorf("feature %d:\n%s, want\n%s", i, got, want)
		}
	}
}

// Without ids of their own, features have their number.
func TestIDsOfFlatGeobuf(t *testing.T) {
	number := []geo.Field{{Name: "id", Type: geo.Integer}}
	for name, tt := range map[string]struct {
		fields []geo.Field
		values []geo.Value
		want   string
	}{
		"no column": {[]geo.Field{{Name: "x", Type: geo.Integer}}, []geo.Value{geo.IntValue(7), geo.IntValue(8)}, "1 2"},
		"numbers":   {number, []geo.Value{geo.IntValue(7), geo.IntValue(8)}, "7 8"},
		"the same":  {number, []geo.Value{geo.IntValue(7), geo.IntValue(7)}, "1 2"},
		"null":      {number, []geo.Value{geo.IntValue(7), geo.Null()}, "1 2"},
		"truths":    {[]geo.Field{{Name: "id", Type: geo.Boolean}}, []geo.Value{geo.BoolValue(true), geo.BoolValue(false)}, "1 2"},
	} {
		var features []geo.Feature
		for _, v := range tt.values {
			features = append(features, geo.Feature{ID: "key", Values: []geo.Value{v}})
		}
		l, err := layer.ReadFlatGeobuf("x", "x.fgb", fgb(t, &geo.Schema{Fields: tt.fields}, flatgeobuf.Options{ID: tt.fields[0].Name}, features...))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := l.Features[0].ID + " " + l.Features[1].ID; got != tt.want {
			t.Errorf("%s: ids %s, want %s", name, got, tt.want)
		}
	}
}

// Columns of times and of JSON whose values are of several kinds stay text.
func TestMixedColumnsOfFlatGeobuf(t *testing.T) {
	instants, lists := []geo.Field{{Name: "v", Type: geo.DateTime}}, []geo.Field{{Name: "v", Type: geo.StringList}}
	at := time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)
	mixed := fgb(t, &geo.Schema{Fields: instants}, flatgeobuf.Options{ID: "v"}, geo.Feature{Values: []geo.Value{geo.DateTimeValue(at)}}, geo.Feature{Values: []geo.Value{geo.DateTimeValue(at)}})
	json := fgb(t, &geo.Schema{Fields: lists}, flatgeobuf.Options{ID: "v"}, geo.Feature{Values: []geo.Value{geo.ListValue([]string{"abc"})}})
	for name, tt := range map[string]struct {
		content   []byte
		old, new  string
		typ, json string
	}{
		"an instant":        {mixed, "", "", "date-time", `"2022-09-16T12:00:00Z"`},
		"without a zone":    {mixed, "T12:00:00Z", "T12:00:00.", "string", `"2022-09-16T12:00:00."`},
		"parts of a second": {mixed, "2022-09-16T12:00:00Z", "2022-09-16T12:00:00Z", "date-time", `"2022-09-16T12:00:00Z"`},
		"some other text":   {mixed, "2022-09-16T12:00:00Z", "in September of 2022", "string", `"in September of 2022"`},
		"an object":         {json, `["abc"]`, `{"a":1}`, "string", `"{\"a\":1}"`},
		"a list of numbers": {json, `["abc"]`, `[1,2,3]`, "string", `"[1,2,3]"`},
		"a list":            {json, "", "", "list of strings", `["abc"]`},
		"null as JSON":      {json, `["abc"]`, `null   `, "list of strings", `null`},
	} {
		content := tt.content
		if tt.old != "" {
			if !bytes.Contains(content, []byte(tt.old)) || len(tt.old) != len(tt.new) {
				t.Fatalf("%s: the file is not as this test knows it", name)
			}
			content = bytes.Replace(content, []byte(tt.old), []byte(tt.new), 1)
		}
		l, err := layer.ReadFlatGeobuf("x", "x.fgb", content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := string(l.Features[0].Values[0].AppendJSON(nil)); l.Schema.Fields[0].Type.String() != tt.typ || got != tt.json {
			t.Errorf("%s: %s of type %v", name, got, l.Schema.Fields[0].Type)
		}
	}
}

// Every fault of a file is told, with its place.
func TestFlatGeobufRefused(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "t"}}}
	content := fgb(t, sc, flatgeobuf.Options{},
		geo.Feature{ID: "a", Geometry: orb.Point{200, 40}, Values: []geo.Value{geo.StringValue("good")}},
		geo.Feature{ID: "b", Geometry: orb.Point{70, 40}, Values: []geo.Value{geo.StringValue("evil")}})
	content = bytes.Replace(content, []byte("evil"), []byte("ev\xffl"), 1)
	_, err := layer.ReadFlatGeobuf("x", "x.fgb", content[:len(content)-1])
	_, err2 := layer.ReadFlatGeobuf("x", "x.fgb", append(bytes.Clone(content), 1, 2))
	_, err3 := layer.ReadFlatGeobuf("x", "x.fgb", content[:30])
	got := fmt.Sprint(err, "\n", err2, "\n", err3)
	for _, want := range []string{"x.fgb: ends too early: feature 2 is not whole", "x.fgb:feature 1: the geometry is not valid", "x.fgb:feature 2: has in t a value that is not UTF-8",
		"x.fgb: ends too early: feature 3 is not whole", "x.fgb: the header ends too early"} {
		if !strings.Contains(got, want) {
			t.Errorf("no fault %q in\n%s", want, got)
		}
	}
}
