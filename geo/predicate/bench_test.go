package predicate_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/predicate"
)

// wheel is a polygon of n vertices round 70, 40.
func wheel(n int) orb.Polygon {
	var r orb.Ring
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		radius := 1 + 0.1*float64(i%2)
		r = append(r, orb.Point{70 + radius*cos, 40 + radius*sin})
	}
	return orb.Polygon{append(r, r[0])}
}

func BenchmarkIntersects(b *testing.B) {
	area := wheel(200)
	short := orb.LineString{{70.9, 40.1}, {71.2, 40.1}}
	prepared, err := predicate.Prepare(area)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		g    orb.Geometry
	}{{"point", orb.Point{70.5, 40.5}}, {"line", short}, {"polygon", wheel(50)}} {
		b.Run("prepared/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				prepared.Intersects(c.g)
			}
		})
		b.Run("once/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				predicate.Intersects(c.g, area)
			}
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	area := wheel(200)
	for b.Loop() {
		predicate.Prepare(area)
	}
}

func BenchmarkIntersectsBBox(b *testing.B) {
	area := wheel(3000)
	inside := geo.BBox{West: 69.9, South: 39.9, East: 70.1, North: 40.1}
	b.ReportAllocs()
	for b.Loop() {
		predicate.IntersectsBBox(area, inside)
	}
}

func BenchmarkValidate(b *testing.B) {
	area := wheel(3000)
	for b.Loop() {
		predicate.Validate(area)
	}
}
