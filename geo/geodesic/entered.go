package geodesic

import "math"

// Entered names a ball that a probe has entered: what could be nearest to its positions
// is known. Unentered stands for none.
type Entered int32

// Unentered is no ball.
const Unentered Entered = -1

// A Piece names the piece of a probe's target that was nearest to something; NoPiece
// stands for none.
type Piece int32

// NoPiece is no piece.
const NoPiece Piece = -1

// Dotted tells whether Enter, SideOf and AtLeastOf can be asked of the target: it has
// no areas, and it is known where it lies.
func (t *Target) Dotted() bool { return !t.rough && !t.areas }

// Enter is Bounds of a ball, of whose positions AtLeastOf can be asked then; of balls
// near which too much of the target lies it returns Unentered. The target must be
// Dotted. Costs some 200 ns.
func (t *Probe) Enter(b Ball) (low, high float64, in Entered) {
	radius := float64(b.Radius)
	c, slack := t.chord(b.middle(), -1, math.Inf(1)), t.sag+radius+chordRounding
	return max(0, c-slack), arcOf(c + slack), t.enter(t.nearestTo(c, radius))
}

// nearestTo returns metres from the middle of a ball within which each piece lies that
// is nearest to the dot of a position in it. The nearest to the middle is chord metres
// off it, and that to a position no more than it and twice as much as the dot.
func (t *Probe) nearestTo(chord, radius float64) (metres float64) {
	return chord + 2*(radius+dotRounding+chordRounding)
}

// enter notes the pieces within metres of the place that was asked last.
func (t *Probe) enter(metres float64) (in Entered) {
	in, t.reach = t.open(), metres
	if !t.noteNear(in, len(t.rounds)-1, 0, 1) {
		t.entered = t.entered[:in]
		return Unentered
	}
	t.shut(in)
	return in
}

// noteNear puts the pieces in the balls of a level from first to before end that lie
// within reach into a list; it returns whether they are few enough.
func (t *Probe) noteNear(in Entered, level, first, end int) bool {
	for i := first; i < end; i++ {
		if !t.rounds[level][i].isNear(&t.from, t.reach) {
			continue
		}
		if level == 0 {
			if t.pieces[i].off(&t.from) <= t.reach*t.reach {
				t.entered = append(t.entered, int32(i))
			}
		} else if !t.noteNear(in, level-1, i*fan, min(i*fan+fan, len(t.rounds[level-1]))) {
			return false
		}
	}
	return len(t.entered)-int(in) <= mostNoted+1
}

// A Glance is what is known of a ball after a look at it; the zero Glance is nothing.
type Glance struct {
	middle Spot
	least  float64 // metres that the chord from the middle to the target is not less than
}

// Glance is Side of a ball, and what else the look at it has told. round is what is
// known of a ball that holds it, or any other: of a ball all within the metres it is
// what there is to tell. The target must be Dotted. Costs some 20 ns where it lies all
// within, and up to 100.
func (t *Probe) Glance(b Ball, metres float64, round Glance) (g Glance, side int) {
	slack := t.sag + float64(b.Radius) + chordRounding
	in, out := chordOf(metres)-slack, metres+slack
	g.middle = b.middle()
	switch g.least = t.chord(g.middle, in, out); {
	case g.least < in:
		g.least = max(0, round.least-g.middle.apart(round.middle)-chordRounding)
		return g, 1
	case g.least >= out:
		return g, -1
	}
	return g, 0
}

// Least returns metres that no position of the ball is nearer than.
func (t *Probe) Least(b Ball, g Glance) float64 {
	return max(0, g.least-t.sag-float64(b.Radius)-chordRounding)
}

// EnterRim enters the ball that Glance has just told to lie partly within the metres,
// for SideOf. Costs some 50 ns.
func (t *Probe) EnterRim(b Ball, metres float64, g Glance) Entered {
	radius := float64(b.Radius)
	// What is off all positions by more than the metres decides nothing.
	return t.enter(min(t.nearestTo(g.least, radius), metres+t.sag+radius+2*(dotRounding+chordRounding)))
}

// open begins the list of a ball, shut ends it, and near returns it.
func (t *Probe) open() Entered {
	t.entered = append(t.entered, 0)
	return Entered(len(t.entered) - 1)
}

func (t *Probe) shut(in Entered) { t.entered[in] = int32(len(t.entered)) - int32(in) - 1 }

func (t *Probe) near(in Entered) []int32 { return t.entered[in+1 : in+1+Entered(t.entered[in])] }

// chordTo returns the square of the distance in space from s, which lies in a ball that
// was entered, to the nearest piece, and which that is.
func (t *Probe) chordTo(s Spot, in Entered) (best float64, nearest Piece) {
	if in == Unentered {
		return square(t.chord(s, -1, math.Inf(1))), Piece(t.nearest)
	}
	best = math.Inf(1)
	for _, i := range t.near(in) {
		if off := t.pieces[i].off(&s); off < best {
			best, nearest = off, Piece(i)
		}
	}
	return best, nearest
}

// AtLeastOf returns metres that the distance of a position in the ball is not less than,
// and which piece is nearest to its dot. Costs some 20 ns.
func (t *Probe) AtLeastOf(d Dot, in Entered) (metres float64, nearest Piece) {
	best, nearest := t.chordTo(d.spot(), in)
	return max(0, math.Sqrt(best)-t.sag-dotRounding-chordRounding), nearest
}

// SideOf is Side of a position in a ball that was entered for these metres or for all,
// of which it knows the dot. Costs some 20 ns.
func (t *Probe) SideOf(d Dot, in Entered, metres float64) int {
	slack := t.sag + dotRounding + chordRounding
	inside, outside := square(max(0, chordOf(metres)-slack)), square(metres+slack)
	s, best := d.spot(), math.Inf(1)
	if in == Unentered {
		best = square(t.chord(s, math.Sqrt(inside), metres+slack))
	} else {
		for _, i := range t.near(in) {
			if best = min(best, t.pieces[i].off(&s)); best < inside {
				return 1
			}
		}
	}
	switch {
	case best < inside:
		return 1
	case best >= outside:
		return -1
	}
	return 0
}

// BeginAt has the next search begin at a piece, which is likely to be the nearest.
func (t *Probe) BeginAt(p Piece) {
	if p != NoPiece {
		t.nearest = int(p)
	}
}
