package ledger_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"demarc/data/ledger"
)

// kept is a log in memory.
type kept struct {
	tiles  map[string][]byte
	leaves [][]byte
}

func (k *kept) read(level int, number int64) ([]byte, error) {
	return k.tiles[ledger.TilePath(level, number, 0)], nil
}

func (k *kept) tree() *ledger.Tree { return ledger.NewTree(int64(len(k.leaves)), k.read) }

// add appends n leaves in one go.
func (k *kept) add(t *testing.T, n int) {
	t.Helper()
	tree := k.tree()
	for range n {
		leaf := fmt.Appendf(nil, "leaf %d", len(k.leaves))
		if err := tree.Append(leaf); err != nil {
			t.Fatal(err)
		}
		k.leaves = append(k.leaves, leaf)
	}
	for tile := range tree.Changed() {
		k.tiles[ledger.TilePath(tile.Level, tile.Number, 0)] = bytes.Clone(tile.Hashes)
	}
}

// plainRoot computes the root after RFC 6962 §2.1, without tiles.
func plainRoot(leaves [][]byte) ledger.Hash {
	switch n := len(leaves); n {
	case 0:
		return tlog.Hash{}
	case 1:
		return tlog.RecordHash(leaves[0])
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		return tlog.NodeHash(plainRoot(leaves[:k]), plainRoot(leaves[k:]))
	}
}

func TestTree(t *testing.T) {
	k := &kept{tiles: map[string][]byte{}}
	var olds []ledger.Checkpoint
	for _, n := range []int{1, 1, 5, 200, 49, 1, 255, 700, 3, 64800, 1200} {
		k.add(t, n)
		root, err := k.tree().Root()
		if err != nil {
			t.Fatal(err)
		}
		if want := plainRoot(k.leaves); root != want {
			t.Fatalf("root of %d leaves: %v, want %v", len(k.leaves), root, want)
		}
		for _, old := range olds {
			if err := k.tree().Consistent(old.Size, old.Root); err != nil {
				t.Errorf("size %d is not in size %d: %v", old.Size, len(k.leaves), err)
			}
		}
		olds = append(olds, ledger.Checkpoint{Size: int64(len(k.leaves)), Root: root})
		for _, leaf := range []int{0, len(k.leaves) / 2, len(k.leaves) - 1} {
			proof, err := k.tree().Prove(int64(leaf))
			if err != nil {
				t.Fatal(err)
			}
			if err := proof.Check(root, k.leaves[leaf]); err != nil {
				t.Errorf("leaf %d of %d: %v", leaf, len(k.leaves), err)
			}
			if proof.Check(root, []byte("another")) == nil {
				t.Error("a proof shows any leaf")
			}
		}
	}
	last := olds[len(olds)-1]
	last.Root[0] ^= 1
	if k.tree().Consistent(last.Size, last.Root) == nil {
		t.Error("another root is consistent")
	}
}

// TestTreeGoesOn adds leaves to clone after clone, which read nothing any more, and
// holds each, and the tiles, to the plain root.
func TestTreeGoesOn(t *testing.T) {
	k := &kept{tiles: map[string][]byte{}}
	k.add(t, 3)
	reads := 0
	tree := ledger.NewTree(3, func(level int, number int64) ([]byte, error) {
		reads++
		return k.read(level, number)
	})
	for _, n := range []int{1, 2, 249, 1, 1, 255, 0, 300, 64700, 25, 1, 60} {
		next := tree.Clone()
		for range n {
			leaf := fmt.Appendf(nil, "leaf %d", len(k.leaves))
			if err := next.Append(leaf); err != nil {
				t.Fatal(err)
			}
			k.leaves = append(k.leaves, leaf)
		}
		for tile := range next.Changed() {
			k.tiles[ledger.TilePath(tile.Level, tile.Number, 0)] = bytes.Clone(tile.Hashes)
		}
		if before, err := tree.Root(); err != nil || before != plainRoot(k.leaves[:tree.Size()]) {
			t.Fatalf("the tree of %d leaves changed with its clone: %v", tree.Size(), err)
		}
		if tree.Size() > 3 && reads > 0 {
			t.Errorf("behind leaf %d, tiles were read %d times", tree.Size(), reads)
		}
		tree, reads = next, 0
		want := plainRoot(k.leaves)
		for name, of := range map[string]*ledger.Tree{"clone": tree, "tiles": k.tree()} {
			if got, err := of.Root(); err != nil || got != want {
				t.Fatalf("root of %d leaves by the %s: %v, %v, want %v", len(k.leaves), name, got, err, want)
			}
		}
	}
}

