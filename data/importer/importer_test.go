package importer_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/importer"
	"demarc/geo"
)

// read returns the items of a text, or the faults, one a line.
func read(t *testing.T, format importer.Format, text string, o importer.Options) (items []importer.Item, faults []string, s importer.Summary) {
	t.Helper()
	s, err := importer.Read(context.Background(), format, strings.NewReader(text), o, func(i importer.Item) error {
		items = append(items, i)
		return nil
	})
	var input *geo.InputError
	switch {
	case errors.As(err, &input):
		faults = strings.Split(input.Error(), "\n")
	case err != nil:
		t.Fatal(err)
	}
	return items, faults, s
}

const gedHeader = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob\n"

// gedRow is an event made up for the test, in the form of a download.
const gedRow = `900001,TAJ-1998-1-1-1,1998,1,Clear,1,395,395,Tajikistan: Government,788,788,Government of Tajikistan - UTO,131,131,Government of Tajikistan,300,300,UTO,2,"""A, 1998-03-26""",Outlet A;Outlet B,1998-03-26;1998-03-27,First;Second,police,2,Kofarnihon town,near the town,Districts of Republican Subordination,Vahdat,38.55632,69.01354,POINT (69.01354 38.55632),185899,Tajikistan,702,Asia,1,2,1998-03-24 00:00:00.000,1998-03-26 00:00:00.000,6,4,2,0,12,20,9,702,
`

func TestGED(t *testing.T) {
	items, faults, _ := read(t, importer.GED, gedHeader+gedRow, importer.Options{File: "ged.csv", Theatre: "tj-civil-war", Release: "25.1"})
	if faults != nil || len(items) != 1 {
		t.Fatalf("%d items, faults %v", len(items), faults)
	}
	compare(t, "ged.json", items[0].Records)
}

const acledHeader = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp\n"

const acledRow = `KGZ900,16 September 2022,2022,1,Political violence,Explosions/Remote violence,Shelling/artillery/missile attack,Military Forces of A (2020-),,1,Civilians (B),,7,17,Civilian targeting,417,Caucasus and Central Asia,Kyrgyzstan,Batken,Batken,,Batken,40.0625,70.8194,1,Outlet A; Outlet B,National,"On 16 September, words of the dataset.",3,,1664000000
`

func TestACLED(t *testing.T) {
	protest := strings.NewReplacer("KGZ900", "KGZ901", "Explosions/Remote violence,Shelling/artillery/missile attack", "Protests,Peaceful protest").Replace(acledRow)
	items, faults, s := read(t, importer.ACLED, "\xEF\xBB\xBF"+acledHeader+acledRow+protest, importer.Options{File: "acled.csv", Theatre: "kg-tj-border"})
	if faults != nil || len(items) != 1 {
		t.Fatalf("%d items, faults %v", len(items), faults)
	}
	if diff := cmp.Diff(importer.Summary{Read: 2, LeftOut: map[string]int{"Protests / Peaceful protest": 1}}, s); diff != "" {
		t.Error(diff)
	}
	compare(t, "acled.json", items[0].Records)
}

