package snapshot

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestLeastAndGreatestAreThoseOfTheSortedRows(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for n := range 400 {
		sorted := make([]uint32, n)
		for i := range sorted {
			sorted[i] = uint32(i * 3)
		}
		for _, arrange := range []func([]uint32){
			func(rows []uint32) {}, slices.Reverse[[]uint32],
			func(rows []uint32) { rnd.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] }) },
			func(rows []uint32) { // two runs, as of two codes
				slices.SortFunc(rows, func(a, b uint32) int { return int(a%2) - int(b%2) })
			},
		} {
			k := rnd.IntN(n + 2)
			low, high := slices.Clone(sorted), slices.Clone(sorted)
			arrange(low)
			arrange(high)
			low, high = least(low, k, uint32(3*n)), greatest(high, k, uint32(3*n))
			if k = min(k, n); !slices.Equal(low, sorted[:k]) || !slices.Equal(high, sorted[n-k:]) {
				t.Fatalf("of %d rows the least %d are %v, the greatest %v", n, k, low, high)
			}
		}
	}
}
