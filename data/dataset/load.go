package dataset

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
)

// ref names a record.
type ref struct {
	kind data.Kind
	id   string
}

// standing is a version that stands, with what it says. The version has no
// body: the record is it.
type standing struct {
	version data.Version
	record  data.Record // Value is nil where the content has been redacted
}

// state is a record as it stands: published, as a draft, or both.
type state struct{ published, draft *standing }

// load reads everything from the store and shows it.
func (d *Dataset) load(ctx context.Context, layers []data.Layer) error {
	l := loader{states: map[ref]state{}, work: make(chan []data.Version, runtime.GOMAXPROCS(0))}
	at, err := l.run(ctx, d)
	if err != nil {
		return fmt.Errorf("load dataset: %w", err)
	}
	records, drafts := &data.Records{Geometry: data.Shapes{}}, map[ref]*standing{}
	for r, s := range l.states {
		if s.published != nil && s.published.version.Stands() {
			records.Add(s.published.record)
		}
		if s.draft != nil {
			drafts[r] = s.draft
		}
	}
	refs, found := validate(l.states)
	if err := storedFaults(found); err != nil {
		return fmt.Errorf("load dataset: what the store holds breaks the rules: %w", err)
	}
	next := &view{revision: at, layers: layers}
	if next.published, err = snapshot.New(records, layers...); err != nil {
		return fmt.Errorf("load dataset: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.states, d.drafts, d.refs = l.states, drafts, refs
	d.lay(next)
	d.show(next)
	return nil
}

func storedFaults(found []data.Finding) error {
	var faults geo.Faults
	for _, f := range found {
		faults.Add(f.Record+f.Where, f.Found, f.Problem, f.Mend)
	}
	return faults.Err()
}

// loader decodes what a store yields, in as many goroutines as there are
// processors: decoding takes far longer than reading.
type loader struct {
	work   chan []data.Version
	mu     sync.Mutex
	states map[ref]state
	failed error
}

// chunk is how many versions are decoded at a time.
const chunk = 256

func (l *loader) run(ctx context.Context, d *Dataset) (data.Revision, error) {
	var workers sync.WaitGroup
	for range cap(l.work) {
		workers.Go(l.decode)
	}
	var next []data.Version
	at, err := d.store.Load(ctx, func(v data.Version) error {
		if next = append(next, v); len(next) == chunk {
			l.work <- next
			next = make([]data.Version, 0, chunk)
		}
		return nil
	})
	l.work <- next
	close(l.work)
	workers.Wait()
	return at, errors.Join(err, l.failed)
}

func (l *loader) decode() {
	for versions := range l.work {
		decoded := make([]*standing, len(versions))
		var failed error
		for i, v := range versions {
			s, err := stand(v)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			decoded[i] = s
		}
		l.keep(decoded, failed)
	}
}

// stand decodes a version's body into a record.
func stand(v data.Version) (*standing, error) {
	s := &standing{version: v}
	if v.Body != nil {
		var err error
		if s.record, err = data.DecodeRecord(v.Kind, v.Body); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", v.Kind, v.ID, err)
		}
	}
	s.version.Body = nil
	return s, nil
}

func (l *loader) keep(decoded []*standing, failed error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = errors.Join(l.failed, failed)
	for _, s := range decoded {
		if s == nil {
			continue
		}
		r := ref{s.version.Kind, s.version.ID}
		st := l.states[r]
		if s.version.Draft() {
			st.draft = s
		} else {
			st.published = s
		}
		l.states[r] = st
	}
}
