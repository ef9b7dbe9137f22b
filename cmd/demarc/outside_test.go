package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Other programs change the store's file while the service runs: what they write
// enters the history as a revision, or is refused and named, and never served.

// soon is how long an edit may take to be noticed; it is no bound that a test
// measures.
const soon = patience

// outsider is a service and the file that it serves.
type outsider struct {
	t          *testing.T
	base, file string
}

func startOutsider(t *testing.T) *outsider {
	t.Helper()
	needProgram(t, "ogrinfo", debianGDAL)
	o := &outsider{t: t, file: filepath.Join(t.TempDir(), "store.gpkg")}
	o.base = startServer(t, "--store", o.file)
	return o
}

// sql lets GDAL carry out a statement in the file.
func (o *outsider) sql(statement string) {
	o.t.Helper()
	runProgram(o.t, "ogrinfo", "-q", o.file, "-sql", statement)
}

type readiness struct {
	Changes bool
	Refused []struct {
		Table, Feature string
		Row            int
		Errors         []struct{ Pointer, Problem, Found, Expected string }
	} `json:"refused_edits"`
}

// until waits until the service's readiness is as done wants it.
func (o *outsider) until(what string, done func(readiness) bool) readiness {
	o.t.Helper()
	var r readiness
	for deadline := time.Now().Add(soon); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		r = readiness{}
		if fetchJSON(o.t, o.base+"/readyz", &r); done(r) {
			return r
		}
	}
	o.t.Fatalf("%s: never; /readyz says %+v", what, r)
	return r
}

// versions waits until a feature has that many versions, and returns them, the
// newest first.
func (o *outsider) versions(collection, id string, n int) []toldVersion {
	o.t.Helper()
	var told struct{ Revisions []toldVersion }
	address := o.base + "/collections/" + collection + "/items/" + id + "/revisions"
	for deadline := time.Now().Add(soon); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		body, status, err := get(address, "application/json")
		if err != nil {
			o.t.Fatal(err)
		}
		if status == http.StatusOK && json.Unmarshal(body, &told) == nil && len(told.Revisions) >= n {
			return told.Revisions
		}
	}
	o.t.Fatalf("%s/%s never has %d versions: %+v", collection, id, n, told.Revisions)
	return nil
}

type toldVersion struct {
	Operation, Author, Comment, Origin string
}

// external checks that the newest of n versions came from another program.
func (o *outsider) external(collection, id string, n int, operation string) {
	o.t.Helper()
	v := o.versions(collection, id, n)[0]
	if v.Operation != operation || v.Author != "external" || v.Origin != "external" || !strings.Contains(v.Comment, "another program") {
		o.t.Errorf("%s/%s: %+v", collection, id, v)
	}
}

func (o *outsider) feature(collection, id string) feature {
	o.t.Helper()
	var f feature
	fetchJSON(o.t, o.base+"/collections/"+collection+"/items/"+id, &f)
	return f
}

