package dataset_test

import (
	"errors"
	"log/slog"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/data/store"
	"demarc/data/store/storetest"
	"demarc/geo"
)

// A change is taken if and only if all records, held to the rules together, keep
// them after it.
func TestChangesAreHeldToTheRulesAsAll(t *testing.T) {
	d, _ := opened(t)
	taken, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		before := d.Snapshot().Records()
		all := slices.Collect(before.Each())
		b := data.Batch{Author: "ann"}
		var changed []data.Record
		for range rapid.IntRange(1, 2).Draw(rt, "changes") {
			r := all[rapid.IntRange(0, len(all)-1).Draw(rt, "record")]
			if slices.ContainsFunc(changed, func(c data.Record) bool { return c.Kind == r.Kind && c.ID() == r.ID() }) {
				continue
			}
			c := data.Change{Kind: r.Kind, ID: r.ID(), Expect: -1, Operation: data.Retract}
			if rapid.IntRange(0, 2).Draw(rt, "put") > 0 {
				body, err := r.Encode()
				if err != nil {
					rt.Fatal(err)
				}
				if r, err = data.DecodeRecord(r.Kind, body); err != nil {
					rt.Fatal(err)
				}
				bend(rt, r, all)
				if c.Body, err = r.Encode(); err != nil {
					rt.Fatal(err)
				}
				c.Operation = data.Put
			}
			b.Changes, changed = append(b.Changes, c), append(changed, r)
		}
		after := &data.Records{Geometry: data.Shapes{}}
		for _, r := range all {
			i := slices.IndexFunc(changed, func(c data.Record) bool { return c.Kind == r.Kind && c.ID() == r.ID() })
			switch {
			case i < 0:
				after.Add(r)
			case b.Changes[i].Operation == data.Put:
				after.Add(changed[i])
			}
		}
		found := after.Validate()
		_, err := d.Apply(t.Context(), b)
		var input *geo.InputError
		switch {
		case len(found) == 0 && err != nil:
			rt.Fatalf("refused, and keeps the rules: %v", err)
		case len(found) > 0 && !errors.As(err, &input):
			rt.Fatalf("taken (%v), and breaks the rules: %v", err, found)
		case err != nil:
			refused++
		default:
			taken++
		}
	})
	if taken < 10 || refused < 10 {
		t.Errorf("%d taken and %d refused: too few to tell", taken, refused)
	}
}

// bend changes what a record refers to, or nothing.
func bend(t *rapid.T, r data.Record, all []data.Record) {
	other := func(kind data.Kind) string {
		var ids []string
		for _, o := range all {
			if o.Kind == kind {
				ids = append(ids, o.ID())
			}
		}
		return rapid.SampledFrom(append(ids, "nowhere")).Draw(t, "other")
	}
	how := rapid.IntRange(0, 5).Draw(t, "how")
	switch v := r.Value.(type) {
	case *data.Incident:
		switch how {
		case 0:
			v.PlaceID = other(data.Places)
		case 1:
			v.ParentID = other(data.Incidents)
		case 2:
			v.RelatedIDs = append(v.RelatedIDs, other(data.Incidents))
		case 3:
			if len(v.Claims) > 0 {
				v.Claims = v.Claims[:len(v.Claims)-1]
			}
		case 4:
			if len(v.Claims) > 0 {
				v.Claims[0].Repeats = other(data.Incidents) + ".c1"
			}
		}
	case *data.Place:
		if how < 3 {
			v.SourceIDs = append(v.SourceIDs, other(data.Sources))
		}
	case *data.Party:
		if how < 3 {
			v.ParentID = other(data.Parties)
		}
	case *data.Source:
		if how == 0 {
			v.Publisher = ""
		}
	case *data.Segment:
		if how < 3 {
			v.CounterpartIDs = append(v.CounterpartIDs, other(data.Segments))
		}
	}
}

// A store in which something refers to nothing is refused, and what, is named.
func TestOpenRefusesWhatRefersToNothing(t *testing.T) {
	st := storetest.NewMemory()
	place := `{"id":"hut","label":"Hut","kind":"village","names":[],"precision":"village","source_ids":["nowhere"]}`
	if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{{Changes: []data.Change{{Kind: data.Places, ID: "hut", Operation: data.Put, Body: []byte(place)}}}}}); err != nil {
		t.Fatal(err)
	}
	_, err := dataset.Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	var input *geo.InputError
	if !errors.As(err, &input) || input.Faults[0].Where != "places/hut/source_ids/0" {
		t.Errorf("got %v", err)
	}
}
