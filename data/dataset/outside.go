package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/store"
	"demarc/geo"
)

// RefusedEdit is a row of the store's tables of features that another program
// changed in a way that is not taken over. Readers see the feature as it was.
type RefusedEdit struct {
	Collection string
	ID         string // of the feature; empty for a new row without one
	Row        int64  // its key in the table
	// Faults say what is wrong; their place is a JSON Pointer into the feature.
	Faults geo.Faults
}

// String names the row.
func (e *RefusedEdit) String() string {
	if e.ID == "" {
		return fmt.Sprintf("table %s, row %d", e.Collection, e.Row)
	}
	return fmt.Sprintf("table %s, row %d, feature %s", e.Collection, e.Row, e.ID)
}

// refusals are the edits that were refused last, and what they were judged by.
type refusals struct {
	edits    []RefusedEdit
	last     []int64 // numbers of their last changes
	sequence uint64  // of the dataset
}

// Watch takes over what other programs change in the store's tables of features,
// looking as often as every says, until ctx ends.
func (d *Dataset) Watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := d.TakeOver(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("what other programs changed in the store cannot be taken over", "error", err.Error())
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// TakeOver makes revisions of what other programs changed in the store's tables of
// features: as a change over HTTP is, each is held to the rules. What breaks them
// stays in the table and is not served; RefusedEdits tells of it, and it is looked
// at again when the row or a record changes. Until then no other change of that
// feature is taken. A dataset that takes no changes takes none over.
func (d *Dataset) TakeOver(ctx context.Context) error {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return nil
	}
	edits, err := outside.Edits(ctx)
	if err != nil || d.judged(edits) {
		return err
	}
	release, err := d.line.alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	return d.takeOver(context.WithoutCancel(ctx), outside)
}

// judged tells whether the edits are those that were refused, and nothing has
// changed since.
func (d *Dataset) judged(edits []store.Edit) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r := &d.refused
	return slices.Equal(r.last, lastNumbers(edits)) && (len(edits) == 0 || r.sequence == d.current.Load().revision.Sequence)
}

func lastNumbers(edits []store.Edit) []int64 {
	var last []int64
	for _, e := range edits {
		last = append(last, e.Numbers[len(e.Numbers)-1])
	}
	return last
}

// takeOver is TakeOver with the turn held.
func (d *Dataset) takeOver(ctx context.Context, outside store.Outside) error {
	for range 3 { // a row can be changed again meanwhile
		edits, err := outside.Edits(ctx)
		if err != nil {
			return err
		}
		x := d.examine(ctx, edits)
		if d.Status() != nil {
			x.refuseAll("is not taken over: the service takes no changes", "let the service take changes, and start it again")
		} else if err := x.settle(); errors.Is(err, data.ErrConflict) {
			continue
		} else if err != nil {
			return err
		}
		x.report()
		return nil
	}
	return nil // the next look will find it
}

// RefusedEdits returns the edits of other programs that are not taken over, as the
// last look found them.
func (d *Dataset) RefusedEdits() []RefusedEdit {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.refused.edits
}

// VerifyEdits returns a *geo.InputError that names what other programs changed in
// the tables of features and is not taken over: with what is wrong, where that is
// why.
func (d *Dataset) VerifyEdits(ctx context.Context) error {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return nil
	}
	release, err := d.line.alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	edits, err := outside.Edits(ctx)
	if err != nil {
		return err
	}
	x := d.examine(ctx, edits)
	x.refuseAll("was changed by another program, and the change is not taken over yet", "start demarc serve with the store, which takes it over; or demarc verify --put-back")
	var faults geo.Faults
	for _, e := range x.refused() {
		for _, f := range e.Faults {
			f.Where = e.String() + f.Where
			faults = append(faults, f)
		}
	}
	return faults.Err()
}

// PutBack puts the tables of features back to what is published where another
// program has changed them, and returns how many of its edits there were.
func (d *Dataset) PutBack(ctx context.Context) (int, error) {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return 0, nil
	}
	release, err := d.line.alone(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	edits, err := outside.Edits(ctx)
	if err != nil || len(edits) == 0 {
		return 0, err
	}
	g := store.Group{Settles: edits}
	for _, e := range edits {
		if shown, ok := showIn(d.Shown(), feature{e.Collection, e.ID}, e.Row); ok {
			g.Shown = append(g.Shown, shown)
		}
	}
	if _, err := d.store.Commit(ctx, g); err != nil {
		return 0, fmt.Errorf("put the tables of features back: %w", err)
	}
	return len(edits), nil
}

// commitBeside commits, each by itself, batches of which some change a feature
// that another program has changed: what it did is taken over first, and the batches
// that change what is refused of it are not carried out.
func (d *Dataset) commitBeside(ctx context.Context, group []*waiter) {
	if outside, ok := d.store.(store.Outside); ok {
		if err := d.takeOver(ctx, outside); err != nil {
			d.log.Error("what other programs changed in the store cannot be taken over", "error", err.Error())
		}
	}
	for _, w := range group {
		p := newPlan(d)
		if err := p.add(&w.batch); err != nil {
			w.finish(data.Receipt{}, err)
			continue
		}
		if receipts, err := d.commit(ctx, p); err != nil {
			w.finish(data.Receipt{}, err)
		} else {
			w.finish(receipts[0], nil)
		}
	}
}

// LastClaim returns the highest number that a claim of the incident ever had: that
// of a claim that is no more is not given again.
func (d *Dataset) LastClaim(ctx context.Context, incident string) (int, error) {
	last := 0
	for v, err := range d.History(ctx, data.Incidents, incident) {
		if err != nil {
			return 0, err
		}
		if v.Body != nil {
			last = max(last, edit.LastClaim(v.Body))
		}
	}
	return last, nil
}
