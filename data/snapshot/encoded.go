package snapshot

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// encoded are features of a part as GeoJSON, in blocks that parts share: a page then
// copies them, where it would put each together out of its columns.
type encoded struct {
	rows   []encodedRow
	blocks [][]byte
}

// encodedRow says where a feature stands in a block.
type encodedRow struct{ block, from, end uint32 } // end is 0 where it was not encoded

const encodedRowSize = 12 // bytes

// of returns the feature of a row, for reading only; nil where it was not encoded.
func (e *encoded) of(row uint32) []byte {
	r := &e.rows[row]
	if r.end == 0 {
		return nil
	}
	return e.blocks[r.block][r.from:r.end:r.end]
}

// room is how much memory encoded features may still take.
type room struct{ left atomic.Int64 }

// KeptEncoded is how many bytes of encoded features the snapshots of the process may
// keep in all, unless KeepEncoded says otherwise.
const KeptEncoded = 2 << 30

// encodedRoom is one for all snapshots, since they share the memory.
var encodedRoom = func() *room {
	r := &room{}
	r.left.Store(KeptEncoded)
	return r
}()

// KeepEncoded says how many bytes of encoded features the snapshots of the process
// may keep in all. Features that there is no room for are encoded when they are asked
// for: answers are the same, and take longer. Call it before the first snapshot is
// made.
func KeepEncoded(bytes int64) { encodedRoom.left.Store(bytes) }

// take takes n bytes; ok is false where there are not so many.
func (r *room) take(n int64) (ok bool) {
	if r.left.Add(-n) >= 0 {
		return true
	}
	r.left.Add(n)
	return false
}

// give gives bytes back.
func (r *room) give(n int64) { r.left.Add(n) }

// encode encodes the part's features, if there is room for them. What they take is
// given back when nobody looks at them any more.
func (p *part) encode(by crew, r *room) {
	guess := p.guessEncoded()
	if p.n == 0 || !r.take(guess) {
		return
	}
	r.give(guess)
	e := newEncoded(r, p.n)
	e.blocks = make([][]byte, (p.n+blockRows-1)/blockRows)
	by.do(len(e.blocks), func(i int) {
		first := uint32(i) * blockRows
		e.write(r, i, min(blockRows, p.n-first), func(at uint32) uint32 { return first + at }, p.written)
	})
	p.encoded.Store(e)
}

// newEncoded returns room for so many rows, none of them encoded.
func newEncoded(r *room, rows uint32) *encoded {
	e := &encoded{rows: make([]encodedRow, rows)}
	size := int64(rows) * encodedRowSize
	r.left.Add(-size)
	runtime.AddCleanup(e, r.give, size)
	return e
}

// write writes n rows, of which row tells the number, as one block, if there is room
// for it.
func (e *encoded) write(r *room, block int, n uint32, row func(at uint32) uint32, write func(dst []byte, row uint32) []byte) {
	scratch := encoding.Get().(*[]byte)
	all := (*scratch)[:0]
	for at := range n {
		from := uint32(len(all))
		all = write(all, row(at))
		e.rows[row(at)] = encodedRow{uint32(block), from, uint32(len(all))}
	}
	if size := int64(len(all)); r.take(size) {
		e.blocks[block] = append(make([]byte, 0, size), all...)
		runtime.AddCleanup(&e.blocks[block][0], r.give, size)
	} else {
		for at := range n {
			e.rows[row(at)] = encodedRow{}
		}
	}
	*scratch = all
	encoding.Put(scratch)
}

// encoding are buffers in which blocks are encoded.
var encoding = sync.Pool{New: func() any { return new([]byte) }}

// guessEncoded returns about how many bytes the encoded features take, from some of
// them.
func (p *part) guessEncoded() int64 {
	const asked = 16
	step := max(1, p.n/asked)
	scratch := encoding.Get().(*[]byte)
	one := *scratch
	sum, n := 0, 0
	for row := uint32(0); row < p.n; row += step {
		one = p.written(one[:0], row)
		sum, n = sum+len(one)+encodedRowSize, n+1
	}
	*scratch = one
	encoding.Put(scratch)
	if n == 0 {
		return 0
	}
	return int64(sum) * int64(p.n) / int64(n)
}
