package snapshot

import (
	"slices"
	"sync"

	"demarc/geo"
)

// column returns the column of a field.
func (f *fold) column(field int) column {
	if v := f.views[0]; len(f.views) == 1 && v.fresh != nil && v.dead.count == 0 {
		if c := *v.column(field); f.n <= fewRows || len(c.dict) <= f.n/2 {
			c.writeAhead()
			return c
		}
	}
	of := make([]*column, len(f.views))
	plain, distinct := false, 0
	for i, v := range f.views {
		c := v.column(field)
		of[i] = c
		if plain = plain || !c.coded; c.coded {
			distinct += len(c.dict)
		}
	}
	if plain || f.n > fewRows && distinct > f.n/2 {
		if c, ok := f.plain(of); ok {
			return c
		}
	}
	if plain { // and others that are unlike: each value is looked at
		ch := &columnChunk{}
		for i, row := range f.rows {
			ch.add(of[f.from[i]].value(row))
		}
		return newColumn(&f.schema.Fields[field], []*columnChunk{ch})
	}
	return f.coded(of)
}

// plain returns the column as a plain one, if all values are of one kind that has
// such a form.
func (f *fold) plain(of []*column) (c column, ok bool) {
	first := of[0]
	text, kind := false, noWord
	for _, column := range of {
		t, k, ok := column.form()
		if !ok || kind != noWord && k != noWord && k != kind {
			return c, false
		}
		if text = text || t; k != noWord {
			kind = k
		}
	}
	if text == (kind != noWord) { // both, or neither
		return c, false
	}
	c = column{field: first.field, rows: f.n, lazy: &lazyColumn{}, null: make([]uint64, (f.n+63)/64), name: nameOf(first.field), kind: kind}
	for row, at := range f.rows {
		if of[f.from[row]].isNull(at) {
			c.null[row/64] |= 1 << (row % 64)
		}
	}
	if text {
		c.text = newTexts(f.n, func(row int) string { return of[f.from[row]].textAt(f.rows[row]) })
		return c, true
	}
	c.words = make([]uint64, f.n)
	for row, at := range f.rows {
		c.words[row] = of[f.from[row]].wordAt(at)
	}
	return c, true
}

// isNull tells whether a row has no value.
func (c *column) isNull(row uint32) bool {
	if c.coded {
		return c.codes.at(row) == c.nullCode()
	}
	return c.null[row/64]>>(row%64)&1 == 1
}

// textAt returns the text of a row of a column of texts, empty for null.
func (c *column) textAt(row uint32) (text string) {
	if !c.coded {
		return c.text.at(row)
	}
	if code := c.codes.at(row); code < c.nullCode() {
		text, _ = c.dict[code].Str()
	}
	return text
}

// wordAt returns the word of a row of a column of words of one kind, any for null.
func (c *column) wordAt(row uint32) (word uint64) {
	if !c.coded {
		return c.words[row]
	}
	if code := c.codes.at(row); code < c.nullCode() {
		word, _ = wordOf(c.dict[code])
	}
	return word
}

// form tells whether all values of a column are texts, or else of which kind of word;
// ok is false where they are unlike, or lists.
func (c *column) form() (text bool, kind wordKind, ok bool) {
	if !c.coded {
		return c.words == nil, c.kind, true
	}
	for _, v := range c.dict {
		_, k := wordOf(v)
		_, t := v.Str()
		if !t && k == noWord || text && k != noWord || t && kind != noWord || kind != noWord && k != kind {
			return text, kind, false
		}
		text, kind = t, k
	}
	return text, kind, true
}

// coded returns the column of coded ones.
func (f *fold) coded(of []*column) column {
	m := merges.Get().(*dictMerge)
	m.reset(len(of), func(i int) int { return len(of[i].dict) })
	for _, column := range of {
		m.codes = append(m.codes, &column.codes)
	}
	f.use(m.codes, m.to)
	for i, column := range of {
		m.add(column, i)
	}
	c := column{field: of[0].field, rows: f.n, coded: true, lazy: &lazyColumn{}}
	m.finish(&c, of[0])
	c.codes = f.codes(m.codes, m.to, c.nullCode())
	merges.Put(m)
	return c
}

// dictMerge makes one dictionary of several.
type dictMerge struct {
	entries []dictEntry // as they were found, those of the first column in front
	order   []uint32    // of the entries: by their values
	merged  []uint32    // the next order
	to      [][]uint32  // of each column, which entry each of its codes is; before, whether it is used
	room    []uint32    // that to has
	codes   []*codes    // of the columns
	ofFirst int         // how many entries are of the first column
	ties    bool        // whether some entries compare as equal
}

