package dataset

import (
	"context"
	"errors"

	"demarc/data"
	"demarc/geo"
)

// waiter is a batch that waits for its turn.
type waiter struct {
	batch   data.Batch
	decoded []decoded
	receipt data.Receipt
	err     error
	done    chan struct{}
}

func (w *waiter) finish(receipt data.Receipt, err error) {
	w.receipt, w.err = receipt, err
	close(w.done)
}

// Apply carries out a batch, all of it or nothing, and returns its receipt when
// it is durable: every Snapshot from then on shows it. Batches that wait for one
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
	if b.Key != "" {
		free, err := d.reserve(ctx, [2]string{b.Author, b.Key})
		if err != nil {
			return data.Receipt{}, err
		}
		defer free()
		if err := d.Status(); err != nil {
			return data.Receipt{}, err
		}
		if receipt, err := d.before(ctx, &b); !errors.Is(err, data.ErrNotFound) {
			return receipt, err
		}
	}
	d.readyAll(&w.batch, w.decoded)
	d.line.enter(w)
	select {
	case <-w.done:
	case <-ctx.Done():
		if d.line.leave(w) {
			return data.Receipt{}, ctx.Err()
		}
		<-w.done // it was taken: what becomes of it must be known
	}
	return w.receipt, w.err
}

// reserve keeps a key from others until free is called: a batch with the same waits
// until it is known what becomes of the first.
func (d *Dataset) reserve(ctx context.Context, key [2]string) (free func(), err error) {
	for {
		d.keysMu.Lock()
		busy := d.keys[key]
		if busy == nil {
			busy = make(chan struct{})
			d.keys[key] = busy
			d.keysMu.Unlock()
			return func() {
				d.keysMu.Lock()
				defer d.keysMu.Unlock()
				delete(d.keys, key)
				close(busy)
			}, nil
		}
		d.keysMu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
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