// verify returns what `demarc verify` says of the file.
func (o *outsider) verify() (string, error) {
	program, err := buildProgram()
	if err != nil {
		o.t.Fatal(err)
	}
	cmd := exec.Command(program, "verify", "--store", o.file)
	cmd.Env = environWithoutSettings()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

const conflict2022 = "2022-09-14-conflict"

func TestGDALEditsTheLiveFile(t *testing.T) {
	o := startOutsider(t)
	o.sql("UPDATE incidents SET title = 'Another title', summary = 'Said otherwise.' WHERE id = '" + conflict2022 + "'")
	o.external("incidents", conflict2022, 2, "published")
	if f := o.feature("incidents", conflict2022); textOf(f, "title") != "Another title" || textOf(f, "summary") != "Said otherwise." {
		t.Errorf("the feature is %s, %s", f.Properties["title"], f.Properties["summary"])
	}
	o.sql("UPDATE places SET geometry = (SELECT geometry FROM places WHERE id = 'batken') WHERE id = 'vorukh'")
	o.external("places", "vorukh", 2, "published")
	if got, want := o.feature("places", "vorukh"), o.feature("places", "batken"); string(got.Geometry) != string(want.Geometry) || !strings.HasPrefix(textOf(got, "position_source"), "set in an edit of the store's file") {
		t.Errorf("the place is at %s, by %s", got.Geometry, got.Properties["position_source"])
	}

	// ogr2ogr adds rows: an incident with its place, which have no ids yet, and a claim.
	added := filepath.Join(t.TempDir(), "added.geojson")
	write := func(text string) {
		if err := os.WriteFile(added, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[70.5,39.8]},"properties":{"title":"Written by GDAL","theatre":"kg-tj-border","type":"shelling",
		"start":"2024-01-02","place":"A place of a test","summary":"Nothing happened.","occurrence":"claimed"}}]}`)
	runProgram(t, "ogr2ogr", "-update", "-append", o.file, added, "-nln", "incidents")
	o.external("incidents", "2024-01-02-written-by-gdal", 1, "published")
	o.external("places", "a-place-of-a-test", 1, "published")
	write(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"incident_id":"2024-01-02-written-by-gdal","metric":"killed","value_kind":"at_least","value":4,"as_reported":"at least four",
		"affected_party":"KG","status":"civilian","coverage":"part","claimant":"A doctor","claimant_type":"hospital","claimed_on":"2024-01-05","verification":"unattributed","source_ids":"aa210501"}}]}`)
	runProgram(t, "ogr2ogr", "-update", "-append", o.file, added, "-nln", "claims")
	o.external("incidents", "2024-01-02-written-by-gdal", 2, "published")
	if f := o.feature("claims", "2024-01-02-written-by-gdal.c1"); string(f.Properties["value"]) != "4.0" {
		t.Errorf("the claim's value is %s", f.Properties["value"])
	}
	// The rows got what is worked out, and the ids.
	csv := runProgram(t, "ogr2ogr", "-f", "CSV", "/vsistdout/", o.file, "incidents", "-where", "id = '2024-01-02-written-by-gdal'", "-select", "id,claims")
	if !strings.Contains(csv, "2024-01-02-written-by-gdal,\"1\"") {
		t.Errorf("the row reads %s", csv)
	}

	o.sql("DELETE FROM claims WHERE id = '2024-01-02-written-by-gdal.c1'")
	o.external("incidents", "2024-01-02-written-by-gdal", 3, "published")
	o.sql("DELETE FROM incidents WHERE id = '2024-01-02-written-by-gdal'")
	o.external("incidents", "2024-01-02-written-by-gdal", 4, "retracted")

	// SQLite's own program has no functions of geometry, which the triggers of the
	// index want of statements that touch it; attributes it can change.
	runProgram(t, needProgram(t, "sqlite3", "sqlite3"), o.file, "UPDATE sources SET note = 'Read again.' WHERE id = 'aa210501'")
	o.external("sources", "aa210501", 2, "published")
	if out, err := o.verify(); err != nil {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
	o.asTheAPI(nil)
}

// asTheAPI sees that the tables have as many features as the API, and that GDAL
// finds the index of each.
func (o *outsider) asTheAPI(counts map[string]int) {
	o.t.Helper()
	for _, collection := range collectionIDs(o.t, o.base) {
		_, matched := fetchItems(o.t, o.base, collection, "")
		if n, ok := counts[collection]; ok && n != matched {
			o.t.Errorf("%s: QGIS counts %d, the API %d", collection, n, matched)
		}
		out := runProgram(o.t, "ogrinfo", "-ro", "-q", o.file, "-sql", fmt.Sprintf("SELECT count(*) AS n, HasSpatialIndex('%s', 'geometry') AS indexed FROM %s", collection, collection))
		index := 1
		if collection == "sources" || collection == "parties" {
			index = 0 // they have no geometry
		}
		if !strings.Contains(out, fmt.Sprintf("n (Integer) = %d\n", matched)) || !strings.Contains(out, fmt.Sprintf("indexed (Integer) = %d\n", index)) {
			o.t.Errorf("%s has %d features in the API; GDAL says:\n%s", collection, matched, out)
		}
	}
}

