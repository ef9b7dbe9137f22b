package snapshot

import (
	"runtime"
	"sync"
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
	var wait sync.WaitGroup
	jobs := make(chan int)
	for range workers {
		wait.Go(func() {
			for i := range jobs {
				job(i)
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wait.Wait()
}