// compare holds records to a file in testdata; DEMARC_BLESS=1 writes it anew.
func compare(t *testing.T, name string, got data.Records) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	file := filepath.Join("testdata", name)
	if os.Getenv("DEMARC_BLESS") != "" {
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Every row with a fault is named with its line and field, and the others are read.
func TestGEDFaults(t *testing.T) {
	row := func(changes ...string) string { return strings.NewReplacer(changes...).Replace(gedRow) }
	text := gedHeader + gedRow +
		row("900001", "900002", ",1,2,1998-03-24", ",1,9,1998-03-24") +
		row("900001", "900003", "38.55632,69.01354,POINT", "138.5,69,01354,POINT") +
		row("900001", "900004", ",12,20,9,", ",40,20,9,") +
		row("900001", "900005", "1998-03-24 00", "24/03/1998 00") +
		gedRow +
		row("900001", "900006", "38.55632,69.01354,POINT", "38.5,269.0,POINT", "6,4,2,0,", "x,4,2,0,")
	items, faults, _ := read(t, importer.GED, text, importer.Options{File: "f.csv", Theatre: "other", Release: "25.1"})
	want := []string{
		`f.csv:3:date_prec: is not a code of the codebook (found "9"); write 1 to 5`,
		`f.csv:4: has 50 fields for 49 columns; a field that holds the delimiter or a line end stands in quotes`,
		`f.csv:5:best: does not lie between low 9 and high 20 (found "40"); look the event up at ucdp.uu.se, and mend or leave out the row`,
		`f.csv:6:date_start: is not a date (found "24/03/1998 00:00:00.000"); write it as 2022-09-16`,
		`f.csv:7: is the incident of line 2 once more (found "ucdp-ged-900001"); give each row an id of its own, or leave one of the two out`,
		`f.csv:8:longitude: is not a coordinate (found "269.0"); write degrees from -180 to 180 with a decimal point`,
	}
	if diff := cmp.Diff(want, faults); diff != "" || len(items) != 1 {
		t.Errorf("%d items, faults (-want +got):\n%s", len(items), diff)
	}
	for name, o := range map[string]importer.Options{"is told no release": {Theatre: "other"}, "is told no theatre": {Release: "25.1"}, "is told no theatre that": {Release: "25.1", Theatre: "Mars"}} {
		if items, faults, _ := read(t, importer.GED, gedHeader+gedRow, o); len(items) > 0 || len(faults) != 1 || !strings.Contains(faults[0], name) {
			t.Errorf("%s: %d items, %v", name, len(items), faults)
		}
	}
	if _, faults, _ := read(t, importer.GED, "id,best\n1,2\n", importer.Options{File: "f.csv", Theatre: "other", Release: "25.1"}); len(faults) != 1 || !strings.Contains(faults[0], "has no column type_of_violence, side_a") {
		t.Errorf("missing columns: %v", faults)
	}
}

// A figure of which low, best and high agree is exact; while some dead are of no
// side, the sides' figures are parts; a release of Candidate events names its month.
func TestGEDFigures(t *testing.T) {
	text := gedHeader + strings.NewReplacer("6,4,2,0,12,20,9", "6,0,0,6,12,12,12").Replace(gedRow)
	items, faults, _ := read(t, importer.GED, text, importer.Options{Theatre: "other", Release: "25.0.9"})
	if len(items) != 1 {
		t.Fatal(faults)
	}
	var got []string
	for _, c := range items[0].Records.Incidents[0].Claims {
		got = append(got, strings.Join([]string{c.ID[len(c.ID)-2:], c.AffectedParty, c.Value.Kind, c.Value.AsReported, c.Coverage, c.ClaimedOn.String(), c.Claimant.Name}, " "))
	}
	want := []string{
		"c1 ALL exact best 12, low 12, high 12 whole 2025-09 UCDP Candidate GED 25.0.9",
		"c2 UCDP-131 exact deaths_a 6 part 2025-09 UCDP Candidate GED 25.0.9",
		"c5 ALL exact deaths_unknown 6 part 2025-09 UCDP Candidate GED 25.0.9",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if f := data.Figures(items[0].Records.Incidents[0].Claims, time.Time{}); f[0].Low != 12 || f[0].High != 12 {
		t.Errorf("killed is %v to %v, want 12 to 12", f[0].Low, f[0].High)
	}
}

// Dates are as wide as ACLED knows them; a grenade at civilians is an attack on them.
func TestACLEDPrecision(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{",2022,1,", ",2022,1,", "2022-09-16 2022-09-16 shelling"},
		{",2022,1,", ",2022,2,", "2022-09-13 2022-09-19 shelling"},
		{",2022,1,", ",2022,3,", "2022-09 2022-09 shelling"},
		{"16 September 2022", "2022-09-16", "2022-09-16 2022-09-16 shelling"},
		{"Shelling/artillery/missile attack", "Grenade", "2022-09-16 2022-09-16 attack_on_civilians"},
		{"Civilian targeting", "", "2022-09-16 2022-09-16 shelling"},
	} {
		items, faults, _ := read(t, importer.ACLED, acledHeader+strings.Replace(acledRow, tt.from, tt.to, 1), importer.Options{Theatre: "other"})
		if len(items) != 1 {
			t.Errorf("%s: %v", tt.to, faults)
			continue
		}
		in := items[0].Records.Incidents[0]
		if got := in.Start.String() + " " + in.End.String() + " " + in.Type; got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.to, got, tt.want)
		}
	}
}

