package packed

import "demarc/data"

// codec goes over the fields of a record: it writes them or fills them in. The
// names are those of the JSON form, and the fields come in its order.
type codec interface {
	// object begins a record or a part of one, with so many fields; done ends it.
	object(fields int) frame
	done(frame)
	// part begins a part that is always there, by its name; has tells whether one is
	// there that may be missing, and begins its value.
	part(name string)
	has(name string, there bool) bool
	// list begins a list and returns how many it has, or -1 where next has to find
	// out; ok is false where it is missing.
	list(name string, have int, missing bool) (n int, ok bool)
	next(i, n int) bool

	own(name string, v *string)  // a text that hardly two records share
	term(name string, v *string) // one of a vocabulary, or the id of another record
	text(name string, v *string) // a text that is often the same, or never
	terms(name string, v *[]string)
	date(name string, v *data.Date)
	number(name string, v *float64)
	maybe(name string, v **float64)
	numbers(name string, v *[]float64)
}

// frame is where in a record or part a codec is.
type frame struct{ at, field int }

// room readies a list that is read, where n is how many there will be, or -1.
func room[T any](v *[]T, n int) {
	if *v = (*v)[:0]; *v == nil {
		*v = make([]T, 0, max(n, 0))
	}
}

// place returns where element i of a list stands; it is added if need be.
func place[T any](v *[]T, i int) *T {
	if i == len(*v) {
		var zero T
		*v = append(*v, zero)
	}
	return &(*v)[i]
}

// each goes over the elements of a list. It leaves alone what needs no change: others
// may read a record while it is written.
func each[T any](c codec, name string, v *[]T, do func(codec, *T)) {
	n, ok := c.list(name, len(*v), *v == nil)
	if !ok {
		if *v != nil {
			*v = nil
		}
		return
	}
	if len(*v) == 0 && (n != 0 || *v == nil) {
		room(v, n)
	}
	for i := 0; c.next(i, n); i++ {
		do(c, place(v, i))
	}
}

// pointed goes over a part that may be missing.
func pointed[T any](c codec, name string, v **T, do func(codec, *T)) {
	if !c.has(name, *v != nil) {
		return
	}
	if *v == nil {
		*v = new(T)
	}
	do(c, *v)
}

const incidentFields = 19

func incident(c codec, in *data.Incident) {
	f := c.object(incidentFields)
	c.own("id", &in.ID)
	c.own("title", &in.Title)
	c.term("theatre", &in.Theatre)
	c.term("type", &in.Type)
	c.terms("secondary_types", &in.SecondaryTypes)
	c.date("start", &in.Start)
	c.date("end", &in.End)
	c.term("place_id", &in.PlaceID)
	pointed(c, "location", &in.Location, location)
	each(c, "parties", &in.Parties, involved)
	c.own("parent_id", &in.ParentID)
	c.terms("related_ids", &in.RelatedIDs)
	c.text("summary", &in.Summary)
	c.term("occurrence", &in.Occurrence)
	c.text("occurrence_reason", &in.OccurrenceReason)
	pointed(c, "mapping", &in.Mapping, mapping)
	c.text("note", &in.Note)
	each(c, "claims", &in.Claims, claim)
	each(c, "accounts", &in.Accounts, account)
	c.done(f)
}

func location(c codec, l *data.Location) {
	f := c.object(5)
	c.term("precision", &l.Precision)
	c.number("uncertainty_km", &l.UncertaintyKM)
	c.numbers("position", &l.Position)
	c.text("position_source", &l.PositionSource)
	c.text("note", &l.Note)
	c.done(f)
}

func involved(c codec, p *data.Involved) {
	f := c.object(2)
	c.term("party_id", &p.PartyID)
	c.term("role", &p.Role)
	c.done(f)
}

func mapping(c codec, m *data.CodingHint) {
	f := c.object(2)
	c.text("acled", &m.ACLED)
	c.text("ucdp", &m.UCDP)
	c.done(f)
}

func account(c codec, a *data.Account) {
	f := c.object(4)
	c.term("party", &a.Party)
	c.term("party_id", &a.PartyID)
	c.text("text", &a.Text)
	c.terms("source_ids", &a.SourceIDs)
	c.done(f)
}

func claim(c codec, cl *data.Claim) {
	f := c.object(20)
	c.own("id", &cl.ID)
	c.term("metric", &cl.Metric)
	c.part("value")
	amount(c, &cl.Value)
	c.term("affected_party", &cl.AffectedParty)
	c.term("status", &cl.Status)
	c.term("coverage", &cl.Coverage)
	c.text("scope", &cl.Scope)
	c.part("claimant")
	claimant(c, &cl.Claimant)
	c.date("claimed_on", &cl.ClaimedOn)
	c.term("verification", &cl.Verification)
	c.text("verification_text", &cl.VerificationText)
	c.term("admiralty", &cl.Admiralty)
	c.terms("supersedes", &cl.Supersedes)
	c.terms("contradicts", &cl.Contradicts)
	c.terms("compatible_with", &cl.CompatibleWith)
	c.terms("operands", &cl.Operands)
	c.own("repeats", &cl.Repeats)
	pointed(c, "retracted", &cl.Retracted, retraction)
	each(c, "sources", &cl.Sources, citation)
	c.text("note", &cl.Note)
	c.done(f)
}

func amount(c codec, a *data.Amount) {
	f := c.object(6)
	c.term("kind", &a.Kind)
	c.maybe("value", &a.Value)
	c.maybe("min", &a.Min)
	c.maybe("max", &a.Max)
	c.term("unit", &a.Unit)
	c.text("as_reported", &a.AsReported)
	c.done(f)
}

func claimant(c codec, p *data.Claimant) {
	f := c.object(3)
	c.text("name", &p.Name)
	c.term("type", &p.Type)
	c.term("party_id", &p.PartyID)
	c.done(f)
}

func retraction(c codec, r *data.Retraction) {
	f := c.object(4)
	c.term("kind", &r.Kind)
	c.date("on", &r.On)
	c.terms("source_ids", &r.SourceIDs)
	c.text("reason", &r.Reason)
	c.done(f)
}

func citation(c codec, s *data.Citation) {
	f := c.object(2)
	c.term("source_id", &s.SourceID)
	c.text("locator", &s.Locator)
	c.done(f)
}
