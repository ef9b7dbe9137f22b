package gpkg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// migrations bring a file of each older form, by its number, to the next.
var migrations = map[int]func(ctx context.Context, s *Store) error{
	1: addTables,
	2: noteColumns,
	3: fewerIndexes,
	4: oneStands,
}

// migrate brings the file up to date, after a copy of it was put beside it. Where
// it fails the file is as it was, and the copy stays.
func (s *Store) migrate(ctx context.Context) error {
	value, err := s.getState(ctx, s.conn, "schema")
	if err != nil {
		return err
	}
	var version int
	if _, err := fmt.Sscan(value, &version); err != nil || version < 1 {
		return damagedRow("demarc_state", "schema", "it is missing or cannot be read")
	}
	switch {
	case version == schemaVersion:
		return nil
	case version > schemaVersion:
		return damaged("", fmt.Sprintf("it was written by a newer demarc (form %d, this one knows %d)", version, schemaVersion), "use the newer demarc")
	case s.beside || s.sealed:
		return damaged("", fmt.Sprintf("it was written by an older demarc (form %d, this one writes %d)", version, schemaVersion),
			"start demarc serve with it once, which puts a copy beside it and brings it up to date")
	}
	backup := fmt.Sprintf("%s.before-form-%d-%s", s.path, schemaVersion, time.Now().UTC().Format("20060102T150405Z"))
	if err := s.copyTo(ctx, backup); err != nil {
		return fmt.Errorf("copy the store before it is brought up to date: %w", err)
	}
	return s.within(ctx, func() error {
		for ; version < schemaVersion; version++ {
			if err := migrations[version](ctx, s); err != nil {
				return fmt.Errorf("bring the store from form %d to %d (a copy is in %s): %w", version, version+1, backup, err)
			}
		}
		return s.setState(ctx, "schema", fmt.Sprint(schemaVersion))
	})
}

// copyTo copies the store as the writer sees it, durably.
func (s *Store) copyTo(ctx context.Context, file string) error {
	if _, err := s.conn.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return withRoom(errors.Join(err, os.RemoveAll(file)))
	}
	if err := os.Chmod(file, 0o600); err != nil {
		return err
	}
	return syncPath(file)
}

// noteColumns lets the triggers note which columns another program changed. An
// edit that was noted without may have changed any.
func noteColumns(ctx context.Context, s *Store) error {
	for _, column := range []string{"was INTEGER", "changed TEXT"} {
		if _, err := s.conn.ExecContext(ctx, "ALTER TABLE demarc_edits ADD COLUMN "+column); err != nil {
			return err
		}
	}
	for _, t := range s.tables {
		// What was before and is not after was deleted, or lost its id.
		if _, err := s.conn.ExecContext(ctx, "UPDATE demarc_edits SET was = fid, changed = CASE WHEN fid IN (SELECT "+quoted(t.Key)+" FROM "+quoted(t.Name)+
			") THEN ? END WHERE collection = ? AND before IS NOT NULL", t.allColumns(), t.Name); err != nil {
			return err
		}
		for _, trigger := range t.noting() {
			if _, err := s.conn.ExecContext(ctx, "DROP TRIGGER IF EXISTS "+quoted(trigger.name)); err != nil {
				return err
			}
			if _, err := s.conn.ExecContext(ctx, trigger.sql); err != nil {
				return err
			}
		}
	}
	return nil
}

// fewerIndexes leaves one index that tells which versions a record has and which of them
// stand, where there were two, and none of times, which rise as the batches do; and
// fills the tiles.
func fewerIndexes(ctx context.Context, s *Store) error {
	for _, statement := range []string{
		"DROP INDEX IF EXISTS demarc_versions_record",
		"DROP INDEX IF EXISTS demarc_versions_stands",
		"CREATE INDEX demarc_versions_record ON demarc_versions (kind, id, stands)",
		"DROP INDEX IF EXISTS demarc_batches_at",
	} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return fillTiles(ctx, s)
}

// oneStands lets SQLite see to it that of a record one version and one draft stand at the
// most.
func oneStands(ctx context.Context, s *Store) error {
	for _, statement := range []string{"DROP INDEX IF EXISTS demarc_versions_record", "DROP INDEX IF EXISTS demarc_versions_standing", "DROP INDEX IF EXISTS demarc_versions_ended", standingIndex, endedIndex} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// fillTiles gives the tiles that are not full their length.
func fillTiles(ctx context.Context, s *Store) error {
	rows, err := s.conn.QueryContext(ctx, "SELECT id, hashes FROM demarc_tiles WHERE length(hashes) < ?", fullTile)
	if err != nil {
		return err
	}
	defer rows.Close()
	short := map[int64][]byte{} // one a level
	for rows.Next() {
		var id int64
		var hashes []byte
		if err := rows.Scan(&id, &hashes); err != nil {
			return err
		}
		short[id] = filled(hashes)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for id, hashes := range short {
		if _, err := s.conn.ExecContext(ctx, "UPDATE demarc_tiles SET hashes = ? WHERE id = ?", hashes, id); err != nil {
			return err
		}
	}
	return nil
}
