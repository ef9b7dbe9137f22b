package dataset

import (
	"demarc/data"
	"demarc/data/snapshot"
)

// Around returns a snapshot of one record and of what it refers to, to show a
// record as its feature when it is not in Snapshot: a retracted one, an older
// version, a draft. What it refers to is as it stands now; of what does not
// stand any more, the last that it said; drafts only where sees is true of them.
// Numbers that count other records count those that are here. It costs as much
// as the record and what it refers to, and the border segments.
func (d *Dataset) Around(v data.Version, sees func(draft *data.Version) bool) (*snapshot.Snapshot, error) {
	s, err := stand(v)
	if err != nil {
		return nil, err
	}
	now := d.Snapshot()
	a := &around{d: d, sees: sees, records: &data.Records{}, seen: map[ref]bool{}}
	a.add(s.record)
	for g := range now.Segments() { // each incident tells its nearest
		if at := (ref{data.Segments, g.ID()}); !a.seen[at] {
			a.seen[at] = true
			a.records.Add(g)
		}
	}
	return snapshot.New(a.records)
}

// around gathers records that refer to one another.
type around struct {
	d       *Dataset
	sees    func(*data.Version) bool
	records *data.Records
	seen    map[ref]bool
}

// add adds a record and all that it refers to.
func (a *around) add(r data.Record) {
	a.seen[ref{r.Kind, r.ID()}] = true
	switch v := r.Value.(type) {
	case *data.Incident:
		a.need(data.Places, v.PlaceID)
		for _, id := range v.SourceIDs() {
			a.need(data.Sources, id)
		}
		for _, p := range v.Parties {
			a.need(data.Parties, p.PartyID)
		}
		for i := range v.Claims {
			if party := v.Claims[i].AffectedParty; party != data.AllParties {
				a.need(data.Parties, party)
			}
		}
	case *data.Place:
		a.sources(v.SourceIDs)
	case *data.Area:
		a.sources(v.SourceIDs)
	case *data.Segment:
		for _, h := range v.History {
			a.sources(h.SourceIDs)
		}
	}
	a.records.Add(r)
}

func (a *around) sources(ids []string) {
	for _, id := range ids {
		a.need(data.Sources, id)
	}
}

// need adds the record of an id, if it is not there yet.
func (a *around) need(kind data.Kind, id string) {
	at := ref{kind, id}
	if id == "" || a.seen[at] {
		return
	}
	a.seen[at] = true
	if r, ok := a.find(at); ok {
		a.add(r)
		return
	}
	switch kind { // gone for good: the name is all that is left
	case data.Places:
		a.records.Add(data.Record{Kind: kind, Value: &data.Place{ID: id, Label: id}})
	case data.Sources:
		a.records.Add(data.Record{Kind: kind, Value: &data.Source{ID: id, Publisher: id}})
	case data.Parties:
		a.records.Add(data.Record{Kind: kind, Value: &data.Party{ID: id, Name: id}})
	}
}

func (a *around) find(at ref) (data.Record, bool) {
	a.d.mu.RLock()
	defer a.d.mu.RUnlock()
	if draft := a.d.drafts[at]; draft != nil && a.sees(&draft.version) {
		return draft.record, true
	}
	if published := a.d.published(at); published != nil && published.record.Value != nil {
		return published.record, true
	}
	return data.Record{}, false
}
