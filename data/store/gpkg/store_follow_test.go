package gpkg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store"
)

// openShowing opens a store with the tables of places and sources, and its dataset.
func openShowing(t testing.TB, path string) (*Store, *dataset.Dataset) {
	t.Helper()
	empty, err := snapshot.New(&data.Records{})
	if err != nil {
		t.Fatal(err)
	}
	var o Options
	for _, c := range empty.Collections() {
		o.Collections = append(o.Collections, Collection{Schema: &c.Schema, Title: c.Title, HasGeometry: c.HasGeometry()})
	}
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // some close it themselves
	d, err := dataset.Open(t.Context(), s, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s, d
}

// apply changes a place each; an empty label retracts it.
func apply(t *testing.T, d *dataset.Dataset, label string, ids ...string) {
	t.Helper()
	b := data.Batch{Author: "ann"}
	for _, id := range ids {
		c := data.Change{Kind: data.Places, ID: id, Operation: data.Retract, Expect: -1}
		if label != "" {
			c.Operation, c.Body = data.Put, fmt.Appendf(nil, `{"id":%q,"label":%q,"kind":"village","precision":"village","position":[70.5,40],"position_source":"made up"}`, id, label)
		}
		b.Changes = append(b.Changes, c)
	}
	if _, err := d.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// copyOf copies the store's files as they lie on the disk, as a loss of power leaves
// them.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy.gpkg")
	for _, end := range []string{"", "-wal"} {
		from, err := os.Open(path + end)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		into, err := os.Create(to + end)
		if err == nil {
			_, err = io.Copy(into, from)
		}
		if err := errors.Join(err, from.Close(), into.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// The tables follow by themselves, and a redaction is in them at once.
func TestTablesFollow(t *testing.T) {
	s, d := openShowing(t, filepath.Join(t.TempDir(), "store.gpkg"))
	apply(t, d, "Osh", "p1", "p2")
	label := func(id string) (label string) {
		_ = s.readers.QueryRow("SELECT label FROM places WHERE id = ?", id).Scan(&label) // no row is no label
		return label
	}
	for end := time.Now().Add(4 * time.Minute); label("p1") != "Osh"; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the table does not follow")
		}
	}
	s.follower.waiting.Add(1) // as if commits never paused
	defer s.follower.waiting.Add(-1)
	begun := time.Now()
	apply(t, d, "Uzgen", "p2")
	if got := label("p2"); got != "Osh" && time.Since(begun) < followLate {
		t.Errorf("label %q while others wait to commit", got)
	}
	if _, err := d.Apply(t.Context(), data.Batch{Author: "ann", Comment: "why", Changes: []data.Change{{Kind: data.Places, ID: "p1", Operation: data.Redact, Expect: -1}}}); err != nil {
		t.Fatal(err)
	}
	if got := label("p1") + label("p2"); got != "Uzgen" {
		t.Errorf("after a redaction the tables say %q", got)
	}
	if err := d.VerifyShown(t.Context()); err != nil {
		t.Error(err)
	}
}

// A store that lost power before its tables had followed says so, and brings them
// up to date; meanwhile it takes changes.
func TestTablesCatchUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	s, d := openShowing(t, path)
	var many []string
	for n := range 1200 {
		many = append(many, fmt.Sprintf("p%d", n))
	}
	apply(t, d, "Osh", many[:1100]...)
	if err := d.VerifyShown(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.follower.waiting.Add(1)
	apply(t, d, "Osh", many[1100:]...)
	apply(t, d, "Uzgen", many[5:700]...)
	apply(t, d, "", "p3", "p999")
	hurt := copyOf(t, path)
	beside, err := Open(t.Context(), hurt, Options{Beside: true, Collections: nil})
	if err != nil {
		t.Fatal(err)
	}
	if beside.Behind() {
		t.Error("who only looks is to recheck the tables")
	}
	if err := beside.Close(); err != nil {
		t.Error(err)
	}

	s, d = openShowing(t, hurt)
	if !s.Behind() {
		t.Fatal("it does not know that its tables are behind")
	}
	if err := d.VerifyShown(t.Context()); !errors.Is(err, store.ErrBehind) {
		t.Errorf("VerifyShown: %v, want store.ErrBehind", err)
	}
	apply(t, d, "Batken", "p7", "new")
	if err := d.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	apply(t, d, "", "p8")
	if err := d.VerifyShown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, d = openShowing(t, hurt)
	if err := errors.Join(d.VerifyShown(t.Context()), s.Verify(context.Background())); err != nil || s.Behind() {
		t.Errorf("after another start: %v, behind %v", err, s.Behind())
	}
}

// Pieces grow and shrink, by the double at the most, towards what may hold up commits;
// these have the turn for twice as long afterwards.
func TestPaced(t *testing.T) {
	for _, tt := range []struct {
		most, n int
		took    time.Duration
		want    int
	}{
		{64, 64, followHold, 64},
		{64, 64, followHold * 2 / 3, 96},
		{64, 64, followHold / 100, 128},
		{600, 600, followHold / 2, followPiece},
		{64, 64, followHold * 4 / 3, 48},
		{64, 64, 100 * followHold, 32},
		{20, 20, 100 * followHold, followLeast},
		{64, 0, followHold, 64},
	} {
		f := follower{most: tt.most}
		if rest := f.paced(piece{features: tt.n, took: tt.took}); f.most != tt.want || rest != 2*tt.took {
			t.Errorf("%d of %d took %v: the next piece is %d after %v, want %d", tt.n, tt.most, tt.took, f.most, rest, tt.want)
		}
	}
}
