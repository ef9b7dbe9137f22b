package dataset

import (
	"sync"

	"demarc/data/background"
	"demarc/data/snapshot"
)

// folding is what puts large parts of the snapshot together while others read and
// change it: writers would wait for seconds for it.
type folding struct {
	mu      sync.Mutex
	running bool
	made    *snapshot.Folding // waits for the next change, which takes it over
}

// foldAside begins to put parts together, where that is due and nobody does it. s is
// published: what was never kept must not come into the fold.
func (d *Dataset) foldAside(s *snapshot.Snapshot) {
	f := &d.folding
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running || f.made != nil || !s.Owes() {
		return
	}
	f.running = true
	background.Go(func() {
		made := s.Fold()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.made, f.running = made, false
	})
}

// folded returns the snapshot with what was put together meanwhile.
func (d *Dataset) folded(s *snapshot.Snapshot) *snapshot.Snapshot {
	d.folding.mu.Lock()
	made := d.folding.made
	d.folding.made = nil
	d.folding.mu.Unlock()
	if made != nil {
		if next, ok := s.Folded(made); ok {
			return next
		}
	}
	return s
}
