//go:build !unix

package gpkg

import "os"

// own marks a store as open. Where the system has no flock, it does not keep
// another process out.
func own(path string) (*os.File, error) { return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) }
