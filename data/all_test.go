package data_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

func TestSorted(t *testing.T) {
	r := &data.Records{Incidents: []data.Incident{
		{ID: "b", Start: on("2022-09-14")}, {ID: "a", Start: on("2022-09-14")}, {ID: "z", Start: on("1998")}, {ID: "c", Start: on("2022-09")},
	}, Sources: []data.Source{{ID: "rferl"}, {ID: "ap"}}}
	sorted := r.Sorted()
	var got []string
	for _, in := range sorted.Incidents {
		got = append(got, in.ID)
	}
	if diff := cmp.Diff([]string{"z", "c", "a", "b"}, got); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	if sorted.Sources[0].ID != "ap" || r.Sources[0].ID != "rferl" || r.Incidents[0].ID != "b" {
		t.Errorf("sources %v; the records themselves %v", sorted.Sources, r.Sources)
	}
	if !slices.IsSortedFunc(sorted.Incidents, func(a, b data.Incident) int { return a.When().From.Compare(b.When().From) }) {
		t.Error("incidents are not in the order of time")
	}
}

func TestSourceIDs(t *testing.T) {
	in := data.Incident{
		Claims:   []data.Claim{{Sources: []data.Citation{{SourceID: "b"}, {SourceID: "a"}}}, {Sources: []data.Citation{{SourceID: "b"}}}},
		Accounts: []data.Account{{SourceIDs: []string{"c", "a"}}},
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, in.SourceIDs()); diff != "" {
		t.Errorf("SourceIDs (-want +got):\n%s", diff)
	}
}

func TestOriginID(t *testing.T) {
	if got := (&data.Source{ID: "fr_nouv", Origin: "afp"}).OriginID(); got != "afp" {
		t.Errorf("a source that repeats AFP has the origin %q", got)
	}
	if got := (&data.Source{ID: "ap980326"}).OriginID(); got != "ap980326" {
		t.Errorf("a source of its own has the origin %q", got)
	}
}
