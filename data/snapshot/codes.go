package snapshot

// codes are small numbers, one a row, in as few bytes as they need.
type codes struct {
	b8  []uint8
	b16 []uint16
	b32 []uint32
}

// newCodes returns room for n codes, none of them greater than most.
func newCodes(n int, most uint32) codes {
	switch {
	case most < 1<<8:
		return codes{b8: make([]uint8, n)}
	case most < 1<<16:
		return codes{b16: make([]uint16, n)}
	}
	return codes{b32: make([]uint32, n)}
}

// at returns the code of a row.
func (c *codes) at(row uint32) uint32 {
	switch {
	case c.b8 != nil:
		return uint32(c.b8[row])
	case c.b16 != nil:
		return uint32(c.b16[row])
	}
	return c.b32[row]
}

func (c *codes) set(row int, code uint32) {
	switch {
	case c.b8 != nil:
		c.b8[row] = uint8(code)
	case c.b16 != nil:
		c.b16[row] = uint16(code)
	default:
		c.b32[row] = code
	}
}

// len returns how many rows have a code.
func (c *codes) len() int { return max(len(c.b8), len(c.b16), len(c.b32)) }

// postings are the rows of each code, in their order.
type postings struct {
	starts []uint32 // of code c: rows[starts[c]:starts[c+1]]
	rows   []uint32
}

// invert returns the rows of each of the codes below count, in time and space
// that grow with the rows.
func (c *codes) invert(count int) *postings {
	n := c.len()
	p := &postings{starts: make([]uint32, count+1), rows: make([]uint32, n)}
	for i := range n {
		p.starts[c.at(uint32(i))+1]++
	}
	for i := range count {
		p.starts[i+1] += p.starts[i]
	}
	next := make([]uint32, count)
	copy(next, p.starts)
	for i := range n {
		code := c.at(uint32(i))
		p.rows[next[code]] = uint32(i)
		next[code]++
	}
	return p
}

// of returns the rows of a code.
func (p *postings) of(code uint32) []uint32 { return p.rows[p.starts[code]:p.starts[code+1]] }

// count returns how many rows have a code from low to below high.
func (p *postings) count(low, high uint32) int { return int(p.starts[high] - p.starts[low]) }
