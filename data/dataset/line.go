package dataset

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"demarc/data"
	"demarc/data/background"
	"demarc/data/store"
)

// maxGroup is how many batches are committed together at the most.
const maxGroup = 256

// line is the line of changes. A batch is checked against all that is before it and
// joins the group that forms; one group after the other is committed, which its writers
// are told, and what is committed is shown. The three go on beside one another: nothing
// waits but for what it rests on.
type line struct {
	d *Dataset

	mu    sync.Mutex // guards what follows; taken before the dataset's
	moved sync.Cond  // told when something below has come to an end
	// forming is committed next, committing just now; committed is not shown yet, the
	// oldest first, and what it holds stays as it is.
	forming, committing *flight
	committed           []*flight
	before              int       // batches in the group that was committed last
	writing, showing    bool      // somebody commits, and shows
	waiting             []*waiter // batches that cannot join yet, in their order
	held                bool      // somebody has the dataset for himself, or will when all is shown
	mending             bool      // a group has failed, and those behind it are taken back

	unshown atomic.Pointer[[]*flight] // committed, for those who do not hold mu

	comeMu    sync.Mutex // guards what follows; taken after mu
	come      []*waiter  // batches that have just come
	lettingIn bool       // somebody lets them join
}

func newLine(d *Dataset) *line {
	l := &line{d: d}
	l.setCommitted(nil)
	l.moved.L = &l.mu
	return l
}

// enter lets a batch join, or wait until it can. Of those who come at once, one lets all
// of them in: to wait for a lock that another holds, and for a processor again, takes a
// writer longer than all that is done.
func (l *line) enter(w *waiter) {
	l.comeMu.Lock()
	l.come = append(l.come, w)
	mine := !l.lettingIn
	l.lettingIn = true
	l.comeMu.Unlock()
	for mine {
		l.mu.Lock()
		mine = l.letIn()
		l.mu.Unlock()
	}
}

// letIn lets those join who have come. It is false when there were none, and somebody
// else has to see to those who come later. l.mu is held.
func (l *line) letIn() bool {
	l.comeMu.Lock()
	some := l.come
	l.come, l.lettingIn = nil, len(some) > 0
	l.comeMu.Unlock()
	for _, w := range some {
		if !l.join(w) {
			l.waiting = append(l.waiting, w)
		}
	}
	return len(some) > 0
}

// leave takes a batch out of those that have come or wait, if it is still there.
func (l *line) leave(w *waiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.comeMu.Lock()
	defer l.comeMu.Unlock()
	for _, list := range []*[]*waiter{&l.come, &l.waiting} {
		if i := slices.Index(*list, w); i >= 0 {
			*list = slices.Delete(*list, i, i+1)
			return true
		}
	}
	return false
}

// join checks a batch and lets it into the group that forms. It is false where the batch
// has to wait: for the line to be free, for room in the group, or for what it changes to
// be shown. l.mu is held.
func (l *line) join(w *waiter) bool {
	if l.held || l.mending || l.forming != nil && len(l.forming.group) >= maxGroup {
		return false
	}
	if err := l.d.Status(); err != nil {
		w.finish(data.Receipt{}, err)
		return true
	}
	f := l.forming
	if f == nil {
		f = &flight{d: l.d, plan: newPlan(l.d)}
		f.plan.behind = l.last()
	}
	if f.plan.unsettled(&w.batch) {
		return false
	}
	if w.batch.At.IsZero() {
		w.batch.At = l.d.now().UTC()
	}
	if err := f.add(w); err != nil {
		w.finish(data.Receipt{}, err)
		return true
	}
	if l.forming = f; !l.writing {
		l.writing = true
		go l.write(context.Background()) // not one writer's: others' batches are in it
	}
	return true
}

// last returns the newest plan that is not shown yet, or nil. l.mu is held.
func (l *line) last() *plan {
	switch {
	case l.committing != nil:
		return l.committing.plan
	case len(l.committed) > 0:
		return l.committed[len(l.committed)-1].plan
	}
	return nil
}

// again lets those join that waited, as far as they can. l.mu is held.
func (l *line) again() {
	waiting := l.waiting
	l.waiting = nil
	for i, w := range waiting {
		if !l.join(w) {
			l.waiting = append(l.waiting, w)
		}
		waiting[i] = nil
	}
}

// write commits the groups, one after the other, until there is none.
func (l *line) write(ctx context.Context) {
	for f := l.next(); f != nil; f = l.next() {
		var err error
		if f.plan.looks {
			err = l.commitAlone(ctx, f)
		} else {
			err = f.commit(ctx)
		}
		if err != nil {
			l.mend(ctx, f, err)
		} else {
			l.wrote(f)
		}
	}
}

