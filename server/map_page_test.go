package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mapTable returns the ids in the table of the map's page and the number of
// incidents that it tells.
func (s *service) mapTable(t *testing.T, query string) (ids []string, matched int, p *page) {
	t.Helper()
	p = parsePage(t, s.get("/"+query, "Accept", "text/html").expect(http.StatusOK, "text/html; charset=utf-8"))
	for _, e := range p.named("a") {
		if _, id, ok := strings.Cut(e.attrs["href"], "/collections/incidents/items/"); ok {
			id, _, _ = strings.Cut(id, "?")
			ids = append(ids, id)
		}
	}
	captions := p.named("caption")
	if len(captions) != 1 {
		t.Fatalf("/%s has %d tables: %s", query, len(captions), p.text)
	}
	_, number, _ := strings.Cut(captions[0].text, "allow. ")
	number, _, _ = strings.Cut(number, " ")
	matched, err := strconv.Atoi(number)
	if err != nil {
		t.Fatalf("/%s tells no number: %q", query, captions[0].text)
	}
	return ids, matched, p
}

// tightBox is the box 69,39,71,40 with edges that follow the parallels on the ground.
var tightBox = func() string {
	var ring []string
	at := func(x, y float64) { ring = append(ring, fmt.Sprintf("%g %g", x, y)) }
	for x := 69.0; x < 71; x += 0.125 {
		at(x, 39)
	}
	at(71, 39)
	for x := 71.0; x > 69; x -= 0.125 {
		at(x, 40)
	}
	at(69, 40)
	at(69, 39)
	return "POLYGON((" + strings.Join(ring, ",") + "))"
}()

// The page of the map has what the API says to the same question, asked by hand.
func TestMapPageHasTheTable(t *testing.T) {
	s := serve(t, shipped)
	for query, items := range map[string]string{
		"":                                                "sortby=-start",
		"?datetime=2022-09":                               "sortby=-start&datetime=2022-09-01/2022-09-30",
		"?datetime=2022-09-20/2022":                       "sortby=-start&datetime=2022-09-20/2022-12-31",
		"?datetime=2022-09-20/2021-05-01":                 "sortby=-start&datetime=2021-05-01/2022-09-20",
		"?datetime=../1998-04":                            "sortby=-start&datetime=../1998-04-30",
		"?asof=1998-04-10":                                "sortby=-start&asof=1998-04-10",
		"?type=armed_clash,shelling":                      "sortby=-start&filter=" + url.QueryEscape("type IN ('armed_clash','shelling')"),
		"?figures=conflicting&precision=village":          "sortby=-start&figures=conflicting&location_precision=village",
		"?party=KG,TJ":                                    "sortby=-start&filter=" + url.QueryEscape("A_CONTAINS(parties,('KG')) OR A_CONTAINS(parties,('TJ'))"),
		"?verification=refuted,acknowledged_by_both":      "sortby=-start&filter=" + url.QueryEscape("A_OVERLAPS(verification,('refuted','acknowledged_by_both'))"),
		"?metric=wounded&min=5&sortby=-high":              "sortby=-wounded_high&filter=" + url.QueryEscape("wounded_high >= 5 OR (wounded_high IS NULL AND wounded_low IS NOT NULL)"),
		"?max=3&sortby=title":                             "sortby=title&filter=" + url.QueryEscape("killed_low <= 3 OR (killed_low IS NULL AND killed_high IS NOT NULL)"),
		"?bbox=69.2,39.3,72.2,40.4":                       "sortby=-start&bbox=69.2,39.3,72.2,40.4",
		"?near=vorukh-perimeter-2023,5km":                 "sortby=-start&near=segments/vorukh-perimeter-2023&within=5km",
		"?within=68.5,38;70.9,38.2;71.2,40.3;69.9,39.9":   "sortby=-start&filter=" + url.QueryEscape("S_INTERSECTS(geometry,POLYGON((68.5 38,70.9 38.2,71.2 40.3,69.9 39.9,68.5 38)))"),
		"?bbox=69,39,71,40&inside=possible":               "sortby=-start&filter=" + url.QueryEscape("dwithin(geometry,"+tightBox+",uncertainty_km*1000) OR S_INTERSECTS(geometry,"+tightBox+") OR geometry IS NULL"),
		"?bbox=69,39,71,40&inside=certain":                "sortby=-start&filter=" + url.QueryEscape("S_INTERSECTS(geometry,BBOX(69,39,71,40)) AND NOT dwithin(geometry,"+strings.Replace(strings.Replace(tightBox, "POLYGON((", "LINESTRING(", 1), "))", ")", 1)+",uncertainty_km*1000)"),
		"?near=vorukh-perimeter-2023,20km&inside=certain": "sortby=-start&filter=" + url.QueryEscape("distance_m(geometry,feature('segments','vorukh-perimeter-2023')) <= 20000 - uncertainty_km*1000"),
		"?q=convoy":                                       "sortby=-start&filter=" + url.QueryEscape("CASEI(title) LIKE '%convoy%'"),
	} {
		var want featureCollection
		s.get("/collections/incidents/items?limit=1000&"+items).expect(http.StatusOK, "application/geo+json").into(&want)
		ids, matched, _ := s.mapTable(t, query)
		var wanted []string
		for i := range want.Features[:min(len(want.Features), mapRows)] {
			wanted = append(wanted, want.Features[i].ID)
		}
		if matched != want.NumberMatched || !slices.Equal(ids, wanted) {
			t.Errorf("/%s has %d incidents, %v;\nthe API has %d, %v", query, matched, ids, want.NumberMatched, wanted)
		}
		if want.NumberMatched == 0 {
			t.Errorf("/%s finds nothing and so proves nothing", query)
		}
	}
}

