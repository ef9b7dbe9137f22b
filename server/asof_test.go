package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const conflict2022 = "/collections/incidents/items/2022-09-14-conflict"

// What was known of the dead of September 2022, day by day: docs/figures.md.
func TestAsOfTellsWhatWasKnown(t *testing.T) {
	s := serve(t, shipped)
	for asOf, want := range map[string]string{
		"2022-09-17":                "24 24 single_claim",
		"2022-09-18":                "97 100 conflicting",
		"2022-09-19":                "100 100 converging",
		"2022-09-25":                "103 103 converging",
		"2022-09-17T23:59:59+06:00": "24 24 single_claim",
		"2022-09-18T00:00:00Z":      "97 100 conflicting",
	} {
		var f feature
		s.get(conflict2022+"?asof="+url.QueryEscape(asOf)).expect(http.StatusOK, "application/geo+json").into(&f)
		var killed string
		for _, detail := range f.Properties["figures_detail"].([]any) {
			if d := detail.(map[string]any); d["family"] == "killed" {
				killed = strings.Join([]string{jsonText(d["low"]), jsonText(d["high"]), jsonText(d["state"])}, " ")
			}
		}
		if killed != want {
			t.Errorf("as of %s: %s, want %s", asOf, killed, want)
		}
		if got := jsonText(f.Properties["killed_low"]) + " " + jsonText(f.Properties["killed_high"]); !strings.HasPrefix(want, got+" ") {
			t.Errorf("as of %s: flat properties say %s", asOf, got)
		}
	}
	s.get(conflict2022+"?asof=2022-09-13").problem(http.StatusNotFound, "not-found")
	if fc := s.page("/collections/incidents/items?limit=1&asof=1992-01-01"); fc.NumberMatched > 1 {
		t.Errorf("on the first day of 1992 %d incidents are known", fc.NumberMatched)
	}
	early, late := s.page("/collections/claims/items?limit=1&asof=2022-09-18"), s.page("/collections/claims/items?limit=1")
	if early.NumberMatched == 0 || early.NumberMatched >= late.NumberMatched {
		t.Errorf("%d claims known in September 2022, %d now", early.NumberMatched, late.NumberMatched)
	}
	if fc := s.page("/collections/claims/items?asof=2022-09-18&filter=claimed_on%3EDATE('2022-09-18')"); fc.NumberMatched != 0 {
		t.Errorf("known on the 18th of September are claims made after it: %v", fc.ids())
	}
}

func jsonText(v any) string {
	if v == nil {
		return "null"
	}
	return strings.TrimSpace(strings.Trim(string(appendJSON(nil, v)), `"`))
}

func TestAsOfThatIsNoDay(t *testing.T) {
	s := serve(t, invented)
	for _, target := range []string{"/collections", "/collections/incidents", "/collections/incidents/items", "/collections/incidents/items/2005-gamma"} {
		for _, value := range []string{"yesterday", "2022-13-01", "", "2022-09-17/.."} {
			p := s.get(target+"?asof="+value+"&nosuch=1").problem(http.StatusBadRequest, "invalid-parameter")
			if len(p.Errors) != 2 || p.Errors[0].Parameter != "nosuch" && p.Errors[1].Parameter != "nosuch" {
				t.Errorf("%s?asof=%s: %+v", target, value, p.Errors)
			}
		}
	}
	s.get("/conformance?asof=2022").problem(http.StatusBadRequest, "invalid-parameter")
}

// Every link of an answer leads to the same day of knowledge, in JSON and on
// pages; but to what does not depend on it, and out of it where the page says so.
func TestLinksKeepAsOf(t *testing.T) {
	s := serve(t, invented)
	for _, path := range []string{"/collections", "/collections/incidents", "/collections/incidents/items?limit=1", "/collections/incidents/items/2001-02-03-alpha-clash",
		"/collections/claims/items/2001-02-03-alpha-clash.c2", "/collections/places/items/alpha"} {
		target := withParams(s.http.URL+path, nil, "", "")
		joint := "?"
		if strings.Contains(target, "?") {
			joint = "&"
		}
		target += joint + "asof=2001-02-05"
		var doc any
		s.get(target).into(&doc)
		count := 0
		walkLinks(doc, func(href string) {
			count++
			keepsDay(t, s, target, href)
		})
		if count < 3 {
			t.Errorf("%s has %d links", target, count)
		}
		now := 0
		for _, a := range checkPage(t, s, strings.TrimPrefix(target, s.http.URL)+"&f=html").named("a") {
			if a.attrs["class"] == "now" {
				now++
				if strings.Contains(a.attrs["href"], "asof") {
					t.Errorf("%s: the way out leads to %s", target, a.attrs["href"])
				}
				continue
			}
			keepsDay(t, s, target, a.attrs["href"])
		}
		if now != 1 {
			t.Errorf("%s has %d ways to what is known now", target, now)
		}
	}
}

// keepsDay checks that a link to our data has the day, and others have not.
func keepsDay(t *testing.T, s *service, page, href string) {
	t.Helper()
	path, ours := strings.CutPrefix(href, s.http.URL)
	if !ours || strings.HasPrefix(href, "#") {
		return
	}
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	want := u.Path == "/" || strings.HasPrefix(u.Path, "/collections")
	for _, suffix := range []string{"/schema", "/geojson-schema", "/queryables", "/sortables"} {
		want = want && !strings.HasSuffix(u.Path, suffix)
	}
	if got := u.Query()["asof"]; want != (len(got) == 1 && got[0] == "2001-02-05") {
		t.Errorf("%s: the link %s has asof %v, want it there: %v", page, href, got, want)
	}
}

func walkLinks(v any, yield func(href string)) {
	switch v := v.(type) {
	case map[string]any:
		if href, ok := v["href"].(string); ok {
			yield(href)
		}
		for _, member := range v {
			walkLinks(member, yield)
		}
	case []any:
		for _, member := range v {
			walkLinks(member, yield)
		}
	}
}

// Pages through a day of knowledge are that day's, each feature once.
func TestAsOfPages(t *testing.T) {
	s := serve(t, shipped)
	var ids []string
	for next := "/collections/claims/items?limit=50&asof=2022-09-18&incident_id=2022-09-14-conflict"; next != ""; {
		page := s.page(next)
		ids, next = append(ids, page.ids()...), link(page.Links, "next")
	}
	all := s.page("/collections/claims/items?limit=10000&asof=2022-09-18&incident_id=2022-09-14-conflict").ids()
	if diff := cmp.Diff(all, ids); diff != "" || len(all) == 0 {
		t.Errorf("page by page (-at once +pages):\n%s", diff)
	}
	now := s.get(conflict2022)
	then := s.get(conflict2022 + "?asof=2022-09-18")
	if now.header.Get("ETag") == then.header.Get("ETag") {
		t.Error("two days of knowledge have one ETag")
	}
	if a := s.get(conflict2022+"?asof=2022-09-18", "If-None-Match", then.header.Get("ETag")); a.status != http.StatusNotModified {
		t.Errorf("the same again: %d", a.status)
	}
}
