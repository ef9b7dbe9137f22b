//go:build !unix

package gpkg

import "os"

// own marks a store as open. Where the system has no flock, it does not keep
// another process out.
func own(path string, reading bool) (*os.File, error) {
	if reading {
		return nil, nil
	}
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}

// mayWrite tells whether a file may be written, as far as its mode tells.
func mayWrite(path string) bool {
	about, err := os.Stat(path)
	return err != nil || about.Mode()&0o200 != 0
}
