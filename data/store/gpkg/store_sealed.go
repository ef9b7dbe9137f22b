package gpkg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// still returns the setting with which a store is read that nobody can write: in a
// folder where SQLite cannot make its own files beside it, the file is read as it
// lies there. What stands in the write-ahead log alone would be missing then.
func (s *Store) still() (string, error) {
	if mayWrite(filepath.Dir(s.path)) {
		return "", nil
	}
	log, err := os.Stat(s.path + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() == 0:
		return "&immutable=1", nil
	case err != nil:
		return "", err
	}
	if _, err := os.Stat(s.path + "-shm"); err == nil {
		return "", nil // another process has it open, and shares it
	}
	return "", damaged("", fmt.Sprintf("changes stand in %s-wal that are not in it, and its folder cannot be written", filepath.Base(s.path)),
		"open it once with demarc where its folder can be written, which copies them into it")
}
