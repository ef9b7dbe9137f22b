package tile

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sort"

	"demarc/data/snapshot"
	"demarc/geo/tms"
)

// view is what one query selects of an order.
type view struct {
	*order
	born   snapshot.Gone // what it leaves out, since that was gone when it was made
	places []uint32      // in the order, ascending; nil for all
	shapes []shape
	// levels are the cells of each depth up to that of the deepest level, in the
	// order of their keys: a pyramid.
	levels [][]cell
	known  known
}

// newView asks what the query selects of a part as it is now.
func newView(ctx context.Context, o *order, part snapshot.Part, q *snapshot.Query) (*view, error) {
	v := &view{order: o, born: part.Gone()}
	members, err := part.Living().Members(ctx, q)
	if err != nil {
		return nil, err
	}
	has := func(slot uint32) bool { return members[slot/64]&(1<<(slot%64)) != 0 }
	runs := make([][]uint32, maxRuns)
	used := inRuns(len(o.slots), func(run, from, to int) {
		for place := from; place < to; place++ {
			if has(o.slots[place]) {
				runs[run] = append(runs[run], uint32(place))
			}
		}
	})
	v.places = slices.Concat(runs[:used]...)
	switch len(v.places) {
	case len(o.keys):
		v.places = nil
	case 0:
		v.places = []uint32{}
	}
	for _, s := range o.shapes {
		if has(s.slot) {
			v.shapes = append(v.shapes, s)
		}
	}
	v.build()
	return v, ctx.Err()
}

// around returns the places of the points in the blocks of a tile and round it, in
// their order; ok is false where they are more than most.
func (o *order) around(t tms.Tile, most int) (places []uint32, ok bool) {
	type run struct{ from, to int }
	var runs []run
	n := 0
	eachBlock(o.set, t, func(b node, _ int) {
		i, j := o.span(b)
		runs = append(runs, run{i, j})
		n += j - i
	})
	if n > most {
		return nil, false
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.from, b.from) })
	places, next := make([]uint32, 0, n), 0
	for _, r := range runs { // the same twice where the world is less than six blocks wide
		for place := max(r.from, next); place < r.to; place++ {
			places = append(places, uint32(place))
		}
		next = max(next, r.to)
	}
	return places, true
}

// len returns how many points the view has.
func (v *view) len() int {
	if v.places == nil {
		return len(v.keys)
	}
	return len(v.places)
}

// place returns the place in the order of the view's i-th point.
func (v *view) place(i int) uint32 {
	if v.places == nil {
		return uint32(i)
	}
	return v.places[i]
}

func (v *view) key(i int) uint64 { return v.keys[v.place(i)] }

// span returns which of the view's points lie in the node: from i up to, not
// including, j.
func (v *view) span(n node) (i, j int) {
	from, to := n.keys()
	return v.between(from, to)
}

// between returns which of the view's points have a key from from up to, not including,
// to.
func (v *view) between(from, to uint64) (i, j int) {
	if v.places == nil {
		i, _ = slices.BinarySearch(v.keys, from)
		j, _ = slices.BinarySearch(v.keys[i:], to)
		return i, i + j
	}
	i = sort.Search(len(v.places), func(i int) bool { return v.keys[v.places[i]] >= from })
	rest := v.places[i:]
	return i, i + sort.Search(len(rest), func(i int) bool { return v.keys[rest[i]] >= to })
}

// direct is how many points a view has that needs no pyramid, and few how many of a node
// are merged on the spot where there is one.
const (
	direct = 4096
	few    = 64
)

// cells yields the cells of a depth that lie in the node, which has the points
// from i to j, in the order of their keys, without those of its points that are gone.
func (v *view) cells(n node, i, j, depth int, gone []uint32, yield func(*cell)) {
	if j-i <= few || depth >= len(v.levels) {
		v.merge(i, j, depth, gone, yield)
		return
	}
	level := v.levels[depth]
	from, to := n.keys()
	first := sort.Search(len(level), func(i int) bool { return level[i].key >= from })
	for k := first; k < len(level) && level[k].key < to; k++ {
		missing := v.goneUpTo(&gone, behind(level[k].key, depth))
		if len(missing) == 0 {
			yield(&level[k])
		} else if c := v.mended(level[k].key, depth, missing); c.count > 0 {
			yield(&c)
		}
	}
}

