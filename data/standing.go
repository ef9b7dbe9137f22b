package data

import (
	"slices"
	"time"
)

// datedBy tells whether the claim's date lets it have been made by asOf. A claim
// dated to a month or year counts from the end of it, an undated one always;
// the zero time is after everything.
func (c *Claim) datedBy(asOf time.Time) bool {
	return asOf.IsZero() || c.ClaimedOn.IsZero() || !c.ClaimedOn.Last().After(asOf)
}

// made returns which of an incident's claims had been made, by id, where dated
// tells whether a claim's date allows it. An undated claim cannot have been made
// before those that it repeats, supersedes or was computed from.
func made(cs []Claim, dated func(*Claim) bool) map[string]bool {
	made := make(map[string]bool, len(cs))
	for i := range cs {
		made[cs[i].ID] = dated(&cs[i])
	}
	unmade := func(id string) bool { m, here := made[id]; return here && !m }
	for changed := true; changed; {
		changed = false
		for i := range cs {
			c := &cs[i]
			if made[c.ID] && c.ClaimedOn.IsZero() &&
				(unmade(c.Repeats) || slices.ContainsFunc(c.Operands, unmade) || slices.ContainsFunc(c.Supersedes, unmade)) {
				made[c.ID], changed = false, true
			}
		}
	}
	return made
}

// States returns the state of each of an incident's claims at asOf, by claim
// id: current, superseded, refuted or withdrawn. Claims not yet made then are
// left out. A claim is superseded from the day of the claim that supersedes it.
func States(cs []Claim, asOf time.Time) map[string]string {
	states := make(map[string]string, len(cs))
	made := made(cs, func(c *Claim) bool { return c.datedBy(asOf) })
	for i := range cs {
		if made[cs[i].ID] {
			states[cs[i].ID] = "current"
		}
	}
	for i := range cs {
		if !made[cs[i].ID] {
			continue
		}
		for _, id := range cs[i].Supersedes {
			if made[id] {
				states[id] = "superseded"
			}
		}
	}
	for i := range cs {
		c := &cs[i]
		if made[c.ID] && c.Retracted.inForce(asOf) {
			states[c.ID] = c.Retracted.Kind
		}
	}
	return states
}

// inForce tells whether the retraction had been made by asOf.
func (r *Retraction) inForce(asOf time.Time) bool {
	return r != nil && (asOf.IsZero() || r.On.IsZero() || !r.On.Last().After(asOf))
}

// SupersededBy returns, by claim id, the claims that take its place.
func SupersededBy(cs []Claim) map[string][]string {
	by := map[string][]string{}
	for i := range cs {
		for _, id := range cs[i].Supersedes {
			by[id] = append(by[id], cs[i].ID)
		}
	}
	return by
}

// standingClaims returns the claims that stand at asOf, in their order: current,
// and neither repeating nor computed from one that does not stand. A claim may
// rest on claims of other incidents; those count as standing.
func standingClaims(cs []Claim, asOf time.Time) []*Claim {
	if asOf.IsZero() && !anyRelated(cs) {
		out := make([]*Claim, len(cs))
		for i := range cs {
			out[i] = &cs[i]
		}
		return out
	}
	states := States(cs, asOf)
	fallen := map[string]bool{}
	for id, state := range states {
		fallen[id] = state != "current"
	}
	has := func(id string) bool { return fallen[id] }
	for changed := true; changed; {
		changed = false
		for i := range cs {
			c := &cs[i]
			if !fallen[c.ID] && (fallen[c.Repeats] || slices.ContainsFunc(c.Operands, has)) {
				fallen[c.ID], changed = true, true
			}
		}
	}
	var out []*Claim
	for i := range cs {
		if _, made := states[cs[i].ID]; made && !fallen[cs[i].ID] {
			out = append(out, &cs[i])
		}
	}
	return out
}

// anyRelated tells whether the standing of one of the claims depends on more than
// its date, which is so for few incidents: others cost less without asking further.
func anyRelated(cs []Claim) bool {
	for i := range cs {
		if c := &cs[i]; len(c.Supersedes)+len(c.Operands) > 0 || c.Repeats != "" || c.Retracted != nil {
			return true
		}
	}
	return false
}

// corrected tells whether, by asOf, a claim of the family had been superseded
// by one of the family with another figure, itself not taken back since.
func corrected(cs []Claim, family int, asOf time.Time) bool {
	if !anyRelated(cs) {
		return false
	}
	states := States(cs, asOf)
	byID := map[string]*Claim{}
	for i := range cs {
		byID[cs[i].ID] = &cs[i]
	}
	for i := range cs {
		c := &cs[i]
		if familyOf(c.Metric) != family || states[c.ID] != "current" && states[c.ID] != "superseded" {
			continue
		}
		for _, id := range c.Supersedes {
			old := byID[id]
			if old != nil && states[id] != "" && familyOf(old.Metric) == family && !old.Value.Bounds().same(c.Value.Bounds()) {
				return true
			}
		}
	}
	return false
}
