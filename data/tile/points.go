package tile

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
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
	*scene
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
	cells    []cell                     // that marks name
	squares  [1 << (2 * cellDepth)]cell // the cells of one block
	spans    []span                     // of one block, by sheet
	ids      []string
	slots    []uint32    // of the single features that are read
	readings []reading   // by tag
	codes    []uint32    // of all readings
	values   []geo.Value // of those that have no codes
	merged   mergedKeys
	words    [maxWords][mixed]written
	stamp    uint32 // of what was written in this drawing
	near     int    // of touch
	raw      []byte // the tile
	probe    []byte // of it
}

var brushes = sync.Pool{New: func() any { return &brush{layer: mvt.NewLayer("")} }}

// put keeps the brush for the next tile, but not what it has of the collection.
func (b *brush) put() {
	clear(b.ids[:cap(b.ids)])
	clear(b.values[:cap(b.values)])
	brushes.Put(b)
}

// mark is a feature that the tile shows: one point or a cell of them.
type mark struct {
	place uint32 // of a single point, or of a cell among the brush's
	sheet uint16 // of the single point
	depth int8   // of the cell; 0 for a single point
	x, y  int32
}

// draw fills the brush's layer with the scene's tile.
func (sc *scene) draw(b *brush, t tms.Tile, level detail, g grid) {
	b.begin(sc.col)
	d := &drawing{scene: sc, brush: b, tile: t, level: level, grid: g}
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
		*b = brush{layer: b.layer, stamp: 1}
	}
}

// points draws the blocks of the tile and, of those round it, what lies within the
// buffer.
func (d *drawing) points() {
	eachBlock(d.set, d.tile, d.block)
	d.slots = d.slots[:0]
	for i := range d.marks {
		if m := &d.marks[i]; m.depth == 0 {
			l := &d.sheets[m.sheet]
			d.slots = append(d.slots, l.first+l.order.slots[m.place])
		}
	}
	d.read()
	single := 0
	for i := range d.marks {
		m := &d.marks[i]
		if m.depth == 0 {
			d.layer.Point(d.number(d.slots[single], d.brush.ids[single]), m.x, m.y)
			d.tagSingle(single)
			single++
		} else {
			c := &d.cells[m.place]
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

// span is which points of a sheet lie in a block: from i up to, not including, j, without
// those that are gone.
type span struct {
	i, j int
	gone []uint32
}

// block notes what is seen of a block of points.
func (d *drawing) block(n node, around int) {
	d.spans = d.spans[:0]
	count, sheets := 0, 0
	for k := range d.sheets {
		l := &d.sheets[k]
		s := span{gone: l.gone}
		if s.i, s.j = l.span(n); s.i < s.j {
			from, to := n.keys()
			l.goneUpTo(&s.gone, from)
			s.gone = l.goneUpTo(&s.gone, to)
			count += s.j - s.i - len(s.gone)
			sheets++
		}
		d.spans = append(d.spans, s)
	}
	switch first := len(d.marks); {
	case count == 0:
	case count > d.singles:
		d.merge(n, around)
	default:
		d.each(around)
		if sheets > 1 { // in the order of one sheet of each part
			slices.SortFunc(d.marks[first:], func(a, b mark) int {
				of, with := &d.sheets[a.sheet], &d.sheets[b.sheet]
				return cmp.Or(cmp.Compare(of.keys[a.place], with.keys[b.place]), cmp.Compare(of.first, with.first), cmp.Compare(a.place, b.place))
			})
		}
	}
}

// each notes the points of a block one by one.
func (d *drawing) each(around int) {
	for k, s := range d.spans {
		l, gone := &d.sheets[k], s.gone
		for i := s.i; i < s.j; i++ {
			place := l.place(i)
			if len(gone) > 0 && gone[0] == place {
				gone = gone[1:]
				continue
			}
			d.single(k, place, around)
		}
	}
}

// merge notes the cells of a block. They are few, so each has a place of its own in the
// brush, where what the sheets have of it comes together.
func (d *drawing) merge(n node, around int) {
	deep := n.depth + cellDepth - d.coarse
	begin, _ := n.keys()
	shift := 2 * (depth - deep)
	filled := uint64(0)
	for k, s := range d.spans {
		if s.i == s.j {
			continue
		}
		l := &d.sheets[k]
		l.view.cells(n, s.i, s.j, deep, s.gone, func(c *cell) {
			at := (c.key - begin) >> shift
			if filled>>at&1 == 1 {
				l.add(&d.squares[at], c)
				return
			}
			filled |= 1 << at
			d.squares[at] = *c
			d.squares[at].sheet = uint16(k)
		})
	}
	for ; filled != 0; filled &= filled - 1 {
		d.cell(&d.squares[bits.TrailingZeros64(filled)], deep, around)
	}
}

// cell notes a cell, or the one point that it has.
func (d *drawing) cell(c *cell, depth, around int) {
	if c.count == 1 {
		d.single(int(c.sheet), c.first, around)
		return
	}
	count := uint64(c.count)
	x, y := d.local(uint32(c.sumX/count), d.tile.Col-around), d.local(uint32(c.sumY/count), d.tile.Row)
	if shown(x, y) {
		d.marks = append(d.marks, mark{place: uint32(len(d.cells)), depth: int8(depth), x: x, y: y})
		d.cells = append(d.cells, *c)
	}
}

// single notes a single point of a sheet, if it lies in the tile or its buffer.
func (d *drawing) single(sheet int, place uint32, around int) {
	east, south := unmorton(d.sheets[sheet].keys[place])
	x, y := d.local(east, d.tile.Col-around), d.local(south, d.tile.Row)
	if shown(x, y) {
		d.marks = append(d.marks, mark{place: place, sheet: uint16(sheet), x: x, y: y})
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
