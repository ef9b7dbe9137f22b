package snapshot

import (
	"math"
	"slices"
	"sort"
	"sync"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

// column holds the values of one field of a part's rows.
//
// Where many rows share a value, it has a dictionary of the values in their
// order, and each row the value's place in it: rows compare and sort by that
// number, and a condition is asked of a value once, not of each row. Where nearly
// every row has a value of its own, the values stand in words or text.
type column struct {
	field *geo.Field
	rows  int
	// A coded column: null has the code len(dict).
	coded bool
	dict  []geo.Value
	codes codes
	json  fragments // of each code: a comma, the name, a colon and the value; empty for few rows
	ranks []uint32  // of each code, nil where that is the code: values that compare as equal share one
	// A plain column.
	words []uint64 // what numbers, days and instants are made of
	kind  wordKind
	text  texts
	null  []uint64 // a bit a row
	name  []byte   // a comma, the name, a colon

	lazy *lazyColumn
}

// lazyColumn is what is worked out when it is first asked for.
type lazyColumn struct {
	postings, order, zones sync.Once
	inverted               *postings
	sorted                 codes // by row its rank, of a plain column
	ends                   []zone
}

// zone is the least and the greatest code of a block of rows, null left out:
// low > high where all are null.
type zone struct{ low, high uint32 }

// nullCode returns the code of null in a coded column.
func (c *column) nullCode() uint32 { return uint32(len(c.dict)) }

// value returns the value of a row.
func (c *column) value(row uint32) geo.Value {
	if c.coded {
		if code := c.codes.at(row); code < c.nullCode() {
			return c.dict[code]
		}
		return geo.Null()
	}
	if c.null[row/64]>>(row%64)&1 == 1 {
		return geo.Null()
	}
	if c.words != nil {
		return c.kind.value(c.words[row])
	}
	return geo.StringValue(c.text.at(row))
}

// appendJSON appends a comma and the row's property.
func (c *column) appendJSON(dst []byte, row uint32) []byte {
	if len(c.json.ends) > 0 {
		return append(dst, c.json.of(c.codes.at(row))...)
	}
	if c.coded {
		return c.appendProperty(dst, c.codes.at(row))
	}
	return geojson.AppendProperty(append(dst, c.name...), c.value(row))
}

// postings returns the rows of each code of a coded column, null's last.
func (c *column) postings() *postings {
	c.lazy.postings.Do(func() { c.lazy.inverted = c.codes.invert(len(c.dict) + 1) })
	return c.lazy.inverted
}

// zones returns the ends of the codes of each block of rows of a coded column.
func (c *column) zones() []zone {
	c.lazy.zones.Do(func() {
		for first := 0; first < c.rows; first += blockRows {
			z := zone{low: math.MaxUint32}
			for row := first; row < min(first+blockRows, c.rows); row++ {
				if code := c.codes.at(uint32(row)); code < c.nullCode() {
					z.low, z.high = min(z.low, code), max(z.high, code)
				}
			}
			c.lazy.ends = append(c.lazy.ends, z)
		}
	})
	return c.lazy.ends
}

// rank returns what orders the rows: a number a row, which most bounds, that is
// greater where the value is, and greatest for null.
func (c *column) rank() (of func(row uint32) uint32, most uint32) {
	if !c.coded {
		c.lazy.order.Do(c.sortPlain)
		return c.lazy.sorted.at, uint32(c.rows)
	}
	if c.ranks == nil {
		return c.codes.at, c.nullCode()
	}
	return func(row uint32) uint32 { return c.ranks[c.codes.at(row)] }, c.nullCode()
}

// sortPlain works out the ranks of a plain column.
func (c *column) sortPlain() {
	rows := make([]uint32, c.rows)
	for i := range rows {
		rows[i] = uint32(i)
	}
	slices.SortFunc(rows, func(a, b uint32) int { return c.value(a).Compare(c.value(b)) })
	c.lazy.sorted = newCodes(c.rows, uint32(c.rows))
	rank := uint32(0)
	for i, row := range rows {
		v := c.value(row)
		if i > 0 && v.Compare(c.value(rows[i-1])) != 0 {
			rank++
		}
		if v.IsNull() {
			rank = uint32(c.rows)
		}
		c.lazy.sorted.set(int(row), rank)
	}
}

// search returns the first code whose value is not below v, by Value.Compare.
func (c *column) search(v geo.Value) uint32 {
	return uint32(sort.Search(len(c.dict), func(i int) bool { return c.dict[i].Compare(v) >= 0 }))
}

// wordKind tells what a word stands for.
type wordKind uint8

const (
	noWord wordKind = iota
	boolWord
	intWord
	numberWord
	dateWord
	instantWord
)

// wordOf returns a value that fits a word, and its kind; noWord for others.
func wordOf(v geo.Value) (uint64, wordKind) {
	if i, ok := v.Int(); ok {
		return uint64(i), intWord
	}
	if f, ok := v.Float(); ok {
		return math.Float64bits(f), numberWord
	}
	if b, ok := v.Bool(); ok {
		if b {
			return 1, boolWord
		}
		return 0, boolWord
	}
	if seconds, precision, ok := v.Unix(); ok {
		if precision == geo.PrecisionDay {
			return uint64(seconds), dateWord
		}
		return uint64(seconds), instantWord
	}
	return 0, noWord
}

// value returns the value of a word.
func (k wordKind) value(w uint64) geo.Value {
	switch k {
	case boolWord:
		return geo.BoolValue(w == 1)
	case intWord:
		return geo.IntValue(int64(w))
	case numberWord:
		return geo.NumberValue(math.Float64frombits(w))
	case dateWord:
		return geo.UnixValue(int64(w), geo.PrecisionDay)
	}
	return geo.UnixValue(int64(w), geo.PrecisionInstant)
}
