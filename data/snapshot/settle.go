package snapshot

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// edge returns the first row of a view that is not before the place where the page
// begins: the page is from it on, or with Back before it.
func (q *Query) edge(v *view) uint32 {
	if q.At == nil {
		return 0
	}
	return uint32(sort.Search(int(v.n), func(row int) bool {
		o := cmp.Compare(v.keys.at(uint32(row)), q.At.Key)
		return o > 0 || o == 0 && q.At.Back
	}))
}

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
		l.rows = least(rows, most, l.v.n)
		return
	}
	split := partition(rows, q.edge(l.v))
	before, behind := rows[:split], rows[split:]
	if q.At.Back {
		before, behind = greatest(before, most, l.v.n), least(behind, 1, l.v.n)
	} else {
		before, behind = greatest(before, 1, l.v.n), least(behind, most, l.v.n)
	}
	l.rows = append(append(rows[:0], before...), behind...) // before stands first, so nothing is overwritten
}

// addUnlocated adds the rows without a place to a list in no order, as many as the
// page needs, and counts all. They stand in their order, so that the others need no
// look.
func (l *list) addUnlocated(q *Query) {
	v := l.v
	l.n += v.live - v.located
	most, edge := q.need(), q.edge(v)
	if most < 0 {
		most = math.MaxInt
	}
	before, behind := 1, most
	if q.At != nil && q.At.Back {
		before, behind = most, 1
	}
	for _, site := range v.sites.unlocated {
		rows := v.sites.rows.of(site)
		at, _ := slices.BinarySearch(rows, edge)
		for i, left := at, behind; i < len(rows) && left > 0; i++ {
			if !v.dead.has(rows[i]) {
				l.rows = append(l.rows, rows[i])
				left--
			}
		}
		for i, left := at-1, before; i >= 0 && left > 0; i-- {
			if !v.dead.has(rows[i]) {
				l.rows = append(l.rows, rows[i])
				left--
			}
		}
	}
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

// buckets is in how many least counts rows: as many as fit beside what it works on.
const buckets = 512

// least returns the least k of the rows of a part of n, which are all different, in
// their order, at the front of rows; what is behind may be lost. It counts how many
// rows stand in each stretch of the part, and sorts those of the first stretches that
// have k: no comparison of two rows, but for those that stand together.
func least(rows []uint32, k int, n uint32) []uint32 {
	if k >= len(rows) || len(rows) < 64 {
		slices.Sort(rows)
		return rows[:min(k, len(rows))]
	}
	shift := 0
	for n>>shift >= buckets {
		shift++
	}
	var counts [buckets]uint32
	for _, row := range rows {
		counts[row>>shift%buckets]++
	}
	sum, last := 0, uint32(0)
	for sum < k {
		sum += int(counts[last])
		last++
	}
	rows = rows[:partition(rows, last<<shift)]
	slices.Sort(rows)
	return rows[:k]
}

// greatest returns the greatest k of the rows of a part of n, in their order, at the
// front of rows.
func greatest(rows []uint32, k int, n uint32) []uint32 {
	for i := range rows {
		rows[i] = n - 1 - rows[i]
	}
	rows = least(rows, k, n)
	for i := range rows {
		rows[i] = n - 1 - rows[i]
	}
	slices.Reverse(rows)
	return rows
}
