package curated_test

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"demarc/data/curated"
	"demarc/geo"
)

const shot = `{
  "id": "2022-shot",
  "title": "Shooting at Vorukh",
  "theatre": "kg-tj-border",
  "type": "shooting_incident",
  "start": "2022-09-14",
  "end": "2022-09-14",
  "place_id": "vorukh",
  "parties": [
    {"party_id": "TJ"}
  ],
  "summary": "Guards shot.",
  "occurrence": "confirmed",
  "claims": [
    {
      "id": "2022-shot.c1", "metric": "killed",
      "value": {"kind": "exact", "value": 2, "min": 2, "max": 2, "as_reported": "2"},
      "affected_party": "TJ", "status": "military", "coverage": "whole",
      "claimant": {"name": "Ворух hospital", "type": "hospital"},
      "verification": "official_unverified",
      "sources": [{"source_id": "rferl"}]
    }
  ]
}
`

// small returns the files of a small dataset without fault.
func small() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"incidents/2022-shot.json": shot,
		"sources.json":             `[{"id": "rferl", "publisher": "RFE/RL"}]`,
		"parties.json":             "[\n  {\"id\": \"TJ\", \"name\": \"Tajikistan\", \"kind\": \"state\"}\n]\n",
		"places.json":              `[{"id": "vorukh", "label": "Vorukh", "kind": "village", "names": [], "precision": "none"}]`,
		"segments.json": `[{"id": "line", "name": {"en": "Line"}, "countries": [], "line": "2023", "role": "boundary", "geometry_file": "odbl/l.geojson",
  "geometry_source": "OSM", "geometry_note": "approximation", "history": [{"status": "unknown"}]}]`,
		"areas.json": `[]`,
		"odbl/l.geojson": `{"type": "FeatureCollection", "features": [
  {"type": "Feature", "id": "line", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[70, 39], [71, 40]]}}]}`,
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// edit is an exchange of text in a file; an empty new file removes it.
type edit struct{ file, old, new string }

