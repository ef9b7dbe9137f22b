package snapshot

import "math"

// days are the times of rows as days since a first one, where all of them begin and
// end with a day: an eighth of the memory that a search has to go through. The least
// and the greatest number stand for open ends.
type days struct {
	of   []daySpan // by row; empty where some times do not fit
	base int64     // the day that has the number 1, since 1970
}

// daySpan is the time of a row: both ends beside one another, since both are looked at.
type daySpan struct{ from, to uint16 }

const (
	day     = 86400 // seconds
	openTo  = math.MaxUint16
	mostDay = openTo - 1
)

// inDays returns the times as days.
func (t *times) inDays() days {
	if t.first > t.last || floorDay(t.last)-floorDay(t.first) >= mostDay {
		return days{}
	}
	d := days{of: make([]daySpan, len(t.from)), base: floorDay(t.first)}
	for i := range t.from {
		from, to := t.from[i], t.to[i]
		if from != math.MinInt64 && from%day != 0 || to != math.MaxInt64 && to%day != 0 {
			return days{}
		}
		if from != math.MinInt64 {
			d.of[i].from = uint16(from/day - d.base + 1)
		}
		if d.of[i].to = openTo; to != math.MaxInt64 {
			d.of[i].to = uint16(to/day - d.base + 1)
		}
	}
	return d
}

// at returns the time of a row in seconds.
func (d *days) at(row uint32) (from, to int64) {
	span := d.of[row]
	from, to = math.MinInt64, math.MaxInt64
	if span.from > 0 {
		from = (int64(span.from) - 1 + d.base) * day
	}
	if span.to < openTo {
		to = (int64(span.to) - 1 + d.base) * day
	}
	return from, to
}

// floorDay returns the day of a second.
func floorDay(second int64) int64 {
	if second < 0 {
		return (second+1)/day - 1
	}
	return second / day
}

// floor returns the greatest number that is not after a second.
func (d *days) floor(second int64) uint16 {
	return uint16(min(max(floorDay(second)-d.base+1, 0), openTo))
}

// ceil returns the least number that is not before a second.
func (d *days) ceil(second int64) uint16 {
	if second == math.MinInt64 {
		return 0
	}
	return uint16(min(max(floorDay(second-1)+1-d.base+1, 0), openTo))
}

// keep keeps the rows that meet what is asked.
func (d *days) keep(rows []uint32, a asked) []uint32 {
	n, asked := 0, d.bounds(a)
	for _, row := range rows {
		rows[n] = row
		n += asked.meets(d.of[row])
	}
	return rows[:n]
}

// dayBounds is what is asked, in days.
type dayBounds struct{ begin, end, instant int32 }

func (d *days) bounds(a asked) dayBounds {
	return dayBounds{int32(d.floor(a.begin)), int32(d.ceil(a.end)), int32(d.ceil(a.instant))}
}

// meets returns 1 where a time meets what is asked, as times.meets has it: what begins
// no later than begin and ends no sooner than end, or as an instant not before instant.
// Without a branch, as between: a number below zero has the bit that is looked at.
func (b dayBounds) meets(s daySpan) int {
	from, to := int32(s.from), int32(s.to)
	late, early, long, before := b.begin-from, to-b.end, -(from ^ to), to-b.instant
	return int(uint32(^(late | early&(long|before))) >> 31)
}
