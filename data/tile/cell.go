package tile

import (
	"math/bits"
	"slices"
	"sort"
)

// maxFigures and maxWords bound what a cell holds; rolesOf never finds more in our
// own collections, and what a layer has beyond is left out of merged features.
const (
	maxFigures = 4
	maxWords   = 4
)

// cell is what lies in one node of the quadtree, merged.
type cell struct {
	key        uint64 // of the node
	count      uint32
	first      uint32 // place in the order of its first point
	sumX, sumY uint64 // of the positions
	days       [2]int32
	figures    [maxFigures][2]int32 // lowest low, highest high
	words      [maxWords]uint8      // worst grade; kind where all agree
}

// one returns the cell of a single point, under the key of its node.
func (o *order) one(place uint32, key uint64) cell {
	x, y := unmorton(o.keys[place])
	c := cell{key: key, count: 1, first: place, sumX: uint64(x), sumY: uint64(y)}
	if o.sums.days != nil {
		c.days = o.sums.days[place]
	}
	for i, f := range o.sums.figures {
		if c.figures[i] = noFigure; f != nil {
			c.figures[i] = f[place]
		}
	}
	for i, w := range o.sums.words {
		c.words[i] = w[place]
	}
	return c
}

// addOne merges a single point into c.
func (o *order) addOne(c *cell, place uint32) {
	x, y := unmorton(o.keys[place])
	c.count++
	c.sumX += uint64(x)
	c.sumY += uint64(y)
	if o.sums.days != nil {
		c.addDays(o.sums.days[place])
	}
	for i, f := range o.sums.figures {
		if f != nil {
			c.addFigure(i, f[place])
		}
	}
	for i, w := range o.sums.words {
		c.addWord(i, w[place], i < len(o.roles.grades))
	}
}

// add merges d into c.
func (o *order) add(c, d *cell) {
	c.count += d.count
	c.sumX += d.sumX
	c.sumY += d.sumY
	c.addDays(d.days)
	for i := range o.sums.figures {
		c.addFigure(i, d.figures[i])
	}
	for i := range o.sums.words {
		c.addWord(i, d.words[i], i < len(o.roles.grades))
	}
}

func (c *cell) addDays(days [2]int32) {
	c.days = [2]int32{earlier(c.days[0], days[0]), later(c.days[1], days[1])}
}

func (c *cell) addFigure(i int, f [2]int32) {
	c.figures[i] = [2]int32{lower(c.figures[i][0], f[0]), max(c.figures[i][1], f[1])}
}

func (c *cell) addWord(i int, word uint8, isGrade bool) {
	switch before := c.words[i]; {
	case before == word || isGrade && word == none:
	case !isGrade:
		c.words[i] = mixed
	case before == none || word > before:
		c.words[i] = word
	}
}

// earlier returns the first of two first days; noDay, an open end, is the first of
// all, and so it is for the smaller number.
func earlier(a, b int32) int32 { return min(a, b) }

// later returns the last of two last days; noDay, an open end, is the last of all.
func later(a, b int32) int32 {
	if a == noDay || b == noDay {
		return noDay
	}
	return max(a, b)
}

// lower returns the lower of two figures, either of which may be absent.
func lower(a, b int32) int32 {
	if a == noDay || b != noDay && b < a {
		return b
	}
	return a
}

// view is what one query selects of an order.
type view struct {
	*order
	places []uint32 // in the order, ascending; nil for all
	shapes []shape
	// levels are the cells of each depth up to that of the deepest level, in the
	// order of their keys: a pyramid.
	levels [][]cell
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
	if v.places == nil {
		i, _ = slices.BinarySearch(v.keys, from)
		j, _ = slices.BinarySearch(v.keys[i:], to)
		return i, i + j
	}
	i = sort.Search(len(v.places), func(i int) bool { return v.keys[v.places[i]] >= from })
	rest := v.places[i:]
	return i, i + sort.Search(len(rest), func(i int) bool { return v.keys[rest[i]] >= to })
}

// direct is how many points of a node are merged on the spot rather than taken
// from the pyramid: that many cost less than 50 µs.
const direct = 4096

// cells yields the cells of a depth that lie in the node, which has the points
// from i to j, in the order of their keys.
func (v *view) cells(n node, i, j, depth int, yield func(*cell)) {
	if j-i > direct && depth < len(v.levels) {
		level := v.levels[depth]
		from, to := n.keys()
		first := sort.Search(len(level), func(i int) bool { return level[i].key >= from })
		for k := first; k < len(level) && level[k].key < to; k++ {
			yield(&level[k])
		}
		return
	}
	v.merge(i, j, depth, yield)
}

// merge makes cells of a depth out of the points from i to j.
func (v *view) merge(i, j, depth int, yield func(*cell)) {
	mask := maskOf(depth)
	var current cell
	for ; i < j; i++ {
		place := v.place(i)
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
		v.merge(from, to, deepest, func(c *cell) { runs[run] = append(runs[run], *c) })
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
	var differ [depth + 1]int // by the first depth at which a key leaves the cell of the one before
	before := v.key(0)
	for i := 1; i < v.len(); i++ {
		key := v.key(i)
		if key != before {
			differ[commonDepth(key, before)+1]++
		}
		before = key
	}
	cells, most := 1, max(v.len()/16, 1)
	for d := range depth + 1 {
		if cells += differ[d]; cells > most {
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
