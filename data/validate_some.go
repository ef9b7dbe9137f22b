package data

import (
	"iter"
	"slices"
	"strings"
)

// ValidateSome holds some records to the rules, as Validate does, among those
// that find returns: what stands with them, they themselves too. Its cost grows
// with the records and with what they refer to. Whether others still find what
// they refer to, References tells.
func ValidateSome(some []Record, find func(Kind, string) (Record, bool)) []Finding {
	if len(some) == 0 {
		return nil
	}
	c := &checker{look: asked(find)}
	for c.quick = true; ; c.quick = false {
		for _, r := range some {
			c.check(r)
		}
		if len(c.found) == 0 || !c.quick {
			return c.found
		}
		c.found = nil
	}
}

// asked is a finder that asks.
type asked func(Kind, string) (Record, bool)

// found returns the record of a kind that is asked for, or nil.
func found[T any](a asked, kind Kind, id string) *T {
	r, ok := a(kind, id)
	if !ok {
		return nil
	}
	v, _ := r.Value.(*T)
	return v
}

func (a asked) incident(id string) *Incident { return found[Incident](a, Incidents, id) }
func (a asked) source(id string) *Source     { return found[Source](a, Sources, id) }
func (a asked) party(id string) *Party       { return found[Party](a, Parties, id) }
func (a asked) place(id string) *Place       { return found[Place](a, Places, id) }
func (a asked) segment(id string) *Segment   { return found[Segment](a, Segments, id) }

func (a asked) claim(id string) *Claim {
	in := a.incident(IncidentOf(id))
	if in == nil {
		return nil
	}
	if i := slices.IndexFunc(in.Claims, func(c Claim) bool { return c.ID == id }); i >= 0 {
		return &in.Claims[i]
	}
	return nil
}

// IncidentOf returns the id of the incident that a claim's id begins with.
func IncidentOf(claimID string) string { return claimID[:max(0, strings.LastIndexByte(claimID, '.'))] }

// Reference is a record, or a claim, that another record rests on: without it,
// that one breaks the rules.
type Reference struct {
	List string // a kind, or "claims"
	ID   string
}

// References yields what the record refers to, a reference as often as it is
// made; not what it holds itself.
func (r Record) References() iter.Seq[Reference] {
	return func(yield func(Reference) bool) {
		w := &walk{yield: yield}
		switch v := r.Value.(type) {
		case *Incident:
			w.incident(v)
		case *Party:
			w.one(string(Parties), v.ParentID)
		case *Place:
			w.all(string(Sources), v.SourceIDs)
		case *Area:
			w.all(string(Sources), v.SourceIDs)
		case *Segment:
			w.all(string(Places), v.PlaceIDs)
			w.all(string(Segments), v.CounterpartIDs)
			for i := range v.History {
				w.all(string(Sources), v.History[i].SourceIDs)
			}
		}
	}
}

// walk yields references until nobody wants more.
type walk struct {
	yield func(Reference) bool
	done  bool
}

func (w *walk) one(list, id string) {
	if id != "" && !w.done {
		w.done = !w.yield(Reference{list, id})
	}
}

func (w *walk) all(list string, ids []string) {
	for _, id := range ids {
		w.one(list, id)
	}
}

func (w *walk) incident(in *Incident) {
	w.one(string(Places), in.PlaceID)
	w.one(string(Incidents), in.ParentID)
	w.all(string(Incidents), in.RelatedIDs)
	for _, p := range in.Parties {
		w.one(string(Parties), p.PartyID)
	}
	for _, a := range in.Accounts {
		w.all(string(Sources), a.SourceIDs)
		w.one(string(Parties), a.PartyID)
	}
	for i := range in.Claims {
		w.claim(in, &in.Claims[i])
	}
}

func (w *walk) claim(in *Incident, c *Claim) {
	if c.AffectedParty != AllParties {
		w.one(string(Parties), c.AffectedParty)
	}
	w.one(string(Parties), c.Claimant.PartyID)
	for _, s := range c.Sources {
		w.one(string(Sources), s.SourceID)
	}
	if c.Retracted != nil {
		w.all(string(Sources), c.Retracted.SourceIDs)
	}
	for _, id := range append(slices.Clip(c.Operands), c.Repeats) {
		if IncidentOf(id) != in.ID { // its own are held to the rules with it
			w.one("claims", id)
		}
	}
}

// Holds yields what others can refer to by this record: itself and its claims.
func (r Record) Holds() iter.Seq[Reference] {
	return func(yield func(Reference) bool) {
		if r.Value == nil || !yield(Reference{string(r.Kind), r.ID()}) {
			return
		}
		if in, ok := r.Value.(*Incident); ok {
			for i := range in.Claims {
				if !yield(Reference{"claims", in.Claims[i].ID}) {
					return
				}
			}
		}
	}
}
