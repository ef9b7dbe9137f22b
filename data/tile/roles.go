package tile

import (
	"math"
	"slices"
	"strings"

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
	return r
}

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

// columns hold what merging needs, by place in the order, so that it need not look
// at the features.
type columns struct {
	days    [][2]int32   // since 1970, first and last; noDay for null; nil without
	figures [][][2]int32 // by figure, then by place; noDay for null
	words   [][]uint8    // by grade, then by kind, then by place: the word's number
}

// columns reads the columns of the features in slots.
func (r *roles) columns(col *snapshot.Collection, slots []uint32) columns {
	var c columns
	if r.start >= 0 && r.end >= 0 {
		c.days = make([][2]int32, len(slots))
	}
	for range r.figures {
		c.figures = append(c.figures, make([][2]int32, len(slots)))
	}
	var numbers []map[string]uint8
	for _, f := range slices.Concat(r.grades, r.kinds) {
		c.words = append(c.words, make([]uint8, len(slots)))
		number := map[string]uint8{}
		for i, term := range col.Schema.Fields[f].Enum {
			number[term.ID] = uint8(i)
		}
		numbers = append(numbers, number)
	}
	for at, slot := range slots {
		value := func(field int) geo.Value { return col.Value(slot, field) }
		if c.days != nil {
			c.days[at] = [2]int32{dayOf(value(r.start)), dayOf(value(r.end))}
		}
		for i, f := range r.figures {
			c.figures[i][at] = [2]int32{figureOf(value(f.low)), figureOf(value(f.high))}
		}
		for i, f := range slices.Concat(r.grades, r.kinds) {
			c.words[i][at] = none
			if text, ok := value(f).Str(); ok {
				if n, known := numbers[i][text]; known {
					c.words[i][at] = n
				}
			}
		}
	}
	return c
}

// width is how many bytes a place takes.
func (c *columns) width() int {
	width := 8*len(c.figures) + len(c.words)
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
