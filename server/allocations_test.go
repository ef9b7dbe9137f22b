//go:build !race

package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAllocations holds what a request leaves to the collector to a bound: it grows
// with neither the collection nor the answer. The race detector allocates besides.
func TestAllocations(t *testing.T) {
	h, err := benched()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct {
		path string
		most float64
	}{
		{"/collections/synthetic/items?bbox=70.4,39.8,70.9,40.1&limit=100", 20},
		{"/collections/synthetic/items?bbox=70.4,39.8,70.9,40.1&limit=1000", 20},
		{"/collections/incidents/items?bbox=68,38,72,41&limit=100", 20},
		{"/collections/synthetic/items?limit=100", 20},
		{"/collections/synthetic/items/synth-77", 10},
	} {
		w := &counter{header: http.Header{}}
		r := httptest.NewRequest(http.MethodGet, q.path, nil)
		got := testing.AllocsPerRun(200, func() {
			clear(w.header)
			w.status, w.bytes = http.StatusOK, 0
			h.ServeHTTP(w, r)
		})
		if w.status != http.StatusOK || got > q.most {
			t.Errorf("%s: %d with %.0f allocations, want at most %.0f", q.path, w.status, got, q.most)
		}
	}
}
