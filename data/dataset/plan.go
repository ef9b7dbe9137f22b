package dataset

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
)

// plan is what a group of batches will make of the dataset. The dataset stays
// as it is until keep.
type plan struct {
	d       *Dataset
	base    *plan         // what it adds to, nil for the dataset as it stands
	records *data.Records // published
	states  map[ref]state // of the records that are touched
	public  bool          // whether records has changed
	batches []data.Batch
	made    [][]*standing // what stands after each change, by batch and change
}

// newPlan returns a plan without changes. The turn is held, so that the dataset
// does not change under it.
func newPlan(d *Dataset) *plan {
	return &plan{d: d, records: d.current.Load().records, states: map[ref]state{}}
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

// before returns a record as it stands in the dataset.
func (p *plan) before(r ref) state {
	p.d.mu.RLock()
	defer p.d.mu.RUnlock()
	return p.d.states[r]
}

// add puts a batch into the plan, or returns why it cannot be carried out; then
// the plan is as it was.
func (p *plan) add(b *data.Batch) error {
	step := &plan{d: p.d, base: p, records: p.records, states: map[ref]state{}, public: p.public}
	made, err := step.carryOut(b)
	if err != nil {
		return err
	}
	if err := step.check(b); err != nil {
		return err
	}
	p.records, p.public = step.records, step.public
	maps.Copy(p.states, step.states)
	p.batches, p.made = append(p.batches, *b), append(p.made, made)
	return nil
}

// carryOut makes the changes of a batch one after the other.
func (p *plan) carryOut(b *data.Batch) ([]*standing, error) {
	published := map[ref]*data.Record{}
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
		if next.record, err = content(c, before); err != nil {
			if faults = append(faults, placed(err, b, i)...); len(faults) == 0 {
				return nil, err
			}
			continue
		}
		if next.record.Value != nil && (c.Operation == data.Put || c.Operation == data.Sketch) {
			// What is stored is what the types say, so that a record reads the same
			// from memory and from the store.
			if c.Body, err = next.record.Encode(); err != nil {
				return nil, err
			}
		}
		made[i] = next
		p.states[at] = before.after(next)
		if c.Operation.Public() {
			published[at] = nil
			if next.version.Stands() {
				published[at] = &next.record
			}
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if len(published) > 0 {
		p.records, p.public = replaced(p.records, published), true
	}
	return made, nil
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

// content returns what the record says after a change.
func content(c *data.Change, before state) (data.Record, error) {
	switch c.Operation {
	case data.Put, data.Sketch:
		record, err := data.DecodeRecord(c.Kind, c.Body)
		if err == nil && record.ID() != c.ID {
			var faults geo.Faults
			faults.Add("/id", record.ID(), "is not the id of the record that is changed", "write "+c.ID)
			return record, faults.Err()
		}
		return record, err
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

// check holds the outcome to the rules: what is published by itself, and drafts
// with what is published around them.
func (p *plan) check(b *data.Batch) error {
	index := map[string]int{}
	var public, drafted bool
	for i, c := range b.Changes {
		index[string(c.Kind)+"/"+c.ID] = i
		public = public || c.Operation.Public()
		drafted = drafted || c.Operation == data.Sketch
	}
	var faults geo.Faults
	if public {
		faults = append(faults, told(p.records.Validate(), b, index, true)...)
	}
	if drafted && len(faults) == 0 {
		drafts := map[ref]*data.Record{}
		for r, s := range p.allDrafts() {
			drafts[r] = &s.record
		}
		faults = append(faults, told(replaced(p.records, drafts).Validate(), b, index, false)...)
	}
	return faults.Err()
}

// allDrafts returns every draft that stands in the plan.
func (p *plan) allDrafts() map[ref]*standing {
	var drafts map[ref]*standing
	if p.base != nil {
		drafts = p.base.allDrafts()
	} else {
		p.d.mu.RLock()
		drafts = maps.Clone(p.d.drafts)
		p.d.mu.RUnlock()
	}
	for r, s := range p.states {
		delete(drafts, r)
		if s.draft != nil {
			drafts[r] = s.draft
		}
	}
	return drafts
}

// told returns findings as faults of the batch: those of its records, and, if
// others is set, those that it brings to other records.
func told(found []data.Finding, b *data.Batch, index map[string]int, others bool) geo.Faults {
	var faults geo.Faults
	for _, f := range found {
		if i, ours := index[f.Record]; ours && b.Changes[i].Body != nil {
			f.Where = within(b, i) + f.Where
			faults = append(faults, f.Fault)
		} else if others {
			where := strings.TrimPrefix(f.Where, "/")
			faults.Add("", f.Record, "would leave "+f.Record+" with a fault: "+where+" "+f.Problem, "change that record too, in the same request, or leave this one")
		}
	}
	return faults
}

// published returns what the plan makes of the published records.
func (p *plan) published() []snapshot.Change {
	p.d.mu.RLock()
	defer p.d.mu.RUnlock()
	var changes []snapshot.Change
	for r, s := range p.states {
		if s.published == p.d.states[r].published {
			continue
		}
		c := snapshot.Change{Kind: r.kind, ID: r.id}
		if s.published.asVersion().Stands() {
			c.To = s.published.record
		}
		changes = append(changes, c)
	}
	return changes
}

// number notes the numbers and revisions that the store gave.
func (p *plan) number(receipts []data.Receipt) {
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
	for r, s := range p.states {
		p.d.states[r] = s
		delete(p.d.drafts, r)
		if s.draft != nil {
			p.d.drafts[r] = s.draft
		}
	}
}
