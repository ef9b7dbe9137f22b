package snapshot

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"
)

// settle sorts the rows of a list that a search has found in no order, of which the
// page needs few: those that no page of the query can show are left out of rows.
// They stay counted in n. What is left has, beside the page, what stands before and
// behind it.
func (l *list) settle(q *Query) {
	rows, most := l.rows, q.need()
	if most < 0 || most >= len(rows) { // all of them, or a number that ran over
		slices.Sort(rows)
		return
	}
	if q.At == nil {
		l.rows = least(rows, most)
		slices.Sort(l.rows)
		return
	}
	edge := uint32(sort.Search(int(l.v.n), func(row int) bool {
		o := cmp.Compare(l.v.keys.at(uint32(row)), q.At.Key)
		return o > 0 || o == 0 && q.At.Back
	}))
	split := partition(rows, edge)
	before, behind := rows[:split], rows[split:]
	if q.At.Back {
		before, behind = greatest(before, most), least(behind, 1)
	} else {
		before, behind = greatest(before, 1), least(behind, most)
	}
	l.rows = append(append(rows[:0], before...), behind...) // before stands first, so nothing is overwritten
	slices.Sort(l.rows)
}

// partition puts the rows below edge first and returns how many they are.
func partition(rows []uint32, edge uint32) int {
	n := 0
	for i, row := range rows {
		if row < edge {
			rows[i], rows[n] = rows[n], row
			n++
		}
	}
	return n
}

// least returns the least k of the rows, which are all different, in no order. It
// moves them to the front. Its cost grows with the rows (Hoare 1961, FIND).
func least(rows []uint32, k int) []uint32 {
	if k >= len(rows) {
		return rows
	}
	divide(rows, k)
	return rows[:k]
}

// greatest returns the greatest k of the rows, in no order, from the end.
func greatest(rows []uint32, k int) []uint32 {
	if k >= len(rows) {
		return rows
	}
	divide(rows, len(rows)-k)
	return rows[len(rows)-k:]
}

// divide puts the least k of the rows before the others.
func divide(rows []uint32, k int) {
	low, high := 0, len(rows)
	for range 2 * bits.Len(uint(len(rows))) { // more only where the pivots are bad, and then sorting is no worse
		if high-low <= 16 {
			break
		}
		pivot := middle(rows[low], rows[(low+high)/2], rows[high-1])
		i, j := low, high-1
		for i <= j {
			for rows[i] < pivot {
				i++
			}
			for rows[j] > pivot {
				j--
			}
			if i <= j {
				rows[i], rows[j] = rows[j], rows[i]
				i++
				j--
			}
		}
		switch {
		case k <= j+1:
			high = j + 1
		case k >= i:
			low = i
		default:
			return
		}
	}
	slices.Sort(rows[low:high])
}

// middle returns the one of three that is between the others.
func middle(a, b, c uint32) uint32 {
	return max(min(a, b), min(max(a, b), c))
}
