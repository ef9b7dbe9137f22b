package snapshot

import (
	"sync"

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
	room := sumRooms.Get().(*[]byte)
	defer sumRooms.Put(room)
	r.sum, *room = sumOfRecord(data.Record{Kind: data.Incidents, Value: in}, *room)
	var err error
	r.item, r.claims, err = s.records.items(in)
	r.box = boxOf(&r.item, r.claims)
	return r, err
}

// sumRooms are where what is summed is put together.
var sumRooms = sync.Pool{New: func() any { return new([]byte) }}

// Fits tells whether the snapshot would make the same of the incident. It does where it
// has the same records beside incidents.
func (r *Ready) Fits(s *Snapshot) bool { return r != nil && r.basis == s.records.basis }

// How many values incidents and claims have.
var (
	incidentValues = len(incidentSchema().Fields)
	claimValues    = len(claimSchema().Fields)
)

// items returns an incident and its claims as items of their collections.
func (r *records) items(in *data.Incident) (one item, claims []item, err error) {
	one = r.incidentItem(in, make([]geo.Value, 0, incidentValues))
	one.record = r.dict.Pack(in)
	claims, err = r.claimItems(in, make([]geo.Value, 0, claimValues*len(in.Claims)))
	return one, claims, err
}
