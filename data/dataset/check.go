package dataset

import (
	"fmt"
	"slices"
	"strings"

	"demarc/data"
	"demarc/geo"
)

// check holds the outcome of a batch to the rules: what it publishes by what is
// published then, what it drafts with the drafts around it. What is not touched
// keeps the rules already, unless it refers to what is gone: references are
// counted, so that this is known without looking for them.
func (p *plan) check(b *data.Batch) error {
	var public, drafted []data.Record
	for r, s := range p.states {
		if s.published != nil && s.published.ready == nil && s.published != p.base.state(r).published && s.published.version.Stands() {
			public = append(public, s.published.record)
		}
		if s.draft != nil && s.draft != p.base.state(r).draft {
			drafted = append(drafted, s.draft.record)
		}
	}
	faults := told(data.ValidateSome(public, p.find), b)
	if len(faults) == 0 {
		faults = told(p.left(), b)
	}
	if len(faults) == 0 {
		faults = told(data.ValidateSome(drafted, p.findDraft), b)
	}
	return faults.Err()
}

// find returns a record as the plan publishes it.
func (p *plan) find(kind data.Kind, id string) (data.Record, bool) {
	s := p.state(ref{kind, id}).published
	if s == nil || !s.version.Stands() {
		return data.Record{}, false
	}
	return s.record, true
}

// findDraft returns a record's draft, or else the record as it is published.
func (p *plan) findDraft(kind data.Kind, id string) (data.Record, bool) {
	if s := p.state(ref{kind, id}).draft; s != nil {
		return s.record, true
	}
	return p.find(kind, id)
}

// left returns the faults of records that the plan does not touch, which refer to
// what it takes away. Only where there are any, it looks through all records.
func (p *plan) left() []data.Finding {
	gone := map[data.Reference]bool{}
	for r, s := range p.states {
		before := p.base.state(r).published
		if before == nil || before == s.published {
			continue
		}
		held := map[data.Reference]bool{}
		if s.published.version.Stands() {
			for x := range s.published.record.Holds() {
				held[x] = true
			}
		}
		for x := range before.record.Holds() {
			if before.version.Stands() && !held[x] && p.count(x) > 0 {
				gone[x] = true
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	bereft := map[ref]bool{} // what refers to something that is gone, or did
	look := func(r data.Record) bool {
		for x := range r.References() {
			if gone[x] {
				bereft[ref{r.Kind, strings.Clone(r.ID())}] = true
			}
		}
		return true
	}
	for q := range p.chain {
		for _, s := range q.states {
			if s.published != nil {
				look(s.published.record)
			}
		}
	}
	p.d.Shown().Each(look)
	var found []data.Finding
	for at := range bereft {
		if record, ok := p.find(at.kind, at.id); ok {
			found = append(found, data.ValidateSome([]data.Record{record}, p.find)...)
		}
	}
	slices.SortFunc(found, func(a, b data.Finding) int { return strings.Compare(a.Record+a.Where, b.Record+b.Where) })
	return found
}

// count returns how often published records refer to something, in the plan.
func (p *plan) count(x data.Reference) int {
	p.d.mu.RLock()
	defer p.d.mu.RUnlock()
	n := p.d.refs[x]
	for q := range p.chain {
		if !q.kept {
			n += q.refs[x]
		}
	}
	return n
}

// chain yields the plan and those that it stands on.
func (p *plan) chain(yield func(*plan) bool) {
	for q := p; q != nil && yield(q); {
		if q.base != nil {
			q = q.base
		} else {
			q = q.behind
		}
	}
}

// refer counts the references that come and go with a change.
func (p *plan) refer(before, after *standing) {
	for sign, s := range map[int]*standing{-1: before, 1: after} {
		if s == nil || !s.version.Stands() {
			continue
		}
		for x := range s.record.References() {
			p.refs[x] += sign
		}
	}
}

// told returns findings as faults of the batch: those of its records, and those
// that it brings to other records.
func told(found []data.Finding, b *data.Batch) geo.Faults {
	if len(found) == 0 {
		return nil
	}
	index := map[string]int{}
	for i, c := range b.Changes {
		index[string(c.Kind)+"/"+c.ID] = i
	}
	var faults geo.Faults
	for _, f := range found {
		if i, ours := index[f.Record]; ours && b.Changes[i].Body != nil {
			f.Where = within(b, i) + f.Where
			faults = append(faults, f.Fault)
			continue
		}
		where := strings.TrimPrefix(f.Where, "/")
		faults.Add("", f.Record, "would leave "+f.Record+" with a fault: "+where+" "+f.Problem, "change that record too, in the same request, or leave this one")
	}
	// In the order of the changes; within one, as they were found.
	slices.SortStableFunc(faults, func(a, b geo.Fault) int { return changeOf(a.Where) - changeOf(b.Where) })
	return faults
}

// changeOf returns the number at the beginning of a fault's place.
func changeOf(where string) int {
	n := 0
	_, _ = fmt.Sscanf(where, "/%d", &n) // a batch of one has none
	return n
}

// VerifyRules holds all that is published to the domain's rules. The error is a
// *geo.InputError.
func (d *Dataset) VerifyRules() error {
	return storedFaults(d.Snapshot().Records().Validate())
}
