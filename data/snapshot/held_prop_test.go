package snapshot_test

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
)

// Places, sources and parties, which are made when somebody asks for them, say what New
// says: whichever states are asked first, also where several follow one, and where so many
// counts wait that they are made without being asked for.
func TestCountsWaitForWhoAsks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		defer snapshot.CountAside(rapid.SampledFrom([]int{0, 1, 3, 1000}).Draw(t, "counts that wait"))()
		type state struct {
			r data.Records
			s *snapshot.Snapshot
		}
		r := *drawRecords(t)
		first, err := snapshot.New(&r)
		if err != nil {
			t.Fatal(err)
		}
		states := []state{{r, first}}
		ask := func(at int) {
			all, err := snapshot.New(&states[at].r)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range all.Collections() {
				for _, want := range append(items(t, c, snapshot.Query{}).Hits, snapshot.Hit{ID: "nobody"}) {
					if got, err := states[at].s.Feature(c.ID, want.ID); string(got.JSON) != string(want.JSON) || (err == nil) != (want.JSON != nil) {
						t.Fatalf("%s/%s alone is %s (%v), want %s", c.ID, want.ID, got.JSON, err, want.JSON)
					}
					flat, err := states[at].s.Flat(c.ID, want.ID)
					if (err == nil) != (want.JSON != nil) || err == nil && (flat.ID != want.ID || !orb.Equal(flat.Geometry, want.Geometry) || !slices.EqualFunc(flat.Values, want.Values, geo.Value.Equal)) {
						t.Fatalf("%s/%s is %v (%v), want %v", c.ID, want.ID, flat, err, want)
					}
				}
			}
			if diff := gocmp.Diff(told(t, all), told(t, states[at].s)); diff != "" {
				t.Fatalf("-New +state %d:\n%s", at, diff)
			}
		}
		for step := range rapid.IntRange(1, 10).Draw(t, "steps") {
			from := states[len(states)-1]
			if rapid.IntRange(0, 4).Draw(t, "from") == 0 {
				from = rapid.SampledFrom(states).Draw(t, "which state")
			}
			next := state{r: from.r}
			if next.s, err = from.s.With(drawChange(t, &next.r, 10*step)); err != nil {
				t.Fatal(err)
			}
			states = append(states, next)
			switch rapid.IntRange(0, 4).Draw(t, "then") {
			case 0:
				ask(rapid.IntRange(0, len(states)-1).Draw(t, "asked"))
			case 1:
				if next.s.Fold(snapshot.WhileWritten); next.s.Owes(snapshot.WhileWritten) {
					t.Fatal("after Fold there is still something to do")
				}
			}
		}
		for _, at := range rapid.Permutation(indexes(len(states))).Draw(t, "order") {
			ask(at)
		}
	})
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
