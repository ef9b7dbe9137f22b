package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

func (c *checker) incident(in *Incident) {
	c.record = "incidents/" + in.ID
	c.id(in.ID, idPattern, "use lower-case letters, digits and single hyphens")
	c.title(in.Title)
	c.word("/theatre", in.Theatre, Theatres())
	c.word("/type", in.Type, incidentTypes)
	for i, t := range in.SecondaryTypes {
		c.word(c.nth("/secondary_types/", i, ""), t, incidentTypes)
	}
	c.dated("/start", in.Start)
	c.dated("/end", in.End)
	c.order("/start", in.Start, in.End)
	refer(c, "/place_id", in.PlaceID, c.look.place, "places")
	if in.Location != nil {
		c.word("/location/precision", in.Location.Precision, Precisions())
		c.position("/location", in.Location.Position, in.Location.PositionSource)
	}
	c.text("/summary", in.Summary)
	c.neutral("/summary", in.Summary)
	c.word("/occurrence", in.Occurrence, Occurrences())
	c.involved(in)
	for i, a := range in.Accounts {
		where := c.nth("/accounts/", i, "")
		c.text(where+"/party", a.Party)
		c.text(where+"/text", a.Text)
		c.sourceIDs(where+"/source_ids", a.SourceIDs, 1)
		if a.PartyID != "" {
			refer(c, where+"/party_id", a.PartyID, c.look.party, "parties")
		}
	}
	for i := range in.Claims {
		c.claim(in, i)
	}
	c.chains(in)
}

// involved checks the parties and the relations to other incidents.
func (c *checker) involved(in *Incident) {
	for i, p := range in.Parties {
		where := c.nth("/parties/", i, "/party_id")
		refer(c, where, p.PartyID, c.look.party, "parties")
		if i > 0 && in.Parties[i-1].PartyID > p.PartyID {
			c.add(where, p.PartyID, "parties are not in the order of their ids", "order them, so that none comes first by choice")
		}
	}
	for i, id := range in.RelatedIDs {
		refer(c, c.nth("/related_ids/", i, ""), id, c.look.incident, "incidents")
	}
	var passed []string
	for id := in.ParentID; id != ""; {
		parent := c.look.incident(id)
		if parent == nil {
			refer(c, "/parent_id", id, c.look.incident, "incidents")
			return
		}
		if parent.ID == in.ID || slices.Contains(passed, id) {
			c.add("/parent_id", in.ParentID, "makes the incident its own ancestor", "mend the chain of parents")
			return
		}
		passed, id = append(passed, id), parent.ParentID
	}
}

func (c *checker) claim(in *Incident, i int) {
	cl, where := &in.Claims[i], c.nth("/claims/", i, "")
	if number, ok := strings.CutPrefix(cl.ID, in.ID+".c"); !ok || !isNumber(number) {
		c.add(where+"/id", cl.ID, "is not the incident's id followed by .c and a number", fmt.Sprintf("write %s.c%d", in.ID, i+1))
	}
	if slices.IndexFunc(in.Claims, func(o Claim) bool { return o.ID == cl.ID }) != i {
		c.add(where+"/id", cl.ID, "is used twice", "give one of the two the next free number")
	}
	c.word(where+"/metric", cl.Metric, metrics)
	c.amount(where+"/value", cl)
	if cl.AffectedParty != AllParties {
		refer(c, where+"/affected_party", cl.AffectedParty, c.look.party, "parties")
	}
	c.word(where+"/status", cl.Status, AffectedStatuses())
	if familyOf(cl.Metric) >= 0 || cl.Coverage != "" {
		c.word(where+"/coverage", cl.Coverage, Coverages())
	}
	c.text(where+"/claimant/name", cl.Claimant.Name)
	c.word(where+"/claimant/type", cl.Claimant.Type, claimantTypes)
	if cl.Claimant.PartyID != "" {
		refer(c, where+"/claimant/party_id", cl.Claimant.PartyID, c.look.party, "parties")
	}
	c.word(where+"/verification", cl.Verification, Verifications())
	if cl.Admiralty != "" && !admiralty.MatchString(cl.Admiralty) {
		c.add(where+"/admiralty", cl.Admiralty, "is not a grade of the Admiralty code", "write A to F and 1 to 6, such as B2")
	}
	if len(cl.Sources) == 0 {
		c.add(where+"/sources", "", "names no source", "every claim rests on a source; add its id and the place in it")
	}
	for j, s := range cl.Sources {
		refer(c, c.nth(where+"/sources/", j, "/source_id"), s.SourceID, c.look.source, "sources")
	}
	c.retraction(where+"/retracted", cl)
}

