package snapshot

import (
	"math/bits"
	"slices"
)

// dead are the rows of a part that have been changed or taken out since it was
// made. It never changes; with makes the next one and copies what it touches. The
// zero dead has none.
type dead struct {
	blocks []*deadBlock // nil where none of the block's rows is dead
	before []uint32     // of each block how many are dead before it
	count  int
}

type deadBlock [blockRows / 64]uint64

// has tells whether the row is dead.
func (d *dead) has(row uint32) bool {
	if d.count == 0 {
		return false
	}
	b := d.blocks[row>>blockShift]
	return b != nil && b[row%blockRows/64]>>(row%64)&1 == 1
}

// rank returns how many rows before row are not dead.
func (d *dead) rank(row uint32) int {
	if d.count == 0 {
		return int(row)
	}
	block := row >> blockShift
	if int(block) == len(d.blocks) { // row is the number of rows
		return int(row) - d.count
	}
	n := int(d.before[block])
	if b := d.blocks[block]; b != nil {
		in := row % blockRows
		for i := range in / 64 {
			n += bits.OnesCount64(b[i])
		}
		n += bits.OnesCount64(b[in/64] & (1<<(in%64) - 1))
	}
	return int(row) - n
}

// with returns d with more dead among the n rows.
func (d *dead) with(n uint32, rows []uint32) dead {
	out := dead{blocks: slices.Clone(d.blocks), before: slices.Clone(d.before), count: d.count}
	if out.blocks == nil {
		out.blocks = make([]*deadBlock, (n+blockRows-1)/blockRows)
		out.before = make([]uint32, len(out.blocks))
	}
	more := map[uint32]uint32{} // how many more are dead, of each block that is copied
	first := uint32(len(out.blocks))
	for _, row := range rows {
		block := row >> blockShift
		b := out.blocks[block]
		if _, mine := more[block]; !mine {
			fresh := deadBlock{}
			if b != nil {
				fresh = *b
			}
			b, more[block] = &fresh, 0
			out.blocks[block], first = b, min(first, block)
		}
		if word, bit := row%blockRows/64, uint64(1)<<(row%64); b[word]&bit == 0 {
			b[word] |= bit
			more[block]++
		}
	}
	sum := uint32(0)
	for block := first; block < uint32(len(out.blocks)); block++ {
		out.before[block] += sum
		sum += more[block]
	}
	out.count += int(sum)
	return out
}

// each visits the dead rows, in their order.
func (d *dead) each(visit func(row uint32)) {
	for i, b := range d.blocks {
		if b == nil {
			continue
		}
		for word, w := range b {
			for ; w != 0; w &= w - 1 {
				visit(uint32(i)<<blockShift + uint32(word*64+bits.TrailingZeros64(w)))
			}
		}
	}
}
