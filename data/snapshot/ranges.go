package snapshot

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"demarc/geo"
	"demarc/geo/cql2"
)

// codeRange is a run of codes of a coded column, high exclusive. null tells that
// it is the code of null.
type codeRange struct {
	low, high uint32
	null      bool
}

// codeSet are the rows of a coded column that have one of some codes.
type codeSet struct {
	column *column
	ranges []codeRange
	asked  bool // whether a row must be in it, and nothing else tells whether it is
}

// count returns how many rows the set has, dead ones too.
func (s *codeSet) count() int {
	n, p := 0, s.column.postings()
	for _, r := range s.ranges {
		n += p.count(r.low, r.high)
	}
	return n
}

// span returns the least code and the one behind the greatest.
func (s *codeSet) span() (low, high uint32) {
	low = math.MaxUint32
	for _, r := range s.ranges {
		low, high = min(low, r.low), max(high, r.high)
	}
	return low, high
}

// rangesOf returns the codes for which a condition on one coded property is true;
// ok is false where that cannot be told without asking each value.
func (p *part) rangesOf(e cql2.Expr) (ranges []codeRange, ok bool) {
	switch e := e.(type) {
	case cql2.Compare:
		prop, literal, op := e.Left, e.Right, e.Op
		if _, left := prop.(cql2.Property); !left {
			prop, literal = literal, prop
			op = mirrored(op)
		}
		return p.compared(prop, op, literal)
	case cql2.Between:
		low, ok1 := p.compared(e.Arg, cql2.GreaterOrEqual, e.Low)
		high, ok2 := p.compared(e.Arg, cql2.LessOrEqual, e.High)
		if !ok1 || !ok2 {
			return nil, false
		}
		return []codeRange{{low: low[0].low, high: max(low[0].low, high[0].high)}}, true
	case cql2.In:
		for _, member := range e.List {
			r, ok := p.compared(e.Arg, cql2.Equal, member)
			if !ok {
				return nil, false
			}
			ranges = append(ranges, r...)
		}
		return disjoint(ranges), true
	case cql2.IsNull:
		if c := p.codedProperty(e.Arg); c != nil {
			return []codeRange{{c.nullCode(), c.nullCode() + 1, true}}, true
		}
	}
	return nil, false
}

// mirrored returns the comparison with its operands swapped.
func mirrored(op cql2.CompareOp) cql2.CompareOp {
	switch op {
	case cql2.Less:
		return cql2.Greater
	case cql2.LessOrEqual:
		return cql2.GreaterOrEqual
	case cql2.Greater:
		return cql2.Less
	case cql2.GreaterOrEqual:
		return cql2.LessOrEqual
	}
	return op
}

// disjoint returns the codes of the ranges in ranges of which none meets another.
func disjoint(ranges []codeRange) []codeRange {
	slices.SortFunc(ranges, func(a, b codeRange) int { return cmp.Compare(a.low, b.low) })
	var out []codeRange
	for _, r := range ranges {
		if n := len(out); n > 0 && r.low < out[n-1].high {
			out[n-1].high = max(out[n-1].high, r.high)
		} else if r.low < r.high {
			out = append(out, r)
		}
	}
	return out
}

// codedProperty returns the coded column that e names, or nil.
func (p *part) codedProperty(e cql2.Expr) *column {
	prop, ok := e.(cql2.Property)
	if !ok || prop.Field < 0 || !p.column(prop.Field).coded {
		return nil
	}
	return p.column(prop.Field)
}

