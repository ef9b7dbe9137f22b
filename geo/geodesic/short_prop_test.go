package geodesic

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Short ways agree with the solver.
func TestShortEdgesAgreeWithTheSolver(t *testing.T) {
	worst := 0.0
	rapid.Check(t, func(t *rapid.T) {
		a := orb.Point{
			rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{-180, 0, 70, 179.999})).Draw(t, "lon"),
			rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{0, 40, 45, 89.99, -89.999, 1e-9})).Draw(t, "lat"),
		}
		size := rapid.SampledFrom([]float64{0, 1e-3, 1, 300, 2000, shortEdge}).Draw(t, "length")
		b := Destination(a, rapid.Float64Range(0, 360).Draw(t, "azimuth"), size*rapid.Float64Range(0.5, 0.999).Draw(t, "part"))
		off := rapid.SampledFrom([]float64{0, 1e-3, 1, 300, 3000, shortDistance}).Draw(t, "off")
		p := Destination(orb.Point{a[0] + (b[0]-a[0])*rapid.Float64Range(-0.2, 1.2).Draw(t, "along"), a[1] + (b[1]-a[1])*rapid.Float64Range(-0.2, 1.2).Draw(t, "up")},
			rapid.Float64Range(0, 360).Draw(t, "away"), off*rapid.Float64Range(0.2, 0.95).Draw(t, "far"))
		if math.Abs(a[0]-b[0]) > 1 || !isPosition(p) {
			return
		}
		want := toEdge(p, a, b, rayTo(p, a), rayTo(p, b), math.Inf(1))
		if !(want < shortDistance) {
			return
		}
		got := toShortEdge(SpotOf(p), SpotOf(a), SpotOf(b))
		worst = max(worst, math.Abs(got-want))
		if math.Abs(got-want) > 2e-6 {
			t.Fatalf("%v to %v–%v: %.9f, the solver says %.9f", p, a, b, got, want)
		}
		if got := shortArc(SpotOf(p), SpotOf(a)); math.Abs(got-Distance(p, a)) > 1e-8 && Distance(p, a) < shortDistance {
			t.Fatalf("%v to %v: %.9f, the solver says %.9f", p, a, got, Distance(p, a))
		}
	})
	t.Logf("worst: %g m", worst)
}

func BenchmarkShortEdge(b *testing.B) {
	p, q, r := SpotOf(orb.Point{70.5, 40.01}), SpotOf(orb.Point{70.49, 40}), SpotOf(orb.Point{70.51, 40})
	for b.Loop() {
		toShortEdge(p, q, r)
	}
}

func BenchmarkSpotOf(b *testing.B) {
	p := orb.Point{70.5, 40.01}
	for b.Loop() {
		SpotOf(p)
	}
}
