package dataset

import "demarc/data"

// A writer is told of its change as soon as it is durable. It is shown a moment later,
// and whoever asks in between waits for that.

// settled returns a view with all changes in it of which writers have been told by now.
func (d *Dataset) settled() *view {
	told := d.told.Load()
	if now := d.current.Load(); now.revision.Sequence >= told {
		return now
	}
	for {
		d.mu.RLock()
		now, changed := d.current.Load(), d.changed
		d.mu.RUnlock()
		if now.revision.Sequence >= min(told, d.told.Load()) {
			return now
		}
		<-changed
	}
}

// await waits until what is known of a record is what its writer has been told. It does
// not wait for the changes of others.
func (d *Dataset) await(r ref) {
	if d.current.Load().revision.Sequence >= d.told.Load() {
		return
	}
	for _, f := range *d.line.unshown.Load() {
		if _, ok := f.plan.states[r]; ok {
			d.settled()
			return
		}
	}
}

// forsake lets those go on who wait for a change that cannot be shown.
func (d *Dataset) forsake() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.current.Load()
	d.told.Store(now.revision.Sequence)
	d.show(now)
}

// foresee notes with the receipts of a group that is committed, and not shown yet, which
// snapshot it will be: that of the group before it, and its own changes.
func (f *flight) foresee() {
	f.changes = f.plan.published()
	if before := *f.d.line.unshown.Load(); len(before) > 0 {
		f.after = before[len(before)-1].after
	} else {
		f.after = f.d.current.Load().published.Sum()
	}
	for i := range f.changes {
		c, before := &f.changes[i], data.Record{}
		if s := f.plan.before(ref{c.Kind, c.ID}).published; s.asVersion().Stands() {
			before = s.record
		}
		f.after = f.after.With(before, c)
	}
	f.note(f.after.Revision())
}

// note notes with the receipts which snapshot shows them.
func (f *flight) note(snapshot string) {
	for i := range f.receipts {
		f.receipts[i].Snapshot = snapshot
	}
}
