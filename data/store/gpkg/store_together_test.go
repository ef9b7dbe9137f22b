package gpkg

import (
	"errors"
	"path/filepath"
	"testing"

	"demarc/data"
)

// What is committed together is seen by others at the end, and not at all with an
// error, after which the store takes no more.
func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	open := func() *Store {
		s, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() }) // some are closed before
		return s
	}
	count := func(s *Store) int {
		n := 0
		if _, err := s.Load(t.Context(), func(data.Version) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	s := open()
	commit := func(n int) error { _, err := s.Commit(t.Context(), source(n)); return err }
	if err := s.Together(t.Context(), func() error {
		if err := errors.Join(commit(1), commit(2)); err != nil {
			return err
		}
		if _, err := s.Commit(t.Context(), source(2)); !errors.Is(err, data.ErrConflict) { // it expects none
			t.Errorf("a part that is refused: %v", err)
		}
		if n := count(s); n != 0 {
			t.Errorf("others see %d of it", n)
		}
		if err := s.Together(t.Context(), func() error { return nil }); err == nil {
			t.Error("together within together")
		}
		return commit(3)
	}); err != nil {
		t.Fatal(err)
	}
	if n := count(s); n != 3 {
		t.Errorf("%d are there, want 3", n)
	}
	failed := errors.New("the file ends too soon")
	if err := s.Together(t.Context(), func() error { return errors.Join(commit(4), failed) }); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if err := commit(5); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("a commit on what was taken back: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	s = open()
	if err := errors.Join(commit(6), s.Verify(t.Context())); err != nil || count(s) != 4 {
		t.Errorf("after another start: %d, %v", count(s), err)
	}
}
