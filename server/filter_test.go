package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/cql2"
)

// itemsOf returns an address of items; the parameters are names and values.
func itemsOf(collection string, parameters ...string) string {
	values := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		values.Set(parameters[i], parameters[i+1])
	}
	return "/collections/" + collection + "/items?" + values.Encode()
}

// mustShow is the question of the issue, in both encodings.
const (
	mustShowText = `dwithin(geometry, feature('segments','vorukh-perimeter-2023'), 10000)` +
		` AND T_INTERSECTS(INTERVAL("start","end"), INTERVAL('2022-09-14','2022-09-17')) AND killed_high > 0`
	mustShowJSON = `{"op":"and","args":[` +
		`{"op":"dwithin","args":[{"property":"geometry"},{"op":"feature","args":["segments","vorukh-perimeter-2023"]},10000]},` +
		`{"op":"t_intersects","args":[{"interval":[{"property":"start"},{"property":"end"}]},{"interval":["2022-09-14","2022-09-17"]}]},` +
		`{"op":">","args":[{"property":"killed_high"},0]}]}`
)

func TestFilterInTextAndInJSONIsTheSame(t *testing.T) {
	s := serve(t, shipped)
	text := s.page(itemsOf("incidents", "filter", mustShowText))
	// As the issue writes it, without quotes round the names.
	plain := s.page(itemsOf("incidents", "filter", strings.ReplaceAll(mustShowText, `"`, "")))
	asJSON := s.page(itemsOf("incidents", "filter", mustShowJSON, "filter-lang", "cql2-json"))
	draft := s.page(itemsOf("incidents", "filter", mustShowText, "filter-lang", "cql-text"))
	if len(text.Features) == 0 || text.NumberMatched != len(text.Features) {
		t.Fatalf("the filter finds %d features and counts %d", len(text.Features), text.NumberMatched)
	}
	for name, other := range map[string]featureCollection{"json": asJSON, "cql-text": draft, "without quotes": plain} {
		if !slices.Equal(other.ids(), text.ids()) {
			t.Errorf("%s finds %v, text %v", name, other.ids(), text.ids())
		}
	}
	t.Log(text.ids())
	// near and within ask the same of the place, killed_high of the figures.
	near := s.page(itemsOf("incidents", "near", "segments/vorukh-perimeter-2023", "within", "10km", "datetime", "2022-09-14/2022-09-17"))
	var want []string
	for _, f := range near.Features {
		if killed, ok := f.Properties["killed_high"].(float64); ok && killed > 0 {
			want = append(want, f.ID)
		}
	}
	got := text.ids()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the filter finds %v, near %v", got, want)
	}
}

// What a filter finds over HTTP is what the plain evaluation of it finds among
// all features, whatever else is asked.
func TestFilterIsWhatItsEvaluationSays(t *testing.T) {
	s := serve(t, shipped)
	snap := s.data.Snapshot()
	for collection, filters := range map[string][]string{
		"incidents": {
			"killed_high > 0", "NOT (killed_high > 0)", "killed_high IS NULL", "type IN ('mine_explosion','agreement')", "CASEI(place) LIKE CASEI('в%')",
			"killed_low < killed_high", "killed_low + 1 = killed_high", "A_CONTAINS(parties, ('KG'))", "\"start\" > DATE('2020-01-01') AND country IS NOT NULL",
			"S_INTERSECTS(geometry, BBOX(70,39,71,40))", "NOT S_WITHIN(geometry, POLYGON((70 39,71 39,71 40,70 40,70 39)))",
			"T_AFTER(\"start\", DATE('2021-01-01')) OR T_BEFORE(\"end\", DATE('1995-01-01'))", "distance_m(geometry, POINT(70.58 39.85)) BETWEEN 1000 AND 30000",
			"dwithin(geometry, feature('segments','vorukh-perimeter-2023'), 5000) OR type = 'agreement'", "S_DISJOINT(geometry, feature('segments','vorukh-perimeter-2023'))", "id LIKE '20%' AND NOT (type = 'clash')",
		},
		"claims":   {"value >= 10 AND metric = 'killed'", "status_flag <> 'current'", "value_max - value_min > 5", "ACCENTI(claimant) LIKE ACCENTI('%a%')"},
		"segments": {"length_km > 20", "S_CROSSES(geometry, LINESTRING(69 39, 71 40.5))", "A_OVERLAPS(countries, ('KG','UZ'))"},
		"places":   {"admin2 IS NULL OR incidents > 2"},
		"sources":  {"lang IN ('ru','ky') AND claims > 1", "origin IS NULL"},
		"parties":  {"kind = 'state' AND claims_made > claims_about", "parent_id IS NULL OR A_CONTAINS(aliases, ('GKNB'))"},
	} {
		col, err := snap.Collection(collection)
		if err != nil {
			t.Fatal(err)
		}
		for _, datetime := range []string{"", "2022-09-14/2022-09-17"} {
			for _, filter := range filters {
				checkFilter(t, s, col, filter, datetime)
			}
		}
	}
}

