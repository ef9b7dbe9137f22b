package data_test

import (
	"strings"
	"testing"

	"demarc/data"
)

const shooting = "incidents/2022-09-14-shooting "

// breakIncident mutates the second of the valid incidents.
func breakIncident(f func(*data.Incident), want ...string) mutation {
	for i := range want {
		want[i] = shooting + want[i]
	}
	return mutation{func(r *data.Records) { f(&r.Incidents[1]) }, want}
}

// breakClaim mutates the claim c1, which claims 24 killed, or another by number.
func breakClaim(n int, f func(*data.Claim), want ...string) mutation {
	return breakIncident(func(in *data.Incident) { f(&in.Claims[n-1]) }, want...)
}

func TestValidateIncidents(t *testing.T) {
	title := func(s string, want ...string) mutation {
		return breakIncident(func(in *data.Incident) { in.Title = s }, want...)
	}
	summary := func(s string, want ...string) mutation {
		return breakIncident(func(in *data.Incident) { in.Summary = s }, want...)
	}
	checkMutations(t, map[string]mutation{
		"theatre unknown":       breakIncident(func(in *data.Incident) { in.Theatre = "border" }, "/theatre: is not a word"),
		"type missing":          breakIncident(func(in *data.Incident) { in.Type = "" }, "/type: is missing"),
		"second type unknown":   breakIncident(func(in *data.Incident) { in.SecondaryTypes[0] = "war" }, "/secondary_types/0: is not a word"),
		"start missing":         breakIncident(func(in *data.Incident) { in.Start = data.Date{} }, "/start: is missing"),
		"end missing":           breakIncident(func(in *data.Incident) { in.End = data.Date{} }, "/end: is missing"),
		"ends before it begins": breakIncident(func(in *data.Incident) { in.End = on("2022-09-13") }, "/start: ends before it begins"),
		"ends in its month":     breakIncident(func(in *data.Incident) { in.End = on("2022-09") }),
		"place unknown":         breakIncident(func(in *data.Incident) { in.PlaceID = "x" }, "/place_id: no such record in places"),
		"place missing":         breakIncident(func(in *data.Incident) { in.PlaceID = "" }, "/place_id: no such record in places"),
		"location's precision":  breakIncident(func(in *data.Incident) { in.Location.Precision = "near" }, "/location/precision: is not a word"),
		"position of its own": breakIncident(func(in *data.Incident) {
			in.Location.Position, in.Location.PositionSource = []float64{70.1, 39.9}, "a survey"
		}),
		"position without source": breakIncident(func(in *data.Incident) { in.Location.Position = []float64{70.1, 39.9} }, "/location/position_source: is missing"),
		"latitude first": breakIncident(func(in *data.Incident) {
			in.Location.Position, in.Location.PositionSource = []float64{39.9, 100}, "a survey"
		}, "/location/position: lies outside the world"),
		"no location is needed":    breakIncident(func(in *data.Incident) { in.Location = nil }),
		"occurrence unknown":       breakIncident(func(in *data.Incident) { in.Occurrence = "likely" }, "/occurrence: is not a word"),
		"party unknown":            breakIncident(func(in *data.Incident) { in.Parties[1].PartyID = "UZ" }, "/parties/1/party_id: no such record in parties"),
		"parties out of order":     breakIncident(func(in *data.Incident) { in.Parties[0], in.Parties[1] = in.Parties[1], in.Parties[0] }, "/parties/1/party_id: not in the order"),
		"related incident unknown": breakIncident(func(in *data.Incident) { in.RelatedIDs[0] = "x" }, "/related_ids/0: no such record in incidents"),
		"parent unknown":           breakIncident(func(in *data.Incident) { in.ParentID = "x" }, "/parent_id: no such record in incidents"),
		"its own parent":           breakIncident(func(in *data.Incident) { in.ParentID = in.ID }, "/parent_id: its own ancestor"),
		"account's party missing":  breakIncident(func(in *data.Incident) { in.Accounts[0].Party = "" }, "/accounts/0/party: is missing"),
		"account's text missing":   breakIncident(func(in *data.Incident) { in.Accounts[0].Text = "" }, "/accounts/0/text: is missing"),
		"account without source":   breakIncident(func(in *data.Incident) { in.Accounts[0].SourceIDs = nil }, "/accounts/0/source_ids: names no source"),
		"account's source unknown": breakIncident(func(in *data.Incident) { in.Accounts[0].SourceIDs[0] = "x" }, "/accounts/0/source_ids/0: no such record in sources"),
		"account's party unknown":  breakIncident(func(in *data.Incident) { in.Accounts[0].PartyID = "x" }, "/accounts/0/party_id: no such record in parties"),
		"account of nobody known":  breakIncident(func(in *data.Incident) { in.Accounts[0].PartyID = "" }),
		"summary missing":          summary("", "/summary: is missing"),
		"loaded word in a summary": summary("An invasion began.", "/summary: is a loaded word"),
		"loaded in capitals":       summary("Terrorists came.", "/summary: is a loaded word"),
		"only part of a word":      summary("The brigands liberally gave."),
		"title missing":            title("", "/title: is missing"),
		"loaded word in a title":   title("Act of aggression at Vorukh", "/title: is a loaded word"),
		"figure in a title":        title("Shooting leaves 24 dead", "/title: stands in a title and is no date"),
		"year in a title":          title("Fighting of September 2022"),
		"years in a title":         title("War of 1992–1997"),
		"day in a title":           title("Truce of 16 September"),
		"days in a title":          title("Clashes of 24–25 March 1998"),
		"figure beside a date":     title("7 dead on 16 September 2022", "/title: stands in a title and is no date"),
		"id with a capital": {func(r *data.Records) {
			r.Incidents[0].ID = "2021-X"
			r.Incidents[1].ParentID = ""
			r.Incidents[1].RelatedIDs = nil
		}, finds("incidents/2021-X /id: not an id of the right form")},
		"parents in a ring": {func(r *data.Records) { r.Incidents[0].ParentID = r.Incidents[1].ID }, finds(
			"incidents/2021-04-28-parent /parent_id: its own ancestor", shooting+"/parent_id: its own ancestor")},
		"id used twice": {func(r *data.Records) { r.Incidents = append(r.Incidents, r.Incidents[0]) }, finds("incidents/2021-04-28-parent /id: used twice")},
	})
}

