package storetest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"demarc/data"
	"demarc/data/store"
)

// Memory is a store that forgets everything when the program ends: the contract
// in its plainest form, to hold the suite to, and for tests of what stands above
// a store.
type Memory struct {
	mu       sync.Mutex
	log      []data.Version
	last     data.Revision
	receipts map[[2]string]data.Receipt
	// Fail, where set, is asked before a commit is kept; its error is the commit's.
	Fail func() error
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{receipts: map[[2]string]data.Receipt{}} }

// standing returns the versions of a record that stand, and the number of its
// last draft.
func (m *Memory) standing(kind data.Kind, id string) (published, draft *data.Version, drafts int) {
	for i := range m.log {
		v := &m.log[i]
		if v.Kind != kind || v.ID != id {
			continue
		}
		if v.Draft() {
			drafts = v.Number
		}
		switch v.Operation {
		case data.Put, data.Retract:
			published = v
		case data.Publish, data.Redact:
			published, draft = v, nil
		case data.Sketch:
			draft = v
		case data.Discard:
			draft = nil
		}
	}
	return published, draft, drafts
}

// Load is store.Store's.
func (m *Memory) Load(_ context.Context, yield func(data.Version) error) (data.Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen := map[string]data.Version{}
	for _, v := range m.log {
		seen[string(v.Kind)+"/"+v.ID] = v
	}
	names := slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		return cmpOr(seen[a].Kind.Compare(seen[b].Kind), strings.Compare(seen[a].ID, seen[b].ID))
	})
	for _, name := range names {
		published, draft, _ := m.standing(seen[name].Kind, seen[name].ID)
		for _, v := range []*data.Version{published, draft} {
			if v == nil {
				continue
			}
			if err := yield(*v); err != nil {
				return m.last, err
			}
		}
	}
	return m.last, nil
}

func cmpOr(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// Commit is store.Store's.
func (m *Memory) Commit(_ context.Context, g store.Group) ([]data.Receipt, error) {
	batches := g.Batches
	m.mu.Lock()
	defer m.mu.Unlock()
	log, last := slices.Clone(m.log), m.last
	receipts := map[[2]string]data.Receipt{}
	out := make([]data.Receipt, len(batches))
	err := m.commit(batches, receipts, out)
	if err == nil && m.Fail != nil {
		err = m.Fail()
	}
	if err != nil {
		m.log, m.last = log, last
		return nil, err
	}
	maps.Copy(m.receipts, receipts)
	return out, nil
}

func (m *Memory) commit(batches []data.Batch, receipts map[[2]string]data.Receipt, out []data.Receipt) error {
	for i, b := range batches {
		key := [2]string{b.Author, b.Key}
		before, ok := m.receipts[key]
		if !ok {
			before, ok = receipts[key] // of this very group
		}
		if ok && b.Key != "" {
			out[i] = before
			continue
		}
		m.last.At = later(m.last.At, b.At)
		if slices.ContainsFunc(b.Changes, func(c data.Change) bool { return c.Operation.Public() }) {
			m.last.Number++
		}
		out[i] = data.Receipt{Digest: b.Digest}
		for j := range b.Changes {
			done, err := m.change(&b, &b.Changes[j])
			if err != nil {
				return err
			}
			out[i].Changes = append(out[i].Changes, done)
		}
		out[i].Revision = m.last
		if b.Key != "" {
			receipts[key] = out[i]
		}
	}
	return nil
}

func (m *Memory) change(b *data.Batch, c *data.Change) (data.Done, error) {
	published, draft, drafts := m.standing(c.Kind, c.ID)
	v, err := c.Next(published, draft, drafts)
	if err != nil {
		return data.Done{}, err
	}
	m.last.Sequence++
	v.Revision, v.Author, v.Comment, v.Origin = m.last, b.Author, b.Comment, b.Origin
	v.Body = slices.Clone(v.Body)
	for i := range m.log {
		old := &m.log[i]
		if old.Kind == c.Kind && old.ID == c.ID && (c.Operation == data.Redact || c.Operation == data.Discard && old.Draft()) {
			old.Body = nil
		}
	}
	m.log = append(m.log, v)
	return data.Done{Kind: c.Kind, ID: c.ID, Operation: c.Operation, Number: v.Number, Sequence: m.last.Sequence}, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Committed is store.Store's.
func (m *Memory) Committed(_ context.Context, author, key string) (data.Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.receipts[[2]string{author, key}]; ok {
		return r, nil
	}
	return data.Receipt{}, data.ErrNotFound
}

// At is store.Store's.
func (m *Memory) At(_ context.Context, at time.Time) (data.Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found data.Revision
	for _, v := range m.log {
		if !v.Draft() && !v.Revision.At.After(at) {
			found = v.Revision
		}
	}
	return found, nil
}

// History is store.Store's.
func (m *Memory) History(_ context.Context, kind data.Kind, id string) iter.Seq2[data.Version, error] {
	return m.versions(true, func(v *data.Version) bool { return v.Kind == kind && v.ID == id })
}

// Changes is store.Store's.
func (m *Memory) Changes(_ context.Context, after uint64) iter.Seq2[data.Version, error] {
	return m.versions(false, func(v *data.Version) bool { return v.Revision.Sequence > after })
}

func (m *Memory) versions(newestFirst bool, wanted func(*data.Version) bool) iter.Seq2[data.Version, error] {
	return func(yield func(data.Version, error) bool) {
		m.mu.Lock()
		log := slices.Clone(m.log)
		m.mu.Unlock()
		if newestFirst {
			slices.Reverse(log)
		}
		for i := range log {
			if wanted(&log[i]) && !yield(log[i], nil) {
				return
			}
		}
	}
}

// Verify is store.Store's.
func (m *Memory) Verify(context.Context) error { return nil }

// Close is store.Store's.
func (m *Memory) Close() error { return nil }

var _ store.Store = (*Memory)(nil)
