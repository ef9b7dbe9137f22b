package gpkg

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/store"
)

func source(n int) store.Group {
	id := fmt.Sprintf("s%d", n)
	return store.Group{Batches: []data.Batch{{Author: "ann", At: time.Unix(int64(n), 0), Changes: []data.Change{
		{Kind: data.Sources, ID: id, Operation: data.Put, Body: fmt.Appendf(nil, `{"id":%q,"publisher":%q}`, id, strings.Repeat("x", 2000))}}}}}
}

// Where there is no room, a change is refused and not kept, reads go on, and
// changes are taken again when there is room, without a new start.
func TestNoRoom(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pages := func(n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, err := s.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	var now int
	if err := s.readers.QueryRow("PRAGMA page_count").Scan(&now); err != nil {
		t.Fatal(err)
	}
	pages(now + 20)
	kept, full := 0, 0
	for n := range 60 {
		switch _, err := s.Commit(t.Context(), source(n)); {
		case err == nil:
			kept++
		case errors.Is(err, data.ErrFull):
			full++
		default:
			t.Fatal(err)
		}
	}
	if kept == 0 || full == 0 {
		t.Fatalf("%d kept, %d refused", kept, full)
	}
	count := 0
	if _, err := s.Load(t.Context(), func(data.Version) error { count++; return nil }); err != nil || count != kept {
		t.Errorf("%d are there, %d were acknowledged: %v", count, kept, err)
	}
	pages(now + 10_000)
	if _, err := s.Commit(t.Context(), source(1000)); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// A store of a newer program is refused by name, and stays as it is.
func TestNewerStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), func() error { return s.setState(t.Context(), "schema", fmt.Sprint(schemaVersion+1)) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "newer demarc") || !strings.Contains(err.Error(), "store.gpkg") {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("it was changed: %v", err)
	}
}

// Of what was redacted, nothing is left in the files.
func TestRedactedContentIsGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := source(1)
	g.Batches[0].Changes[0].Body = []byte(`{"id":"s1","publisher":"a canary in the mine"}`)
	draft := g.Batches[0]
	draft.Changes = []data.Change{{Kind: data.Sources, ID: "s1", Operation: data.Sketch, Body: []byte(`{"id":"s1","publisher":"a second canary"}`)}}
	g.Batches = append(g.Batches, draft)
	if _, err := s.Commit(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	if !holds(t, path, "canary") {
		t.Fatal("the content is not in the files to begin with: the test does not look at the right ones")
	}
	redact := store.Group{Batches: []data.Batch{{Author: "ann", Changes: []data.Change{{Kind: data.Sources, ID: "s1", Operation: data.Redact, Expect: -1}}}}}
	if _, err := s.Commit(t.Context(), redact); err != nil {
		t.Fatal(err)
	}
	if holds(t, path, "canary") {
		t.Error("redacted content is in the files")
	}
}

func holds(t *testing.T, path, word string) bool {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if strings.Contains(string(b), word) {
			return true
		}
	}
	return false
}

// A database of another program is refused by name, and stays as it is.
func TestForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE a (b)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "other.gpkg: it is a database of another program") {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("it was changed: %v", err)
	}
}
