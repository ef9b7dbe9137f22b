package dataset

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// feature names a feature of a collection.
type feature struct{ collection, id string }

// shown returns how the features differ between two views, and notes with each
// change where it is seen. A feature can change because a record that it rests on
// did: an incident when its place is renamed.
func (p *plan) shown(now, next *view) []store.Shown {
	if !p.public {
		return nil
	}
	all := map[feature]bool{}
	resting := p.rests(now.records, next.records)
	for _, batch := range p.batches {
		for i := range batch.Changes {
			c := &batch.Changes[i]
			if !c.Operation.Public() {
				continue
			}
			reach := data.Reach{Before: geo.EmptyBBox(), After: geo.EmptyBBox()}
			for f := range resting.on(ref{c.Kind, c.ID}) {
				all[f] = true
				reach.Before = reach.Before.Extend(boxOf(now.published, f))
				reach.After = reach.After.Extend(boxOf(next.published, f))
			}
			c.Reach = &reach
		}
	}
	var out []store.Shown
	for _, f := range slices.SortedFunc(maps.Keys(all), func(a, b feature) int {
		return cmp.Or(cmp.Compare(a.collection, b.collection), cmp.Compare(a.id, b.id))
	}) {
		before, was := hitOf(now.published, f)
		after, is := hitOf(next.published, f)
		switch {
		case is && !(was && bytes.Equal(before.JSON, after.JSON)):
			out = append(out, store.Shown{Collection: f.collection, ID: f.id, Feature: &geo.Feature{ID: f.id, Geometry: after.Geometry, Values: after.Values}})
		case was && !is:
			out = append(out, store.Shown{Collection: f.collection, ID: f.id})
		}
	}
	return out
}

// VerifyShown compares the tables of features, where the store has them, with
// what is published. The error is a *geo.InputError.
func (d *Dataset) VerifyShown(ctx context.Context) error {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return nil
	}
	var faults geo.Faults
	s := d.Snapshot()
	for _, c := range s.Collections() {
		if c.Layer {
			continue
		}
		err := outside.VerifyShown(ctx, c.ID, c.Len(), func(id string) *geo.Feature {
			if hit, ok := hitOf(s, feature{c.ID, id}); ok {
				return &geo.Feature{ID: hit.ID, Geometry: hit.Geometry, Values: hit.Values}
			}
			return nil
		})
		var input *geo.InputError
		switch {
		case errors.As(err, &input):
			faults = append(faults, input.Faults...)
		case err != nil:
			return err
		}
	}
	return faults.Err()
}

func hitOf(s *snapshot.Snapshot, f feature) (snapshot.Hit, bool) {
	c, err := s.Collection(f.collection)
	if err != nil {
		return snapshot.Hit{}, false
	}
	hit, err := c.Feature(f.id)
	return hit, err == nil
}

func boxOf(s *snapshot.Snapshot, f feature) geo.BBox {
	hit, ok := hitOf(s, f)
	if !ok {
		return geo.EmptyBBox()
	}
	return geo.BBoxOf(hit.Geometry)
}

// rests tells which features rest on a record, before and after the plan.
type rests struct {
	p         *plan
	at        map[string][]*data.Incident // by the place, of places that change
	from      map[string][]*data.Incident // by the source, of sources that change
	all       []*data.Incident            // where a segment changes
	ofSegment bool
}

// rests looks through the incidents where a record changes that others rest on:
// then it costs as much as there are incidents.
func (p *plan) rests(now, next *data.Records) *rests {
	x := &rests{p: p, at: map[string][]*data.Incident{}, from: map[string][]*data.Incident{}}
	for r := range p.states {
		switch r.kind {
		case data.Places:
			x.at[r.id] = nil
		case data.Sources:
			x.from[r.id] = nil
		case data.Segments:
			x.ofSegment = true
		}
	}
	if len(x.at)+len(x.from) == 0 && !x.ofSegment {
		return x
	}
	for _, records := range []*data.Records{now, next} {
		for i := range records.Incidents {
			x.note(&records.Incidents[i])
		}
	}
	return x
}

func (x *rests) note(in *data.Incident) {
	if _, changes := x.at[in.PlaceID]; changes {
		x.at[in.PlaceID] = append(x.at[in.PlaceID], in)
	}
	if len(x.from) > 0 {
		for _, id := range in.SourceIDs() {
			if _, changes := x.from[id]; changes {
				x.from[id] = append(x.from[id], in)
			}
		}
	}
	if x.ofSegment {
		x.all = append(x.all, in)
	}
}

// on returns the features that rest on a record.
func (x *rests) on(r ref) map[feature]bool {
	out := map[feature]bool{{string(r.kind), r.id}: true}
	add := func(incidents ...*data.Incident) {
		for _, in := range incidents {
			out[feature{"incidents", in.ID}] = true
			for i := range in.Claims {
				out[feature{"claims", in.Claims[i].ID}] = true
			}
		}
	}
	switch r.kind {
	case data.Incidents:
		for _, s := range []state{x.p.before(r), x.p.state(r)} {
			if s.published != nil {
				if in, ok := s.published.record.Value.(*data.Incident); ok {
					add(in)
				}
			}
		}
	case data.Places:
		add(x.at[r.id]...)
	case data.Sources: // whose origin is counted
		add(x.from[r.id]...)
	case data.Segments: // the nearest to each incident is named
		add(x.all...)
	}
	return out
}