func TestCheckpoint(t *testing.T) {
	secret, public, err := ledger.NewKey("demarc.example/log")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.Sign(42, tlog.RecordHash([]byte("x")))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := s.Sign(42, tlog.RecordHash([]byte("x")))
	if !bytes.Equal(signed, again) {
		t.Error("the same checkpoint has two forms")
	}
	c, err := ledger.ReadCheckpoint(signed, public)
	if err != nil || c.Size != 42 || c.Origin != "demarc.example/log" || c.Root != tlog.RecordHash([]byte("x")) {
		t.Errorf("%+v, %v", c, err)
	}
	for i := range signed {
		bad := bytes.Clone(signed)
		bad[i] ^= 1
		if got, err := ledger.ReadCheckpoint(bad, public); err == nil && got != c {
			t.Fatalf("with byte %d changed it says %+v", i, got)
		}
	}
}

func TestPaths(t *testing.T) {
	for _, tt := range []struct {
		level  int
		number int64
		width  int
		want   string
	}{
		{0, 0, 256, "tile/0/000"}, {1, 0, 12, "tile/1/000.p/12"}, {0, 1234067, 256, "tile/0/x001/x234/067"}, {-1, 999, 1, "tile/entries/999.p/1"}, {-1, 1000, 256, "tile/entries/x001/000"},
	} {
		got := ledger.EntriesPath(tt.number, tt.width)
		if tt.level >= 0 {
			got = ledger.TilePath(tt.level, tt.number, tt.width)
		}
		level, number, width, ok := ledger.ParsePath(strings.TrimPrefix(got, "tile/"))
		if got != tt.want || !ok || level != tt.level || number != tt.number || width != tt.width {
			t.Errorf("%+v: %s, read as %d %d %d %v", tt, got, level, number, width, ok)
		}
	}
	for _, bad := range []string{"", "0", "0/", "0/1", "0/0001", "0/x000/001", "64/000", "-1/000", "0/000.p/0", "0/000.p/256", "0/000.p/01", "entries", "0/x001", "0/999999999999999999999", "+1/000"} {
		if _, _, _, ok := ledger.ParsePath(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestEntries(t *testing.T) {
	var bundle []byte
	for _, leaf := range []string{"", "a", strings.Repeat("b", 300)} {
		bundle, _ = ledger.AppendEntry(bundle, []byte(leaf))
	}
	leaves, err := ledger.Entries(bundle)
	if err != nil || len(leaves) != 3 || string(leaves[1]) != "a" || len(leaves[2]) != 300 {
		t.Errorf("%q, %v", leaves, err)
	}
	if _, err := ledger.Entries(bundle[:len(bundle)-1]); err == nil {
		t.Error("a bundle that is cut short was read")
	}
	if _, err := ledger.AppendEntry(nil, make([]byte, 1<<16)); err == nil {
		t.Error("a leaf that is too long was taken")
	}
}

func TestLeafAndCommitment(t *testing.T) {
	l := ledger.Leaf{Collection: "incidents", ID: "a", Kind: ledger.Publish, Previous: -1, PublishedAt: ledger.Instant(time.Unix(0, 0)), Revision: 1, Commitment: "00"}
	b, err := l.Encode()
	if want := `{"collection":"incidents","commitment":"00","id":"a","kind":"publish","prev_leaf":-1,"published_at":"1970-01-01T00:00:00Z","revision":1,"v":1}`; err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
	back, err := ledger.ParseLeaf(b)
	l.V = 1
	if err != nil || back != l {
		t.Errorf("%+v, %v", back, err)
	}
	salt := bytes.Repeat([]byte{1}, 32)
	one, err := ledger.Commitment(salt, []byte(`{"b":1.0,"a":"é"}`))
	if err != nil {
		t.Fatal(err)
	}
	if two, _ := ledger.Commitment(salt, []byte(` {"a":"\u00e9","b":1}`)); two != one {
		t.Error("the form of the JSON changes the commitment")
	}
	if other, _ := ledger.Commitment(ledger.NewSalt(), []byte(`{"b":1,"a":"é"}`)); other == one {
		t.Error("the salt does not change the commitment")
	}
	if _, err := ledger.Commitment(salt, []byte(`{`)); err == nil {
		t.Error("a commitment to what is not JSON")
	}
}
