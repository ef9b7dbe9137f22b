package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"demarc/data"
	"demarc/data/store"
	"demarc/geo"
)

// maxGroup is how many waiting batches are committed together at the most.
const maxGroup = 256

// waiter is a batch that waits for its turn.
type waiter struct {
	batch   data.Batch
	decoded map[*data.Change]decoded
	receipt data.Receipt
	err     error
	done    chan struct{}
}

func (w *waiter) finish(receipt data.Receipt, err error) {
	w.receipt, w.err = receipt, err
	close(w.done)
}

// Apply carries out a batch, all of it or nothing, and returns its receipt when
// it is durable and every new Snapshot shows it. Batches that wait for one
// another are committed together; one that is refused does not touch the
// others. Nothing is carried out with an error: *geo.InputError where a body
// does not fit or the outcome would break the rules, data.ErrConflict,
// data.ErrNotFound, data.ErrReadOnly, data.ErrFull, data.ErrUnavailable; but
// with store.ErrUnknown, which is a data.ErrUnavailable, it is not known. ctx
// ends the waiting for a turn, not a commit that has begun.
//
// A fault's place is a JSON Pointer into the body; where the batch has more
// changes than one, into the list of their bodies ("/2/claims/0/metric"). It is
// empty for a fault that the batch brings to a record that it does not have.
//
// A batch without a time is recorded now. One whose Author and Key were carried
// out before has that one's receipt; with another Digest it is a *geo.InputError.
func (d *Dataset) Apply(ctx context.Context, b data.Batch) (data.Receipt, error) {
	if d.store == nil {
		return data.Receipt{}, data.ErrReadOnly
	}
	w := &waiter{batch: b, decoded: decodeAll(&b), done: make(chan struct{})}
	d.wait(w)
	for {
		select {
		case <-w.done:
			return w.receipt, w.err
		case <-ctx.Done():
			if d.leave(w) {
				return data.Receipt{}, ctx.Err()
			}
			<-w.done // it was taken: what becomes of it must be known
		case d.turn <- struct{}{}:
			d.commitWaiting(context.WithoutCancel(ctx)) // others' batches are in it
			<-d.turn
		}
	}
}

func (d *Dataset) wait(w *waiter) {
	d.queueMu.Lock()
	defer d.queueMu.Unlock()
	d.queue = append(d.queue, w)
}

// leave takes a batch out of the queue, if it still waits there.
func (d *Dataset) leave(w *waiter) bool {
	d.queueMu.Lock()
	defer d.queueMu.Unlock()
	i := slices.Index(d.queue, w)
	if i < 0 {
		return false
	}
	d.queue = slices.Delete(d.queue, i, i+1)
	return true
}

func (d *Dataset) take() []*waiter {
	d.queueMu.Lock()
	defer d.queueMu.Unlock()
	n := min(len(d.queue), maxGroup)
	group := slices.Clone(d.queue[:n])
	d.queue = slices.Delete(d.queue, 0, n)
	return group
}

// commitWaiting prepares, commits and shows the batches that wait. The turn is
// held.
func (d *Dataset) commitWaiting(ctx context.Context) {
	p := newPlan(d)
	var group []*waiter
	keys := map[[2]string]bool{}
	for _, w := range d.take() {
		if key := [2]string{w.batch.Author, w.batch.Key}; w.batch.Key != "" && keys[key] {
			d.wait(w) // until it is known what becomes of the first of that key
			continue
		} else {
			keys[key] = true
		}
		if w.batch.At.IsZero() {
			w.batch.At = d.now().UTC()
		}
		if err := d.Status(); err != nil {
			w.finish(data.Receipt{}, err)
		} else if receipt, err := d.before(ctx, &w.batch); !errors.Is(err, data.ErrNotFound) {
			w.finish(receipt, err)
		} else if err := p.addDecoded(&w.batch, w.decoded); err != nil {
			w.finish(data.Receipt{}, err)
		} else {
			group = append(group, w)
		}
	}
	if len(group) == 0 {
		return
	}
	receipts, err := d.commit(ctx, p)
	if errors.Is(err, store.ErrEdited) {
		d.commitBeside(ctx, group)
		return
	}
	for i, w := range group {
		if err != nil {
			w.finish(data.Receipt{}, err)
		} else {
			w.finish(receipts[i], nil)
		}
	}
}