// compared returns the codes of which a comparison of a property with a literal is
// true. The values of the dictionary stand in the order that CQL2 compares them in,
// lists and booleans apart, so a search by halves finds where it begins and ends.
func (p *part) compared(prop cql2.Expr, op cql2.CompareOp, literal cql2.Expr) (ranges []codeRange, ok bool) {
	c := p.codedProperty(prop)
	fields, geometry := cql2.Reads(literal)
	if c == nil || len(fields) > 0 || geometry || c.field.Type == geo.StringList || c.field.Type == geo.Boolean || op == cql2.NotEqual {
		return nil, false
	}
	f := geo.Feature{Values: make([]geo.Value, len(p.schema.Fields))}
	field := prop.(cql2.Property).Field
	unknown := false
	first := func(op cql2.CompareOp) uint32 { // the first code of which op is true
		e := cql2.Compare{Op: op, Left: prop, Right: literal}
		return uint32(sort.Search(len(c.dict), func(i int) bool {
			f.Values[field] = c.dict[i]
			t := cql2.Eval(e, &f)
			unknown = unknown || t == cql2.Unknown
			return t == cql2.True
		}))
	}
	from, behind := first(cql2.GreaterOrEqual), first(cql2.Greater)
	if unknown {
		return nil, false
	}
	r := codeRange{high: uint32(len(c.dict))}
	switch op {
	case cql2.Equal:
		r = codeRange{low: from, high: behind}
	case cql2.Less:
		r.high = from
	case cql2.LessOrEqual:
		r.high = behind
	case cql2.Greater:
		r.low = behind
	case cql2.GreaterOrEqual:
		r.low = from
	}
	return []codeRange{r}, true
}

// mostAsked is of how many values a condition is asked to find its rows.
const mostAsked = 1 << 10

// setOf returns the rows for which a condition on one coded property is true; nil
// for other conditions, and where too many values would have to be asked.
func (p *part) setOf(e cql2.Expr) *codeSet {
	fields, geometry := cql2.Reads(e)
	if len(fields) != 1 || geometry || !p.column(fields[0]).coded {
		return nil
	}
	c := p.column(fields[0])
	if ranges, ok := p.rangesOf(e); ok {
		return &codeSet{column: c, ranges: ranges}
	}
	f := geo.Feature{Values: make([]geo.Value, len(p.schema.Fields))}
	return c.matching(func(v geo.Value) bool {
		f.Values[fields[0]] = v
		return cql2.Eval(e, &f) == cql2.True
	})
}

// matching returns the rows whose value, null too, is wanted; nil where there are
// too many values.
func (c *column) matching(wanted func(geo.Value) bool) *codeSet {
	if !c.coded || len(c.dict) > mostAsked {
		return nil
	}
	s := &codeSet{column: c}
	for code := range c.nullCode() + 1 {
		v := geo.Null()
		if code < c.nullCode() {
			v = c.dict[code]
		}
		if !wanted(v) {
			continue
		}
		if n := len(s.ranges); n > 0 && s.ranges[n-1].high == code {
			s.ranges[n-1].high++
		} else {
			s.ranges = append(s.ranges, codeRange{low: code, high: code + 1})
		}
	}
	return s
}

// matchingAny returns the rows whose value Matches one of the values.
func (c *column) matchingAny(values []geo.Value) *codeSet {
	if !c.coded || len(c.dict) <= 64 || c.field.Type == geo.StringList {
		return c.matching(func(v geo.Value) bool {
			return slices.ContainsFunc(values, func(want geo.Value) bool { return v.Matches(want) })
		})
	}
	s := &codeSet{column: c}
	for _, want := range values {
		low := c.search(want)
		high := low
		for high < c.nullCode() && c.dict[high].Compare(want) == 0 {
			high++
		}
		if low < high {
			s.ranges = append(s.ranges, codeRange{low: low, high: high})
		}
	}
	s.ranges = disjoint(s.ranges)
	return s
}

// during returns the rows of a column of days or instants whose value lies in the
// interval.
func (c *column) during(iv geo.Interval) *codeSet {
	if !c.coded {
		return nil
	}
	first := func(t time.Time) uint32 { // the first code not before t
		return uint32(sort.Search(len(c.dict), func(i int) bool {
			seconds, _, _ := c.dict[i].Unix()
			return !time.Unix(seconds, 0).Before(t)
		}))
	}
	r := codeRange{high: c.nullCode()}
	if !iv.From.IsZero() {
		r.low = first(iv.From)
	}
	if !iv.To.IsZero() {
		r.high = max(r.low, first(iv.To))
	}
	return &codeSet{column: c, ranges: []codeRange{r}}
}
