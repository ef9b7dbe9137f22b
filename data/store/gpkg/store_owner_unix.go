//go:build unix

package gpkg

import (
	"errors"
	"os"
	"syscall"
)

// own takes a store for this process, until the file is closed or the process
// ends. The lock stands on a file of its own: to open and close the store's
// would drop the locks that SQLite has on it (POSIX fcntl).
func own(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.New("another demarc has the store open: stop it first, or ask it over HTTP")
		}
		return nil, err
	}
	return f, nil
}
