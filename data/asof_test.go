package data_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

// asOfRecords is an incident of three days in which everything has a date of
// its own, and one that nobody has spoken of yet.
func asOfRecords() *data.Records {
	first := data.Incident{
		ID: "clash", Start: on("2022-09-14"), End: on("2022-09-17"), RelatedIDs: []string{"later"},
		Claims: claims(
			"c1 killed KG whole =24 on 2022-09-16 contradicts c3",
			"c2 killed KG whole =36 on 2022-09-18 supersedes c1",
			"c3 killed KG whole =30 on 2022-09-17 contradicts c1 refuted 2022-09-19",
			"c4 killed TJ whole =7",
			"c5 killed TJ whole =9",
			"c6 killed TJ whole =9 repeats c2",
			"c7 wounded TJ whole =5 on 2022-09",
			"c8 wounded TJ whole =4 on 2022-09-15 refuted undated",
		),
		Accounts: []data.Account{{Party: "a", SourceIDs: []string{"s18"}}, {Party: "b", SourceIDs: []string{"undated"}}},
	}
	for i, cited := range [][]string{{"s16"}, {"s18"}, {"s16"}, {"s18", "s16"}, {"undated"}, {"undated"}, {"undated"}, {"s16"}} {
		for _, id := range cited {
			first.Claims[i].Sources = append(first.Claims[i].Sources, data.Citation{SourceID: id})
		}
	}
	first.Claims[7].Retracted.SourceIDs = []string{"s18"}
	return &data.Records{
		Incidents: []data.Incident{
			first,
			{ID: "later", Start: on("2022-09-15"), End: on("2022-09-15"), ParentID: "clash", Claims: claims("later.c1 killed KG whole =1 on 2022-09-20")},
			{ID: "unsaid", Start: on("2022-09-17"), End: on("2022-09-17"), RelatedIDs: []string{"later"}},
			{ID: "quoted", Start: on("2022-09-20"), End: on("2022-09-20"), Claims: claims("quoted.c1 killed KG whole =1 on 2010")},
		},
		Sources: []data.Source{{ID: "s16", Date: on("2022-09-16")}, {ID: "s18", Date: on("2022-09-18")}, {ID: "undated"}, {ID: "unused", Date: on("2022-09-15")}},
		Segments: []data.Segment{
			{ID: "old", To: on("2022-09-17"), CounterpartIDs: []string{"new"}, History: []data.Status{
				{Status: "unknown", To: on("2022-09-15")}, {Status: "contested", From: on("2022-09-16"), To: on("2022-09-17"), SourceIDs: []string{"s18"}}}},
			{ID: "new", From: on("2022-09-18"), CounterpartIDs: []string{"old"}, History: []data.Status{{Status: "described", From: on("2022-09-18")}}},
		},
	}
}

func idsOf[T any](list []T, id func(T) string) []string {
	out := []string{}
	for _, x := range list {
		out = append(out, id(x))
	}
	return out
}

func TestAsOf(t *testing.T) {
	type known struct{ Incidents, Claims, Accounts, Sources, Segments []string }
	for asOf, want := range map[string]known{
		"2022-09-13": {[]string{}, []string{}, []string{}, []string{}, []string{"old"}},
		"2022-09-14": {[]string{"clash"}, []string{"c5"}, []string{"b"}, []string{"undated"}, []string{"old"}},
		"2022-09-15": {[]string{"clash"}, []string{"c5", "c8"}, []string{"b"}, []string{"s16", "undated", "unused"}, []string{"old"}},
		"2022-09-16": {[]string{"clash"}, []string{"c1", "c4", "c5", "c8"}, []string{"b"}, []string{"s16", "s18", "undated", "unused"}, []string{"old"}},
		"2022-09-17": {[]string{"clash", "unsaid"}, []string{"c1", "c3", "c4", "c5", "c8"}, []string{"b"}, []string{"s16", "s18", "undated", "unused"}, []string{"old"}},
		"2022-09-18": {[]string{"clash", "unsaid"}, []string{"c1", "c2", "c3", "c4", "c5", "c6", "c8"}, []string{"a", "b"}, []string{"s16", "s18", "undated", "unused"}, []string{"old", "new"}},
		"2022-09-20": {[]string{"clash", "later", "unsaid", "quoted"}, []string{"c1", "c2", "c3", "c4", "c5", "c6", "c8"}, []string{"a", "b"}, []string{"s16", "s18", "undated", "unused"}, []string{"old", "new"}},
		"2022-09":    {[]string{"clash", "later", "unsaid", "quoted"}, []string{"c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"}, []string{"a", "b"}, []string{"s16", "s18", "undated", "unused"}, []string{"old", "new"}},
	} {
		r := asOfRecords().AsOf(on(asOf))
		got := known{
			Incidents: idsOf(r.Incidents, func(in data.Incident) string { return in.ID }),
			Claims:    []string{}, Accounts: []string{},
			Sources:  idsOf(r.Sources, func(s data.Source) string { return s.ID }),
			Segments: idsOf(r.Segments, func(s data.Segment) string { return s.ID }),
		}
		if len(r.Incidents) > 0 {
			got.Claims = idsOf(r.Incidents[0].Claims, func(c data.Claim) string { return c.ID })
			got.Accounts = idsOf(r.Incidents[0].Accounts, func(a data.Account) string { return a.Party })
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as of %s (-want +got):\n%s", asOf, diff)
		}
	}
}

