package dataset

import (
	"cmp"
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
	calm    *time.Timer       // ends when nothing was published for some time
	after   time.Duration     // that time, 0 for calmAfter
}

// calmAfter is how long nobody has to write until parts are put together that are left
// apart while somebody does.
const calmAfter = time.Second

// wait begins to wait anew for nobody to write. f.mu is held.
func (f *folding) wait(then func()) {
	after := cmp.Or(f.after, calmAfter)
	if f.calm == nil {
		f.calm = time.AfterFunc(after, then)
	} else {
		f.calm.Reset(after)
	}
}

// foldAside begins to put parts together, where that is due and nobody does it. s is
// published: what was never kept must not come into the fold.
func (d *Dataset) foldAside(s *snapshot.Snapshot) {
	f := &d.folding
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wait(d.foldCalmly)
	if f.running || f.made != nil || !s.Owes(snapshot.WhileWritten) {
		return
	}
	f.running = true
	background.Go(func() { f.end(s.Fold(snapshot.WhileWritten)) })
}

// end notes what was put together.
func (f *folding) end(made *snapshot.Folding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made, f.running = made, false
}

// foldCalmly puts together what was left apart, and shows it, until there is nothing more
// or somebody writes again.
func (d *Dataset) foldCalmly() {
	f := &d.folding
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running {
		f.wait(d.foldCalmly)
		return
	}
	f.running = true
	background.Go(func() {
		for d.line.ifFree(d.showFolded) {
			made := d.current.Load().published.Fold(snapshot.WhileIdle)
			f.mu.Lock()
			f.made, f.running = made, made != nil
			f.mu.Unlock()
			if made == nil {
				return
			}
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.running = false // what was made is for who writes
		f.wait(d.foldCalmly)
	})
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
