package gpkg

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// A store of form 1, in which a collection has no table, gets it, and has it filled
// once; so have the tables whose counts form 1 let grow old.
func TestTablesOfLaterCollections(t *testing.T) {
	collection := func(name string) Collection {
		return Collection{Title: name, Schema: &geo.Schema{Collection: name, Fields: []geo.Field{{Name: "id"}, {Name: "n", Type: geo.Integer}}}}
	}
	shown := func(collection, id string, n int64) store.Shown {
		return store.Shown{Collection: collection, ID: id, Feature: &geo.Feature{ID: id, Values: []geo.Value{geo.StringValue(id), geo.IntValue(n)}}}
	}
	path := filepath.Join(t.TempDir(), "store.gpkg")
	old, err := Open(t.Context(), path, Options{Collections: []Collection{collection("areas"), collection("sources")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Commit(t.Context(), store.Group{Shown: []store.Shown{shown("areas", "a", 1), shown("sources", "s", 1), shown("sources", "gone", 1)}}); err != nil {
		t.Fatal(err)
	}
	asForm1(t, old)
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, Options{Collections: []Collection{collection("areas"), collection("sources"), collection("parties")}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	names, err := s.Unfilled(t.Context())
	if err != nil || !slices.Equal(names, []string{"sources", "parties"}) {
		t.Fatalf("Unfilled() = %q, %v", names, err)
	}
	want := []store.Shown{shown("sources", "s", 2), shown("parties", "P", 3)}
	if _, err := s.Commit(t.Context(), store.Group{Fills: names, Shown: want}); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(want, shown("areas", "a", 1)) {
		if err := s.VerifyShown(t.Context(), f.Collection, 1, func(id string) *geo.Feature {
			if id != f.ID {
				return nil
			}
			return f.Feature
		}); err != nil {
			t.Error(err)
		}
	}
	edits, err := s.Edits(t.Context())
	if err != nil || len(edits) > 0 {
		t.Errorf("our own writing counts as edits of others: %v, %v", edits, err)
	}
	if names, err := s.Unfilled(t.Context()); err != nil || len(names) > 0 {
		t.Errorf("Unfilled() = %q, %v, want none", names, err)
	}
	if copies, _ := filepath.Glob(fmt.Sprintf("%s.before-form-%d-*", path, schemaVersion)); len(copies) != 1 {
		t.Errorf("copies of the old form: %v", copies)
	}
}

// asForm1 takes from a store what later forms have.
func asForm1(t *testing.T, s *Store) {
	t.Helper()
	if err := s.followAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	var statements []gpkg.Statement
	for _, table := range s.tables {
		for _, trigger := range table.noting() {
			statements = append(statements, gpkg.Statement{SQL: "DROP TRIGGER " + quoted(trigger.name)})
		}
	}
	for _, column := range []string{"was", "changed"} {
		statements = append(statements, gpkg.Statement{SQL: "ALTER TABLE demarc_edits DROP COLUMN " + column})
	}
	if err := s.write(t.Context(), func() error {
		if err := run(t.Context(), s.conn, statements); err != nil {
			return err
		}
		return s.setState(t.Context(), "schema", "1")
	}); err != nil {
		t.Fatal(err)
	}
}
