package data_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"demarc/data"
)

// drawnClaims are up to eight claims, which refer to earlier ones only.
var drawnClaims = rapid.Custom(func(t *rapid.T) []data.Claim {
	cs := make([]data.Claim, rapid.IntRange(0, 8).Draw(t, "claims"))
	for i := range cs {
		number := rapid.IntRange(0, 12)
		value := rapid.SampledFrom([]string{"=%d", "~%d", ">=%d", ">%d", "<=%d", "dozens"}).Draw(t, "value")
		if value != "dozens" {
			value = fmt.Sprintf(value, number.Draw(t, "number"))
		}
		words := fmt.Sprintf("c%d %s %s %s %s", i,
			rapid.SampledFrom([]string{"killed", "killed", "wounded", "injured", "hospitalised"}).Draw(t, "metric"),
			rapid.SampledFrom([]string{"KG", "TJ", "ALL"}).Draw(t, "party"),
			rapid.SampledFrom([]string{"whole", "whole", "share", "part", "wider"}).Draw(t, "coverage"), value)
		if rapid.IntRange(0, 3).Draw(t, "dated") > 0 {
			words += fmt.Sprintf(" on 2022-09-%02d", 10+i) // referring to what was said before
		}
		if i > 0 {
			other := fmt.Sprintf("c%d", rapid.IntRange(0, i-1).Draw(t, "other"))
			words += rapid.SampledFrom([]string{"", "", " supersedes " + other, " contradicts " + other, " repeats " + other, " operands " + other}).Draw(t, "link")
		}
		words += rapid.SampledFrom([]string{"", "", "", "", " refuted 2022-09-15", " withdrawn undated"}).Draw(t, "retracted")
		cs[i] = claim(words)
	}
	return cs
})

var asOfs = rapid.Custom(func(t *rapid.T) time.Time {
	return day("2022-09-08").AddDate(0, 0, rapid.IntRange(0, 14).Draw(t, "days"))
})

func diffFigures(a, b []data.Figure) string { return cmp.Diff(a, b, cmpopts.EquateNaNs()) }

func TestFiguresDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs, asOf := drawnClaims.Draw(t, "claims"), asOfs.Draw(t, "as of")
		shuffled := rapid.Permutation(cs).Draw(t, "shuffled")
		if diff := diffFigures(data.Figures(cs, asOf), data.Figures(shuffled, asOf)); diff != "" {
			t.Fatalf("in another order (-in order +shuffled):\n%s", diff)
		}
	})
}

func TestFiguresOfTheFarFutureAreThoseOfAllTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := drawnClaims.Draw(t, "claims")
		if diff := diffFigures(data.Figures(cs, time.Time{}), data.Figures(cs, day("2999"))); diff != "" {
			t.Fatalf("as of 2999 (-all time +2999):\n%s", diff)
		}
	})
}

// What has not been said yet, and when a retraction is still to come, changes
// nothing.
func TestFiguresKnowNothingOfTheFuture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs, asOf := drawnClaims.Draw(t, "claims"), asOfs.Draw(t, "as of")
		states := data.States(cs, asOf)
		var said []data.Claim
		for _, c := range cs {
			if _, made := states[c.ID]; !made {
				continue
			}
			if c.Retracted != nil && c.Retracted.On.First().After(asOf) {
				c.Retracted = nil
			}
			said = append(said, c)
		}
		if diff := diffFigures(data.Figures(said, time.Time{}), data.Figures(cs, asOf)); diff != "" {
			t.Fatalf("of the claims made by %v (-them alone +as of):\n%s", asOf, diff)
		}
	})
}

// A claim that fell changes no range, whatever it said; it can only have been
// corrected.
func TestFallenClaimsChangeNoRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := drawnClaims.Draw(t, "claims")
		states := data.States(cs, time.Time{})
		changed := slices.Clone(cs)
		for i := range changed {
			if states[changed[i].ID] != "current" {
				changed[i].Value = amount(fmt.Sprintf("=%d", rapid.IntRange(100, 999).Draw(t, "other value")))
				changed[i].AffectedParty = "UZ"
				changed[i].Coverage = "whole"
			}
		}
		ignoreState := cmpopts.IgnoreFields(data.Figure{}, "State")
		if diff := cmp.Diff(data.Figures(cs, time.Time{}), data.Figures(changed, time.Time{}), cmpopts.EquateNaNs(), ignoreState); diff != "" {
			t.Fatalf("with another value in fallen claims (-before +after):\n%s", diff)
		}
	})
}

// Whole claims of single parties: the slow twin picks one claim for each party
// in every way there is, adds them up, and keeps the least and the greatest sum.
func TestSumOfPartiesAgreesWithTryingAllClaims(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byParty := map[string][]int{}
		var cs []data.Claim
		for i := range rapid.IntRange(1, 7).Draw(t, "claims") {
			party := rapid.SampledFrom([]string{"KG", "TJ", "UZ"}).Draw(t, "party")
			n := rapid.IntRange(0, 50).Draw(t, "n")
			byParty[party] = append(byParty[party], n)
			cs = append(cs, claim(fmt.Sprintf("c%d killed %s whole =%d", i, party, n)))
		}
		sums := []int{0}
		for _, numbers := range byParty {
			var next []int
			for _, s := range sums {
				for _, n := range numbers {
					next = append(next, s+n)
				}
			}
			sums = next
		}
		got := data.Figures(cs, time.Time{})[0]
		if got.Low != float64(slices.Min(sums)) || got.High != float64(slices.Max(sums)) {
			t.Fatalf("%s, want %d to %d", ends(got.Range), slices.Min(sums), slices.Max(sums))
		}
		conflict := slices.ContainsFunc([]string{"KG", "TJ", "UZ"}, func(p string) bool {
			return len(byParty[p]) > 0 && slices.Min(byParty[p]) != slices.Max(byParty[p])
		})
		if conflict != (got.State == "conflicting") {
			t.Fatalf("state %s of %v", got.State, byParty)
		}
	})
}

func TestFigureEndsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, f := range data.Figures(drawnClaims.Draw(t, "claims"), asOfs.Draw(t, "as of")) {
			for _, r := range append(slices.Collect(maps.Values(f.ByParty)), f.Range) {
				if r.Low > r.High || r.Low < 0 || math.IsInf(r.Low, 0) || math.IsNaN(r.High) || math.IsInf(r.High, -1) {
					t.Fatalf("%s: %v of %v", f.Family, r, f)
				}
			}
			if f.State == "none" && (len(f.ByParty) > 0 || !math.IsNaN(f.Low)) {
				t.Fatalf("no figure claimed, but %v", f)
			}
			if f.State == "not_comparable" && (!math.IsNaN(f.Low) || !math.IsInf(f.High, 1)) {
				t.Fatalf("not comparable, but %v", f)
			}
		}
	})
}