// gatherFor is how long a group waits for more at the most, where the one before was
// more than twice as large: those who were answered together come again together, and
// many are written as quickly as one.
const gatherFor = 100 * time.Microsecond

// next takes the group that has formed. Without one the writing ends.
func (l *line) next() (f *flight) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for begun := time.Now(); l.forming != nil && 2*len(l.forming.group) < l.before && time.Since(begun) < gatherFor; {
		l.mu.Unlock()
		runtime.Gosched()
		l.mu.Lock()
	}
	if l.forming != nil {
		l.before = len(l.forming.group)
	}
	f, l.forming, l.committing = l.forming, nil, l.forming
	if f == nil {
		l.writing = false
		l.moved.Broadcast()
	} else if len(l.waiting) > 0 {
		l.again() // there is room
	}
	return f
}

// wrote notes that a group is committed, tells those in it, and sees to it that it is
// shown.
func (l *line) wrote(f *flight) {
	if !f.shown {
		f.foresee()
	}
	l.mu.Lock()
	l.committing = nil
	if f.shown {
		l.settle()
		l.mu.Unlock()
		return
	}
	l.setCommitted(append(slices.Clip(l.committed), f))
	l.d.told.Store(f.receipts[len(f.receipts)-1].Revision.Sequence)
	if !l.showing {
		l.showing = true
		go l.show()
	}
	l.mu.Unlock()
	f.finish(nil)
}

// setCommitted sets what is committed and not shown yet. l.mu is held.
func (l *line) setCommitted(flights []*flight) {
	l.committed = flights
	l.unshown.Store(&flights)
}

// show shows what is committed, all that there is at a time, until there is nothing.
func (l *line) show() {
	for {
		l.mu.Lock()
		some := l.committed
		if len(some) == 0 {
			l.showing = false
			l.moved.Broadcast()
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.d.revealAll(some)
		l.mu.Lock()
		l.setCommitted(l.committed[len(some):])
		l.settle()
		l.mu.Unlock()
	}
}

// settle looks who can go on when something was shown: what is behind it rests on the
// dataset as it stands. l.mu is held.
func (l *line) settle() {
	for _, f := range append(slices.Clone(l.committed), l.committing, l.forming) {
		if f != nil {
			f.plan.behind = nil
			break
		}
	}
	if len(l.waiting) > 0 {
		l.again()
	}
}

// drain waits until all that is committed is shown. l.mu is held.
func (l *line) drain() {
	for l.showing || len(l.committed) > 0 {
		l.moved.Wait()
	}
}

// commitAlone commits a group that leads to a snapshot which has to be looked at before,
// and shows it.
func (l *line) commitAlone(ctx context.Context, f *flight) error {
	l.mu.Lock()
	l.drain()
	l.mu.Unlock()
	return f.commitShown(ctx)
}

// mend tells those in a group that was not committed, and takes those behind it back:
// they were checked against what is not kept.
func (l *line) mend(ctx context.Context, f *flight, err error) {
	l.mu.Lock()
	l.drain()
	l.mending, l.committing = true, nil
	if behind := l.forming; behind != nil {
		l.forming, l.waiting = nil, append(behind.group, l.waiting...)
	}
	l.mu.Unlock()
	switch {
	case errors.Is(err, store.ErrEdited):
		l.d.commitBeside(ctx, f.group)
	case errors.Is(err, store.ErrUnknown):
		l.d.recover(ctx, err)
		f.finish(err)
	default:
		f.finish(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mending = false
	l.again()
}

// alone waits until all is shown, and keeps others from the dataset until release is
// called.
func (l *line) alone(ctx context.Context) (release func(), err error) {
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.moved.Broadcast()
	})
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.held && ctx.Err() == nil {
		l.moved.Wait()
	}
	if l.held {
		return nil, ctx.Err()
	}
	l.held = true
	for (l.writing || l.showing) && ctx.Err() == nil {
		l.moved.Wait()
	}
	if l.writing || l.showing {
		l.free()
		return nil, ctx.Err()
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.free()
	}, nil
}

// free lets others at the dataset again. l.mu is held.
func (l *line) free() {
	l.held = false
	l.moved.Broadcast()
	l.again()
}

// manyChanges are so many that they keep a processor for milliseconds. For fewer it
// costs more to change the thread, which a writer's coming and going does often.
const manyChanges = 64

// forMany does something with so many changes: in the background where they are many.
func forMany(changes int, do func()) {
	if changes < manyChanges {
		do()
		return
	}
	background.Do(do)
}
