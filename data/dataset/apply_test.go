package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/data/store/storetest"
	"demarc/geo"
)

// opened returns a dataset of a store that holds the curated records.
func opened(t *testing.T) (*dataset.Dataset, *storetest.Memory) {
	t.Helper()
	st := storetest.NewMemory()
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b := data.Batch{Author: "demarc", Origin: "curated", At: day(1)}
	for r := range records.Each() {
		body, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		b.Changes = append(b.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
	}
	if _, err := d.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return d, st
}

func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func source(id, publisher string) []byte {
	return fmt.Appendf(nil, `{"id":%q,"publisher":%q}`, id, publisher)
}

func one(op data.Operation, id string, expect int, body []byte) data.Batch {
	return data.Batch{Author: "ann", Origin: "api", Comment: "because", Changes: []data.Change{{Kind: data.Sources, ID: id, Operation: op, Body: body, Expect: expect}}}
}

func apply(t *testing.T, d *dataset.Dataset, b data.Batch) data.Receipt {
	t.Helper()
	r, err := d.Apply(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func has(s *snapshot.Snapshot, id string) bool {
	c, err := s.Collection("sources")
	if err != nil {
		return false
	}
	_, err = c.Feature(id)
	return err == nil
}

// features returns all features of all collections, in their order.
func features(t *testing.T, s *snapshot.Snapshot) []string {
	t.Helper()
	var out []string
	for _, c := range s.Collections() {
		page, err := c.Items(t.Context(), &snapshot.Query{Limit: 100_000})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Hits {
			out = append(out, c.ID+string(h.JSON))
		}
	}
	return out
}

// The curated records look the same from a store as they do by themselves.
func TestFilledStoreEqualsRecords(t *testing.T) {
	d, st := opened(t)
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := dataset.New(records)
	if err != nil {
		t.Fatal(err)
	}
	again, err := dataset.Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	want := plain.Snapshot().Revision()
	if got := d.Snapshot().Revision(); got != want {
		t.Errorf("after filling, the snapshot is %s, want %s", got, want)
	}
	if got := again.Snapshot().Revision(); got != want {
		t.Errorf("after loading, the snapshot is %s, want %s", got, want)
	}
	all := features(t, plain.Snapshot())
	if diff := cmp.Diff(all, features(t, d.Snapshot())); diff != "" {
		t.Errorf("features after filling (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(all, features(t, again.Snapshot())); diff != "" {
		t.Errorf("features after loading (-want +got):\n%s", diff)
	}
	for r := range records.Each() {
		body, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		v, err := again.Record(r.Kind, r.ID())
		if err != nil || string(v.Body) != string(body) {
			t.Fatalf("%s/%s reads %s (%v), want %s", r.Kind, r.ID(), v.Body, err, body)
		}
	}
}

func TestWriterReadsItsWrite(t *testing.T) {
	d, _ := opened(t)
	before := d.Revision()
	r := apply(t, d, one(data.Put, "new-1", 0, source("new-1", "Agency")))
	if !has(d.Snapshot(), "new-1") {
		t.Error("the writer does not read its write")
	}
	if r.Revision.Number != before.Number+1 || d.Revision() != r.Revision {
		t.Errorf("revision %+v after %+v; the dataset says %+v", r.Revision, before, d.Revision())
	}
	v, err := d.Record(data.Sources, "new-1")
	if err != nil || v.Number != 1 || v.Author != "ann" || v.Comment != "because" || v.Revision != r.Revision {
		t.Errorf("record %+v, %v", v, err)
	}
	if _, err := d.Apply(t.Context(), one(data.Put, "new-1", 0, source("new-1", "Other"))); !errors.Is(err, data.ErrConflict) {
		t.Errorf("a second record of the id: %v, want ErrConflict", err)
	}
	apply(t, d, one(data.Put, "new-1", 1, source("new-1", "Other")))
	apply(t, d, one(data.Retract, "new-1", 2, nil))
	if has(d.Snapshot(), "new-1") {
		t.Error("a retracted record is in its collection")
	}
	if v, err := d.Record(data.Sources, "new-1"); err != nil || v.Operation != data.Retract || !strings.Contains(string(v.Body), "Other") {
		t.Errorf("the retracted record: %+v, %v", v, err)
	}
	apply(t, d, one(data.Redact, "new-1", 3, nil))
	if v, err := d.Record(data.Sources, "new-1"); err != nil || v.Operation != data.Redact || v.Body != nil {
		t.Errorf("the redacted record: %+v, %v", v, err)
	}
	for v, err := range d.History(t.Context(), data.Sources, "new-1") {
		if err != nil || v.Body != nil {
			t.Errorf("version %d after redaction says %s, %v", v.Number, v.Body, err)
		}
	}
	if _, err := d.Record(data.Sources, "none"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("no record: %v", err)
	}
}

// Nothing that everyone sees changes by a draft.
func TestDraftsAreNotSeen(t *testing.T) {
	d, st := opened(t)
	before, number := d.Snapshot(), d.Revision().Number
	r := apply(t, d, one(data.Sketch, "draft-1", 0, source("draft-1", "Agency")))
	if d.Snapshot() != before || r.Revision.Number != number {
		t.Error("a draft changed the snapshot or the revision's number")
	}
	if !has(d.WithDrafts(), "draft-1") {
		t.Error("the draft is not among the drafts")
	}
	again, err := dataset.Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if !has(again.WithDrafts(), "draft-1") || has(again.Snapshot(), "draft-1") {
		t.Error("after loading, the draft is not a draft")
	}
	if _, err := d.Record(data.Sources, "draft-1"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("a draft as a published record: %v", err)
	}
	if v, err := d.Draft(data.Sources, "draft-1"); err != nil || v.Number != 1 || v.Author != "ann" {
		t.Errorf("draft %+v, %v", v, err)
	}
	if all, err := d.Drafts(data.Sources); err != nil || len(all) != 1 {
		t.Errorf("drafts %v, %v", all, err)
	}
	apply(t, d, one(data.Sketch, "draft-1", 1, source("draft-1", "Other agency")))
	apply(t, d, one(data.Publish, "draft-1", 2, nil))
	if v, err := d.Record(data.Sources, "draft-1"); err != nil || v.Number != 1 || !strings.Contains(string(v.Body), "Other agency") {
		t.Errorf("published %+v, %v", v, err)
	}
	if _, err := d.Draft(data.Sources, "draft-1"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("the draft is still there after it was published: %v", err)
	}
	apply(t, d, one(data.Sketch, "draft-2", 0, source("draft-2", "Agency")))
	apply(t, d, one(data.Discard, "draft-2", -1, nil))
	if has(d.WithDrafts(), "draft-2") {
		t.Error("a discarded draft is still there")
	}
}

// A draft whose ground is taken away does not stop what is published; it is left
// out of the overlay and stays in the list.
func TestDraftWithoutItsGround(t *testing.T) {
	d, _ := opened(t)
	apply(t, d, one(data.Put, "ground", 0, source("ground", "Agency")))
	place := `{"id":"hut","label":"Hut","kind":"village","names":[],"precision":"village","source_ids":["ground"]}`
	apply(t, d, data.Batch{Author: "ann", Changes: []data.Change{{Kind: data.Places, ID: "hut", Operation: data.Sketch, Body: []byte(place)}}})
	apply(t, d, one(data.Sketch, "fine", 0, source("fine", "Agency")))
	apply(t, d, one(data.Retract, "ground", -1, nil))
	if all, err := d.Drafts(data.Places); err != nil || len(all) != 1 {
		t.Errorf("drafts %v, %v", all, err)
	}
	if !has(d.WithDrafts(), "fine") {
		t.Error("a broken draft takes the others with it")
	}
	_, err := d.Apply(t.Context(), data.Batch{Author: "ann", Changes: []data.Change{{Kind: data.Places, ID: "hut", Operation: data.Publish, Expect: -1}}})
	var input *geo.InputError
	if !errors.As(err, &input) {
		t.Errorf("a draft that breaks the rules was published: %v", err)
	}
}

// A batch is refused with every fault, each with its place, and leaves nothing.
func TestRefusedBatch(t *testing.T) {
	d, st := opened(t)
	before := d.Snapshot()
	_, err := d.Apply(t.Context(), data.Batch{Author: "ann", Changes: []data.Change{
		{Kind: data.Sources, ID: "good", Operation: data.Put, Body: source("good", "Agency")},
		{Kind: data.Sources, ID: "bad", Operation: data.Put, Body: []byte(`{"id":"bad","publisher":"","reliability":"Z"}`)},
		{Kind: data.Places, ID: "nowhere", Operation: data.Put, Body: []byte(`{"id":"nowhere","label":"","kind":"moon","names":[],"precision":"village"}`)},
	}})
	var input *geo.InputError
	if !errors.As(err, &input) {
		t.Fatalf("got %v, want faults", err)
	}
	var places []string
	for _, f := range input.Faults {
		places = append(places, f.Where)
	}
	if got, want := strings.Join(places, " "), "/1/publisher /1/reliability /2/label /2/kind"; got != want {
		t.Errorf("faults at %s, want %s", got, want)
	}
	if d.Snapshot() != before || has(d.Snapshot(), "good") {
		t.Error("a part of a refused batch was carried out")
	}
	for v := range st.Changes(t.Context(), 0) {
		if v.ID == "good" {
			t.Error("a part of a refused batch is in the store")
		}
	}
	for name, b := range map[string]data.Batch{
		"no such member": one(data.Put, "x", 0, []byte(`{"id":"x","publisher":"A","publsher":"B"}`)),
		"another id":     one(data.Put, "x", 0, source("y", "A")),
		"no such kind":   {Changes: []data.Change{{Kind: "moons", ID: "x", Operation: data.Put, Body: []byte(`{}`)}}},
		"leaves a fault": {Changes: []data.Change{{Kind: data.Parties, ID: "KG", Operation: data.Retract, Expect: -1}}},
	} {
		if _, err := d.Apply(t.Context(), b); !errors.As(err, &input) {
			t.Errorf("%s: %v, want faults", name, err)
		}
	}
}

// Of batches that are committed together, a refused one does not touch the others.
func TestGroup(t *testing.T) {
	d, _ := opened(t)
	var all sync.WaitGroup
	errs := make([]error, 64)
	for i := range errs {
		all.Go(func() {
			id := fmt.Sprintf("group-%d", i)
			body := source(id, "Agency")
			if i%4 == 0 {
				body = source(id, "")
			}
			_, errs[i] = d.Apply(context.Background(), one(data.Put, id, 0, body))
		})
	}
	all.Wait()
	for i, err := range errs {
		if refused := i%4 == 0; refused != (err != nil) || refused == has(d.Snapshot(), fmt.Sprintf("group-%d", i)) {
			t.Errorf("batch %d: %v", i, err)
		}
	}
}

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
