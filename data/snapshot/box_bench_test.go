package snapshot

import (
	"context"
	"math"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// What boxes cost as cmd/bench asks them, another one each time: the first 100 of 100
// to 1000 incidents, and of 1000 to 10,000 those of a year and a type.
func BenchmarkBox(b *testing.B) {
	c, err := benchmarked()
	if err != nil {
		b.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	some := func() (uint32, orb.Point) {
		for {
			slot := uint32(rnd.IntN(c.Slots()))
			if _, g := c.Place(slot); g != nil {
				return slot, g.(orb.Point)
			}
		}
	}
	box := func(low, high int) *Query {
		for {
			_, p := some()
			half := 0.3 * math.Sqrt(rnd.Float64())
			for range 30 {
				q := &Query{BBox: &geo.BBox{West: p[0] - half, South: p[1] - half, East: p[0] + half, North: p[1] + half}, Limit: 100, NoPlace: true, NoValues: true}
				switch n := matched(b, c, q) - unlocated(b, c); {
				case n > high:
					half *= 0.7
				case n < low:
					half *= 1.25
				default:
					return q
				}
			}
		}
	}
	var boxes, filters []*Query
	kind := c.Schema.Index("type")
	for range 200 {
		boxes = append(boxes, box(100, 1000))
		q := box(1000, 10_000)
		slot, _ := some()
		p := c.views[0].part
		from := p.times.interval(slot).From.AddDate(0, -6, 0)
		q.When = &geo.Interval{From: from, To: from.AddDate(1, 0, 0)}
		q.Equal = []Condition{{Field: kind, Value: p.columns[kind].value(slot)}}
		filters = append(filters, q)
	}
	for name, questions := range map[string][]*Query{"box": boxes, "filter": filters} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i, seen, began := 0, 0, spentCPU()
			for b.Loop() {
				page, err := c.Items(context.Background(), questions[i%len(questions)])
				if err != nil {
					b.Fatal(err)
				}
				for _, s := range page.Steps {
					seen += s.Visited
				}
				i++
				page.Release()
			}
			b.ReportMetric(float64(seen)/float64(i), "visited/op")
			b.ReportMetric(float64(spentCPU()-began)/float64(i), "cpu-ns/op")
		})
	}
}

// spentCPU returns the processor's time that the process has taken, which other
// programs on the machine do not stretch as they do the hours.
func spentCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func matched(b *testing.B, c *Collection, q *Query) int {
	b.Helper()
	page, err := c.Items(context.Background(), q)
	if err != nil {
		b.Fatal(err)
	}
	return page.Matched
}

// unlocated returns how many features lie nowhere, which every box has.
func unlocated(b *testing.B, c *Collection) int {
	b.Helper()
	return matched(b, c, &Query{BBox: &geo.BBox{West: -180, South: 89, East: -179, North: 90}, Limit: 1})
}
