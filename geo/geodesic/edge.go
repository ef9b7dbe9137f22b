package geodesic

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"
)

// On any geodesic, the distance d(s) from p to the position s metres along it
// has the derivative cos θ, θ being the angle at which the geodesic from p
// arrives, and the second derivative sin²θ M/m, where m is the reduced length
// of that geodesic and M its scale (Karney 2013, eqs. 28–29). M is positive up
// to a quarter of the way round the Earth. So within a ball of that radius d is
// convex: its least value is at an end where it grows inward, or at the one
// zero of cos θ. Beyond it d is concave, and its least value is at an end.

const (
	// M is zero no nearer and no further, in metres, than on the spheres with
	// the ellipsoid's greatest and least curvature (Sturm's comparison):
	// a quarter of a great circle of radius polar and of greatestRadius.
	convexReach  = math.Pi / 2 * polar
	concaveReach = math.Pi / 2 * greatestRadius

	// Between the two, d bends so little that a stretch of this length has at
	// most one minimum that matters.
	flatStretch = 50_000

	// footPrecision is the metres along an edge at which its foot is found.
	footPrecision = 1e-6
)

// A sample is the distance from p to a position of an edge.
type sample struct {
	along  float64 // metres from the start of the edge
	metres float64 // the distance
	slope  float64 // its derivative, cos θ
	newton float64 // metres along to where the foot should be
}

// A nearEdge looks for the position of one edge that is nearest p.
type nearEdge struct {
	p    orb.Point
	line geodesic.Line
	best float64 // metres; the least distance so far
}

// toEdge returns the least of best and the distance in metres from p to the
// edge from a to b, given the geodesics from p to its ends.
func toEdge(p, a, b orb.Point, toA, toB ray, best float64) float64 {
	best = min(best, toA.metres, toB.metres)
	edge := rayTo(a, b)
	if !(edge.metres > 0) || best == 0 {
		return best
	}
	first := sample{0, toA.metres, slope(edge.leave, toA.arrive), 0}
	last := sample{edge.metres, toB.metres, slope(edge.arrive, toB.arrive), 0}
	e := nearEdge{p: p, best: best}
	if e.hopeless(first, last) {
		return best
	}
	first.newton = step(first.slope, meridianRadius*math.Sin(first.metres/meridianRadius),
		math.Cos(first.metres/meridianRadius))
	e.line = geodesic.WGS84.LineInit(latitude(a), a[0], edge.leave,
		geodesic.Latitude|geodesic.Longitude|geodesic.Azimuth|geodesic.DistanceIn)
	e.search(first, last)
	return e.best
}

// slope returns cos θ where a geodesic at one azimuth meets another.
func slope(along, arriving float64) float64 { return math.Cos((along - arriving) * degree) }

// step returns how many metres along the foot lies, for a given slope, reduced
// length in metres and scale. On a sphere, and in the plane, it is exact.
func step(slope, reduced, scale float64) float64 {
	return meridianRadius * math.Atan2(-slope*reduced/meridianRadius, scale)
}

// at measures the distance to the position that many metres along the edge.
func (e *nearEdge) at(along float64) sample {
	var x orb.Point
	var azimuth, arriving, reduced, scale float64
	e.line.Position(along, &x[1], &x[0], &azimuth)
	s := sample{along: along}
	geodesic.WGS84.GenInverse(latitude(e.p), e.p[0], latitude(x), x[0],
		&s.metres, nil, &arriving, &reduced, nil, &scale, nil)
	s.slope = slope(azimuth, arriving)
	s.newton = step(s.slope, reduced, scale)
	e.best = min(e.best, s.metres)
	return s
}

// hopeless tells that the stretch from a to b cannot improve on e.best, either
// because it is too short to come near or because d is concave, or convex and
// growing inward, on it.
func (e *nearEdge) hopeless(a, b sample) bool {
	length := b.along - a.along
	least := (a.metres + b.metres - length) / 2 // d changes by no more than a metre a metre
	return least >= e.best || least > concaveReach ||
		convex(a, b) && (a.slope >= 0 || b.slope <= 0)
}

// convex tells that d is convex from a to b: both ends lie in a ball so small
// that it holds every geodesic between two of its positions.
func convex(a, b sample) bool {
	return a.metres < convexReach && b.metres < convexReach && b.along-a.along < convexReach
}

// search looks for the least distance on the stretch from a to b, whose ends
// e.best knows.
func (e *nearEdge) search(a, b sample) {
	switch {
	case e.hopeless(a, b):
	case convex(a, b) || b.along-a.along < flatStretch:
		if a.slope < 0 && b.slope > 0 {
			e.descend(a, b)
		}
	default:
		middle := e.at((a.along + b.along) / 2)
		e.search(a, middle)
		e.search(middle, b)
	}
}

// descend closes in on the one foot between a, where d falls, and b, where it
// grows: by Newton's method where that stays between them, else by halving.
func (e *nearEdge) descend(a, b sample) {
	s := a
	for b.along-a.along > footPrecision {
		next := s.along + s.newton
		if !(next > a.along && next < b.along) {
			next = (a.along + b.along) / 2
		}
		moved := math.Abs(next - s.along)
		if s = e.at(next); s.metres == 0 || moved <= footPrecision {
			return
		}
		if s.slope < 0 {
			a = s
		} else {
			b = s
		}
	}
}
