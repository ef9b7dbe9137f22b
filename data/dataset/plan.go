package dataset

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"

	"demarc/data"
	"demarc/data/packed"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// plan is what a group of batches will make of the dataset. The dataset stays
// as it is until keep.
type plan struct {
	d       *Dataset
	base    *plan         // what it adds to, nil for the dataset as it stands
	behind  *plan         // of a plan without base: the one before it that is not shown yet, if any
	kept    bool          // it has become the dataset; guarded by d.mu
	stood   map[ref]state // of a plan without base: what was read of the dataset
	states  map[ref]state // of the records that are touched
	public  bool          // whether what is published has changed
	rest    bool          // whether more of it than incidents has
	refs    map[data.Reference]int
	bodies  []decoded // of the batch that is added, by change
	batches []data.Batch
	made    [][]*standing // what stands after each change, by batch and change
	// looks says that it has to be seen in a snapshot what the plan makes of features
	// before it is committed. Of other plans later names those that may look otherwise.
	looks    bool
	later    []store.FeatureID
	revision data.Revision // once it is committed
	// settles are edits of other programs that the plan takes over, and rows those in
	// which they know features.
	settles []store.Edit
	rows    map[feature]int64
}

// newPlan returns a plan without changes. The turn is held, so that the dataset
// does not change under it, but for the plan behind which it is put.
func newPlan(d *Dataset) *plan {
	return &plan{d: d, stood: map[ref]state{}, states: map[ref]state{}, refs: map[data.Reference]int{}, rows: map[feature]int64{}}
}

// state returns a record as it stands in the plan.
func (p *plan) state(r ref) state {
	if s, ok := p.states[r]; ok {
		return s
	}
	if p.base != nil {
		return p.base.state(r)
	}
	return p.before(r)
}

// before returns a record as it stands before the plan: the same each time.
func (p *plan) before(r ref) state {
	if s, ok := p.stood[r]; ok {
		return s
	}
	for q := p.behind; q != nil; q = q.behind {
		if s, ok := q.states[r]; ok {
			p.stood[r] = s
			return s
		}
	}
	p.d.mu.RLock()
	defer p.d.mu.RUnlock()
	s := state{published: p.d.published(r), draft: p.d.drafts[r]}
	p.stood[r] = s
	return s
}

// decoded is what the body of a change says, or what is wrong with it. It is found
// out before the turn, by each writer for itself.
type decoded struct {
	record data.Record
	body   json.RawMessage // the record as it is stored
	err    error
	ready  *snapshot.Ready // nil where it has to be checked in the turn
	kept   any             // what the store made ready of the body; nil for nothing
	// touches are the features that an incident which is ready makes others.
	touches []store.FeatureID
}

func decodeAll(b *data.Batch) []decoded {
	out := make([]decoded, len(b.Changes))
	for i := range b.Changes {
		if c := &b.Changes[i]; c.Operation == data.Put || c.Operation == data.Sketch {
			out[i] = decode(c)
		}
	}
	return out
}

func decode(c *data.Change) (x decoded) {
	if x.record, x.err = recordOf(c); x.err != nil {
		return x
	}
	if x.record.ID() != c.ID {
		var faults geo.Faults
		faults.Add("/id", x.record.ID(), "is not the id of the record that is changed", "write "+c.ID)
		x.err = faults.Err()
		return x
	}
	// What is stored is what the types say, so that a record reads the same from memory
	// and from the store.
	if in, ok := x.record.Value.(*data.Incident); ok {
		room := bodyRooms.Get().(*[]byte)
		*room, ok = packed.AppendJSON((*room)[:0], in)
		x.body = bytes.Clone(*room)
		if bodyRooms.Put(room); ok {
			return x
		}
	}
	x.body, x.err = x.record.Encode()
	return x
}

// bodyRooms are where the bodies of incidents are put together.
var bodyRooms = sync.Pool{New: func() any { return new([]byte) }}

// recordOf returns what a change makes the record.
func recordOf(c *data.Change) (data.Record, error) {
	if c.Body == nil && c.Record.Value != nil && c.Record.Kind == c.Kind {
		return c.Record, nil
	}
	if c.Kind == data.Incidents {
		if in := new(data.Incident); packed.ReadJSON(string(c.Body), in) { // as a store has it
			return data.Record{Kind: c.Kind, Value: in}, nil
		}
	}
	return data.DecodeRecord(c.Kind, c.Body)
}

// add puts a batch into the plan, or returns why it cannot be carried out; then
// the plan is as it was.
func (p *plan) add(b *data.Batch) error { return p.addDecoded(b, decodeAll(b)) }

func (p *plan) addDecoded(b *data.Batch, bodies []decoded) error {
	step := &plan{d: p.d, base: p, bodies: bodies, states: map[ref]state{}, public: p.public, rest: p.rest, refs: map[data.Reference]int{}}
	made, err := step.carryOut(b)
	if err != nil {
		return err
	}
	if err := step.check(b); err != nil {
		return err
	}
	later, ok := step.touched(b, made)
	p.looks, p.later = p.looks || !ok, append(p.later, later...)
	p.public, p.rest = step.public, step.rest
	maps.Copy(p.states, step.states)
	for x, n := range step.refs {
		p.refs[x] += n
	}
	p.batches, p.made = append(p.batches, *b), append(p.made, made)
	return nil
}

