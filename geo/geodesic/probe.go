package geodesic

import (
	"math"
	"sync"

	"github.com/paulmach/orb"
)

// A Probe asks a target of one place after another. It is quickest where they lie
// together, for it begins with the piece that was nearest last. It is for one
// goroutine at a time.
type Probe struct {
	*Target
	nearest      int // a piece
	from         Spot
	enough, best float64          // squares
	reach        float64          // metres: what is not nearer is of no interest
	margin       float64          // of squares: all pieces not further than best and this are noted
	noted        [mostNoted]int32 // those, and some that are further
	notes        int              // how many; more than there is room for if all must be looked at
	entered      []int32          // of each ball how many pieces, and which
}

// mostNoted is how many pieces a probe notes.
const mostNoted = 16

// Probe returns a probe of the target. End it when it is asked no more.
func (t *Target) Probe() *Probe {
	p := probes.Get().(*Probe)
	*p = Probe{Target: t, entered: p.entered[:0]}
	return p
}

// probes are those that have ended, for the memory of their lists.
var probes = sync.Pool{New: func() any { return &Probe{} }}

// mostKept is of how many numbers a probe leaves its memory to the next.
const mostKept = 1 << 16

// End gives the memory of the probe to probes to come; it is not asked any more.
func (t *Probe) End() {
	if cap(t.entered) <= mostKept {
		t.Target = nil
		probes.Put(t)
	}
}

// chord returns the distance in space from s to the nearest piece; it may stop at
// one that is no further than enough, and returns most where none is nearer than
// that.
func (t *Probe) chord(s Spot, enough, most float64) float64 {
	t.from, t.enough, t.best = s, enough*enough, most*most
	if enough < 0 {
		t.enough = -1
	}
	if first := t.pieces[t.nearest].off(&s); first < t.best {
		t.best = first
	}
	if len(t.pieces) > 1 || t.margin > 0 {
		t.notes, t.reach = 0, math.Sqrt(t.best+t.margin)
		t.descend(len(t.rounds)-1, 0, 1)
	}
	return math.Sqrt(t.best)
}

// descend looks for a nearer piece in the balls of a level from first to before end.
func (t *Probe) descend(level, first, end int) {
	for i := first; i < end && t.best > t.enough; i++ {
		switch {
		case !t.rounds[level][i].isNear(&t.from, t.reach):
		case level == 0:
			t.look(i)
		default:
			t.descend(level-1, i*fan, min(i*fan+fan, len(t.rounds[level-1])))
		}
	}
}

// look measures a piece.
func (t *Probe) look(i int) {
	off := t.pieces[i].off(&t.from)
	if off < t.best {
		t.best, t.nearest = off, i
		t.reach = math.Sqrt(off + t.margin)
	}
	if t.margin > 0 && off <= t.best+t.margin {
		if t.notes < len(t.noted) {
			t.noted[t.notes] = int32(i)
		}
		t.notes++
	}
}

// Bounds returns metres that the distance of no position in the ball, as Distance
// has it, is less than and more than. high may be infinite; low is 0 and high
// infinite where nothing is known. For a single position they are a metre apart at
// most where edges are shorter than a kilometre and the distance is less than
// 50 km. Costs some 50 ns.
func (t *Probe) Bounds(b Ball) (low, high float64) {
	if t.rough {
		return 0, math.Inf(1)
	}
	slack := t.sag + float64(b.Radius) + chordRounding
	c := t.chord(b.middle(), -1, math.Inf(1))
	if c > slack && t.areas && t.coversBall(b) {
		return 0, 0
	}
	return max(0, c-slack), arcOf(c + slack)
}

// coversBall tells of a ball that meets no edge whether the geometry covers what
// there is of the ellipsoid in it.
func (t *Target) coversBall(b Ball) bool { return covers(t.geometry, b.middle().below()) }

// below returns the position of the ellipsoid that is near s, if s is near it.
func (s Spot) below() orb.Point {
	s = s.rise().rise()
	return orb.Point{math.Atan2(s.Y, s.X) / degree, math.Atan2(s.Z, math.Hypot(s.X, s.Y)*(1-ecc2)) / degree}
}

