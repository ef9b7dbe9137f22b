package dataset

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"demarc/data"
	"demarc/data/snapshot"
)

// Drafts returns the drafts of a kind in the order of their ids.
func (d *Dataset) Drafts(kind data.Kind) ([]data.Version, error) {
	d.settled()
	d.mu.RLock()
	var found []*standing
	for r, s := range d.drafts {
		if r.kind == kind {
			found = append(found, s)
		}
	}
	d.mu.RUnlock()
	slices.SortFunc(found, func(a, b *standing) int { return cmp.Compare(a.version.ID, b.version.ID) })
	out := make([]data.Version, len(found))
	for i, s := range found {
		var err error
		if out[i], err = s.whole(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Draft returns the draft of a record, or data.ErrNotFound.
func (d *Dataset) Draft(kind data.Kind, id string) (data.Version, error) {
	d.await(ref{kind, id})
	d.mu.RLock()
	s := d.drafts[ref{kind, id}]
	d.mu.RUnlock()
	if s == nil {
		return data.Version{}, data.ErrNotFound
	}
	return s.whole()
}

// Record returns the version of a record that stands: published, retracted, or
// redacted, which Operation tells. It is data.ErrNotFound where none was ever
// published. Where the change was seen (Reach), History tells.
func (d *Dataset) Record(kind data.Kind, id string) (data.Version, error) {
	d.await(ref{kind, id})
	d.mu.RLock()
	s := d.published(ref{kind, id})
	d.mu.RUnlock()
	if s == nil {
		return data.Version{}, data.ErrNotFound
	}
	return s.whole()
}

// Version is Record without the body, which costs as much as the record is large.
func (d *Dataset) Version(kind data.Kind, id string) (data.Version, error) {
	d.await(ref{kind, id})
	d.mu.RLock()
	defer d.mu.RUnlock()
	if v, ok := d.table.get(ref{kind, id}); ok {
		return v, nil
	}
	return data.Version{}, data.ErrNotFound
}

// published returns the version of a record that was published last, with what it
// says, or nil. It is made anew each time. d.mu is held.
func (d *Dataset) published(r ref) *standing {
	v, ok := d.table.get(r)
	if !ok {
		return nil
	}
	s := &standing{version: v}
	if v.Stands() {
		s.record = d.current.Load().published.Record(r.kind, r.id)
	} else {
		s.record = d.gone[r]
	}
	return s
}

// whole returns the version with its body.
func (s *standing) whole() (v data.Version, err error) {
	v = s.version
	if s.record.Value != nil {
		v.Body, err = s.record.Encode()
	}
	return v, err
}

// lay readies the view's snapshot with drafts. d.mu is held.
func (d *Dataset) lay(v *view) {
	if len(d.drafts) == 0 {
		published := v.published
		v.drafted = func() *snapshot.Snapshot { return published }
		return
	}
	drafts := maps.Clone(d.drafts)
	published := v.published
	v.drafted = sync.OnceValue(func() *snapshot.Snapshot {
		var changes []snapshot.Change
		for r, s := range fitting(published, drafts) {
			changes = append(changes, snapshot.Change{Kind: r.kind, ID: r.id, To: s.record})
		}
		s, err := d.with(published, changes)
		if err != nil { // not a matter of the records, which are valid: what is published can be shown
			return published
		}
		return s
	})
}

// fitting returns the drafts that fit what is published, which can have moved on
// under them. It changes drafts.
func fitting(published *snapshot.Snapshot, drafts map[ref]*standing) map[ref]*standing {
	find := func(kind data.Kind, id string) (data.Record, bool) {
		if s := drafts[ref{kind, id}]; s != nil {
			return s.record, true
		}
		r := published.Record(kind, id)
		return r, r.Value != nil
	}
	for {
		var some []data.Record
		for _, s := range drafts {
			some = append(some, s.record)
		}
		found := data.ValidateSome(some, find)
		if len(found) == 0 {
			return drafts
		}
		for _, f := range found {
			kind, id, _ := strings.Cut(f.Record, "/")
			delete(drafts, ref{data.Kind(kind), id})
		}
	}
}