// unsettled tells whether a batch changes a record of which it is not known yet which
// number its last version gets: that of a plan on its way, or a draft's of this one.
func (p *plan) unsettled(b *data.Batch) bool {
	for i := range b.Changes {
		c := &b.Changes[i]
		at := ref{c.Kind, c.ID}
		for q := p.behind; q != nil; q = q.behind {
			if _, ok := q.states[at]; ok {
				return true
			}
		}
		if s, ok := p.states[at]; ok && (s.draft != nil || p.before(at).draft != nil || !c.Operation.Public()) {
			return true
		}
	}
	return false
}

// carryOut makes the changes of a batch one after the other.
func (p *plan) carryOut(b *data.Batch) ([]*standing, error) {
	made := make([]*standing, len(b.Changes))
	var faults geo.Faults
	for i := range b.Changes {
		c := &b.Changes[i]
		at := ref{c.Kind, c.ID}
		before := p.state(at)
		v, err := c.Next(before.published.asVersion(), before.draft.asVersion(), 0)
		if err != nil {
			return nil, err
		}
		v.Author, v.Comment, v.Origin = b.Author, b.Comment, b.Origin
		next := &standing{version: v}
		next.version.Body = nil
		if next.record, err = p.content(c, &p.bodies[i], before); err != nil {
			if faults = append(faults, placed(err, b, i)...); len(faults) == 0 {
				return nil, err
			}
			continue
		}
		if x := &p.bodies[i]; x.body != nil {
			c.Body, c.Ready = x.body, x.kept
		}
		if x := &p.bodies[i]; x.ready != nil && p.fits(x.ready) {
			next.ready = x.ready
		}
		made[i] = next
		p.states[at] = before.after(next)
		if c.Operation.Public() {
			p.refer(before.published, next)
			p.public = true
			p.rest = p.rest || c.Kind != data.Incidents
		}
	}
	return made, faults.Err()
}

func (s *standing) asVersion() *data.Version {
	if s == nil {
		return nil
	}
	return &s.version
}

// after returns the state when a version has been added to it.
func (s state) after(next *standing) state {
	switch next.version.Operation {
	case data.Put, data.Retract:
		s.published = next
	case data.Publish, data.Redact:
		s.published, s.draft = next, nil
	case data.Sketch:
		s.draft = next
	case data.Discard:
		s.draft = nil
	}
	return s
}

// content returns what the record says after a change, whose body says x.
func (p *plan) content(c *data.Change, x *decoded, before state) (data.Record, error) {
	switch c.Operation {
	case data.Put, data.Sketch:
		return x.record, x.err
	case data.Publish:
		return before.draft.record, nil
	case data.Retract:
		return before.published.record, nil
	}
	return data.Record{}, nil
}

// placed returns the faults of one change, their place said within the batch.
func placed(err error, b *data.Batch, change int) geo.Faults {
	var input *geo.InputError
	if !errors.As(err, &input) {
		return nil
	}
	out := slices.Clone(input.Faults)
	for i := range out {
		out[i].Where = within(b, change) + out[i].Where
	}
	return out
}

func within(b *data.Batch, change int) string {
	if len(b.Changes) == 1 {
		return ""
	}
	return "/" + strconv.Itoa(change)
}

// published returns what the plan makes of the published records.
func (p *plan) published() []snapshot.Change {
	var changes []snapshot.Change
	for r, s := range p.states {
		if s.published == p.before(r).published {
			continue
		}
		c := snapshot.Change{Kind: r.kind, ID: r.id}
		if s.published.asVersion().Stands() {
			c.To, c.Ready = s.published.record, s.published.ready
		}
		changes = append(changes, c)
	}
	return changes
}

// number notes the numbers and revisions that the store gave.
func (p *plan) number(receipts []data.Receipt) {
	p.revision = receipts[len(receipts)-1].Revision
	for i, made := range p.made {
		for j, s := range made {
			done := receipts[i].Changes[j]
			s.version.Number = done.Number
			s.version.Revision = receipts[i].Revision
			s.version.Revision.Sequence = done.Sequence
		}
	}
}

// keep makes the plan what stands. d.mu is held.
func (p *plan) keep() {
	p.kept = true
	for x, n := range p.refs {
		if p.d.refs[x] += n; p.d.refs[x] == 0 {
			delete(p.d.refs, x)
		}
	}
	for r, s := range p.states {
		p.d.note(r, s.published)
		delete(p.d.drafts, r)
		if s.draft != nil {
			p.d.drafts[r] = s.draft
		}
	}
	p.d.table.tidy()
}

// note notes which version of a record was published last, nil for none. d.mu is
// held.
func (d *Dataset) note(r ref, s *standing) {
	if s == nil {
		return
	}
	d.table.put(&s.version)
	delete(d.gone, r)
	if !s.version.Stands() && s.record.Value != nil {
		d.gone[r] = s.record
	}
}
