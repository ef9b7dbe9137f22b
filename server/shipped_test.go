package server

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/geo/geodesic"
)

// These tests ask the shipped records what the issue of the first release
// demands that they answer.

func TestCollections(t *testing.T) {
	s := serve(t, shipped)
	var doc struct{ Collections []struct{ ID string } }
	s.get("/collections").into(&doc)
	var got []string
	for _, c := range doc.Collections {
		got = append(got, c.ID)
	}
	if diff := cmp.Diff([]string{"incidents", "claims", "segments", "areas", "places", "sources", "parties"}, got); diff != "" {
		t.Errorf("collections (-want +got):\n%s", diff)
	}
}

// The clashes and releases by the Kofarnikhon in March 1998, by box and time.
func TestRamitGorgeInMarch1998(t *testing.T) {
	s := serve(t, shipped)
	fc := s.page("/collections/incidents/items?bbox=68.8,38.3,70.0,39.3&datetime=1998-03-20/1998-04-10")
	want := map[string][3]string{ // type, start, end
		"1998-03-24-kofarnihon-clashes": {"armed_clash", "1998-03-24", "1998-03-25"},
		"1998-03-29-release-16":         {"prisoner_release", "1998-03-29", "1998-03-29"},
		"1998-03-30-ramit-release":      {"prisoner_release", "1998-03-30", "1998-03-30"},
	}
	for _, f := range fc.Features {
		got := [3]string{fmt.Sprint(f.Properties["type"]), fmt.Sprint(f.Properties["start"]), fmt.Sprint(f.Properties["end"])}
		if w, ok := want[f.ID]; ok && got != w {
			t.Errorf("%s: %v, want %v", f.ID, got, w)
		}
		delete(want, f.ID)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v; the answer has %v", want, fc.ids())
	}
}

// claimLike is what a test looks at in a claim.
type claimLike struct{ Metric, AsReported, Claimant, Verification, State string }

func claimsOf(fc featureCollection) map[claimLike]string {
	out := map[claimLike]string{}
	for _, f := range fc.Features {
		text := func(name string) string { s, _ := f.Properties[name].(string); return s }
		out[claimLike{text("metric"), text("as_reported"), text("claimant"), text("verification"), text("status_flag")}] = f.ID
	}
	return out
}

func TestClaimsOfTheSecondRelease(t *testing.T) {
	s := serve(t, shipped)
	got := claimsOf(s.page("/collections/claims/items?incident_id=1998-03-30-ramit-release&limit=100"))
	for _, want := range []claimLike{
		{"released", "50", "Khabib Sanginov", "confirmed_third_party", "current"},
		{"released", "50", "Boleslaw Iszydorczyk, head of UNMOT", "confirmed_third_party", "current"},
		{"released", "about 40", "Interfax", "unattributed", "superseded"},
		{"still_held", "about 40", "UTO", "party_about_adversary", "current"},
	} {
		if got[want] == "" {
			t.Errorf("no claim %+v among %v", want, got)
		}
	}
	// The single incident holds the same claims, with their sources.
	var one struct {
		Properties struct {
			Claims []struct {
				ID         string
				StatusFlag string `json:"status_flag"`
				Sources    []struct {
					SourceID string `json:"source_id"`
				}
			} `json:"claims_detail"`
			Sources []struct{ ID string } `json:"sources_detail"`
		}
	}
	s.get("/collections/incidents/items/1998-03-30-ramit-release").into(&one)
	if len(one.Properties.Claims) != len(got) || len(one.Properties.Sources) == 0 {
		t.Errorf("the incident holds %d claims and %d sources; its claims are %d", len(one.Properties.Claims), len(one.Properties.Sources), len(got))
	}
	for _, c := range one.Properties.Claims {
		if len(c.Sources) == 0 || c.StatusFlag == "" {
			t.Errorf("claim %s: sources %v, status %q", c.ID, c.Sources, c.StatusFlag)
		}
	}
}