func TestValidateClaims(t *testing.T) {
	value := func(text string, want ...string) mutation {
		return breakClaim(1, func(c *data.Claim) { c.Value = amount(text) }, want...)
	}
	raw := func(f func(*data.Amount), text string, want ...string) mutation {
		return breakClaim(1, func(c *data.Claim) { c.Value = amount(text); f(&c.Value) }, want...)
	}
	x := 3.0
	checkMutations(t, map[string]mutation{
		"id of another incident": breakClaim(8, func(c *data.Claim) { c.ID = "2021-04-28-parent.c8" }, "/claims/7/id: is not the incident's id"),
		"id with a word":         breakClaim(8, func(c *data.Claim) { c.ID = "2022-09-14-shooting.cx" }, "/claims/7/id: is not the incident's id"),
		"id without a number":    breakClaim(8, func(c *data.Claim) { c.ID = "2022-09-14-shooting.c" }, "/claims/7/id: is not the incident's id"),
		"id with a zero":         breakClaim(8, func(c *data.Claim) { c.ID = "2022-09-14-shooting.c08" }, "/claims/7/id: is not the incident's id"),
		"id used twice":          breakClaim(9, func(c *data.Claim) { c.ID = "2022-09-14-shooting.c8" }, "/claims/8/id: is used twice"),
		"metric unknown":         breakClaim(6, func(c *data.Claim) { c.Metric = "acres" }, "/claims/5/metric: is not a word"),
		"affected party unknown": breakClaim(8, func(c *data.Claim) { c.AffectedParty = "UZ" }, "/claims/7/affected_party: no such record in parties"),
		"status missing":         breakClaim(1, func(c *data.Claim) { c.Status = "" }, "/claims/0/status: is missing"),
		"coverage missing":       breakClaim(1, func(c *data.Claim) { c.Coverage = "" }, "/claims/0/coverage: is missing"),
		"coverage unknown":       breakClaim(6, func(c *data.Claim) { c.Coverage = "some" }, "/claims/5/coverage: is not a word"),
		"claimant missing":       breakClaim(1, func(c *data.Claim) { c.Claimant.Name = "" }, "/claims/0/claimant/name: is missing"),
		"kind of claimant":       breakClaim(1, func(c *data.Claim) { c.Claimant.Type = "army" }, "/claims/0/claimant/type: is not a word"),
		"claimant's party":       breakClaim(1, func(c *data.Claim) { c.Claimant.PartyID = "UZ" }, "/claims/0/claimant/party_id: no such record in parties"),
		"claimant of no party":   breakClaim(1, func(c *data.Claim) { c.Claimant.PartyID = "" }),
		"verification unknown":   breakClaim(1, func(c *data.Claim) { c.Verification = "true" }, "/claims/0/verification: is not a word"),
		"grade unknown":          breakClaim(1, func(c *data.Claim) { c.Admiralty = "B7" }, "/claims/0/admiralty: is not a grade"),
		"no grade is needed":     breakClaim(1, func(c *data.Claim) { c.Admiralty = "" }),
		"no source":              breakClaim(1, func(c *data.Claim) { c.Sources = nil }, "/claims/0/sources: names no source"),
		"source unknown":         breakClaim(1, func(c *data.Claim) { c.Sources[0].SourceID = "x" }, "/claims/0/sources/0/source_id: no such record in sources"),

		"retracted in another way":     breakClaim(7, func(c *data.Claim) { c.Retracted.Kind = "denied" }, "/claims/6/retracted/kind: is not a kind of retraction"),
		"retracted without reason":     breakClaim(7, func(c *data.Claim) { c.Retracted.Reason = "" }, "/claims/6/retracted/reason: is missing"),
		"retracted without source":     breakClaim(7, func(c *data.Claim) { c.Retracted.SourceIDs = nil }, "/claims/6/retracted/source_ids: names no source"),
		"retracted, source is unknown": breakClaim(7, func(c *data.Claim) { c.Retracted.SourceIDs[0] = "x" }, "/claims/6/retracted/source_ids/0: no such record in sources"),

		"kind unknown":           raw(func(a *data.Amount) { a.Kind = "some" }, "=5", "/claims/0/value/kind: is not a word"),
		"wording missing":        raw(func(a *data.Amount) { a.AsReported = "" }, "=5", "/claims/0/value/as_reported: is missing"),
		"negative":               value("=-5", "/claims/0/value: is negative"),
		"statement with a count": breakClaim(7, func(c *data.Claim) { c.Value = amount("=5") }, "/claims/6/value/kind: counts something"),
		"exact without value":    raw(func(a *data.Amount) { a.Value = nil }, "=5", "/claims/0/value/value: is missing"),
		"exact without bounds":   raw(func(a *data.Amount) { a.Min, a.Max = nil, nil }, "=5", "/claims/0/value/min: is missing", "/claims/0/value/max: is missing"),
		"exact, other bounds":    raw(func(a *data.Amount) { a.Min = &x }, "=5", "/claims/0/value: do not fit a figure of kind exact"),
		"about with an interval": raw(func(a *data.Amount) { a.Min = &x }, "~5", "/claims/0/value/min: does not belong to a figure of kind approx"),
		"at least without min":   raw(func(a *data.Amount) { a.Min = nil }, ">=5", "/claims/0/value/min: is missing"),
		"at least with max":      raw(func(a *data.Amount) { a.Max = a.Min }, ">=5", "/claims/0/value/max: does not belong"),
		"at least, other min":    raw(func(a *data.Amount) { a.Min = &x }, ">=5", "/claims/0/value: do not fit a figure of kind at_least"),
		"more than, min below":   raw(func(a *data.Amount) { a.Min = &x }, ">5", "/claims/0/value: do not fit a figure of kind more_than"),
		"up to with min":         raw(func(a *data.Amount) { a.Min = &x }, "<=5", "/claims/0/value/min: does not belong"),
		"up to, other max":       raw(func(a *data.Amount) { a.Max = &x }, "<=5", "/claims/0/value: do not fit a figure of kind up_to"),
		"fewer than, max above":  raw(func(a *data.Amount) { a.Max = a.Value; a.Value = &x }, "<5", "/claims/0/value: do not fit a figure of kind fewer_than"),
		"range without max":      raw(func(a *data.Amount) { a.Max = nil }, "4..5", "/claims/0/value/max: is missing"),
		"range turned round":     value("5..4", "/claims/0/value: do not fit a figure of kind range"),
		"range of one number":    value("5..5", "/claims/0/value: do not fit a figure of kind range"),
		"range with a value":     raw(func(a *data.Amount) { a.Value = a.Min }, "4..5"),
		"range, value outside":   raw(func(a *data.Amount) { a.Value = &x }, "4..5", "/claims/0/value: do not fit a figure of kind range"),
		"words with a number":    raw(func(a *data.Amount) { a.Value = &x }, "dozens", "/claims/0/value/value: does not belong to a figure of kind non_numeric"),
		"words":                  value("dozens"),
	})
}

