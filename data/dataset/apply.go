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
	w := &waiter{batch: b, done: make(chan struct{})}
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
		} else if err := p.add(&w.batch); err != nil {
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

// commit makes the snapshot of the plan, commits its batches, and shows it.
func (d *Dataset) commit(ctx context.Context, p *plan) ([]data.Receipt, error) {
	now := d.current.Load()
	next := &view{revision: now.revision, layers: now.layers, published: now.published}
	if p.public {
		var err error
		if next.published, err = d.with(now.published, p.published()); err != nil {
			return nil, fmt.Errorf("prepare the next revision: %w", err)
		}
	}
	shown := p.inRows(p.shown(now, next), next.published)
	receipts, err := d.store.Commit(ctx, store.Group{Batches: p.batches, Shown: shown, Settles: p.settles})
	if err != nil {
		if errors.Is(err, store.ErrUnknown) {
			d.recover(ctx, err)
		}
		return nil, err
	}
	next.revision = receipts[len(receipts)-1].Revision
	p.number(receipts)
	d.mu.Lock()
	defer d.mu.Unlock()
	p.keep()
	d.lay(next)
	d.show(next)
	return receipts, nil
}

// recover stops the writing after a commit of which it is not known whether it
// was kept, and shows what the store has now.
func (d *Dataset) recover(ctx context.Context, cause error) {
	d.setStatus(fmt.Errorf("writing stopped, start the service again: %w", cause))
	d.log.Error("a commit failed; the store is read again and takes no changes until the service is started again", "error", cause.Error())
	if err := d.load(ctx, d.current.Load().layers, nobody); err != nil {
		d.log.Error("the store cannot be read again; what was served before stays", "error", err.Error())
	}
}
