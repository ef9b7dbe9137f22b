package snapshot

import "strings"

// blockRows is how many rows share a piece of text, or a zone: a power of two.
const (
	blockShift = 10
	blockRows  = 1 << blockShift
)

// texts are strings, one a row, held in few large pieces: a collection of
// millions has thousands of them to look after, and not millions.
type texts struct{ blocks []textBlock }

type textBlock struct {
	all  string
	ends []uint32
}

// newTexts returns the strings that of gives for rows 0 to n.
func newTexts(n int, of func(row int) string) texts {
	t := texts{make([]textBlock, 0, (n+blockRows-1)/blockRows)}
	for first := 0; first < n; first += blockRows {
		var all strings.Builder
		size := 0
		for row := first; row < min(first+blockRows, n); row++ {
			size += len(of(row))
		}
		all.Grow(size)
		block := textBlock{ends: make([]uint32, 0, min(blockRows, n-first))}
		for row := first; row < min(first+blockRows, n); row++ {
			all.WriteString(of(row))
			block.ends = append(block.ends, uint32(all.Len()))
		}
		block.all = all.String()
		t.blocks = append(t.blocks, block)
	}
	return t
}

// at returns the string of a row, which shares its memory.
func (t *texts) at(row uint32) string {
	b := &t.blocks[row>>blockShift]
	i := row & (blockRows - 1)
	start := uint32(0)
	if i > 0 {
		start = b.ends[i-1]
	}
	return b.all[start:b.ends[i]]
}

// fragments are pieces of text by code.
type fragments struct {
	all  []byte
	ends []uint64
}

// add appends a piece, which write writes.
func (f *fragments) add(write func(dst []byte) []byte) {
	f.all = write(f.all)
	f.ends = append(f.ends, uint64(len(f.all)))
}

// of returns the piece of a code.
func (f *fragments) of(code uint32) []byte {
	start := uint64(0)
	if code > 0 {
		start = f.ends[code-1]
	}
	return f.all[start:f.ends[code]]
}
