package snapshot_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
)

func revision(t *testing.T, r *data.Records) string {
	t.Helper()
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return s.Revision()
}

func TestRevisionDoesNotDependOnOrder(t *testing.T) {
	shared, s := curatedSnapshot(t)
	r := *shared
	r.Incidents, r.Sources, r.Parties = backward(r.Incidents), backward(r.Sources), backward(r.Parties)
	r.Places, r.Segments, r.Areas = backward(r.Places), backward(r.Segments), backward(r.Areas)
	first := r.Incidents[0].ID
	if got := revision(t, &r); got != s.Revision() || len(got) != 16 {
		t.Errorf("in reverse order the revision is %s, not %s", got, s.Revision())
	}
	if r.Incidents[0].ID != first {
		t.Error("New put the caller's records in another order")
	}
}

func backward[T any](list []T) []T {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// tiny returns one record of each kind.
func tiny() *data.Records {
	five := 5.0
	return &data.Records{
		Sources:  []data.Source{{ID: "s", Publisher: "P"}},
		Parties:  []data.Party{{ID: "KG", Name: "Kyrgyzstan"}},
		Places:   []data.Place{{ID: "p", Label: "P", Position: []float64{70, 39}}},
		Segments: []data.Segment{{ID: "g", History: []data.Status{{Status: "unknown"}}}},
		Areas:    []data.Area{{ID: "a"}},
		Geometry: data.Shapes{"g": orb.LineString{{70, 39}, {71, 40}}, "a": orb.Polygon{{{70, 39}, {71, 39}, {71, 40}, {70, 39}}}},
		Incidents: []data.Incident{{ID: "i", PlaceID: "p", Accounts: []data.Account{{Text: "x"}}, Claims: []data.Claim{{
			ID: "i.c1", Metric: "killed", Coverage: "whole", AffectedParty: "KG", Value: data.Amount{Kind: "exact", Value: &five}, Sources: []data.Citation{{SourceID: "s"}},
		}}}},
	}
}

// The revision is another one when anything changes, also what only a single
// feature shows: an answer kept by its revision would be out of date.
func TestRevisionTellsEveryChange(t *testing.T) {
	seen := map[string]string{revision(t, tiny()): "nothing"}
	if first, again := revision(t, tiny()), revision(t, tiny()); first != again {
		t.Error("the same content has two revisions")
	}
	four := 4.0
	for name, change := range map[string]func(*data.Records){
		"title":         func(r *data.Records) { r.Incidents[0].Title = "x" },
		"account":       func(r *data.Records) { r.Incidents[0].Accounts[0].Text = "y" },
		"mapping":       func(r *data.Records) { r.Incidents[0].Mapping = &data.CodingHint{ACLED: "x"} },
		"related":       func(r *data.Records) { r.Incidents[0].RelatedIDs = []string{"x"} },
		"figure":        func(r *data.Records) { r.Incidents[0].Claims[0].Value.Value = &four },
		"claim's grade": func(r *data.Records) { r.Incidents[0].Claims[0].Admiralty = "F6" },
		"compatible":    func(r *data.Records) { r.Incidents[0].Claims[0].CompatibleWith = []string{"x"} },
		"party's name":  func(r *data.Records) { r.Parties[0].Name = "x" },
		"party's alias": func(r *data.Records) { r.Parties[0].Aliases = []string{"x"} },
		"place's name":  func(r *data.Records) { r.Places[0].Names = []data.PlaceName{{Lang: "ky", Name: "x"}} },
		"position":      func(r *data.Records) { r.Places[0].Position[0] += 1e-9 },
		"status":        func(r *data.Records) { r.Segments[0].History[0].Status = "agreed" },
		"cut rule":      func(r *data.Records) { r.Segments[0].CutRule = "x" },
		"a line":        func(r *data.Records) { r.Geometry["g"].(orb.LineString)[0][0] += 1e-9 },
		"area's note":   func(r *data.Records) { r.Areas[0].Note = "x" },
		"source's note": func(r *data.Records) { r.Sources[0].Note = "x" },
		"one more":      func(r *data.Records) { r.Parties = append(r.Parties, data.Party{ID: "TJ"}) },
		"one less":      func(r *data.Records) { r.Areas = nil },
	} {
		r := tiny()
		change(r)
		got := revision(t, r)
		if same, taken := seen[got]; taken {
			t.Errorf("the revision after a change of %q is that after %q", name, same)
		}
		seen[got] = name
	}
}
