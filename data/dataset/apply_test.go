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
