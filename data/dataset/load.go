package dataset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"demarc/data"
	"demarc/data/packed"
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
	record  data.Record     // Value is nil where the content has been redacted
	ready   *snapshot.Ready // of what a plan publishes: it keeps the rules by itself
}

// state is a record as it stands: published, as a draft, or both.
type state struct{ published, draft *standing }

// load reads everything from the store and shows it. It tells how it gets on. Where
// something is shown already, its layers stay.
func (d *Dataset) load(ctx context.Context, layers []data.Layer, tell func(read, atMost uint64)) error {
	l := newLoader()
	at, err := l.run(ctx, d, tell)
	if err == nil {
		err = storedFaults(l.dangling(nil))
	}
	if err != nil {
		return fmt.Errorf("load dataset: %w", err)
	}
	next := &view{revision: at}
	if next.published, err = snapshot.Build(l.rest, l.incidents, layers...); err != nil {
		return fmt.Errorf("load dataset: %w", err)
	}
	if now := d.current.Load(); now != nil {
		next.published = next.published.WithLayersOf(now.published)
	}
	if err := storedFaults(l.dangling(next.published)); err != nil {
		return fmt.Errorf("load dataset: %w", err)
	}
	d.begin(l, next)
	return nil
}

// begin makes what was loaded what stands.
func (d *Dataset) begin(l *loader, next *view) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.table, d.gone, d.drafts, d.refs = l.table, l.gone, l.drafts, l.refs
	d.lay(next)
	d.show(next)
}

func storedFaults(found []data.Finding) error {
	var faults geo.Faults
	for _, f := range found {
		faults.Add(f.Record+f.Where, f.Found, f.Problem, f.Mend)
	}
	if err := faults.Err(); err != nil {
		return fmt.Errorf("what the store holds breaks the rules: %w", err)
	}
	return nil
}

// loader decodes what a store yields, in as many goroutines as there are
// processors: decoding takes longer than reading. An incident is packed as soon as
// it is read.
type loader struct {
	work      chan []data.Version
	table     *table
	incidents *snapshot.Incidents

	mu     sync.Mutex
	rest   *data.Records // but for the incidents
	gone   map[ref]data.Record
	drafts map[ref]*standing
	refs   map[data.Reference]int
	failed error
}

func newLoader() *loader {
	return &loader{
		work: make(chan []data.Version, runtime.GOMAXPROCS(0)), table: newTable(), incidents: snapshot.NewIncidents(),
		rest: &data.Records{Geometry: data.Shapes{}}, gone: map[ref]data.Record{}, drafts: map[ref]*standing{}, refs: map[data.Reference]int{},
	}
}

// chunk is how many versions are decoded at a time.
const chunk = 256

// toldEvery is after how many records it is told how loading gets on.
const toldEvery = 32 * chunk

func (l *loader) run(ctx context.Context, d *Dataset, tell func(read, atMost uint64)) (data.Revision, error) {
	newest, err := d.store.At(ctx, d.now())
	if err != nil {
		return data.Revision{}, err
	}
	var workers sync.WaitGroup
	for range cap(l.work) {
		workers.Go(l.decode)
	}
	var next []data.Version
	read := uint64(0)
	at, err := d.store.Load(ctx, func(v data.Version) error {
		if read++; read%toldEvery == 0 {
			tell(read, max(read, newest.Sequence))
		}
		if next = append(next, v); len(next) == chunk {
			l.work <- next
			next = make([]data.Version, 0, chunk)
		}
		return nil
	})
	l.work <- next
	close(l.work)
	tell(read, read)
	workers.Wait()
	return at, errors.Join(err, l.failed)
}

// decode decodes versions until there are no more.
func (l *loader) decode() {
	w := &loading{loader: l, gatherer: l.incidents.Gatherer(), refs: map[data.Reference]int{}}
	var failed error
	for versions := range l.work {
		for i := range versions {
			if failed == nil {
				failed = w.add(&versions[i])
			}
		}
	}
	w.gatherer.Flush()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = errors.Join(l.failed, failed)
	for x, n := range w.refs {
		l.refs[x] += n
	}
}

