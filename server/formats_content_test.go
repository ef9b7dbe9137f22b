package server

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data/layer"
	"demarc/data/snapshot"
	"demarc/geo"
)

// Sequences hold the features that the GeoJSON has, byte for byte.
func TestSequencesHoldTheSameFeatures(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		target := "/collections/" + col.ID + "/items?limit=10000"
		var doc struct{ Features []json.RawMessage }
		s.get(target).into(&doc)
		for name, separator := range map[string]string{"jsonseq": "\x1e", "ndjson": ""} {
			var want bytes.Buffer
			for _, f := range doc.Features {
				want.WriteString(separator)
				want.Write(f)
				want.WriteByte('\n')
			}
			if a := s.get(target + "&f=" + name); !bytes.Equal(a.body, want.Bytes()) {
				t.Errorf("%s: %d bytes, not the features of the GeoJSON, %d bytes", a.asked, len(a.body), want.Len())
			}
		}
	}
}

// JSON-FG and KML have the time of each feature that has one.
func TestFeaturesHaveTheirTime(t *testing.T) {
	s := serve(t, shipped)
	fields := map[string][2]string{
		"incidents": {"start", "end"}, "claims": {"start", "end"}, "segments": {"status_from", "status_to"}, "areas": {"valid_from", "valid_to"}, "parties": {"valid_from", "valid_to"},
	}
	for _, col := range s.data.Snapshot().Collections() {
		target := "/collections/" + col.ID + "/items?limit=10000&f="
		var doc struct {
			Features []struct {
				ID   string
				Time *struct {
					Date     string
					Interval []string
				}
				Properties map[string]any
			}
		}
		s.get(target + "jsonfg").into(&doc)
		var pages struct {
			Placemarks []struct {
				Begin string `xml:"TimeSpan>begin"`
				End   string `xml:"TimeSpan>end"`
				When  string `xml:"TimeStamp>when"`
			} `xml:"Document>Placemark"`
		}
		if err := xml.Unmarshal(s.get(target+"kml").body, &pages); err != nil {
			t.Fatal(err)
		}
		if len(doc.Features) == 0 || len(doc.Features) != len(pages.Placemarks) {
			t.Fatalf("%s: %d features, %d placemarks", col.ID, len(doc.Features), len(pages.Placemarks))
		}
		for i, f := range doc.Features {
			start, _ := f.Properties[fields[col.ID][0]].(string)
			end, _ := f.Properties[fields[col.ID][1]].(string)
			p := pages.Placemarks[i]
			switch {
			case start == "" && end == "":
				if f.Time != nil || p.Begin+p.End+p.When != "" {
					t.Errorf("%s %s: time %v, KML %+v, want none", col.ID, f.ID, f.Time, p)
				}
			case start == end: // a day
				if f.Time == nil || f.Time.Date != start || f.Time.Interval != nil || p.When != start || p.Begin+p.End != "" {
					t.Errorf("%s %s: time %v, KML %+v, want the day %s", col.ID, f.ID, f.Time, p, start)
				}
			default:
				if f.Time == nil || !slices.Equal(f.Time.Interval, []string{orOpen(start), orOpen(end)}) || p.Begin != start || p.End != end {
					t.Errorf("%s %s: time %v, KML %+v, want %s to %s", col.ID, f.ID, f.Time, p, start, end)
				}
			}
			if t.Failed() {
				break // one tells enough
			}
		}
	}
}

func orOpen(day string) string {
	if day == "" {
		return ".."
	}
	return day
}

// Whose the data are goes along where the format has a place for it.
func TestFormatsSayWhoseTheyAre(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		for _, name := range []string{"jsonfg", "kml", "fgb", "parquet"} {
			a := s.get("/collections/" + col.ID + "/items?limit=2&f=" + name)
			for _, r := range col.Rights {
				if !bytes.Contains(a.body, []byte(r.Attribution)) || !bytes.Contains(a.body, []byte(r.URL)) {
					t.Errorf("%s does not name %s, %s", a.asked, r.Attribution, r.URL)
				}
			}
		}
	}
}