type dictEntry struct {
	value *geo.Value
	of    *column // that had it first,
	code  uint32  // and as which code
}

// merges are what was merged with, for its memory.
var merges = sync.Pool{New: func() any { return &dictMerge{} }}

// reset makes the merge ready for so many columns, with dictionaries of so many values.
func (m *dictMerge) reset(columns int, values func(column int) int) {
	clear(m.entries) // which held on to values
	clear(m.codes)
	m.codes, m.entries, m.order, m.to, m.ofFirst, m.ties = m.codes[:0], m.entries[:0], m.order[:0], m.to[:0], 0, false
	size := columns
	for i := range columns {
		size += values(i)
	}
	if cap(m.room) < size {
		m.room = make([]uint32, size)
	}
	room := m.room[:size]
	clear(room)
	for i := range columns {
		n := values(i) + 1 // null's is the last
		m.to, room = append(m.to, room[:n:n]), room[n:]
	}
}

// add adds the codes of a column that are used.
func (m *dictMerge) add(c *column, column int) {
	m.ties = m.ties || c.ranks != nil
	order, out, to := m.order, m.merged[:0], m.to[column]
	for code := range c.nullCode() {
		if to[code] == 0 {
			continue
		}
		v, below := &c.dict[code], -1
		for len(order) > 0 {
			if below = m.entries[order[0]].value.Compare(*v); below >= 0 {
				break
			}
			out, order = append(out, order[0]), order[1:]
		}
		if below == 0 && len(order) > 0 {
			if known, ok := m.known(order, v); ok {
				to[code] = known
				continue
			}
			m.ties = true
		}
		to[code] = uint32(len(m.entries))
		out = append(out, to[code])
		m.entries = append(m.entries, dictEntry{v, c, code})
	}
	if m.order, m.merged = append(out, order...), m.order; column == 0 {
		m.ofFirst = len(m.entries)
	}
}

// write appends the entry's property.
func (e *dictEntry) write(dst []byte) []byte {
	if len(e.of.json.ends) == 0 {
		return e.of.appendProperty(dst, e.code)
	}
	return append(dst, e.of.json.of(e.code)...)
}

// known returns which of the entries in front, which compare as equal to v, is v.
func (m *dictMerge) known(order []uint32, v *geo.Value) (entry uint32, ok bool) {
	for _, e := range order {
		of := m.entries[e].value
		if of.Compare(*v) != 0 {
			break
		}
		if same(of, v) {
			return e, true
		}
	}
	return 0, false
}

// same tells whether two values that compare as equal are one to a dictionary: of one
// kind, and the same to the bit.
func same(a, b *geo.Value) bool {
	if s, ok := a.Str(); ok {
		o, ok := b.Str()
		return ok && s == o
	}
	if list, ok := a.List(); ok {
		other, ok := b.List()
		return ok && slices.Equal(list, other)
	}
	x, kind := wordOf(*a)
	y, other := wordOf(*b)
	return kind == other && x == y
}

// finish puts the dictionary into the column, and makes codes of the entries. Where
// it is that of the first column, both share it.
func (m *dictMerge) finish(c, first *column) {
	null := uint32(len(m.entries))
	if cap(m.merged) < len(m.entries) {
		m.merged = make([]uint32, len(m.entries))
	}
	codes := m.merged[:null] // what it was is in m.order
	for code, e := range m.order {
		codes[e] = uint32(code)
	}
	for _, to := range m.to {
		last := len(to) - 1
		for code := range to[:last] {
			if null > 0 {
				to[code] = codes[to[code]] // of one that is not used, any
			}
		}
		to[last] = null
	}
	if len(m.entries) == len(first.dict) && m.ofFirst == len(first.dict) {
		if c.dict, c.json, c.ranks = first.dict, first.json, first.ranks; len(c.json.ends) == 0 {
			c.writeAhead()
		}
		return
	}
	c.dict = make([]geo.Value, null)
	for code, e := range m.order {
		c.dict[code] = *m.entries[e].value
	}
	if m.ties {
		c.rankDict()
	}
	if !c.isWrittenAhead() {
		return
	}
	c.json = newFragments(len(m.order)+1, func(dst []byte, code int) []byte {
		if code == len(m.order) {
			return c.appendProperty(dst, null)
		}
		return m.entries[m.order[code]].write(dst)
	})
}
