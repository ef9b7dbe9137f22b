package gpkg

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// addTables brings a file of form 1 to form 2: it makes the tables of collections
// that came later, and marks for writing anew those whose counts form 1 let grow old.
func addTables(ctx context.Context, s *Store) error {
	var unfilled []string
	for _, t := range s.tables {
		var there int
		if err := s.conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", t.Name).Scan(&there); err != nil {
			return err
		}
		if there == 0 {
			if err := run(ctx, s.conn, t.define()); err != nil {
				return err
			}
		}
		if there == 0 || t.Name == "places" || t.Name == "sources" {
			unfilled = append(unfilled, t.Name)
		}
	}
	return s.setState(ctx, "unfilled", strings.Join(unfilled, " "))
}

// Unfilled is store.Outside's.
func (s *Store) Unfilled(ctx context.Context) ([]string, error) {
	if s.beside || s.sealed { // it is for the process that writes
		return nil, nil
	}
	names, err := s.getState(ctx, s.readers, "unfilled")
	return strings.Fields(names), err
}

// empty takes all rows out of the tables that are written anew. It is within a
// transaction.
func (s *Store) empty(ctx context.Context, collections []string) error {
	if len(collections) == 0 {
		return nil
	}
	left, err := s.getState(ctx, s.conn, "unfilled")
	if err != nil {
		return err
	}
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 1"); err != nil {
		return err
	}
	for _, name := range collections {
		if t := s.tableOf(name); t != nil {
			if err := s.emptyTable(ctx, t); err != nil {
				return err
			}
		}
	}
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 0"); err != nil {
		return err
	}
	rest := slices.DeleteFunc(strings.Fields(left), func(name string) bool { return slices.Contains(collections, name) })
	return s.setState(ctx, "unfilled", strings.Join(rest, " "))
}

// emptyTable takes all rows out of a table, some at a time: see holdStatements.
func (s *Store) emptyTable(ctx context.Context, t *shownTable) error {
	some := fmt.Sprintf("DELETE FROM %[1]s WHERE %[2]s IN (SELECT %[2]s FROM %[1]s LIMIT 1000)", quoted(t.Name), quoted(t.Key))
	for {
		result, err := s.execute(ctx, some)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); n == 0 || err != nil {
			return err
		}
	}
}
