package tile

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"demarc/data/snapshot"
	"demarc/geo"
)

// roles are what the fields of a schema are to a tile.
type roles struct {
	start, end int // places in the schema of the first and last day, -1 without
	figures    []figure
	grades     []int // of vocabularies whose words go from good to bad
	kinds      []int // of vocabularies that a merged feature shows where all agree
}

// figure is a pair of fields: the lowest and the highest claim.
type figure struct {
	low, high int
}

// The fields of our collections that grade a feature, from the surest to the
// least sure, and those that say of which kind it is.
var (
	gradeFields = []string{"occurrence", "figures"}
	kindFields  = []string{"type", "theatre", "metric", "kind"}
)

func rolesOf(sc *geo.Schema) roles {
	r := roles{start: dateField(sc, "start"), end: dateField(sc, "end")}
	for i := range sc.Fields {
		f := &sc.Fields[i]
		name, isLow := strings.CutSuffix(f.Name, "_low")
		high := sc.Index(name + "_high")
		switch {
		case isLow && high >= 0 && f.Type == geo.Integer && sc.Fields[high].Type == geo.Integer:
			r.figures = append(r.figures, figure{i, high})
		case len(f.Enum) == 0 || len(f.Enum) >= none:
		case slices.Contains(gradeFields, f.Name):
			r.grades = append(r.grades, i)
		case slices.Contains(kindFields, f.Name):
			r.kinds = append(r.kinds, i)
		}
	}
	r.figures = r.figures[:min(len(r.figures), maxFigures)]
	r.grades = r.grades[:min(len(r.grades), maxWords)]
	r.kinds = r.kinds[:min(len(r.kinds), maxWords-len(r.grades))]
	return r
}

// word returns the i-th of the grades and kinds.
func (r *roles) word(i int) int {
	if i < len(r.grades) {
		return r.grades[i]
	}
	return r.kinds[i-len(r.grades)]
}

// dated tells whether features have a first and a last day.
func (r *roles) dated() bool { return r.start >= 0 && r.end >= 0 }

func dateField(sc *geo.Schema, name string) int {
	if i := sc.Index(name); i >= 0 && sc.Fields[i].Type == geo.Date {
		return i
	}
	return -1
}

// Absent values in columns.
const (
	none   = 255           // of a word
	noDay  = math.MinInt32 // of a day or a figure
	mixed  = 254           // of a kind, where not all agree
	daySec = 24 * 60 * 60
)

var noFigure = [2]int32{noDay, noDay}

// columns hold what merging needs, by place in the order, so that it need not look
// at the features.
type columns struct {
	days    [][2]int32   // since 1970, first and last; noDay for null; nil without
	figures [][][2]int32 // by figure, then by place; noDay for null; nil where all are
	words   [][]uint8    // by grade, then by kind, then by place: the word's number
}

// columns reads the columns of the features in slots, on all cores. A figure that
// none of them has gets none.
func (r *roles) columns(ctx context.Context, col *snapshot.Collection, slots []uint32) columns {
	var c columns
	if r.dated() {
		c.days = make([][2]int32, len(slots))
		inRuns(len(slots), func(_, from, to int) {
			for at := from; at < to && ctx.Err() == nil; at++ {
				c.days[at] = [2]int32{dayOf(col.Value(slots[at], r.start)), dayOf(col.Value(slots[at], r.end))}
			}
		})
	}
	for _, f := range r.figures {
		column, some := make([][2]int32, len(slots)), atomic.Bool{}
		inRuns(len(slots), func(_, from, to int) {
			for at := from; at < to && ctx.Err() == nil; at++ {
				column[at] = [2]int32{figureOf(col.Value(slots[at], f.low)), figureOf(col.Value(slots[at], f.high))}
				if column[at] != noFigure {
					some.Store(true)
				}
			}
		})
		if !some.Load() {
			column = nil
		}
		c.figures = append(c.figures, column)
	}
	for _, f := range slices.Concat(r.grades, r.kinds) {
		c.words = append(c.words, wordColumn(ctx, col, f, slots))
	}
	return c
}

// wordColumn numbers the words of a field by its vocabulary.
func wordColumn(ctx context.Context, col *snapshot.Collection, field int, slots []uint32) []uint8 {
	number := map[string]uint8{}
	for i, term := range col.Schema.Fields[field].Enum {
		number[term.ID] = uint8(i)
	}
	column := make([]uint8, len(slots))
	inRuns(len(slots), func(_, from, to int) {
		for at := from; at < to && ctx.Err() == nil; at++ {
			column[at] = none
			if text, ok := col.Value(slots[at], field).Str(); ok {
				if n, known := number[text]; known {
					column[at] = n
				}
			}
		}
	})
	return column
}

// width is how many bytes a place takes.
func (c *columns) width() int {
	width := len(c.words)
	for _, f := range c.figures {
		if f != nil {
			width += 8
		}
	}
	if c.days != nil {
		width += 8
	}
	return width
}

// dayOf returns the days since 1970 of a day.
func dayOf(v geo.Value) int32 {
	seconds, _, ok := v.Unix()
	if !ok {
		return noDay
	}
	return int32(math.Floor(float64(seconds) / daySec))
}

func figureOf(v geo.Value) int32 {
	i, ok := v.Int()
	if !ok {
		return noDay
	}
	return int32(min(max(i, math.MinInt32+1), math.MaxInt32))
}
