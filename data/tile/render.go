package tile

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"demarc/geo/format/mvt"
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

// lines draws lines, areas and multipoints, the largest first where there is
// no room for all.
func (d *drawing) lines() {
	found := slices.DeleteFunc(d.shapesIn(d.tile), func(s shape) bool { return !d.shows(s.slot) })
	slices.SortFunc(found, func(a, b shape) int { return cmp.Or(-cmp.Compare(a.size, b.size), cmp.Compare(a.slot, b.slot)) })
	found = found[:min(len(found), d.grid.shapes)]
	slices.SortFunc(found, func(a, b shape) int { return cmp.Compare(a.slot, b.slot) })
	d.slots = d.slots[:0]
	for _, s := range found {
		d.slots = append(d.slots, s.slot)
	}
	d.read()
	for i, s := range found {
		_, g := d.col.Place(s.slot)
		if d.layer.Geometry(d.number(s.slot, d.brush.ids[i]), d.fit(g)) {
			d.tagSingle(i)
			d.layer.End()
		}
	}
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
