package snapshot

import (
	"math/rand/v2"
	"testing"
)

// More rows die at a time and again, in blocks that had dead ones and in others: has
// and rank are those of a plain list, and what was there before stays as it was.
func TestDeadOfManyBlocks(t *testing.T) {
	const n = 5*blockRows + 100
	rnd := rand.New(rand.NewPCG(8, 9))
	var now dead
	is := make([]bool, n)
	for range 40 {
		old, count := now, now.count
		var rows []uint32
		for range rnd.IntN(30) {
			row := uint32(rnd.IntN(n))
			rows, is[row] = append(rows, row), true // some of them twice
		}
		now = now.with(n, rows)
		living := 0
		for row := range uint32(n) {
			if now.has(row) != is[row] || now.rank(row) != living {
				t.Fatalf("row %d: dead %v, %d before it live; want %v, %d", row, now.has(row), now.rank(row), is[row], living)
			}
			if !is[row] {
				living++
			}
		}
		if now.rank(n) != living || now.count != n-living {
			t.Fatalf("%d rows live and %d are dead, want %d", now.rank(n), now.count, living)
		}
		if old.count != count || count > 0 && old.rank(n) != n-count {
			t.Fatalf("before, %d were dead; now they are %d", count, n-old.rank(n))
		}
	}
}
