package kml_test

import (
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/format/formattest"
	"demarc/geo/format/kml"
)

// document is a KML document as a reader sees it.
type document struct {
	XMLName    xml.Name `xml:"http://www.opengis.net/kml/2.2 kml"`
	Fields     []field  `xml:"Document>Schema>SimpleField"`
	Placemarks []struct {
		Name string  `xml:"name"`
		Data []field `xml:"ExtendedData>SchemaData>SimpleData"`
		multi
	} `xml:"Document>Placemark"`
}

type field struct {
	Name string `xml:"name,attr"`
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type multi struct {
	Points   []string `xml:"Point>coordinates"`
	Lines    []string `xml:"LineString>coordinates"`
	Polygons []rings  `xml:"Polygon"`
	Multi    []*multi `xml:"MultiGeometry"`
}

type rings struct {
	Outer string   `xml:"outerBoundaryIs>LinearRing>coordinates"`
	Inner []string `xml:"innerBoundaryIs>LinearRing>coordinates"`
}

// members returns every simple geometry in m.
func (m *multi) members() orb.Collection {
	var out orb.Collection
	for _, p := range m.Points {
		out = append(out, positions(p)[0])
	}
	for _, l := range m.Lines {
		out = append(out, orb.LineString(positions(l)))
	}
	for _, p := range m.Polygons {
		polygon := orb.Polygon{positions(p.Outer)}
		for _, inner := range p.Inner {
			polygon = append(polygon, positions(inner))
		}
		out = append(out, polygon)
	}
	for _, inner := range m.Multi {
		out = append(out, inner.members()...)
	}
	return out
}

func positions(text string) (ps []orb.Point) {
	for _, word := range strings.Fields(text) {
		lon, lat, _ := strings.Cut(word, ",")
		x, _ := strconv.ParseFloat(lon, 64)
		y, _ := strconv.ParseFloat(lat, 64)
		ps = append(ps, orb.Point{x, y})
	}
	return ps
}

// simple returns every simple geometry in g.
func simple(g orb.Geometry) orb.Collection {
	switch g := g.(type) {
	case nil:
		return nil
	case orb.MultiPoint:
		return gather(g)
	case orb.MultiLineString:
		return gather(g)
	case orb.MultiPolygon:
		return gather(g)
	case orb.Collection:
		return gather(g)
	}
	return orb.Collection{g}
}

func gather[G orb.Geometry](members []G) (out orb.Collection) {
	for _, m := range members {
		out = append(out, simple(m)...)
	}
	return out
}

// parse reads a SimpleData back into a value.
func parse(text string, t geo.Type) (geo.Value, error) {
	if t == geo.StringList {
		var ss []string
		err := json.Unmarshal([]byte(text), &ss)
		return geo.ListValue(ss), err
	}
	if t == geo.Boolean {
		b, err := strconv.ParseBool(text)
		return geo.BoolValue(b), err
	}
	return geo.ParseValue(text, &geo.Field{Type: t})
}

// printable replaces what XML 1.0 cannot carry, as the package promises.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return '\uFFFD'
	}, s)
}

// TestRoundTrip holds that names, IDs, values and geometries come back as they
// went.
func TestRoundTrip(t *testing.T) {
	sc := formattest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		fs := formattest.Features(sc).Draw(t, "features")
		text, err := tryEncode(sc, kml.Options{Start: "start", End: "recorded"}, fs)
		if err != nil {
			t.Fatal(err)
		}
		var doc document
		if err := xml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if len(doc.Placemarks) != len(fs) || len(doc.Fields) != len(sc.Fields)+1 {
			t.Fatalf("%d placemarks of %d, %d fields", len(doc.Placemarks), len(fs), len(doc.Fields))
		}
		for i, p := range doc.Placemarks {
			compare(t, sc, &fs[i], p.Data)
			got, want := p.members(), simple(fs[i].Geometry)
			if len(got) != len(want) || len(got) > 0 && !orb.Equal(got, want) {
				t.Fatalf("geometry %v became %v", want, got)
			}
		}
	})
}

// compare holds the data of a placemark to the feature.
func compare(t *rapid.T, sc *geo.Schema, want *geo.Feature, got []field) {
	if got[0].Name != "id" || got[0].Text != printable(want.ID) {
		t.Fatalf("ID %q became %q", want.ID, got[0].Text)
	}
	rest := got[1:]
	for i := range sc.Fields {
		v, f := want.Values[i], &sc.Fields[i]
		if v.IsNull() {
			continue
		}
		if len(rest) == 0 || rest[0].Name != f.Name {
			t.Fatalf("%s is missing", f.Name)
		}
		if s, ok := v.Str(); ok {
			v = geo.StringValue(printable(s))
		}
		back, err := parse(rest[0].Text, f.Type)
		if err != nil || printable(back.Text()) != printable(v.Text()) {
			t.Fatalf("%s: %v became %q, %v", f.Name, v, rest[0].Text, err)
		}
		rest = rest[1:]
	}
	if len(rest) > 0 {
		t.Fatalf("%v was null", rest)
	}
}

// FuzzText holds that any text makes a well-formed document and comes back,
// what XML cannot carry apart.
func FuzzText(f *testing.F) {
	for _, s := range []string{"<b>&amp;", "]]>", "\r\n", "\x00", "\xff", "\uFFFE", "<!--"} {
		f.Add(s)
	}
	sc := &geo.Schema{Collection: "x", Fields: []geo.Field{{Name: "text"}}}
	f.Fuzz(func(t *testing.T, s string) {
		text := encode(t, sc, kml.Options{Title: s}, geo.Feature{ID: s, Values: []geo.Value{geo.StringValue(s)}})
		var doc document
		if err := xml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatalf("%q: %v in %s", s, err, text)
		}
		if got := doc.Placemarks[0].Data[1].Text; got != printable(s) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
