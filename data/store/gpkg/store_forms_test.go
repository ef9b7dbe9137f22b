package gpkg

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/store"
)

// What is asked for while somebody waits is found by an index, in its order.
func TestPlans(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const versions = "SELECT " + versionColumns + " FROM demarc_versions WHERE "
	for _, query := range []string{
		versions + ofRecord,
		versions + `kind = ?1 AND id = ?2 AND stands = 1`,
		versions + `leaf >= ?1 AND leaf < ?2 ORDER BY leaf`,
		versionInLog,
	} {
		rows, err := s.readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, "incidents", "a", 1)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s: %s", query, step)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Every moment has the last batch that was committed by then.
func TestBatchAt(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if r, err := s.batchAt(t.Context(), 0); err != nil || r != nil {
		t.Fatalf("of no batch: %+v, %v", r, err)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	moments := []int{0, 0, 1, 5, 5, 5, 6, 20, 21, 21} // seconds; some at the same time
	var last []int64                                  // the last change of each batch
	for i, at := range moments {
		b := data.Batch{Author: "a", At: start.Add(time.Duration(at) * time.Second)}
		for j := range i%3 + 1 {
			b.Changes = append(b.Changes, data.Change{Kind: data.Sources, ID: fmt.Sprintf("s-%d-%d", i, j), Operation: data.Put, Body: []byte(`{}`)})
		}
		receipts, err := s.Commit(t.Context(), store.Group{Batches: []data.Batch{b}})
		if err != nil {
			t.Fatal(err)
		}
		last = append(last, int64(receipts[0].Revision.Sequence))
	}
	for second := -1; second < 30; second++ {
		want := int64(0)
		for i, at := range moments {
			if at <= second {
				want = last[i]
			}
		}
		r, err := s.batchAt(t.Context(), toNanos(start.Add(time.Duration(second)*time.Second)))
		if err != nil {
			t.Fatal(err)
		}
		got := int64(0)
		if r != nil {
			got = r.last
		}
		if got != want {
			t.Errorf("at second %d: the batch that ends with %d, want %d", second, got, want)
		}
	}
}

// A commit whose rows would not follow those of the last one is refused, and leaves
// nothing.
func TestRowsThatDoNotFollow(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(id string) error {
		_, err := s.Commit(t.Context(), store.Group{Batches: []data.Batch{{Author: "a", Changes: []data.Change{{Kind: data.Sources, ID: id, Operation: data.Put, Body: []byte(`{}`)}}}}})
		return err
	}
	for _, id := range []string{"a", "b"} {
		if err := put(id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.conn.ExecContext(t.Context(), "DELETE FROM demarc_versions WHERE sequence = 2"); err != nil {
		t.Fatal(err)
	}
	if err := put("c"); !errors.Is(err, data.ErrUnavailable) {
		t.Fatalf("a commit after a row was taken out: %v", err)
	}
	var rows int
	if err := s.conn.QueryRowContext(t.Context(), "SELECT count(*) FROM demarc_versions").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
}
