package background_test

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"demarc/data/background"
)

// niceness returns how far the thread of the caller gives way.
func niceness(t *testing.T) int32 {
	t.Helper()
	a, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		t.Error(err)
		return 0
	}
	return a.Nice
}

// The work gives way, and nobody else does, not even on the thread on which it ran.
func TestWorkGivesWay(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own := niceness(t)
	background.GiveWay()
	var at int32
	background.Do(func() { at = niceness(t) })
	if want := max(own, 15); at != want {
		t.Errorf("the work's niceness is %d, want %d: that of others is %d", at, want, own)
	}
	for range 50 { // as many threads as there may be
		others := make(chan int32)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			others <- niceness(t)
		}()
		if got := <-others; got != own {
			t.Fatalf("another goroutine's niceness is %d, want %d", got, own)
		}
	}
}
