package dataset

import (
	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store"
)

// readyAll checks the incidents that a batch publishes, and makes what the next
// snapshot shows of them, as far as that can be told from them and from what is
// published now. Each writer does it for itself before its turn: in the turn, where all
// wait for one, it is only looked whether what they rest on is still the same.
//
// The store makes ready what it can of few; of many it does so on more processors.
func (d *Dataset) readyAll(b *data.Batch, decoded []decoded) {
	s := d.Shown()
	keeper, _ := d.store.(store.Readier)
	for i := range decoded {
		if x := &decoded[i]; b.Changes[i].Operation == data.Put && x.err == nil {
			if keeper != nil && len(decoded) < manyChanges {
				x.kept = keeper.Ready(x.body)
			}
			if x.ready = ready(s, x.record); x.ready != nil {
				x.touches = appendTouched(nil, x.record.Value.(*data.Incident))
			}
		}
	}
}

// ready returns nil for what is no incident, breaks a rule, or refers to other
// incidents, which change all the time.
func ready(s *snapshot.Snapshot, r data.Record) *snapshot.Ready {
	in, ok := r.Value.(*data.Incident)
	if !ok {
		return nil
	}
	others := false
	found := data.ValidateSome([]data.Record{r}, func(kind data.Kind, id string) (data.Record, bool) {
		if kind == data.Incidents {
			others = others || id != in.ID
			return r, id == in.ID
		}
		x := s.Record(kind, id)
		return x, x.Value != nil
	})
	if len(found) > 0 || others {
		return nil
	}
	made, err := s.Ready(in)
	if err != nil {
		return nil // the turn says it
	}
	return made
}

// fits tells whether what was made ready is what the plan would make: nothing that
// incidents rest on has changed, nor does in the plan or in those that are on their way.
func (p *plan) fits(r *snapshot.Ready) bool {
	for q := range p.chain {
		if q.rest {
			return false
		}
	}
	return r.Fits(p.d.Shown())
}
