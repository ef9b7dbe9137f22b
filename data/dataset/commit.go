package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store"
)

// commit makes the snapshot of the plan, commits its batches, and shows it. Nothing is on
// its way, and nobody else comes.
func (d *Dataset) commit(ctx context.Context, p *plan) ([]data.Receipt, error) {
	receipts, err := d.try(ctx, p)
	if errors.Is(err, store.ErrUnknown) {
		d.recover(ctx, err)
	}
	return receipts, err
}

// try is commit, but that nothing is done about an error of which it is not known what
// the store has now.
func (d *Dataset) try(ctx context.Context, p *plan) ([]data.Receipt, error) {
	next, err := d.prepare(d.current.Load(), p)
	if err != nil {
		return nil, err
	}
	defer next.end()
	receipts, err := d.write(ctx, p, next)
	<-next.made
	if err != nil {
		return nil, err
	}
	p.number(receipts)
	d.publish(next.view, p)
	if outside, ok := d.store.(store.Outside); ok && len(next.later) > 0 {
		outside.Show(next.later)
	}
	return receipts, nil
}

// write commits the batches of a plan. The view that they lead to is made while the
// store writes: what can fail of it is done before.
func (d *Dataset) write(ctx context.Context, p *plan, next *upcoming) ([]data.Receipt, error) {
	g := store.Group{Batches: p.batches, Settles: p.settles}
	_, shows := d.store.(store.Outside)
	if shows && p.showsAtOnce(len(next.features)) {
		<-next.made
		g.Shown = p.inRows(shown(next.features, next.before, next.view.published), next.view.published)
	} else if shows {
		g.Later = next.features
	}
	if p.redacts() {
		release, err := d.image.forget()
		if err != nil {
			return nil, err
		}
		next.release = release
	}
	next.before = nil // which is as large as the data set
	receipts, err := d.store.Commit(ctx, g)
	next.later = g.Later
	return receipts, err
}

// publish makes plans what stands, and shows the view that they lead to.
func (d *Dataset) publish(v *view, plans ...*plan) {
	v.revision = plans[len(plans)-1].revision
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range plans {
		p.keep()
	}
	d.lay(v)
	d.show(v)
	d.foldAside(v.published)
}

// upcoming is a view that is being made.
type upcoming struct {
	before   *snapshot.Snapshot
	view     *view
	features []store.FeatureID // that may look otherwise in it
	later    []store.FeatureID // those that the store shows later
	release  func()            // lets an image be written again; nil where that was not forbidden
	made     chan struct{}     // closed when what it publishes is there
}

// end lets others go on, once it is shown or failed.
func (u *upcoming) end() {
	if u.release != nil {
		u.release()
	}
}

// prepare begins to make the view that a plan leads to from the one before it, and
// notes with its changes where they are seen.
func (d *Dataset) prepare(now *view, p *plan) (*upcoming, error) {
	next := &upcoming{before: now.published, view: &view{published: now.published}, made: make(chan struct{})}
	if !p.public {
		close(next.made)
		return next, nil
	}
	d.change.Lock()
	base := d.folded(now.published)
	e, err := base.Edit(p.published()...)
	if err != nil {
		d.change.Unlock()
		return nil, fmt.Errorf("prepare the next revision: %w", err)
	}
	for collection, id := range e.Features {
		next.features = append(next.features, store.FeatureID{Collection: collection, ID: id})
	}
	p.reach(base, e)
	go forMany(len(p.states), func() {
		defer close(next.made)
		defer d.change.Unlock()
		next.view.published = e.Snapshot()
	})
	return next, nil
}

// manyFeatures is from how many on the store shows them with the commit: one does
// not want to see a part of them.
const manyFeatures = 256

// showsAtOnce tells whether the store has to show the plan as it commits it: where
// it knows features by rows, where content must be gone, and where it is very much.
func (p *plan) showsAtOnce(features int) bool {
	return len(p.settles) > 0 || features > manyFeatures || p.redacts()
}

// redacts tells whether the plan removes content for good.
func (p *plan) redacts() bool {
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
		d.forsake()
	}
}
