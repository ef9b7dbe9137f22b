package snapshot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"demarc/data"
	"demarc/geo"
)

func claimSchema() geo.Schema {
	return geo.Schema{Collection: "claims", Fields: []geo.Field{
		{Name: "id", Title: "Identifier", Queryable: true, Sortable: true},
		{Name: "incident_id", Title: "Incident", Queryable: true, Sortable: true},
		{Name: "metric", Title: "What is counted or stated", Enum: data.Metrics(), Queryable: true, Sortable: true},
		{Name: "value_kind", Title: "Exactness of the figure", Enum: data.ValueKinds(), Queryable: true},
		{Name: "value", Title: "Figure named", Type: geo.Number, Queryable: true, Sortable: true},
		{Name: "value_min", Title: "Lowest that the wording allows", Type: geo.Number, Queryable: true, Sortable: true},
		{Name: "value_max", Title: "Highest that the wording allows", Type: geo.Number, Queryable: true, Sortable: true},
		{Name: "value_unit", Title: "Unit, where it is not a plain count", Queryable: true},
		{Name: "as_reported", Title: "As worded in the source", Queryable: true},
		{Name: "affected_party", Title: "Whose people are counted", Queryable: true, Sortable: true, Doc: "A party's identifier, or ALL."},
		{Name: "status", Title: "Status of the people counted", Enum: data.AffectedStatuses(), Queryable: true},
		{Name: "coverage", Title: "How much of the incident is counted", Enum: data.Coverages(), Queryable: true},
		{Name: "scope", Title: "Scope, in words"},
		{Name: "claimant", Title: "Who said it", Queryable: true, Sortable: true},
		{Name: "claimant_type", Title: "Kind of claimant", Enum: data.ClaimantTypes(), Queryable: true},
		{Name: "claimant_party", Title: "Party for which the claimant speaks", Queryable: true, Sortable: true},
		{Name: "claimed_on", Title: "When it was said", Type: geo.Date, Queryable: true, Sortable: true,
			Doc: "First day of the period given by claimed_on_precision."},
		{Name: "claimed_on_precision", Title: "Precision of that date", Enum: datePrecisions(), Queryable: true},
		{Name: "verification", Title: "How it was checked", Enum: data.Verifications(), Queryable: true},
		{Name: "admiralty", Title: "Grade of source and information", Queryable: true, Doc: "Admiralty code, suggested by the compiler: source A to F, information 1 to 6."},
		{Name: "status_flag", Title: "What became of it", Enum: data.ClaimStates(), Queryable: true, Sortable: true},
		{Name: "supersedes", Title: "Claims whose place it takes", Type: geo.StringList, Queryable: true},
		{Name: "superseded_by", Title: "Claims that took its place", Type: geo.StringList, Queryable: true},
		{Name: "contradicts", Title: "Claims that say otherwise", Type: geo.StringList, Queryable: true},
		{Name: "repeats", Title: "Claim whose figure it repeats", Queryable: true, Doc: "A figure that repeats one which no longer stands is left out of the incident's figures."},
		{Name: "source_ids", Title: "Sources", Type: geo.StringList, Queryable: true},
		{Name: "locator", Title: "Place in the sources", Doc: "In the order of source_ids, joined by “; ”."},
		{Name: "note", Title: "Note"},
		{Name: "start", Title: "First day of the incident", Type: geo.Date, Queryable: true, Sortable: true},
		{Name: "end", Title: "Last day of the incident", Type: geo.Date, Queryable: true, Sortable: true},
		{Name: "place", Title: "Place of the incident", Queryable: true, Sortable: true},
		{Name: "country", Title: "Country that administered the place", Type: geo.StringList, Queryable: true},
	}}
}

