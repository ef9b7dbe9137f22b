package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/data/store"
	"demarc/geo"
)

// What is kept of what was applied: keys, times, outcomes that nobody knows.

func TestIdempotencyKey(t *testing.T) {
	d, _ := opened(t)
	b := one(data.Put, "keyed", 0, source("keyed", "Agency"))
	b.Key, b.Digest = "k1", "sum"
	first := apply(t, d, b)
	if again := apply(t, d, b); again.Revision != first.Revision || len(again.Changes) != 1 {
		t.Errorf("sent again: %+v, want %+v", again, first)
	}
	b.Digest = "another"
	var input *geo.InputError
	if _, err := d.Apply(t.Context(), b); !errors.As(err, &input) {
		t.Errorf("the key with another request: %v", err)
	}
	b.Author, b.Changes[0].Expect = "bob", 1
	apply(t, d, b) // keys are each author's own

	// At the same time: one is carried out, all have its receipt.
	var all sync.WaitGroup
	receipts := make([]data.Receipt, 16)
	for i := range receipts {
		all.Go(func() {
			b := one(data.Put, "together", 0, source("together", "Agency"))
			b.Key = "k2"
			receipts[i], _ = d.Apply(context.Background(), b)
		})
	}
	all.Wait()
	for _, r := range receipts {
		if r.Revision != receipts[0].Revision || r.Revision.Number == 0 {
			t.Errorf("receipts %+v and %+v", r, receipts[0])
		}
	}
}

func TestRecorded(t *testing.T) {
	d, _ := opened(t)
	at := func(n int, b data.Batch) { b.At = day(n); apply(t, d, b) }
	at(3, one(data.Put, "s", 0, source("s", "First")))
	at(5, one(data.Put, "s", 1, source("s", "Second")))
	at(6, one(data.Sketch, "s2", 0, source("s2", "Draft")))
	at(7, one(data.Retract, "s", 2, nil))
	at(9, one(data.Publish, "s2", -1, nil))
	for n, want := range map[int]string{2: "", 3: "First", 4: "First", 5: "Second", 6: "Second", 7: "", 8: "", 30: ""} {
		s, _, err := d.Recorded(t.Context(), day(n))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		c, _ := s.Collection("sources")
		if hit, err := c.Feature("s"); err == nil {
			got = string(hit.JSON)
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("on day %d: %s, want %q", n, got, want)
		}
		if drafted := has(s, "s2"); drafted != (n >= 9) {
			t.Errorf("on day %d the draft is seen: %v", n, drafted)
		}
	}
	at(10, one(data.Redact, "s", -1, nil))
	if s, _, err := d.Recorded(t.Context(), day(4)); err != nil || has(s, "s") {
		t.Errorf("redacted content is shown as of before: %v", err)
	}
	s, r, err := d.Recorded(t.Context(), day(1).Add(-time.Hour))
	if err != nil || r.Number != 0 || len(s.Collections()) == 0 {
		t.Errorf("before the first revision: %+v, %v", r, err)
	}
}

// After a commit of which nobody knows, what is served is what the store has,
// and no more is written.
func TestUnknownCommit(t *testing.T) {
	d, st := opened(t)
	if err := d.ReplaceLayers(data.Layer{Name: "camps", Start: -1, End: -1}); err != nil {
		t.Fatal(err)
	}
	st.Fail = func() error { return data.ErrFull }
	if _, err := d.Apply(t.Context(), one(data.Put, "full", 0, source("full", "A"))); !errors.Is(err, data.ErrFull) || d.Status() != nil {
		t.Errorf("no room: %v, then %v", err, d.Status())
	}
	st.Fail = func() error { return fmt.Errorf("input/output error: %w", store.ErrUnknown) }
	if _, err := d.Apply(t.Context(), one(data.Put, "lost", 0, source("lost", "A"))); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("unknown: %v", err)
	}
	st.Fail = nil
	if _, err := d.Snapshot().Collection("camps"); err != nil {
		t.Errorf("the store was read again: %v", err)
	}
	if d.Status() == nil || has(d.Snapshot(), "lost") {
		t.Error("the dataset goes on as if nothing had happened")
	}
	if _, err := d.Apply(t.Context(), one(data.Put, "later", 0, source("later", "A"))); !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("after it: %v", err)
	}
}

func TestWait(t *testing.T) {
	d, _ := opened(t)
	after := d.Revision().Sequence
	told := make(chan error)
	go func() { told <- d.Wait(context.Background(), after) }()
	apply(t, d, one(data.Sketch, "w", 0, source("w", "A")))
	if err := <-told; err != nil {
		t.Fatal(err)
	}
	n := 0
	for v, err := range d.Changes(t.Context(), after) {
		if err != nil || v.ID != "w" {
			t.Errorf("change %+v, %v", v, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d changes, want 1", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Wait(ctx, after+1); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting with a context that ended: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	d, err := dataset.New(generation(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Apply(t.Context(), one(data.Put, "x", 0, source("x", "A"))); !errors.Is(err, data.ErrReadOnly) {
		t.Errorf("a change of records without a store: %v", err)
	}
	if !errors.Is(d.Status(), data.ErrReadOnly) {
		t.Errorf("status %v", d.Status())
	}
	if v, err := d.Record(data.Incidents, "i01"); err != nil || v.Number != 1 {
		t.Errorf("record %+v, %v", v, err)
	}
}
