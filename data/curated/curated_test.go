package curated_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/curated"
)

// shippedRecords are the shipped records, for reading only.
var shippedRecords = sync.OnceValues(func() (*data.Records, error) { return curated.Load(curated.Files()) })

// load returns the shipped records.
func load(t *testing.T) *data.Records {
	t.Helper()
	r, err := shippedRecords()
	if err != nil {
		t.Fatalf("the shipped records have faults:\n%v", err)
	}
	return r
}

func incident(t *testing.T, id string) *data.Incident {
	t.Helper()
	in := load(t).Lookup().Incidents[id]
	if in == nil {
		t.Fatalf("there is no incident %s", id)
	}
	return in
}

// day is the beginning of a day; the zero time for "".
func day(s string) time.Time {
	d, err := data.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d.First()
}

func TestShippedRecords(t *testing.T) {
	r := load(t)
	if got := len(r.Incidents); got != 95 {
		t.Errorf("%d incidents, want 95", got)
	}
	files, err := fs.Glob(curated.Files(), "incidents/*.json")
	if err != nil || len(files) != len(r.Incidents) {
		t.Errorf("%d files of incidents, %v", len(files), err)
	}
	if !slices.IsSortedFunc(r.Incidents, func(a, b data.Incident) int { return a.Start.First().Compare(b.Start.First()) }) {
		t.Error("incidents are not in the order of their first days")
	}
	for _, s := range r.Segments {
		if r.Geometry[s.ID] == nil {
			t.Errorf("segment %s has no shape", s.ID)
		}
	}
	for i := range r.Incidents {
		if len(r.Incidents[i].Claims) == 0 && len(r.Incidents[i].Accounts) == 0 {
			t.Errorf("incident %s says nothing", r.Incidents[i].ID)
		}
	}
}

// A file of records is written as json.Encoder writes it with two spaces: the
// keys in the order of the types, which is that of README.md. Segments and areas
// follow the border, and some of their keys say on purpose that an end is open:
// of them the indentation alone is held.
func TestFilesAreFormatted(t *testing.T) {
	check := func(file string, into any) {
		raw, err := fs.ReadFile(curated.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasSuffix(raw, []byte("\n")) || bytes.HasSuffix(raw, []byte("\n\n")) {
			t.Errorf("%s does not end in one newline", file)
		}
		var b bytes.Buffer
		if into == nil {
			if err := json.Indent(&b, raw, "", "  "); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		} else {
			if err := json.Unmarshal(raw, into); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(into); err != nil {
				t.Fatal(err)
			}
		}
		want, got := strings.Split(b.String(), "\n"), strings.Split(string(raw), "\n")
		for i := range min(len(want), len(got)) {
			if want[i] != got[i] {
				t.Errorf("%s:%d: is written\n%s\nwant\n%s", file, i+1, got[i], want[i])
				return
			}
		}
		if len(want) != len(got) {
			t.Errorf("%s has %d lines, want %d", file, len(got), len(want))
		}
	}
	for _, in := range load(t).Incidents {
		check("incidents/"+in.ID+".json", &data.Incident{})
	}
	check("sources.json", &[]data.Source{})
	check("parties.json", &[]data.Party{})
	check("places.json", &[]data.Place{})
	check("segments.json", nil)
	check("areas.json", nil)
}

// Lists are in the order of their ids, so that a diff shows what changed;
// segments and areas follow the border.
func TestListsAreInOrder(t *testing.T) {
	for _, file := range []string{"sources.json", "parties.json", "places.json"} {
		raw, err := fs.ReadFile(curated.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct{ ID string }
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		for i := range list[1:] {
			if list[i].ID >= list[i+1].ID {
				t.Errorf("%s: %s stands before %s", file, list[i].ID, list[i+1].ID)
			}
		}
	}
}

// Shapes that no record names would be licensed and shipped for nothing.
func TestEveryShapeIsNamed(t *testing.T) {
	r := load(t)
	look := r.Lookup()
	for id := range r.Geometry {
		if look.Segments[id] == nil && look.Areas[id] == nil {
			t.Errorf("no segment or area has the shape %s", id)
		}
	}
	for i := range r.Segments {
		if dir := path.Dir(r.Segments[i].GeometryFile); dir != "odbl" {
			t.Errorf("segment %s takes its line from %s, whose licence is another", r.Segments[i].ID, dir)
		}
	}
	licences := map[string]string{"odbl": "ODbL-1.0", "drawn": "CC-BY-4.0", "naturalearth": "LicenseRef-public-domain"}
	for i := range r.Areas {
		a := &r.Areas[i]
		if want := licences[path.Dir(a.GeometryFile)]; a.Licence != want {
			t.Errorf("area %s of %s has the licence %s, want %s", a.ID, a.GeometryFile, a.Licence, want)
		}
	}
}

// The sum of parties counts nobody twice: no figure has both a party and
// another one that it is a part of.
func TestNoPartyIsAddedToItsOwnPart(t *testing.T) {
	r := load(t)
	look := r.Lookup()
	for i := range r.Incidents {
		for _, f := range data.Figures(r.Incidents[i].Claims, day("")) {
			for party := range f.ByParty {
				for p := look.Parties[party]; p != nil && p.ParentID != ""; p = look.Parties[p.ParentID] {
					if _, both := f.ByParty[p.ParentID]; both {
						t.Errorf("%s: %s adds %s and %s", r.Incidents[i].ID, f.Family, party, p.ParentID)
					}
				}
			}
		}
	}
}

// ends writes the figures of an incident: family, range, state.
func figures(in *data.Incident, asOf string) []string {
	var out []string
	for _, f := range data.Figures(in.Claims, day(asOf)) {
		if f.State != "none" {
			s := strings.NewReplacer("NaN", "?", "+Inf", "?").Replace(fmt.Sprintf("%s %v..%v %s", f.Family, f.Low, f.High, f.State))
			out = append(out, s)
		}
	}
	return out
}

func TestFiguresOfRealIncidents(t *testing.T) {
	for id, want := range map[string][]string{
		"1998-03-24-kofarnihon-clashes": {"killed 50..? converging", "captured 50..110 conflicting"},
		"1998-03-29-release-16":         {"released 16..16 single_claim"},
		"1998-03-30-ramit-release":      {"released 50..50 converging"},
		"1998-04-29-dushanbe-fighting":  {"killed ?..? not_comparable"},
		"1998-07-20-unmot-killings":     {"killed 4..4 single_claim"},
		"2006-05-12-lakkon-raid":        {"killed 4..13 conflicting", "captured 1..1 single_claim"},
		"2014-05-07-jakaoruk-clash":     {"wounded 30..60 converging"},
		"2019-07-22-vorukh-flag":        {"killed 1..1 single_claim", "wounded 24..30 conflicting"},
		"2021-04-28-conflict":           {"killed 50..55 conflicting", "wounded 277..? conflicting"},
		"2021-07-08-naumin":             {"killed 1..1 conflicting", "wounded 2..2 conflicting", "captured 1..1 single_claim", "released 1..1 single_claim"},
		"2022-09-14-conflict":           {"killed 103..103 converging", "wounded 220..220 converging"},
		"2022-09-16-ovchi-square":       {"killed 10..12 converging", "wounded 11..? single_claim"},
		"2025-03-13-border-treaty":      nil,
		"tj-civil-war-1992-1997":        {"killed 20001..50000 converging"},
	} {
		if diff := cmp.Diff(want, figures(incident(t, id), "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}
