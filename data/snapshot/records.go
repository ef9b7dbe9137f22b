package snapshot

import (
	"iter"
	"maps"

	"demarc/data"
	"demarc/data/packed"
)

// Record returns the record of a kind and id as the snapshot has it; its Value
// is nil where there is none. It must not be changed.
func (s *Snapshot) Record(kind data.Kind, id string) data.Record {
	out := data.Record{Kind: kind}
	r := &s.records
	switch kind {
	case data.Incidents:
		out.Value = orNil(s.incident(id))
	case data.Sources:
		out.Value = orNil(r.sources.get(id))
	case data.Parties:
		out.Value = orNil(r.parties.get(id))
	case data.Places:
		out.Value = orNil(r.places.get(id))
	case data.Segments:
		out.Value, out.Shape = orNil(r.segments.get(id)), r.shape(id)
	case data.Areas:
		out.Value, out.Shape = orNil(r.areas.get(id)), r.shape(id)
	}
	return out
}

// orNil returns a nil interface for a nil pointer.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

// incident returns the incident of that id, or nil. It is read anew each time.
func (s *Snapshot) incident(id string) *data.Incident {
	v, row, ok := s.own("incidents").find(id)
	if !ok {
		return nil
	}
	return s.records.dict.Read(v.records.at(row))
}

// eachIncident yields every incident, in no order. Each is good until the next.
func (s *Snapshot) eachIncident(yield func(*data.Incident) bool) {
	r := packed.NewReader(s.records.dict)
	for _, v := range s.own("incidents").views {
		for row := range v.n {
			if !v.dead.has(row) && !yield(r.Next(v.records.at(row))) {
				return
			}
		}
	}
}

// Each yields every record, in no order, until yield returns false. A record is good
// until the next, and must not be changed.
func (s *Snapshot) Each(yield func(data.Record) bool) {
	more := true
	s.eachRest(func(r data.Record) bool {
		more = yield(r)
		return more
	})
	if more {
		s.eachIncident(func(x *data.Incident) bool { return yield(data.Record{Kind: data.Incidents, Value: x}) })
	}
}

// eachRest is Each without the incidents.
func (s *Snapshot) eachRest(yield func(data.Record) bool) {
	more := true
	give := func(kind data.Kind, value any, id string) bool {
		more = more && yield(data.Record{Kind: kind, Value: value, Shape: s.records.shape(id)})
		return more
	}
	s.records.sources.each(func(x *data.Source) bool { return give(data.Sources, x, "") })
	s.records.parties.each(func(x *data.Party) bool { return give(data.Parties, x, "") })
	s.records.places.each(func(x *data.Place) bool { return give(data.Places, x, "") })
	s.records.segments.each(func(x *data.Segment) bool { return give(data.Segments, x, x.ID) })
	s.records.areas.each(func(x *data.Area) bool { return give(data.Areas, x, x.ID) })
}

// Records returns all records of the snapshot, sorted. They must not be changed.
// It costs as much as there are records.
func (s *Snapshot) Records() *data.Records {
	r := &data.Records{Geometry: maps.Clone(s.records.geometry)}
	for _, v := range s.own("incidents").views {
		for _, row := range v.living() {
			r.Incidents = append(r.Incidents, *s.records.dict.Read(v.records.at(row)))
		}
	}
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
