package snapshot

import (
	"slices"
	"sync"

	"demarc/geo"
)

// orders keeps the orders of all current rows that have been asked for.
type orders struct {
	mu    sync.Mutex
	known []knownOrder // the one asked for last at the end
}

type knownOrder struct {
	keys []SortKey
	rows []uint32
}

// mostOrders is how many orders a part keeps: four bytes a row each.
const mostOrders = 6

// order returns all current rows of the part in the order of the keys, for
// reading only. It works them out once; its cost then grows with the rows.
func (p *part) order(keys []SortKey) []uint32 {
	o := p.orders
	o.mu.Lock()
	defer o.mu.Unlock()
	at := slices.IndexFunc(o.known, func(k knownOrder) bool { return slices.Equal(k.keys, keys) })
	if at >= 0 {
		k := o.known[at]
		o.known = append(slices.Delete(o.known, at, at+1), k)
		return k.rows
	}
	rows := make([]uint32, 0, p.n)
	for row := range p.n {
		if p.current(row) {
			rows = append(rows, row)
		}
	}
	rows = p.sorted(rows, keys)
	if len(o.known) == mostOrders {
		o.known = slices.Delete(o.known, 0, 1)
	}
	o.known = append(o.known, knownOrder{slices.Clone(keys), rows})
	return rows
}

// sorted returns the rows in the order of the keys; those that are equal in all
// of them stay in their order. rows may be overwritten.
func (p *part) sorted(rows []uint32, keys []SortKey) []uint32 {
	if len(keys) == 0 || len(rows) < 2 {
		return rows
	}
	ranks := make([]func(uint32) uint32, len(keys))
	mosts := make([]uint32, len(keys))
	widest := uint32(0)
	for i, k := range keys {
		ranks[i], mosts[i] = p.rank(k)
		widest = max(widest, mosts[i])
	}
	if len(rows) < 256 || int(widest) > 8*len(rows) {
		slices.SortStableFunc(rows, func(a, b uint32) int {
			for _, rank := range ranks {
				if x, y := rank(a), rank(b); x != y {
					if x < y {
						return -1
					}
					return 1
				}
			}
			return 0
		})
		return rows
	}
	other := make([]uint32, len(rows))
	for i := len(keys) - 1; i >= 0; i-- { // by the last key first, each time stable
		countingSort(other, rows, ranks[i], mosts[i])
		rows, other = other, rows
	}
	return rows
}

// countingSort puts the rows into to, by rank, which most bounds; stable.
func countingSort(to, rows []uint32, rank func(uint32) uint32, most uint32) {
	next := make([]uint32, most+2)
	for _, row := range rows {
		next[rank(row)+1]++
	}
	for i := range most {
		next[i+1] += next[i]
	}
	for _, row := range rows {
		r := rank(row)
		to[next[r]] = row
		next[r]++
	}
}

// rank returns what orders rows by the key: null last, either way.
func (p *part) rank(k SortKey) (of func(row uint32) uint32, most uint32) {
	up, most := p.column(k.Field).rank()
	if !k.Descending {
		return up, most
	}
	return func(row uint32) uint32 {
		if r := up(row); r < most {
			return most - 1 - r
		}
		return most
	}, most
}

// compare orders two values by the key, null last.
func (k SortKey) compare(a, b geo.Value) int {
	if k.Descending && !a.IsNull() && !b.IsNull() {
		return b.Compare(a)
	}
	return a.Compare(b)
}
