package background_test

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"demarc/data/background"
)

// attributes returns the niceness and the policy of the thread of the caller.
func attributes(t *testing.T) (niceness int32, policy uint32) {
	t.Helper()
	a, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	return a.Nice, a.Policy
}

// The work gives way, and nobody else does, not even on the thread on which it ran.
func TestWorkGivesWay(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, ownPolicy := attributes(t)
	background.GiveWay()
	var at int32
	var policy uint32
	background.Do(func() { at, policy = attributes(t) })
	if want := max(own, 10); at != want || policy != unix.SCHED_BATCH {
		t.Errorf("the work's niceness is %d and its policy %d, want %d and %d: that of others is %d", at, policy, want, unix.SCHED_BATCH, own)
	}
	for range 50 { // as many threads as there may be
		others := make(chan [2]int64)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			nice, policy := attributes(t)
			others <- [2]int64{int64(nice), int64(policy)}
		}()
		if got, want := <-others, [2]int64{int64(own), int64(ownPolicy)}; got != want {
			t.Fatalf("another goroutine's niceness and policy are %d, want %d", got, want)
		}
	}
}
