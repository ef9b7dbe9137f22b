package cql2_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/cql2"
)

// BenchmarkMatch asks filters of features at random places, a feature an operation.
func BenchmarkMatch(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	features := make([]geo.Feature, 1024)
	for i := range features {
		features[i] = *batken()
		features[i].Geometry = orb.Point{69 + 4*rnd.Float64(), 39 + 2*rnd.Float64()}
	}
	circle := orb.Ring{}
	for i := range 201 {
		a := 2 * math.Pi * float64(i%200) / 200
		circle = append(circle, orb.Point{70 + math.Cos(a), 40 + math.Sin(a)/2})
	}
	polygon := cql2.Format(cql2.Geometry{Shape: orb.Polygon{circle}})
	for _, c := range []struct{ name, filter string }{
		{"number", "killed_high > 5"},
		{"text", "id = '2022-09-16-batken'"},
		{"in 5", "id IN ('a', 'b', 'c', 'd', 'e')"},
		{"like", `"in" LIKE '%Чор%'`},
		{"casei like", `CASEI("in") LIKE CASEI('%чор%')`},
		{"accenti", `ACCENTI("in") = ACCENTI('Чоркӯҳ')`},
		{"interval", `T_INTERSECTS(INTERVAL(start, "end"), INTERVAL('2022-09-14', '2022-09-17'))`},
		{"list", "A_CONTAINS(parties, ('kg'))"},
		{"arithmetic", "killed_high - killed_low < 5"},
		{"bbox", "S_INTERSECTS(geometry, BBOX(69, 39, 71, 40))"},
		{"polygon of 200", "S_INTERSECTS(geometry, " + polygon + ")"},
		{"within polygon", "S_WITHIN(geometry, " + polygon + ")"},
		{"dwithin polygon", "dwithin(geometry, " + polygon + ", 10000)"},
	} {
		e, err := cql2.ParseText(c.filter, testSchema())
		if err != nil {
			b.Fatal(err)
		}
		filter := cql2.Compile(e)
		b.Run(c.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				filter.Match(&features[i%len(features)])
			}
		})
	}
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := cql2.ParseText("killed_high > 5 AND S_INTERSECTS(geometry, BBOX(69, 39, 71, 40))", testSchema()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
