package geodesic

import (
	"math"

	"github.com/paulmach/orb"
)

// Target is a geometry made ready for telling from many positions how far off it
// is, and of balls of them how far at least and at most, without measuring most of
// them: by a Probe. It does not change and is safe for concurrent use.
//
// Its edges are cut into pieces, and each piece is taken for the straight way
// through space between its ends. The pieces are in the order of the geometry, in
// which those that follow one another lie together, so that balls round runs of them
// make a tree without sorting.
type Target struct {
	geometry orb.Geometry
	pieces   []piece
	rounds   [][]round // of each piece, of runs of fan of those, and so on, up to one
	sag      float64   // metres; no position of an edge is further from its piece
	bend     float64   // metres; no edge is further from the one that is straight in degrees
	short    bool      // every piece is shorter than shortEdge
	position bool      // the geometry is a position
	areas    bool      // the geometry has rings
	rough    bool      // nothing is known but by DistanceTo
}

// fewRounds is of how many levels of balls Beyond looks at the lowest.
const fewRounds = 2

// Beyond returns metres that DistanceTo of no position at s is less than: 0 where nothing
// is known. It looks at a few balls round the geometry, which costs some 20 ns.
func (t *Target) Beyond(s Spot) (metres float64) {
	if t.rough || t.areas {
		return 0
	}
	least := math.Inf(1)
	balls := t.rounds[max(0, len(t.rounds)-fewRounds)]
	for i := range balls {
		least = min(least, balls[i].middle.apart(s)-balls[i].radius)
	}
	return max(0, least-t.sag-chordRounding)
}

// piece is a part of an edge; a position is one without extent.
type piece struct {
	from, way Spot    // way leads to the other end
	inverse   float64 // of the square of the length of way; 0 where it has none
}

const (
	fan = 4
	// An edge of shortEdge or more is cut into pieces of pieceMetres, or into
	// mostPieces.
	pieceMetres = 1_000
	mostPieces  = 512
	// Of edges of a degree or more, or near a pole, bendOf knows nothing.
	longestChord = 1.0
	highestChord = 75.0
)

// NewTarget makes g ready. It keeps g, which must not change. Costs some 0.1 µs a
// vertex, and 0.5 µs for each kilometre of longer edges.
func NewTarget(g orb.Geometry) *Target {
	t := &Target{geometry: g, short: true, sag: chordRounding}
	for _, p := range pathsOf(nil, g) {
		if t.add(p); t.rough {
			break
		}
	}
	if t.rough || len(t.pieces) == 0 {
		return &Target{geometry: g, rough: true}
	}
	_, t.position = g.(orb.Point)
	t.plant()
	return t
}

// add adds the pieces of a path.
func (t *Target) add(p path) {
	t.areas = t.areas || p.kind == ring
	for _, v := range p.vertices {
		t.rough = t.rough || !isPosition(v)
	}
	switch {
	case t.rough:
	case p.edges() == 0:
		for _, v := range p.vertices {
			s := SpotOf(v)
			t.piece(s, s)
		}
	default:
		for i := range p.edges() {
			t.edge(p.edge(i))
		}
	}
}

// edge adds the pieces of an edge.
func (t *Target) edge(a, b orb.Point) {
	t.bend = max(t.bend, bendOf(a, b))
	last, length, n := SpotOf(a), maxLength(a, b), 1
	if length >= shortEdge {
		way := rayTo(a, b)
		length = way.metres
		n = min(mostPieces, int(length/pieceMetres)+1)
		for i := 1; i < n; i++ {
			next := SpotOf(Destination(a, way.leave, length*float64(i)/float64(n)))
			t.piece(last, next)
			last = next
		}
		t.short = t.short && length/float64(n) < shortEdge
	}
	t.piece(last, SpotOf(b))
	// A curve that bends no more than a circle of a radius is nowhere further from
	// the straight way between its ends than the square of its length by eight radii.
	t.sag = max(t.sag, square(length/float64(n))/(8*leastRadius)+chordRounding)
}

// bendOf returns metres that the geodesic from a to b and the chord, on which
// longitude grows with latitude, are nowhere apart; infinite where that is not known.
// On a sphere the chord's geodesic curvature is sin α (1 + cos² α) tan φ / R at the
// azimuth α, at most 1.09 tan φ / R, and a curve that bends no more departs from a
// straight one by that times the square of its length over 8; a half more is for the
// ellipsoid and for what the curvature adds up to.
func bendOf(a, b orb.Point) float64 {
	highest := max(math.Abs(a[1]), math.Abs(b[1]))
	if math.Abs(a[0]-b[0]) > longestChord || math.Abs(a[1]-b[1]) > longestChord || highest > highestChord {
		return math.Inf(1)
	}
	return 1.5*1.09*math.Tan((highest+0.1)*degree)/leastRadius*square(maxLength(a, b))/8 + roundingMetres
}

// Straightened returns the target for which Bounds and Side hold of the geometry
// with edges that are straight in degrees as well. Distance is as it was.
func (t *Target) Straightened() *Target {
	straight := *t
	straight.rough = t.rough || math.IsInf(t.bend, 1)
	straight.sag += t.bend
	return &straight
}

func (t *Target) piece(from, to Spot) {
	p := piece{from: from, way: to.minus(from)}
	if square := p.way.square(); square > 0 {
		p.inverse = 1 / square
	}
	t.pieces = append(t.pieces, p)
}

// off returns the square of the distance in space from s to the piece. It is most of
// what a search does, so it calls nothing.
func (p *piece) off(s *Spot) float64 {
	x, y, z := s.X-p.from.X, s.Y-p.from.Y, s.Z-p.from.Z
	if along := (x*p.way.X + y*p.way.Y + z*p.way.Z) * p.inverse; along > 0 {
		if along > 1 {
			along = 1
		}
		x, y, z = x-along*p.way.X, y-along*p.way.Y, z-along*p.way.Z
	}
	return x*x + y*y + z*z
}

// round is a ball in space that holds pieces. Whether one is near takes no branch for
// each direction, which the processor would often mistake, as it does of a box.
type round struct {
	middle Spot
	radius float64
}

// isNear tells whether a position of the ball is less than metres off s.
func (r *round) isNear(s *Spot, metres float64) bool {
	x, y, z, reach := s.X-r.middle.X, s.Y-r.middle.Y, s.Z-r.middle.Z, r.radius+metres
	return x*x+y*y+z*z < reach*reach
}

// plant makes the tree of balls.
func (t *Target) plant() {
	level := make([]round, len(t.pieces))
	for i, p := range t.pieces {
		level[i] = round{p.from.plus(0.5, p.way), math.Sqrt(p.way.square())/2 + chordRounding}
	}
	for t.rounds = [][]round{level}; len(level) > 1; t.rounds = append(t.rounds, level) {
		next := make([]round, 0, len(level)/fan+1)
		for first := 0; first < len(level); first += fan {
			next = append(next, roundOf(level[first:min(first+fan, len(level))]))
		}
		level = next
	}
}

// roundOf returns a ball that holds balls, of which there is one at least.
func roundOf(all []round) round {
	low, high := all[0].middle, all[0].middle
	for _, r := range all[1:] {
		low = Spot{min(low.X, r.middle.X), min(low.Y, r.middle.Y), min(low.Z, r.middle.Z)}
		high = Spot{max(high.X, r.middle.X), max(high.Y, r.middle.Y), max(high.Z, r.middle.Z)}
	}
	out := round{middle: low.plus(0.5, high.minus(low))}
	for _, r := range all {
		out.radius = max(out.radius, out.middle.apart(r.middle)+r.radius+chordRounding)
	}
	return out
}
