package geojson_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

func TestAppendGeometry(t *testing.T) {
	for name, c := range map[string]struct {
		g    orb.Geometry
		want string
	}{
		"nil":                {nil, `null`},
		"point, lon first":   {orb.Point{69.01354, 38.55632}, `{"type":"Point","coordinates":[69.01354,38.55632]}`},
		"no exponent":        {orb.Point{1e-7, -90}, `{"type":"Point","coordinates":[0.0000001,-90]}`},
		"multipoint":         {orb.MultiPoint{{1, 2}, {3, 4}}, `{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`},
		"empty multipoint":   {orb.MultiPoint{}, `{"type":"MultiPoint","coordinates":[]}`},
		"line":               {orb.LineString{{1, 2}, {3, 4}}, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
		"lines":              {orb.MultiLineString{{{1, 2}, {3, 4}}}, `{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`},
		"polygon":            {orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`},
		"ring is a polygon":  {orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`},
		"bound is a polygon": {orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{1, 2}}, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,2],[0,2],[0,0]]]}`},
		"polygons":           {orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}, `{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`},
		"collection":         {orb.Collection{orb.Point{1, 2}, orb.Collection{}}, `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"GeometryCollection","geometries":[]}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(geojson.AppendGeometry([]byte("x"), c.g)); got != "x"+c.want {
				t.Errorf("got  %s\nwant x%s", got, c.want)
			}
		})
	}
}

func TestAppendFeature(t *testing.T) {
	schema := geo.Schema{Fields: []geo.Field{{Name: "id"}, {Name: "killed_low", Type: geo.Integer}}}
	feature := geo.Feature{ID: `a"b`, Geometry: nil, Values: []geo.Value{geo.StringValue(`a"b`), geo.Null()}}
	before := `{"features":[`
	out, end := geojson.AppendFeature([]byte(before), &schema, &feature)
	want := `{"type":"Feature","id":"a\"b","geometry":null,"properties":{"id":"a\"b","killed_low":null}}`
	if got := string(out); got != before+want {
		t.Errorf("got  %s\nwant %s", got, before+want)
	}
	appended := out[len(before):]
	if got := string(appended[end:]); got != "}}" {
		t.Errorf("the properties end before %q, want }}", got)
	}
	more := string(appended[:end]) + `,"distance_m":12.5` + string(appended[end:])
	if !json.Valid([]byte(more)) {
		t.Errorf("with one more property it is no JSON: %s", more)
	}
}

