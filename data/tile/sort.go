package tile

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// keyed is a slot with what it is sorted by.
type keyed struct {
	key  uint64
	slot uint32
}

// sortByKey sorts by key, and leaves what has the same key in its order: a radix
// sort from the last digit to the first, which leaves out digits that all have in
// common. Its cost grows with the number alone, a tenth of that of comparing.
func sortByKey(all []keyed) []keyed {
	const bits = 11
	if len(all) == 0 {
		return all
	}
	var some uint64 // the bits in which keys differ
	for i := range all {
		some |= all[i].key ^ all[0].key
	}
	spare := make([]keyed, len(all))
	for shift := 0; shift < 64; shift += bits {
		if some>>shift&(1<<bits-1) == 0 {
			continue
		}
		var count [1 << bits]int
		for i := range all {
			count[all[i].key>>shift&(1<<bits-1)]++
		}
		at := 0
		for d, n := range count {
			count[d], at = at, at+n
		}
		for i := range all {
			d := all[i].key >> shift & (1<<bits - 1)
			spare[count[d]] = all[i]
			count[d]++
		}
		all, spare = spare, all
	}
	return all
}

// maxRuns bounds how many runs there are.
const maxRuns = 64

// inRuns divides 0 to n into a run for each core and works on them at once. It
// returns how many runs there were.
func inRuns(n int, work func(run, from, to int)) (runs int) {
	runs = max(1, min(runtime.GOMAXPROCS(0), n/4096, maxRuns))
	var all sync.WaitGroup
	for run := range runs {
		all.Go(func() { work(run, n*run/runs, n*(run+1)/runs) })
	}
	all.Wait()
	return runs
}

// inTurns does n jobs, as many at once as there are cores.
func inTurns(n int, work func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	all.Wait()
}
