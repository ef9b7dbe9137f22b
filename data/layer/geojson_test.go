package layer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/layer"
	"demarc/geo"
)

// collection returns a document of features with these properties, without geometry.
func collection(properties ...string) string {
	var features []string
	for _, p := range properties {
		features = append(features, `{"type":"Feature","geometry":null,"properties":`+p+`}`)
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func read(t *testing.T, document string) *data.Layer {
	t.Helper()
	l, err := layer.ReadGeoJSON("camps", "camps.geojson", []byte(document))
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return l
}

// faults returns what is wrong with a document, a fault a line.
func faults(t *testing.T, document string) []string {
	t.Helper()
	_, err := layer.ReadGeoJSON("camps", "camps.geojson", []byte(document))
	var input *geo.InputError
	if !errors.As(err, &input) {
		t.Fatalf("%s: got %v, want faults", document, err)
	}
	return strings.Split(input.Error(), "\n")
}

func TestInference(t *testing.T) {
	for name, tt := range map[string]struct {
		values []string // of the property v, one a feature
		typ    geo.Type
		json   string // of all values
	}{
		"integers":               {[]string{"1", "null", "-2"}, geo.Integer, "1 null -2"},
		"numbers":                {[]string{"1.5", "2e3"}, geo.Number, "1.5 2000"},
		"integers and numbers":   {[]string{"1", "2.5"}, geo.Number, "1 2.5"},
		"beyond 64 bits":         {[]string{"1", "9223372036854775808"}, geo.String, `"1" "9223372036854775808"`},
		"too large for a number": {[]string{"1e999"}, geo.String, `"1e999"`},
		"booleans":               {[]string{"true", "false", "null"}, geo.Boolean, "true false null"},
		"text":                   {[]string{`"Аптека"`, `""`}, geo.String, `"Аптека" ""`},
		"days":                   {[]string{`"2022-09-16"`, "null"}, geo.Date, `"2022-09-16" null`},
		"instants":               {[]string{`"2022-09-16T14:00:00+06:00"`}, geo.DateTime, `"2022-09-16T08:00:00Z"`},
		"days and instants":      {[]string{`"2022-09-16"`, `"2022-09-16T14:00:00Z"`}, geo.String, `"2022-09-16" "2022-09-16T14:00:00Z"`},
		"parts of a second":      {[]string{`"2022-09-16T14:00:00.5Z"`}, geo.String, `"2022-09-16T14:00:00.5Z"`},
		"no such day":            {[]string{`"2022-02-30"`}, geo.String, `"2022-02-30"`},
		"other dates":            {[]string{`"01/01/20"`}, geo.String, `"01/01/20"`},
		"lists of text":          {[]string{`["a","b"]`, "[]"}, geo.StringList, `["a","b"] null`},
		"lists with null":        {[]string{`["a",null]`}, geo.String, `"[\"a\",null]"`},
		"mixed":                  {[]string{"1", `"one"`, "true"}, geo.String, `"1" "one" "true"`},
		"objects":                {[]string{`{"a": 1}`}, geo.String, `"{\"a\": 1}"`},
		"null alone":             {[]string{"null", "null"}, geo.String, "null null"},
	} {
		var properties []string
		for _, v := range tt.values {
			properties = append(properties, `{"v":`+v+`}`)
		}
		l := read(t, collection(properties...))
		var got []string
		for _, f := range l.Features {
			got = append(got, string(f.Values[0].AppendJSON(nil)))
		}
		if len(l.Schema.Fields) != 1 || l.Schema.Fields[0].Type != tt.typ || strings.Join(got, " ") != tt.json {
			t.Errorf("%s: %v of %+v; want %s of type %v", name, got, l.Schema.Fields, tt.json, tt.typ)
		}
	}
}

// Fields come in the order in which they are first seen; one that a feature
// does not have is null there.
func TestFieldsOfAllFeatures(t *testing.T) {
	l := read(t, collection(`{"b":1,"name:ky":"x"}`, `{"a":true}`, `null`))
	var names []string
	for _, f := range l.Schema.Fields {
		names = append(names, fmt.Sprint(f.Name, " ", f.Title, " ", f.Type, " ", f.Queryable, f.Sortable))
	}
	want := []string{"b b integer true true", "name:ky name:ky string true true", "a a boolean true true"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if v := l.Features[1].Values; !v[0].IsNull() || !v[1].IsNull() || v[2].IsNull() {
		t.Errorf("the second feature has %v", v)
	}
	if l.HasGeometry {
		t.Error("the layer has geometry")
	}
}

func TestIDs(t *testing.T) {
	l := read(t, `{"type":"Feature","id":"x/1","geometry":{"type":"Point","coordinates":[70,40,900]},"properties":{}}
{"type":"Feature","id":17,"geometry":null,"properties":{}}
{"type":"Feature","geometry":null,"properties":{}}
`)
	var ids []string
	for _, f := range l.Features {
		ids = append(ids, f.ID, f.Values[0].Text())
	}
	if diff := cmp.Diff([]string{"x/1", "x/1", "17", "17", "3", "3"}, ids); diff != "" || l.Schema.Fields[0].Name != "id" || !l.HasGeometry {
		t.Errorf("%+v (-want +got):\n%s", l.Schema.Fields, diff)
	}
}

// A field named as a parameter stays a property.
func TestParametersAreNotQueryable(t *testing.T) {
	for _, name := range layer.Reserved() {
		l := read(t, collection(`{"`+name+`":1}`))
		if f := l.Schema.Fields[0]; f.Name != name || f.Queryable || !f.Sortable {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestTimes(t *testing.T) {
	for name, tt := range map[string]struct {
		properties []string
		want       string // the times of the features
	}{
		"a day":              {[]string{`{"date":"2022-09-16"}`}, "2022-09-16T00:00:00Z/2022-09-17T00:00:00Z"},
		"an instant":         {[]string{`{"n":1,"Timestamp":"2022-09-16T14:00:00Z"}`}, "2022-09-16T14:00:00Z/2022-09-16T14:00:00Z"},
		"start and end":      {[]string{`{"start_date":"2022-09-14","End-Date":"2022-09-17"}`}, "2022-09-14T00:00:00Z/2022-09-18T00:00:00Z"},
		"an open end":        {[]string{`{"start":"2022-09-14","end":null}`, `{"start":null,"end":"2022-09-17"}`}, "2022-09-14T00:00:00Z/.. ../2022-09-18T00:00:00Z"},
		"no time":            {[]string{`{"date":"2022-09-16"}`, `{"date":null}`}, "2022-09-16T00:00:00Z/2022-09-17T00:00:00Z ../.."},
		"a name of its own":  {[]string{`{"built":"2022-09-16"}`}, "../.."},
		"text":               {[]string{`{"date":"16 September"}`}, "../.."},
		"two of them":        {[]string{`{"date":"2022-09-16","timestamp":"2022-09-16T14:00:00Z"}`}, "../.."},
		"a date besides":     {[]string{`{"start":"2022-09-14","end":"2022-09-17","date":"2022-09-16"}`}, "../.."},
		"a start alone":      {[]string{`{"start":"2022-09-14"}`}, "../.."},
		"ends before starts": {[]string{`{"start":"2022-09-14","end":"2022-09-17"}`, `{"start":"2022-09-14","end":"2022-09-13"}`}, "../.. ../.."},
	} {
		l := read(t, collection(tt.properties...))
		var got []string
		for i := range l.Features {
			iv := l.When(&l.Features[i])
			from, to := "..", ".."
			if !iv.From.IsZero() {
				from = iv.From.Format("2006-01-02T15:04:05Z07:00")
			}
			if !iv.To.IsZero() {
				to = iv.To.Format("2006-01-02T15:04:05Z07:00")
			}
			got = append(got, from+"/"+to)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %v, want %s", name, got, tt.want)
		}
	}
}

func TestWhatTheFileSaysOfItself(t *testing.T) {
	l := read(t, `{"type":"FeatureCollection","name":"n","title":"Camps","description":"d","license":"https://example.org/l","attribution":"A",
		"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[]}`)
	got := []string{l.Name, l.Title, l.Description, l.Licence, l.LicenceURL, l.Attribution, l.GeometryName}
	if diff := cmp.Diff([]string{"camps", "Camps", "d", "https://example.org/l", "https://example.org/l", "A", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if l := read(t, "\xEF\xBB\xBF"+`{"type":"FeatureCollection","name":"n","features":[],"licence":"CC0-1.0"}`); l.Title != "n" || l.Licence != "CC0-1.0" || l.LicenceURL != "" {
		t.Errorf("got %+v", l)
	}
}

func TestFaults(t *testing.T) {
	feature := func(id, geometry string) string {
		return `{"type":"Feature","id":"` + id + `","geometry":` + geometry + `,"properties":{}}` + "\n"
	}
	bowtie := `{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}`
	for name, tt := range map[string]struct {
		document string
		want     []string // a part of each line
	}{
		"array":       {"[{\"lat\": 42.9}]", []string{`camps.geojson:1: is a JSON array, not GeoJSON (found "[{\"lat\": 42.9}]"); rows without geometry`}},
		"cut short":   {"{\"type\":\"FeatureCollection\",\n\"features\":[", []string{"camps.geojson:2: ends too early"}},
		"a comma":     {"{\"type\":\"FeatureCollection\",\n\"features\":[\n,]}", []string{"camps.geojson:3: is not JSON from here on"}},
		"same id":     {feature("a", "null") + feature("b", "null") + feature("a", "null"), []string{`camps.geojson:3: has the id of the feature at 1 (found "a")`}},
		"same number": {feature("2", "null") + strings.Replace(feature("", "null"), `"id":"",`, "", 1), []string{`camps.geojson:2: has the id of the feature at 1 (found "2")`}},
		"all at once": {feature("a", bowtie) + "{\n" + feature("a", `{"type":"Point","coordinates":[0,99]}`) + feature("c", `{"type":"Blob"}`),
			[]string{"camps.geojson:3: feature 2 cannot be read: is not JSON", "camps.geojson:3: feature 3 cannot be read: /geometry/coordinates: lies outside the world",
				"camps.geojson:4: feature 4 cannot be read", "camps.geojson:1: the geometry is not valid: the ring meets itself at lon 1, lat 1; mend it"}},
		"lat, lon":          {feature("a", `{"type":"Point","coordinates":[40,100]}`), []string{"camps.geojson:1: feature 1 cannot be read: /geometry/coordinates: lies outside the world; write lon, lat in degrees (found \"[40,100]\")"}},
		"web Mercator":      {`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}`, []string{`camps.geojson:1: is in a coordinate reference system that GeoJSON does not have (RFC 7946 §4) (found "urn:ogc:def:crs:EPSG::3857"); convert it`}},
		"linked CRS":        {`{"type":"FeatureCollection","crs":{"type":"link"},"features":[]}`, []string{`(found "{\"type\":\"link\"}"); convert it`}},
		"properties":        {`{"type":"Feature","geometry":null,"properties":[1]}`, []string{"camps.geojson:1: feature 1 cannot be read: /properties: is neither an object nor null (found \"[1]\")"}},
		"a property twice":  {`{"type":"Feature","geometry":null,"properties":{"a":1,"a":2}}`, []string{`camps.geojson:1: feature 1 cannot be read: /properties/a: the name "a" is there twice`}},
		"distance_m":        {collection(`{"distance_m":1}`), []string{`camps.geojson: has a field that answers to near use for the distance (found "distance_m")`}},
		"no feature at all": {"", []string{"camps.geojson:1: is empty"}},
	} {
		got := faults(t, tt.document)
		if len(got) != len(tt.want) {
			t.Errorf("%s: got %d faults, want %d:\n%s", name, len(got), len(tt.want), strings.Join(got, "\n"))
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], tt.want[i]) {
				t.Errorf("%s: got %q, want %q in it", name, got[i], tt.want[i])
			}
		}
	}
}

// A file with thousands of faults does not bury the first ones.
func TestManyFaults(t *testing.T) {
	got := faults(t, strings.Repeat(`{"type":"Feature","id":"a","geometry":null,"properties":{}}`+"\n", 1001))
	if len(got) != 101 || got[100] != "camps.geojson: has 900 more faults; mend those named first" {
		t.Errorf("%d faults, the last: %s", len(got), got[len(got)-1])
	}
}

// Positions that rounding has put over the edge of the world are put on it.
func TestRoundingAtTheEdge(t *testing.T) {
	b := layer.NewBuilder("n", "f")
	for i, g := range edgeGeometries() {
		b.Add(fmt.Sprint(i), geo.Feature{ID: fmt.Sprint(i), Geometry: g})
	}
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range l.Features {
		if box := geo.BBoxOf(f.Geometry); box.East > 180 || box.West < -180 || box.North > 90 || box.South < -90 {
			t.Errorf("geometry %d reaches to %+v", i, box)
		}
	}
}
