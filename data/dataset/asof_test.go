package dataset_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"demarc/data"
	"demarc/data/dataset"
	"demarc/data/snapshot"
)

func lenOf(t *testing.T, s *snapshot.Snapshot) int {
	t.Helper()
	c, err := s.Collection("incidents")
	if err != nil {
		t.Fatal(err)
	}
	return c.Len()
}

func TestAsOf(t *testing.T) {
	ctx := t.Context()
	d, err := dataset.New(generation(1))
	if err != nil {
		t.Fatal(err)
	}
	get := func(day data.Date) *snapshot.Snapshot {
		t.Helper()
		s, err := d.AsOf(ctx, day)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	tenth := data.Date{Year: 2000, Month: 1, Day: 10}
	s := get(tenth)
	if n := lenOf(t, s); n != 20 { // days 1 to 28, and 1 to 12 again
		t.Errorf("on the tenth day %d incidents are known, want 20", n)
	}
	if get(tenth) != s {
		t.Error("the same day is built twice")
	}
	if get(data.Date{}) != d.Snapshot() || get(data.Date{Year: 2001}) != d.Snapshot() {
		t.Error("with nothing dated later it is not the current snapshot")
	}
	for day := 1; day <= 9; day++ { // more than are kept
		get(data.Date{Year: 2000, Month: 1, Day: day})
	}
	if get(tenth) == s {
		t.Error("every day asked for is kept for ever")
	}
	s = get(tenth)
	if err := d.Replace(generation(2)); err != nil {
		t.Fatal(err)
	}
	if get(tenth) == s {
		t.Error("the day is answered out of the dataset before")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for range 100 { // either is ready by chance, once it is built
		if s, err := d.AsOf(ended, data.Date{Year: 2000, Month: 1, Day: 20}); err != nil && !errors.Is(err, context.Canceled) || err == nil && lenOf(t, s) != 32 {
			t.Errorf("for one who is gone: %v, %v", s, err)
		}
	}
	get(data.Date{Year: 2000, Month: 1, Day: 20}) // or it is left to itself when the test ends
}

// Many who ask for one day at once get one snapshot.
func TestAsOfTogether(t *testing.T) {
	d, err := dataset.New(generation(1))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	got := make([]*snapshot.Snapshot, 16)
	for i := range got {
		wait.Go(func() {
			s, err := d.AsOf(t.Context(), data.Date{Year: 2000, Month: 1, Day: 5 + i%2})
			if err != nil {
				t.Error(err)
			}
			got[i] = s
		})
	}
	wait.Wait()
	for i, s := range got {
		if s != got[i%2] {
			t.Errorf("question %d got a snapshot of its own", i)
		}
	}
}