// How the count of the Kyrgyz dead of September 2022 grew, claim by claim.
func TestChainOfKyrgyzDeadIn2022(t *testing.T) {
	s := serve(t, shipped)
	fc := s.page("/collections/claims/items?metric=killed&affected_party=KG&datetime=2022-09-14/2022-09-30&limit=100")
	type link struct {
		Value             float64
		ClaimedOn, State  string
		Supersedes, After []float64
	}
	values, byID := map[string]float64{}, map[string]feature{}
	for _, f := range fc.Features {
		if f.Properties["metric"] != "killed" || f.Properties["affected_party"] != "KG" || f.Properties["claimant"] == "" {
			t.Errorf("%s: metric %v, affected_party %v, claimant %v", f.ID, f.Properties["metric"], f.Properties["affected_party"], f.Properties["claimant"])
		}
		if v, ok := f.Properties["value"].(float64); ok {
			values[f.ID] = v
		}
		byID[f.ID] = f
	}
	follow := func(f feature, name string) []float64 {
		var out []float64
		ids, _ := f.Properties[name].(string)
		for _, id := range strings.Fields(strings.ReplaceAll(ids, ";", "")) {
			out = append(out, values[id])
		}
		slices.Sort(out)
		return out
	}
	var got []link
	for _, f := range fc.Features {
		before, after := follow(f, "supersedes"), follow(f, "superseded_by")
		if len(before)+len(after) == 0 {
			continue
		}
		got = append(got, link{values[f.ID], fmt.Sprint(f.Properties["claimed_on"]), fmt.Sprint(f.Properties["status_flag"]), before, after})
	}
	want := []link{
		{24, "2022-09-16", "superseded", nil, []float64{36}},
		{36, "2022-09-18", "superseded", []float64{24}, []float64{46}},
		{37, "2022-09-18", "superseded", nil, []float64{46}},
		{46, "2022-09-18", "superseded", []float64{36, 37}, []float64{59}},
		{59, "2022-09-18", "superseded", []float64{46}, []float64{62}},
		{62, "2022-09-25", "current", []float64{59}, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chain (-want +got):\n%s", diff)
	}
}

// The border before and after the treaty of 13 March 2025.
func TestSegmentsBeforeAndAfterTheTreaty(t *testing.T) {
	s := serve(t, shipped)
	before := s.page("/collections/segments/items?datetime=2022-09-16&limit=1000")
	after := s.page("/collections/segments/items?datetime=2025-06-01&limit=1000")
	for _, test := range []struct {
		fc     featureCollection
		line   string
		length float64 // km, as docs/geodata.md states it
	}{{before, "2023", 990.19}, {after, "2026", 1001.74}} {
		total, stated, seen := 0.0, 0.0, map[string]bool{}
		for _, f := range test.fc.Features {
			if seen[f.ID] {
				t.Errorf("%s stands twice in the answer", f.ID)
			}
			seen[f.ID] = true
			if f.Properties["line"] != test.line {
				t.Errorf("%s: line %v, want %s", f.ID, f.Properties["line"], test.line)
			}
			if f.Properties["geometry_source"] == nil || f.Properties["geometry_note"] == nil {
				t.Errorf("%s says neither where its line is from nor what it is not", f.ID)
			}
			if f.Properties["status"] != "unknown" && f.Properties["status_source"] == nil {
				t.Errorf("%s: status %v without a source", f.ID, f.Properties["status"])
			}
			if f.Properties["role"] == "context" {
				continue
			}
			var g struct{ Coordinates orb.LineString }
			if err := json.Unmarshal(f.Geometry, &g); err != nil {
				t.Fatal(err)
			}
			total += geodesic.LengthOf(g.Coordinates) / 1000
			stated += f.Properties["length_km"].(float64)
		}
		if math.Abs(total-test.length) > 0.03*test.length || math.Abs(total-stated) > 0.05 {
			t.Errorf("line %s is %.2f km long and says %.2f km; the source of its geometry has %.2f km", test.line, total, stated, test.length)
		}
	}
	status := func(fc featureCollection, name string) string {
		for _, f := range fc.Features {
			if strings.HasPrefix(f.ID, name) {
				return fmt.Sprint(f.Properties["status"])
			}
		}
		return ""
	}
	for _, name := range []string{"vorukh-perimeter", "maksat-ovchi-kalacha", "karamyk-lakhsh"} {
		if got := [2]string{status(before, name), status(after, name)}; got != [2]string{"contested", "delimited_by_treaty"} {
			t.Errorf("%s: %v, want contested and then delimited_by_treaty", name, got)
		}
	}
}

func TestNearASegmentIsNearestFirst(t *testing.T) {
	s := serve(t, shipped)
	found := 0
	for _, seg := range s.page("/collections/segments/items?limit=1000").ids() {
		fc := s.page("/collections/incidents/items?near=segments/" + seg + "&within=10km&limit=1000")
		last := 0.0
		for _, f := range fc.Features {
			d, ok := f.Properties["distance_m"].(float64)
			if !ok || d < last || d > 10_000 {
				t.Errorf("near %s: %s at %v m after %v m", seg, f.ID, f.Properties["distance_m"], last)
			}
			last = d
			found++
		}
	}
	if found < 50 {
		t.Errorf("%d incidents lie within 10 km of segments; want at least 50", found)
	}
}

func TestFourFaultsAtOnce(t *testing.T) {
	s := serve(t, shipped)
	p := s.get("/collections/incidents/items?bbox=1,2,3&datetime=yesterday&limit=-1&foo=bar").problem(400, "invalid-parameter")
	got := map[string]string{}
	for _, e := range p.Errors {
		got[e.Parameter] = e.Found
		if e.Problem == "" || e.Expected == "" {
			t.Errorf("%s: problem %q, expected %q", e.Parameter, e.Problem, e.Expected)
		}
	}
	if diff := cmp.Diff(map[string]string{"bbox": "1,2,3", "datetime": "yesterday", "limit": "-1", "foo": "bar"}, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
