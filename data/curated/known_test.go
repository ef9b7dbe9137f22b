package curated_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

// A step is a claim of the 2022 conflict, what it said and what it took the
// place of.
type step struct {
	claim      string
	value      float64
	claimedOn  string
	supersedes string
	state      string
}

// chain returns the claims with those numbers as steps.
func chain(in *data.Incident, numbers ...string) []step {
	states := data.States(in.Claims, day(""))
	var out []step
	for _, n := range numbers {
		for i := range in.Claims {
			if c := &in.Claims[i]; c.ID == in.ID+"."+n {
				s := step{claim: n, value: *c.Value.Value, claimedOn: c.ClaimedOn.String(), state: states[c.ID]}
				for _, id := range c.Supersedes {
					s.supersedes += id[len(in.ID)+1:] + " "
				}
				out = append(out, s)
			}
		}
	}
	return out
}

func TestChainsOf2022(t *testing.T) {
	in := incident(t, "2022-09-14-conflict")
	kyrgyz := []step{
		{"c1", 24, "2022-09-16", "", "superseded"},
		{"c2", 36, "2022-09-18", "c1 ", "superseded"},
		{"c3", 37, "2022-09-18", "", "superseded"},
		{"c4", 46, "2022-09-18", "c2 c3 ", "superseded"},
		{"c5", 59, "2022-09-18", "c4 ", "superseded"},
		{"c6", 62, "2022-09-25", "c5 ", "current"},
	}
	if diff := cmp.Diff(kyrgyz, chain(in, "c1", "c2", "c3", "c4", "c5", "c6"), cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("Kyrgyz dead (-want +got):\n%s", diff)
	}
	tajik := []step{
		{"c14", 7, "2022-09-18", "", "superseded"},
		{"c15", 30, "2022-09-18", "c14 ", "superseded"},
		{"c16", 35, "2022-09-18", "c15 ", "superseded"},
		{"c18", 38, "2022-09-18", "c16 ", "superseded"},
		{"c19", 39, "2022-09-18", "", "superseded"},
		{"c20", 41, "2022-09-19", "c16 c18 c19 ", "current"},
	}
	if diff := cmp.Diff(tajik, chain(in, "c14", "c15", "c16", "c18", "c19", "c20"), cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("Tajik dead (-want +got):\n%s", diff)
	}
	injured := []step{
		{"c49", 87, "2022-09-16", "", "superseded"},
		{"c50", 103, "2022-09-17", "c49 ", "superseded"},
		{"c51", 122, "2022-09-17", "c50 ", "superseded"},
		{"c52", 129, "2022-09-18", "c51 ", "superseded"},
		{"c9", 140, "2022-09-18", "c52 ", "superseded"},
		{"c10", 144, "2022-09-18", "c9 ", "superseded"},
		{"c11", 163, "2022-09-19", "c10 ", "superseded"},
		{"c12", 195, "2022-09", "c11 ", "current"},
	}
	if diff := cmp.Diff(injured, chain(in, "c49", "c50", "c51", "c52", "c9", "c10", "c11", "c12"), cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("Kyrgyz injured (-want +got):\n%s", diff)
	}
}

// What a reader could have known of the fighting of September 2022, day by day.
func TestWhatWasKnownIn2022(t *testing.T) {
	in := incident(t, "2022-09-14-conflict")
	for asOf, want := range map[string][]string{
		"2022-09-15": nil,
		"2022-09-16": {"killed 24..24 single_claim", "wounded 87..87 single_claim"},
		"2022-09-17": {"killed 24..24 single_claim", "wounded 122..122 converging"},
		"2022-09-18": {"killed 97..100 conflicting", "wounded 169..169 converging"},
		"2022-09-19": {"killed 100..100 converging", "wounded 188..188 converging"},
		"2022-09-25": {"killed 103..103 converging", "wounded 188..188 converging"},
		"2022-09-30": {"killed 103..103 converging", "wounded 220..220 converging"}, // "September" is over
		"2025-03-13": {"killed 103..103 converging", "wounded 220..220 converging"}, // obsolete figures repeated in 2025
	} {
		if diff := cmp.Diff(want, figures(in, asOf)); diff != "" {
			t.Errorf("known on %s (-want +got):\n%s", asOf, diff)
		}
	}
}

func TestWhatWasKnownIn1998(t *testing.T) {
	clashes, release := incident(t, "1998-03-24-kofarnihon-clashes"), incident(t, "1998-03-30-ramit-release")
	for asOf, want := range map[string][]string{
		"1998-03-24": nil,
		"1998-03-25": {"killed 21..21 single_claim", "captured ?..? single_claim"}, // the number denied
		"1998-03-30": {"killed 21..? conflicting", "captured ?..110 conflicting"},
		"1998-03-31": {"killed 21..? conflicting", "captured 50..110 conflicting"}, // "in March" is over
		"1998-04-06": {"killed 50..? converging", "captured 50..110 conflicting"},
	} {
		if diff := cmp.Diff(want, figures(clashes, asOf)); diff != "" {
			t.Errorf("clashes, known on %s (-want +got):\n%s", asOf, diff)
		}
	}
	if got := figures(release, "1998-03-29"); got != nil {
		t.Errorf("release, known the day before: %v", got)
	}
	if diff := cmp.Diff([]string{"released 50..50 converging"}, figures(release, "1998-03-30")); diff != "" {
		t.Errorf("release, known on its day (-want +got):\n%s", diff)
	}
}
