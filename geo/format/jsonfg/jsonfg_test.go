package jsonfg_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/jsonfg"
)

// encode returns what an encoder writes for the features.
func encode(t testing.TB, sc *geo.Schema, opts jsonfg.Options, fs ...geo.Feature) string {
	t.Helper()
	var b bytes.Buffer
	e := jsonfg.NewEncoder(&b, sc, opts)
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var noon = time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)

func TestACollectionInCRS84(t *testing.T) {
	sc := &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "title"}, {Name: "start", Type: geo.Date}, {Name: "end", Type: geo.Date}, {Name: "parties", Type: geo.StringList}}}
	opts := jsonfg.Options{Start: "start", End: "end", FeatureSchema: "https://example.org/schema", Members: []byte(`"numberReturned":2`)}
	got := encode(t, sc, opts,
		geo.Feature{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("Ак-Сай"),
			geo.DateValue(noon), geo.DateValue(noon.AddDate(0, 0, 3)), geo.ListValue([]string{"KG", "TJ"})}},
		geo.Feature{ID: "b", Values: make([]geo.Value, 4)})
	want := `{"type":"FeatureCollection","conformsTo":["http://www.opengis.net/spec/json-fg-1/1.0/conf/core","http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"],"featureType":"incidents","featureSchema":"https://example.org/schema","numberReturned":2,"features":[
{"type":"Feature","id":"a","time":{"interval":["2022-09-16","2022-09-19"]},"place":null,"geometry":{"type":"Point","coordinates":[70.5,40.25]},"properties":{"title":"Ак-Сай","start":"2022-09-16","end":"2022-09-19","parties":["KG","TJ"]}},
{"type":"Feature","id":"b","time":null,"place":null,"geometry":null,"properties":{"title":null,"start":null,"end":null,"parties":null}}
]}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPlaceAndGeometry(t *testing.T) {
	f := geo.Feature{ID: "a", Geometry: orb.LineString{{70, 40}, {71, 41}}}
	latLon, lonLat := `{"type":"LineString","coordinates":[[40,70],[41,71]]}`, `{"type":"LineString","coordinates":[[70,40],[71,41]]}`
	for _, c := range []struct {
		name string
		opts jsonfg.Options
		f    geo.Feature
		want string
	}{
		{"CRS84 stands in geometry", jsonfg.Options{Fallback: true}, f, `"place":null,"geometry":` + lonLat},
		{"another CRS stands in place", jsonfg.Options{CRS: crs.EPSG4326}, f, `"place":` + latLon + `,"geometry":null`},
		{"with a fallback", jsonfg.Options{CRS: crs.EPSG4326, Fallback: true}, f, `"place":` + latLon + `,"geometry":` + lonLat},
		{"nothing known", jsonfg.Options{CRS: crs.EPSG4326, Fallback: true}, geo.Feature{ID: "a"}, `"place":null,"geometry":null`},
	} {
		got := encode(t, &geo.Schema{Collection: "roads"}, c.opts, c.f)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		crsMember := `"coordRefSys":"http://www.opengis.net/def/crs/EPSG/0/4326"`
		if strings.Contains(got, crsMember) != (c.opts.CRS != crs.CRS84) {
			t.Errorf("%s: coordRefSys in %s", c.name, got)
		}
	}
}

func TestTime(t *testing.T) {
	day, later := geo.DateValue(noon), geo.DateValue(noon.AddDate(0, 0, 2))
	instant, after := geo.DateTimeValue(noon), geo.DateTimeValue(noon.Add(time.Hour))
	for _, c := range []struct {
		name, start, end string
		from, to         geo.Value
		want             string
	}{
		{"an interval of days", "from", "to", day, later, `{"interval":["2022-09-16","2022-09-18"]}`},
		{"one day", "from", "to", day, day, `{"date":"2022-09-16"}`},
		{"an interval of instants", "from", "to", instant, after, `{"interval":["2022-09-16T12:00:00Z","2022-09-16T13:00:00Z"]}`},
		{"one instant", "from", "to", instant, instant, `{"timestamp":"2022-09-16T12:00:00Z"}`},
		{"no end", "from", "to", day, geo.Null(), `{"interval":["2022-09-16",".."]}`},
		{"no start", "from", "to", geo.Null(), instant, `{"interval":["..","2022-09-16T12:00:00Z"]}`},
		{"neither", "from", "to", geo.Null(), geo.Null(), `null`},
		{"a day, then an instant", "from", "to", day, after, `{"interval":["2022-09-16T00:00:00Z","2022-09-16T13:00:00Z"]}`},
		{"an instant, then a day", "from", "to", instant, later, `{"interval":["2022-09-16T12:00:00Z","2022-09-18T23:59:59Z"]}`},
		{"one field", "from", "", day, later, `{"date":"2022-09-16"}`},
		{"the other field", "", "to", day, later, `{"date":"2022-09-18"}`},
		{"the same field twice", "to", "to", day, after, `{"timestamp":"2022-09-16T13:00:00Z"}`},
		{"a field that is not there", "from", "until", day, later, `{"date":"2022-09-16"}`},
		{"no fields", "", "", day, later, `null`},
		{"no times", "from", "to", geo.StringValue("2022"), geo.StringValue("2022"), `null`},
	} {
		sc := &geo.Schema{Fields: []geo.Field{{Name: "from"}, {Name: "to"}}}
		f := geo.Feature{ID: "a", Values: []geo.Value{c.from, c.to}}
		got, err := jsonfg.AppendFeature(nil, sc, &f, jsonfg.Options{Start: c.start, End: c.end})
		if err != nil || !bytes.Contains(got, []byte(`"time":`+c.want+`,"place"`)) {
			t.Errorf("%s: got %s, %v; want %s", c.name, got, err, c.want)
		}
	}
}

func TestAppendFeature(t *testing.T) {
	f := geo.Feature{ID: "a", Geometry: orb.Point{70, 40}}
	sc := &geo.Schema{Collection: "places"}
	got, err := jsonfg.AppendFeature([]byte("x"), sc, &f, jsonfg.Options{FeatureType: "Place", CRS: crs.EPSG4326, Members: []byte(`"links":[]`)})
	want := `x{"type":"Feature","conformsTo":["http://www.opengis.net/spec/json-fg-1/1.0/conf/core","http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"],"featureType":"Place","coordRefSys":"http://www.opengis.net/def/crs/EPSG/0/4326","links":[],"id":"a","time":null,"place":{"type":"Point","coordinates":[40,70]},"geometry":null,"properties":{}}`
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = jsonfg.AppendFeature([]byte("x"), sc, &geo.Feature{Geometry: orb.Point{-110, 40}}, jsonfg.Options{CRS: crs.EPSG32642})
	var input *geo.InputError
	if !errors.As(err, &input) || string(got) != "x" {
		t.Errorf("a position on the other side of the Earth: %s, %v; want an InputError", got, err)
	}
}

func TestNoFeatures(t *testing.T) {
	var doc struct{ Features []any }
	if err := json.Unmarshal([]byte(encode(t, &geo.Schema{}, jsonfg.Options{})), &doc); err != nil || doc.Features == nil || len(doc.Features) > 0 {
		t.Errorf("got %v, %v", doc, err)
	}
}

func TestAFaultyFeatureLeavesNoTrace(t *testing.T) {
	var b bytes.Buffer
	e := jsonfg.NewEncoder(&b, &geo.Schema{}, jsonfg.Options{CRS: crs.EPSG32642})
	good, far := geo.Feature{ID: "good"}, geo.Feature{ID: "far", Geometry: orb.Point{-110, 40}}
	for _, bad := range []geo.Feature{far, {ID: "short", Values: make([]geo.Value, 1)}} {
		if e.Encode(&bad) == nil {
			t.Errorf("%s: no error", bad.ID)
		}
		if err := e.Encode(&good); err != nil {
			t.Error(err)
		}
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	var doc struct{ Features []struct{ ID string } }
	err := json.Unmarshal(b.Bytes(), &doc)
	if err != nil || len(doc.Features) != 2 || doc.Features[0].ID != "good" || doc.Features[1].ID != "good" {
		t.Errorf("got %v, %v", doc, err)
	}
	if e.Encode(&good) == nil {
		t.Error("encode after close: no error")
	}
}

// brokenWriter fails after n bytes.
type brokenWriter struct{ n int }

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, errors.New("the pipe broke")
	}
	return len(b), nil
}

func TestAWritersErrorStays(t *testing.T) {
	e := jsonfg.NewEncoder(&brokenWriter{40_000}, &geo.Schema{}, jsonfg.Options{})
	f := geo.Feature{ID: strings.Repeat("x", 10_000)}
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = e.Encode(&f)
	}
	if err == nil || e.Encode(&f) == nil || e.Close() == nil {
		t.Errorf("the writer's error was lost: %v", err)
	}
}
