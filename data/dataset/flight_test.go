package dataset

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/data/store/storetest"
	"demarc/geo"
)

func openMemory(t *testing.T) (*Dataset, *storetest.Memory) {
	t.Helper()
	st := storetest.NewMemory()
	d, err := Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return d, st
}

func changeOfSource(op data.Operation, id string) data.Batch {
	c := data.Change{Kind: data.Sources, ID: id, Operation: op, Expect: -1}
	if op == data.Put || op == data.Sketch {
		c.Body = fmt.Appendf(nil, `{"id":%q,"publisher":"Publisher"}`, id)
	}
	return data.Batch{Author: "ann", Changes: []data.Change{c}}
}

func changeOfPlace(op data.Operation, id, source string) data.Batch {
	c := data.Change{Kind: data.Places, ID: id, Operation: op, Expect: -1}
	if op == data.Put || op == data.Sketch {
		c.Body = fmt.Appendf(nil, `{"id":%q,"kind":"village","label":"Place","names":[{"lang":"en","name":"Place"}],"precision":"village","source_ids":[%q]}`, id, source)
	}
	return data.Batch{Author: "ann", Changes: []data.Change{c}}
}

func changeOfIncident(op data.Operation, id, place, source, summary string) data.Batch {
	c := data.Change{Kind: data.Incidents, ID: id, Operation: op, Expect: -1}
	if op == data.Put || op == data.Sketch {
		c.Body = fmt.Appendf(nil, `{"id":%q,"title":"Incident","start":"2020","end":"2020","type":"shelling","theatre":"kg-tj-border","place_id":%q,
			"parties":[],"occurrence":"confirmed","summary":%q,"accounts":[{"party":"A","text":"B","source_ids":[%q]}],"claims":[]}`, id, place, summary, source)
	}
	return data.Batch{Author: "ann", Changes: []data.Change{c}}
}

// TestChangesRestOnWhatIsOnItsWay checks a change while the one that it rests on is
// written: once that is kept, and once it is not.
func TestChangesRestOnWhatIsOnItsWay(t *testing.T) {
	for name, failure := range map[string]error{"kept": nil, "not kept": data.ErrFull} {
		t.Run(name, func(t *testing.T) {
			d, st := openMemory(t)
			begun, goOn := make(chan struct{}), make(chan struct{})
			var commits atomic.Int32
			st.Fail = func() error {
				if commits.Add(1) > 1 {
					return nil
				}
				close(begun)
				<-goOn
				return failure
			}
			first := applied(t, d, changeOfSource(data.Put, "s"))
			<-begun
			p := newPlan(d)
			p.behind = d.line.committing.plan // nobody else works
			on := changeOfPlace(data.Put, "p", "s")
			if err := p.add(&on); err != nil {
				t.Errorf("behind what it rests on: %v", err)
			}
			away := changeOfSource(data.Retract, "s")
			if !p.unsettled(&away) {
				t.Error("a record on its way can be changed")
			}
			second, other := applied(t, d, changeOfPlace(data.Put, "p", "s")), applied(t, d, changeOfSource(data.Put, "other"))
			close(goOn)
			if err := <-first; !errors.Is(err, failure) {
				t.Errorf("the first: %v", err)
			}
			var input *geo.InputError
			if err := <-second; (failure != nil) != errors.As(err, &input) {
				t.Errorf("the second: %v", err)
			}
			if err := <-other; err != nil {
				t.Errorf("one that does not rest on it: %v", err)
			}
		})
	}
}

