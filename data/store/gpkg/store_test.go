package gpkg_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"demarc/data/store"
	"demarc/data/store/gpkg"
	"demarc/data/store/storetest"
)

func TestStore(t *testing.T) {
	n := 0
	storetest.Run(t, func(t *testing.T) storetest.Open {
		n++
		path := filepath.Join(t.TempDir(), fmt.Sprintf("store%d.gpkg", n))
		return func() (store.Store, error) { return gpkg.Open(t.Context(), path, gpkg.Options{}) }
	})
}