func checkFilter(t *testing.T, s *service, col *snapshot.Collection, filter, datetime string) {
	t.Helper()
	snap := s.data.Snapshot()
	rest := []string{"limit", "10000"}
	q := &snapshot.Query{Limit: 10000}
	if datetime != "" {
		rest = append(rest, "datetime", datetime)
		iv, err := parseDatetime(datetime)
		if err != nil {
			t.Fatal(err)
		}
		q.When = &iv
	}
	e, err := cql2.ParseText(filter, &col.Schema, cql2.WithFeatures(func(collection, id string) (orb.Geometry, error) {
		other, err := snap.Collection(collection)
		if err != nil {
			return nil, err
		}
		h, err := other.Feature(id)
		return h.Geometry, err
	}))
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	all, err := col.Items(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for _, h := range all.Hits {
		if cql2.Eval(e, &geo.Feature{ID: h.ID, Geometry: h.Geometry, Values: h.Values}) == cql2.True {
			want = append(want, h.ID)
		}
	}
	for lang, written := range map[string]string{"cql2-text": filter, "cql2-json": string(cql2.FormatJSON(e))} {
		got := s.page(itemsOf(col.ID, append(rest, "filter", written, "filter-lang", lang)...))
		if !slices.Equal(got.ids(), want) || got.NumberMatched != len(want) {
			t.Errorf("%s %s %s %s: %d features %v, want %d %v", col.ID, lang, filter, datetime, got.NumberMatched, got.ids(), len(want), want)
		}
	}
}

func TestFilterJoinsWithOtherConditionsAndPages(t *testing.T) {
	s := serve(t, shipped)
	base := itemsOf("claims", "filter", "value > 1", "metric", "killed", "limit", "7", "sortby", "-value,id")
	ids, last := walkPages(t, s, base, "next")
	back, _ := walkPages(t, s, last, "prev")
	whole := s.page(itemsOf("claims", "filter", "value > 1 AND metric = 'killed'", "limit", "10000", "sortby", "-value,id"))
	if len(ids) < 14 || !slices.Equal(ids, whole.ids()) || !slices.Equal(back, whole.ids()) {
		t.Errorf("pages have %d and %d features, the whole %d", len(ids), len(back), len(whole.ids()))
	}
	// A cursor belongs to its filter.
	next, _ := url.Parse(link(s.page(base).Links, "next"))
	values := next.Query()
	values.Set("filter", "value > 2")
	p := s.get(next.Path+"?"+values.Encode()).problem(http.StatusBadRequest, "invalid-parameter")
	if len(p.Errors) != 1 || p.Errors[0].Parameter != "cursor" {
		t.Errorf("a cursor with another filter: %+v", p.Errors)
	}
}

// All faults of a filter come at once, with their places, and with the faults
// of the other parameters.
func TestFilterFaults(t *testing.T) {
	s := serve(t, invented)
	for _, test := range []struct {
		lang, filter string
		want         []string // of each fault
	}{
		{"cql2-text", "killd_low > 0 AND typ = 'x'", []string{"at line 1, column 1, character 1: ", "at line 1, column 19, character 19: "}},
		{"cql2-text", "killed_low >", []string{"at line 1, column "}},
		{"cql2-text", "", []string{"the filter is empty"}},
		{"cql2-text", "summary = 'x'", []string{"at line 1, column 1"}}, // not a queryable
		{"cql2-text", "S_INTERSECTS(geometry, POINT(90 180))", []string{"column 30, character 30: the latitude is not between -90 and 90", "column 24"}},
		{"cql2-text", "dwithin(geometry, feature('segments','south'), 1)", []string{`there is no feature "south" in segments`}},
		{"cql2-text", "dwithin(geometry, feature('walls','south'), 1)", []string{`there is no collection "walls"`}},
		{"cql2-json", `{"op":"=","args":[{"property":"typ"},"x"]}`, []string{"at /args/0"}},
		{"cql2-json", "type = 'x'", []string{""}},
	} {
		p := s.get(itemsOf("incidents", "filter", test.filter, "filter-lang", test.lang, "limit", "-1")).problem(http.StatusBadRequest, "invalid-parameter")
		var found []string
		for _, e := range p.Errors {
			if e.Parameter == "filter" && e.Expected != "" {
				found = append(found, e.Problem)
			}
		}
		if len(p.Errors) != len(found)+1 {
			t.Errorf("%s: %+v, want the fault of limit too", test.filter, p.Errors)
		}
		if len(found) != len(test.want) {
			t.Errorf("%s: %d faults %q, want %d", test.filter, len(found), found, len(test.want))
			continue
		}
		for i, want := range test.want {
			if !strings.Contains(found[i], want) {
				t.Errorf("%s: fault %d is %q, want %q", test.filter, i, found[i], want)
			}
		}
	}
}

// The geometry of a named feature is that of the version in force.
func TestFilterTakesTheFeatureOfTheTime(t *testing.T) {
	s := serve(t, shipped)
	snap := s.data.Snapshot()
	col, _ := snap.Collection("segments")
	for _, when := range []string{"", "2010", "2022-09-16", "2026-06-01"} {
		var iv *geo.Interval
		if when != "" {
			parsed, err := parseDatetime(when)
			if err != nil {
				t.Fatal(err)
			}
			iv = &parsed
		}
		page, err := col.Items(t.Context(), &snapshot.Query{When: iv, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Hits {
			at, err := col.FeatureAt(h.ID, iv)
			if err != nil || fmt.Sprint(at.Values) != fmt.Sprint(h.Values) {
				t.Errorf("%s at %q: %v (%v), want %v", h.ID, when, at.Values, err, h.Values)
			}
		}
	}
}
