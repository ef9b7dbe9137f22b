package snapshot

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// encoded are the features of a part as GeoJSON, one behind the other: a page then
// copies them, where it would put each together out of its columns.
type encoded struct{ blocks []encodedBlock }

// encodedBlock has the features of blockRows rows.
type encodedBlock struct {
	all  []byte
	ends []uint32
}

// of returns the feature of a row, for reading only.
func (e *encoded) of(row uint32) []byte {
	b := &e.blocks[row>>blockShift]
	i := row & (blockRows - 1)
	start := uint32(0)
	if i > 0 {
		start = b.ends[i-1]
	}
	return b.all[start:b.ends[i]:b.ends[i]]
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

// encode encodes the part's features with write, if there is room for them. What they
// take is given back when nobody looks at them any more.
func (p *part) encode(by crew, r *room, write func(dst []byte, row uint32) []byte) {
	guess := p.guessEncoded(write)
	if p.n == 0 || !r.take(guess) {
		return
	}
	e := &encoded{blocks: make([]encodedBlock, (p.n+blockRows-1)/blockRows)}
	var size atomic.Int64
	by.do(len(e.blocks), func(i int) {
		first := uint32(i) * blockRows
		n := min(blockRows, p.n-first)
		b := &e.blocks[i]
		b.ends = make([]uint32, n)
		scratch := encoding.Get().(*[]byte)
		all := (*scratch)[:0]
		for row := range n {
			all = write(all, first+row)
			b.ends[row] = uint32(len(all))
		}
		b.all = slices.Clone(all)
		*scratch = all
		encoding.Put(scratch)
		size.Add(int64(len(all)) + 4*int64(n))
	})
	r.give(guess - size.Load())
	runtime.AddCleanup(e, r.give, size.Load())
	p.encoded.Store(e)
}

// encoding are buffers in which blocks are encoded.
var encoding = sync.Pool{New: func() any { return new([]byte) }}

// guessEncoded returns about how many bytes the encoded features take, from some of
// them.
func (p *part) guessEncoded(write func(dst []byte, row uint32) []byte) int64 {
	const asked = 16
	step := max(1, p.n/asked)
	scratch := encoding.Get().(*[]byte)
	one := *scratch
	sum, n := 0, 0
	for row := uint32(0); row < p.n; row += step {
		one = write(one[:0], row)
		sum, n = sum+len(one)+4, n+1
	}
	*scratch = one
	encoding.Put(scratch)
	if n == 0 {
		return 0
	}
	return int64(sum) * int64(p.n) / int64(n)
}