// merge makes cells of a depth out of the points from i to j, without those of them that
// are gone.
func (v *view) merge(i, j, depth int, gone []uint32, yield func(*cell)) {
	mask := maskOf(depth)
	var current cell
	for ; i < j; i++ {
		place := v.place(i)
		if len(gone) > 0 && gone[0] == place {
			gone = gone[1:]
			continue
		}
		key := v.keys[place] & mask
		if key == current.key && current.count > 0 {
			v.addOne(&current, place)
			continue
		}
		if current.count > 0 {
			yield(&current)
		}
		current = v.one(place, key)
	}
	if current.count > 0 {
		yield(&current)
	}
}

// maskOf keeps those bits of a key that name its node of a depth.
func maskOf(d int) uint64 { return ^uint64(0) << (2 * (depth - d)) }

// build makes the pyramid: its deepest level is the deepest that has a cell for
// sixteen points or more on the average, and every level above is made out of the
// one below. It takes less than a tenth of the memory of the points.
func (v *view) build() {
	if v.len() <= direct {
		return
	}
	deepest := v.deepest()
	v.levels = make([][]cell, deepest+1)
	runs := make([][]cell, maxRuns)
	used := inRuns(v.len(), func(run, from, to int) {
		v.merge(from, to, deepest, nil, func(c *cell) { runs[run] = append(runs[run], *c) })
	})
	var cells []cell
	for _, run := range runs[:used] {
		if n := len(cells); n > 0 && cells[n-1].key == run[0].key { // a run ended within a cell
			v.add(&cells[n-1], &run[0])
			run = run[1:]
		}
		cells = append(cells, run...)
	}
	v.levels[deepest] = slices.Clip(cells)
	for d := deepest - 1; d >= 0; d-- {
		v.levels[d] = v.above(v.levels[d+1], d)
	}
}

// deepest returns the depth of the pyramid's deepest level. How many cells each
// depth has follows from how many bits each key shares with the one before.
func (v *view) deepest() int {
	type differences [depth + 1]int // by the first depth at which a key leaves the cell of the one before
	runs := make([]differences, maxRuns)
	used := inRuns(v.len(), func(run, from, to int) {
		var differ differences
		before := v.key(max(from-1, 0))
		for i := from; i < to; i++ {
			key := v.key(i)
			if key != before {
				differ[commonDepth(key, before)+1]++
			}
			before = key
		}
		runs[run] = differ
	})
	cells, most := 1, max(v.len()/16, 1)
	for d := range depth + 1 {
		for run := range used {
			cells += runs[run][d]
		}
		if cells > most {
			return max(d-1, 0)
		}
	}
	return depth
}

// commonDepth is how deep the deepest node is that holds both keys.
func commonDepth(a, b uint64) int {
	return (bits.LeadingZeros64(a^b) - (64 - 2*depth)) / 2
}

// above merges the cells of a level into those of depth d.
func (v *view) above(level []cell, d int) []cell {
	mask := maskOf(d)
	var out []cell
	for i := range level {
		c := level[i]
		c.key &= mask
		if len(out) > 0 && out[len(out)-1].key == c.key {
			v.add(&out[len(out)-1], &c)
			continue
		}
		out = append(out, c)
	}
	return slices.Clip(out)
}

// cost is about how many bytes the view takes beside its order.
func (v *view) cost() int64 {
	cells := 0
	for _, level := range v.levels {
		cells += len(level)
	}
	return int64(len(v.places))*4 + int64(cells)*96 + int64(len(v.shapes))*16 + 512
}
