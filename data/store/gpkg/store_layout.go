package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"demarc/geo/format/gpkg"
)

// mendTables makes those tables of features anew that are not as this program
// writes them, after a copy of the file was put beside it: a collection has got
// another property, or another program has put a table of its own in their place, or
// taken out what notes its edits. Columns that another program has added stay where
// the rest is as it should be. The dataset fills the tables.
func (s *Store) mendTables(ctx context.Context) error {
	if s.beside || s.sealed {
		return nil
	}
	var other []*shownTable
	for _, t := range s.tables {
		same, err := t.asMade(ctx, s.conn)
		if err != nil {
			return err
		}
		if !same {
			other = append(other, t)
		}
	}
	if len(other) == 0 {
		return nil
	}
	copied := fmt.Sprintf("%s.before-tables-%s", s.path, time.Now().UTC().Format("20060102T150405.000000Z"))
	if err := s.copyTo(ctx, copied); err != nil {
		return fmt.Errorf("copy the store before its tables of features are made anew: %w", err)
	}
	return s.within(ctx, func() error {
		value, err := s.getState(ctx, s.conn, "unfilled")
		if err != nil {
			return err
		}
		unfilled := strings.Fields(value)
		for _, t := range other {
			if err := run(ctx, s.conn, append(t.remove(), t.define()...)); err != nil {
				return fmt.Errorf("make the table %s anew (a copy is in %s): %w", t.Name, copied, err)
			}
			if !slices.Contains(unfilled, t.Name) {
				unfilled = append(unfilled, t.Name)
			}
		}
		return s.setState(ctx, "unfilled", strings.Join(unfilled, " "))
	})
}

// asMade tells whether the table has the columns that define gives it, its index,
// and the triggers that note edits.
func (t *shownTable) asMade(ctx context.Context, q querier) (bool, error) {
	declared := map[string]string{}
	if err := eachPair(ctx, q, func(name, kind string) { declared[name] = kind }, "SELECT name, type FROM pragma_table_info(?)", t.Name); err != nil {
		return false, err
	}
	for i, name := range t.Columns {
		if declared[name] != gpkg.ColumnType(t.collection.Schema.Fields[i].Type) {
			return false, nil
		}
	}
	made := map[string]string{}
	if err := eachPair(ctx, q, func(name, text string) { made[name] = text }, "SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? OR name = ?", t.Name, "rtree_"+t.Name+"_"+t.Geometry); err != nil {
		return false, err
	}
	for _, trigger := range t.noting() {
		if made[trigger.name] != trigger.sql {
			return false, nil
		}
	}
	_, keyed := declared[t.Key]
	_, placed := declared[t.Geometry]
	index := made["rtree_"+t.Name+"_"+t.Geometry] != "" && made["rtree_"+t.Name+"_"+t.Geometry+"_insert"] != ""
	return keyed && made["demarc_id_"+t.Name] != "" && (t.Geometry == "" || placed && index), nil
}

// eachPair visits the rows of a query of two texts.
func eachPair(ctx context.Context, q querier, visit func(a, b string), query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b sql.NullString
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		visit(a.String, b.String)
	}
	return rows.Err()
}

// remove returns what takes the table out of the file, and all that is said of it.
func (t *shownTable) remove() []gpkg.Statement {
	all := []gpkg.Statement{
		{SQL: "UPDATE demarc_writing SET yes = 1"},
		{SQL: "DROP TABLE IF EXISTS " + quoted("rtree_"+t.Name+"_"+t.Geometry)},
		{SQL: "DROP TABLE IF EXISTS " + quoted(t.Name)},
		{SQL: "UPDATE demarc_writing SET yes = 0"},
		{SQL: "DELETE FROM demarc_edits WHERE collection = ?", Args: []any{t.Name}},
		{SQL: "DELETE FROM gpkg_data_column_constraints WHERE constraint_name IN (SELECT constraint_name FROM gpkg_data_columns WHERE table_name = ?)", Args: []any{t.Name}},
		{SQL: "DELETE FROM gpkg_metadata WHERE id IN (SELECT md_file_id FROM gpkg_metadata_reference WHERE table_name = ?)", Args: []any{t.Name}},
	}
	for _, about := range []string{"gpkg_metadata_reference", "gpkg_data_columns", "gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"} {
		all = append(all, gpkg.Statement{SQL: "DELETE FROM " + about + " WHERE table_name = ?", Args: []any{t.Name}})
	}
	return all
}
