package gpkg

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"demarc/data"
	"demarc/data/store"
)

// Groups of each size that a statement can have, and of more, are kept whole, and what
// they put anew is refused.
func TestGroupsOfEachSize(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), Options{Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all := 0
	for n := 1; n <= bulkRows+2; n++ {
		var g store.Group
		for i := range n {
			g.Batches = append(g.Batches, data.Batch{Author: "a", Changes: []data.Change{{Kind: data.Sources, ID: fmt.Sprintf("s-%d-%d", n, i), Operation: data.Put, Body: []byte(`{}`)}}})
		}
		if receipts, err := s.Commit(t.Context(), g); err != nil || len(receipts) != n {
			t.Fatalf("of %d: %d receipts, %v", n, len(receipts), err)
		}
		all += n
		g.Batches[0], g.Batches[n-1] = g.Batches[n-1], data.Batch{Author: "a", Changes: []data.Change{{Kind: data.Sources, ID: "new", Operation: data.Put, Body: []byte(`{}`)}}}
		if _, err := s.Commit(t.Context(), g); n > 1 && !errors.Is(err, data.ErrConflict) {
			t.Errorf("of %d, some of which are there: %v", n, err)
		} else if n == 1 && err != nil {
			t.Error(err)
		}
	}
	var rows, batches int
	if err := s.conn.QueryRowContext(t.Context(), "SELECT (SELECT count(*) FROM demarc_versions), (SELECT count(*) FROM demarc_batches)").Scan(&rows, &batches); err != nil || rows != all+1 || batches != all+1 {
		t.Errorf("%d versions in %d batches, want %d: %v", rows, batches, all+1, err)
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}
