package snapshot

import (
	"demarc/data"
	"demarc/geo"
)

// basis stands for the records that incidents rest on: places, sources, segments and
// so on. Snapshots whose basis is the same pointer have the same ones.
type basis struct{ _ byte }

// Ready is what a snapshot makes of an incident, made before it is known which change
// it comes with: writers do it each for itself, while the one whose turn it is works.
type Ready struct {
	in     *data.Incident
	basis  *basis
	item   item
	claims []item
	box    geo.BBox
	sum    sum
}

// Ready makes what the snapshot will make of an incident. What the incident refers to
// must be in s, but for other incidents, and it must pass Validate, and not change
// afterwards.
func (s *Snapshot) Ready(in *data.Incident) (*Ready, error) {
	r := &Ready{in: in, basis: s.records.basis}
	r.sum, _ = sumOfRecord(data.Record{Kind: data.Incidents, Value: in}, nil)
	var err error
	r.item, r.claims, err = s.records.items(in)
	r.box = boxOf(&r.item, r.claims)
	return r, err
}

// Fits tells whether the snapshot would make the same of the incident. It does where it
// has the same records beside incidents.
func (r *Ready) Fits(s *Snapshot) bool { return r != nil && r.basis == s.records.basis }

// items returns an incident and its claims as items of their collections.
func (r *records) items(in *data.Incident) (one item, claims []item, err error) {
	one = r.incidentItem(in, nil)
	one.record = string(r.dict.Append(nil, in))
	claims, err = r.claimItems(in, nil)
	return one, claims, err
}
