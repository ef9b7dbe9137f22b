package dataset

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/geojson"
)

// feature names a feature of a collection.
type feature struct{ collection, id string }

// reach notes with each change where it is seen. A feature can change because a
// record that it rests on did: an incident when its place is renamed.
func (p *plan) reach(now *snapshot.Snapshot, e *snapshot.Edit) {
	resting, after := &rests{p: p, now: now}, e.Boxes()
	for _, batch := range p.batches {
		for i := range batch.Changes {
			c := &batch.Changes[i]
			if !c.Operation.Public() {
				continue
			}
			reach := data.Reach{Before: geo.EmptyBBox(), After: geo.EmptyBBox()}
			fresh := c.Kind == data.Incidents && !e.Stood(c.ID)
			for f := range resting.on(ref{c.Kind, c.ID}) {
				if !fresh { // of which there is nothing before
					reach.Before = reach.Before.Extend(boxOf(now, f))
				}
				if box, ok := after[f.collection][f.id]; ok {
					reach.After = reach.After.Extend(box)
				}
			}
			c.Reach = &reach
		}
	}
}

// touched returns the features that may look otherwise after a batch, and notes with its
// changes where they are seen. It is false where a snapshot alone can tell: where the
// batch is more than incidents that were made ready, or touches very many features.
func (p *plan) touched(b *data.Batch, made []*standing) (features []store.FeatureID, ok bool) {
	for i := range b.Changes {
		c := &b.Changes[i]
		if !c.Operation.Public() {
			continue
		}
		ready := made[i].ready
		if ready == nil || len(features) > manyFeatures {
			return nil, false
		}
		reach := data.Reach{Before: geo.EmptyBBox(), After: ready.Box()}
		if before := p.base.before(ref{c.Kind, c.ID}).published; before != nil && before.version.Stands() {
			in, now := before.record.Value.(*data.Incident), p.d.Shown()
			reach.Before = boxOf(now, feature{"incidents", in.ID})
			for j := range in.Claims {
				reach.Before = reach.Before.Extend(boxOf(now, feature{"claims", in.Claims[j].ID}))
			}
			features = appendTouched(features, in)
		}
		features = append(features, p.bodies[i].touches...)
		c.Reach = &reach
	}
	return features, len(features) <= manyFeatures
}

func appendTouched(features []store.FeatureID, in *data.Incident) []store.FeatureID {
	for collection, id := range snapshot.Touched(in) {
		features = append(features, store.FeatureID{Collection: collection, ID: id})
	}
	return features
}

// shown returns how the features of an edit differ between two snapshots.
func shown(features []store.FeatureID, now, next *snapshot.Snapshot) []store.Shown {
	var out []store.Shown
	for _, id := range features {
		f := feature{id.Collection, id.ID}
		before, after := featureOf(now, f), featureOf(next, f)
		switch {
		case after != nil && (before == nil || !alike(before, after)):
			out = append(out, store.Shown{Collection: f.collection, ID: f.id, Feature: after})
		case before != nil && after == nil:
			out = append(out, store.Shown{Collection: f.collection, ID: f.id})
		}
	}
	return out
}

// alike tells whether two features say the same, to the sign of a zero.
func alike(a, b *geo.Feature) bool {
	var room [2][96]byte
	return slices.EqualFunc(a.Values, b.Values, func(v, o geo.Value) bool {
		x, _ := v.Float()
		y, _ := o.Float()
		return v.Equal(o) && math.Signbit(x) == math.Signbit(y)
	}) && bytes.Equal(geojson.AppendGeometry(room[0][:0], a.Geometry), geojson.AppendGeometry(room[1][:0], b.Geometry))
}

// VerifyShown compares the tables of features, where the store has them, with
// what is published. The error is a *geo.InputError, or store.ErrBehind.
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
		err := outside.VerifyShown(ctx, c.ID, c.Len(), func(id string) *geo.Feature { return featureOf(s, feature{c.ID, id}) })
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
	hit, err := s.Feature(f.collection, f.id)
	return hit, err == nil
}

func boxOf(s *snapshot.Snapshot, f feature) geo.BBox {
	flat := featureOf(s, f)
	if flat == nil {
		return geo.EmptyBBox()
	}
	return geo.BBoxOf(flat.Geometry)
}

// rests tells which features rest on a record, before and after the plan.
type rests struct {
	p   *plan
	now *snapshot.Snapshot // before
	all []*data.Incident   // where one of few changes touches them all
	at  map[string][]*data.Incident
}

// on returns the features that rest on a record. It costs as much as they do; a
// segment, and a source that turns out to repeat another, cost as much as there
// are incidents.
func (x *rests) on(r ref) map[feature]bool {
	out := map[feature]bool{{string(r.kind), r.id}: true}
	add := func(in *data.Incident) {
		out[feature{"incidents", in.ID}] = true
		for i := range in.Claims {
			out[feature{"claims", in.Claims[i].ID}] = true
		}
	}
	before, after := x.now.Record(r.kind, r.id), x.p.standsAs(r)
	switch r.kind {
	case data.Incidents:
		for _, record := range []data.Record{before, after} {
			if in, ok := record.Value.(*data.Incident); ok {
				add(in)
			}
		}
	case data.Places:
		if before.Value == nil {
			break // nothing rested on it, and what does from now on is in the plan itself
		}
		for _, in := range incidentsAt(x.now, r.id) {
			add(in)
		}
		for _, in := range x.comeTo(r.id) {
			add(in)
		}
	case data.Sources: // whose origins are counted
		a, isA := before.Value.(*data.Source)
		b, isB := after.Value.(*data.Source)
		if isA && isB && a.OriginID() != b.OriginID() {
			for _, in := range x.incidents() {
				if slices.Contains(in.SourceIDs(), r.id) {
					add(in)
				}
			}
		}
	case data.Segments: // the nearest to each incident is named
		for _, in := range x.incidents() {
			add(in)
		}
	}
	return out
}

// standsAs returns a record as the plan publishes it; its Value is nil where it does
// not.
func (p *plan) standsAs(r ref) data.Record {
	if s := p.state(r).published; s != nil && s.version.Stands() {
		return s.record
	}
	return data.Record{}
}

// comeTo returns the incidents of the plan at a place.
func (x *rests) comeTo(place string) []*data.Incident {
	if x.at == nil {
		x.at = map[string][]*data.Incident{}
		for r := range x.p.states {
			if in, ok := x.p.standsAs(r).Value.(*data.Incident); ok {
				x.at[in.PlaceID] = append(x.at[in.PlaceID], in)
			}
		}
	}
	return x.at[place]
}

// incidents returns all incidents as they are before the plan; those that it brings
// are changes of their own.
func (x *rests) incidents() []*data.Incident {
	if x.all == nil {
		records := x.now.Records()
		for i := range records.Incidents {
			x.all = append(x.all, &records.Incidents[i])
		}
	}
	return x.all
}

// incidentsAt returns the incidents at a place.
func incidentsAt(s *snapshot.Snapshot, place string) []*data.Incident {
	c, err := s.Collection("incidents")
	if err != nil {
		return nil
	}
	field := c.Schema.Index("place_id")
	page, err := c.Items(context.Background(), &snapshot.Query{Limit: max(1, c.Len()), NoJSON: true, NoValues: true,
		Equal: []snapshot.Condition{{Field: field, Value: geo.StringValue(place)}}})
	if err != nil { // it fails with its context alone
		return nil
	}
	var out []*data.Incident
	for _, h := range page.Hits {
		if in, ok := s.Record(data.Incidents, h.ID).Value.(*data.Incident); ok {
			out = append(out, in)
		}
	}
	return out
}
