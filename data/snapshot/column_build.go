package snapshot

import (
	"slices"
	"strings"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

// columnChunk gathers the values of one field of a run of rows: the distinct ones
// and of each row its place among them, or null.
type columnChunk struct {
	codes  []uint32
	values []geo.Value
	packed *packedChunk // instead, when the chunk is whole and large
	texts  map[string]uint32
	words  map[word]uint32
	lists  map[string]uint32
	recent [recentTexts]uint32 // codes+1 of texts, by a few of their letters
	few    bool                // whether there are so few that they are looked through
}

// fewItems is up to how many values are quicker looked through than up.
const fewItems = 32

// recentTexts is how many texts a columnChunk knows without looking them up: most
// fields have few values.
const recentTexts = 32

type word struct {
	bits uint64
	kind wordKind
}

// nullIn stands for null in a columnChunk.
const nullIn = ^uint32(0)

// add adds the value of the next row.
func (c *columnChunk) add(v geo.Value) {
	c.codes = append(c.codes, c.find(v))
}

// unlike tells whether nearly every value so far is new: then looking them up does
// not pay. What is the same after all is found when chunks are joined.
func (c *columnChunk) unlike() bool {
	return len(c.values) >= blockRows && len(c.values) >= len(c.codes)-len(c.codes)/16
}

func (c *columnChunk) find(v geo.Value) uint32 {
	if v.IsNull() {
		return nullIn
	}
	if c.few {
		for at := range c.values {
			if same(&c.values[at], &v) {
				return uint32(at)
			}
		}
		c.values = append(c.values, v)
		return uint32(len(c.values) - 1)
	}
	if s, ok := v.Str(); ok {
		slot := &c.recent[0]
		if n := len(s); n > 0 {
			slot = &c.recent[(n*7+int(s[0])+int(s[n-1])*3+int(s[n/2])*5)%recentTexts]
		}
		if *slot > 0 {
			if known, _ := c.values[*slot-1].Str(); known == s {
				return *slot - 1
			}
		}
		if c.unlike() {
			c.values = append(c.values, v)
			return uint32(len(c.values) - 1)
		}
		*slot = enter(&c.texts, s, v, &c.values) + 1
		return *slot - 1
	}
	if list, ok := v.List(); ok {
		return enter(&c.lists, strings.Join(list, "\x00"), v, &c.values)
	}
	bits, kind := wordOf(v)
	if c.unlike() {
		if _, last := wordOf(c.values[len(c.values)-1]); last == kind { // so that words has every kind
			c.values = append(c.values, v)
			return uint32(len(c.values) - 1)
		}
	}
	return enter(&c.words, word{bits, kind}, v, &c.values)
}

// enter returns where v, whose key is k, stands among the values; it adds it.
func enter[K comparable](known *map[K]uint32, k K, v geo.Value, values *[]geo.Value) uint32 {
	if *known == nil {
		*known = map[K]uint32{}
	}
	at, ok := (*known)[k]
	if !ok {
		at = uint32(len(*values))
		(*known)[k] = at
		*values = append(*values, v)
	}
	return at
}

// fewRows is up to how many rows a column is coded however unlike its values are.
const fewRows = 2 * blockRows

// newColumn makes a column of the chunks, in their order.
func newColumn(f *geo.Field, chunks []*columnChunk) column {
	c := column{field: f, lazy: &lazyColumn{}}
	distinct := 0
	for _, ch := range chunks {
		c.rows += ch.rows()
		distinct += ch.distinct()
	}
	if c.rows > fewRows && distinct > c.rows/2 && c.plain(chunks) {
		return c
	}
	c.coded = true
	all := columnChunk{}
	maps := make([][]uint32, len(chunks)) // from a chunk's codes to places in all.values
	if len(chunks) == 1 && chunks[0].packed == nil && !chunks[0].unlike() {
		all.values = chunks[0].values // each of which is another already
	} else {
		for i, ch := range chunks {
			maps[i] = make([]uint32, ch.distinct())
			for j := range maps[i] {
				maps[i][j] = all.find(ch.value(uint32(j)))
			}
		}
	}
	order := c.sortDict(all.values)
	c.codes = newCodes(c.rows, c.nullCode())
	row := 0
	for i, ch := range chunks {
		for j := range ch.rows() {
			if code := ch.code(j); code == nullIn {
				c.codes.set(row, c.nullCode())
			} else if maps[i] == nil {
				c.codes.set(row, order[code])
			} else {
				c.codes.set(row, order[maps[i][code]])
			}
			row++
		}
	}
	return c
}

// fewWritten and someWritten are up to how many rows no value is kept as text, and none
// that few rows share: those parts are soon put together with others, and their features
// are kept whole.
const (
	fewWritten  = 256
	someWritten = 1 << 14
)

// isWrittenAhead tells whether the property of each code of a coded column is kept as text.
func (c *column) isWrittenAhead() bool {
	return c.rows > someWritten || c.rows > fewWritten && len(c.dict) < c.rows/8
}

// writeAhead writes the property of each code of a coded column, unless it has few rows.
func (c *column) writeAhead() {
	if !c.coded || !c.isWrittenAhead() {
		return
	}
	c.json = newFragments(int(c.nullCode())+1, func(dst []byte, code int) []byte { return c.appendProperty(dst, uint32(code)) })
}

// appendProperty appends a comma and the property that has the code.
func (c *column) appendProperty(dst []byte, code uint32) []byte {
	v := geo.Null()
	if code < c.nullCode() {
		v = c.dict[code]
	}
	return geojson.AppendProperty(appendName(dst, c.field), v)
}

// nameOf returns what stands before a property's value.
func nameOf(f *geo.Field) []byte { return appendName(nil, f) }

func appendName(dst []byte, f *geo.Field) []byte {
	return append(geo.AppendJSONString(append(dst, ','), f.Name), ':')
}

// sortDict makes the dictionary out of distinct values and returns the code of
// each of them.
func (c *column) sortDict(values []geo.Value) []uint32 {
	at := make([]uint32, len(values))
	for i := range at {
		at[i] = uint32(i)
	}
	slices.SortFunc(at, func(a, b uint32) int { return values[a].Compare(values[b]) })
	codes := make([]uint32, len(values))
	c.dict = make([]geo.Value, len(values))
	for code, i := range at {
		codes[i] = uint32(code)
		c.dict[code] = owned(values[i])
	}
	c.rankDict()
	return codes
}

// rankDict finds the values of the dictionary that compare as equal.
func (c *column) rankDict() {
	for code := 1; code < len(c.dict); code++ {
		if c.dict[code].Compare(c.dict[code-1]) != 0 {
			if c.ranks != nil {
				c.ranks[code] = uint32(code)
			}
			continue
		}
		if c.ranks == nil {
			c.ranks = make([]uint32, len(c.dict)+1)
			for before := range code {
				c.ranks[before] = uint32(before)
			}
			c.ranks[len(c.dict)] = c.nullCode()
		}
		c.ranks[code] = c.ranks[code-1]
	}
}

// owned returns v with a string of its own, so that it keeps no greater text alive.
func owned(v geo.Value) geo.Value {
	if s, ok := v.Str(); ok {
		return geo.StringValue(strings.Clone(s))
	}
	return v
}

// oneKind tells whether all values are texts, or else of which kind of word; ok is
// false where they are unlike, or lists.
func oneKind(chunks []*columnChunk) (text bool, kind wordKind, ok bool) {
	for _, ch := range chunks {
		t, k, one := ch.oneKind()
		if text = text || t; kind == noWord {
			kind = k
		}
		if !one || k != noWord && k != kind || text && kind != noWord {
			return text, kind, false
		}
	}
	return text, kind, true
}

// oneKind is oneKind of a chunk.
func (c *columnChunk) oneKind() (text bool, kind wordKind, ok bool) {
	if c.packed != nil {
		return c.packed.text, c.packed.kind, true
	}
	for w := range c.words {
		if kind != noWord && kind != w.kind {
			return text, kind, false
		}
		kind = w.kind
	}
	text = len(c.texts) > 0
	return text, kind, len(c.lists) == 0 && !(text && kind != noWord)
}

// plain makes a plain column, if the values are of one kind that has such a form.
func (c *column) plain(chunks []*columnChunk) bool {
	text, kind, ok := oneKind(chunks)
	if !ok {
		return false
	}
	c.null = make([]uint64, (c.rows+63)/64)
	c.name, c.kind = nameOf(c.field), kind
	starts := make([]int, len(chunks)+1)
	for i, ch := range chunks {
		starts[i+1] = starts[i] + ch.rows()
	}
	at := 0 // the chunk of the row that was asked for last: rows are asked for in their order, if more than once
	value := func(row int) geo.Value {
		for row < starts[at] {
			at--
		}
		for row >= starts[at+1] {
			at++
		}
		if code := chunks[at].code(row - starts[at]); code != nullIn {
			return chunks[at].value(code)
		}
		c.null[row/64] |= 1 << (row % 64)
		return geo.Null()
	}
	if text {
		c.text = newTexts(c.rows, func(row int) string {
			s, _ := value(row).Str()
			return s
		})
		return true
	}
	c.words = make([]uint64, c.rows)
	for row := range c.rows {
		c.words[row], _ = wordOf(value(row))
	}
	return true
}