// Side tells whether all positions in a ball lie within metres of the target (1) or
// none does (-1); 0 where it does not know. Costs some 30 ns.
func (t *Probe) Side(b Ball, metres float64) int {
	if t.rough {
		return 0
	}
	side := t.side(b.middle(), float64(b.Radius), metres)
	if side < 0 && t.areas && t.coversBall(b) {
		return 1
	}
	return side
}

// side is Side, without what areas enclose.
func (t *Probe) side(s Spot, radius, metres float64) int {
	slack := t.sag + radius + chordRounding
	in, out := chordOf(metres)-slack, metres+slack
	switch c := t.chord(s, in, out); {
	case c < in:
		return 1
	case c >= out:
		return -1
	}
	return 0
}

// rim is metres that a quick distance is not wrong by.
const rim = 4e-6

// Within tells whether p lies within metres of the target: whether DistanceTo is no
// more, which it seldom has to find out. ok is false where there is no distance.
func (t *Probe) Within(p orb.Point, metres float64) (yes, ok bool) {
	if !t.rough && !t.areas && isPosition(p) {
		if side := t.side(SpotOf(p), 0, metres); side != 0 {
			return side > 0, true
		}
	}
	d, ok := t.Distance(p)
	if ok && math.Abs(d-metres) < rim { // on the very rim the quick distance may be on the wrong side
		d, ok = DistanceTo(p, t.geometry)
	}
	return ok && d <= metres, ok
}

// Distance returns what DistanceTo does, to a few tenths of a micrometre, for the
// position p: of shorter distances quicker.
func (t *Probe) Distance(p orb.Point) (metres float64, ok bool) {
	if t.position {
		s := SpotOf(p)
		if chord := s.minus(t.pieces[0].from).square(); chord < shortDistance*shortDistance {
			return shortArc(s, t.pieces[0].from), true
		}
		metres = Distance(t.geometry.(orb.Point), p)
		return metres, metres == metres
	}
	if t.rough || !t.short || !isPosition(p) {
		return DistanceTo(p, t.geometry)
	}
	if t.areas && covers(t.geometry, p) {
		return 0, true
	}
	s := SpotOf(p)
	// What is nearer than the piece that is nearest by its chord is no further by
	// its chord than twice what chords may be wrong by.
	first := min(shortDistance, math.Sqrt(t.pieces[t.nearest].off(&s)))
	t.margin = 4 * t.sag * (first + t.sag)
	c := t.chord(s, -1, shortDistance)
	t.margin = 0
	if c+t.sag >= shortDistance {
		return DistanceTo(p, t.geometry)
	}
	metres = math.Inf(1)
	measure := func(p *piece) {
		if p.off(&s) <= square(c+2*t.sag) {
			metres = min(metres, toShortEdge(s, p.from, p.from.plus(1, p.way)))
		}
	}
	if t.notes > len(t.noted) {
		for i := range t.pieces {
			measure(&t.pieces[i])
		}
		return metres, true
	}
	for _, i := range t.noted[:t.notes] {
		measure(&t.pieces[i])
	}
	return metres, true
}

// Nearer is Distance where that is no more than metres; of one that is more, it may be
// false. It is far quicker where most is: for one that is asked of many targets.
func (t *Probe) Nearer(p orb.Point, metres float64) (found float64, ok bool) {
	if !t.rough && !t.areas && isPosition(p) {
		s := SpotOf(p)
		most := metres + t.sag + 2*chordRounding
		t.nearest = t.seek(&s)
		if t.chord(s, -1, most); t.best >= most*most {
			return 0, false
		}
	}
	return t.Distance(p)
}

// AtLeast returns metres that Distance of p is not less than: 0 where nothing is
// known. It is quicker than Distance.
func (t *Probe) AtLeast(p orb.Point) (metres float64) {
	if t.rough || t.areas || !isPosition(p) {
		return 0
	}
	return max(0, t.chord(SpotOf(p), -1, math.Inf(1))-t.sag-chordRounding)
}

// seek returns a piece that lies near s, if not nearest: that of the ball with the
// nearest middle of the balls in the one with the nearest middle, and so on.
func (t *Target) seek(s *Spot) (at int) {
	for level := len(t.rounds) - 2; level >= 0; level-- {
		balls, least := t.rounds[level], math.Inf(1)
		for i, end := at*fan, min(at*fan+fan, len(balls)); i < end; i++ {
			if off := balls[i].middle.minus(*s).square(); off < least {
				at, least = i, off
			}
		}
	}
	return at
}
