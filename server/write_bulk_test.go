package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// No more than a few large requests are at hand at once; small ones wait for none, and
// who goes away waits no longer.
func TestBulksTakeTurns(t *testing.T) {
	turns := make(bulks, bulksAtOnce)
	var now, most, done atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			err := turns.do(t.Context(), bulkBytes, func() error {
				n := now.Add(1)
				for was := most.Load(); n > was && !most.CompareAndSwap(was, n); was = most.Load() {
				}
				done.Add(1)
				now.Add(-1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() > bulksAtOnce || done.Load() != 20 {
		t.Errorf("%d were at hand at once, and %d were done", most.Load(), done.Load())
	}

	busy, free := make(chan struct{}), make(chan struct{})
	for range bulksAtOnce {
		all.Go(func() {
			_ = turns.do(t.Context(), bulkBytes, func() error { busy <- struct{}{}; <-free; return nil })
		})
		<-busy
	}
	fault := errors.New("the body's")
	if err := turns.do(t.Context(), bulkBytes-1, func() error { return fault }); !errors.Is(err, fault) {
		t.Errorf("a small request is answered by %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := turns.do(gone, bulkBytes, func() error { t.Error("it is carried out"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away is answered by %v", err)
	}
	close(free)
	all.Wait()
}

// A large collection is made like a small one, also when it is sent again, and its
// faults are told like those of one.
func TestBulk(t *testing.T) {
	d := writable(t, Config{})
	const n = 400
	bulk := func(last string) string {
		var b strings.Builder
		for i := range n {
			publisher := strings.Repeat("P", 200)
			if i == n-1 {
				publisher = last
			}
			fmt.Fprintf(&b, `,{"type":"Feature","geometry":null,"properties":{"id":"bulk-%d","publisher":%q}}`, i, publisher)
		}
		return `{"type":"FeatureCollection","features":[` + b.String()[1:] + `]}`
	}
	if len(bulk("P")) < bulkBytes {
		t.Fatalf("%d bytes are not many", len(bulk("P")))
	}
	const sources = "/collections/sources/items"
	before := d.data.Revision()
	p := d.send("ann", "POST", sources, bulk("")).problem(http.StatusUnprocessableEntity, "invalid-content")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != fmt.Sprintf("/features/%d/properties/publisher", n-1) || d.data.Revision() != before {
		t.Errorf("the fault is told as %+v; revision %+v after %+v", p.Errors, d.data.Revision(), before)
	}
	var first, again struct{ Created []string }
	d.send("ann", "POST", sources, bulk("P"), "Idempotency-Key", "k").is(http.StatusCreated).into(&first)
	after := d.data.Revision()
	d.send("ann", "POST", sources, bulk("P"), "Idempotency-Key", "k").is(http.StatusCreated).into(&again)
	if len(first.Created) != n || !slices.Equal(first.Created, again.Created) || after.Number != before.Number+1 || d.data.Revision() != after {
		t.Errorf("%d were created, and again %d; revisions %+v, %+v, %+v", len(first.Created), len(again.Created), before, after, d.data.Revision())
	}
}
