package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data/edit"
	"demarc/server/ogcapi"
)

type revisionList struct {
	Revisions []revision
	Links     []ogcapi.Link
}

// Every published version stays readable, with who, when and why; drafts are
// none of them.
func TestRevisions(t *testing.T) {
	d := writable(t, Config{})
	d.send("ann", "PATCH", clashPath, `{"properties":{"title":"Clash near Alpha","note":"mended"}}`, "Demarc-Comment", "a better title").is(http.StatusNoContent)
	d.send("bob", "PATCH", clashPath, `{"properties":{"title":"Bob's"}}`).is(http.StatusNoContent)
	d.send("ann", "PATCH", "/collections/claims/items/2001-02-03-alpha-clash.c2", `{"properties":{"scope":"at the pier"}}`).is(http.StatusNoContent)
	// Bob's draft knows nothing of the change to the claim, which would be undone.
	d.send("bob", "PATCH", clashPath, `{"properties":{"title":"Bob's once more"}}`).problem(http.StatusConflict, "conflict")
	d.send("ann", "POST", clashPath+"/publish", "").problem(http.StatusConflict, "conflict")
	d.send("bob", "DELETE", clashPath, "").is(http.StatusNoContent)
	d.send("bob", "PATCH", clashPath, `{"properties":{"title":"Bob's"}}`).is(http.StatusNoContent)
	d.send("ann", "POST", clashPath+"/publish", "", "Demarc-Comment", "bob is right").is(http.StatusNoContent)
	var list revisionList
	d.get(clashPath+"/revisions").expect(http.StatusOK, "application/json").into(&list)
	var got []string
	for _, r := range list.Revisions {
		got = append(got, fmt.Sprint(r.Number, " ", r.Operation, " ", r.Author, " ", r.Comment))
	}
	if diff := cmp.Diff([]string{"4 published ann bob is right", "3 published ann ", "2 published ann a better title", "1 published demarc "}, got); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	var second struct {
		feature
		Revision struct {
			Number  int
			Changes []edit.Difference
		}
	}
	d.get(clashPath+"/revisions/2").expect(http.StatusOK, "application/geo+json").into(&second)
	want := []edit.Difference{{Where: []string{"note"}, After: "mended"}, {Where: []string{"title"}, Before: "Clash at Alpha", After: "Clash near Alpha"}}
	if diff := cmp.Diff(want, second.Revision.Changes); diff != "" || second.Properties["title"] != "Clash near Alpha" {
		t.Errorf("version 2 has the title %v and the changes (-want +got):\n%s", second.Properties["title"], diff)
	}
	for rel, at := range map[string]string{"predecessor-version": clashPath + "/revisions/1", "successor-version": clashPath + "/revisions/3", "latest-version": clashPath, "version-history": clashPath + "/revisions"} {
		if got := link(second.Links, rel); got != d.http.URL+at {
			t.Errorf("%s leads to %q", rel, got)
		}
	}
	page := checkPage(t, d.service, clashPath+"/revisions/2?f=html")
	if dels := page.named("del"); len(dels) != 1 || dels[0].text != "Clash at Alpha" || page.named("ins")[1].text != "Clash near Alpha" {
		t.Errorf("the page of what changed shows %v", dels)
	}
	checkPage(t, d.service, clashPath+"/revisions?f=html")
	if p := checkPage(t, d.service, clashPath+"?f=html"); !slices.ContainsFunc(p.named("a"), func(e element) bool { return e.text == "history" }) {
		t.Error("the incident's page has no link to its history")
	}

	d.get("/collections/claims/items/2001-02-03-alpha-clash.c2/revisions").into(&list)
	if len(list.Revisions) != 2 || list.Revisions[0].Number != 3 {
		t.Errorf("the claim has the versions %+v", list.Revisions)
	}
	for _, target := range []string{clashPath + "/revisions/5", clashPath + "/revisions/0", clashPath + "/revisions/01", clashPath + "/revisions/x", incidentsPath + "/no-such/revisions",
		"/collections/claims/items/2001-02-03-alpha-clash.c99/revisions", "/collections/nowhere/items/x/revisions"} {
		d.get(target).problem(http.StatusNotFound, "not-found")
	}
}

// What was taken back can be read among its versions; what was redacted cannot,
// but that it was there can.
func TestRevisionsAfterTakingBack(t *testing.T) {
	d := writable(t, Config{})
	location := strings.TrimPrefix(d.send("ann", "POST", incidentsPath, newIncident).is(http.StatusCreated).header.Get("Location"), d.http.URL)
	d.send("ann", "DELETE", location, "", "Demarc-Comment", "a rumour").is(http.StatusNoContent)
	var list revisionList
	d.get(location + "/revisions").into(&list)
	if len(list.Revisions) != 2 || list.Revisions[0].Operation != "retracted" || list.Revisions[0].Comment != "a rumour" {
		t.Errorf("after the retraction: %+v", list.Revisions)
	}
	d.get(location+"/revisions/1").expect(http.StatusOK, "application/geo+json")
	d.send("ann", "POST", location+"/redact", "", "Demarc-Comment", "names a witness").is(http.StatusNoContent)
	a := d.get(location+"/revisions").expect(http.StatusOK, "application/json")
	a.into(&list)
	if len(list.Revisions) != 3 || !list.Revisions[2].Removed || strings.Contains(string(a.body), "Delta") {
		t.Errorf("after the redaction: %s", a.body)
	}
	for _, n := range []string{"1", "2", "3"} {
		if p := d.get(location+"/revisions/"+n).problem(http.StatusGone, "gone"); p.Detail != "names a witness" {
			t.Errorf("version %s: %+v", n, p)
		}
	}
	d.get("/collections/claims/items/2010-05-06-shots-at-delta.c1/revisions").problem(http.StatusNotFound, "not-found")
}

// A browser that follows an old link is told in words what became of it; a program gets
// the problem.
func TestPagesOfProblems(t *testing.T) {
	d := setStage(t, Config{})
	p := checkPageOf(t, d.service, redacted, http.StatusGone)
	if !slices.ContainsFunc(p.named("a"), func(e element) bool { return strings.HasSuffix(e.attrs["href"], redacted+"/revisions?f=html") }) || !strings.Contains(p.text, "a name") {
		t.Errorf("the page of what was redacted leads nowhere, or has no reason: %s", p.text)
	}
	checkPage(t, d.service, redacted+"/revisions?f=html")
	checkPageOf(t, d.service, absent, http.StatusNotFound)
	checkPageOf(t, d.service, "/no/such/page", http.StatusNotFound)
	if p := checkPageOf(t, d.service, "/collections/incidents/items?bbox=1,2&limit=-1", http.StatusBadRequest); !strings.Contains(p.text, "bbox") || !strings.Contains(p.text, "limit") {
		t.Errorf("the page does not name both faults: %s", p.text)
	}
	for _, accept := range []string{"", "*/*", "application/json", "application/geo+json, text/html;q=0.5"} {
		d.get(redacted, "Accept", accept).problem(http.StatusGone, "gone")
	}
	if a := d.send("ann", "PATCH", redacted, "{}", "Accept", "text/html"); a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a change is answered with %s", a.header.Get("Content-Type"))
	}
}
