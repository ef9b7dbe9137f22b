package data

import (
	"slices"
	"strings"
)

// chains checks how the claims of an incident refer to one another.
func (c *checker) chains(in *Incident) {
	for i := range in.Claims {
		cl, where := &in.Claims[i], c.nth("/claims/", i, "")
		for j, id := range cl.Supersedes {
			c.supersedes(c.nth(where+"/supersedes/", j, ""), cl, id)
		}
		c.mutual(where+"/contradicts", cl, cl.Contradicts, func(o *Claim) []string { return o.Contradicts })
		c.mutual(where+"/compatible_with", cl, cl.CompatibleWith, func(o *Claim) []string { return o.CompatibleWith })
		for j, id := range cl.Operands {
			refer(c, c.nth(where+"/operands/", j, ""), id, c.look.claim, "claims")
		}
		if (cl.Claimant.Type == "derived" || cl.Verification == "derived") && len(cl.Operands) == 0 {
			c.add(where+"/operands", "", "a derived claim names no operands", "list the claims that it was computed from")
		}
		if cl.Repeats != "" {
			refer(c, where+"/repeats", cl.Repeats, c.look.claim, "claims")
		}
	}
	c.cycles(in)
}

// supersedes checks one link to an earlier claim.
func (c *checker) supersedes(where string, cl *Claim, id string) {
	old := c.look.claim(id)
	if old == nil {
		refer(c, where, id, c.look.claim, "claims")
		return
	}
	if (old.Metric != cl.Metric || old.AffectedParty != cl.AffectedParty) && cl.Note == "" {
		c.add(where, id, "supersedes a claim of another metric or party", "write in note why it still takes its place")
	}
	if !sameIncident(old, cl) {
		c.add(where, id, "supersedes a claim of another incident", "only claims of one incident take each other's place; use repeats or operands")
	}
	if !cl.ClaimedOn.IsZero() && !old.ClaimedOn.IsZero() && !cl.ClaimedOn.After().After(old.ClaimedOn.First()) {
		c.add(where, id, "supersedes a claim that was made later", "mend claimed_on of one of the two, or the link")
	}
}

// sameIncident tells by their ids whether two claims are about one incident.
func sameIncident(a, b *Claim) bool {
	cut := func(id string) string { return id[:max(0, strings.LastIndexByte(id, '.'))] }
	return cut(a.ID) == cut(b.ID)
}

// mutual checks that a relation is written on both sides.
func (c *checker) mutual(where string, cl *Claim, ids []string, back func(*Claim) []string) {
	for i, id := range ids {
		at := c.nth(where+"/", i, "")
		other := c.look.claim(id)
		switch {
		case other == nil:
			refer(c, at, id, c.look.claim, "claims")
		case other == cl:
			c.add(at, id, "the claim names itself", "name the other claim")
		case !sameIncident(other, cl):
			c.add(at, id, "is a claim of another incident", "relate only claims of one incident")
		case !slices.Contains(back(other), cl.ID):
			c.add(at, id, "the other claim does not name this one", "write the relation on both claims")
		}
	}
}

// cycles checks that no claim supersedes itself, however indirectly.
func (c *checker) cycles(in *Incident) {
	for i := range in.Claims {
		start := in.Claims[i].ID
		seen := map[string]bool{}
		next := slices.Clone(in.Claims[i].Supersedes)
		for len(next) > 0 {
			id := next[0]
			next = next[1:]
			if id == start {
				c.add(c.nth("/claims/", i, "/supersedes"), start, "the claim supersedes itself through a chain", "mend the chain")
				break
			}
			if old := c.look.claim(id); old != nil && !seen[id] {
				seen[id] = true
				next = append(next, old.Supersedes...)
			}
		}
	}
}