// claims builds the collection of claims, at the places of their incidents.
func claims(b *builder) (*Collection, error) {
	c := &Collection{
		ID: "claims", Title: "Claims",
		Description: "One feature an attributed statement: who said which number of whom, when, in which source, how sure, and what took its place. " +
			"A claim stands at the place and in the time of its incident; datetime asks for that time, claimed_on tells when it was said.",
		Schema: claimSchema(),
		start:  "start", end: "end",
		Rights:      []Rights{recordRights("claims"), positionRights()},
		hasGeometry: true,
	}
	return b.fill(c, func(in *data.Incident, _ string, scratch []geo.Value, add func(item)) error {
		items, err := b.records.claimItems(in, scratch)
		for _, it := range items {
			add(it)
		}
		return err
	})
}

// claimItems returns the claims of an incident as items of their collection, in
// the order of their numbers, their values behind those of scratch.
func (r *records) claimItems(in *data.Incident, scratch []geo.Value) ([]item, error) {
	if len(in.Claims) == 0 {
		return nil, nil
	}
	states := data.States(in.Claims, time.Time{})
	by := data.SupersededBy(in.Claims)
	items := make([]item, len(in.Claims))
	start := incidentKey(in)
	for j := range in.Claims {
		cl := &in.Claims[j]
		number, err := claimNumber(cl.ID)
		if err != nil {
			return nil, err
		}
		items[j] = item{
			feature: r.claim(in, cl, states[cl.ID], by[cl.ID], scratch),
			key:     start + sixDigits(number),
			when:    in.When(),
		}
		scratch = items[j].feature.Values[len(items[j].feature.Values):]
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.key, b.key) })
	return items, nil
}

// sixDigits returns a space and a number in six digits or more.
func sixDigits(n int) string {
	digits := strconv.Itoa(n)
	return " 000000"[:max(1, 7-len(digits))] + digits
}

// claimNumber returns the number at the end of a claim's id.
func claimNumber(id string) (int, error) {
	n, err := strconv.Atoi(id[strings.LastIndexByte(id, 'c')+1:])
	if err != nil {
		return 0, fmt.Errorf("claim %q: its id does not end in a number", id)
	}
	return n, nil
}

// claim returns the flat feature of a claim.
func (r *records) claim(in *data.Incident, cl *data.Claim, state string, supersededBy []string, values []geo.Value) geo.Feature {
	place := r.places.get(in.PlaceID)
	var sourceIDs, locators []string
	for _, s := range cl.Sources {
		sourceIDs = append(sourceIDs, s.SourceID)
		locators = append(locators, s.Locator)
	}
	claimedPrecision := geo.Null()
	if !cl.ClaimedOn.IsZero() {
		claimedPrecision = geo.StringValue(cl.ClaimedOn.Precision().String())
	}
	return geo.Feature{ID: cl.ID, Geometry: incidentPosition(in, place), Values: append(values,
		geo.StringValue(cl.ID), geo.StringValue(in.ID), geo.StringValue(cl.Metric),
		geo.StringValue(cl.Value.Kind), number(cl.Value.Value), number(cl.Value.Min), number(cl.Value.Max),
		geo.TextValue(cl.Value.Unit), geo.StringValue(cl.Value.AsReported),
		geo.StringValue(cl.AffectedParty), geo.StringValue(cl.Status), geo.TextValue(cl.Coverage), geo.TextValue(cl.Scope),
		geo.StringValue(cl.Claimant.Name), geo.StringValue(cl.Claimant.Type), geo.TextValue(cl.Claimant.PartyID),
		geo.DateValue(cl.ClaimedOn.First()), claimedPrecision,
		geo.StringValue(cl.Verification), geo.TextValue(cl.Admiralty), geo.StringValue(state),
		geo.ListValue(cl.Supersedes), geo.ListValue(supersededBy), geo.ListValue(cl.Contradicts), geo.TextValue(cl.Repeats),
		geo.ListValue(sourceIDs), geo.TextValue(strings.Trim(strings.Join(locators, "; "), "; ")), geo.TextValue(cl.Note),
		geo.DateValue(in.Start.First()), geo.DateValue(in.End.Last()),
		geo.StringValue(place.Label), geo.ListValue(countries(place, in.Start)),
	)}
}

func number(x *float64) geo.Value {
	if x == nil {
		return geo.Null()
	}
	return geo.NumberValue(*x)
}
