package tile

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"demarc/geo"
	"demarc/geo/format/mvt"
	"demarc/geo/tms"
)

// What a tile holds at most.
const (
	// MaxFeatures is the greatest number of features of a tile.
	MaxFeatures = 4000
	// MaxBytes is its greatest size, compressed.
	MaxBytes = 100_000
	// Buffer is how far, in units of a tile's 4,096, a tile shows what lies beyond
	// its edges, so that symbols and lines are whole there.
	Buffer = 64
)

// The grid. A tile has blocksPerTile × blocksPerTile blocks, and a block 8 × 8
// cells; both lie in the world, not in the tile, so neighbouring tiles show a block
// in the same way. A block with few points shows each; a fuller one shows those of
// a cell as one.
const (
	blockDepth    = 2 // below the tile's
	blocksPerTile = 1 << blockDepth
	cellDepth     = 3  // below the block's
	unitDepth     = 12 // below the tile's: 1<<unitDepth is mvt.Extent
	// touched is how many blocks a tile shows something of, with the ring round it.
	touched = (blocksPerTile + 2) * (blocksPerTile + 2)
)

// grid is how finely points are merged.
type grid struct {
	singles int // the greatest number of points of a block that are shown each
	coarse  int // the cells are 2^coarse times as wide as usual
	shapes  int // the greatest number of other features
}

// gridOf returns the grid for one of so many layers of a tile. In a tile of one
// layer a block shows up to 100 points, 3,600 in all with the ring.
func gridOf(share int) grid {
	room := MaxFeatures / share
	g := grid{singles: room * 9 / 10 / touched}
	for g.singles < 1<<(2*(cellDepth-g.coarse)) && g.coarse < cellDepth {
		g.coarse++
	}
	g.shapes = room - touched*g.singles
	return g
}

func (g grid) coarser() grid {
	return grid{g.singles / 4, g.coarse + 1, g.shapes / 4}
}

// drawing is one tile in the making.
type drawing struct {
	*view
	tile  tms.Tile
	layer *mvt.Layer
	level detail
	grid
	near   []uint32 // slots of points that are drawn next
	merged []cell   // of the block that is drawn
	tagged []tagKeys
}

// draw fills the layer with the view's tile.
func (v *view) draw(layer *mvt.Layer, t tms.Tile, level detail, g grid) {
	layer.Reset(v.col.ID)
	d := &drawing{view: v, tile: t, layer: layer, level: level, grid: g}
	if v.len() == 0 {
		d.grid.shapes += touched * g.singles // no point needs the room
	}
	d.points()
	d.lines()
}

// points draws the blocks of the tile and, of those round it, what lies within the
// buffer.
func (d *drawing) points() {
	if d.len() == 0 {
		return
	}
	width, height := d.set.Size(d.tile.Level)
	for by := -1; by <= blocksPerTile; by++ {
		y := d.tile.Row*blocksPerTile + by
		if y < 0 || y >= height*blocksPerTile {
			continue
		}
		for bx := -1; bx <= blocksPerTile; bx++ {
			x := d.tile.Col*blocksPerTile + bx
			around := 0 // tiles to the east, for what lies beyond the antimeridian
			switch all := width * blocksPerTile; {
			case x < 0:
				x, around = x+all, -width
			case x >= all:
				x, around = x-all, width
			}
			d.block(node{d.tile.Level + 1 + blockDepth, uint32(x), uint32(y)}, around)
		}
	}
}

// block draws a block of points.
func (d *drawing) block(n node, around int) {
	i, j := d.span(n)
	if j-i <= d.singles {
		d.fetch(i, j, around)
		for ; i < j; i++ {
			x, y := d.at(d.place(i), around)
			d.single(d.place(i), x, y)
		}
		return
	}
	cells := n.depth + cellDepth - d.coarse
	d.merged, d.near = d.merged[:0], d.near[:0]
	d.cells(n, i, j, cells, func(c *cell) {
		d.merged = append(d.merged, *c)
		if x, y := d.at(c.first, around); c.count == 1 && shown(x, y) {
			d.near = append(d.near, d.slots[c.first])
		}
	})
	d.col.Fetch(d.near, d.fields)
	for k := range d.merged {
		c := &d.merged[k]
		count := uint64(c.count)
		x, y := d.local(uint32(c.sumX/count), d.tile.Col-around), d.local(uint32(c.sumY/count), d.tile.Row)
		if count == 1 {
			d.single(c.first, x, y)
			continue
		}
		if !shown(x, y) {
			continue
		}
		cx, cy := unmorton(c.key >> (2 * (depth - cells)))
		d.layer.Point(mergedID(d.tile.Level, node{cells, cx, cy}), x, y)
		d.tagMerged(d.layer, c)
		d.layer.End()
	}
}

// at returns where in the tile a point is.
func (d *drawing) at(place uint32, around int) (x, y int32) {
	east, south := unmorton(d.keys[place])
	return d.local(east, d.tile.Col-around), d.local(south, d.tile.Row)
}

