//go:build unix

package gpkg

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// own takes a store for this process, until the file is closed or the process
// ends; those that only read have it together. The lock stands on a file of its own:
// to open and close the store's would drop the locks that SQLite has on it (POSIX
// fcntl). Who only reads, in a folder that cannot be written, does without.
func own(path string, reading bool) (*os.File, error) {
	how, flags := syscall.LOCK_EX, os.O_CREATE|os.O_RDWR
	if reading {
		how = syscall.LOCK_SH
		if !mayWrite(filepath.Dir(path)) {
			flags = os.O_RDONLY
		}
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if reading && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.New("another demarc has the store open: stop it first, or ask it over HTTP")
		}
		return nil, err
	}
	return f, nil
}

// mayWrite tells whether this process may write a file or folder that is there.
func mayWrite(path string) bool {
	const write = 2 // W_OK
	err := syscall.Access(path, write)
	return err == nil || errors.Is(err, syscall.ENOENT)
}
