package gpkg_test

import (
	"path/filepath"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/store"
	"demarc/data/store/gpkg"
	"demarc/geo"
)

// A store that is closed right after a commit waits to be told what that shows, so that
// its tables are not left behind.
func TestCloseWaitsForWhatIsShown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.gpkg")
	st, err := gpkg.Open(t.Context(), path, sourcesTable())
	if err != nil {
		t.Fatal(err)
	}
	st.Look(func(f store.FeatureID) *geo.Feature { return shown(f.ID, "Publisher").Feature })
	later := []store.FeatureID{{Collection: "sources", ID: "a"}}
	if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{put(data.Put, "a", "Publisher")}, Later: later}); err != nil {
		t.Fatal(err)
	}
	told := make(chan struct{})
	go func() {
		defer close(told)
		time.Sleep(20 * time.Millisecond)
		st.Show(later)
	}()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	<-told
	if st, err = gpkg.Open(t.Context(), path, sourcesTable()); err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if st.Behind() {
		t.Error("its tables are behind")
	}
}
