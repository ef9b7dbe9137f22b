package dataset

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"demarc/data"
	"demarc/data/snapshot"
)

// keptDays is for how many days of knowledge the snapshots are kept. Readers
// step through a few days of one conflict; each snapshot has only what looked
// otherwise on its day.
const keptDays = 8

// days holds the snapshots of days of knowledge that were asked for last.
type days struct {
	mutex sync.Mutex
	kept  []*known   // the latest first
	turn  sync.Mutex // one is made at a time, so that memory stays in bounds
}

// known is the snapshot of one day, or of one in the making.
type known struct {
	of       *snapshot.Snapshot
	day      time.Time
	ready    chan struct{} // closed when it is made
	snapshot *snapshot.Snapshot
	err      error
}

// AsOf returns what was known of the current dataset on the last day of d
// (data.Records.AsOf), and the current snapshot where nothing is dated later or
// d is no date. The first question for a day costs a look at each incident (some
// 3 µs, on all processors), those after it nothing, while the day is among the last few asked for
// and the dataset stays the same. The error is that of ctx, when it ends before,
// or data.ErrUnavailable where more days are asked for at once than can be made.
func (d *Dataset) AsOf(ctx context.Context, asOf data.Date) (*snapshot.Snapshot, error) {
	return d.AsOfIn(ctx, d.Snapshot(), asOf)
}

// AsOfIn is AsOf for another snapshot than the current one: what had been said by
// a day, of what was recorded by another.
func (d *Dataset) AsOfIn(ctx context.Context, of *snapshot.Snapshot, asOf data.Date) (*snapshot.Snapshot, error) {
	if asOf.IsZero() {
		return of, nil
	}
	now := d.current.Load()
	k, first := d.days.find(of, now.published, asOf.Last())
	if first {
		go d.days.make(k, asOf)
	}
	select {
	case <-k.ready:
		return k.snapshot, k.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// make builds the snapshot. It is carried on when the one who asked is gone, so
// that others who wait for the same day get it, but not begun when so many other
// days were asked for meanwhile that it would not be kept.
func (ds *days) make(k *known, asOf data.Date) {
	defer close(k.ready)
	ds.turn.Lock()
	defer ds.turn.Unlock()
	if !ds.keeps(k) {
		k.err = fmt.Errorf("as of %v: %w", asOf, data.ErrUnavailable)
		return
	}
	k.snapshot, k.err = k.of.AsOf(asOf)
}

func (ds *days) keeps(k *known) bool {
	ds.mutex.Lock()
	defer ds.mutex.Unlock()
	return slices.Contains(ds.kept, k)
}

// find returns the day's snapshot, and whether it is asked for the first time.
// What was kept of a state of the dataset that is neither this one nor the one now
// is dropped.
func (ds *days) find(of, now *snapshot.Snapshot, day time.Time) (k *known, first bool) {
	ds.mutex.Lock()
	defer ds.mutex.Unlock()
	kept := make([]*known, 1, keptDays)
	for _, o := range ds.kept {
		switch {
		case o.of != of && o.of != now:
		case o.of == of && o.day.Equal(day):
			k = o
		case len(kept) < keptDays:
			kept = append(kept, o)
		}
	}
	if first = k == nil; first {
		k = &known{of: of, day: day, ready: make(chan struct{})}
	}
	kept[0], ds.kept = k, kept
	return k, first
}
