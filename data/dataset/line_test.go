package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/store"
)

// applied applies a batch beside the test.
func applied(t *testing.T, d *Dataset, b data.Batch) chan error {
	done := make(chan error, 1)
	go func() {
		_, err := d.Apply(t.Context(), b)
		done <- err
	}()
	return done
}

// holdCommits lets the next commit wait until goOn is called; begun is closed when it
// does.
func holdCommits(fail *func() error) (begun chan struct{}, goOn func()) {
	begun, held := make(chan struct{}), make(chan struct{})
	first := true
	*fail = func() error {
		if first {
			first = false
			close(begun)
			<-held
		}
		return nil
	}
	return begun, func() { close(held) }
}

// TestTouchedIsWhatAnEditSays compares where incidents are seen, and which features may
// look otherwise, as it is told without a snapshot and by one.
func TestTouchedIsWhatAnEditSays(t *testing.T) {
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(records)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(records.Incidents, func(in data.Incident) bool { return len(in.Claims) > 1 })
	with := func(id string, claims []data.Claim, where *data.Location) data.Batch {
		in := records.Incidents[at]
		in.ID, in.Claims, in.Location = id, slices.Clone(claims), where
		for i := range in.Claims {
			c := &in.Claims[i]
			c.ID = fmt.Sprintf("%s.c%d", id, i+1)
			c.Supersedes, c.Contradicts, c.CompatibleWith, c.Operands, c.Repeats = nil, nil, nil, nil, ""
		}
		body, err := data.Record{Kind: data.Incidents, Value: &in}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return data.Batch{Changes: []data.Change{{Kind: data.Incidents, ID: id, Operation: data.Put, Body: body, Expect: -1}}}
	}
	old := records.Incidents[at]
	elsewhere := data.Location{Precision: "exact_point", Position: []float64{70.25, 39.5}, PositionSource: "a survey"}
	draft := with(old.ID, old.Claims, old.Location)
	draft.Changes[0].Operation = data.Sketch
	for name, b := range map[string]data.Batch{
		"new":          with("made-up", old.Claims, old.Location),
		"other":        with(old.ID, old.Claims[:1], &elsewhere),
		"without some": with(old.ID, nil, nil),
		"draft":        draft,
	} {
		t.Run(name, func(t *testing.T) {
			decoded := decodeAll(&b)
			d.readyAll(&b, decoded)
			p := newPlan(d)
			if err := p.addDecoded(&b, decoded); err != nil {
				t.Fatal(err)
			}
			if p.looks {
				t.Fatal("it is not told without a snapshot")
			}
			got := b.Changes[0].Reach
			e, err := d.Snapshot().Edit(p.published()...)
			if err != nil {
				t.Fatal(err)
			}
			p.reach(d.Snapshot(), e)
			if diff := cmp.Diff(b.Changes[0].Reach, got); diff != "" {
				t.Errorf("reach (-by a snapshot, +without):\n%s", diff)
			}
			for collection, id := range e.Features {
				if !slices.Contains(p.later, store.FeatureID{Collection: collection, ID: id}) {
					t.Errorf("%s/%s may look otherwise, and is not told", collection, id)
				}
			}
			e.Snapshot()
		})
	}
}

// TestManyAreShownAtOnce looks that a batch of which one does not want to see a part is
// shown with its commit.
func TestManyAreShownAtOnce(t *testing.T) {
	d, _ := openMemory(t)
	for _, b := range []data.Batch{changeOfSource(data.Put, "s"), changeOfPlace(data.Put, "p", "s")} {
		if _, err := d.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []int{1, manyFeatures + 1} {
		var b data.Batch
		for i := range n {
			b.Changes = append(b.Changes, changeOfIncident(data.Put, fmt.Sprint("i", i), "p", "s", "Summary").Changes...)
		}
		decoded := decodeAll(&b)
		d.readyAll(&b, decoded)
		p := newPlan(d)
		if err := p.addDecoded(&b, decoded); err != nil {
			t.Fatal(err)
		}
		if p.looks != (n > 1) {
			t.Errorf("%d incidents: looks is %v", n, p.looks)
		}
	}
}

// TestAloneIsAlone asks for the dataset while a group is written: nobody else joins, and
// it comes when the group is shown, or not at all.
func TestAloneIsAlone(t *testing.T) {
	d, st := openMemory(t)
	begun, goOn := holdCommits(&st.Fail)
	first := applied(t, d, changeOfSource(data.Put, "a"))
	<-begun
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.line.alone(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("who waits no more: %v", err)
	}
	got := make(chan func())
	go func() {
		release, err := d.line.alone(t.Context())
		if err != nil {
			t.Error(err)
		}
		got <- release
	}()
	waitUntil(t, d.line, func() bool { return d.line.held })
	second := applied(t, d, changeOfSource(data.Put, "b"))
	waitUntil(t, d.line, func() bool { return len(d.line.waiting) == 1 })
	gone, leave := context.WithCancel(t.Context())
	third := make(chan error, 1)
	go func() {
		_, err := d.Apply(gone, changeOfSource(data.Put, "c"))
		third <- err
	}()
	waitUntil(t, d.line, func() bool { return len(d.line.waiting) == 2 })
	leave()
	if err := <-third; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	goOn()
	release := <-got
	if err := <-first; err != nil {
		t.Error(err)
	}
	for id, want := range map[string]bool{"a": true, "b": false, "c": false} {
		if has := d.Snapshot().Record(data.Sources, id).Value != nil; has != want {
			t.Errorf("alone, %s is there: %v", id, has)
		}
	}
	release()
	if err := <-second; err != nil {
		t.Error(err)
	}
	if d.Snapshot().Record(data.Sources, "c").Value != nil {
		t.Error("what has left the line is carried out")
	}
}

func waitUntil(t *testing.T, l *line, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		ok := is()
		l.mu.Unlock()
		if ok {
			return
		}
		if time.Now().After(end) {
			t.Fatal("it does not come to that")
		}
	}
}
