package tile

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
	sheet      uint16 // of that order
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