// loading is what one goroutine has decoded.
type loading struct {
	*loader
	gatherer *snapshot.Gatherer
	room     packed.Room
	refs     map[data.Reference]int
}

// add takes a version in.
func (w *loading) add(v *data.Version) error {
	if v.Draft() {
		s, err := stand(*v)
		if err == nil {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.drafts[ref{v.Kind, v.ID}] = s
		}
		return err
	}
	if w.table.put(v) {
		return fmt.Errorf("%s/%s: two versions of it stand", v.Kind, v.ID)
	}
	if v.Kind == data.Incidents && v.Stands() {
		if in := w.room.Incident(); packed.ReadJSON(string(v.Body), in) && in.ID == v.ID {
			w.gather(in)
			return nil
		}
	}
	s, err := stand(*v)
	switch in, ok := s.record.Value.(*data.Incident); {
	case err != nil:
		return err
	case s.record.Value != nil && s.record.ID() != v.ID:
		return fmt.Errorf("%s/%s: what it says is of %q", v.Kind, v.ID, s.record.ID())
	case ok && v.Stands():
		w.gather(in)
	default:
		w.keep(s)
	}
	return nil
}

// gather takes in an incident that stands.
func (w *loading) gather(in *data.Incident) {
	w.gatherer.Add(in)
	w.refer(data.Record{Kind: data.Incidents, Value: in})
}

// refer counts what a record refers to.
func (w *loading) refer(r data.Record) {
	for x := range r.References() {
		n, ok := w.refs[x]
		if !ok {
			x.ID = strings.Clone(x.ID) // it is part of what the record was read from
		}
		w.refs[x] = n + 1
	}
}

// keep takes in a record that is no incident, or does not stand.
func (w *loading) keep(s *standing) {
	if s.record.Value == nil {
		return // redacted
	}
	if s.version.Stands() {
		w.refer(s.record)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.version.Stands() {
		w.rest.Add(s.record)
	} else {
		w.gone[ref{s.version.Kind, s.version.ID}] = s.record
	}
}

// stand decodes a version's body into a record.
func stand(v data.Version) (*standing, error) {
	s := &standing{version: v}
	if v.Body != nil {
		var err error
		if s.record, err = data.DecodeRecord(v.Kind, v.Body); err != nil {
			return s, fmt.Errorf("%s/%s: %w", v.Kind, v.ID, err)
		}
	}
	s.version.Body = nil
	return s, nil
}

// dangling returns what refers to nothing: to no record, and where there is a
// snapshot, to no claim, of which the snapshot knows. The other rules were kept when
// each record was written, and its sum tells that it is still the same; VerifyRules
// holds it to them again.
func (l *loader) dangling(s *snapshot.Snapshot) []data.Finding {
	if !l.missing(s) {
		return nil
	}
	all := map[ref]data.Record{} // to say who refers to what
	for r := range l.rest.Each() {
		all[ref{r.Kind, r.ID()}] = r
	}
	for in := range l.incidents.Each {
		all[ref{data.Incidents, in.ID}] = data.Record{Kind: data.Incidents, Value: in}
	}
	return data.ValidateSome(slices.Collect(maps.Values(all)), func(kind data.Kind, id string) (data.Record, bool) {
		r, ok := all[ref{kind, id}]
		return r, ok
	})
}

// missing tells whether something is referred to that is not there.
func (l *loader) missing(s *snapshot.Snapshot) bool {
	for x := range l.refs {
		switch {
		case x.List != "claims":
			if s == nil && !l.table.stands(ref{data.Kind(x.List), x.ID}) {
				return true
			}
		case s != nil:
			in, ok := s.Record(data.Incidents, data.IncidentOf(x.ID)).Value.(*data.Incident)
			if !ok || !slices.ContainsFunc(in.Claims, func(c data.Claim) bool { return c.ID == x.ID }) {
				return true
			}
		}
	}
	return false
}
