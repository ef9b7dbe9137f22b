package ledger

import (
	"fmt"
	"iter"
	"maps"
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

// Tiles reads tiles: the hashes that are kept of one, nil for none.
type Tiles func(level int, number int64) ([]byte, error)

// Tree is the log at one size. It is for one goroutine.
type Tree struct {
	size  int64
	read  Tiles
	fresh map[tlog.Tile][]byte // by level and number alone
}

// NewTree returns the tree of the size whose tiles are kept.
func NewTree(size int64, read Tiles) *Tree {
	return &Tree{size: size, read: read, fresh: map[tlog.Tile][]byte{}}
}

// Size returns how many leaves there are.
func (t *Tree) Size() int64 { return t.size }

// tile returns the hashes of a tile.
func (t *Tree) tile(level int, number int64) ([]byte, error) {
	key := tlog.Tile{L: level, N: number}
	if b, ok := t.fresh[key]; ok {
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

// Append adds a leaf. What Changed yields has to be kept then.
func (t *Tree) Append(leaf []byte) error {
	hashes, err := tlog.StoredHashes(t.size, leaf, t)
	if err != nil {
		return fmt.Errorf("add leaf %d to the log: %w", t.size, err)
	}
	// Hashes come from the leaf upwards; every eighth level begins a tile.
	for up := 0; up < len(hashes); up += tileHeight {
		number := t.size >> up // of the hash in its level
		key := tlog.Tile{L: up / tileHeight, N: number / TileWidth}
		b, err := t.tile(key.L, key.N)
		if err != nil {
			return err
		}
		if len(b) != int(number%TileWidth)*tlog.HashSize {
			return fmt.Errorf("tile %s has %d hashes where %d belong", TilePath(key.L, key.N, 0), len(b)/tlog.HashSize, number%TileWidth)
		}
		t.fresh[key] = append(slices.Clip(b), hashes[up][:]...)
	}
	t.size++
	return nil
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

// Root returns the hash of the whole tree.
func (t *Tree) Root() (Hash, error) { return tlog.TreeHash(t.size, t) }

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
