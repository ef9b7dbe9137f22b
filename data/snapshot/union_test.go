package snapshot_test

import (
	"testing"

	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/synth"
	"demarc/geo/cql2"
)

// An index is used wherever the tree of a filter allows it, not only below AND.
// That the answers are right is TestFastAnswersArePlainAnswers' business.
func TestIndexesBelowOrAndNot(t *testing.T) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.New(synth.New(real, 5).Records(20_000))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Collection("incidents")
	if err != nil {
		t.Fatal(err)
	}
	for text, plan := range map[string]string{
		"id = 'synth-5' OR id = 'synth-9'":                                                         "index of id or index of id",
		"id IN ('synth-5','synth-9')":                                                              "index of id",
		"killed_high > 25 OR id = 'synth-77'":                                                      "index of killed_high or index of id",
		"killed_high > 25 OR S_INTERSECTS(geometry,BBOX(70,40,70.02,40.02))":                       "index of killed_high or index of places",
		"NOT (killed_high <= 25 AND S_DISJOINT(geometry,BBOX(70,40,70.02,40.02)))":                 "index of killed_high or index of places",
		"NOT (type <> 'shelling' OR killed_high <= 25)":                                            "index of killed_high",
		"start = DATE('2022-09-14') OR wounded_high > 30":                                          "index of start or index of wounded_high",
		"T_DURING(start,INTERVAL('2022-09-14','2022-09-17')) OR killed_high > 30":                  "index of start or index of killed_high",
		"(killed_high > 25 AND type = 'shelling') OR (wounded_high > 25 AND NOT figures = 'none')": "index of killed_high or index of wounded_high",
	} {
		e, err := cql2.ParseText(text, &c.Schema)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		page, err := c.Items(t.Context(), &snapshot.Query{Filter: e, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		step := page.Steps[0]
		if step.Plan != plan || step.Visited > step.Features/20 || step.Visited < step.Matched || step.Matched == 0 {
			t.Errorf("%s: %+v, want the plan %q and less than a twentieth of the features looked at", text, step, plan)
		}
	}
}
