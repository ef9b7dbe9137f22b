package tile

import (
	"math"
	"sync"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/format/mvt"
	"demarc/geo/tms"
)

// drawing is one tile in the making. What lies in it is noted first and written then,
// so that what the single features show is read field by field and not feature by
// feature: the fields of a feature lie in as many parts of memory as there are of them,
// and the waits for memory overlap.
type drawing struct {
	*view
	*brush
	tile  tms.Tile
	level detail
	grid
}

// brush is what tiles are drawn with. It is kept for the next one, since its tables
// take long to grow.
type brush struct {
	layer    *mvt.Layer
	marks    []mark
	cells    []cell      // that marks name
	slots    []uint32    // of the single features that are read
	readings []reading   // by tag
	codes    []uint32    // of all readings
	values   []geo.Value // of those that have no codes
	merged   mergedKeys
	days     []written // by day since 1970
	words    [maxWords][mixed]written
	stamp    uint32 // of what was written in this drawing
	near     int    // of touch
	raw      []byte // the tile
}

var brushes = sync.Pool{New: func() any { return &brush{layer: mvt.NewLayer(""), days: make([]written, 1<<15)} }}

// put keeps the brush for the next tile, but not what it has of the collection.
func (b *brush) put() {
	clear(b.values)
	brushes.Put(b)
}

// mark is a feature that the tile shows: one point or a cell of them.
type mark struct {
	place uint32 // of a single point, or of a cell among the brush's
	depth int8   // of the cell; 0 for a single point
	x, y  int32
}

// draw fills the brush's layer with the view's tile.
func (v *view) draw(b *brush, t tms.Tile, level detail, g grid) {
	b.begin(v.col)
	d := &drawing{view: v, brush: b, tile: t, level: level, grid: g}
	if d.points(); len(b.marks) == 0 {
		d.grid.shapes += touched * g.singles // no point needs the room
	}
	d.lines()
}

// begin empties the brush.
func (b *brush) begin(col *snapshot.Collection) {
	b.layer.Reset(col.ID)
	b.marks, b.cells = b.marks[:0], b.cells[:0]
	b.merged = mergedKeys{}
	for i := range b.readings {
		r := &b.readings[i]
		*r = reading{known: r.known}
	}
	if b.stamp++; b.stamp == 0 { // what was written 2^32 drawings ago is not known now
		*b = brush{layer: b.layer, days: make([]written, len(b.days)), stamp: 1}
	}
}

// points draws the blocks of the tile and, of those round it, what lies within the
// buffer.
func (d *drawing) points() {
	if d.len() == 0 {
		return
	}
	eachBlock(d.set, d.tile, d.block)
	d.brush.slots = d.brush.slots[:0]
	for i := range d.marks {
		if m := &d.marks[i]; m.depth == 0 {
			d.brush.slots = append(d.brush.slots, d.order.slots[m.place])
		}
	}
	d.read()
	single := 0
	for i := range d.marks {
		m := &d.marks[i]
		if m.depth == 0 {
			d.layer.Point(d.numbers[m.place], m.x, m.y)
			d.tagSingle(single)
			single++
		} else {
			c := &d.brush.cells[m.place]
			x, y := unmorton(c.key >> (2 * (depth - int(m.depth))))
			d.layer.Point(mergedID(d.tile.Level, node{int(m.depth), x, y}), m.x, m.y)
			d.tagMerged(c)
		}
		d.layer.End()
	}
}

// eachBlock visits the blocks of a tile and those round it; around is how many tiles to
// the east the block is seen, for what lies beyond the antimeridian.
func eachBlock(set *tms.Set, t tms.Tile, visit func(n node, around int)) {
	width, height := set.Size(t.Level)
	for by := -1; by <= blocksPerTile; by++ {
		y := t.Row*blocksPerTile + by
		if y < 0 || y >= height*blocksPerTile {
			continue
		}
		for bx := -1; bx <= blocksPerTile; bx++ {
			x := t.Col*blocksPerTile + bx
			around := 0
			switch all := width * blocksPerTile; {
			case x < 0:
				x, around = x+all, -width
			case x >= all:
				x, around = x-all, width
			}
			visit(node{t.Level + 1 + blockDepth, uint32(x), uint32(y)}, around)
		}
	}
}

// block notes what is seen of a block of points.
func (d *drawing) block(n node, around int) {
	i, j := d.span(n)
	if j-i <= d.singles {
		for ; i < j; i++ {
			d.single(d.place(i), around)
		}
		return
	}
	cells := n.depth + cellDepth - d.coarse
	d.view.cells(n, i, j, cells, func(c *cell) {
		if c.count == 1 {
			d.single(c.first, around)
			return
		}
		count := uint64(c.count)
		x, y := d.local(uint32(c.sumX/count), d.tile.Col-around), d.local(uint32(c.sumY/count), d.tile.Row)
		if shown(x, y) {
			d.marks = append(d.marks, mark{uint32(len(d.brush.cells)), int8(cells), x, y})
			d.brush.cells = append(d.brush.cells, *c)
		}
	})
}

// single notes a single point, if it lies in the tile or its buffer.
func (d *drawing) single(place uint32, around int) {
	east, south := unmorton(d.keys[place])
	x, y := d.local(east, d.tile.Col-around), d.local(south, d.tile.Row)
	if shown(x, y) {
		d.marks = append(d.marks, mark{place: place, x: x, y: y})
	}
}

func shown(x, y int32) bool {
	return x >= -Buffer && y >= -Buffer && x <= mvt.Extent+Buffer && y <= mvt.Extent+Buffer
}

// local returns a coordinate of a key in units of the tile that is the at-th of
// its row or column.
func (d *drawing) local(v uint32, at int) int32 {
	units := int64(v)
	if shift := depth - (d.tile.Level + 1 + unitDepth); shift >= 0 {
		units >>= shift
	} else {
		units <<= -shift
	}
	return int32(min(max(units-int64(at)*mvt.Extent, math.MinInt32), math.MaxInt32))
}
