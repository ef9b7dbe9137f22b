package background

import (
	"sync"
	"sync/atomic"
)

// Each does the jobs 0 to n-1, each once, and returns when all are done. At most so many
// workers take them in turn, of which the caller is one; the others are started by start:
// Go for those that give way, nil for goroutines like any other.
func Each(workers, n int, start func(do func()), job func(i int)) {
	workers = min(n, workers)
	if workers <= 1 {
		for i := range n {
			job(i)
		}
		return
	}
	if start == nil {
		start = func(do func()) { go do() }
	}
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			job(i)
		}
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Add(1)
		start(func() {
			defer others.Done()
			work()
		})
	}
	work()
	others.Wait()
}
