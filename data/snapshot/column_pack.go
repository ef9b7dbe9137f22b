package snapshot

import (
	"strings"

	"demarc/geo"
)

// packedChunk is what a columnChunk holds in a fraction of the memory: there are
// thousands of them while a large part is made. Its values are texts, or words of one
// kind; a chunk with others stays as it is.
type packedChunk struct {
	codes codes // null has the code that is the number of values
	text  bool
	kind  wordKind
	all   string // the texts
	ends  []uint32
	words []uint64
}

// pack packs a chunk to which nothing more is added.
func (c *columnChunk) pack() {
	text, kind, ok := c.oneKind()
	if !ok || len(c.codes) == 0 {
		return
	}
	p := &packedChunk{codes: newCodes(len(c.codes), uint32(len(c.values))), text: text, kind: kind}
	for row, code := range c.codes {
		p.codes.set(row, min(code, uint32(len(c.values))))
	}
	if kind != noWord {
		p.words = make([]uint64, len(c.values))
		for i, v := range c.values {
			p.words[i], _ = wordOf(v)
		}
	} else {
		var all strings.Builder
		p.ends = make([]uint32, len(c.values))
		for i, v := range c.values {
			s, _ := v.Str()
			all.WriteString(s)
			p.ends[i] = uint32(all.Len())
		}
		p.all = strings.Clone(all.String())
	}
	*c = columnChunk{packed: p}
}

// rows returns how many rows the chunk has.
func (c *columnChunk) rows() int {
	if c.packed != nil {
		return c.packed.codes.len()
	}
	return len(c.codes)
}

// distinct returns how many values it has; few of them more than once.
func (c *columnChunk) distinct() int {
	if c.packed != nil {
		return max(len(c.packed.ends), len(c.packed.words))
	}
	return len(c.values)
}

// code returns the place of a row's value among them, or nullIn.
func (c *columnChunk) code(row int) uint32 {
	if c.packed == nil {
		return c.codes[row]
	}
	if code := c.packed.codes.at(uint32(row)); code < uint32(c.distinct()) {
		return code
	}
	return nullIn
}

// value returns a value by its place.
func (c *columnChunk) value(code uint32) geo.Value {
	p := c.packed
	switch {
	case p == nil:
		return c.values[code]
	case p.words != nil:
		return p.kind.value(p.words[code])
	case code == 0:
		return geo.StringValue(p.all[:p.ends[0]])
	}
	return geo.StringValue(p.all[p.ends[code-1]:p.ends[code]])
}
