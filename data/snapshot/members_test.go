package snapshot

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"demarc/data/curated"
	"demarc/data/synth"
	"demarc/geo"
	"demarc/geo/cql2"
)

// What is selected on all cores is what a search selects, also where some is gone.
func TestMembersAreWhatIsSelected(t *testing.T) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	records := synth.New(real, 2).Records(9_000)
	snap, err := New(records)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if snap, err = snap.With(Change{Kind: "incidents", ID: records.Incidents[i*7].ID}); err != nil {
			t.Fatal(err)
		}
	}
	c, _ := snap.Collection("incidents")
	rnd, kind, high := rand.New(rand.NewPCG(3, 4)), c.Schema.Index("type"), c.Schema.Index("killed_high")
	inParallel := 0
	for range 60 {
		day := time.Date(2020, 1, 1+rnd.IntN(1500), 0, 0, 0, 0, time.UTC)
		q := &Query{When: &geo.Interval{From: day, To: day.AddDate(0, 0, 1+rnd.IntN(700))}}
		if rnd.IntN(3) == 0 {
			q.Equal = []Condition{{kind, geo.StringValue("armed_clash")}}
		}
		if rnd.IntN(2) == 0 {
			q.Filter = cql2.Compare{Op: cql2.Less, Left: cql2.Property{Name: "killed_high", Field: high, Type: cql2.NumberType}, Right: cql2.Number{Float: 9}}
		}
		want := make([]uint64, (c.Slots()+63)/64)
		if err := c.Scan(t.Context(), q, func(slot uint32) bool {
			want[slot/64] |= 1 << (slot % 64)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		part := c.Parts()[0]
		got := make([]uint64, (part.Len()+63)/64)
		v := c.views[0]
		var hint cql2.Hint
		if q.Filter != nil {
			hint = cql2.Bounds(q.Filter, c.longest)
		}
		done, err := v.membersInTurn(t.Context(), q, hint, got, 1)
		if err != nil {
			t.Fatal(err)
		}
		if done {
			inParallel++
		} else if got, err = part.Living().Members(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: other members (in parallel: %v)", q, done)
		}
	}
	if inParallel == 0 {
		t.Error("nothing was looked at on all cores: the test cannot fail")
	}
}
