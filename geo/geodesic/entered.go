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
// Dotted. Costs some 100 ns.
func (t *Probe) Enter(b Ball) (low, high float64, in Entered) {
	radius := float64(b.Radius)
	reach := radius + dotRounding + chordRounding
	t.from, t.enough = b.middle(), -1
	t.best = t.pieces[t.nearest].off(&t.from)
	for range 2 { // the second time from the nearest, which leaves out more
		// What is nearest to a position in the ball is no further from the middle than
		// the nearest to the middle and twice as much as the position.
		t.margin, t.notes = 4*reach*(math.Sqrt(t.best)+reach), 0
		if t.descend(len(t.boxes)-1, 0); t.notes <= mostNoted {
			break
		}
	}
	if in = Unentered; t.notes <= mostNoted {
		in = Entered(len(t.entered))
		t.entered = append(t.entered, int32(t.notes))
		for _, i := range t.noted[:t.notes] {
			if t.pieces[i].off(&t.from) <= t.best+t.margin {
				t.entered = append(t.entered, i)
			}
		}
		t.entered[in] = int32(len(t.entered)) - int32(in) - 1
	}
	t.margin = 0
	c, slack := math.Sqrt(t.best), t.sag+radius+chordRounding
	return max(0, c-slack), arcOf(c + slack), in
}

// AtLeastOf returns metres that the distance of a position in the ball is not less than,
// and which piece is nearest to its dot. Costs some 20 ns.
func (t *Probe) AtLeastOf(d Dot, in Entered) (metres float64, nearest Piece) {
	s := d.spot()
	best := math.Inf(1)
	if in == Unentered {
		best = square(t.chord(s, -1, math.Inf(1)))
		nearest = Piece(t.nearest)
	} else {
		for _, i := range t.entered[in+1 : in+1+Entered(t.entered[in])] {
			if off := t.pieces[i].off(&s); off < best {
				best, nearest = off, Piece(i)
			}
		}
	}
	return max(0, math.Sqrt(best)-t.sag-dotRounding-chordRounding), nearest
}

// SideOf is Side of a position, of which it knows the dot. Costs some 20 ns.
func (t *Probe) SideOf(d Dot, metres float64) int { return t.side(d.spot(), dotRounding, metres) }

// OnRim returns metres that no position of a ball is nearer than of which Side does not
// know whether it lies within the metres.
func (t *Probe) OnRim(b Ball, metres float64) float64 {
	return max(0, chordOf(metres)-2*(t.sag+float64(b.Radius)+chordRounding))
}

// BeginAt has the next search begin at a piece, which is likely to be the nearest.
func (t *Probe) BeginAt(p Piece) {
	if p != NoPiece {
		t.nearest = int(p)
	}
}
