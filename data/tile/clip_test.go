package tile

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"demarc/geo/predicate"
)

// star draws a ring round a centre that does not meet itself.
func star(r *rand.Rand, at orb.Point, least, most float64) orb.Ring {
	n := 3 + r.IntN(20)
	var ring orb.Ring
	for i := range n {
		angle, far := 2*math.Pi*(float64(i)+0.9*r.Float64())/float64(n), least+(most-least)*r.Float64()
		ring = append(ring, orb.Point{at[0] + far*math.Cos(angle), at[1] + far*math.Sin(angle)})
	}
	return append(ring, ring[0])
}

// What is cut out of an area is what lies in the box: a position is in the one if
// and only if it is in the area and in the box. And it is a valid area.
func TestCutAreasHoldWhatTheyShould(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	box := orb.Bound{Min: orb.Point{-10, -10}, Max: orb.Point{10, 10}}
	holed, cut := 0, 0
	for range 3000 {
		at := orb.Point{r.Float64()*30 - 15, r.Float64()*30 - 15}
		p := orb.Polygon{star(r, at, 6, 6+20*r.Float64())}
		if r.IntN(3) > 0 {
			p = append(p, star(r, at, 1, 4))
			if !planar.RingContains(p[0], p[1][0]) || predicate.Validate(p) != nil {
				p = p[:1]
			}
		}
		if predicate.Validate(p) != nil {
			continue
		}
		before := orb.Clone(p).(orb.Polygon)
		got := clippedArea(box, p)
		if !orb.Equal(before, p) {
			t.Fatalf("cutting changed the polygon")
		}
		if len(p) > 1 {
			holed++
		}
		if len(got) > 0 && !holds(box, p.Bound()) {
			cut++
		}
		for _, one := range got {
			if predicate.Validate(one) != nil {
				t.Fatalf("%v\ncut to %v\n%v", p, got, predicate.Validate(one))
			}
		}
		for range 50 {
			at := orb.Point{r.Float64()*24 - 12, r.Float64()*24 - 12}
			want := box.Contains(at) && planar.PolygonContains(p, at)
			if in := planar.MultiPolygonContains(got, at); in != want {
				t.Fatalf("%v\ncut to %v\nhas %v: %v, want %v", p, got, at, in, want)
			}
		}
	}
	if holed < 300 || cut < 1000 {
		t.Errorf("%d with holes, %d cut; the test proves little", holed, cut)
	}
}