// A name in any language and spelling finds the incidents of its place.
func TestMapPageFindsPlacesByEveryName(t *testing.T) {
	s := serve(t, shipped)
	want, _, _ := s.mapTable(t, "?q=Vorukh")
	if len(want) == 0 {
		t.Fatal("nothing is found in Vorukh")
	}
	for _, name := range []string{"Ворух", "ворух", "VORUKH", "vorùkh"} {
		if got, _, _ := s.mapTable(t, "?q="+url.QueryEscape(name)); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, Vorukh %v", name, got, want)
		}
	}
	hyphen, _, _ := s.mapTable(t, "?q="+url.QueryEscape("bulak bashy"))
	if with, _, _ := s.mapTable(t, "?q="+url.QueryEscape("Bulak-Bashy")); len(hyphen) == 0 || !slices.Equal(with, hyphen) {
		t.Errorf("Bulak-Bashy finds %v, bulak bashy %v", with, hyphen)
	}
}

// What the map cannot read it leaves out, and so does its page.
func TestMapPageLeavesOutWhatItCannotRead(t *testing.T) {
	s := serve(t, shipped)
	all, matched, _ := s.mapTable(t, "")
	for _, query := range []string{
		"?datetime=2022-02-30", "?datetime=yesterday", "?asof=then", "?bbox=70,41,71,40", "?bbox=70,41,71", "?bbox=0x1p3,1,2,3", "?type=<script>", "?min=-3", "?max=many",
		"?within=70,40;71,41", "?within=a", "?near=vorukh,5", "?near=vorukh,5000km", "?sortby=colour", "?q=%25%27%22_", "?sel=", "?sel=no-such-incident", "?theme=pink", "?x=1&x=2",
	} {
		if got, n, _ := s.mapTable(t, query); n != matched || !slices.Equal(got, all) {
			t.Errorf("/%s has %d incidents, without it there are %d", query, n, matched)
		}
	}
	// What asks of a segment that there is not cannot be answered, and says so.
	p := parsePage(t, s.get("/?near=no-such-segment,5km", "Accept", "text/html"))
	if !strings.Contains(p.text, "names a feature that does not exist") || len(p.named("table")) > 0 {
		t.Errorf("near a segment that does not exist: %s", p.text)
	}
	if _, n, p := s.mapTable(t, "?type=no_such_type"); n != 0 || !strings.Contains(p.text, "Nothing matches") {
		t.Errorf("a kind that there is not: %d incidents", n)
	}
}

