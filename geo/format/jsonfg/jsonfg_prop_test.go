package jsonfg_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/formattest"
	"demarc/geo/format/jsonfg"
)

// document is a JSON-FG document as a reader sees it.
type document struct {
	Type        string
	ConformsTo  []string
	FeatureType string
	CoordRefSys string
	Features    []map[string]json.RawMessage
}

var (
	date      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	timestamp = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$`)
)

// check holds a feature collection to the requirements of OGC 21-045r1, each
// named as the standard names it.
func check(doc *document) error {
	switch {
	case doc.Type != "FeatureCollection":
		return fmt.Errorf("type %q", doc.Type)
	case len(doc.ConformsTo) != 2 || doc.ConformsTo[0] != "http://www.opengis.net/spec/json-fg-1/1.0/conf/core":
		return fmt.Errorf("/req/core/metadata: conformsTo %q", doc.ConformsTo)
	case doc.FeatureType == "":
		return fmt.Errorf("/req/types-schemas/feature-type: it is missing")
	}
	for _, f := range doc.Features {
		for _, member := range []string{"id", "time", "place", "geometry", "properties"} {
			if len(f[member]) == 0 {
				return fmt.Errorf("/req/core/schema-valid: %s is missing", member)
			}
		}
		if err := checkTime(f["time"]); err != nil {
			return err
		}
		place, geometry := string(f["place"]), string(f["geometry"])
		switch {
		case place != "null" && doc.CoordRefSys == "":
			return fmt.Errorf("/req/core/place: in CRS84")
		case place != "null" && place == geometry:
			return fmt.Errorf("/req/core/fallback: the same in place and geometry")
		case strings.Contains(place, "coordRefSys"):
			return fmt.Errorf("/req/core/geometry-collection: a CRS inside")
		}
		if g, err := read(f["geometry"]); err != nil || !geo.BBoxOf(g).IsEmpty() && !within(geo.BBoxOf(g)) {
			return fmt.Errorf("/req/core/geometry-wgs84: %s, %v", geometry, err)
		}
	}
	return nil
}

func within(b geo.BBox) bool {
	return b.West >= -180 && b.East <= 180 && b.South >= -90 && b.North <= 90
}

func checkTime(b []byte) error {
	var times *struct {
		Date, Timestamp *string
		Interval        []string
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&times); err != nil || times == nil {
		return err
	}
	if times.Date != nil && !date.MatchString(*times.Date) || times.Timestamp != nil && !timestamp.MatchString(*times.Timestamp) {
		return fmt.Errorf("/req/core/instant: %s", b)
	}
	if times.Date == nil && times.Timestamp == nil && len(times.Interval) != 2 {
		return fmt.Errorf("/req/core/interval: %s", b)
	}
	for _, end := range times.Interval {
		other := times.Interval[0]
		sameKind := date.MatchString(end) == date.MatchString(other) || other == ".."
		if end != ".." && (!date.MatchString(end) && !timestamp.MatchString(end) || !sameKind) {
			return fmt.Errorf("/req/core/interval: %s", b)
		}
	}
	return nil
}

// read reads a geometry with orb's reader.
func read(b []byte) (orb.Geometry, error) {
	if string(b) == "null" {
		return nil, nil
	}
	g, err := geojson.UnmarshalGeometry(b)
	if err != nil {
		return nil, err
	}
	return g.Geometry(), nil
}

// TestRoundTrip holds that every document keeps the standard's requirements, and
// that IDs, names, values and geometries come back as they went.
func TestRoundTrip(t *testing.T) {
	sc := formattest.Schema()
	rapid.Check(t, func(t *rapid.T) {
		fs := formattest.Features(sc).Draw(t, "features")
		opts := jsonfg.Options{
			CRS:      rapid.SampledFrom(crs.All()).Draw(t, "crs"),
			Start:    rapid.SampledFrom([]string{"", "start", "recorded"}).Draw(t, "start"),
			End:      rapid.SampledFrom([]string{"", "start", "recorded"}).Draw(t, "end"),
			Fallback: rapid.Bool().Draw(t, "fallback"),
		}
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
		var doc document
		if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if err := check(&doc); err != nil {
			t.Fatalf("%v in %s", err, b.String())
		}
		if len(doc.Features) != len(fs) {
			t.Fatalf("%d features came back of %d", len(doc.Features), len(fs))
		}
		for i := range fs {
			compare(t, sc, opts.CRS, &fs[i], doc.Features[i])
		}
	})
}

// compare holds a feature that was read to the one that was written.
func compare(t *rapid.T, sc *geo.Schema, c crs.CRS, want *geo.Feature, got map[string]json.RawMessage) {
	var id string
	if err := json.Unmarshal(got["id"], &id); err != nil || id != strings.ToValidUTF8(want.ID, "\uFFFD") {
		t.Fatalf("ID %q, want %q", id, want.ID)
	}
	var properties map[string]json.RawMessage
	if err := json.Unmarshal(got["properties"], &properties); err != nil || len(properties) != len(sc.Fields) {
		t.Fatalf("properties %s, %v", got["properties"], err)
	}
	for i := range sc.Fields {
		back, err := parse(properties[sc.Fields[i].Name], sc.Fields[i].Type)
		if err != nil || !back.Equal(want.Values[i]) {
			t.Fatalf("%s: %v became %s, %v", sc.Fields[i].Name, want.Values[i], properties[sc.Fields[i].Name], err)
		}
	}
	member := "place"
	if c == crs.CRS84 {
		member = "geometry"
	}
	g, err := read(got[member])
	if err != nil {
		t.Fatal(err)
	}
	if g, err = c.ToCRS84(g); err != nil || !same(g, want.Geometry) {
		t.Fatalf("geometry %v became %s, %v", want.Geometry, got[member], err)
	}
}

// parse reads a property back into a value.
func parse(b []byte, t geo.Type) (geo.Value, error) {
	if string(b) == "null" {
		return geo.Null(), nil
	}
	switch t {
	case geo.StringList:
		var ss []string
		err := json.Unmarshal(b, &ss)
		return geo.ListValue(ss), err
	case geo.String, geo.Date, geo.DateTime:
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return geo.Null(), err
		}
		return geo.ParseValue(s, &geo.Field{Type: t})
	}
	return geo.ParseValue(string(b), &geo.Field{Type: t})
}

// same tells whether two geometries have the same kind and boxes within 1 cm.
func same(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	p, q := geo.BBoxOf(a), geo.BBoxOf(b)
	return a.GeoJSONType() == b.GeoJSONType() && math.Abs(p.West-q.West)+math.Abs(p.South-q.South)+
		math.Abs(p.East-q.East)+math.Abs(p.North-q.North) < 1e-7
}
