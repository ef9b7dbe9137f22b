package tile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/tms"
)

// timed returns a collection of n points in some heaps, of which most last a few units of
// time, some long, some are open and some are instants.
func timed(t *testing.T, r *rand.Rand, n int, unit time.Duration) *snapshot.Collection {
	t.Helper()
	kind := geo.Date
	if unit < 24*time.Hour {
		kind = geo.DateTime
	}
	l := data.Layer{Name: "layer", HasGeometry: true, Start: 1, End: 2, Schema: geo.Schema{Collection: "layer", Fields: []geo.Field{
		{Name: "id", Queryable: true}, {Name: "start", Type: kind, Queryable: true}, {Name: "end", Type: kind, Queryable: true},
	}}}
	value := func(at time.Time) geo.Value {
		if kind == geo.Date {
			return geo.DateValue(at)
		}
		return geo.DateTimeValue(at)
	}
	for i := range n {
		id, from := fmt.Sprint("f", i), time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(1000))*unit)
		to := from.Add(time.Duration(r.IntN(4)) * unit)
		start, end := value(from), value(to)
		switch r.IntN(30) {
		case 0:
			end = value(from.Add(time.Duration(r.IntN(900)) * unit))
		case 1:
			start = geo.Null()
		case 2:
			end = geo.Null()
		}
		heap := float64(r.IntN(5))
		l.Features = append(l.Features, geo.Feature{ID: id, Geometry: orb.Point{10*heap + r.NormFloat64()*heap/4, 40 + r.NormFloat64()*heap/4}, Values: []geo.Value{geo.StringValue(id), start, end}})
	}
	snap, err := snapshot.New(&data.Records{}, l)
	if err != nil {
		t.Fatal(err)
	}
	col, err := snap.Collection("layer")
	if err != nil {
		t.Fatal(err)
	}
	return col
}

// A question about a time, answered out of seasons, gives the tiles that a look at every
// point gives.
func TestSeasonsAnswerAsEachPointDoes(t *testing.T) {
	r, whole, some := rand.New(rand.NewPCG(21, 22)), 0, 0
	for _, unit := range []time.Duration{24 * time.Hour, 5 * time.Hour} {
		col, set := timed(t, r, 12_000, unit), tms.WebMercatorQuad()
		part := col.Parts()[0]
		o, err := newOrder(t.Context(), part.Whole(), set)
		if err != nil {
			t.Fatal(err)
		}
		c, err := newCalendar(t.Context(), o, 300, part.Gone())
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			when := &geo.Interval{From: time.Date(2020, 11, 1, 7, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(1100)) * unit).Truncate(unit)}
			if when.To = when.From.Add(time.Duration(r.IntN(600)) * unit); r.IntN(4) == 0 {
				when.To = when.From
			}
			switch r.IntN(4) {
			case 0:
				when.From = time.Time{}
			case 1:
				when.To = time.Time{}
			}
			d := c.ask(when, part.Gone())
			whole, some = whole+len(d.whole), some+len(d.views)
			plain := sceneOf(t, col, set, &snapshot.Query{When: when})
			sheets, ok := d.sheets(part)
			if !ok {
				t.Fatal("the calendar is younger than its part")
			}
			seasons := &scene{stack: plain.stack, sheets: sheets, local: true}
			for _, level := range []int{0, 3, 6, 9} {
				l, _ := set.Limits(geo.BBox{West: 40, South: 40, East: 40, North: 40}, level, 0)
				at := tms.Tile{Level: level, Row: l.MinRow, Col: l.MinCol}
				want, got := plain.make(at, &Query{}, pack), seasons.make(at, &Query{}, pack)
				if !bytes.Equal(got.Bytes, want.Bytes) {
					t.Fatalf("%v to %v, level %d: %d features, want %d", when.From, when.To, level, got.Features, want.Features)
				}
			}
		}
	}
	if whole < 100 || some < 100 {
		t.Errorf("%d seasons were taken as they are, %d point by point: the test proves little", whole, some)
	}
}
