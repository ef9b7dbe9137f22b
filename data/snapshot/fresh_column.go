package snapshot

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"demarc/geo"
)

// column makes the column of a field, which is coded.
func (f *fresh) column(schema *geo.Schema, field int) *column {
	x := newFreshColumn(len(f.items))
	for row, it := range f.items {
		x.add(row, &it.feature.Values[field])
	}
	return x.column(&schema.Fields[field])
}

// freshColumn is a column that is being made.
type freshColumn struct {
	values []*geo.Value // that are different, as they were found
	codes  []uint32     // of each row which one it has, or nullIn
	slots  []uint32     // a table of the values by their hash, value+1, 0 for none
	sorted []freshValue
	order  []uint32 // of each value its code
}

// freshValue is a value that is sorted.
type freshValue struct {
	text  string // empty for what is none
	value uint32
}

// freshColumns are those that were made, for their memory.
var freshColumns = sync.Pool{New: func() any { return &freshColumn{} }}

func newFreshColumn(rows int) *freshColumn {
	x := freshColumns.Get().(*freshColumn)
	size := 8
	for size < 2*rows {
		size *= 2
	}
	x.slots = slices.Grow(x.slots[:0], size)[:size]
	clear(x.slots)
	x.codes = slices.Grow(x.codes[:0], rows)[:rows]
	x.values = x.values[:0]
	return x
}

// add adds the value of the next row.
func (x *freshColumn) add(row int, v *geo.Value) {
	if v.IsNull() {
		x.codes[row] = nullIn
		return
	}
	if row > 0 && x.codes[row-1] != nullIn && same(x.values[x.codes[row-1]], v) {
		x.codes[row] = x.codes[row-1]
		return
	}
	x.codes[row] = x.find(v)
}

// column returns the column of what was added, and gives the memory of x back.
func (x *freshColumn) column(field *geo.Field) *column {
	c := &column{field: field, rows: len(x.codes), coded: true, lazy: &lazyColumn{}}
	order := x.sort()
	c.dict = x.dict()
	c.rankDict()
	c.codes = newCodes(c.rows, c.nullCode())
	for row, at := range x.codes {
		if at == nullIn {
			c.codes.set(row, c.nullCode())
		} else {
			c.codes.set(row, order[at])
		}
	}
	clear(x.values) // which held on to items
	freshColumns.Put(x)
	return c
}

// find returns which of the values v is; it adds it.
func (x *freshColumn) find(v *geo.Value) uint32 {
	at := int(hashOfValue(v)) & (len(x.slots) - 1)
	for x.slots[at] != 0 && !same(x.values[x.slots[at]-1], v) {
		at = (at + 1) & (len(x.slots) - 1)
	}
	if x.slots[at] == 0 {
		x.values = append(x.values, v)
		x.slots[at] = uint32(len(x.values))
	}
	return x.slots[at] - 1
}

// hashOfValue returns a hash that is the same for values that are one to a dictionary.
func hashOfValue(v *geo.Value) uint64 {
	if s, ok := v.Str(); ok {
		return maphash.String(idSeed, s)
	}
	if list, ok := v.List(); ok {
		sum := uint64(len(list))
		for _, s := range list {
			sum = sum*31 + maphash.String(idSeed, s)
		}
		return sum
	}
	bits, kind := wordOf(*v)
	h := (bits ^ uint64(kind)) * 0x9e3779b97f4a7c15 // 2^64 by the golden ratio: the upper bits depend on all
	return h >> 32
}

// sort sorts the values. It returns the code of each.
func (x *freshColumn) sort() (codes []uint32) {
	x.sorted = slices.Grow(x.sorted[:0], len(x.values))[:len(x.values)]
	texts := true
	for i, v := range x.values {
		text, ok := v.Str()
		texts = texts && ok
		x.sorted[i] = freshValue{text, uint32(i)}
	}
	if texts {
		slices.SortFunc(x.sorted, func(a, b freshValue) int { return cmp.Compare(a.text, b.text) })
	} else {
		slices.SortFunc(x.sorted, func(a, b freshValue) int { return x.values[a.value].Compare(*x.values[b.value]) })
	}
	x.order = slices.Grow(x.order[:0], len(x.values))[:len(x.values)]
	for code, v := range x.sorted {
		x.order[v.value] = uint32(code)
	}
	return x.order
}

// dict returns the values that were sorted. Their texts are in a memory of their own, so
// that they keep no greater text alive.
func (x *freshColumn) dict() []geo.Value {
	size := 0
	for i := range x.sorted {
		size += len(x.sorted[i].text)
	}
	var all strings.Builder
	all.Grow(size)
	dict := make([]geo.Value, len(x.sorted))
	for code := range x.sorted {
		v := x.values[x.sorted[code].value]
		if _, ok := v.Str(); !ok {
			dict[code] = *v
			continue
		}
		from := all.Len()
		all.WriteString(x.sorted[code].text)
		dict[code] = geo.StringValue(all.String()[from:])
	}
	clear(x.sorted)
	return dict
}
