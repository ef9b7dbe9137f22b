package geodesic

import "math"

// Between positions less than shortDistance apart, and to edges shorter than
// shortEdge, distances need no geodesic solver: the straight way through space is so
// nearly the way on the ground that few terms make up the rest to a tenth of a
// micrometre.
const (
	shortDistance = 10_000
	shortEdge     = 5_000
)

// rise returns the place on the ellipsoid above or below s, which is metres off it:
// one step of Newton's method along the normal, which leaves h²/2R, 20 nm for half a
// metre.
func (s Spot) rise() Spot {
	n := s.normal()
	off := (s.dot(n) - 1) / (2 * n.square())
	return s.plus(-off, n)
}

// normal returns a vector upright on the ellipsoid through s: x/a², y/a², z/b².
func (s Spot) normal() Spot {
	return Spot{s.X / (equatorial * equatorial), s.Y / (equatorial * equatorial), s.Z / (polar * polar)}
}

// shortArc returns the length in metres of the geodesic between two places on the
// ellipsoid less than shortDistance apart: the chord c and c³κ²/24 of the arc above
// it, κ being the curvature of the normal section half way. What is left out is
// 3c⁵κ⁴/640, less than a nanometre.
func shortArc(s, o Spot) float64 {
	d := s.minus(o)
	square := d.square()
	if square == 0 {
		return 0
	}
	c := math.Sqrt(square)
	n := s.plus(-0.5, d).normal()
	bend := d.dot(d.normal()) / square // of the normal section, by the second fundamental form
	return c * (1 + bend*bend/n.square()*square/24)
}

// toShortEdge returns the distance in metres from p to the edge between a and b,
// which is shorter than shortEdge; p is less than shortDistance off. The foot is
// found on the chord, which is raised to the ground, and once more from there. The
// geodesic and the raised chord are nowhere further apart than e² L³/48R², less
// than half a micrometre.
func toShortEdge(p, a, b Spot) float64 {
	u := b.minus(a)
	square := u.square()
	if square == 0 {
		return shortArc(p, a)
	}
	t := p.minus(a).dot(u) / square
	if t > 0 && t < 1 {
		t += p.minus(a.plus(t, u).rise()).dot(u) / square
	}
	switch {
	case t <= 0:
		return shortArc(p, a)
	case t >= 1:
		return shortArc(p, b)
	}
	return shortArc(p, a.plus(t, u).rise())
}
