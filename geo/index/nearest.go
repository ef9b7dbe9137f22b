package index

import "math"

// Nearest yields slots in the order of their exact distance, those at the same
// distance by slot, until yield returns false.
//
// lower gives metres that nothing in a box is nearer than; exact gives the
// distance of a slot, not less than lower of its box. Both are asked only of
// what may come next: lower of the boxes of nodes and slots on the way, exact
// once of each slot whose bound is below the distances still to yield. min and
// max are lon, lat in degrees with min <= max: of a box that crosses the
// antimeridian lower is asked part by part. What lower or exact say is infinite
// or NaN is left out, so either can keep what is too far, or does not match,
// from being looked at.
//
// Safe for concurrent use if the functions are. Costs a call of lower for some
// 64 boxes a level of the tree and slot yielded.
func (x *Index) Nearest(
	lower func(min, max [2]float32) float64,
	exact func(slot uint32) float64,
	yield func(slot uint32, metres float64) bool,
) {
	var ready candidates
	going := true
	x.tree.Nearby(
		func(min, max [2]float32, _ uint32, _ bool) float64 { return bound(lower, rect{min, max}) },
		func(_, _ [2]float32, slot uint32, atLeast float64) bool {
			// Whatever comes now is no nearer than atLeast, but may be as near.
			if going = ready.yieldBelow(atLeast, yield); !going || math.IsInf(atLeast, 1) {
				return false
			}
			if metres := exact(slot); metres < math.Inf(1) {
				ready.push(candidate{slot, metres})
			}
			return true
		})
	if going {
		ready.yieldBelow(math.Inf(1), yield)
	}
}

// bound returns lower of a box in the tree, and +Inf for NaN.
func bound(lower func(min, max [2]float32) float64, r rect) float64 {
	var metres float64
	if r.max[0] <= 180 {
		metres = lower(r.min, r.max)
	} else {
		west, east := r, r
		west.max[0] = 180
		// The least float32 not below: near 0 there are more than near 360.
		east.min[0], east.max[0] = -180, up(float64(r.max[0])-360)
		metres = math.Min(lower(west.min, west.max), lower(east.min, east.max))
	}
	if metres != metres {
		return math.Inf(1)
	}
	return metres
}

// A candidate is a slot with its exact distance.
type candidate struct {
	slot   uint32
	metres float64
}

// candidates is a heap, the nearest on top.
type candidates []candidate

// yieldBelow yields and drops the candidates nearer than metres, until yield
// returns false; it returns whether it did not.
func (c *candidates) yieldBelow(metres float64, yield func(uint32, float64) bool) bool {
	for len(*c) > 0 && (*c)[0].metres < metres {
		if next := c.pop(); !yield(next.slot, next.metres) {
			return false
		}
	}
	return true
}

// before tells whether candidate i comes before j.
func (c candidates) before(i, j int) bool {
	if c[i].metres != c[j].metres {
		return c[i].metres < c[j].metres
	}
	return c[i].slot < c[j].slot
}

// push and pop are those of package heap, without an allocation for each candidate.
func (c *candidates) push(next candidate) {
	h := append(*c, next)
	for i := len(h) - 1; i > 0 && h.before(i, (i-1)/2); i = (i - 1) / 2 {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
	}
	*c = h
}

func (c *candidates) pop() candidate {
	h := *c
	first, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < last && h.before(child+1, child) {
			child++
		}
		if child >= last || !h.before(child, i) {
			*c = h
			return first
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
