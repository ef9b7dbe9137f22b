// Package dataset is the one owner of the data while the program runs: the
// store, the current snapshot, and the only place where a change is checked,
// committed and then shown. Readers take a snapshot; writers Apply.
package dataset

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// Dataset holds what stands, and the snapshots that are made of it. It is safe
// for concurrent use.
type Dataset struct {
	store store.Store // nil for records that take no changes
	log   *slog.Logger
	now   func() time.Time

	current atomic.Pointer[view]
	// told is the sequence of the last change of which its writer has been told. What
	// is current can be behind it, for as long as it takes to show a change.
	told atomic.Uint64
	line *line

	keysMu sync.Mutex                  // guards keys
	keys   map[[2]string]chan struct{} // of batches with an author and a key, until they are done

	mu      sync.RWMutex        // guards what follows
	table   *table              // which version of each record was published last
	gone    map[ref]data.Record // what those last said that do not stand any more
	drafts  map[ref]*standing
	refs    map[data.Reference]int // how often published records refer to each
	status  error
	refused refusals      // edits of other programs
	changed chan struct{} // closed and made anew when the sequence rises

	image   *imaging
	past    pastCache
	change  sync.Mutex // held while a snapshot is made of another
	folding folding
	days    days
}

// view is what readers see at one revision.
type view struct {
	revision  data.Revision
	published *snapshot.Snapshot
	drafted   func() *snapshot.Snapshot // with the drafts laid over; made when first asked for
}

// New returns a dataset of the records, which must have passed Validate, and of
// layers beside them. Neither may change afterwards. It takes no changes.
func New(r *data.Records, layers ...data.Layer) (*Dataset, error) {
	d := &Dataset{changed: make(chan struct{}), now: time.Now, status: data.ErrReadOnly}
	d.line = newLine(d)
	if err := d.Replace(r, layers...); err != nil {
		return nil, err
	}
	return d, nil
}

// Open loads the dataset from a store and checks it. The error is the store's,
// or a *geo.InputError where what it holds breaks the rules. The store stays the
// caller's to close; layers may not change afterwards.
func Open(ctx context.Context, st store.Store, layers []data.Layer, log *slog.Logger) (*Dataset, error) {
	return Opening{Layers: layers, Log: log}.Open(ctx, st)
}

// nobody is told how loading gets on.
func nobody(uint64, uint64) {}

// Opening is how a dataset is opened, where more is to be said than for Open.
type Opening struct {
	Layers []data.Layer
	Log    *slog.Logger
	// Tell is told every few thousand records how many have been read and how many
	// there are to read at the most; nil for nobody.
	Tell func(read, atMost uint64)
	// ImageFrom is from how many versions on an image is kept beside the store, and
	// used; 0 for none.
	ImageFrom uint64
	// Program tells this build of the program from all others, whose images it does
	// not take; without it there is none.
	Program string
}

// Open is Open with all that can be said.
func (o Opening) Open(ctx context.Context, st store.Store) (*Dataset, error) {
	d := &Dataset{store: st, log: o.Log, changed: make(chan struct{}), now: time.Now, keys: map[[2]string]chan struct{}{}, image: newImaging(st, &o)}
	d.line = newLine(d)
	if o.Tell == nil {
		o.Tell = nobody
	}
	if !d.loadImage(ctx, o.Layers) {
		if err := d.load(ctx, o.Layers, o.Tell); err != nil {
			return nil, err
		}
	}
	if outside, ok := st.(store.Outside); ok {
		outside.Look(func(f store.FeatureID) *geo.Feature { return featureOf(d.Shown(), feature{f.Collection, f.ID}) })
	}
	if err := d.fill(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// Snapshot returns what everyone sees. A change of which its writer has been told is
// in it: where one is still to be shown, which takes less than it took to write it,
// Snapshot waits for that; else it is an atomic load. A request takes it once and keeps
// it. Nothing in it tells of drafts.
func (d *Dataset) Snapshot() *snapshot.Snapshot { return d.settled().published }

// Shown is Snapshot without the waiting, for what rests on no change in particular.
func (d *Dataset) Shown() *snapshot.Snapshot { return d.current.Load().published }

// WithDrafts returns what is published with the drafts laid over it, for those
// who may see them. Drafts that do not fit what is published by now are left
// out; Drafts has them all.
func (d *Dataset) WithDrafts() *snapshot.Snapshot { return d.settled().drafted() }

// Revision returns the revision that Snapshot shows. Its Sequence tells of
// drafts, so it is not for everyone.
func (d *Dataset) Revision() data.Revision { return d.settled().revision }

// Replace prepares a snapshot of other records and layers and then swaps it in.
// When it fails, readers keep the one they have. It is for a dataset without a
// store; one with a store takes other layers by ReplaceLayers.
func (d *Dataset) Replace(r *data.Records, layers ...data.Layer) error {
	if d.store != nil {
		return errors.New("replace dataset: its records are a store's")
	}
	release, _ := d.line.alone(context.Background())
	defer release()
	next, err := snapshot.New(r, layers...)
	if err != nil {
		return fmt.Errorf("replace dataset: %w", err)
	}
	at := data.Revision{Number: 1, Sequence: uint64(r.Size())}
	if now := d.current.Load(); now != nil {
		at.Number = now.revision.Number + 1
	}
	t := newTable()
	for record := range r.Each() {
		t.put(&data.Version{Kind: record.Kind, ID: record.ID(), Number: 1, Operation: data.Put, Revision: at, Origin: "records"})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.table = t
	d.show(&view{revision: at, published: next, drafted: func() *snapshot.Snapshot { return next }})
	return nil
}

// ReplaceLayers swaps in other layers beside the same records.
func (d *Dataset) ReplaceLayers(layers ...data.Layer) error {
	release, _ := d.line.alone(context.Background())
	defer release()
	next := *d.current.Load()
	var err error
	if next.published, err = next.published.WithLayers(layers...); err != nil {
		return fmt.Errorf("replace layers: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lay(&next)
	d.show(&next)
	return nil
}

// show swaps in a view and tells who waits for it. d.mu is held.
func (d *Dataset) show(v *view) {
	d.current.Store(v)
	close(d.changed)
	d.changed = make(chan struct{})
}

// with returns the snapshot with changes; one is made at a time.
func (d *Dataset) with(s *snapshot.Snapshot, changes []snapshot.Change) (*snapshot.Snapshot, error) {
	d.change.Lock()
	defer d.change.Unlock()
	return s.With(changes...)
}

// Status returns nil when the dataset takes changes, and else why it does not:
// a data.ErrReadOnly or a data.ErrUnavailable.
func (d *Dataset) Status() error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.status
}

// Freeze makes the dataset take no changes from now on.
func (d *Dataset) Freeze() { d.setStatus(data.ErrReadOnly) }

func (d *Dataset) setStatus(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.status = err
}

// Wait returns when a change behind the sequence number is there, or with ctx's
// error.
func (d *Dataset) Wait(ctx context.Context, after uint64) error {
	for {
		d.mu.RLock()
		there, changed := d.current.Load().revision.Sequence > after, d.changed
		d.mu.RUnlock()
		if there {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
