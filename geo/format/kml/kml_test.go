package kml_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/format/kml"
)

// encode returns what an encoder writes for the features.
func encode(t testing.TB, sc *geo.Schema, opts kml.Options, fs ...geo.Feature) string {
	t.Helper()
	text, err := tryEncode(sc, opts, fs)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tryEncode(sc *geo.Schema, opts kml.Options, fs []geo.Feature) (string, error) {
	var b bytes.Buffer
	e := kml.NewEncoder(&b, sc, opts)
	for i := range fs {
		if err := e.Encode(&fs[i]); err != nil {
			return "", err
		}
	}
	err := e.Close()
	return b.String(), err
}

var noon = time.Date(2022, 9, 16, 12, 0, 0, 0, time.UTC)

func TestADocument(t *testing.T) {
	sc := &geo.Schema{Collection: "incidents", Fields: []geo.Field{
		{Name: "title", Title: "Title"}, {Name: "start", Type: geo.Date}, {Name: "end", Type: geo.Date}, {Name: "parties", Type: geo.StringList}}}
	got := encode(t, sc, kml.Options{Name: "title", Start: "start", End: "end"},
		geo.Feature{ID: "a", Geometry: orb.Point{70.5, 40.25}, Values: []geo.Value{geo.StringValue("<Ак-Сай> & Co"),
			geo.DateValue(noon), geo.DateValue(noon.AddDate(0, 0, 3)), geo.ListValue([]string{"KG", "TJ"})}},
		geo.Feature{ID: "b", Values: make([]geo.Value, 4)})
	want := `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>incidents</name>
<Schema id="fields" name="incidents"><SimpleField name="id" type="string"></SimpleField><SimpleField name="title" type="string"><displayName>Title</displayName></SimpleField><SimpleField name="start" type="string"></SimpleField><SimpleField name="end" type="string"></SimpleField><SimpleField name="parties" type="string"></SimpleField></Schema>
<Placemark><name>&lt;Ак-Сай&gt; &amp; Co</name><TimeSpan><begin>2022-09-16</begin><end>2022-09-19</end></TimeSpan><ExtendedData><SchemaData schemaUrl="#fields"><SimpleData name="id">a</SimpleData><SimpleData name="title">&lt;Ак-Сай&gt; &amp; Co</SimpleData><SimpleData name="start">2022-09-16</SimpleData><SimpleData name="end">2022-09-19</SimpleData><SimpleData name="parties">[&#34;KG&#34;,&#34;TJ&#34;]</SimpleData></SchemaData></ExtendedData><Point><coordinates>70.5,40.25</coordinates></Point></Placemark>
<Placemark><name>b</name><ExtendedData><SchemaData schemaUrl="#fields"><SimpleData name="id">b</SimpleData></SchemaData></ExtendedData></Placemark>
</Document></kml>`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTime(t *testing.T) {
	day, later, instant := geo.DateValue(noon), geo.DateValue(noon.AddDate(0, 0, 2)), geo.DateTimeValue(noon)
	for _, c := range []struct {
		name, start, end string
		from, to         geo.Value
		want             string
	}{
		{"two days", "from", "to", day, later, "<TimeSpan><begin>2022-09-16</begin><end>2022-09-18</end></TimeSpan>"},
		{"one day", "from", "to", day, day, "<TimeStamp><when>2022-09-16</when></TimeStamp>"},
		{"an instant", "from", "", instant, later, "<TimeStamp><when>2022-09-16T12:00:00Z</when></TimeStamp>"},
		{"the other field", "", "to", instant, later, "<TimeStamp><when>2022-09-18</when></TimeStamp>"},
		{"no end", "from", "to", instant, geo.Null(), "<TimeSpan><begin>2022-09-16T12:00:00Z</begin></TimeSpan>"},
		{"no start", "from", "to", geo.Null(), later, "<TimeSpan><end>2022-09-18</end></TimeSpan>"},
		{"neither", "from", "to", geo.Null(), geo.Null(), ""},
		{"no fields", "", "", day, later, ""},
		{"unknown fields", "since", "until", day, later, ""},
	} {
		sc := &geo.Schema{Fields: []geo.Field{{Name: "from"}, {Name: "to"}}}
		got := encode(t, sc, kml.Options{Start: c.start, End: c.end}, geo.Feature{ID: "a", Values: []geo.Value{c.from, c.to}})
		if want := "<name>a</name>" + c.want + "<ExtendedData>"; !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
}

func TestShapes(t *testing.T) {
	square := orb.Ring{{70, 40}, {71, 40}, {71, 41}, {70, 41}, {70, 40}}
	ring := "<LinearRing><coordinates>70,40 71,40 71,41 70,41 70,40</coordinates></LinearRing>"
	outer, point := "<outerBoundaryIs>"+ring+"</outerBoundaryIs>", "<Point><coordinates>70,40</coordinates></Point>"
	line := "<LineString><coordinates>70,40 71,41</coordinates></LineString>"
	for _, c := range []struct {
		g    orb.Geometry
		want string
	}{
		{orb.Point{70, 40}, point},
		{orb.LineString{{70, 40}, {71, 41}}, line},
		{orb.Polygon{square, square}, "<Polygon>" + outer + "<innerBoundaryIs>" + ring + "</innerBoundaryIs></Polygon>"},
		{square, "<Polygon>" + outer + "</Polygon>"},
		{square.Bound(), "<Polygon>" + outer + "</Polygon>"},
		{orb.MultiPoint{{70, 40}}, "<MultiGeometry>" + point + "</MultiGeometry>"},
		{orb.MultiLineString{{{70, 40}, {71, 41}}}, "<MultiGeometry>" + line + "</MultiGeometry>"},
		{orb.MultiPolygon{{square}}, "<MultiGeometry><Polygon>" + outer + "</Polygon></MultiGeometry>"},
		{orb.Collection{orb.Point{70, 40}, orb.Collection{}}, "<MultiGeometry>" + point + "<MultiGeometry></MultiGeometry></MultiGeometry>"},
		{orb.Collection{nil}, "<MultiGeometry><MultiGeometry></MultiGeometry></MultiGeometry>"},
	} {
		got := encode(t, &geo.Schema{}, kml.Options{}, geo.Feature{ID: "a", Geometry: c.g})
		if !strings.Contains(got, "</ExtendedData>"+c.want+"</Placemark>") {
			t.Errorf("%v: got %s, want %s", c.g, got, c.want)
		}
	}
}

func TestTheSchemasIDIsNotRepeated(t *testing.T) {
	sc := &geo.Schema{Fields: []geo.Field{{Name: "id"}}}
	f := geo.Feature{ID: "a", Values: []geo.Value{geo.StringValue("a")}}
	for opts, want := range map[kml.Options]int{{}: 1, {ID: "fid"}: 2} {
		if got := encode(t, sc, opts, f); strings.Count(got, "<SimpleData ") != want || strings.Count(got, "<SimpleField ") != want {
			t.Errorf("%+v: got %s, want %d fields", opts, got, want)
		}
	}
}

func TestAFaultyFeatureLeavesNoTrace(t *testing.T) {
	var b bytes.Buffer
	e := kml.NewEncoder(&b, &geo.Schema{}, kml.Options{})
	if e.Encode(&geo.Feature{ID: "long", Values: make([]geo.Value, 1)}) == nil {
		t.Error("too many values: no error")
	}
	good := geo.Feature{ID: "good"}
	if err := errors.Join(e.Encode(&good), e.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	if strings.Count(b.String(), "<Placemark>") != 1 {
		t.Errorf("got %s", b.String())
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
	e := kml.NewEncoder(&brokenWriter{60_000}, &geo.Schema{}, kml.Options{})
	f := geo.Feature{ID: strings.Repeat("x", 10_000)}
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = e.Encode(&f)
	}
	if err == nil || e.Encode(&f) == nil || e.Close() == nil {
		t.Errorf("the writer's error was lost: %v", err)
	}
}
