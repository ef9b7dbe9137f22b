package snapshot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/snapshot"
)

// nulls returns where in decoded JSON a null stands.
func nulls(v any, at string) []string {
	var out []string
	switch v := v.(type) {
	case nil:
		return []string{at}
	case map[string]any:
		for key, member := range v {
			out = append(out, nulls(member, at+"/"+key)...)
		}
	case []any:
		for i, member := range v {
			out = append(out, nulls(member, fmt.Sprintf("%s/%d", at, i))...)
		}
	}
	return out
}

// checkDetails marshals the detail of every feature. Only an open end of a
// figure may be null: a page or a map that reads a list finds one.
func checkDetails(t interface{ Errorf(string, ...any) }, s *snapshot.Snapshot, c *snapshot.Collection, ids []string) {
	for _, id := range ids {
		b, err := json.Marshal(s.Detail(c.ID, id))
		var doc any
		if err != nil || json.Unmarshal(b, &doc) != nil {
			t.Errorf("%s/%s: %s, %v", c.ID, id, b, err)
		}
		for _, at := range nulls(doc, "") {
			if !strings.HasPrefix(at, "/figures_detail/") || !strings.HasSuffix(at, "/low") && !strings.HasSuffix(at, "/high") {
				t.Errorf("%s/%s: null at %q", c.ID, id, at)
			}
		}
	}
}

func TestDetailsOfRealFeatures(t *testing.T) {
	_, s := curatedSnapshot(t)
	for _, c := range s.Collections() {
		checkDetails(t, s, c, idsOf(items(t, c, snapshot.Query{}).Hits))
		if d := s.Detail(c.ID, "no such"); d != nil {
			t.Errorf("%s: detail of a feature that is not there: %v", c.ID, d)
		}
	}
	if d := s.Detail("no such", "x"); d != nil {
		t.Errorf("detail of a collection that is not there: %v", d)
	}
}

func TestDetailsOfAnyFeature(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := snapshot.New(drawRecords(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Collections() {
			checkDetails(t, s, c, idsOf(items(t, c, snapshot.Query{}).Hits))
		}
	})
}

func TestDetailOfAnIncident(t *testing.T) {
	_, s := curatedSnapshot(t)
	d, ok := s.Detail("incidents", "1998-03-24-kofarnihon-clashes").(*snapshot.IncidentDetail)
	if !ok {
		t.Fatal("no detail of the clashes of 1998")
	}
	killed := d.Figures[0]
	if killed.Family != "killed" || *killed.Low != 50 || killed.High != nil || killed.ByParty["UTO"] != (snapshot.RangeDetail{}) || *killed.ByParty["TJ-GOV"].High != 50 {
		t.Errorf("killed: %+v", killed)
	}
	for _, want := range []string{"1998-03-29-release-16", "1998-03-30-ramit-release"} {
		if !slices.Contains(d.ChildIDs, want) {
			t.Errorf("%s is not among its parts %v", want, d.ChildIDs)
		}
	}
	if !slices.ContainsFunc(d.Parties, func(p snapshot.PartyDetail) bool { return p.PartyID == "UTO" && p.Name == "United Tajik Opposition" }) {
		t.Errorf("parties: %v", d.Parties)
	}
	for _, c := range d.Claims {
		if c.ID == "1998-03-24-kofarnihon-clashes.c5" && (c.StatusFlag != "superseded" || !slices.Equal(c.SupersededBy, []string{"1998-03-24-kofarnihon-clashes.c6"})) {
			t.Errorf("the early count: %s, by %v", c.StatusFlag, c.SupersededBy)
		}
	}
	if d.Place == nil || len(d.Sources) == 0 || len(d.Accounts) == 0 {
		t.Errorf("place %v, %d sources, %d accounts", d.Place, len(d.Sources), len(d.Accounts))
	}
}

func TestDetailOfAClaim(t *testing.T) {
	_, s := curatedSnapshot(t)
	d, ok := s.Detail("claims", "1998-03-30-ramit-release.c2").(*snapshot.SingleClaim)
	if !ok {
		t.Fatal("no detail of the claim")
	}
	if d.Claim.StatusFlag != "superseded" || d.Claim.ClaimedOnPrecision != "day" || d.IncidentTitle == "" || len(d.Sources) == 0 || d.Sources[0].ID != "seedA" {
		t.Errorf("about 40: %+v", d)
	}
}

// A party tells how often it is named, each incident once; not for those that
// belong to it, nor for ALL.
func TestUsesOfParties(t *testing.T) {
	claim := func(id, by, about string) data.Claim {
		return data.Claim{ID: id, Claimant: data.Claimant{PartyID: by}, AffectedParty: about}
	}
	r := &data.Records{
		Places:  []data.Place{{ID: "p"}},
		Parties: []data.Party{{ID: "A"}, {ID: "B", ParentID: "A"}, {ID: "C", ParentID: "A"}},
		Incidents: []data.Incident{
			{ID: "i", PlaceID: "p", Parties: []data.Involved{{PartyID: "A", Role: "x"}, {PartyID: "A", Role: "y"}, {PartyID: "B"}},
				Claims: []data.Claim{claim("i.c1", "A", "B"), claim("i.c2", "A", "ALL"), claim("i.c3", "", "B")}},
			{ID: "j", PlaceID: "p", Parties: []data.Involved{{PartyID: "B"}}},
		},
	}
	s, err := snapshot.New(r)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Collection("parties")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][3]any{"A": {1.0, 2.0, 0.0}, "B": {2.0, 0.0, 2.0}, "C": {0.0, 0.0, 0.0}} {
		h, err := c.Feature(id)
		if err != nil {
			t.Fatal(err)
		}
		p := properties(t, h)
		if got := [3]any{p["incidents"], p["claims_made"], p["claims_about"]}; got != want {
			t.Errorf("%s: incidents, claims made, claims about: %v, want %v", id, got, want)
		}
	}
	if d := s.Detail("parties", "A").(*snapshot.SingleParty); !slices.Equal(d.Members, []string{"B", "C"}) {
		t.Errorf("members of A: %v", d.Members)
	}
}

func TestPartyName(t *testing.T) {
	_, s := curatedSnapshot(t)
	for id, want := range map[string]string{"ALL": "All parties together", "UTO": "United Tajik Opposition", "XX": "XX"} {
		if got := s.PartyName(id); got != want {
			t.Errorf("PartyName(%q) = %q, want %q", id, got, want)
		}
	}
}

// origins counts sources that repeat the same wire once.
func TestOriginsAreCountedOnce(t *testing.T) {
	cited := func(ids ...string) (out []data.Citation) {
		for _, id := range ids {
			out = append(out, data.Citation{SourceID: id})
		}
		return out
	}
	r := &data.Records{
		Places:  []data.Place{{ID: "p"}},
		Sources: []data.Source{{ID: "a", Origin: "afp"}, {ID: "afp"}, {ID: "b", Origin: "afp"}, {ID: "c"}},
		Incidents: []data.Incident{{ID: "i", PlaceID: "p",
			Claims:   []data.Claim{{ID: "i.c1", Sources: cited("a", "b")}, {ID: "i.c2", Sources: cited("a", "afp")}},
			Accounts: []data.Account{{SourceIDs: []string{"c"}}},
		}},
	}
	h, err := collection(t, r, "incidents").Feature("i")
	if err != nil {
		t.Fatal(err)
	}
	p := properties(t, h)
	if p["claims"] != 2.0 || p["sources"] != 4.0 || p["origins"] != 2.0 {
		t.Errorf("%v claims, %v sources, %v origins; want 2, 4, 2", p["claims"], p["sources"], p["origins"])
	}
}
