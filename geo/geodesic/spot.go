package geodesic

import (
	"math"

	"github.com/paulmach/orb"
)

// A Spot is a place in space: metres from the middle of the Earth towards longitude
// 0, towards longitude 90 and towards the north pole.
type Spot struct{ X, Y, Z float64 }

// SpotOf returns where in space a position on the ellipsoid is; NaN for none. Right
// to a few nanometres. Costs some 40 ns.
func SpotOf(p orb.Point) Spot {
	if !isPosition(p) {
		return Spot{math.NaN(), math.NaN(), math.NaN()}
	}
	sinLat, cosLat := math.Sincos(p[1] * degree)
	sinLon, cosLon := math.Sincos(p[0] * degree)
	across := equatorial / math.Sqrt(1-ecc2*sinLat*sinLat)
	return Spot{across * cosLat * cosLon, across * cosLat * sinLon, across * (1 - ecc2) * sinLat}
}

func (s Spot) minus(o Spot) Spot             { return Spot{s.X - o.X, s.Y - o.Y, s.Z - o.Z} }
func (s Spot) dot(o Spot) float64            { return s.X*o.X + s.Y*o.Y + s.Z*o.Z }
func (s Spot) plus(t float64, o Spot) Spot   { return Spot{s.X + t*o.X, s.Y + t*o.Y, s.Z + t*o.Z} }
func (s Spot) square() float64               { return s.dot(s) }
func (s Spot) apart(o Spot) (metres float64) { return math.Sqrt(s.minus(o).square()) }

// A geodesic is never shorter than the chord between its ends. And since it bends
// nowhere more than a circle of leastRadius, its chord is no shorter than that of an
// arc of such a circle as long as it is (Schur's comparison theorem): it is at most
// 2 r asin(c/2r), which for chords up to longChord is less than c + c³/24r² and a
// hundredth of that.
const (
	longChord = 1e6
	arcFactor = 1.01 / (24 * leastRadius * leastRadius)
	// chordRounding is more metres than all rounding of a chord comes to.
	chordRounding = 1e-7
)

// arcOf returns metres that a geodesic with a chord of at most so many metres is no
// longer than; infinite for long chords.
func arcOf(chord float64) float64 {
	if !(chord <= longChord) {
		return math.Inf(1)
	}
	return chord + arcFactor*chord*chord*chord + chordRounding
}

// chordOf returns metres that the chord of a geodesic that is longer than metres
// exceeds; negative for long ones.
func chordOf(metres float64) float64 {
	if !(metres <= longChord) {
		return -1
	}
	return metres - arcFactor*metres*metres*metres - chordRounding
}

// A Ball is a part of space. What is true of all of it is true of every position in
// it.
type Ball struct{ X, Y, Z, Radius float32 }

// BallOf returns a ball that holds the spots, of which there is one at least.
func BallOf(spots []Spot) Ball {
	low, high := spots[0], spots[0]
	for _, s := range spots[1:] {
		low = Spot{min(low.X, s.X), min(low.Y, s.Y), min(low.Z, s.Z)}
		high = Spot{max(high.X, s.X), max(high.Y, s.Y), max(high.Z, s.Z)}
	}
	b := ballAt(low, high)
	most := 0.0
	for _, s := range spots {
		most = max(most, b.middle().minus(s).square())
	}
	return b.reaching(math.Sqrt(most))
}

// BallOfBalls returns a ball that holds the balls, of which there is one at least.
func BallOfBalls(balls []Ball) Ball {
	low, high := balls[0].middle(), balls[0].middle()
	for _, b := range balls {
		m, r := b.middle(), float64(b.Radius)
		low = Spot{min(low.X, m.X-r), min(low.Y, m.Y-r), min(low.Z, m.Z-r)}
		high = Spot{max(high.X, m.X+r), max(high.Y, m.Y+r), max(high.Z, m.Z+r)}
	}
	out := ballAt(low, high)
	most := 0.0
	for _, b := range balls {
		most = max(most, out.middle().apart(b.middle())+float64(b.Radius))
	}
	return out.reaching(most)
}

// BallRound returns a ball that holds every position within metres of p.
func BallRound(p orb.Point, metres float64) Ball {
	s := SpotOf(p)
	b := ballAt(s, s)
	return b.reaching(metres + b.middle().apart(s))
}

// ballAt returns a ball without extent in the middle of a box.
func ballAt(low, high Spot) Ball {
	return Ball{X: float32((low.X + high.X) / 2), Y: float32((low.Y + high.Y) / 2), Z: float32((low.Z + high.Z) / 2)}
}

// reaching returns the ball with a radius of no less than metres.
func (b Ball) reaching(metres float64) Ball {
	b.Radius = float32(metres + chordRounding)
	if float64(b.Radius) < metres+chordRounding {
		b.Radius = math.Nextafter32(b.Radius, float32(math.Inf(1)))
	}
	return b
}

func (b Ball) middle() Spot { return Spot{float64(b.X), float64(b.Y), float64(b.Z)} }

// A Dot is a place in space in half the memory of a Spot, and dotRounding metres off it
// at most.
type Dot struct{ X, Y, Z float32 }

// dotRounding is more than half of what the numbers of a Dot near the ground are apart,
// in all three directions at once.
const dotRounding = 0.5

// Dot returns the spot, rounded.
func (s Spot) Dot() Dot { return Dot{float32(s.X), float32(s.Y), float32(s.Z)} }

func (d Dot) spot() Spot { return Spot{float64(d.X), float64(d.Y), float64(d.Z)} }
