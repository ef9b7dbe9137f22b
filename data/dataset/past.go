package dataset

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"demarc/data"
	"demarc/data/snapshot"
)

// History yields the versions of a record with its drafts, the newest first; of
// records without a store the one that there is.
func (d *Dataset) History(ctx context.Context, kind data.Kind, id string) iter.Seq2[data.Version, error] {
	if d.store != nil {
		return d.store.History(ctx, kind, id)
	}
	return func(yield func(data.Version, error) bool) {
		if v, err := d.Record(kind, id); err == nil {
			yield(v, nil)
		}
	}
}

// Changes yields what was committed after the sequence number, in order, with
// drafts; it ends at the newest. Records without a store have none.
func (d *Dataset) Changes(ctx context.Context, after uint64) iter.Seq2[data.Version, error] {
	if d.store != nil {
		return d.store.Changes(ctx, after)
	}
	return func(func(data.Version, error) bool) {}
}

// pastCache keeps the snapshots of the past that were asked for last.
type pastCache struct {
	mu   sync.Mutex
	kept []pastView // the newest use first
}

type pastView struct {
	number   uint64 // of the revision it shows
	made     uint64 // of the revision it was made at: a redaction since changes it
	snapshot *snapshot.Snapshot
}

// pastKept is how many snapshots of the past are kept. They share what is the
// same.
const pastKept = 4

// Recorded returns what was published by a time, and the revision that it is:
// the zero Revision and an empty snapshot before the first. Content that was
// redacted since is not in it. It costs as much as the changes since then; the
// last few are kept. Records without a store were always as they are.
func (d *Dataset) Recorded(ctx context.Context, at time.Time) (*snapshot.Snapshot, data.Revision, error) {
	now := d.settled()
	if d.store == nil {
		return now.published, now.revision, nil
	}
	revision, err := d.store.At(ctx, at)
	if err != nil {
		return nil, data.Revision{}, fmt.Errorf("find the revision of %s: %w", at.Format(time.RFC3339), err)
	}
	if revision.Number >= now.revision.Number { // it may be committed and not shown yet
		return now.published, revision, nil
	}
	// One builds at a time: a crowd that asks for the same day waits for one.
	d.past.mu.Lock()
	defer d.past.mu.Unlock()
	for i, p := range d.past.kept {
		if p.number == revision.Number && p.made == now.revision.Number {
			d.past.kept = slices.Insert(slices.Delete(d.past.kept, i, i+1), 0, p)
			return p.snapshot, revision, nil
		}
	}
	changes, err := d.back(ctx, now, revision)
	if err != nil {
		return nil, data.Revision{}, err
	}
	s, err := d.with(now.published, changes)
	if err != nil {
		return nil, data.Revision{}, fmt.Errorf("build the snapshot of revision %d: %w", revision.Number, err)
	}
	d.past.kept = slices.Insert(d.past.kept, 0, pastView{revision.Number, now.revision.Number, s})
	d.past.kept = d.past.kept[:min(len(d.past.kept), pastKept)]
	return s, revision, nil
}

// back returns, for each record that was changed since a revision, what it said
// then.
func (d *Dataset) back(ctx context.Context, now *view, at data.Revision) ([]snapshot.Change, error) {
	then := map[ref]data.Record{}
	for v, err := range d.store.Changes(ctx, at.Sequence) {
		if err != nil {
			return nil, fmt.Errorf("read what changed since revision %d: %w", at.Number, err)
		}
		if v.Revision.Sequence > now.revision.Sequence {
			break
		}
		if !v.Draft() {
			then[ref{v.Kind, v.ID}] = data.Record{}
		}
	}
	for r := range then {
		for v, err := range d.store.History(ctx, r.kind, r.id) {
			if err != nil {
				return nil, fmt.Errorf("read the history of %s/%s: %w", r.kind, r.id, err)
			}
			if v.Draft() || v.Revision.Sequence > at.Sequence {
				continue
			}
			if v.Stands() && v.Body != nil {
				s, err := stand(v)
				if err != nil {
					return nil, err
				}
				then[r] = s.record
			}
			break
		}
	}
	var changes []snapshot.Change
	for r, record := range then {
		changes = append(changes, snapshot.Change{Kind: r.kind, ID: r.id, To: record})
	}
	return changes, nil
}
