package snapshot

import (
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/geodesic"
)

// ballTree holds the located sites in balls: what is true of all positions in a ball
// need not be asked of each site. Sites that follow one another lie together, so a
// ball is round a run of them, and the next level has balls round runs of balls, up
// to a level with one.
type ballTree struct {
	from, to uint32         // the located sites
	dots     []geodesic.Dot // of these, where all are positions
	levels   [][]geodesic.Ball
}

// ballFan is how many sites, or balls of the level below, a ball holds.
const ballFan = 8

// ballNode is a ball of a level.
type ballNode struct {
	level int32
	at    uint32
}

// inBalls returns the balls of the located sites, which are those from first on.
func (s *sites) inBalls(by crew, first uint32) ballTree {
	t := ballTree{from: first, to: s.none()}
	if t.from == t.to {
		return t
	}
	if s.points {
		t.dots = make([]geodesic.Dot, t.to-t.from)
	}
	level := make([]geodesic.Ball, (t.to-t.from+ballFan-1)/ballFan)
	const run = 1024 // of balls for one worker
	by.do((len(level)+run-1)/run, func(i int) {
		for at := i * run; at < min((i+1)*run, len(level)); at++ {
			begin := t.from + uint32(at)*ballFan
			shapes := s.shapes[begin:min(begin+ballFan, t.to)]
			level[at] = ballOf(shapes)
			if s.points {
				for i, g := range shapes {
					t.dots[begin-t.from+uint32(i)] = geodesic.SpotOf(g.(orb.Point)).Dot()
				}
			}
		}
	})
	for {
		t.levels = append(t.levels, level)
		if len(level) == 1 {
			return t
		}
		next := make([]geodesic.Ball, (len(level)+ballFan-1)/ballFan)
		for at := range next {
			next[at] = geodesic.BallOfBalls(level[at*ballFan : min((at+1)*ballFan, len(level))])
		}
		level = next
	}
}

// ballOf returns a ball round shapes, ballFan at most.
func ballOf(shapes []orb.Geometry) geodesic.Ball {
	var spots [ballFan]geodesic.Spot
	var balls [ballFan]geodesic.Ball
	points := true
	for i, g := range shapes {
		p, ok := g.(orb.Point)
		if points = points && ok; ok {
			spots[i] = geodesic.SpotOf(p)
		}
	}
	if points {
		return geodesic.BallOf(spots[:len(shapes)])
	}
	for i, g := range shapes {
		balls[i] = ballRound(g)
	}
	return geodesic.BallOfBalls(balls[:len(shapes)])
}

// ballRound returns a ball that holds a geometry that lies somewhere, whether its
// edges are geodesics or straight in degrees, and what they enclose.
func ballRound(g orb.Geometry) geodesic.Ball {
	if p, ok := g.(orb.Point); ok {
		return geodesic.BallRound(p, 0)
	}
	const metresOfDegree = 111_700 // no degree of latitude or longitude is longer
	box := geodesic.EdgeBox(geo.BBoxOf(g), longestEdge(g))
	middle := orb.Point{(box.West + box.East) / 2, (box.South + box.North) / 2}
	return geodesic.BallRound(middle, metresOfDegree*math.Hypot(box.East-box.West, box.North-box.South)/2)
}

// top returns the nodes of the uppermost level: one, or none.
func (t *ballTree) top() []ballNode {
	if len(t.levels) == 0 {
		return nil
	}
	return []ballNode{{int32(len(t.levels) - 1), 0}}
}

func (t *ballTree) ball(n ballNode) geodesic.Ball { return t.levels[n.level][n.at] }

// dot returns the dot of a site.
func (t *ballTree) dot(site uint32) geodesic.Dot { return t.dots[site-t.from] }

// children returns the nodes below a node that is not of level 0: those of that
// level from first to before end.
func (t *ballTree) children(n ballNode) (first, end uint32) {
	return n.at * ballFan, min((n.at+1)*ballFan, uint32(len(t.levels[n.level-1])))
}

// sites returns the sites in a node, from first to before end.
func (t *ballTree) sites(n ballNode) (first, end uint32) {
	size := uint64(ballFan)
	for range n.level {
		size *= ballFan
	}
	return t.from + uint32(uint64(n.at)*size), uint32(min(uint64(t.from)+(uint64(n.at)+1)*size, uint64(t.to)))
}
