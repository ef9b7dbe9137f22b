package data_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

func TestStates(t *testing.T) {
	cs := claims(
		"c1 killed KG whole =24 on 2022-09-16",
		"c2 killed KG whole =62 on 2022-09-25 supersedes c1",
		"c3 killed TJ whole =1 on 2022-09-16 refuted 2022-09-20",
		"c4 killed TJ whole =2 on 2022-09-16 withdrawn undated",
		"c5 killed TJ whole =3 on 2022",
		"c6 killed TJ whole =4",
		"c7 killed KG whole =62 repeats c2",
		"c8 killed ALL whole =66 operands c7,c6",
		"c9 killed TJ whole =5 on 2022-09-16 refuted 2022-09-20",
		"c10 killed TJ whole =6 on 2022-09-18 supersedes c9",
		"c11 killed TJ whole =7 supersedes c2",
	)
	for asOf, want := range map[string]map[string]string{
		"2022-09-15": {"c6": "current"},
		"2022-09-16": {"c1": "current", "c3": "current", "c4": "withdrawn", "c6": "current", "c9": "current"},
		"2022-09-19": {"c1": "current", "c3": "current", "c4": "withdrawn", "c6": "current", "c9": "superseded", "c10": "current"},
		"2022-09-20": {"c1": "current", "c3": "refuted", "c4": "withdrawn", "c6": "current", "c9": "refuted", "c10": "current"},
		"2022-09-25": {"c1": "superseded", "c2": "superseded", "c3": "refuted", "c4": "withdrawn", "c6": "current", "c7": "current",
			"c8": "current", "c9": "refuted", "c10": "current", "c11": "current"},
		"2022-12-31": {"c1": "superseded", "c2": "superseded", "c3": "refuted", "c4": "withdrawn", "c5": "current", "c6": "current", "c7": "current",
			"c8": "current", "c9": "refuted", "c10": "current", "c11": "current"},
		"": {"c1": "superseded", "c2": "superseded", "c3": "refuted", "c4": "withdrawn", "c5": "current", "c6": "current", "c7": "current",
			"c8": "current", "c9": "refuted", "c10": "current", "c11": "current"},
	} {
		if diff := cmp.Diff(want, data.States(cs, day(asOf))); diff != "" {
			t.Errorf("as of %q (-want +got):\n%s", asOf, diff)
		}
	}
}

func TestStatesAreWords(t *testing.T) {
	words := map[string]bool{}
	for _, term := range data.ClaimStates() {
		words[term.ID] = true
	}
	for id, state := range data.States(claims("c1 killed KG whole =1", "c2 killed KG whole =2 supersedes c1", "c3 killed KG whole =3 refuted undated"), day("")) {
		if !words[state] {
			t.Errorf("%s is %q, which ClaimStates does not know", id, state)
		}
	}
}

func TestSupersededBy(t *testing.T) {
	got := data.SupersededBy(claims("c1 killed KG whole =1", "c2 killed KG whole =2", "c3 killed KG whole =3 supersedes c1,c2", "c4 killed KG whole =4 supersedes c1"))
	if diff := cmp.Diff(map[string][]string{"c1": {"c3", "c4"}, "c2": {"c3"}}, got); diff != "" {
		t.Errorf("SupersededBy (-want +got):\n%s", diff)
	}
}
