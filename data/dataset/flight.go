package dataset

import (
	"context"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store"
)

// flight is a group of batches on its way into the store.
type flight struct {
	d        *Dataset
	plan     *plan
	group    []*waiter
	receipts []data.Receipt
	shown    bool              // with the commit
	changes  []snapshot.Change // what it publishes, of one that is not
	after    snapshot.Sum      // of the snapshot that shows it, then
}

// add checks a batch and takes it in.
func (f *flight) add(w *waiter) (err error) {
	forMany(len(w.batch.Changes), func() { err = f.plan.addDecoded(&w.batch, w.decoded) })
	if err == nil {
		f.group = append(f.group, w)
	}
	return err
}

// commit writes the group: what it makes of the dataset is known without a snapshot.
func (f *flight) commit(ctx context.Context) (err error) {
	g := store.Group{Batches: f.plan.batches}
	if _, shows := f.d.store.(store.Outside); shows {
		g.Later = f.plan.later
	}
	forMany(len(f.plan.states), func() { f.receipts, err = f.d.store.Commit(ctx, g) })
	return err
}

// commitShown writes the group and shows it. Nothing else is on its way.
func (f *flight) commitShown(ctx context.Context) (err error) {
	forMany(len(f.plan.states), func() { f.receipts, err = f.d.try(ctx, f.plan) })
	if err == nil {
		f.shown = true
		f.note(f.d.current.Load().published.Revision())
		f.finish(nil)
	}
	return err
}

// revealAll shows what was committed.
func (d *Dataset) revealAll(flights []*flight) {
	var changes []snapshot.Change
	for _, f := range flights {
		changes = append(changes, f.changes...)
	}
	forMany(len(changes), func() { d.showNext(flights, changes) })
	if outside, ok := d.store.(store.Outside); ok {
		for _, f := range flights {
			if len(f.plan.later) > 0 {
				outside.Show(f.plan.later)
			}
		}
	}
}

// showNext makes the view that the changes lead to, and shows it.
func (d *Dataset) showNext(flights []*flight, changes []snapshot.Change) {
	v := &view{published: d.current.Load().published}
	if len(changes) > 0 {
		d.change.Lock()
		next, err := d.folded(v.published).With(changes...)
		d.change.Unlock()
		if err != nil { // what was made ready is taken as it is, so that nothing can fail
			d.recover(context.Background(), err)
			return
		}
		v.published = next
	}
	plans := make([]*plan, len(flights))
	for i, f := range flights {
		plans[i] = f.plan
		f.plan.number(f.receipts)
	}
	d.publish(v, plans...)
}

// finish tells those who wait what became of their batches; there is none left.
func (f *flight) finish(err error) {
	for i, w := range f.group {
		if err != nil {
			w.finish(data.Receipt{}, err)
		} else {
			w.finish(f.receipts[i], nil)
		}
	}
	f.group = nil
}
