package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/snapshot"
)

// base is what a change is made from.
type base struct {
	version  data.Version // of the record: the draft, or what is published
	expect   int          // what data.Change expects of it
	form     json.RawMessage
	geometry orb.Geometry
}

// recordID returns the id of the record that a feature stands in.
func recordID(collection, feature string) string {
	if collection == "claims" {
		if i := strings.LastIndex(feature, ".c"); i >= 0 {
			return feature[:i]
		}
	}
	return feature
}

// base returns what a change of the feature is made from: its draft, where the
// change is one and there is one, else what is published. It is
// data.ErrNotFound where there is neither, and errGone after a retraction.
func (w *writing) base(feature string) (*base, error) {
	id := recordID(w.collection, feature)
	if w.draft {
		draft, err := w.s.data.Draft(w.kind, id)
		switch {
		case err == nil && !sees(w.token, &draft):
			return nil, fmt.Errorf("%s/%s has a draft by somebody else: %w", w.kind, id, data.ErrConflict)
		case err == nil && !w.discards && w.s.overtaken(&draft):
			return nil, fmt.Errorf("%s/%s was published anew since its draft was made; discard the draft and make it again: %w", w.kind, id, data.ErrConflict)
		case err == nil:
			return w.baseOf(draft, draft.Number, feature)
		case !errors.Is(err, data.ErrNotFound):
			return nil, err
		}
	}
	published, err := w.s.data.Record(w.kind, id) // before the snapshot, which may only be newer: a conflict then
	if err != nil {
		return nil, err
	}
	if !published.Stands() {
		return nil, &errGone{published}
	}
	b := &base{version: published, expect: published.Number}
	if w.draft {
		b.expect = 0
	}
	b.form, b.geometry, err = formIn(w.s.data.Snapshot(), w.collection, feature)
	return b, err
}

// overtaken tells whether the record was published anew since the draft was made:
// the draft knows nothing of that, and would undo it.
func (s *Server) overtaken(draft *data.Version) bool {
	published, err := s.data.Record(draft.Kind, draft.ID)
	return err == nil && published.Revision.Sequence > draft.Revision.Sequence
}

// baseOf is base for a version that is not in the snapshot.
func (w *writing) baseOf(v data.Version, expect int, feature string) (*base, error) {
	around, err := w.s.data.Around(v, func(draft *data.Version) bool { return sees(w.token, draft) })
	if err != nil {
		return nil, err
	}
	b := &base{version: v, expect: expect}
	b.form, b.geometry, err = formIn(around, w.collection, feature)
	return b, err
}

// formIn returns the properties and nested members of a feature as GET gives
// them, and its geometry.
func formIn(snap *snapshot.Snapshot, collection, feature string) (json.RawMessage, orb.Geometry, error) {
	col, err := snap.Collection(collection)
	if err != nil {
		return nil, nil, err
	}
	hit, err := col.Feature(feature)
	if err != nil {
		return nil, nil, err
	}
	var doc struct{ Properties json.RawMessage }
	if err := json.Unmarshal(wholeFeature(nil, col, &hit, detailOf(snap, collection, feature), nil, nil), &doc); err != nil {
		return nil, nil, fmt.Errorf("read the form of %s/%s: %w", collection, feature, err)
	}
	return doc.Properties, hit.Geometry, nil
}

// target returns what edit needs to change the feature, or to make it where b
// is nil.
func (w *writing) target(feature string, b *base) (*edit.Target, error) {
	t := &edit.Target{Collection: w.collection, ID: feature,
		PositionSource: "set in an edit on " + w.s.cfg.Now().UTC().Format(time.DateOnly)}
	if b != nil {
		t.Record, t.Form, t.Geometry = b.version.Body, b.form, b.geometry
	}
	if w.kind != data.Incidents || b == nil {
		return t, nil
	}
	var err error
	t.LastClaim, err = w.lastClaim(recordID(w.collection, feature))
	return t, err
}

// lastClaim returns the highest number that a claim of the incident ever had:
// the number of a claim that is no more is not given again.
func (w *writing) lastClaim(incident string) (int, error) {
	last := 0
	for v, err := range w.s.data.History(w.c.Request.Context(), data.Incidents, incident) {
		if err != nil {
			return 0, err
		}
		var record struct{ Claims []struct{ ID string } }
		if v.Body == nil {
			continue
		}
		if err := json.Unmarshal(v.Body, &record); err != nil {
			return 0, fmt.Errorf("read a version of %s: %w", incident, err)
		}
		for _, cl := range record.Claims {
			if n, err := strconv.Atoi(cl.ID[strings.LastIndexByte(cl.ID, 'c')+1:]); err == nil {
				last = max(last, n)
			}
		}
	}
	return last, nil
}

// change returns the change that makes body the record.
func (w *writing) change(e *edit.Edited, expect int) data.Change {
	op := data.Put
	if w.draft {
		op = data.Sketch
	}
	return data.Change{Kind: e.Kind, ID: e.ID, Operation: op, Body: e.Body, Record: e.Record, Expect: expect}
}
