package shelf_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"demarc/data/shelf"
)

type moment int

func (m moment) Before(o moment) bool { return m < o }

func always(moment) bool { return true }

func TestWhatWasUsedLastIsKept(t *testing.T) {
	s := shelf.New[moment](100)
	made := map[string]int{}
	get := func(key string, now moment, good func(moment) bool) string {
		t.Helper()
		v, err := s.Get(t.Context(), key, now, good, func() (any, int64, error) {
			made[key]++
			return fmt.Sprint(key, made[key]), 40, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return v.(string)
	}
	get("a", 1, always)
	get("b", 1, always)
	get("a", 1, always)
	get("c", 1, always) // b was not used for longest
	for key, want := range map[string]string{"a": "a1", "c": "c1"} {
		if got := get(key, 1, always); got != want {
			t.Errorf("%s is %s, want %s: it was to be kept", key, got, want)
		}
	}
	if got := get("b", 1, always); got != "b2" {
		t.Errorf("b is %s, want it made anew: there was no room", got)
	}
	never := func(moment) bool { return false }
	if got := get("b", 2, never); got != "b3" {
		t.Errorf("b is %s, want it made anew: it was no longer good", got)
	}
	if got := get("b", 1, func(then moment) bool { return then == 1 }); got != "b4" {
		t.Errorf("b is %s, want one for the earlier moment", got)
	}
	if got := get("b", 2, always); got != "b3" {
		t.Errorf("b is %s: what was made for an earlier moment took the place of a later one", got)
	}
}

func TestOneMakesItWhileOthersWait(t *testing.T) {
	s := shelf.New[moment](1 << 20)
	var made atomic.Int32
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			v, err := s.Get(context.Background(), "key", 1, always, func() (any, int64, error) { return int(made.Add(1)), 8, nil })
			if err != nil || v != 1 {
				t.Errorf("got %v, %v", v, err)
			}
		})
	}
	wait.Wait()
}

func TestFailuresAreNotKept(t *testing.T) {
	s := shelf.New[moment](100)
	failure := errors.New("not now")
	if _, err := s.Get(t.Context(), "key", 1, always, func() (any, int64, error) { return nil, 0, failure }); !errors.Is(err, failure) {
		t.Errorf("err = %v, want that of the maker", err)
	}
	if v, err := s.Get(t.Context(), "key", 1, always, func() (any, int64, error) { return "there", 1, nil }); v != "there" || err != nil {
		t.Errorf("after a failure it is %v, %v", v, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := s.Get(ended, "key", 1, always, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want that of the context", err)
	}
}