func TestDecodeCollection(t *testing.T) {
	got, err := geojson.DecodeCollection([]byte(`{"type":"FeatureCollection","extra":1,"features":[
		{"type":"Feature","id":"vorukh","geometry":{"type":"Point","coordinates":[70.5,39.8,1500]},"properties":{"n": 1.50}},
		{"type":"Feature","id":7,"geometry":null,"properties":null},
		{"type":"Feature","id":"a\"b","geometry":null,"properties":{"a":[1e5,1.0]}},
		{"type":"Feature","geometry":null,"properties":{}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []geojson.Feature{
		{ID: "vorukh", Geometry: orb.Point{70.5, 39.8}, Properties: json.RawMessage(`{"n": 1.50}`)},
		{ID: "7", Properties: json.RawMessage("null")},
		{ID: `a"b`, Properties: json.RawMessage(`{"a":[1e5,1.0]}`)},
		{Properties: json.RawMessage("{}")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
}

func TestDecodeCollectionRefuses(t *testing.T) {
	one := func(feature string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{}},` + feature + `]}`
	}
	for name, c := range map[string]struct{ in, says string }{
		"nothing":                    {``, "is empty"},
		"a list":                     {`[]`, "is a JSON array"},
		"null":                       {`null`, "is not JSON"},
		"cut short":                  {`{"type":"FeatureCollection","features":[`, "ends too early"},
		"a second document":          {`{"type":"FeatureCollection","features":[]} {}`, "goes on behind the end"},
		"a single feature":           {`{"type":"Feature","geometry":null}`, "/type: is not FeatureCollection"},
		"no features":                {`{"type":"FeatureCollection"}`, "has no features"},
		"features null":              {`{"type":"FeatureCollection","features":null}`, "not an array"},
		"features an object":         {`{"type":"FeatureCollection","features":{}}`, "not an array"},
		"null as a feature":          {one(`null`), "/features/1: is no JSON object"},
		"a geometry as a feature":    {one(`{"type":"Point","coordinates":[1,2]}`), `/features/1/coordinates: does not belong`},
		"feature without geometry":   {one(`{"type":"Feature"}`), "/features/1/geometry: is missing"},
		"feature without properties": {one(`{"type":"Feature","geometry":null}`), "/features/1/properties: is missing"},
		"properties a list":          {one(`{"type":"Feature","geometry":null,"properties":[1]}`), "/features/1/properties: is neither"},
		"a name twice":               {one(`{"type":"Feature","geometry":null,"properties":{"killed":1,"killed":81}}`), `/features/1/properties/killed: the name "killed" is there twice`},
		"features twice":             {`{"type":"FeatureCollection","features":[],"features":[]}`, "has features twice"},
		"a lone surrogate":           {one(`{"type":"Feature","geometry":null,"properties":{"a":"\ud800"}}`), "/features/1/properties/a: is text that is not UTF-8"},
		"no UTF-8":                   {one("{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"a\":\"\xff\"}}"), "/features/1/properties/a: is text that is not UTF-8"},
		"NUL in a text":              {one(`{"type":"Feature","geometry":null,"properties":{"a":"\\\u0000"}}`), "/features/1/properties: holds text with the character NUL"},
		"bbox of three":              {one(`{"type":"Feature","bbox":[1,2,3],"geometry":null,"properties":{}}`), "/features/1/bbox: is not a box"},
		"geometry of another case":   {one(`{"type":"Feature","Geometry":null,"properties":{}}`), "/features/1/geometry: is missing"},
		"feature's id null":          {one(`{"type":"Feature","id":null,"geometry":null}`), "/features/1/id: is neither a string nor a number, found null"},
		"feature's id an object":     {one(`{"type":"Feature","id":{"a":"b"},"geometry":null}`), "/id: is neither a string nor a number"},
		"feature's geometry a list":  {one(`{"type":"Feature","id":"x","geometry":[]}`), "/features/1/geometry: is neither"},
		"a fault deep in a geometry": {one(`{"type":"Feature","id":"x","geometry":{"type":"LineString","coordinates":[[1,2],[3]]}}`), "/features/1/geometry/coordinates/1: is not a position of two or three numbers, found [3]"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := geojson.DecodeCollection([]byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("DecodeCollection = %v, %v, want an error that says %q", got, err, c.says)
			}
		})
	}
}

func TestDecodeGeometryRefuses(t *testing.T) {
	collection := func(depth int) string {
		return strings.Repeat(`{"type":"GeometryCollection","geometries":[`, depth) + strings.Repeat(`]}`, depth)
	}
	if _, err := geojson.DecodeGeometry([]byte(collection(4))); err != nil {
		t.Errorf("collections four deep: %v", err)
	}
	for name, c := range map[string]struct{ in, says string }{
		"no type":                      {`{"coordinates":[1,2]}`, "/type: is no geometry type"},
		"unknown type":                 {`{"type":"Circle","coordinates":[1,2]}`, `is no geometry type, found "Circle"`},
		"type of another case":         {`{"type":"point","coordinates":[1,2]}`, `is no geometry type, found "point"`},
		"no coordinates":               {`{"type":"Point"}`, "/coordinates: is missing"},
		"coordinates null":             {`{"type":"Point","coordinates":null}`, "position of two or three"},
		"empty point":                  {`{"type":"Point","coordinates":[]}`, "position of two or three"},
		"one number":                   {`{"type":"Point","coordinates":[1]}`, "position of two or three"},
		"four numbers":                 {`{"type":"Point","coordinates":[1,2,3,4]}`, "position of two or three"},
		"nulls":                        {`{"type":"Point","coordinates":[null,null]}`, "is not a number, found null"},
		"null height":                  {`{"type":"Point","coordinates":[1,2,null]}`, "is not a number, found null"},
		"numbers as strings":           {`{"type":"Point","coordinates":["1","2"]}`, "is not a number"},
		"true":                         {`{"type":"Point","coordinates":[true,2]}`, "is not a number"},
		"NaN":                          {`{"type":"Point","coordinates":[NaN,2]}`, "/coordinates/0: is not JSON from here on: invalid character"},
		"too large for a number":       {`{"type":"Point","coordinates":[1e999,2]}`, "/coordinates/0: is too large for a number, found 1e999"},
		"height too large":             {`{"type":"Point","coordinates":[1,2,-1e999]}`, "too large"},
		"lon out of range":             {`{"type":"Point","coordinates":[180.0001,2]}`, "outside the world"},
		"lat first":                    {`{"type":"Point","coordinates":[39.8,170.5]}`, "outside the world"},
		"a line as a point":            {`{"type":"Point","coordinates":[[1,2],[3,4]]}`, "is not a number"},
		"a point as a line":            {`{"type":"LineString","coordinates":[1,2]}`, "position of two or three"},
		"a line as a polygon":          {`{"type":"Polygon","coordinates":[[1,2],[3,4]]}`, "is not a position"},
		"a polygon as polygons":        {`{"type":"MultiPolygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`, "is not a position"},
		"an object as coordinates":     {`{"type":"LineString","coordinates":{}}`, "is not an array"},
		"empty line":                   {`{"type":"LineString","coordinates":[]}`, "has 0 members where at least 2"},
		"line of one position":         {`{"type":"LineString","coordinates":[[1,2]]}`, "has 1 members where at least 2"},
		"null in a line":               {`{"type":"LineString","coordinates":[[1,2],null]}`, "/coordinates/1: is not a position of two or three numbers, found null"},
		"ring of three positions":      {`{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}`, "has 3 members where at least 4"},
		"open ring":                    {`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`, "not closed"},
		"open ring, a hole":            {`{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[1,0],[2,0],[2,1],[1,0.5]]]}`, "/coordinates/1: is a ring that is not closed"},
		"null ring":                    {`{"type":"Polygon","coordinates":[null]}`, "is not an array"},
		"collection without members":   {`{"type":"GeometryCollection"}`, "/geometries: is missing"},
		"collection, members null":     {`{"type":"GeometryCollection","geometries":null}`, "/geometries: is not an array"},
		"collection with a null":       {`{"type":"GeometryCollection","geometries":[null]}`, "/geometries/0: is no geometry, found null"},
		"collection with a bad member": {`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1]}]}`, "/geometries/0/coordinates: is not a position of two or three numbers, found [1]"},
		"collections five deep":        {collection(5), "nests more than 4 deep"},
		"collections very deep":        {collection(4000), "nests more than 32 deep"},
		"arrays very deep":             {`{"type":"Polygon","coordinates":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, "nests more than 32 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := geojson.DecodeGeometry([]byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("DecodeGeometry = %v, %v, want an error that says %q", got, err, c.says)
			}
			if got != nil {
				t.Errorf("a geometry beside the error: %v", got)
			}
		})
	}
}

func ExampleDecodeGeometry() {
	_, err := geojson.DecodeGeometry([]byte(`{"type":"Point","coordinates":[39.8,170.5]}`))
	fmt.Println(err)
	// Output: /coordinates: lies outside the world; write lon, lat in degrees, found [39.8,170.5]
}

func ExampleAppendFeature() {
	schema := geo.Schema{Fields: []geo.Field{{Name: "label"}}}
	feature := geo.Feature{ID: "vahdat", Geometry: orb.Point{69.01354, 38.55632}, Values: []geo.Value{geo.StringValue("Vahdat")}}
	out, _ := geojson.AppendFeature(nil, &schema, &feature)
	fmt.Println(string(out))
	// Output: {"type":"Feature","id":"vahdat","geometry":{"type":"Point","coordinates":[69.01354,38.55632]},"properties":{"label":"Vahdat"}}
}

// A reader that infers types from values takes a number for a number.
func TestNumbersAreToldFromIntegers(t *testing.T) {
	for want, v := range map[string]geo.Value{
		"300.0": geo.NumberValue(300), "-0.5": geo.NumberValue(-0.5), "0.0": geo.NumberValue(0), "300": geo.IntValue(300), `"300"`: geo.StringValue("300"),
		"100000000000000000000000.0": geo.NumberValue(1e23), "0.0000001": geo.NumberValue(1e-7), "null": geo.Null(), "true": geo.BoolValue(true),
		`"2022-09-16"`: geo.DateValue(time.Date(2022, 9, 16, 0, 0, 0, 0, time.UTC)), `"a; b"`: geo.ListValue([]string{"a", "b"}),
	} {
		if got := string(geojson.AppendProperty([]byte("1.5,"), v)); got != "1.5,"+want {
			t.Errorf("got %s, want 1.5,%s", got, want)
		}
	}
}
