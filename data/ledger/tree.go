package ledger

import (
	"fmt"
	"iter"
	"maps"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a hash of the tree.
type Hash = tlog.Hash

const (
	tileHeight = 8
	// TileWidth is how many hashes, or leaves, a full tile has.
	TileWidth = 1 << tileHeight
)

// Tile is one tile of hashes: level 0 holds the hashes of leaves, level 1 of
// full tiles of level 0, and so on. The last of a level can be less than full.
type Tile struct {
	Level  int
	Number int64
	Hashes []byte // 32 bytes each
}

// Tiles reads tiles: the hashes that are kept of one, nil for none. What is behind those
// of the tree's size does not count.
type Tiles func(level int, number int64) ([]byte, error)

// Tree is the log at one size. It is for one goroutine.
type Tree struct {
	size  int64
	read  Tiles
	fresh map[tlog.Tile][]byte // what Append has changed, by level and number alone
	ends  map[int][]byte       // the last tiles that are not full, by level, as far as they are known
	// full are the roots of the full trees into which the leaves fall, the largest
	// first: as many as the size has bits. They are read when they are needed.
	full []Hash
}

// NewTree returns the tree of the size whose tiles are kept.
func NewTree(size int64, read Tiles) *Tree {
	return &Tree{size: size, read: read, fresh: map[tlog.Tile][]byte{}, ends: map[int][]byte{}}
}

// Clone returns the tree as it stands, of which nothing is changed; leaves that are
// added to it are not in t.
func (t *Tree) Clone() *Tree {
	next := NewTree(t.size, t.read)
	next.full = slices.Clone(t.full)
	maps.Copy(next.ends, t.ends)
	for key, b := range t.fresh {
		if key.N == t.end(key.L) {
			next.ends[key.L] = b
		}
	}
	for level := range next.ends {
		if t.size>>(level*tileHeight)%TileWidth == 0 {
			delete(next.ends, level) // it is full
		}
	}
	return next
}

// Size returns how many leaves there are.
func (t *Tree) Size() int64 { return t.size }

// end returns the number of the tile of a level to which the next hash belongs.
func (t *Tree) end(level int) int64 { return t.size >> ((level + 1) * tileHeight) }

// tile returns the hashes of a tile.
func (t *Tree) tile(level int, number int64) ([]byte, error) {
	if b, ok := t.fresh[tlog.Tile{L: level, N: number}]; ok {
		return b, nil
	}
	if b, ok := t.ends[level]; ok && number == t.end(level) {
		return b, nil
	}
	return t.read(level, number)
}

// ReadHashes is tlog.HashReader's.
func (t *Tree) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, index := range indexes {
		where := tlog.TileForIndex(tileHeight, index)
		b, err := t.tile(where.L, where.N)
		if err != nil {
			return nil, err
		}
		if len(b) < where.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %s has %d hashes, and %d are needed", TilePath(where.L, where.N, 0), len(b)/tlog.HashSize, where.W)
		}
		if out[i], err = tlog.HashFromTile(where, b, index); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Append adds a leaf. What Changed yields has to be kept then. After an error the
// tree must not be used.
func (t *Tree) Append(leaf []byte) error {
	if err := t.know(); err != nil {
		return fmt.Errorf("add leaf %d to the log: %w", t.size, err)
	}
	hash := tlog.RecordHash(leaf)
	for level := 0; ; level++ {
		if level%tileHeight == 0 { // where a tile begins
			if err := t.extend(level/tileHeight, t.size>>level, hash); err != nil {
				return err
			}
		}
		if t.size>>level&1 == 0 {
			break
		}
		last := len(t.full) - 1
		hash = tlog.NodeHash(t.full[last], hash)
		t.full = t.full[:last]
	}
	t.full = append(t.full, hash)
	t.size++
	return nil
}

// extend adds a hash, the one of that number in its level of tiles.
func (t *Tree) extend(level int, number int64, hash Hash) error {
	key := tlog.Tile{L: level, N: number / TileWidth}
	b, ok := t.fresh[key]
	if !ok {
		b = make([]byte, 0, TileWidth*tlog.HashSize)
		if number%TileWidth > 0 {
			before, err := t.tile(key.L, key.N)
			if err != nil {
				return err
			}
			b = append(b, before[:min(len(before), int(number%TileWidth)*tlog.HashSize)]...)
		}
		delete(t.ends, level)
	}
	if len(b) != int(number%TileWidth)*tlog.HashSize {
		return fmt.Errorf("tile %s has %d hashes where %d belong", TilePath(key.L, key.N, 0), len(b)/tlog.HashSize, number%TileWidth)
	}
	t.fresh[key] = append(b, hash[:]...)
	return nil
}

// know reads the roots of the full trees, once.
func (t *Tree) know() error {
	if t.full != nil || t.size == 0 {
		return nil
	}
	var indexes []int64
	for level := bits.Len64(uint64(t.size)) - 1; level >= 0; level-- {
		if number := t.size >> level; number&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, number-1))
		}
	}
	var err error
	t.full, err = t.ReadHashes(indexes)
	return err
}

// Changed yields the tiles that Append has changed, in order.
func (t *Tree) Changed() iter.Seq[Tile] {
	return func(yield func(Tile) bool) {
		keys := slices.SortedFunc(maps.Keys(t.fresh), func(a, b tlog.Tile) int {
			if a.L != b.L {
				return a.L - b.L
			}
			return int(a.N - b.N)
		})
		for _, k := range keys {
			if !yield(Tile{k.L, k.N, t.fresh[k]}) {
				return
			}
		}
	}
}

// Root returns the hash of the whole tree (RFC 6962 §2.1), zero for that of no leaf.
func (t *Tree) Root() (root Hash, err error) {
	if err := t.know(); err != nil || t.size == 0 {
		return root, err
	}
	root = t.full[len(t.full)-1]
	for i := len(t.full) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.full[i], root)
	}
	return root, nil
}

// Proof shows that a leaf is in the tree of a size.
type Proof struct {
	Leaf   int64
	Size   int64
	Hashes []Hash // from the leaf's neighbour upwards (RFC 6962 §2.1.1)
}

// Prove returns the proof of a leaf.
func (t *Tree) Prove(leaf int64) (Proof, error) {
	hashes, err := tlog.ProveRecord(t.size, leaf, t)
	return Proof{leaf, t.size, hashes}, err
}

// Check returns nil where the proof shows that the leaf, as its text, is in the
// tree of the root.
func (p Proof) Check(root Hash, leaf []byte) error {
	return tlog.CheckRecord(p.Hashes, p.Size, root, p.Leaf, tlog.RecordHash(leaf))
}

// Consistent returns nil where the tree holds, at its beginning, the tree of an
// older size and root: nothing of that one was changed.
func (t *Tree) Consistent(size int64, root Hash) error {
	now, err := t.Root()
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(t.size, size, t)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, t.size, now, size, root)
}

// ParseHash reads a hash as Hash.String writes it.
func ParseHash(s string) (Hash, error) { return tlog.ParseHash(s) }
