package snapshot

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

// A slot is a number from 0 up to Slots that stands for one version of one
// feature, or for one that is there no more. Slots mean something within one
// Collection only.

// Slots returns how many slots the collection has.
func (c *Collection) Slots() int {
	n := 0
	for _, v := range c.views {
		n += int(v.n)
	}
	return n
}

// slot returns the view and the row of a slot.
func (c *Collection) slot(slot uint32) (*view, uint32) {
	for _, v := range c.views {
		if slot < v.n {
			return v, slot
		}
		slot -= v.n
	}
	panic("snapshot: a slot of another collection")
}

// At returns the feature in a slot, without JSON; the zero Hit where there is none
// any more. Constant time.
func (c *Collection) At(slot uint32) Hit {
	var h Hit
	if v, row := c.slot(slot); !v.dead.has(row) {
		h.fill(v.part, row, &Query{NoJSON: true}, nil)
	}
	return h
}

// Place returns the id and the geometry of the feature in a slot, "" and nil where
// there is none any more. It is At without values, and allocates nothing.
func (c *Collection) Place(slot uint32) (id string, g orb.Geometry) {
	v, row := c.slot(slot)
	if v.dead.has(row) {
		return "", nil
	}
	return v.ids.at(row), v.sites.shape(v.sites.codes.at(row))
}

// AppendIDs appends the id of the feature in each of the slots, which must be there.
func (c *Collection) AppendIDs(dst []string, slots []uint32) []string {
	for _, slot := range slots {
		v, row := c.slot(slot)
		dst = append(dst, v.ids.at(row))
	}
	return dst
}

// Identified tells whether the property id of each feature is its id.
func (c *Collection) Identified() bool {
	return !slices.ContainsFunc(c.views, func(v *view) bool { return !v.identified })
}

// Value returns the value of a field of the feature in a slot.
func (c *Collection) Value(slot uint32, field int) geo.Value {
	v, row := c.slot(slot)
	return v.value(field, row)
}

// A code stands for a value of one field: features that have the same code have the
// same value, and few fields have many codes. Codes are numbers from 0 up to Codes and
// mean something within one Collection only.

// Codes returns how many codes the field has.
func (c *Collection) Codes(field int) int {
	n := 0
	for _, v := range c.views {
		n += v.column(field).codeCount()
	}
	return n
}

// Blank tells whether no feature has a value of the field. It may miss that.
func (c *Collection) Blank(field int) bool {
	return !slices.ContainsFunc(c.views, func(v *view) bool { return !v.column(field).coded || len(v.column(field).dict) > 0 })
}

// AppendCodes appends the code of the field of the feature in each of the slots.
func (c *Collection) AppendCodes(dst []uint32, field int, slots []uint32) []uint32 {
	if len(c.views) == 1 {
		return c.views[0].column(field).appendCodes(dst, slots)
	}
	for _, slot := range slots {
		before := uint32(0)
		for _, v := range c.views {
			if slot < v.n {
				dst = append(dst, before+v.column(field).code(slot))
				break
			}
			slot -= v.n
			before += uint32(v.column(field).codeCount())
		}
	}
	return dst
}

// Decode returns the value that a code of the field stands for.
func (c *Collection) Decode(field int, code uint32) geo.Value {
	for _, v := range c.views {
		column := v.column(field)
		if n := uint32(column.codeCount()); code >= n {
			code -= n
			continue
		}
		if !column.coded {
			return column.value(code)
		}
		if code == column.nullCode() {
			return geo.Null()
		}
		return column.dict[code]
	}
	panic("snapshot: a code of another collection")
}

// codeCount returns how many codes a column has; where it is not coded, each row has
// one of its own.
func (c *column) codeCount() int {
	if c.coded {
		return len(c.dict) + 1
	}
	return c.rows
}

func (c *column) code(row uint32) uint32 {
	if c.coded {
		return c.codes.at(row)
	}
	return row
}

// appendCodes appends the code of each row. The loops are so short that the processor
// waits for many rows at once.
func (c *column) appendCodes(dst, rows []uint32) []uint32 {
	switch {
	case !c.coded:
		return append(dst, rows...)
	case c.codes.b8 != nil:
		return appendOf(dst, c.codes.b8, rows)
	case c.codes.b16 != nil:
		return appendOf(dst, c.codes.b16, rows)
	}
	return appendOf(dst, c.codes.b32, rows)
}

func appendOf[C uint8 | uint16 | uint32](dst []uint32, codes []C, rows []uint32) []uint32 {
	for _, row := range rows {
		dst = append(dst, uint32(codes[row]))
	}
	return dst
}

// AppendValues appends the value of the field of the feature in each of the slots.
func (c *Collection) AppendValues(dst []geo.Value, field int, slots []uint32) []geo.Value {
	for _, slot := range slots {
		v, row := c.slot(slot)
		dst = append(dst, v.value(field, row))
	}
	return dst
}

// Matching tells of each of the slots whether q selects what it stands for. Sort,
// Limit, At and Offset are not looked at, and q has neither BBox nor Near. Its cost
// grows with the slots. It returns ctx's error when ctx ends first.
func (c *Collection) Matching(ctx context.Context, q *Query, slots []uint32) ([]bool, error) {
	matches := make([]bool, len(slots))
	var hint cql2.Hint
	if q.Filter != nil {
		hint = cql2.Bounds(q.Filter, c.longest)
	}
	if hint.Never {
		return matches, ctx.Err()
	}
	var s searcher
	var rows []uint32
	var at []int // of each row its place among the slots
	first := uint32(0)
	for _, v := range c.views {
		rows, at = rows[:0], at[:0]
		for i, slot := range slots {
			if slot-first < v.n { // below first it wraps, and is greater
				rows, at = append(rows, slot-first), append(at, i)
			}
		}
		s.begin(ctx, q, hint, v)
		if s.conditions(); s.polygons != nil {
			s.sieves = append(s.sieves, v.sites.sieveOfArea(s.polygons))
		}
		if !s.pick(rows) {
			return nil, s.err
		}
		next := 0 // those kept stand in their order
		for i, row := range rows {
			if next < len(s.rows) && s.rows[next] == row {
				matches[at[i]] = true
				next++
			}
		}
		first += v.n
	}
	return matches, nil
}

// Scan yields the slots that q selects, in no order that means anything, until
// yield returns false. Sort, Limit, At and Offset are not looked at. It returns
// ctx's error when ctx ends first.
func (c *Collection) Scan(ctx context.Context, q *Query, yield func(slot uint32) bool) error {
	conditions := *q
	conditions.Sort, conditions.At, conditions.Offset, conditions.Limit = nil, nil, 0, math.MaxInt
	a, err := c.search(ctx, &conditions)
	if err != nil {
		return err
	}
	first := uint32(0)
	for i := range a.lists {
		l := &a.lists[i]
		for place := l.step(0, 1); place < l.size(); place = l.step(place+1, 1) {
			if !yield(first + l.row(place)) {
				return nil
			}
		}
		first += l.v.n
	}
	return nil
}

// Meeting yields the slots whose geometry's box meets b, and some that only
// nearly do, until yield returns false. See index.Index.Search.
func (c *Collection) Meeting(b geo.BBox, yield func(slot uint32) bool) {
	first, going := uint32(0), true
	for _, v := range c.views {
		v.sites.meeting(b, func(row uint32) bool {
			going = v.dead.has(row) || yield(first+row)
			return going
		})
		if !going {
			return
		}
		first += v.n
	}
}
