package snapshot

import (
	"slices"
	"strings"

	"demarc/data"
	"demarc/geo"
)

func partySchema() geo.Schema {
	return geo.Schema{Collection: "parties", Fields: []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "name", Title: "Name", Queryable: true, Sortable: true},
		{Name: "kind", Title: "Kind", Enum: data.PartyKinds(), Queryable: true, Sortable: true},
		{Name: "parent_id", Title: "Party that it belongs to", Queryable: true, Sortable: true},
		{Name: "aliases", Title: "Other names", Type: geo.StringList, Queryable: true},
		{Name: "valid_from", Title: "First day of its existence", Type: geo.Date, Queryable: true, Sortable: true,
			Doc: "Null: not known. dates_detail has it as coarse as it is known."},
		{Name: "valid_to", Title: "Last day of its existence", Type: geo.Date, Queryable: true, Sortable: true, Doc: "Null: it exists, or not known."},
		{Name: "incidents", Title: "Number of incidents that name it", Type: geo.Integer, Queryable: true, Sortable: true,
			Doc: "It itself, not the parties that belong to it."},
		{Name: "claims_made", Title: "Number of claims made for it", Type: geo.Integer, Queryable: true, Sortable: true},
		{Name: "claims_about", Title: "Number of claims about its people", Type: geo.Integer, Queryable: true, Sortable: true},
		{Name: "note", Title: "Note"},
	}}
}

// parties builds the collection of parties, which have no geometry.
func parties(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "parties", Title: "Parties",
		Description: "Everyone whom incidents and claims name: states and their bodies, armed groups, organisations, residents, civilians. " +
			"In the order of their identifiers, so that none comes first by choice. Parties have no geometry.",
		Schema: partySchema(),
		start:  "valid_from", end: "valid_to",
		Rights: []Rights{recordRights("the list")},
	}
	var items []item
	for i := range b.list.Parties {
		p := &b.list.Parties[i]
		items = append(items, partyItem(p, b.gathered.parties[p.ID]))
	}
	return c.hold(partOf(everyone(), &c.Schema, items)), nil
}

// partyUses is how often a party is named.
type partyUses struct{ incidents, made, about int64 }

func (u partyUses) plus(o partyUses) partyUses {
	return partyUses{u.incidents + o.incidents, u.made + o.made, u.about + o.about}
}

// countParties adds what an incident makes of the parties' uses, n times. It keeps
// copies of their ids.
func countParties(in *data.Incident, n int64, uses map[string]partyUses) {
	eachUse(in, n, func(id string, more partyUses) {
		before, ok := uses[id]
		if !ok {
			id = strings.Clone(id)
		}
		uses[id] = before.plus(more)
	})
}

// eachUse visits the uses that an incident makes of parties, n times, one by one.
func eachUse(in *data.Incident, n int64, visit func(id string, more partyUses)) {
	for i, p := range in.Parties {
		if !slices.ContainsFunc(in.Parties[:i], func(o data.Involved) bool { return o.PartyID == p.PartyID }) {
			visit(p.PartyID, partyUses{incidents: n})
		}
	}
	for i := range in.Claims {
		c := &in.Claims[i]
		if c.Claimant.PartyID != "" {
			visit(c.Claimant.PartyID, partyUses{made: n})
		}
		if c.AffectedParty != data.AllParties {
			visit(c.AffectedParty, partyUses{about: n})
		}
	}
}

// partyItem returns a party as an item of its collection.
func partyItem(p *data.Party, uses partyUses) item {
	return item{key: p.ID, when: data.Between(p.From, p.To), feature: geo.Feature{ID: p.ID, Values: []geo.Value{
		geo.StringValue(p.ID), geo.StringValue(p.Name), geo.StringValue(p.Kind), geo.TextValue(p.ParentID), geo.ListValue(p.Aliases),
		geo.DateValue(p.From.First()), geo.DateValue(p.To.Last()),
		geo.IntValue(uses.incidents), geo.IntValue(uses.made), geo.IntValue(uses.about), geo.TextValue(p.Note),
	}}}
}

// LifeDetail are the dates of a party as its record has them: each a day, a month
// or a year.
type LifeDetail struct {
	Start data.Date `json:"start,omitzero"`
	End   data.Date `json:"end,omitzero"`
}

// SingleParty is what a single party shows beside its flat properties. Incidents
// and claims, of which there can be very many, are asked for by its id.
type SingleParty struct {
	Dates   LifeDetail `json:"dates_detail,omitzero"`
	Members []string   `json:"member_ids"` // the parties that belong to it
}

func (s *Snapshot) partyDetail(p *data.Party) *SingleParty {
	return &SingleParty{LifeDetail{p.From, p.To}, orEmpty(s.idsWith("parties", "parent_id", p.ID))}
}
