package snapshot

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo/cql2"
)

// What questions of distance cost as cmd/bench asks them, another one each time: the
// nearest and the first 100 of what is near lines of 20 to 60 vertices, and the 10
// nearest to positions.
func BenchmarkNear(b *testing.B) {
	c, err := benchmarked()
	if err != nil {
		b.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	some := func() orb.Point {
		for {
			if _, g := c.Place(uint32(rnd.IntN(c.Slots()))); g != nil {
				return g.(orb.Point)
			}
		}
	}
	var closest, along, nearest []*Query
	for range 100 {
		p := some()
		nearest = append(nearest, &Query{Near: &Near{Geometry: orb.Point{p[0] + rnd.NormFloat64()*0.05, p[1] + rnd.NormFloat64()*0.05}}, Limit: 10})
		angle, line := rnd.Float64()*2*math.Pi, orb.LineString{p}
		for range 20 + rnd.IntN(40) {
			angle += rnd.NormFloat64() * 0.4
			p = orb.Point{p[0] + 0.003*math.Cos(angle), p[1] + 0.003*math.Sin(angle)}
			line = append(line, p)
		}
		closest = append(closest, &Query{Near: &Near{Geometry: line, Within: 2000}, Limit: 100})
		along = append(along, &Query{Filter: cql2.Call{Name: "dwithin", Args: []cql2.Expr{
			cql2.Property{Name: "geometry", Field: -1, Type: cql2.GeometryType}, cql2.Geometry{Shape: line}, cql2.Number{Float: 2000}}}, Limit: 100})
	}
	for name, questions := range map[string][]*Query{"closest": closest, "along": along, "nearest": nearest} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i, matched, seen := 0, 0, 0
			for b.Loop() {
				a, err := c.search(context.Background(), questions[i%100])
				if err != nil {
					b.Fatal(err)
				}
				matched += a.matched()
				for _, step := range a.steps {
					seen += step.Visited
				}
				a.free()
				i++
			}
			b.ReportMetric(float64(matched)/float64(i), "matched")
			b.ReportMetric(float64(seen)/float64(i), "seen")
		})
	}
}
