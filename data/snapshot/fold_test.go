package snapshot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// foldedItems are items whose values are of all kinds: the same and unlike, equal and
// of another kind, of one kind and of several.
func foldedItems(n int) (*geo.Schema, []item) {
	schema := &geo.Schema{}
	for _, name := range []string{"id", "unique", "few", "ties", "count", "day", "list", "flag", "nothing", "mixed"} {
		schema.Fields = append(schema.Fields, geo.Field{Name: name})
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	items := make([]item, n)
	for i := range items {
		id := fmt.Sprintf("f%05d", i)
		ties := []geo.Value{geo.IntValue(1), geo.NumberValue(1), geo.NumberValue(0), geo.NumberValue(math.Copysign(0, -1)), geo.NumberValue(2.5), geo.Null()}
		mixed := []geo.Value{geo.StringValue(id), geo.IntValue(int64(i)), geo.NumberValue(float64(i) / 3)}
		shapes := []orb.Geometry{nil, orb.Point{float64(i%40) / 8, 7}, orb.Point{0, 0}, orb.Point{math.Copysign(0, -1), 0},
			orb.LineString{{1, 2}, {3, float64(i%9) + 3}}, orb.MultiPoint{}, orb.Point{rnd.Float64(), rnd.Float64()}}
		items[i] = item{key: fmt.Sprintf("%03d %s", rnd.IntN(900), id), record: "record of " + id, when: geo.Interval{From: start.AddDate(0, 0, i%700)}, feature: geo.Feature{
			ID: id, Geometry: shapes[rnd.IntN(len(shapes))], Values: []geo.Value{geo.StringValue(id), geo.StringValue("text of " + id), geo.StringValue([]string{"a", "b", "b c"}[i%3]),
				ties[rnd.IntN(len(ties))], geo.IntValue(int64(i) * 7), geo.DateValue(start.AddDate(0, 0, i)), geo.ListValue([]string{"l", []string{"m", "n"}[i%2]}),
				geo.BoolValue(i%5 == 0), geo.Null(), mixed[rnd.IntN(len(mixed))]}}}
	}
	return schema, items
}

// A fold of parts says what a part of their living items says: with few rows, where
// columns are coded, and with many, of which some are plain.
func TestFoldIsPartOfItems(t *testing.T) {
	for _, n := range []int{0, 1, 7, 60, 3 * fewRows} {
		schema, items := foldedItems(n)
		rnd := rand.New(rand.NewPCG(5, uint64(n)))
		var lots [4][]item // the last one is bare
		for i := range items {
			lot := min(rnd.IntN(8), 7) / 2
			lots[lot] = append(lots[lot], items[i])
		}
		var views []*view
		var living []item
		for i, lot := range lots {
			if i == len(lots)-1 {
				living, views = append(living, lot...), append(views, &view{part: freshOf(schema, allFresh(nil, slices.Clone(lot)), true)})
				continue
			}
			p := partOf(1, schema, slices.Clone(lot))
			if i == 1 {
				p = freshOf(schema, allFresh(nil, slices.Clone(lot)), false)
			}
			v := viewOf(p)
			var gone []uint32
			for row := range v.n {
				if rnd.IntN(4) == 0 {
					gone = append(gone, row)
				} else {
					living = append(living, v.item(row))
				}
			}
			views = append(views, v.without(gone))
		}
		got, want := foldOf(2, schema, views), partOf(1, schema, living)
		sameParts(t, n, got, want)
		if n > fewRows && !slices.ContainsFunc(got.encoded.Load().blocks, func(b []byte) bool { return &b[0] == &views[0].encoded.Load().blocks[0][0] }) {
			t.Error("what was encoded already has been copied")
		}
		again := foldOf(1, schema, []*view{viewOf(got)}) // of plain columns, too
		sameParts(t, n, again, want)
	}
}

// A fresh part, also one of several, says what a part of their living items says.
func TestFreshIsPartOfItems(t *testing.T) {
	for _, n := range []int{0, 1, 7, fewItems, 60, freshRows} {
		schema, items := foldedItems(n)
		first, second := slices.Clone(items[:n/3]), slices.Clone(items[n/3:])
		v := viewOf(freshOf(schema, allFresh(nil, second), false))
		var gone []uint32
		living := slices.Clone(first)
		for row := range v.n {
			if row%4 == 1 {
				gone = append(gone, row)
			} else {
				living = append(living, v.item(row))
			}
		}
		got := joined(schema, []*view{v.without(gone)}, first)
		if got.fresh == nil {
			t.Fatalf("%d items that have come are no fresh part", n)
		}
		sameParts(t, n, got.part, partOf(1, schema, living))
	}
}

func sameParts(t *testing.T, n int, got, want *part) {
	t.Helper()
	if got.n != want.n || got.identified != want.identified {
		t.Fatalf("%d items: %d rows, identified %v; want %d, %v", n, got.n, got.identified, want.n, want.identified)
	}
	for row := range want.n {
		a, b := got.item(row), want.item(row)
		if a.key != b.key || a.record != b.record || a.when != b.when || string(got.written(nil, row)) != string(want.written(nil, row)) || got.fresh == nil && string(got.encoded.Load().of(row)) != string(want.encoded.Load().of(row)) {
			t.Fatalf("%d items: row %d is %s, want %s", n, row, got.written(nil, row), want.written(nil, row))
		}
		for i := range b.feature.Values {
			if v, w := &a.feature.Values[i], &b.feature.Values[i]; !v.IsNull() != !w.IsNull() || !v.IsNull() && !same(v, w) {
				t.Fatalf("%d items: row %d has %v in %s, want %v", n, row, *v, want.schema.Fields[i].Name, *w)
			}
		}
		if at, ok := got.find(b.feature.ID); !ok || at != row {
			t.Fatalf("%d items: %s is at %d, %v; want %d", n, b.feature.ID, at, ok, row)
		}
	}
	for i := range want.columns {
		a, b := got.column(i), want.column(i)
		if a.coded != b.coded || len(a.dict) != len(b.dict) || (a.ranks == nil) != (b.ranks == nil) {
			t.Errorf("%d items: %s has %d values (coded %v, ties %v), want %d (%v, %v)", n, b.field.Name, len(a.dict), a.coded, a.ranks != nil, len(b.dict), b.coded, b.ranks != nil)
		}
		for code := 1; code < len(a.dict); code++ {
			if a.dict[code].Compare(a.dict[code-1]) < 0 {
				t.Errorf("%d items: %s has %v behind %v", n, b.field.Name, a.dict[code], a.dict[code-1])
			}
		}
	}
	if a, b := &got.sites, &want.sites; len(a.shapes) != len(b.shapes) || a.box != b.box || a.longest != b.longest || a.points != b.points || len(a.unlocated) != len(b.unlocated) {
		t.Errorf("%d items: %d sites in %v, want %d in %v", n, len(a.shapes), a.box, len(b.shapes), b.box)
	}
	if got.times.first != want.times.first || got.times.last != want.times.last || !slices.Equal(got.times.days.of, want.times.days.of) {
		t.Errorf("%d items: times from %d to %d, want %d to %d", n, got.times.first, got.times.last, want.times.first, want.times.last)
	}
}
