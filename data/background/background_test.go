package background_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"demarc/data/background"
)

// All is done, also by work that waits for other work, and no thread is left.
func TestAllIsDone(t *testing.T) {
	defer goleak.VerifyNone(t)
	var done atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Add(1)
		background.Go(func() {
			defer all.Done()
			background.Do(func() { done.Add(1) })
			done.Add(1)
		})
	}
	all.Wait()
	if n := done.Load(); n != 200 {
		t.Errorf("%d works were done, want 200", n)
	}
}

// A panic is that of who asked for the work.
func TestPanic(t *testing.T) {
	defer func() {
		if thrown := recover(); thrown != "why" {
			t.Errorf("recovered %v", thrown)
		}
		ran := false
		background.Do(func() { ran = true })
		if !ran {
			t.Error("after a panic nothing is done")
		}
	}()
	background.Do(func() { panic("why") })
}
