package background_test

import (
	"runtime"
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

// A question finds a goroutine's place beside the work, on few processors too, unless the
// program is told how many to take.
func TestRoomBesideTheWork(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	had := background.Processors()
	t.Setenv("GOMAXPROCS", "1")
	background.GiveWay()
	if n := runtime.GOMAXPROCS(0); n != 1 {
		t.Errorf("told to take one: %d goroutines run at once", n)
	}
	t.Setenv("GOMAXPROCS", "")
	background.GiveWay()
	if n := runtime.GOMAXPROCS(0); n != 4 {
		t.Errorf("%d goroutines run at once, want 4", n)
	}
	if n := background.Processors(); n != had {
		t.Errorf("there are %d processors now, %d before", n, had)
	}
}
