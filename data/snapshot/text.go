package snapshot

import "strings"

// blockRows is how many rows share a piece of text, or a zone: a power of two.
const (
	blockShift = 10
	blockRows  = 1 << blockShift
)

// texts are strings, one a row, held in few large pieces: a collection of
// millions has thousands of them to look after, and not millions.
//
// Those of a fresh part stand where they came.
type texts struct {
	blocks []textBlock
	came   []string
}

type textBlock struct {
	all  string
	ends []uint32
}

// newTexts returns the strings that of gives for rows 0 to n.
func newTexts(n int, of func(row int) string) texts {
	t := texts{blocks: make([]textBlock, 0, (n+blockRows-1)/blockRows)}
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

// none tells whether there are no strings.
func (t *texts) none() bool { return len(t.blocks) == 0 && len(t.came) == 0 }

// at returns the string of a row, which shares its memory.
func (t *texts) at(row uint32) string {
	if t.came != nil {
		return t.came[row]
	}
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

// newFragments returns n pieces, which write writes.
func newFragments(n int, write func(dst []byte, code int) []byte) fragments {
	scratch := encoding.Get().(*[]byte)
	all, ends := (*scratch)[:0], make([]uint64, n)
	for code := range ends {
		all = write(all, code)
		ends[code] = uint64(len(all))
	}
	f := fragments{append(make([]byte, 0, len(all)), all...), ends}
	*scratch = all
	encoding.Put(scratch)
	return f
}

// of returns the piece of a code.
func (f *fragments) of(code uint32) []byte {
	start := uint64(0)
	if code > 0 {
		start = f.ends[code-1]
	}
	return f.all[start:f.ends[code]]
}
