package gpkg

import (
	"path/filepath"
	"testing"

	"demarc/data"
	"demarc/data/store"
)

// What was made ready is taken for its body, and for one version alone.
func TestReady(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.gpkg"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	one, two := []byte(`{"id":"a","n":1}`), []byte(`{"id":"a","n":2}`)
	ready := s.Ready(one)
	if ready == nil || s.Ready([]byte(`{`)) != nil {
		t.Fatal("what is no JSON is made ready, or what is JSON is not")
	}
	put := func(body []byte, ready any) data.Change {
		return data.Change{Kind: data.Sources, ID: "a", Operation: data.Put, Body: body, Ready: ready, Expect: -1}
	}
	of := func(changes ...data.Change) store.Group {
		return store.Group{Batches: []data.Batch{{Author: "a", Changes: changes}}}
	}
	again := s.Ready(two)
	for _, g := range []store.Group{
		of(put(two, ready)),                       // of another body
		of(put(one, ready)),                       // as it is meant
		of(put(one, ready)),                       // used before
		of(put(two, again), put(two, again)),      // twice at once
		of(put(one, "of another engine")),         //
		of(put(two, s.Ready(two)), put(one, nil)), // some of a batch
	} {
		if _, err := s.Commit(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := s.readers.QueryContext(t.Context(), "SELECT sequence, salt FROM demarc_versions ORDER BY sequence")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	salts := map[string]int64{}
	for rows.Next() {
		var sequence int64
		var salt []byte
		if err := rows.Scan(&sequence, &salt); err != nil {
			t.Fatal(err)
		}
		if before, ok := salts[string(salt)]; ok {
			t.Errorf("version %d has the salt of %d", sequence, before)
		}
		salts[string(salt)] = sequence
	}
	if err := rows.Err(); err != nil || len(salts) != 8 {
		t.Errorf("%d salts, %v", len(salts), err)
	}
	if salts[string(ready.(*blinded).salt)] != 2 || salts[string(again.(*blinded).salt)] != 4 {
		t.Errorf("what was made ready is in the versions %d and %d, not 2 and 4", salts[string(ready.(*blinded).salt)], salts[string(again.(*blinded).salt)])
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}
