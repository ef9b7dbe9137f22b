package dataset

import (
	"errors"
	"log/slog"
	"testing"

	"demarc/data"
	"demarc/data/store/storetest"
	"demarc/geo"
)

// TestGroupKeepsTheRules takes away, in one batch of a group, what the batch before
// it has only just referred to.
func TestGroupKeepsTheRules(t *testing.T) {
	d, err := Open(t.Context(), storetest.NewMemory(), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	batch := func(op data.Operation, r data.Record) *data.Batch {
		t.Helper()
		c := data.Change{Kind: r.Kind, ID: r.ID(), Operation: op, Expect: -1}
		if op == data.Put {
			if c.Body, err = r.Encode(); err != nil {
				t.Fatal(err)
			}
		}
		return &data.Batch{Author: "ann", Changes: []data.Change{c}}
	}
	source := data.Record{Kind: data.Sources, Value: &data.Source{ID: "s", Publisher: "Publisher"}}
	place := data.Record{Kind: data.Places, Value: &data.Place{ID: "p", Label: "Place", Kind: "village", Precision: "village",
		Names: []data.PlaceName{{Lang: "en", Name: "Place"}}, SourceIDs: []string{"s"}}}
	if _, err := d.Apply(t.Context(), *batch(data.Put, source)); err != nil {
		t.Fatal(err)
	}
	p := newPlan(d)
	if err := p.add(batch(data.Put, place)); err != nil {
		t.Fatal(err)
	}
	var input *geo.InputError
	if err := p.add(batch(data.Retract, source)); !errors.As(err, &input) {
		t.Errorf("the source of the place that the group adds is taken away: %v", err)
	}
	if err := newPlan(d).add(batch(data.Retract, source)); err != nil {
		t.Errorf("nothing rests on it without the group: %v", err)
	}
}
