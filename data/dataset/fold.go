package dataset

import (
	"context"
	"sync"
	"time"

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

// begin tells whether nobody puts parts together yet, but for who asks.
func (f *folding) begin() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.running
	f.running = true
	return !was
}

// leave leaves what was put together for the next who shows something.
func (f *folding) leave(made *snapshot.Folding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made = made
}

func (f *folding) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = false
}

// foldAside begins to put parts together, where that is due and nobody does it. s is
// published: what was never kept must not come into the fold.
func (d *Dataset) foldAside(s *snapshot.Snapshot) {
	f := &d.folding
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running || f.made != nil || !s.Owes(snapshot.WhileWritten) {
		return
	}
	f.running = true
	background.Go(func() {
		defer f.end()
		f.leave(s.Fold(snapshot.WhileWritten))
	})
}

// PutTogether puts together what is left apart while somebody writes, each time when
// nobody has for so long, until ctx ends. Answers stay the same.
func (d *Dataset) PutTogether(ctx context.Context, after time.Duration) {
	again := time.NewTicker(after)
	defer again.Stop()
	for seen, done := d.current.Load(), (*view)(nil); ; seen = d.current.Load() {
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
		if now := d.current.Load(); now == seen && now != done && d.foldCalmly() {
			done = d.current.Load()
		}
	}
}

// foldCalmly puts together what was left apart, and shows it. It is false where somebody
// writes, or puts together, before there is nothing more.
func (d *Dataset) foldCalmly() bool {
	f := &d.folding
	if !f.begin() {
		return false
	}
	defer f.end()
	for d.line.ifFree(d.showFolded) {
		var made *snapshot.Folding
		background.Do(func() { made = d.current.Load().published.Fold(snapshot.WhileIdle) })
		if made == nil {
			return true
		}
		f.leave(made)
	}
	return false
}

// showFolded shows the snapshot with what was put together: its answers are the same.
func (d *Dataset) showFolded() {
	v := *d.current.Load()
	d.change.Lock()
	next := d.folded(v.published)
	d.change.Unlock()
	if next == v.published {
		return
	}
	v.published = next
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lay(&v)
	d.current.Store(&v)
}

// ifFree does something while nobody changes the dataset. It is false where somebody does.
func (l *line) ifFree(do func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held || l.writing || l.showing {
		return false
	}
	l.held = true
	defer l.free()
	l.mu.Unlock()
	defer l.mu.Lock()
	do()
	return true
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