const mapping = `{
  "dataset": {"id": "survey", "publisher": "A Survey", "date": "2023-05", "licence": "CC0-1.0"},
  "theatre": {"value": "kg-tj-border"},
  "id": "nr",
  "type": {"column": "kind", "words": {"shots": "shooting_incident"}, "value": "armed_clash"},
  "start": "from", "end": "to", "date_form": "DD/MM/YY",
  "place": {"column": "village", "value": "Not named"}, "country": {"value": "KG"},
  "lon": "x", "lat": "y",
  "text": "remark", "source": "outlet",
  "parties": [{"name": "who", "kind": {"value": "residents"}, "role": "hurt"}],
  "claims": [
    {"metric": "wounded", "value": "hurt", "low": "hurt_min", "high": "hurt_max", "of": 0, "status": "civilian"},
    {"metric": "shots", "low": "shots"}
  ]
}`

const surveyColumns = "nr,kind,from,to,village,x,y,remark,outlet,who,hurt,hurt_min,hurt_max,shots\n"

func surveyMapping(t *testing.T) *importer.Mapping {
	t.Helper()
	m, err := importer.ReadMapping("map.json", []byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMapping(t *testing.T) {
	text := surveyColumns +
		"A/1,shots,16/09/22,,Ак-Сай,70.5,39.9,\"words, theirs\",Outlet,Residents of X,3,2,5,20\n" +
		"A/2,other,16/09/22,17/09/22,,70.5,39.9,,,,,,,\n"
	items, faults, _ := read(t, importer.CSV, text, importer.Options{File: "s.csv", Mapping: surveyMapping(t)})
	if faults != nil || len(items) != 2 {
		t.Fatalf("%d items, faults %v", len(items), faults)
	}
	compare(t, "mapped.json", items[0].Records)
	if in := items[1].Records.Incidents[0]; in.Type != "armed_clash" || in.End.String() != "2022-09-17" || len(in.Claims) != 0 || len(in.Parties) != 0 {
		t.Errorf("the second: %+v", in)
	}
}

func TestMappingFaults(t *testing.T) {
	text := surveyColumns +
		"1,shots,2022-09-16,,X,70.5,39.9,,,,,,,\n" +
		"2,shots,16/09/22,15/09/22,X,70.5,39.9,,,,,,,\n" +
		"3,shots,16/09/22,,X,70.5,99,,,W,many,,,\n" +
		"4,shots,16/09/22,,X,70.5,39,,,,3,,,\n" +
		"5,shots,16/09/22,,X,70.5,39,,,W,3,4,5,\n"
	_, faults, _ := read(t, importer.CSV, text, importer.Options{File: "s.csv", Mapping: surveyMapping(t)})
	want := []string{
		`s.csv:2:from: is not a date of the form DD/MM/YY (found "2022-09-16"); mend it, or the form in date_form`,
		`s.csv:3: incidents/survey-2 start ends before it begins (found "2022-09-16 to 2022-09-15"); mend one of the two dates`,
		`s.csv:4:y: is not a coordinate (found "99"); write degrees from -90 to 90 with a decimal point`,
		`s.csv:5:hurt: is a figure of a party that the row does not name (found "3"); name the party, or leave the figure out`,
		`s.csv:6:hurt: does not lie between its low and high (found "3"); mend one of the three`,
	}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for name, tt := range map[string][2]string{
		"unknown member":    {`"country"`, `"land"`},
		"no dataset":        {`"id": "survey", `, ``},
		"no such metric":    {`"metric": "shots"`, `"metric": "bangs"`},
		"no such party":     {`"of": 0`, `"of": 1`},
		"half a position":   {`"lat": "y",`, ``},
		"form of dates":     {`DD/MM/YY`, `DDMM`},
		"no type":           {`"type"`, `"admin1"`},
		"a name that twice": {`"lat"`, `"lon"`},
	} {
		if _, err := importer.ReadMapping("map.json", []byte(strings.Replace(mapping, tt[0], tt[1], 1))); err == nil || !strings.HasPrefix(err.Error(), "map.json:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, faults, _ = read(t, importer.CSV, "nr,kind\n1,shots\n", importer.Options{File: "s.csv", Mapping: surveyMapping(t)})
	if len(faults) < 5 || !strings.Contains(faults[0], "is a column of the mapping that the file does not have; the file has nr, kind") && !strings.Contains(faults[0], "the file has nr, kind") {
		t.Errorf("missing columns: %v", faults)
	}
}

func TestGeoJSON(t *testing.T) {
	feature := func(id, geometry, properties string) string {
		return `{"type":"Feature","id":` + id + `,"geometry":` + geometry + `,"properties":` + properties + "}\n"
	}
	m, err := importer.ReadMapping("m", []byte(`{"dataset":{"id":"g","publisher":"G"},"type":{"value":"armed_clash"},"start":"d","place":"p","claims":[{"metric":"killed","value":"n"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	good := `{"d":"2022-09","p":"X","n":9007199254740,"o":{"a":1}}`
	text := feature(`"a"`, `{"type":"Point","coordinates":[70.5,39.9]}`, good) +
		feature("2", "null", `{"d":"2022","p":"X","n":null}`) +
		feature("3", `{"type":"LineString","coordinates":[[70,39],[71,39]]}`, good) +
		"{\"type\":\n" +
		feature("5", `{"type":"Point","coordinates":[]}`, good) +
		feature("6", "null", `{"d":"2022","d":"2023","p":"X"}`)
	items, faults, s := read(t, importer.GeoJSON, text, importer.Options{File: "f.geojsonl", Theatre: "other", Mapping: m})
	want := []string{
		`f.geojsonl:3:geometry: is not a point, and an incident stands at one (found "LineString"); write the point and its uncertainty; ogr2ogr -dialect sqlite -sql with ST_PointOnSurface makes points`,
		`f.geojsonl:4: is not JSON`,
		`f.geojsonl:5: /geometry/coordinates: is not a position of two or three numbers (found "[]")`,
		`f.geojsonl:6: /properties/d: the name "d" is there twice`,
	}
	if len(faults) != len(want) || len(items) != 2 || s.Read != 6 {
		t.Fatalf("%d read, %d items, faults:\n%s", s.Read, len(items), strings.Join(faults, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(faults[i], want[i]) {
			t.Errorf("got %s\nwant %s", faults[i], want[i])
		}
	}
	first, second := items[0].Records, items[1].Records
	if first.Incidents[0].ID != "g-a" || first.Incidents[0].Start.String() != "2022-09" || !slices.Equal(first.Places[0].Position, []float64{70.5, 39.9}) || first.Incidents[0].Claims[0].Value.AsReported != "n 9007199254740" {
		t.Errorf("got %+v", first)
	}
	if second.Incidents[0].ID != "g-2" || second.Places[0].Position != nil || len(second.Incidents[0].Claims) != 0 {
		t.Errorf("got %+v", second)
	}
}

// TestMemory reads 200 MB through a pipe: the heap does not grow with the length.
func TestMemory(t *testing.T) {
	m, err := importer.ReadMapping("m", []byte(`{"dataset":{"id":"g","publisher":"G"},"id":{"value":"same"},"type":{"value":"armed_clash"},"start":{"value":"2022"},"place":{"value":"X"}}`))
	if err != nil {
		t.Fatal(err)
	}
	filler := `{"type":"Feature","geometry":null,"properties":{"a":"` + strings.Repeat("x", 100_000) + `"}}` + "\n"
	for name, collection := range map[string]bool{"lines": false, "collection": true} {
		in, out := io.Pipe()
		go func() {
			if collection {
				_, _ = io.WriteString(out, `{"type":"FeatureCollection","features":[`+filler)
			}
			for range 1000 {
				if collection {
					_, _ = io.WriteString(out, ",")
				}
				_, _ = io.WriteString(out, filler)
			}
			if collection {
				_, _ = io.WriteString(out, "]}")
			}
			_ = out.Close()
		}()
		var before, most runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		rows := 0
		s, err := importer.Read(context.Background(), importer.GeoJSON, &watched{in, func() {
			if rows++; rows%2000 == 0 {
				runtime.GC()
				var now runtime.MemStats
				if runtime.ReadMemStats(&now); now.HeapAlloc > most.HeapAlloc {
					most = now
				}
			}
		}}, importer.Options{Theatre: "other", Mapping: m}, func(importer.Item) error { return nil })
		if s.Read < 1000 || most.HeapAlloc == 0 {
			t.Fatalf("%s: %d read, %v", name, s.Read, err)
		}
		if grown := int64(most.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
			t.Errorf("%s: the heap grew by %d MB", name, grown>>20)
		}
	}
}

type watched struct {
	io.Reader
	look func()
}

func (w *watched) Read(p []byte) (int, error) {
	w.look()
	return w.Reader.Read(p)
}