// TestWritersLeaveWhatTheStoreHas lets writers change the same few records at once,
// with commits that fail in between, and opens the store again.
func TestWritersLeaveWhatTheStoreHas(t *testing.T) {
	d, st := openMemory(t)
	var commits, kept atomic.Int32
	st.Fail = func() error {
		if commits.Add(1)%5 == 0 {
			return data.ErrFull
		}
		return nil
	}
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(w)))
			operations := []data.Operation{data.Put, data.Put, data.Put, data.Sketch, data.Publish, data.Discard, data.Retract, data.Redact}
			for i := range 60 {
				op, id, source := operations[random.IntN(len(operations))], fmt.Sprint("p", random.IntN(5)), fmt.Sprint("s", random.IntN(5))
				b := changeOfPlace(op, id, source)
				switch i % 4 {
				case 0, 2:
					b = changeOfSource(op, source)
				case 1: // made ready while what it rests on comes and goes
					b = changeOfIncident(op, fmt.Sprint("i", random.IntN(20)), id, source, fmt.Sprint("Number ", i))
				}
				if i%7 == 0 {
					b.Key = fmt.Sprint(i) // the same for several
				}
				receipt, err := d.Apply(t.Context(), b)
				if err != nil {
					continue // it is refused, as its ground is gone, or there is no room
				}
				kept.Add(1)
				if now := d.Revision(); now.Sequence < receipt.Revision.Sequence {
					t.Errorf("revision %d is answered and %d shown", receipt.Revision.Sequence, now.Sequence)
				}
			}
		})
	}
	writers.Wait()
	if kept.Load() < 20 {
		t.Fatalf("only %d changes were kept", kept.Load())
	}
	again, err := Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Snapshot().Revision(), again.Snapshot().Revision(); got != want {
		t.Errorf("shows %s, the store has %s", got, want)
	}
	if got, want := d.WithDrafts().Revision(), again.WithDrafts().Revision(); got != want {
		t.Errorf("with drafts shows %s, the store has %s", got, want)
	}
	if d.Revision() != again.Revision() {
		t.Errorf("is at %+v, the store at %+v", d.Revision(), again.Revision())
	}
	if diff := cmp.Diff(maps.Collect(maps.All(again.refs)), d.refs); diff != "" {
		t.Errorf("references (-of the store, +counted):\n%s", diff)
	}
	if diff := cmp.Diff(features(t, again.Snapshot()), features(t, d.Snapshot())); diff != "" {
		t.Errorf("features (-of the store, +shown):\n%s", diff)
	}
	for _, kind := range []data.Kind{data.Sources, data.Places, data.Incidents} {
		for i := range 5 {
			id := fmt.Sprint(string(kind[0]), i)
			for name, of := range map[string]func(*Dataset) (data.Version, error){
				"published": func(d *Dataset) (data.Version, error) { return d.Record(kind, id) },
				"draft":     func(d *Dataset) (data.Version, error) { return d.Draft(kind, id) },
			} {
				got, _ := of(d)
				want, _ := of(again)
				got.Reach, want.Reach = nil, nil
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s/%s, %s (-of the store, +shown):\n%s", kind, id, name, diff)
				}
			}
		}
	}
}

// features returns all features of a snapshot.
func features(t *testing.T, s *snapshot.Snapshot) (all []string) {
	t.Helper()
	for _, c := range s.Collections() {
		page, err := c.Items(t.Context(), &snapshot.Query{Limit: c.Len() + 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Hits {
			all = append(all, c.ID+" "+string(h.JSON))
		}
	}
	return all
}

// TestWritersOfOneRecord lets writers change a record from the version that they see:
// each version is made once, of the published record and of its draft.
func TestWritersOfOneRecord(t *testing.T) {
	for op, see := range map[data.Operation]func(*Dataset) (data.Version, error){
		data.Put:    func(d *Dataset) (data.Version, error) { return d.Record(data.Sources, "s") },
		data.Sketch: func(d *Dataset) (data.Version, error) { return d.Draft(data.Sources, "s") },
	} {
		d, _ := openMemory(t)
		var made atomic.Int32
		var writers sync.WaitGroup
		for range 8 {
			writers.Go(func() {
				for range 20 {
					seen, _ := see(d) // none at first, which has no number
					b := changeOfSource(op, "s")
					b.Changes[0].Expect = seen.Number
					switch receipt, err := d.Apply(t.Context(), b); {
					case err == nil && receipt.Changes[0].Number == seen.Number+1:
						made.Add(1)
					case err == nil:
						t.Errorf("%s: version %d is made from %d", op, receipt.Changes[0].Number, seen.Number)
					case !errors.Is(err, data.ErrConflict):
						t.Errorf("%s: %v", op, err)
					}
				}
			})
		}
		writers.Wait()
		if last, _ := see(d); last.Number != int(made.Load()) {
			t.Errorf("%s: %d versions were made, and the last is %d", op, made.Load(), last.Number)
		}
	}
}

// TestNothingIsKeptOfAFlight lets a change through, and looks whether something still
// holds it.
func TestNothingIsKeptOfAFlight(t *testing.T) {
	d, _ := openMemory(t)
	if _, err := d.Apply(t.Context(), changeOfSource(data.Put, "s")); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, d.line, func() bool { return d.line.forming == nil && d.line.committing == nil && len(d.line.committed) == 0 })
}
