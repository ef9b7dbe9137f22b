package snapshot_test

import (
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/snapshot"
)

// What With leaves apart and Fold puts together, while With goes on, says what New of
// all records says. A fold of what is no part of a snapshot is refused.
func TestFoldedIsNewOfAll(t *testing.T) {
	defer snapshot.LeaveApart(0)()
	rapid.Check(t, func(t *rapid.T) {
		r := *drawRecords(t)
		for i := range rapid.SampledFrom([]int{0, 40}).Draw(t, "more") { // so that the first part outgrows the others
			day := dateOf(epoch.AddDate(0, 0, i), time.DateOnly)
			r.Incidents = append(r.Incidents, data.Incident{ID: fmt.Sprintf("i%d", 900+i), Title: "More", Theatre: "kg-tj-border", Summary: "x", Occurrence: "confirmed",
				Type: "shelling", Start: day, End: day, PlaceID: r.Places[0].ID})
		}
		s, err := snapshot.New(&r)
		if err != nil {
			t.Fatal(err)
		}
		change := func(step int) {
			for i := range rapid.IntRange(1, 4).Draw(t, "changes") {
				if s, err = s.With(drawChange(t, &r, 10*step+i)); err != nil {
					t.Fatal(err)
				}
			}
		}
		for round := range rapid.IntRange(1, 4).Draw(t, "rounds") {
			change(2 * round)
			pace := rapid.SampledFrom([]snapshot.Pace{snapshot.WhileWritten, snapshot.WhileIdle}).Draw(t, "pace")
			owes := s.Owes(pace)
			folding := s.Fold(pace)
			if folding != nil && !owes || folding == nil && s.Owes(pace) {
				t.Fatalf("Owes is %v, Fold made %v", owes, folding)
			}
			change(2*round + 1)
			if folding != nil {
				if next, ok := s.Folded(folding); ok { // or its parts have gone meanwhile
					s = next
				}
				if _, ok := s.Folded(folding); ok {
					t.Fatal("a fold was taken over twice")
				}
			}
			all, err := snapshot.New(&r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(told(t, all), told(t, s)); diff != "" {
				t.Fatalf("-New +With, folded:\n%s", diff)
			}
			compareAnswers(t, s, all)
		}
	})
}
