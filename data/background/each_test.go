package background_test

import (
	"sync/atomic"
	"testing"

	"demarc/data/background"
)

// Each job is done once, before Each returns, by no more workers than were asked for.
func TestEach(t *testing.T) {
	for _, start := range []func(func()){nil, background.Go} {
		for _, workers := range []int{-1, 0, 1, 3, 50} {
			for _, n := range []int{0, 1, 2, 40} {
				done := make([]atomic.Int32, n)
				var busy atomic.Int32
				background.Each(workers, n, start, func(i int) {
					if now := int(busy.Add(1)); now > max(1, workers) {
						t.Errorf("%d workers for %d jobs: %d work at once", workers, n, now)
					}
					done[i].Add(1)
					busy.Add(-1)
				})
				for i := range done {
					if times := done[i].Load(); times != 1 {
						t.Errorf("%d workers for %d jobs: job %d was done %d times", workers, n, i, times)
					}
				}
			}
		}
	}
}

// The workers besides the caller are those that start starts, and as many as are of use.
func TestEachStarts(t *testing.T) {
	for _, c := range []struct{ workers, n, want int }{{4, 100, 3}, {4, 2, 1}, {4, 1, 0}, {1, 100, 0}} {
		started := 0
		background.Each(c.workers, c.n, func(do func()) { started++; go do() }, func(int) {})
		if started != c.want {
			t.Errorf("%d workers for %d jobs: %d were started, want %d", c.workers, c.n, started, c.want)
		}
	}
}
