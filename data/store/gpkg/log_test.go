package gpkg_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"demarc/data"
	"demarc/data/ledger"
	"demarc/data/store"
	"demarc/data/store/gpkg"
)

// What is published, a stranger can check: the bundles make the tiles, the tiles
// the root of the checkpoint, and each version is shown to be in it.
func TestPublishedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	closed(t, path, "original")
	st, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for range 300 { // past the first tile
		if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{put(data.Put, "more", "again")}}); err != nil {
			t.Fatal(err)
		}
	}
	signed, err := st.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := ledger.ReadCheckpoint(signed, st.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	audit(t, st, c)
	seen, err := ledger.Audit(t.Context(), st)
	if err != nil || seen.Checkpoint != c || seen.Removed == 0 {
		t.Errorf("the audit sees %+v, %v", seen, err)
	}
	if _, err := ledger.Audit(t.Context(), unsaid{st}); err == nil || !strings.Contains(err.Error(), "does not say that it was removed") {
		t.Errorf("content that is withheld goes unseen: %v", err)
	}

	for v, err := range st.Changes(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if v.Draft() || v.Revision.Sequence%20 != 0 {
			continue
		}
		e, err := st.Evidence(t.Context(), string(v.Kind), v.ID, v.Number)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Check(c.Root, e.Entry); err != nil || !bytes.Equal(e.Checkpoint, signed) {
			t.Errorf("%s/%s %d: %v", v.Kind, v.ID, v.Number, err)
		}
		leaf, err := ledger.ParseLeaf(e.Entry)
		if err != nil {
			t.Fatal(err)
		}
		if v.Body == nil {
			if e.Salt != nil {
				t.Errorf("%s is redacted, and its salt is there", v.ID)
			}
			continue
		}
		if sum, err := ledger.Commitment(e.Salt, v.Body); err != nil || sum != leaf.Commitment {
			t.Errorf("%s/%s %d is not what its leaf commits to: %v", v.Kind, v.ID, v.Number, err)
		}
	}
	if _, err := st.Evidence(t.Context(), "sources", "none", 1); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("evidence of nothing: %v", err)
	}
	for _, bad := range [][3]int{{0, 9, 256}, {0, 0, 0}, {3, 0, 1}, {-2, 0, 1}, {-1, 9, 1}} {
		if _, err := st.Tile(t.Context(), bad[0], int64(bad[1]), bad[2]); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("tile %v: %v", bad, err)
		}
	}
}

// unsaid is a log that withholds the content of one record.
type unsaid struct{ ledger.Log }

func (u unsaid) Evidence(ctx context.Context, collection, id string, number int) (ledger.Evidence, error) {
	e, err := u.Log.Evidence(ctx, collection, id, number)
	if id == "more" {
		e.Salt, e.Record = nil, nil
	}
	return e, err
}

// earlier is a log that grows after its checkpoint was given out.
type earlier struct {
	ledger.Log
	note []byte
}

func (e earlier) Checkpoint(context.Context) ([]byte, error) { return e.note, nil }

// An audit of a log that grows meanwhile reads on, and sees where what it reads is
// not the future of what it began with.
func TestAuditOfAGrowingLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	closed(t, path, "original")
	st, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	first, err := st.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{put(data.Put, "more", "again")}}); err != nil {
			t.Fatal(err)
		}
	}
	at, err := ledger.ReadCheckpoint(first, st.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	if seen, err := ledger.Audit(t.Context(), earlier{st, first}); err != nil || seen.Checkpoint != at {
		t.Errorf("the audit sees %+v, %v", seen, err)
	}

	other, err := gpkg.Open(t.Context(), filepath.Join(t.TempDir(), "other.gpkg"), sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Commit(t.Context(), store.Group{Batches: []data.Batch{put(data.Put, "a", "word")}}); err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Audit(t.Context(), earlier{st, foreign}); err == nil {
		t.Error("a checkpoint of another log goes unseen")
	}
}

// audit builds the tree of the leaves that are published, and compares.
func audit(t *testing.T, log ledger.Log, c ledger.Checkpoint) {
	t.Helper()
	tree := ledger.NewTree(0, func(int, int64) ([]byte, error) { return nil, nil })
	for first := int64(0); first < c.Size; first += ledger.TileWidth {
		bundle, err := log.Tile(t.Context(), -1, first/ledger.TileWidth, int(min(ledger.TileWidth, c.Size-first)))
		if err != nil {
			t.Fatal(err)
		}
		leaves, err := ledger.Entries(bundle)
		if err != nil {
			t.Fatal(err)
		}
		for _, leaf := range leaves {
			if err := tree.Append(leaf); err != nil {
				t.Fatal(err)
			}
		}
	}
	if root, err := tree.Root(); err != nil || root != c.Root || tree.Size() != c.Size {
		t.Errorf("the leaves make %d and %v (%v), the checkpoint says %d and %v", tree.Size(), root, err, c.Size, c.Root)
	}
	for want := range tree.Changed() {
		got, err := log.Tile(t.Context(), want.Level, want.Number, len(want.Hashes)/32)
		if err != nil || !bytes.Equal(got, want.Hashes) {
			t.Errorf("%s: %v", ledger.TilePath(want.Level, want.Number, 0), err)
		}
	}
}

// An older copy of the store, put back, does not make the key sign a second root
// of a size.
func TestNoSecondRootIsSigned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	older := closed(t, path, "original")
	st, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	commit := func(word string) {
		if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{put(data.Put, "a", word)}}); err != nil {
			t.Fatal(err)
		}
	}
	commit("one")
	first, err := st.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	if same, err := again.Checkpoint(t.Context()); err != nil || !bytes.Equal(same, first) {
		t.Errorf("after it was opened again: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, older, 0o600); err != nil {
		t.Fatal(err)
	}
	if st, err = gpkg.Open(t.Context(), path, sourcesTable()); err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, word := range []string{"", "two", "three"} { // shorter than what was signed, as long, longer
		if word != "" {
			commit(word)
		}
		if note, err := st.Checkpoint(t.Context()); !errors.Is(err, data.ErrUnavailable) {
			t.Errorf("signed after %q: %s, %v", word, note, err)
		}
	}
}