// before returns the receipt of a batch that was carried out before, or
// data.ErrNotFound.
func (d *Dataset) before(ctx context.Context, b *data.Batch) (data.Receipt, error) {
	if b.Key == "" {
		return data.Receipt{}, data.ErrNotFound
	}
	receipt, err := d.Committed(ctx, b.Author, b.Key)
	if err == nil && receipt.Digest != b.Digest {
		var faults geo.Faults
		faults.Add("Idempotency-Key", b.Key, "was sent before with another request", "use a new key for a new request")
		return data.Receipt{}, faults.Err()
	}
	return receipt, err
}

// Committed returns the receipt of the batch that had the author and the key,
// or data.ErrNotFound.
func (d *Dataset) Committed(ctx context.Context, author, key string) (data.Receipt, error) {
	if d.store == nil {
		return data.Receipt{}, data.ErrNotFound
	}
	return d.store.Committed(ctx, author, key)
}

// commit makes the snapshot of the plan, commits its batches, and shows it. The
// snapshot is made while the store writes: what can fail of it is done before.
func (d *Dataset) commit(ctx context.Context, p *plan) ([]data.Receipt, error) {
	now := d.current.Load()
	next, err := d.prepare(now, p)
	if err != nil {
		return nil, fmt.Errorf("prepare the next revision: %w", err)
	}
	g := store.Group{Batches: p.batches, Settles: p.settles}
	outside, shows := d.store.(store.Outside)
	if shows && p.showsAtOnce(len(next.features)) {
		<-next.made
		g.Shown = p.inRows(next.shown, next.view.published)
	} else if shows {
		g.Later = next.features
	}
	receipts, err := d.store.Commit(ctx, g)
	<-next.made
	if err != nil {
		if errors.Is(err, store.ErrUnknown) {
			d.recover(ctx, err)
		}
		return nil, err
	}
	if len(g.Later) > 0 {
		outside.Show(next.shown)
	}
	next.view.revision = receipts[len(receipts)-1].Revision
	p.number(receipts)
	d.mu.Lock()
	defer d.mu.Unlock()
	p.keep()
	d.lay(next.view)
	d.show(next.view)
	return receipts, nil
}

// upcoming is a view that is being made.
type upcoming struct {
	view     *view
	features []store.FeatureID // that may look otherwise in it
	made     chan struct{}     // closed when the rest is there:
	shown    []store.Shown     // how they do
}

// prepare begins to make the view that a plan leads to, and notes with its changes
// where they are seen.
func (d *Dataset) prepare(now *view, p *plan) (*upcoming, error) {
	next := &upcoming{view: &view{revision: now.revision, published: now.published}, made: make(chan struct{})}
	if !p.public {
		close(next.made)
		return next, nil
	}
	d.change.Lock()
	e, err := now.published.Edit(p.published()...)
	if err != nil {
		d.change.Unlock()
		return nil, err
	}
	for collection, id := range e.Features {
		next.features = append(next.features, store.FeatureID{Collection: collection, ID: id})
	}
	p.reach(now.published, e)
	go func() {
		defer close(next.made)
		defer d.change.Unlock()
		next.view.published = e.Snapshot()
		if _, ok := d.store.(store.Outside); ok {
			next.shown = shown(next.features, now.published, next.view.published)
		}
	}()
	return next, nil
}

// manyFeatures is from how many on the store shows them with the commit: one does
// not want to see a part of them.
const manyFeatures = 256

// showsAtOnce tells whether the store has to show the plan as it commits it: where
// it knows features by rows, where content must be gone, and where it is very much.
func (p *plan) showsAtOnce(features int) bool {
	if len(p.settles) > 0 || features > manyFeatures {
		return true
	}
	for i := range p.batches {
		if slices.ContainsFunc(p.batches[i].Changes, func(c data.Change) bool { return c.Operation == data.Redact }) {
			return true
		}
	}
	return false
}

// recover stops the writing after a commit of which it is not known whether it
// was kept, and shows what the store has now.
func (d *Dataset) recover(ctx context.Context, cause error) {
	d.setStatus(fmt.Errorf("writing stopped, start the service again: %w", cause))
	d.log.Error("a commit failed; the store is read again and takes no changes until the service is started again", "error", cause.Error())
	if err := d.load(ctx, nil, nobody); err != nil {
		d.log.Error("the store cannot be read again; what was served before stays", "error", err.Error())
	}
}
