package snapshot

import (
	"sync"
	"testing"
)

// A crew does each job once, and no more of them at a time than it has hands.
func TestCrewDoesEachJobOnce(t *testing.T) {
	for _, c := range []crew{1, 3, 8} {
		var mu sync.Mutex
		done, at, most := map[int]int{}, 0, 0
		c.do(100, func(i int) {
			mu.Lock()
			at++
			most = max(most, at)
			done[i]++
			mu.Unlock()
			mu.Lock()
			at--
			mu.Unlock()
		})
		if most > int(c) {
			t.Errorf("a crew of %d did %d jobs at once", c, most)
		}
		for i := range 100 {
			if done[i] != 1 {
				t.Errorf("a crew of %d did job %d %d times", c, i, done[i])
			}
		}
	}
}
