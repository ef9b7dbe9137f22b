// Package tile makes vector tiles out of a snapshot, and keeps them.
//
// Nouns: an order is a collection arranged for one tile matrix set, a view is what
// one query selects of it, a block and a cell are squares of the grid on which
// points are merged, and a Tile is what is sent. docs/tiles.md has the tile schema.
//
// Promises: a Tile has at most MaxFeatures features and MaxBytes bytes. A feature
// has the same number in every tile. Points are merged by where they lie in the
// world, whichever tile asks: what is merged is the same in neighbouring tiles, and
// the counts of all tiles of a level add up to the number of points. A cached tile
// is given again until a change touches what it shows.
//
// The standards are OGC 20-057 (OGC API – Tiles), 17-083r4 for the division of the
// world and Mapbox Vector Tile 2.1 for the bytes.
package tile

import (
	"context"
	"hash/crc32"
	"sync"

	"demarc/data/snapshot"
	"demarc/geo/format/mvt"
	"demarc/geo/tms"
)

// Query is what tiles are asked for, of one collection.
type Query struct {
	Collection *snapshot.Collection
	// Conditions select features; its Limit, Sort and places in an answer are not
	// looked at. Text names them: two queries of a collection with one Text ask for
	// the same.
	Conditions *snapshot.Query
	Text       string
	// Share is in how many a tile is divided that holds several collections: the
	// features and bytes that it may have are too. 0 counts as 1.
	Share int
}

// Tile is one tile, ready to be sent. It is shared: do not change it.
type Tile struct {
	Gzip     []byte // nil for a tile without features
	Features int
	// Sum is a checksum of what the tile shows: another one where that differs.
	Sum uint64
}

// make draws a tile: in the least detail less than the whole that keeps it within
// its bounds, and on a coarser grid only where the ids alone are too much.
func (v *view) make(t tms.Tile, share int, compress func([]byte) []byte) *Tile {
	layer := layers.Get().(*mvt.Layer)
	defer layers.Put(layer)
	g := gridOf(share)
	for level := whole; ; level++ {
		if level > bare {
			g = g.coarser()
		}
		v.draw(layer, t, min(level, bare), g)
		if layer.Len() == 0 {
			return &Tile{}
		}
		raw := layer.AppendTo(nil)
		packed := compress(raw)
		if len(packed) > MaxBytes/share && g.coarse < cellDepth {
			continue
		}
		return &Tile{Gzip: packed, Features: layer.Len(), Sum: checksum(raw)}
	}
}

// layers are kept for the next tile, since their tables take long to grow.
var layers = sync.Pool{New: func() any { return mvt.NewLayer("") }}

// checksum joins two sums of 32 bits that processors reckon by themselves.
func checksum(b []byte) uint64 {
	return uint64(crc32.Checksum(b, castagnoli))<<32 | uint64(crc32.ChecksumIEEE(b))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// newView asks the collection what the query selects.
func newView(ctx context.Context, o *order, q *snapshot.Query) (*view, error) {
	v := &view{order: o}
	members := make([]uint64, (o.col.Slots()+63)/64)
	if err := o.col.Scan(ctx, q, func(slot uint32) bool {
		members[slot/64] |= 1 << (slot % 64)
		return true
	}); err != nil {
		return nil, err
	}
	has := func(slot uint32) bool { return members[slot/64]&(1<<(slot%64)) != 0 }
	runs := make([][]uint32, maxRuns)
	for _, run := range runs[:inRuns(len(o.slots), func(run, from, to int) {
		for place := from; place < to; place++ {
			if has(o.slots[place]) {
				runs[run] = append(runs[run], uint32(place))
			}
		}
	})] {
		v.places = append(v.places, run...)
	}
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
