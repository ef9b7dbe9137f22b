// Package storetest is the suite of the store's contract. An engine passes it in
// a few lines of test:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) storetest.Open {
//			path := filepath.Join(t.TempDir(), "store.gpkg")
//			return func() (store.Store, error) { return gpkg.Open(t.Context(), path, gpkg.Options{}) }
//		})
//	}
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/store"
)

// Open opens one and the same store, again after it was closed.
type Open func() (store.Store, error)

// Run holds the stores that make returns, each a new one, to the contract.
func Run(t *testing.T, make func(*testing.T) Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"life of a record":  life,
		"drafts":            drafts,
		"all or nothing":    allOrNothing,
		"idempotency keys":  keys,
		"times":             times,
		"writers at once":   atOnce,
		"redaction":         redaction,
		"closed and opened": opened,
	} {
		t.Run(name, func(t *testing.T) { test(t, make(t)) })
	}
	t.Run("any operations", func(t *testing.T) { operations(t, make) })
}

func open(t *testing.T, o Open) store.Store {
	t.Helper()
	st, err := o()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() }) // closed by the test itself, where that matters
	return st
}

func body(s string) []byte {
	b, _ := json.Marshal(map[string]string{"id": "a", "publisher": s}) // which cannot fail
	return b
}

func batch(op data.Operation, id string, expect int, b []byte) data.Batch {
	return data.Batch{Author: "ann", Comment: "why", Origin: "api", At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Changes: []data.Change{{Kind: data.Sources, ID: id, Operation: op, Body: b, Expect: expect}}}
}