func TestLoadSaysWhereTheFaultsAre(t *testing.T) {
	const file = "incidents/2022-shot.json"
	for name, c := range map[string]struct {
		edits []edit
		want  []string // "place: part of the rest"
	}{
		"none":               {nil, nil},
		"unknown key":        {[]edit{{file, `"type":`, `"kind":`}}, []string{file + `:5:3: kind: is not a member that is known here`}},
		"unknown key, deep":  {[]edit{{file, `{"kind": "exact"`, `{"sort": "exact"`}}, []string{file + `:17:17: claims/0/value/sort: is not a member`}},
		"duplicate key":      {[]edit{{file, `"summary": "Guards`, `"title": "Guards`}}, []string{file + `:12:3: title: the name "title" is there twice`}},
		"wrong type":         {[]edit{{file, `"min": 2`, `"min": "2"`}}, []string{file + `:17:46: claims/0/value/min`}},
		"list for an object": {[]edit{{"parties.json", `{"id": "TJ", "name": "Tajikistan", "kind": "state"}`, `[]`}}, []string{"parties.json:2:3: 0"}},
		"no date":            {[]edit{{file, `"start": "2022-09-14"`, `"start": "yesterday"`}}, []string{file + `:6:3: start: "yesterday" is no date`}},
		"cut short":          {[]edit{{file, "]\n}\n", "]"}}, []string{file + `:23:4: `}},
		"no comma":           {[]edit{{file, `"theatre": "kg-tj-border",`, `"theatre": "kg-tj-border"`}}, []string{file + `:5:3: is not JSON from here on: invalid character`}},
		"not UTF-8":          {[]edit{{file, "Guards", "\xff"}}, []string{file + `:12:15: summary: is text that is not UTF-8`}},
		"bad reference":      {[]edit{{file, `"place_id": "vorukh"`, `"place_id": "vorukj"`}}, []string{file + `:8:3: place_id no such record in places (found "vorukj")`}},
		"bad reference, deep, after Cyrillic": {[]edit{{file, `"type": "hospital"}`, `"type": "ward"}`}},
			[]string{file + `:19:46: claims/0/claimant/type is not a word`}},
		"key missing":            {[]edit{{file, `  "summary": "Guards shot.",` + "\n", ""}}, []string{file + `:1:1: summary is missing`}},
		"member of a list":       {[]edit{{"parties.json", `"state"`, `"land"`}}, []string{"parties.json:2:38: kind is not a word"}},
		"file has another name":  {[]edit{{file, `"id": "2022-shot",`, `"id": "2022-shots",`}, {file, `"2022-shot.c1"`, `"2022-shots.c1"`}}, []string{file + `:2:3: id is not the file's name (found "2022-shots"); name the file 2022-shots.json`}},
		"no incidents":           {[]edit{{file, "", ""}}, []string{"incidents: has no incident files"}},
		"file missing":           {[]edit{{"areas.json", "", ""}}, []string{"areas.json: cannot be read"}},
		"shapes missing":         {[]edit{{"odbl/l.geojson", "", ""}}, []string{"odbl/l.geojson: cannot be read"}},
		"shape without a record": {[]edit{{"odbl/l.geojson", `"id": "line"`, `"id": "x"`}}, []string{"segments.json:1:94: geometry_file holds no feature"}},
		"shape is no GeoJSON":    {[]edit{{"odbl/l.geojson", `[71, 40]`, `[71]`}}, []string{"odbl/l.geojson: /features/0/geometry/coordinates/1: is not a position"}},
		"shape given twice": {[]edit{{"odbl/l.geojson", `}}]}`, `}}, {"type": "Feature", "id": "line", "geometry": null, "properties": null}]}`}},
			[]string{`odbl/l.geojson: holds a feature whose id another one has (found "line")`}},
		"several, in several files": {[]edit{{file, `"confirmed"`, `"sure"`}, {file, `{"source_id": "rferl"}`, `{"source_id": "bbc"}`}, {"places.json", `"village"`, `"hamlet"`}},
			[]string{"places.json:1:38: kind is not a word", file + ":13:3: occurrence is not a word", file + ":21:20: claims/0/sources/0/source_id no such record"}},
		"several that cannot be read": {[]edit{{file, `"type":`, `"kind":`}, {"sources.json", `}]`, `}`}, {"places.json", `"label"`, `"label2"`}},
			[]string{"sources.json:1:40: ends too early", "places.json:1:19: 0/label2: is not a member", file + ":5:3: kind: is not a member"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := small()
			for _, e := range c.edits {
				if e.old == "" {
					delete(files, e.file)
					continue
				}
				before := string(files[e.file].Data)
				if !strings.Contains(before, e.old) {
					t.Fatalf("%s has no %s", e.file, e.old)
				}
				files[e.file] = &fstest.MapFile{Data: []byte(strings.Replace(before, e.old, e.new, 1))}
			}
			records, err := curated.Load(files)
			var input *geo.InputError
			if errors.As(err, &input); (err == nil) != (len(c.want) == 0) || err != nil && input == nil {
				t.Fatalf("Load: %v, want %d faults", err, len(c.want))
			}
			if (records == nil) != (err != nil) {
				t.Errorf("records %v beside the error %v", records, err)
			}
			var got []string
			if input != nil {
				for i, f := range input.Faults {
					got = append(got, f.String())
					if i < len(c.want) && strings.HasPrefix(got[i], c.want[i]) {
						got[i] = c.want[i]
					}
					if f.Mend == "" {
						t.Errorf("%v does not say what would be right", f)
					}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// The fault in the real records, in the file that a person would open.
func TestLoadFindsAFaultAmongTheShippedRecords(t *testing.T) {
	files := shipped(t)
	const file = "incidents/2022-09-14-conflict.json"
	text := string(files[file].Data)
	broken := strings.Replace(text, `"official_unverified"`, `"official"`, 1)
	files[file] = &fstest.MapFile{Data: []byte(broken)}
	line := 1 + strings.Count(broken[:strings.Index(broken, `"official"`)], "\n")
	_, err := curated.Load(files)
	var input *geo.InputError
	if !errors.As(err, &input) || len(input.Faults) != 1 {
		t.Fatalf("Load: %v, want one fault", err)
	}
	if got, want := input.Faults[0].Where, file+":"+strconv.Itoa(line)+":7"; got != want {
		t.Errorf("the fault is at %s, want %s", got, want)
	}
}

// shipped returns a copy of the shipped files, to break.
func shipped(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(curated.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := fs.ReadFile(curated.Files(), name)
		files[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
