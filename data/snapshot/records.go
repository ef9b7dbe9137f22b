package snapshot

import (
	"iter"
	"maps"

	"demarc/data"
)

// Record returns the record of a kind and id as the snapshot has it; its Value
// is nil where there is none. It must not be changed.
func (s *Snapshot) Record(kind data.Kind, id string) data.Record { return s.records.record(kind, id) }

// Records returns all records of the snapshot, sorted. They must not be changed.
// It costs as much as there are records.
func (s *Snapshot) Records() *data.Records {
	r := &data.Records{Geometry: maps.Clone(s.records.geometry)}
	s.records.incidents.each(func(x *data.Incident) bool { r.Incidents = append(r.Incidents, *x); return true })
	s.records.sources.each(func(x *data.Source) bool { r.Sources = append(r.Sources, *x); return true })
	s.records.parties.each(func(x *data.Party) bool { r.Parties = append(r.Parties, *x); return true })
	s.records.places.each(func(x *data.Place) bool { r.Places = append(r.Places, *x); return true })
	s.records.segments.each(func(x *data.Segment) bool { r.Segments = append(r.Segments, *x); return true })
	s.records.areas.each(func(x *data.Area) bool { r.Areas = append(r.Areas, *x); return true })
	r.Sort()
	return r
}

// Segments yields the segments, in no order. They must not be changed.
func (s *Snapshot) Segments() iter.Seq[data.Record] {
	return func(yield func(data.Record) bool) {
		s.records.segments.each(func(g *data.Segment) bool {
			return yield(data.Record{Kind: data.Segments, Value: g, Shape: s.records.shape(g.ID)})
		})
	}
}