func commit(t *testing.T, st store.Store, batches ...data.Batch) []data.Receipt {
	t.Helper()
	r, err := st.Commit(t.Context(), store.Group{Batches: batches})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// loaded returns what Load yields, by record and whether it is a draft.
func loaded(t *testing.T, st store.Store) map[string]data.Version {
	t.Helper()
	out := map[string]data.Version{}
	if _, err := st.Load(t.Context(), func(v data.Version) error {
		key := fmt.Sprintf("%s/%s %v", v.Kind, v.ID, v.Draft())
		if _, twice := out[key]; twice {
			t.Errorf("%s was yielded twice", key)
		}
		out[key] = v
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func history(t *testing.T, st store.Store, id string) (out []data.Version) {
	t.Helper()
	for v, err := range st.History(t.Context(), data.Sources, id) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func life(t *testing.T, o Open) {
	st := open(t, o)
	first := commit(t, st, batch(data.Put, "a", 0, body("one")))[0]
	if first.Revision.Number != 1 || first.Revision.Sequence != 1 || len(first.Changes) != 1 || first.Changes[0].Number != 1 {
		t.Errorf("the first receipt is %+v", first)
	}
	commit(t, st, batch(data.Put, "a", 1, body("two")))
	commit(t, st, batch(data.Retract, "a", 2, nil))
	v := loaded(t, st)["sources/a false"]
	if v.Operation != data.Retract || v.Number != 3 || string(v.Body) != string(body("two")) || v.Author != "ann" || v.Comment != "why" || v.Origin != "api" {
		t.Errorf("retracted: %+v %s", v, v.Body)
	}
	commit(t, st, batch(data.Put, "a", 3, body("three")))
	h := history(t, st, "a")
	if len(h) != 4 || string(h[0].Body) != string(body("three")) || h[0].Revision.Number != 4 || string(h[3].Body) != string(body("one")) || h[3].Revision != first.Revision {
		t.Errorf("history %+v", h)
	}
	if got := history(t, st, "none"); len(got) != 0 {
		t.Errorf("the history of nothing: %+v", got)
	}
	for name, want := range map[string]error{"put 0": data.ErrConflict, "put 3": data.ErrConflict, "retract none": data.ErrNotFound, "publish": data.ErrNotFound, "discard": data.ErrNotFound} {
		b := map[string]data.Batch{"put 0": batch(data.Put, "a", 0, body("x")), "put 3": batch(data.Put, "a", 3, body("x")), "retract none": batch(data.Retract, "b", -1, nil),
			"publish": batch(data.Publish, "a", -1, nil), "discard": batch(data.Discard, "a", -1, nil)}[name]
		if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{b}}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

func drafts(t *testing.T, o Open) {
	st := open(t, o)
	commit(t, st, batch(data.Put, "a", 0, body("public")))
	r := commit(t, st, batch(data.Sketch, "a", 0, body("draft one")))[0]
	if r.Revision.Number != 1 || r.Revision.Sequence != 2 {
		t.Errorf("a draft made revision %+v", r.Revision)
	}
	commit(t, st, batch(data.Sketch, "a", 1, body("draft two")))
	all := loaded(t, st)
	if string(all["sources/a false"].Body) != string(body("public")) || string(all["sources/a true"].Body) != string(body("draft two")) || all["sources/a true"].Number != 2 {
		t.Errorf("loaded %+v", all)
	}
	commit(t, st, batch(data.Publish, "a", 2, nil))
	all = loaded(t, st)
	if v := all["sources/a false"]; len(all) != 1 || v.Operation != data.Publish || v.Number != 2 || string(v.Body) != string(body("draft two")) {
		t.Errorf("published: %+v", all)
	}
	commit(t, st, batch(data.Sketch, "a", 0, body("draft three")), batch(data.Discard, "a", 3, nil))
	if all = loaded(t, st); len(all) != 1 {
		t.Errorf("discarded: %+v", all)
	}
	for _, v := range history(t, st, "a") {
		if v.Draft() && v.Body != nil {
			t.Errorf("draft %d still says %s", v.Number, v.Body)
		}
	}
	if r := commit(t, st, batch(data.Sketch, "a", 0, body("draft four")))[0]; r.Changes[0].Number != 5 {
		t.Errorf("the draft after draft 4 is %d", r.Changes[0].Number)
	}
}

func allOrNothing(t *testing.T, o Open) {
	st := open(t, o)
	commit(t, st, batch(data.Put, "a", 0, body("one")))
	two := batch(data.Put, "b", 0, body("x"))
	two.Changes = append(two.Changes, data.Change{Kind: data.Sources, ID: "a", Operation: data.Put, Body: body("y")}) // made from nothing
	if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{batch(data.Put, "c", 0, body("z")), two}}); !errors.Is(err, data.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	if all := loaded(t, st); len(all) != 1 {
		t.Errorf("of a group that was refused there is %+v", all)
	}
	for v := range st.Changes(t.Context(), 1) {
		t.Errorf("change %+v", v)
	}
	if r := commit(t, st, batch(data.Put, "d", 0, body("next")))[0]; r.Revision.Sequence != 2 || r.Revision.Number != 2 {
		t.Errorf("after it: %+v", r)
	}
}

func keys(t *testing.T, o Open) {
	st := open(t, o)
	b := batch(data.Put, "a", 0, body("one"))
	b.Key, b.Digest = "key", "digest"
	first := commit(t, st, b)[0]
	if again := commit(t, st, b)[0]; !cmp.Equal(again, first) {
		t.Errorf("again: %+v, want %+v", again, first)
	}
	got, err := st.Committed(t.Context(), "ann", "key")
	if err != nil || !cmp.Equal(got, first) {
		t.Errorf("committed: %+v, %v, want %+v", got, err, first)
	}
	for _, who := range [][2]string{{"bob", "key"}, {"ann", "other"}, {"ann", ""}} {
		if _, err := st.Committed(t.Context(), who[0], who[1]); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("%v: %v, want ErrNotFound", who, err)
		}
	}
}

func times(t *testing.T, o Open) {
	st := open(t, o)
	day := func(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 5000, time.UTC) }
	alone := batch(data.Sketch, "b", 0, body("draft"))
	alone.At = day(1)
	commit(t, st, alone)
	if r, err := st.At(t.Context(), day(30)); err != nil || !cmp.Equal(r, data.Revision{}) {
		t.Errorf("of a draft alone: %+v, %v, want none", r, err)
	}
	for i, n := range []int{3, 2, 7} { // the clock goes back once
		b := batch(data.Put, "a", i, body(fmt.Sprint(i)))
		b.At = day(n)
		if r := commit(t, st, b)[0]; n == 2 && !r.Revision.At.Equal(day(3)) {
			t.Errorf("time goes back to %v", r.Revision.At)
		}
	}
	for n, want := range map[int]uint64{1: 0, 2: 0, 3: 2, 6: 2, 7: 3, 30: 3} {
		r, err := st.At(t.Context(), day(n))
		if err != nil || r.Number != want {
			t.Errorf("on day %d: %+v, %v, want revision %d", n, r, err, want)
		}
	}
	// A draft leaves neither its time nor its sequence in what is told of a day.
	before, err := st.At(t.Context(), day(30))
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		b := batch(data.Sketch, "b", n+1, body("draft"))
		b.At = day(20 + n)
		commit(t, st, b)
	}
	if after, err := st.At(t.Context(), day(30)); err != nil || !cmp.Equal(after, before) {
		t.Errorf("after drafts: %+v, %v, want %+v", after, err, before)
	}
}

func atOnce(t *testing.T, o Open) {
	st := open(t, o)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 20 {
				if _, err := st.Commit(context.Background(), store.Group{Batches: []data.Batch{batch(data.Put, fmt.Sprintf("w%d-%d", w, i), 0, body("x"))}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		all.Go(func() {
			for range 10 {
				last := uint64(0)
				for v, err := range st.Changes(context.Background(), 0) {
					if err != nil || v.Revision.Sequence != last+1 {
						t.Errorf("change %d follows %d: %v", v.Revision.Sequence, last, err)
						return
					}
					last++
				}
			}
		})
	}
	all.Wait()
	if n := len(loaded(t, st)); n != 160 {
		t.Errorf("%d records, want 160", n)
	}
	if err := st.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func redaction(t *testing.T, o Open) {
	st := open(t, o)
	commit(t, st, batch(data.Put, "a", 0, body("secret one")), batch(data.Put, "a", 1, body("secret two")), batch(data.Sketch, "a", 0, body("secret three")))
	commit(t, st, batch(data.Redact, "a", -1, nil))
	for _, v := range history(t, st, "a") {
		if v.Body != nil {
			t.Errorf("version %d says %s", v.Number, v.Body)
		}
	}
	all := loaded(t, st)
	if v := all["sources/a false"]; len(all) != 1 || v.Operation != data.Redact || v.Number != 3 {
		t.Errorf("loaded %+v", all)
	}
	if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{batch(data.Redact, "a", -1, nil)}}); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("redacted twice: %v", err)
	}
	if err := st.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func opened(t *testing.T, o Open) {
	st := open(t, o)
	if _, ok := st.(*Memory); ok {
		return // it forgets by design
	}
	b := batch(data.Put, "a", 0, body("one"))
	b.Key = "key"
	b.Changes[0].Reach = &data.Reach{}
	commit(t, st, b, batch(data.Sketch, "b", 0, body("two")))
	want, wantHistory := loaded(t, st), history(t, st, "a")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Commit(t.Context(), store.Group{Batches: []data.Batch{batch(data.Put, "c", 0, body("x"))}}); err == nil {
		t.Error("a closed store takes changes")
	}
	st = open(t, o)
	if diff := cmp.Diff(want, loaded(t, st)); diff != "" {
		t.Errorf("after it was opened again:\n%s", diff)
	}
	if diff := cmp.Diff(wantHistory, history(t, st, "a")); diff != "" {
		t.Errorf("history after it was opened again:\n%s", diff)
	}
	if _, err := st.Committed(t.Context(), "ann", "key"); err != nil {
		t.Error(err)
	}
	if r := commit(t, st, batch(data.Put, "c", 0, body("x")))[0]; r.Revision.Sequence != 3 {
		t.Errorf("the next change is %+v", r)
	}
}

// operations holds the store to Memory, by any operations.
func operations(t *testing.T, make func(*testing.T) Open) {
	ctx := context.Background()
	st, model := open(t, make(t)), NewMemory()
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++ // each on records of its own
		ids := []string{fmt.Sprintf("a%d", round), fmt.Sprintf("b%d", round)}
		for range rapid.IntRange(1, 12).Draw(rt, "groups") {
			g := rapid.SliceOfN(drawBatch(ids), 1, 3).Draw(rt, "group")
			got, err := st.Commit(ctx, store.Group{Batches: g})
			want, wantErr := model.Commit(ctx, store.Group{Batches: g})
			for _, kind := range []error{data.ErrConflict, data.ErrNotFound, nil} {
				if errors.Is(err, kind) != errors.Is(wantErr, kind) {
					rt.Fatalf("%v, want %v", err, wantErr)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatal(diff)
			}
		}
		for _, id := range ids {
			got, want := versions(st.History(ctx, data.Sources, id)), versions(model.History(ctx, data.Sources, id))
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
	if diff := cmp.Diff(standing(ctx, model), standing(ctx, st)); diff != "" {
		t.Error(diff)
	}
	if err := st.Verify(ctx); err != nil {
		t.Error(err)
	}
}

func versions(seq iter.Seq2[data.Version, error]) (out []data.Version) {
	for v, err := range seq {
		if err != nil {
			v.Comment = err.Error()
		}
		out = append(out, v)
	}
	return out
}

func standing(ctx context.Context, st store.Store) map[string]data.Version {
	out := map[string]data.Version{}
	_, _ = st.Load(ctx, func(v data.Version) error { // what is missing shows in the comparison
		out[fmt.Sprintf("%s/%s %v", v.Kind, v.ID, v.Draft())] = v
		return nil
	})
	return out
}

func drawBatch(ids []string) *rapid.Generator[data.Batch] {
	return rapid.Custom(func(t *rapid.T) data.Batch {
		b := data.Batch{Author: ids[0], At: time.Unix(int64(rapid.IntRange(0, 100).Draw(t, "at")), 0).UTC()}
		b.Key = rapid.SampledFrom([]string{"", "", "", "k1", "k2"}).Draw(t, "key")
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			c := data.Change{Kind: data.Sources, ID: rapid.SampledFrom(ids).Draw(t, "id"), Expect: rapid.SampledFrom([]int{-1, -1, 0, 1}).Draw(t, "expect")}
			c.Operation = rapid.SampledFrom([]data.Operation{data.Put, data.Put, data.Retract, data.Redact, data.Sketch, data.Sketch, data.Publish, data.Discard}).Draw(t, "operation")
			if c.Operation == data.Put || c.Operation == data.Sketch {
				c.Body = body(rapid.StringN(0, 5, -1).Draw(t, "publisher"))
			}
			b.Changes = append(b.Changes, c)
		}
		return b
	})
}
