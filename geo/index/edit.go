package index

import (
	"github.com/tidwall/rtree"

	"demarc/geo"
)

// An Editor makes the next index. Use it in one goroutine.
type Editor struct {
	tree *rtree.RTreeGN[float32, uint32]
}

// Edit returns an editor that starts with what x holds. x stays as it is, and
// others may read it meanwhile.
//
// Only the one writer may call Edit: rtree's Copy writes a stamp, which readers
// do not look at, to the tree that it copies. Constant time.
func (x *Index) Edit() *Editor { return &Editor{x.tree.Copy()} }

// Insert puts the slot in with its box, which may cross the antimeridian. An
// empty box puts nothing in. A slot has one box at a time: to move it, Delete
// it first. Costs a microsecond, and a copy of some nodes of 2 kB where they
// still belong to an earlier index.
func (e *Editor) Insert(slot uint32, b geo.BBox) {
	if b.IsEmpty() {
		return
	}
	r := rectOf(b)
	e.tree.Insert(r.min, r.max, slot)
}

// Delete takes the slot out and returns whether it was there with this box, or
// one that lies in it; an empty box never is. Costs microseconds, and copies
// like Insert.
func (e *Editor) Delete(slot uint32, b geo.BBox) bool {
	if b.IsEmpty() {
		return false
	}
	before := e.tree.Len()
	r := rectOf(b)
	e.tree.Delete(r.min, r.max, slot)
	return e.tree.Len() < before
}

// Index returns an index of what the editor now holds. Further edits leave it
// as it is. Constant time.
func (e *Editor) Index() *Index {
	x := &Index{e.tree}
	e.tree = e.tree.Copy()
	return x
}
