package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// While SQLite's own program edits the file, row after row, clients change the same
// and other features over HTTP: every edit and every acknowledged change is in the
// history, and the file and the service say the same in the end.
func TestFileAndServiceAreEditedAtOnce(t *testing.T) {
	const edits, writers = 60, 8
	o := startOutsider(t)
	sqlite := needProgram(t, "sqlite3", "sqlite3")
	token := strings.TrimSpace(runProgram(t, programPath(t), "token", "create", "--store", o.file, "--name", "ann", "--role", "editor"))
	sources, _ := fetchItems(t, o.base, "sources", "")
	var both sync.WaitGroup
	var acknowledged atomic.Int64
	var ended atomic.Bool
	for w := range writers {
		both.Go(func() {
			for n := 0; !ended.Load(); n++ {
				id := sources[(w+n*writers)%(2*edits)].ID
				switch status := patchTitle(t, o.base, token, id, fmt.Sprintf("Title %d by writer %d", n, w)); status {
				case http.StatusNoContent:
					acknowledged.Add(1)
				case http.StatusConflict, http.StatusServiceUnavailable: // another one came between
				default:
					t.Errorf("PATCH of %s: %d", id, status)
				}
			}
		})
	}
	for n := range edits {
		// The program waits for its turn as long as it must.
		cmd := exec.Command(sqlite, "-cmd", ".timeout 60000", o.file, fmt.Sprintf("UPDATE sources SET note = 'Note %d of SQLite.' WHERE id = '%s'", n, sources[n].ID))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("edit %d: %v %s", n, err, out)
		}
	}
	ended.Store(true)
	both.Wait()
	o.until("all edits are taken over", func(readiness) bool {
		return strings.HasPrefix(runProgram(t, sqlite, "-cmd", ".timeout 60000", o.file, "SELECT count(*) FROM demarc_edits"), "0")
	})
	inHistory := int64(0)
	for n, s := range sources[:2*edits] {
		external := 0
		for _, v := range o.versions("sources", s.ID, 1) {
			switch v.Author {
			case "external":
				external++
			case "ann":
				inHistory++
			}
		}
		if want := min(1, max(0, edits-n)); external != want {
			t.Errorf("%s has %d versions by another program, want %d", s.ID, external, want)
		}
		if n < edits {
			if f := o.feature("sources", s.ID); textOf(f, "note") != fmt.Sprintf("Note %d of SQLite.", n) {
				t.Errorf("the note of %s is %s", s.ID, f.Properties["note"])
			}
		}
	}
	if inHistory != acknowledged.Load() || inHistory < 10 {
		t.Errorf("%d changes were acknowledged, %d are in the history", acknowledged.Load(), inHistory)
	}
	t.Logf("%d edits and %d changes over HTTP", edits, inHistory)
	if out, err := o.verify(); err != nil {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
}

// patchTitle changes a source's title and returns the status.
func patchTitle(t *testing.T, base, token, id, title string) int {
	body, err := json.Marshal(map[string]any{"properties": map[string]any{"title": title}})
	if err != nil {
		t.Error(err)
		return 0
	}
	request, err := http.NewRequestWithContext(t.Context(), "PATCH", base+"/collections/sources/items/"+id, strings.NewReader(string(body)))
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/merge-patch+json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// What changes all rows of tables at once is taken over as one revision; rows that
// say no other than before make no version.
func TestWholeTablesAreEdited(t *testing.T) {
	o := startOutsider(t)
	sources, n := fetchItems(t, o.base, "sources", "")
	o.sql("UPDATE sources SET note = 'Seen in ' || publisher || '.', title = title")
	o.sql("UPDATE incidents SET title = title, geometry = geometry, killed_low = killed_low")
	revisions := map[string]int{}
	for _, s := range sources {
		v := o.versions("sources", s.ID, 2)[0]
		if v.Author != "external" || len(o.versions("sources", s.ID, 2)) != 2 {
			t.Errorf("%s: %+v", s.ID, v)
		}
		revisions[v.Comment]++
	}
	if len(revisions) > 2 { // a look can fall between the two statements
		t.Errorf("%d sources were changed in %d revisions", n, len(revisions))
	}
	incidents, _ := fetchItems(t, o.base, "incidents", "")
	for _, in := range incidents[:20] {
		if v := o.versions("incidents", in.ID, 1); len(v) != 1 {
			t.Errorf("%s has %d versions", in.ID, len(v))
		}
	}
	if r := o.until("nothing waits", func(readiness) bool {
		return strings.HasPrefix(runProgram(t, "ogrinfo", "-ro", "-q", o.file, "-sql", "SELECT count(*) AS n FROM demarc_edits"), "\nLayer name: SELECT\nOGRFeature(SELECT):0\n  n (Integer) = 0")
	}); len(r.Refused) > 0 {
		t.Errorf("refused: %+v", r.Refused)
	}
	if out, err := o.verify(); err != nil {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
}
