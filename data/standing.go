package data

import (
	"slices"
	"time"
)

// KnownAt tells whether the claim had been made by asOf. A claim dated to a
// month or year counts from the end of it, an undated one always; the zero
// time is after everything.
func (c *Claim) KnownAt(asOf time.Time) bool {
	return asOf.IsZero() || c.ClaimedOn.IsZero() || !c.ClaimedOn.Last().After(asOf)
}

// States returns the state of each of an incident's claims at asOf, by claim
// id: current, superseded, refuted or withdrawn. Claims not yet made then are
// left out. A claim is superseded from the day of the claim that supersedes it.
func States(cs []Claim, asOf time.Time) map[string]string {
	states := make(map[string]string, len(cs))
	for i := range cs {
		if c := &cs[i]; c.KnownAt(asOf) {
			states[c.ID] = "current"
		}
	}
	for i := range cs {
		c := &cs[i]
		if _, made := states[c.ID]; !made {
			continue
		}
		for _, id := range c.Supersedes {
			if _, made := states[id]; made {
				states[id] = "superseded"
			}
		}
	}
	for i := range cs {
		c := &cs[i]
		if _, made := states[c.ID]; made && c.Retracted.inForce(asOf) {
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

// standingClaims returns, for each family of figures, the claims that stand at
// asOf: current, and neither repeating nor computed from one that does not
// stand. A claim may rest on claims of other incidents; those count as standing.
func standingClaims(cs []Claim, asOf time.Time) [len(figureFamilies)][]*Claim {
	states := States(cs, asOf)
	fallen := func(id string) bool {
		state, here := states[id]
		return here && state != "current"
	}
	var out [len(figureFamilies)][]*Claim
	for i := range cs {
		c := &cs[i]
		family := familyOf(c.Metric)
		if family < 0 || states[c.ID] != "current" || fallen(c.Repeats) || slices.ContainsFunc(c.Operands, fallen) {
			continue
		}
		out[family] = append(out[family], c)
	}
	return out
}

// retractedBy tells whether a claim of the family had been superseded by one
// with another figure, or refuted, by asOf.
func retractedBy(cs []Claim, family int, asOf time.Time) bool {
	states := States(cs, asOf)
	byID := map[string]*Claim{}
	for i := range cs {
		byID[cs[i].ID] = &cs[i]
	}
	for i := range cs {
		c := &cs[i]
		if familyOf(c.Metric) != family {
			continue
		}
		if states[c.ID] == "current" {
			for _, id := range c.Supersedes {
				if old := byID[id]; old != nil && old.Value.Bounds() != c.Value.Bounds() {
					return true
				}
			}
		}
	}
	return false
}
