package dataset

import (
	"context"
	"errors"
	"sync"

	"demarc/data"
	"demarc/data/background"
	"demarc/data/store"
)

// maxGroup is how many waiting batches are committed together at the most.
const maxGroup = 256

// flight is a group of batches on its way into the store. While one is written, the
// next is checked against what stands after it; it is prepared as soon as the
// snapshot of the one before is made, and written when that one is durable.
type flight struct {
	d     *Dataset
	plan  *plan
	group []*waiter
	next  *upcoming
	done  chan struct{} // closed when it is shown, or err says why it is not
	err   error
	// answered is how many writers were answered just before it was written.
	answered int

	mu    sync.Mutex // guards what follows
	over  bool       // nothing can follow any more
	after *flight    // is committed next, without anybody being woken for it
}

// work sends off the batches that wait, until there are none.
func (d *Dataset) work() {
	for d.anyWaits() {
		d.turn <- struct{}{}
		d.sendOff(context.Background()) // not one writer's: others' batches are in it
		<-d.turn
	}
}

// anyWaits tells whether a batch waits; the work ends where none does.
func (d *Dataset) anyWaits() bool {
	d.queueMu.Lock()
	defer d.queueMu.Unlock()
	d.working = len(d.queue) > 0
	return d.working
}

// alone waits for the turn, and until nothing is on its way. release ends it.
func (d *Dataset) alone(ctx context.Context) (release func(), err error) {
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if d.flying != nil {
		<-d.flying.done
		d.flying = nil
	}
	return func() { <-d.turn }, nil
}

// sendOff checks and prepares the batches that wait, and sends them off when those
// before them have come through. The turn is held.
func (d *Dataset) sendOff(ctx context.Context) {
	before := d.flying
	f := &flight{d: d, plan: newPlan(d), done: make(chan struct{})}
	if before != nil {
		f.plan.behind = before.plan
	}
	d.waitOn(f.gather(before))
	if len(f.group) > 0 {
		f.prepare(before)
	}
	follows := false
	if before != nil {
		follows = len(f.group) > 0 && before.follow(f)
		<-before.done
		if before.err != nil {
			follows = false
			f.again()
		}
	}
	d.flying, f.plan.behind = nil, nil
	switch {
	case follows:
		d.flying = f
	case len(f.group) > 0:
		d.flying = f
		go f.fly(ctx)
	}
}

// follow sees to it that next is committed as soon as f is. It is false where that is
// too late, and next has to be sent off.
func (f *flight) follow(next *flight) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.over {
		f.after = next
	}
	return !f.over
}

// end returns what follows, if anything.
func (f *flight) end() (next *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
	if next, f.after = f.after, nil; next != nil {
		next.answered = len(f.group)
	}
	return next
}

// gather takes in the batches that wait, and those that come until the snapshot before
// is made and as many are there as were answered when the group before was sent off:
// most of those will come again, and the store writes many at once as quickly as few.
// Nobody waits for them once it has nothing to write. It returns those that have to
// wait.
func (f *flight) gather(before *flight) (wait []*waiter) {
	if before == nil {
		return f.add(f.d.take(maxGroup))
	}
	made := before.next.made
	for {
		wait = append(wait, f.add(f.d.take(maxGroup-len(f.group)))...)
		if made == nil && len(f.group) >= min(before.answered, maxGroup) {
			return wait
		}
		select {
		case <-before.done:
			return append(wait, f.add(f.d.take(maxGroup-len(f.group)))...)
		case <-made:
			made = nil
		case <-f.d.came:
		}
	}
}

// add checks batches and takes them in. It returns those that have to wait, in their
// order, since what they change is on its way.
func (f *flight) add(group []*waiter) (wait []*waiter) {
	for _, w := range group {
		if w.batch.At.IsZero() {
			w.batch.At = f.d.now().UTC()
		}
		if err := f.d.Status(); err != nil {
			w.finish(data.Receipt{}, err)
		} else if f.plan.unsettled(&w.batch) {
			wait = append(wait, w)
		} else if err := f.check(w); err != nil {
			w.finish(data.Receipt{}, err)
		} else {
			f.group = append(f.group, w)
		}
	}
	return wait
}

// check checks a batch and adds it to the plan.
func (f *flight) check(w *waiter) (err error) {
	forMany(len(w.batch.Changes), func() { err = f.plan.addDecoded(&w.batch, w.decoded) })
	return err
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

// prepare begins to make the view that the flight leads to.
func (f *flight) prepare(before *flight) {
	now := f.d.current.Load()
	if before != nil {
		now = before.next.view
	}
	var err error
	forMany(len(f.plan.states), func() { f.next, err = f.d.prepare(now, f.plan) })
	if err != nil {
		f.finish(nil, err)
	}
}

// again checks and prepares the group once more, when what was before it has failed.
func (f *flight) again() {
	if f.next != nil {
		<-f.next.made
	}
	group := f.group
	f.plan, f.group, f.next = newPlan(f.d), nil, nil
	f.d.waitOn(f.add(group))
	if len(f.group) > 0 {
		f.prepare(nil)
	}
}

// fly commits the group and goes on with what follows: the processors are busy with
// writers, and another goroutine would wait for one. What is committed is shown, and its
// writers are told, while the next is written.
func (f *flight) fly(ctx context.Context) {
	shown := func() {} // returns when all before is
	for f != nil {
		if f.plan.showsAtOnce(len(f.next.features)) {
			shown() // it looks at the tables as they stand
		}
		var receipts []data.Receipt
		var err error
		forMany(len(f.plan.states), func() { receipts, err = f.d.write(ctx, f.plan, f.next) })
		if err != nil {
			shown()
			f.fail(ctx, err)
			return
		}
		next, before := f.end(), shown
		go f.show(receipts, before, next == nil)
		done := f.done
		f, shown = next, func() { <-done }
	}
}

// show shows what was committed, after what was before it, and tells those who wait
// for it. last says that nothing follows.
func (f *flight) show(receipts []data.Receipt, before func(), last bool) {
	before()
	forMany(len(f.plan.states), func() { f.d.reveal(f.plan, f.next, receipts) })
	close(f.done)
	f.finish(receipts, nil)
	if last {
		f.forget()
	}
}

// fail tells those who wait that the group was not committed.
func (f *flight) fail(ctx context.Context, err error) {
	f.err = f.d.failed(ctx, f.next, err)
	f.end() // what would follow was made of what is not kept
	close(f.done)
	if errors.Is(err, store.ErrEdited) {
		release, _ := f.d.alone(ctx) // ctx does not end
		defer release()
		f.d.commitBeside(ctx, f.group)
		return
	}
	f.finish(nil, err)
	f.forget()
}

// forget lets go of the flight, if it is the last: what it holds may be much.
func (f *flight) forget() {
	f.d.turn <- struct{}{} // who has it waits for this flight no more
	defer func() { <-f.d.turn }()
	if f.d.flying == f {
		f.d.flying = nil
	}
}

// finish tells those who wait what became of their batches; there is none left.
func (f *flight) finish(receipts []data.Receipt, err error) {
	for i, w := range f.group {
		if err != nil {
			w.finish(data.Receipt{}, err)
		} else {
			w.finish(receipts[i], nil)
		}
	}
	f.group = nil
}
