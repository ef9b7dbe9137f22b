package dataset_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/data/snapshot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// generation builds records in which every title says the generation.
func generation(n int) *data.Records {
	r := &data.Records{Places: []data.Place{{ID: "p", Position: []float64{70, 39}}}}
	for i := range 40 {
		day := data.Date{Year: 2000, Month: 1, Day: 1 + i%28}
		r.Incidents = append(r.Incidents, data.Incident{ID: fmt.Sprintf("i%02d", i), Title: fmt.Sprintf("generation %d", n), Start: day, End: day, PlaceID: "p"})
	}
	return r
}

func TestReplace(t *testing.T) {
	d, err := dataset.New(generation(1))
	if err != nil {
		t.Fatal(err)
	}
	before := d.Snapshot()
	if err := d.Replace(generation(2)); err != nil {
		t.Fatal(err)
	}
	if d.Snapshot() == before || d.Snapshot().Revision() == before.Revision() {
		t.Error("the snapshot is still the one before")
	}
	after := d.Snapshot()
	broken := generation(3)
	broken.Incidents[0].Claims = []data.Claim{{ID: "without a number"}}
	if err := d.Replace(broken); err == nil {
		t.Error("records that cannot be built were taken")
	}
	if d.Snapshot() != after {
		t.Error("a failed Replace exchanged the snapshot")
	}
	if d, err := dataset.New(broken); err == nil || d != nil {
		t.Errorf("New of records that cannot be built: %v, %v", d, err)
	}
}

// Readers that keep a snapshot see one generation on every page, while writers
// exchange it under them.
func TestReadersSeeOneState(t *testing.T) {
	const generations = 20
	d, err := dataset.New(generation(0))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var writers, readers sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			for n := range generations {
				if err := d.Replace(generation(w*generations + n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 4 {
		readers.Go(func() {
			for {
				readAll(t, d.Snapshot())
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

// readAll reads the incidents page by page and compares their generations.
func readAll(t *testing.T, s *snapshot.Snapshot) {
	c, err := s.Collection("incidents")
	if err != nil {
		t.Error(err)
		return
	}
	first, seen := "", 0
	q := snapshot.Query{Limit: 7}
	for {
		page, err := c.Items(context.Background(), &q)
		if err != nil {
			t.Error(err)
			return
		}
		for _, h := range page.Hits {
			title := h.Values[1].Text()
			if first == "" {
				first = title
			}
			if title != first || !strings.Contains(string(h.JSON), first) {
				t.Errorf("%s says %q among those of %q", h.ID, title, first)
			}
			seen++
		}
		if q.At = page.Next; q.At == nil {
			break
		}
	}
	if seen != 40 {
		t.Errorf("%d incidents on all pages, want 40", seen)
	}
}
