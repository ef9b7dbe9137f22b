package cql2_test

import (
	"testing"

	"pgregory.net/rapid"

	"demarc/geo"
	"demarc/geo/cql2"
)

// perCheck is how many trees are drawn for each of rapid's checks.
const perCheck = 20

func TestPrintedFiltersReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range perCheck {
			roundTrips(t, drawFilter(t, 4), testSchema())
		}
	})
}

// TestCompiledAgreesWithEval holds the fast evaluator to the one that defines the
// language, and Bounds to both.
func TestCompiledAgreesWithEval(t *testing.T) {
	sc := testSchema()
	counts := map[cql2.Truth]int{}
	spared := 0
	rapid.Check(t, func(t *rapid.T) {
		var features []*geo.Feature
		for range perCheck {
			features = append(features, drawFeature(t))
		}
		for range perCheck {
			e := drawFilter(t, 3)
			filter := cql2.Compile(e)
			tight, loose := cql2.Bounds(e, 84), cql2.Bounds(e, 180)
			for _, f := range features {
				want := cql2.Eval(e, f)
				counts[want]++
				if got := filter.Truth(f); got != want {
					t.Fatalf("%s: Compile says %v, Eval %v, of\n%#v", cql2.Format(e), got, want, f)
				}
				if filter.Match(f) != (want == cql2.True) {
					t.Fatalf("%s: Match and Eval differ", cql2.Format(e))
				}
				allowed := allows(tight, sc, f)
				if !allowed {
					spared++
				}
				if want == cql2.True && !(allowed && allows(loose, sc, f)) {
					t.Fatalf("%s: Bounds %+v or %+v exclude a match:\n%#v", cql2.Format(e), tight, loose, f)
				}
			}
		}
	})
	t.Logf("%d false, %d unknown, %d true; Bounds spared %d", counts[cql2.False], counts[cql2.Unknown], counts[cql2.True], spared)
	if counts[cql2.True] == 0 || counts[cql2.Unknown] == 0 || spared == 0 {
		t.Error("the test cannot fail: some case never came")
	}
}