func (c *checker) retraction(where string, cl *Claim) {
	if cl.Retracted == nil {
		return
	}
	if k := cl.Retracted.Kind; k != "refuted" && k != "withdrawn" {
		c.add(where+"/kind", k, "is not a kind of retraction", "write refuted or withdrawn")
	}
	c.text(where+"/reason", cl.Retracted.Reason)
	c.sourceIDs(where+"/source_ids", cl.Retracted.SourceIDs, 1)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && s[0] != '0'
}

// needs tells for each kind of figure whether it has value, min and max.
var needs = map[string][3]bool{
	"exact": {true, true, true}, "approx": {true, false, false}, "at_least": {true, true, false},
	"more_than": {true, true, false}, "up_to": {true, false, true}, "fewer_than": {true, false, true},
	"range": {false, true, true}, "non_numeric": {false, false, false},
}

// amount checks that value, min and max are what the kind allows.
func (c *checker) amount(where string, cl *Claim) {
	a := &cl.Value
	c.word(where+"/kind", a.Kind, ValueKinds())
	c.text(where+"/as_reported", a.AsReported)
	for _, x := range []*float64{a.Value, a.Min, a.Max} {
		if x != nil && *x < 0 {
			c.add(where, fmt.Sprint(*x), "is negative", "counts and measures are zero or more")
			break
		}
	}
	if isStatement(cl.Metric) && a.Kind != "non_numeric" {
		c.add(where+"/kind", a.Kind, "counts something, and the metric "+cl.Metric+" is a statement without a count", "write non_numeric, or another metric")
	}
	want, ok := needs[a.Kind]
	if !ok {
		return
	}
	before := len(c.found)
	for i, part := range []struct {
		name string
		x    *float64
	}{{"value", a.Value}, {"min", a.Min}, {"max", a.Max}} {
		switch {
		case want[i] && part.x == nil:
			c.add(where+"/"+part.name, "", "is missing, and a figure of kind "+a.Kind+" has one", "write it")
		case !want[i] && part.x != nil && !(a.Kind == "range" && part.name == "value"):
			c.add(where+"/"+part.name, fmt.Sprint(*part.x), "does not belong to a figure of kind "+a.Kind, "leave it out, or mend the kind")
		}
	}
	if len(c.found) == before {
		c.bounds(where, a)
	}
}

// bounds checks that value, min and max agree with one another.
func (c *checker) bounds(where string, a *Amount) {
	value, low, high := orNaN(a.Value), orNaN(a.Min), orNaN(a.Max)
	wrong := low > high
	switch a.Kind {
	case "exact":
		wrong = wrong || value != low || value != high
	case "at_least":
		wrong = wrong || value != low
	case "up_to":
		wrong = wrong || value != high
	case "more_than":
		wrong = wrong || low < value
	case "fewer_than":
		wrong = wrong || high > value
	case "range":
		wrong = wrong || low == high || value < low || value > high
	}
	if wrong {
		c.add(where, fmt.Sprintf("value %v, min %v, max %v", value, low, high), "value, min and max do not fit a figure of kind "+a.Kind, "mend them")
	}
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
