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
	"bytes"
	"hash/crc32"

	"demarc/data/snapshot"
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
	// Plain asks for tiles as they are, not in gzip.
	Plain bool
}

// Tile is one tile, ready to be sent. It is shared: do not change it.
type Tile struct {
	// Bytes are in gzip, unless the query was for plain ones; nil for a tile without
	// features.
	Bytes    []byte
	Features int
	// Sum is a checksum of what the tile shows: another one where that differs.
	Sum uint64
}

// make draws a tile: in the least detail less than the whole that keeps it within
// its bounds, and on a coarser grid only where the ids alone are too much.
func (sc *scene) make(t tms.Tile, q *Query, compress func([]byte) []byte) *Tile {
	b := brushes.Get().(*brush)
	defer b.put()
	share := max(q.Share, 1)
	g, most := gridOf(share), MaxBytes/share
	for level := whole; ; level++ {
		if level > bare {
			g = g.coarser()
		}
		sc.draw(b, t, min(level, bare), g)
		if b.layer.Len() == 0 {
			return &Tile{}
		}
		b.raw = b.layer.AppendTo(b.raw[:0])
		made := &Tile{Features: b.layer.Len(), Sum: checksum(b.raw)}
		if !q.Plain || len(b.raw) > most && !b.promises(most, compress) {
			made.Bytes = compress(b.raw)
		}
		if len(made.Bytes) > most && g.coarse < cellDepth {
			continue
		}
		if q.Plain {
			made.Bytes = bytes.Clone(b.raw)
		}
		return made
	}
}

// Of a plain tile that may be too large one run in every sparse is packed first.
const (
	sparse     = 4
	runToProbe = 4096
)

// promises tells whether a plain tile is, packed, clearly smaller than most, to go by a
// quarter of it: packing all of it takes longer than drawing it. What is sent packed is
// measured.
func (b *brush) promises(most int, compress func([]byte) []byte) bool {
	b.probe = b.probe[:0]
	for at := 0; at < len(b.raw); at += sparse * runToProbe {
		b.probe = append(b.probe, b.raw[at:min(at+runToProbe, len(b.raw))]...)
	}
	return len(compress(b.probe)) < most*19/(20*sparse)
}

// checksum joins two sums of 32 bits that processors reckon by themselves.
func checksum(b []byte) uint64 {
	return uint64(crc32.Checksum(b, castagnoli))<<32 | uint64(crc32.ChecksumIEEE(b))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)
