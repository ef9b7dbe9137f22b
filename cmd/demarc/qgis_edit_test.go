package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// qgisEdits is what edit_layer.py tells.
type qgisEdits struct {
	Version                         string
	Stored, Valid, Refused, Deleted bool
	Can                             map[string]bool
	Added                           string
	Why                             []string
	Errors                          [][]string
}

// editingQGIS returns the command of a Python that has QGIS 3.28 or newer, which edits
// layers of OGC API – Features: that of the system, or the words of DEMARC_QGIS. Debian
// 12 has 3.22, which only reads; without a newer one, package server replays what it
// sends.
func editingQGIS(t *testing.T) []string {
	t.Helper()
	command := strings.Fields(os.Getenv("DEMARC_QGIS"))
	if len(command) == 0 {
		command = []string{"/usr/bin/python3"}
	}
	out, err := exec.Command(command[0], append(command[1:], "-c", "from qgis.core import Qgis; print(Qgis.QGIS_VERSION_INT >= 32800)")...).Output()
	if err != nil || strings.TrimSpace(string(out)) != "True" {
		t.Skipf("no QGIS of 3.28 or newer for %v, as python3-qgis of Debian 13 has; DEMARC_QGIS names a command that has it", command)
	}
	return command
}

// QGIS itself adds, changes, moves and deletes features of a layer, and tells why a
// change is refused.
func TestQGISEditsALayer(t *testing.T) {
	command := editingQGIS(t)
	store := filepath.Join(t.TempDir(), "demarc.gpkg")
	base := startServer(t, "--store", store)
	token := editorOf(t, store)
	script, err := os.ReadFile("testdata/edit_layer.py")
	if err != nil {
		t.Fatal(err)
	}
	const victim = "2022-09-16-school-strike"
	job, err := json.Marshal(map[string]any{"url": base, "collection": "incidents", "token": token, "delete": victim, "title": "Renamed in the table",
		"values": map[string]any{"title": "Drawn on the map", "type": "shelling", "theatre": "kg-tj-border", "start": "2024-01-02", "end": "2024-01-02", "place_id": "vorukh",
			"location_precision": "village", "occurrence": "claimed", "summary": "Drawn by a test."}})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(command[0], append(command[1:], "-c", string(script))...)
	cmd.Env = append(environWithoutSettings(), "LC_ALL=C.UTF-8")
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(job), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("QGIS: %v\n%s\n%s", err, stdout.String(), stderr.String())
	}
	var said qgisEdits
	if err := json.Unmarshal(stdout.Bytes(), &said); err != nil {
		t.Fatalf("QGIS: %v\n%s", err, stdout.String())
	}
	t.Logf("QGIS %s", said.Version)
	if !said.Stored || !said.Valid || len(said.Errors) > 0 || said.Added == "" || !said.Deleted {
		t.Fatalf("QGIS %+v\n%s", said, stderr.String())
	}
	for _, what := range []string{"AddFeatures", "DeleteFeatures", "ChangeAttributeValues", "ChangeGeometries"} {
		if !said.Can[what] {
			t.Errorf("QGIS says that it can not: %s", what)
		}
	}
	if !said.Refused || len(said.Why) == 0 {
		t.Errorf("a start of 2024-13-45: refused %v, %q", said.Refused, said.Why)
	}
	checkQGISEdits(t, base, said.Added, victim)
}

// checkQGISEdits looks at what the service has after the edits.
func checkQGISEdits(t *testing.T, base, added, deleted string) {
	t.Helper()
	var f struct {
		Geometry   struct{ Coordinates []float64 }
		Properties struct{ Title, Start, Summary string }
		Retracted  any
	}
	fetchJSON(t, base+"/collections/incidents/items/"+added, &f)
	if at := f.Geometry.Coordinates; f.Properties.Title != "Renamed in the table, again" || f.Properties.Start != "2024-01-02" || f.Properties.Summary != "Drawn by a test." ||
		len(at) != 2 || at[0] != 70.75 || at[1] != 39.25 {
		t.Errorf("what was drawn is %+v", f)
	}
	var history struct{ Revisions []struct{ Author string } }
	fetchJSON(t, base+"/collections/incidents/items/"+added+"/revisions", &history)
	if n := len(history.Revisions); n < 4 || n > 5 || history.Revisions[0].Author != "tester" { // QGIS may send both changes at once or one by one
		t.Errorf("its history is %+v", history.Revisions)
	}
	response, err := http.Get(base + "/collections/incidents/items/" + deleted)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if !strings.Contains(string(body), `"retracted":`) {
		t.Errorf("what was deleted has no mark: %.200s", body)
	}
}
