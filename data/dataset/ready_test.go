package dataset

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"demarc/data"
	"demarc/data/store"
	"demarc/data/store/storetest"
	"demarc/geo"
)

// TestReadyRestsOnItsGround makes an incident ready, and takes its place away before its
// turn: in the same group, in the one on its way, and for good.
func TestReadyRestsOnItsGround(t *testing.T) {
	away := changeOfPlace(data.Retract, "p", "s")
	for name, takeAway := range map[string]func(d *Dataset) (*plan, error){
		"in the group": func(d *Dataset) (*plan, error) {
			p := newPlan(d)
			return p, p.add(&away)
		},
		"on its way": func(d *Dataset) (*plan, error) {
			before := newPlan(d)
			p := newPlan(d)
			p.behind = before
			return p, before.add(&away)
		},
		"for good": func(d *Dataset) (*plan, error) {
			_, err := d.Apply(t.Context(), away)
			return newPlan(d), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := openMemory(t)
			for _, b := range []data.Batch{changeOfSource(data.Put, "s"), changeOfPlace(data.Put, "p", "s")} {
				if _, err := d.Apply(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
			b := changeOfIncident(data.Put, "i", "p", "s", "Summary")
			decoded := decodeAll(&b)
			d.readyAll(&b, decoded)
			if p := newPlan(d); decoded[0].ready == nil || p.addDecoded(&b, decoded) != nil || p.states[ref{data.Incidents, "i"}].published.ready == nil {
				t.Fatal("it is not taken as it was made ready")
			}
			p, err := takeAway(d)
			if err != nil {
				t.Fatal(err)
			}
			var input *geo.InputError
			if err := p.addDecoded(&b, decoded); !errors.As(err, &input) || input.Faults[0].Where != "/place_id" {
				t.Errorf("without its place: %v", err)
			}
		})
	}
}

// TestReadyIsForWhatStandsAlone looks which bodies are not made ready.
func TestReadyIsForWhatStandsAlone(t *testing.T) {
	d, _ := openMemory(t)
	for _, b := range []data.Batch{changeOfSource(data.Put, "s"), changeOfPlace(data.Put, "p", "s"), changeOfIncident(data.Put, "i", "p", "s", "Summary")} {
		if _, err := d.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	part := changeOfIncident(data.Put, "j", "p", "s", "Summary")
	part.Changes[0].Body = append(part.Changes[0].Body[:len(part.Changes[0].Body)-1], `,"parent_id":"i"}`...)
	for name, b := range map[string]data.Batch{
		"a source":           changeOfSource(data.Put, "s"),
		"a draft":            changeOfIncident(data.Sketch, "j", "p", "s", "Summary"),
		"no such place":      changeOfIncident(data.Put, "j", "q", "s", "Summary"),
		"a part of another":  part,
		"what is no body":    {Changes: []data.Change{{Kind: data.Incidents, ID: "j", Operation: data.Put, Body: []byte(`[]`)}}},
		"what is taken back": changeOfIncident(data.Retract, "i", "p", "s", ""),
	} {
		decoded := decodeAll(&b)
		d.readyAll(&b, decoded)
		if decoded[0].ready != nil {
			t.Errorf("%s is made ready", name)
		}
	}
}

// readier makes ready the text of a body, and notes what it is given back with each.
type readier struct {
	*storetest.Memory
	given map[string]any
}

func (r *readier) Ready(body []byte) any { return string(body) }

func (r *readier) Commit(ctx context.Context, g store.Group) ([]data.Receipt, error) {
	for _, b := range g.Batches {
		for _, c := range b.Changes {
			r.given[string(c.Body)] = c.Ready
		}
	}
	return r.Memory.Commit(ctx, g)
}

// TestStoreMakesReady looks whether the store is given back what it made ready of a body,
// with the body that it was made of, and whether many are left to it.
func TestStoreMakesReady(t *testing.T) {
	st := &readier{storetest.NewMemory(), map[string]any{}}
	d, err := Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	many := data.Batch{Author: "ann"}
	for i := range manyChanges {
		many.Changes = append(many.Changes, changeOfSource(data.Put, fmt.Sprintf("s-%d", i)).Changes...)
	}
	for _, b := range []data.Batch{changeOfSource(data.Put, "s"), changeOfSource(data.Sketch, "s"), changeOfSource(data.Publish, "s"), many} {
		clear(st.given)
		if _, err := d.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		for body, made := range st.given {
			switch few := b.Changes[0].Operation == data.Put && len(b.Changes) == 1; {
			case few && made != body:
				t.Errorf("%s came with %v", body, made)
			case !few && made != nil:
				t.Errorf("%s of %d was made ready by its writer", body, len(b.Changes))
			}
		}
	}
}
