package server

import (
	"context"
	"sync"
	"time"
)

// deadline is the context of a request that ends at a time. It is that of
// context.WithDeadline without the timer, which is made only for those who wait for
// Done: a search asks Err now and then.
type deadline struct {
	parent context.Context
	at     time.Time

	mu     sync.Mutex
	made   context.Context // nil until someone waits
	cancel context.CancelFunc
	ended  bool
}

// begin is called before all else.
func (d *deadline) begin(parent context.Context, at time.Time) { d.parent, d.at = parent, at }

// end says that the request is answered.
func (d *deadline) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	if d.cancel != nil {
		d.cancel()
	}
}

// Deadline returns when the request ends.
func (d *deadline) Deadline() (time.Time, bool) { return d.at, true }

// Value returns the parent's.
func (d *deadline) Value(key any) any { return d.parent.Value(key) }

// Done is closed at the deadline, when the parent ends and when the request does.
func (d *deadline) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made == nil {
		d.made, d.cancel = context.WithDeadline(d.parent, d.at)
		if d.ended {
			d.cancel()
		}
	}
	return d.made.Done()
}

// Err says why Done is, or would be, closed; nil while it is not.
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.made != nil:
		return d.made.Err()
	case d.parent.Err() != nil:
		return d.parent.Err()
	case d.ended:
		return context.Canceled
	case !time.Now().Before(d.at):
		return context.DeadlineExceeded
	}
	return nil
}