// The pages of the table lead from one to the next, to the last incident, and back.
func TestMapPageLeadsThroughAllPages(t *testing.T) {
	s := serve(t, shipped)
	var want featureCollection
	s.get("/collections/incidents/items?limit=1000&sortby=-start&asof=2023").into(&want)
	query, seen, previous := "?asof=2023-12-31", []string(nil), 0
	for query != "" {
		ids, _, p := s.mapTable(t, query)
		seen, query = append(seen, ids...), ""
		for _, e := range p.named("a") {
			switch _, after, _ := strings.Cut(e.attrs["href"], "/?"); e.attrs["rel"] {
			case "next":
				query = "?" + after
			case "prev":
				previous++
			}
		}
		if len(seen) > 2*len(want.Features) {
			t.Fatal("the pages have no end")
		}
	}
	var wanted []string
	for i := range want.Features {
		wanted = append(wanted, want.Features[i].ID)
	}
	if !slices.Equal(seen, wanted) || previous != (len(wanted)-1)/mapRows {
		t.Errorf("the pages have %d incidents and %d ways back: %v\nwant %d: %v", len(seen), previous, seen, len(wanted), wanted)
	}
}

// The page says what the address chose: incident, day, colours, and what the form
// asks; and it is the same page for those who have it already.
func TestMapPageTellsItsState(t *testing.T) {
	s := serve(t, shipped)
	_, _, p := s.mapTable(t, "?sel=2022-09-14-conflict&asof=2022-09-18&theme=dark&type=armed_clash,shelling&party=KG&q=%3Cb%3E&lang=ru")
	if title := p.named("title")[0].text; title != "September 2022 border conflict – demarc" {
		t.Errorf("the title is %q", title)
	}
	if theme := p.named("html")[0].attrs["data-theme"]; theme != "dark" {
		t.Errorf("the colours are %q", theme)
	}
	if !strings.Contains(p.text, "What was known on 2022-09-18") {
		t.Error("the day of knowledge is not told")
	}
	fields := map[string]string{}
	for _, e := range p.named("input") {
		fields[e.attrs["name"]] = e.attrs["value"]
	}
	for _, e := range p.named("option") {
		if _, chosen := e.attrs["selected"]; chosen && e.text != "any" {
			fields[e.text] = e.attrs["value"]
		}
	}
	for name, value := range map[string]string{"q": "<b>", "asof": "2022-09-18", "party": "KG", "lang": "ru", "theme": "dark", "sel": "2022-09-14-conflict", "Armed clash, Shelling": "armed_clash,shelling"} {
		if fields[name] != value {
			t.Errorf("the form has %s=%q, want %q (%v)", name, fields[name], value, fields)
		}
	}
	for _, e := range p.named("a") {
		if strings.Contains(e.attrs["href"], "/items/") && !strings.HasSuffix(e.attrs["href"], "&asof=2022-09-18") {
			t.Errorf("%s forgets the day", e.attrs["href"])
		}
	}
	a := s.get("/?asof=2022-09-18", "Accept", "text/html")
	if again := s.get("/?asof=2022-09-18", "Accept", "text/html", "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("the same page again: %d", again.status)
	}
	if policy := a.header.Get("Content-Security-Policy"); policy != mapPolicy {
		t.Errorf("the policy is %q", policy)
	}
}

// A frame in another page gets the map alone.
func TestFramedMapHasNoTable(t *testing.T) {
	s := serve(t, shipped)
	a := s.get("/?embed=1", "Accept", "text/html").expect(http.StatusOK, "text/html; charset=utf-8")
	if p := parsePage(t, a); len(p.named("table", "form")) > 0 || a.header.Get("Content-Security-Policy") != embedPolicy {
		t.Errorf("a frame gets %.300s", a.body)
	}
}

func TestDaysInWords(t *testing.T) {
	for _, c := range [][4]string{
		{"2022-09-14", "", "day", "14 Sep 2022"},
		{"2022-09-14", "2022-09-14", "day", "14 Sep 2022"},
		{"2022-09-14", "2022-09-17", "day", "14–17 Sep 2022"},
		{"1998-03-29", "1998-04-02", "", "29 Mar – 2 Apr 1998"},
		{"1998-12-29", "1999-01-02", "", "29 Dec 1998 – 2 Jan 1999"},
		{"2005-05-01", "", "month", "May 2005"},
		{"2000-08-01", "2001-12-31", "month", "Aug 2000 – Dec 2001"},
		{"1992-01-01", "", "year", "1992"},
		{"1992", "1993", "", "1992 – 1993"},
		{"", "", "", ""},
	} {
		if got := daysText(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("daysText(%q, %q, %q) is %q, want %q", c[0], c[1], c[2], got, c[3])
		}
	}
}
