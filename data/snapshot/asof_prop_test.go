package snapshot_test

import (
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
)

// relate makes the incidents refer to one another, each to those before it.
func relate(t *rapid.T, r *data.Records) {
	for i := range r.Incidents {
		in := &r.Incidents[i]
		if i > 0 && rapid.Bool().Draw(t, "part") {
			other := &r.Incidents[rapid.IntRange(0, i-1).Draw(t, "of")]
			in.ParentID, in.RelatedIDs = other.ID, []string{other.ID}
			if len(other.Claims) > 0 && len(in.Claims) > 0 {
				in.Claims[0].Operands = []string{other.Claims[0].ID}
			}
		}
		if len(in.Claims) > 1 && rapid.Bool().Draw(t, "supersedes") {
			in.Claims[1].Supersedes, in.Claims[0].Contradicts = []string{in.Claims[0].ID}, []string{in.Claims[1].ID}
		}
		if len(in.Claims) > 0 && rapid.IntRange(0, 3).Draw(t, "retracted") == 0 {
			in.Claims[0].Retracted = &data.Retraction{Kind: "withdrawn", On: drawDate(t, true), SourceIDs: []string{"s0"}, Reason: "x"}
		}
		if rapid.IntRange(0, 3).Draw(t, "account") == 0 {
			in.Accounts = []data.Account{{Party: "x", Text: "x", SourceIDs: []string{"s1"}}}
		}
	}
}

// afterAll is a day on which everything that is drawn is known.
var afterAll = data.Date{Year: 2200}

// What AsOf makes of a snapshot, be it changed before, is what New makes of the
// records that were known.
func TestAsOfIsNewOfTheKnown(t *testing.T) {
	same, less := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r, s := drawSnapshot(t, 3)
		day := rapid.OneOf(rapid.Custom(func(t *rapid.T) data.Date { return drawDate(t, false) }), rapid.Just(afterAll)).Draw(t, "as of")
		before := told(t, s)
		got, err := s.AsOf(day)
		if err != nil {
			t.Fatal(err)
		}
		want := isNewOf(t, r.AsOf(day), got, fmt.Sprint("as of ", day))
		if diff := gocmp.Diff(before, told(t, s)); diff != "" {
			t.Fatalf("AsOf changed the snapshot that it began with:\n%s", diff)
		}
		compareAnswers(t, got, want)
		if got == s {
			same++
		} else {
			less++
		}
	})
	if same == 0 || less == 0 {
		t.Errorf("%d snapshots stayed the same, %d did not", same, less)
	}
}

// The real records refer to one another in every way that there is.
func TestAsOfOfTheRealRecords(t *testing.T) {
	r, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	for year := 1991; year < 2027; year += 5 {
		for _, month := range []int{0, 5, 9} {
			day := data.Date{Year: year, Month: month}
			got, err := s.AsOf(day)
			if err != nil {
				t.Fatal(err)
			}
			isNewOf(t, r.AsOf(day), got, fmt.Sprint("as of ", day))
		}
	}
}

// isNewOf fails the test unless a snapshot tells what one made of the records does,
// and returns that one.
func isNewOf(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, r *data.Records, got *snapshot.Snapshot, what string) *snapshot.Snapshot {
	want, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(told(t, want), told(t, got)); diff != "" {
		t.Fatalf("%s (-made anew +got):\n%s", what, diff)
	}
	return want
}