func TestValidateChains(t *testing.T) {
	id := func(n string) string { return "2022-09-14-shooting.c" + n }
	checkMutations(t, map[string]mutation{
		"supersedes nothing":       breakClaim(2, func(c *data.Claim) { c.Supersedes[0] = "x.c1" }, "/claims/1/supersedes/0: no such record in claims"),
		"supersedes another party": breakClaim(2, func(c *data.Claim) { c.AffectedParty = "TJ" }, "/claims/1/supersedes/0: another metric or party"),
		"the same, with a note":    breakClaim(2, func(c *data.Claim) { c.AffectedParty, c.Note = "TJ", "because" }),
		"supersedes a later one":   breakClaim(2, func(c *data.Claim) { c.ClaimedOn = on("2022-09-15") }, "/claims/1/supersedes/0: was made later"),
		"supersedes in its month":  breakClaim(2, func(c *data.Claim) { c.ClaimedOn = on("2022-09") }),
		"supersedes elsewhere": {func(r *data.Records) {
			other := r.Incidents[1].Claims[0]
			other.ID = "2021-04-28-parent.c1"
			r.Incidents[0].Claims = []data.Claim{other}
			r.Incidents[1].Claims[1].Supersedes[0] = other.ID
		}, finds(shooting + "/claims/1/supersedes/0: a claim of another incident")},
		"supersedes itself": breakClaim(1, func(c *data.Claim) { c.Supersedes = []string{c.ID} }, "/claims/0/supersedes: supersedes itself through a chain"),
		"supersede in a ring": breakClaim(1, func(c *data.Claim) { c.Supersedes = []string{id("2")} },
			"/claims/0/supersedes: supersedes itself through a chain", "/claims/1/supersedes: supersedes itself through a chain"),
		"contradicts nothing":     breakClaim(8, func(c *data.Claim) { c.Contradicts = []string{"x.c1"} }, "/claims/7/contradicts/0: no such record in claims"),
		"contradicts one-sidedly": breakClaim(2, func(c *data.Claim) { c.Contradicts = nil }, "/claims/2/contradicts/0: does not name this one"),
		"contradicts itself":      breakClaim(8, func(c *data.Claim) { c.Contradicts = []string{c.ID} }, "/claims/7/contradicts/0: names itself"),
		"contradicts elsewhere": {func(r *data.Records) {
			other := r.Incidents[1].Claims[7]
			other.ID, other.Contradicts = "2021-04-28-parent.c1", []string{id("8")}
			r.Incidents[0].Claims = []data.Claim{other}
			r.Incidents[1].Claims[7].Contradicts = []string{other.ID}
		}, finds("incidents/2021-04-28-parent /claims/0/contradicts/0: a claim of another incident", shooting+"/claims/7/contradicts/0: a claim of another incident")},
		"fits one-sidedly":    breakClaim(8, func(c *data.Claim) { c.CompatibleWith = []string{id("1")} }, "/claims/7/compatible_with/0: does not name this one"),
		"operand unknown":     breakClaim(4, func(c *data.Claim) { c.Operands[0] = "x.c1" }, "/claims/3/operands/0: no such record in claims"),
		"no operands":         breakClaim(4, func(c *data.Claim) { c.Operands = nil }, "/claims/3/operands: names no operands"),
		"derived by its type": breakClaim(4, func(c *data.Claim) { c.Operands, c.Verification = nil, "refuted" }, "/claims/3/operands: names no operands"),
		"repeats nothing":     breakClaim(5, func(c *data.Claim) { c.Repeats = "x.c1" }, "/claims/4/repeats: no such record in claims"),
	})
}

func TestValidateFindsAllAtOnce(t *testing.T) {
	r := validRecords()
	r.Sources[0].Publisher, r.Places[0].Label, r.Incidents[1].Summary = "", "", ""
	r.Incidents[1].Claims[0].Status = "x"
	var got []string
	for _, f := range r.Validate() {
		got = append(got, f.Record+" "+f.Where)
	}
	want := "sources/ap980326 /publisher, places/vorukh /label, " + shooting + "/summary, " + shooting + "/claims/0/status"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("found %s\nwant  %s", s, want)
	}
}
