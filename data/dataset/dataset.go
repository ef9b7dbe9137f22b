// Package dataset is the one owner of the data while the program runs: the
// current snapshot, and the only place where it is exchanged for a newer one.
package dataset

import (
	"fmt"
	"sync"
	"sync/atomic"

	"demarc/data"
	"demarc/data/snapshot"
)

// Dataset holds the current snapshot. It is safe for concurrent use.
type Dataset struct {
	current atomic.Pointer[snapshot.Snapshot]
	writer  sync.Mutex // one change at a time
}

// New returns a dataset of the records, which must have passed Validate, and of
// layers beside them. Neither may change afterwards.
func New(r *data.Records, layers ...data.Layer) (*Dataset, error) {
	d := &Dataset{}
	if err := d.Replace(r, layers...); err != nil {
		return nil, err
	}
	return d, nil
}

// Snapshot returns the current snapshot: one atomic load. A request takes it
// once and keeps it.
func (d *Dataset) Snapshot() *snapshot.Snapshot { return d.current.Load() }

// Replace prepares a snapshot of the records and layers and then swaps it in.
// When it fails, readers keep the one they have.
func (d *Dataset) Replace(r *data.Records, layers ...data.Layer) error {
	d.writer.Lock()
	defer d.writer.Unlock()
	next, err := snapshot.New(r, layers...)
	if err != nil {
		return fmt.Errorf("replace dataset: %w", err)
	}
	d.current.Store(next)
	return nil
}
