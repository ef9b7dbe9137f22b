package snapshot

import (
	"runtime"
	"sync"
	"sync/atomic"

	"demarc/data/background"
)

// crew is how many goroutines share a work.
type crew int

// everyone is for what all wait for: a processor each.
func everyone() crew { return crew(runtime.GOMAXPROCS(0)) }

// beside is for what is done while others ask. It leaves a processor each to the
// commit that goes on beside it, the garbage collector, and who asks: a question that
// comes while all are taken waits for the scheduler, for ten milliseconds and more.
func beside() crew { return max(1, everyone()-3) }

// pair is for what is done in the line of changes, where each waits for the one before:
// incidents and what is counted by them go beside one another, for less than a
// millisecond at a time.
func pair() crew { return min(2, everyone()) }

// do does n jobs.
func (c crew) do(n int, job func(i int)) {
	workers := min(n, int(c))
	if workers <= 1 {
		for i := range n {
			job(i)
		}
		return
	}
	start := background.Go
	if c >= everyone() { // who all wait for gives way to nobody
		start = func(do func()) { go do() }
	}
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			job(i)
		}
	}
	var wait sync.WaitGroup
	for range workers - 1 {
		wait.Add(1)
		start(func() {
			defer wait.Done()
			work()
		})
	}
	work()
	wait.Wait()
}
