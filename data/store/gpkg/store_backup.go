package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies the store, as one moment of it, into a new file; others may write
// meanwhile. The copy is a store. The log's key, which stands in a file of its
// own, is not in it.
func (s *Store) Backup(ctx context.Context, file string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up to %s: there is a file already: name another one, or remove it", file)
	}
	if s.leads() {
		if err := s.followAll(ctx); err != nil {
			return err
		}
	}
	// Written under another name, so that a file of the right one is a whole copy.
	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	still := ""
	if s.sealed {
		if still, err = s.still(); err != nil {
			return err
		}
	}
	db, err := sql.Open("sqlite", address(s.path)+"?mode=ro&_pragma=busy_timeout(5000)&_pragma=wal_autocheckpoint(0)"+still)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		_ = os.Remove(part) // which may not be there
		return fmt.Errorf("back up to %s: %w", file, withRoom(err))
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	if err := syncPath(part); err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		return err
	}
	return syncPath(filepath.Dir(file))
}

// syncPath makes a file, or a folder's names, durable.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
