package server

import (
	"net/http"
	"strings"
	"testing"
)

// Accept-Datetime leads to what was recorded then (RFC 7089), recorded= is its
// address, and asof= asks within it.
func TestMemento(t *testing.T) {
	d := writable(t, Config{})
	d.send("ann", "PATCH", clashPath, `{"properties":{"title":"Clash near Alpha"}}`).is(http.StatusNoContent)
	d.send("ann", "DELETE", gammaPath, "").is(http.StatusNoContent)
	const before = "Sat, 14 Mar 2026 00:00:00 GMT"
	gate := d.get(clashPath, "Accept-Datetime", before).is(http.StatusFound)
	if want := d.http.URL + clashPath + "?recorded=2026-03-13T15%3A09%3A26Z"; gate.header.Get("Location") != want || !strings.Contains(strings.Join(gate.header.Values("Vary"), ", "), "Accept-Datetime") ||
		!strings.Contains(gate.header.Get("Link"), `rel="original timegate"`) {
		t.Fatalf("the gate leads to %q, want %q; %v", gate.header.Get("Location"), want, gate.header)
	}
	var f feature
	memento := d.get(gate.header.Get("Location")).expect(http.StatusOK, "application/geo+json")
	memento.into(&f)
	if f.Properties["title"] != "Clash at Alpha" || memento.header.Get("Memento-Datetime") != "Fri, 13 Mar 2026 15:09:26 GMT" || !strings.Contains(memento.header.Get("Link"), "<"+d.http.URL+clashPath+">") {
		t.Errorf("the memento has the title %v, %v", f.Properties["title"], memento.header)
	}
	for _, l := range f.Links {
		if l.Rel == "collection" && !strings.Contains(l.Href, "recorded=2026-03-13") {
			t.Errorf("the link %s leads out of the past", l.Href)
		}
	}
	now := d.get(clashPath)
	if now.header.Get("Memento-Datetime") != "" || now.header.Get("ETag") == memento.header.Get("ETag") {
		t.Errorf("what stands now is a memento: %v", now.header)
	}

	if n := d.page(incidentsPath).NumberMatched; n != 2 {
		t.Errorf("%d incidents now, want 2", n)
	}
	list := d.get(incidentsPath+"?limit=1", "Accept-Datetime", before).is(http.StatusFound)
	page := d.page(list.header.Get("Location"))
	if page.NumberMatched != 3 || !strings.Contains(link(page.Links, "next"), "recorded=") || !strings.Contains(list.header.Get("Location"), "limit=1") {
		t.Errorf("then %d incidents, want 3; next is %s", page.NumberMatched, link(page.Links, "next"))
	}
	if n := d.page(incidentsPath + "?recorded=2026-03-13&asof=2001-02-04").NumberMatched; n != 1 {
		t.Errorf("of what was recorded in March 2026, %d incidents were known in February 2001, want 1", n)
	}
	if n := d.page(incidentsPath + "?recorded=2026-03-01").NumberMatched; n != 0 {
		t.Errorf("before the first revision there are %d incidents", n)
	}
	if p := checkPage(t, d.service, incidentsPath+"?f=html&recorded=2026-03-13"); !strings.Contains(p.text, "had recorded by 2026-03-13") {
		t.Error("the page does not say of when it is")
	}
	p := d.get(clashPath, "Accept-Datetime", "last week").problem(http.StatusBadRequest, "invalid-parameter")
	if p.Errors[0].Header != "Accept-Datetime" {
		t.Errorf("%+v", p.Errors)
	}
	d.get(clashPath+"?recorded=soon").problem(http.StatusBadRequest, "invalid-parameter")

	lines := strings.Split(strings.TrimSpace(string(d.get(clashPath+"/timemap").expect(http.StatusOK, "application/link-format").body)), ",\n")
	if len(lines) != 4 || !strings.Contains(lines[2], `recorded=2026-03-13T15%3A09%3A26Z>; rel="memento"; datetime="Fri, 13 Mar 2026 15:09:26 GMT"`) {
		t.Errorf("the time map is %q", lines)
	}
	for _, line := range lines[2:] {
		address := line[1:strings.Index(line, ">")]
		d.get(address).expect(http.StatusOK, "application/geo+json")
	}
}