func TestDistanceIsAColumn(t *testing.T) {
	s := serve(t, invented)
	const near = "/collections/incidents/items?near=segments/east"
	want := map[string]string{}
	for _, f := range s.page(near).Features {
		want[f.ID] = strconv.FormatFloat(f.Properties["distance_m"].(float64), 'f', -1, 64)
	}
	got := map[string]string{}
	for _, row := range rows(t, s.get(near+"&f=csv")) {
		got[row["id"]] = row["distance_m"]
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("distance_m (-JSON +CSV):\n%s", diff)
	}
	if row := rows(t, s.get("/collections/incidents/items?f=csv"))[0]; len(row) == 0 || slices.Contains(keys(row), "distance_m") {
		t.Errorf("without near there is a column distance_m: %v", keys(row))
	}
	for _, name := range []string{"fgb", "parquet", "kml", "jsonfg", "ndjson"} {
		if a := s.get(near + "&f=" + name); !bytes.Contains(a.body, []byte("distance_m")) {
			t.Errorf("%s has no distance_m", a.asked)
		}
	}
}

func keys(m map[string]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// A single feature as JSON-FG.
func TestItemAsJSONFG(t *testing.T) {
	s := serve(t, invented)
	a := s.get("/collections/segments/items/east?f=jsonfg").expect(http.StatusOK, "application/vnd.ogc.fg+json")
	var f struct {
		Type, ID, FeatureType, FeatureSchema, Attribution string
		ConformsTo                                        []string
		Geometry, Place, Time                             json.RawMessage
		Links                                             []struct{ Rel string }
	}
	a.into(&f)
	s.get(f.FeatureSchema).expect(http.StatusOK, "application/schema+json")
	if f.Type != "Feature" || f.ID != "east" || f.FeatureType != "segments" || len(f.ConformsTo) == 0 || string(f.Place) != "null" ||
		string(f.Geometry) == "null" || f.Attribution == "" || len(f.Links) < 4 {
		t.Errorf("%s: %s", a.asked, a.body)
	}
}

// A layer may have a distance_m of its own; there is one column all the same.
func TestOwnDistanceGivesWay(t *testing.T) {
	col := &snapshot.Collection{Schema: geo.Schema{Fields: []geo.Field{{Name: "distance_m", Type: geo.String}, {Name: "kind"}}}}
	q := &snapshot.Query{Near: &snapshot.Near{}}
	sc := schemaOf(col, q)
	h := snapshot.Hit{Values: []geo.Value{geo.StringValue("far"), geo.StringValue("well")}, Metres: 12.3456}
	f := featureOf(&h, col, q)
	if len(sc.Fields) != 2 || sc.Fields[0].Name != "kind" || sc.Fields[1].Type != geo.Number || len(f.Values) != 2 ||
		f.Values[0].Text() != "well" || !f.Values[1].Equal(geo.NumberValue(12.346)) {
		t.Errorf("fields %+v, values %v", sc.Fields, f.Values)
	}
	if len(col.Schema.Fields) != 2 || col.Schema.Fields[0].Type != geo.String || h.Values[0].Text() != "far" {
		t.Errorf("the collection itself has changed: %+v, %v", col.Schema.Fields, h.Values)
	}
}

// What tells the time of a layer's features is one rule for all: datetime, the
// formats that have a time, and the roles in the schema.
func TestOneRuleForTheTimeOfALayer(t *testing.T) {
	for name, tt := range map[string]struct {
		properties  string
		found       int // by datetime=2022-09-17
		time, kml   string
		start, once string // the property that has the role
	}{
		"interval":       {`"begin":"2022-09-14","finish":"2022-09-17"`, 1, `{"interval":["2022-09-14","2022-09-17"]}`, "<TimeSpan><begin>2022-09-14</begin><end>2022-09-17</end></TimeSpan>", "begin", ""},
		"other names":    {`"valid_from":"2020-01-01","valid_to":"2024-05-06"`, 1, `{"interval":["2020-01-01","2024-05-06"]}`, "<TimeSpan><begin>2020-01-01</begin><end>2024-05-06</end></TimeSpan>", "valid_from", ""},
		"before":         {`"start":"2022-09-14","end":"2022-09-16"`, 0, `{"interval":["2022-09-14","2022-09-16"]}`, "<TimeSpan><begin>2022-09-14</begin><end>2022-09-16</end></TimeSpan>", "start", ""},
		"day":            {`"event_date":"2022-09-17"`, 1, `{"date":"2022-09-17"}`, "<TimeStamp><when>2022-09-17</when></TimeStamp>", "", "event_date"},
		"instant":        {`"observed":"2022-09-16T10:00:00Z"`, 0, `{"timestamp":"2022-09-16T10:00:00Z"}`, "<TimeStamp><when>2022-09-16T10:00:00Z</when></TimeStamp>", "", "observed"},
		"which of them":  {`"start":"2022-01-01","end":"2022-01-02","date":"2021-01-01"`, 1, "null", "", "", ""},
		"ends too early": {`"start":"2022-01-02","end":"2022-01-01"`, 1, "null", "", "", ""},
		"text":           {`"start":"soon","end":"later"`, 1, "null", "", "", ""},
	} {
		l, err := layer.ReadGeoJSON("camps", "camps.geojson", []byte(`{"type":"Feature","id":"a","geometry":null,"properties":{`+tt.properties+`}}`))
		if err != nil {
			t.Fatal(err)
		}
		s := serveLayers(t, *l)
		if fc := s.page("/collections/camps/items?datetime=2022-09-17"); fc.NumberMatched != tt.found {
			t.Errorf("%s: datetime finds %d, want %d", name, fc.NumberMatched, tt.found)
		}
		var doc struct {
			Features []struct{ Time json.RawMessage }
		}
		s.get("/collections/camps/items?f=jsonfg").into(&doc)
		var one struct{ Time json.RawMessage }
		s.get("/collections/camps/items/a?f=jsonfg").into(&one)
		if string(doc.Features[0].Time) != tt.time || string(one.Time) != tt.time {
			t.Errorf("%s: JSON-FG says %s and %s, want %s", name, doc.Features[0].Time, one.Time, tt.time)
		}
		kml := strings.Join(strings.Fields(string(s.get("/collections/camps/items?f=kml").body)), "")
		if (tt.kml == "") == strings.Contains(kml, "<Time") || !strings.Contains(kml, tt.kml) {
			t.Errorf("%s: KML has no %q: %s", name, tt.kml, kml)
		}
		var schema schemaDocument
		s.get("/collections/camps/schema").into(&schema)
		for property, p := range schema.Properties {
			switch role := p["x-ogc-role"]; {
			case property == tt.start && role != "primary-interval-start", property == tt.once && role != "primary-instant",
				tt.start+tt.once == "" && role != nil && property != "geometry" && property != "id":
				t.Errorf("%s: %s has the role %v", name, property, role)
			}
		}
		if fc := s.get("/collections/camps/items?f=jsonfg&properties=" + strings.Trim(strings.SplitN(tt.properties, ":", 2)[0], `"`)); tt.start != "" && !strings.Contains(string(fc.body), `"time":null`) {
			t.Errorf("%s: one end alone has become the time: %s", name, fc.body)
		}
	}
}

// A layer may have a property id that is not what its features are known by;
// tables have both.
func TestTablesKeepTheIDOfALayer(t *testing.T) {
	document := func(id string) []byte {
		return []byte(`{"type":"Feature","id":"a","geometry":null,"properties":{"id":` + id + `,"x":1}}
{"type":"Feature","id":"b","geometry":null,"properties":{"id":"b","x":2}}`)
	}
	for id, want := range map[string]string{`"a"`: "id,x,lon,lat,WKT a,1,,, b,2,,,", `"c"`: "feature_id,id,x,lon,lat,WKT a,c,1,,, b,b,2,,,"} {
		l, err := layer.ReadGeoJSON("camps", "camps.geojson", document(id))
		if err != nil {
			t.Fatal(err)
		}
		s := serveLayers(t, *l)
		if got := strings.Join(strings.Fields(string(s.get("/collections/camps/items?f=csv").body)), " "); got != want {
			t.Errorf("id %s: %q, want %q", id, got, want)
		}
		for _, name := range []string{"fgb", "parquet", "gpkg"} {
			body := s.get("/collections/camps/items?f="+name).expect(http.StatusOK, streamed[name]).body
			if got := bytes.Contains(body, []byte("feature_id")); got != strings.HasPrefix(want, "feature_id") {
				t.Errorf("id %s: %s has a column feature_id: %v", id, name, got)
			}
		}
	}
}