// Nothing that is known refers to what is not, and nothing is taken back before
// its day.
func TestAsOfRelations(t *testing.T) {
	whole := asOfRecords()
	r := whole.AsOf(on("2022-09-16"))
	clash := &r.Incidents[0]
	if len(clash.RelatedIDs) > 0 || len(clash.Claims[0].Contradicts) > 0 {
		t.Errorf("refers to what is not known: %v, %v", clash.RelatedIDs, clash.Claims[0].Contradicts)
	}
	if clash.End != on("2022-09-16") {
		t.Errorf("on the 16th it was known to last until %v", clash.End)
	}
	if last := clash.Claims[3]; last.ID != "c8" || last.Retracted != nil {
		t.Errorf("%s is retracted by a source of the 18th: %v", last.ID, last.Retracted)
	}
	old := r.Segments[0]
	if !old.To.IsZero() || len(old.History) != 2 || !old.History[1].To.IsZero() || len(old.CounterpartIDs) > 0 {
		t.Errorf("the older line ends ahead of time: %+v", old)
	}
	if old := whole.AsOf(on("2022-09-15")).Segments[0]; len(old.History) != 1 || old.History[0].To != on("2022-09-15") {
		t.Errorf("on the 15th the older line has %+v", old.History)
	}
	r = whole.AsOf(on("2022-09-18"))
	if c3 := r.Incidents[0].Claims[2]; c3.Retracted != nil || r.Incidents[0].Claims[6].Retracted == nil {
		t.Errorf("on the 18th c3 is retracted by %v, c8 by %v", c3.Retracted, r.Incidents[0].Claims[6].Retracted)
	}
	if diff := cmp.Diff(asOfRecords(), whole); diff != "" {
		t.Errorf("AsOf changed the records themselves (-before +after):\n%s", diff)
	}
	if whole.AsOf(data.Date{}) != whole || whole.AsOf(on("2022-09-30")) != whole {
		t.Error("with nothing dated later, the records are others than all of them")
	}
}

// What was known never shrinks but by what took its place, and is always whole:
// every day of records without fault is without fault.
func TestAsOfIsValid(t *testing.T) {
	whole := validRecords()
	var before []string
	for day := on("2021-04-29").First(); day.Year() < 2023; day = day.AddDate(0, 0, 1) {
		r := whole.AsOf(data.Date{Year: day.Year(), Month: int(day.Month()), Day: day.Day()})
		for _, f := range r.Validate() {
			t.Errorf("as of %s: %+v", day.Format("2006-01-02"), f)
		}
		known := idsOf(r.Incidents, func(in data.Incident) string { return in.ID })
		for i := range r.Incidents {
			known = append(known, idsOf(r.Incidents[i].Claims, func(c data.Claim) string { return c.ID })...)
		}
		for _, id := range before {
			if !slices.Contains(known, id) {
				t.Errorf("%s was known before %s and is not any more", id, day.Format("2006-01-02"))
			}
		}
		before = known
	}
	if len(before) != 12 {
		t.Errorf("in the end %d incidents and claims are known: %v", len(before), before)
	}
}
