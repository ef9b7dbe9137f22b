package gpkg_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/store/gpkg"
	"demarc/data/token"
)

// TestTokensFollowOtherProcesses asks for a token that is known already, after
// another process has revoked it.
func TestTokensFollowOtherProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	open := func(o gpkg.Options) *gpkg.Store {
		t.Helper()
		st, err := gpkg.Open(t.Context(), path, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = st.Close() })
		return st
	}
	serving, other := open(gpkg.Options{}), open(gpkg.Options{Beside: true})
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	made, text, err := token.New("ann", token.Editor, nil, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := serving.Token(t.Context(), made.ID); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("before it is made: %v", err)
	}
	if err := other.AddToken(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	for range 2 { // read, and known
		if _, err := token.Verify(t.Context(), serving, text, now); err != nil {
			t.Fatalf("made by another process: %v", err)
		}
	}
	if err := serving.UseToken(t.Context(), made.ID, now); err != nil {
		t.Fatal(err)
	}
	if got, err := serving.Token(t.Context(), made.ID); err != nil || got.Used.IsZero() {
		t.Errorf("after a use it says %v, %v", got.Used, err)
	}
	if err := other.RevokeToken(t.Context(), made.ID, now); err != nil {
		t.Fatal(err)
	}
	if _, err := token.Verify(t.Context(), serving, text, now); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("revoked by another process: %v", err)
	}
}
