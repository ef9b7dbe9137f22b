package data

import "slices"

// agreement says how the statements of a figure relate to one another, as a
// word of FigureStates. f holds its ranges already.
func agreement(f *Figure, claims []*Claim, disputed map[string]bool, corrected bool) string {
	if f.State == "not_comparable" {
		return f.State
	}
	stated := statements(claims)
	if sum, parties := sumOfParties(f.ByParty); parties > 1 && !onlyParts(f.ByParty, claims) {
		stated = append(stated, statement{party: AllParties, Range: sum})
	}
	state := "none"
	for i, s := range stated {
		state = worse(state, "single_claim")
		for _, o := range stated[:i] {
			if s.party == o.party && !s.restsOn(claims) && !o.restsOn(claims) {
				state = worse(state, compare(s, o))
			}
		}
	}
	if len(stated) > 0 && slices.ContainsFunc(claims, func(c *Claim) bool { return disputed[c.ID] }) {
		return "conflicting"
	}
	if corrected && (state == "agreed" || state == "single_claim") {
		return "converging" // an earlier figure was corrected towards this one
	}
	return state
}

// restsOn tells whether the statement repeats, or was computed from, one of the
// claims: then it is no second voice beside them.
func (s *statement) restsOn(claims []*Claim) bool {
	return slices.ContainsFunc(s.claims, func(c *Claim) bool {
		return slices.ContainsFunc(claims, func(o *Claim) bool {
			return o.ID == c.Repeats || slices.Contains(c.Operands, o.ID)
		})
	})
}

// compare says how two statements about the same party relate. "About 30" does
// not conflict with what begins or ends next to it, such as "more than 30".
func compare(s, o statement) string {
	if !s.known() || !o.known() {
		return "single_claim"
	}
	if s.same(o.Range) {
		return "agreed"
	}
	slack := 0.0
	if s.about() || o.about() {
		slack = 1
	}
	if nanToZero(s.Low) <= o.High+slack && nanToZero(o.Low) <= s.High+slack {
		return "converging"
	}
	return "conflicting"
}

// about tells whether the statement is worded as "about".
func (s *statement) about() bool {
	return slices.ContainsFunc(s.claims, func(c *Claim) bool { return c.Value.Kind == "approx" })
}

// disputedClaims returns, by id, those of an incident's standing claims that
// the record says contradict another standing one, whatever that one counts:
// "one killed" against "two wounded, no death".
func disputedClaims(standing []*Claim) map[string]bool {
	if !slices.ContainsFunc(standing, func(c *Claim) bool { return len(c.Contradicts) > 0 }) {
		return nil
	}
	stands := map[string]bool{}
	for _, c := range standing {
		stands[c.ID] = true
	}
	disputed := map[string]bool{}
	for _, c := range standing {
		for _, id := range c.Contradicts {
			if stands[id] {
				disputed[c.ID], disputed[id] = true, true
			}
		}
	}
	return disputed
}

// worse returns whichever of two states says more of disagreement.
func worse(a, b string) string {
	order := []string{"none", "single_claim", "agreed", "converging", "conflicting", "not_comparable"}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// WorstState returns the state of an incident whose figures are fs.
func WorstState(fs []Figure) string {
	state := "none"
	for _, f := range fs {
		state = worse(state, f.State)
	}
	return state
}