// fetch has what the points from i to j show brought near, before each is drawn by
// itself: their attributes lie in as many parts of memory as there are of them.
func (d *drawing) fetch(i, j, around int) {
	d.near = d.near[:0]
	for ; i < j; i++ {
		if x, y := d.at(d.place(i), around); shown(x, y) {
			d.near = append(d.near, d.slots[d.place(i)])
		}
	}
	d.col.Fetch(d.near, d.fields)
}

// single draws a single point, if it lies in the tile or its buffer.
func (d *drawing) single(place uint32, x, y int32) {
	if !shown(x, y) {
		return
	}
	slot := d.slots[place]
	id, _ := d.col.Place(slot)
	d.layer.Point(d.ids.of(slot, id), x, y)
	d.tagSingle(slot)
	d.layer.End()
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

// lines draws lines, areas and multipoints, the largest first where there is
// no room for all.
func (d *drawing) lines() {
	found := d.found()
	slices.SortFunc(found, func(a, b shape) int { return cmp.Or(-cmp.Compare(a.size, b.size), cmp.Compare(a.slot, b.slot)) })
	found = found[:min(len(found), d.grid.shapes)]
	slices.SortFunc(found, func(a, b shape) int { return cmp.Compare(a.slot, b.slot) })
	for _, s := range found {
		id, g := d.col.Place(s.slot)
		if d.layer.Geometry(d.ids.of(s.slot, id), d.fit(g)) {
			d.tagSingle(s.slot)
			d.layer.End()
		}
	}
}

// found returns the view's shapes that meet the tile and can be seen there: a line
// or an area less than a unit wide and high is nothing.
func (d *drawing) found() []shape {
	if len(d.view.shapes) == 0 {
		return nil
	}
	var out []shape
	unit := math.Ldexp(1, -d.tile.Level-unitDepth)
	d.col.Meeting(d.set.Box(d.tile, float64(Buffer)/mvt.Extent), func(slot uint32) bool {
		i, ok := slices.BinarySearchFunc(d.view.shapes, slot, func(s shape, slot uint32) int { return cmp.Compare(s.slot, slot) })
		if ok {
			s := d.view.shapes[i]
			_, at := d.col.Place(slot)
			if _, points := at.(orb.MultiPoint); points || s.size >= unit {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// fit brings a geometry into the tile: projected, clipped to the buffer and
// simplified; an empty collection where nothing of it is in the tile. Near the antimeridian it is
// looked for on both sides.
func (d *drawing) fit(g orb.Geometry) orb.Geometry {
	x0, y0, width := d.set.Corner(d.tile)
	world, _ := d.set.Size(0)
	columns, _ := d.set.Size(d.tile.Level)
	around := []float64{0}
	if d.tile.Col == 0 {
		around = append(around, -float64(world))
	}
	if d.tile.Col == columns-1 {
		around = append(around, float64(world))
	}
	box := orb.Bound{Min: orb.Point{-Buffer, -Buffer}, Max: orb.Point{mvt.Extent + Buffer, mvt.Extent + Buffer}}
	var parts orb.Collection
	for _, shift := range around {
		moved := project(g, func(p orb.Point) orb.Point {
			x, y := d.set.Forward(p)
			return orb.Point{(x + shift - x0) / width * mvt.Extent, (y - y0) / width * mvt.Extent}
		})
		if !moved.Bound().Intersects(box) {
			continue
		}
		if inside := clipped(box, moved); inside != nil {
			parts = append(parts, simplify.DouglasPeucker(tolerance).Simplify(inside))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return parts
}

// tolerance is how far, in units, a simplified line may lie from the true one.
const tolerance = 1

// project returns a copy of a geometry with every position moved by f.
func project(g orb.Geometry, f func(orb.Point) orb.Point) orb.Geometry {
	line := func(ps []orb.Point) []orb.Point {
		out := make([]orb.Point, len(ps))
		for i, p := range ps {
			out[i] = f(p)
		}
		return out
	}
	switch g := g.(type) {
	case orb.Point:
		return f(g)
	case orb.MultiPoint:
		return orb.MultiPoint(line(g))
	case orb.LineString:
		return orb.LineString(line(g))
	case orb.Ring:
		return orb.Ring(line(g))
	case orb.MultiLineString:
		out := make(orb.MultiLineString, len(g))
		for i, l := range g {
			out[i] = line(l)
		}
		return out
	case orb.Polygon:
		out := make(orb.Polygon, len(g))
		for i, r := range g {
			out[i] = line(r)
		}
		return out
	case orb.MultiPolygon:
		out := make(orb.MultiPolygon, len(g))
		for i, p := range g {
			out[i] = project(p, f).(orb.Polygon)
		}
		return out
	case orb.Bound:
		return project(g.ToPolygon(), f)
	case orb.Collection:
		out := make(orb.Collection, len(g))
		for i, m := range g {
			out[i] = project(m, f)
		}
		return out
	}
	return orb.Collection{}
}

// dateValue returns the day that is so many days after 1970-01-01.
func dateValue(day int32) geo.Value {
	return geo.DateValue(time.Unix(int64(day)*daySec, 0))
}