// What breaks the rules is named, and served by nobody; other records can be
// changed meanwhile, and a row that is mended is taken over.
func TestRefusedEditsOfTheLiveFile(t *testing.T) {
	o := startOutsider(t)
	before := o.feature("incidents", conflict2022)
	o.sql("UPDATE incidents SET killed_low = 1, title = 'Fewer' WHERE id = '" + conflict2022 + "'")
	o.sql("INSERT INTO sources (publisher, date, title) VALUES ('Nobody', 'yesterday', 'Dated by a word')")
	o.sql("UPDATE sources SET note = 'Kept apart.' WHERE id = 'aa210501'")
	o.external("sources", "aa210501", 2, "published")
	r := o.until("two edits are refused", func(r readiness) bool { return len(r.Refused) == 2 })
	e := r.Refused[0]
	if !r.Changes || e.Table != "incidents" || e.Feature != conflict2022 || e.Row == 0 || len(e.Errors) != 1 || e.Errors[0].Pointer != "/properties/killed_low" ||
		!strings.Contains(e.Errors[0].Problem, "worked out") || !strings.Contains(e.Errors[0].Expected, "claims") || e.Errors[0].Found != "" {
		t.Errorf("/readyz says %+v", r)
	}
	out, err := o.verify()
	if err == nil || !strings.Contains(out, "table incidents, row "+fmt.Sprint(e.Row)) || !strings.Contains(out, "killed_low") || !strings.Contains(out, "table sources, row ") {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
	if f := o.feature("incidents", conflict2022); textOf(f, "title") != textOf(before, "title") || string(f.Properties["killed_low"]) != string(before.Properties["killed_low"]) {
		t.Errorf("it is served: %s, %s", f.Properties["title"], f.Properties["killed_low"])
	}

	// Over HTTP, other records can be changed, this one cannot.
	token := strings.TrimSpace(runProgram(t, programPath(t), "token", "create", "--store", o.file, "--name", "ann", "--role", "editor"))
	patch := func(path, body string) int {
		request, err := http.NewRequestWithContext(t.Context(), "PATCH", o.base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/merge-patch+json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	if status := patch("/collections/places/items/vorukh", `{"properties":{"note":"By hand."}}`); status != http.StatusNoContent {
		t.Errorf("another record: %d", status)
	}
	if status := patch("/collections/incidents/items/"+conflict2022, `{"properties":{"summary":"By hand."}}`); status != http.StatusServiceUnavailable {
		t.Errorf("the record whose row is refused: %d", status)
	}

	o.sql("UPDATE incidents SET killed_low = " + string(before.Properties["killed_low"]) + " WHERE id = '" + conflict2022 + "'")
	o.external("incidents", conflict2022, 2, "published")
	if f := o.feature("incidents", conflict2022); textOf(f, "title") != "Fewer" {
		t.Errorf("the mended row reads %s", f.Properties["title"])
	}
	o.sql("DELETE FROM sources WHERE publisher = 'Nobody'")
	o.until("no edit is refused", func(r readiness) bool { return len(r.Refused) == 0 })
	if status := patch("/collections/incidents/items/"+conflict2022, `{"properties":{"summary":"By hand."}}`); status != http.StatusNoContent {
		t.Errorf("the mended record: %d", status)
	}
	if out, err := o.verify(); err != nil {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
}

func programPath(t *testing.T) string {
	t.Helper()
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// qgisStep is one edit that QGIS saves.
type qgisStep struct {
	Do     string         `json:"do"`
	Layer  string         `json:"layer"`
	ID     string         `json:"id,omitempty"`
	Values map[string]any `json:"values,omitempty"`
	At     []float64      `json:"at,omitempty"`
}

// inQGIS opens the file in QGIS, carries the steps out, and returns how many
// features each layer has.
func (o *outsider) inQGIS(python string, steps ...qgisStep) map[string]int {
	o.t.Helper()
	layers := collectionIDs(o.t, o.base)
	job, err := json.Marshal(map[string]any{"steps": append([]qgisStep{}, steps...), "layers": layers})
	if err != nil {
		o.t.Fatal(err)
	}
	home := o.t.TempDir() // QGIS keeps a profile and a cache there
	cmd := exec.Command(python, "-X", "faulthandler", "testdata/edit_store.py", o.file, string(job))
	cmd.Env = append(environWithoutSettings(), "QT_QPA_PLATFORM=offscreen", "LC_ALL=C.UTF-8", "HOME="+home, "XDG_RUNTIME_DIR="+home)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	var told struct {
		Steps []struct {
			Saved  bool
			Errors []string
		}
		Layers map[string]struct {
			Valid, Index, Spatial bool
			Count                 int
		}
	}
	if err != nil || json.Unmarshal(out, &told) != nil || len(told.Steps) != len(steps) {
		o.t.Fatalf("QGIS: %v %s\n%s", err, out, complaints.String())
	}
	for i, s := range told.Steps {
		if !s.Saved {
			o.t.Errorf("QGIS cannot save %+v: %v", steps[i], s.Errors)
		}
	}
	counts := map[string]int{}
	for name, l := range told.Layers {
		if !l.Valid || l.Index != l.Spatial {
			o.t.Errorf("%s in QGIS: %+v", name, l)
		}
		counts[name] = l.Count
	}
	return counts
}

func TestQGISEditsTheLiveFile(t *testing.T) {
	python := needQGIS(t)
	o := startOutsider(t)
	o.asTheAPI(o.inQGIS(python))
	segments := o.feature("segments", firstID(t, o.base, "segments"))
	o.inQGIS(python,
		qgisStep{Do: "change", Layer: "incidents", ID: conflict2022, Values: map[string]any{"title": "Typed in QGIS", "uncertainty_km": 7.5}},
		qgisStep{Do: "change", Layer: "places", ID: "vorukh", At: []float64{70.5, 39.875}},
		qgisStep{Do: "change", Layer: "segments", ID: segments.ID, Values: map[string]any{"geometry_note": "Looked at in QGIS."}},
		qgisStep{Do: "add", Layer: "incidents", At: []float64{70.25, 39.75}, Values: map[string]any{"title": "Drawn in QGIS", "theatre": "kg-tj-border", "type": "shelling",
			"start": "2024-03-04", "place": "Drawn place", "summary": "Nothing happened.", "occurrence": "claimed"}},
		qgisStep{Do: "delete", Layer: "incidents", ID: "2022-04-12-second-shootout"})
	o.external("incidents", conflict2022, 2, "published")
	o.external("places", "vorukh", 2, "published")
	o.external("segments", segments.ID, 2, "published")
	o.external("incidents", "2024-03-04-drawn-in-qgis", 1, "published")
	o.external("incidents", "2022-04-12-second-shootout", 2, "retracted")
	if f := o.feature("incidents", conflict2022); textOf(f, "title") != "Typed in QGIS" || string(f.Properties["uncertainty_km"]) != "7.5" {
		t.Errorf("the incident: %s, %s", f.Properties["title"], f.Properties["uncertainty_km"])
	}
	if f := o.feature("places", "vorukh"); string(f.Geometry) != `{"type":"Point","coordinates":[70.5,39.875]}` {
		t.Errorf("the place is at %s", f.Geometry)
	}
	if f := o.feature("segments", segments.ID); string(f.Geometry) != string(segments.Geometry) || textOf(f, "geometry_note") != "Looked at in QGIS." {
		t.Error("an attribute of a segment changed its geometry, or was not taken over")
	}
	events, _, err := get(o.base+"/collections/incidents/items/2022-04-12-second-shootout", "application/geo+json")
	if err != nil || !strings.Contains(string(events), "retract") {
		t.Errorf("the retracted incident: %v %s", err, events)
	}
	o.asTheAPI(o.inQGIS(python))
	if r := o.until("changes are taken", func(r readiness) bool { return r.Changes }); len(r.Refused) > 0 {
		t.Errorf("refused: %+v", r.Refused)
	}
	if out, err := o.verify(); err != nil {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
}

func firstID(t *testing.T, base, collection string) string {
	t.Helper()
	all, _ := fetchItems(t, base, collection, "")
	return all[0].ID
}
