package server

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data/ledger"
)

// Two services that differ only in drafts answer everybody the same, byte for
// byte: bodies, headers, tags, counts, errors.
func TestDraftsCannotBeInferred(t *testing.T) {
	cfg := Config{PublicURL: "https://demarc.example"}
	without, with := writable(t, cfg), writable(t, cfg)
	drafts := with.fillDrafts(t)
	ask := asker{rand: rand.New(rand.NewPCG(1, 2)), drafts: drafts}
	for _, d := range []*desk{without, with} {
		for _, col := range d.data.Snapshot().Collections() {
			for _, id := range d.page("/collections/" + col.ID + "/items").ids() {
				ask.ids = append(ask.ids, col.ID+"/items/"+id)
			}
		}
	}
	count := 10_000
	if testing.Short() {
		count = 1000
	}
	statuses := map[int]int{}
	for range count {
		request := ask.next()
		a, b := recorded(without, request), recorded(with, request)
		statuses[a.Code]++
		for _, answer := range []*httptest.ResponseRecorder{a, b} {
			if strings.Contains(request.target, "explain=true") { // which says how long it took
				answer.Body = bytes.NewBuffer(took.ReplaceAll(answer.Body.Bytes(), nil))
				answer.Header().Del("Content-Length")
			}
		}
		if a.Code != b.Code || a.Body.String() != b.Body.String() {
			t.Fatalf("%s\nwithout drafts %d %s\nwith drafts %d %s", request, a.Code, a.Body, b.Code, b.Body)
		}
		a.Header().Del(requestIDHeader)
		b.Header().Del(requestIDHeader)
		if diff := cmp.Diff(a.Header(), b.Header()); diff != "" {
			t.Fatalf("%s (-without +with drafts):\n%s", request, diff)
		}
		if tag := a.Header().Get("ETag"); tag != "" {
			ask.tags = append(ask.tags, tag)
		}
	}
	for _, status := range []int{200, 304, 400, 401, 404, 405} {
		if statuses[status] < count/200 {
			t.Errorf("only %d of the answers are %d: %v", statuses[status], status, statuses)
		}
	}
}

// took is how long an answer took, as explain tells it.
var took = regexp.MustCompile(`"milliseconds":[0-9.e-]+`)

// The public log tells of drafts as little: it has the same leaves, but for their salts.
func TestDraftsAreNotInTheLog(t *testing.T) {
	without, with := logged(t), logged(t)
	with.fillDrafts(t)
	var named [2][]string
	for i, d := range []*desk{without, with} {
		d.send("ann", "PATCH", clashPath, `{"properties":{"note":"seen"}}`).is(http.StatusNoContent)
		var about logAbout
		d.get("/log").into(&about)
		leaves, err := ledger.Entries(d.get("/log/" + ledger.EntriesPath(0, int(about.Size))).is(http.StatusOK).body)
		if err != nil || int64(len(leaves)) != about.Size {
			t.Fatalf("%d leaves of %d: %v", len(leaves), about.Size, err)
		}
		for _, leaf := range leaves {
			named[i] = append(named[i], secret.ReplaceAllString(string(leaf), ""))
		}
	}
	if diff := cmp.Diff(named[0], named[1]); diff != "" {
		t.Errorf("the leaves (-without +with drafts):\n%s", diff)
	}
}

// secret are the members of a leaf that a salt makes another one each time, and when
// it was published.
var secret = regexp.MustCompile(`"(commitment|published_at)":"[^"]*"`)

// The test can fail: what an editor sees does differ.
func TestEditorsSeeDrafts(t *testing.T) {
	d := writable(t, Config{})
	before := len(d.page(incidentsPath).ids())
	d.fillDrafts(t)
	a := d.send("ann", "GET", incidentsPath+"?state=draft", "").is(http.StatusOK)
	var fc featureCollection
	a.into(&fc)
	if fc.NumberMatched != before+60 || a.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("an editor finds %d incidents, want %d; Cache-Control %q", fc.NumberMatched, before+60, a.header.Get("Cache-Control"))
	}
	var list struct{ Drafts []draftLine }
	d.send("bob", "GET", "/drafts", "").into(&list)
	own := len(list.Drafts)
	d.send("ann", "GET", "/drafts", "").into(&list)
	if own != 61 || len(list.Drafts) != 96 {
		t.Errorf("bob sees %d drafts, ann %d; want 61 and 96", own, len(list.Drafts))
	}
}

// fillDrafts makes drafts of every kind that a contributor can: new ones, ones
// over what is published, discarded ones. It returns the ids of new ones.
func (d *desk) fillDrafts(t *testing.T) []string {
	t.Helper()
	var ids []string
	for i := range 60 {
		body := fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[%d,51]},"properties":{"id":"2012-01-%02d-draft-%d","title":"A draft","theatre":"kg-tj-border",
			"type":"shelling","start":"2012-01-%02d","location_precision":"village","place_id":"alpha","summary":"Not known.","occurrence":"claimed","parties":"XA"}}`, 170+i%10, 1+i%28, i, 1+i%28)
		d.send("bob", "POST", incidentsPath, body).is(http.StatusCreated)
		ids = append(ids, fmt.Sprintf("incidents/items/2012-01-%02d-draft-%d", 1+i%28, i))
	}
	for i := range 30 {
		d.send("carl", "POST", "/collections/sources/items", fmt.Sprintf(`{"type":"Feature","geometry":null,"properties":{"id":"draft-%d","publisher":"Secret"}}`, i)).is(http.StatusCreated)
		ids = append(ids, fmt.Sprintf("sources/items/draft-%d", i))
	}
	for i := range 5 {
		d.send("carl", "POST", "/collections/parties/items", fmt.Sprintf(`{"type":"Feature","geometry":null,"properties":{"id":"DRAFT-%d","name":"Secret","kind":"unknown","parent_id":"XA"}}`, i)).is(http.StatusCreated)
		ids = append(ids, fmt.Sprintf("parties/items/DRAFT-%d", i))
	}
	d.send("bob", "PATCH", clashPath, `{"properties":{"title":"What bob has of it"}}`).is(http.StatusNoContent)
	d.send("bob", "POST", "/collections/places/items", `{"type":"Feature","geometry":null,"properties":{"label":"Hidden","kind":"village","precision":"none"}}`).is(http.StatusCreated)
	d.send("bob", "DELETE", "/collections/places/items/hidden", "").is(http.StatusNoContent)
	return append(ids, "places/items/hidden")
}

// wish is a request that the test makes of both.
type wish struct {
	method, target string
	header         http.Header
}

func (w wish) String() string { return fmt.Sprint(w.method, " ", w.target, " ", w.header) }

// recorded answers a request without a network.
func recorded(d *desk, w wish) *httptest.ResponseRecorder {
	request := httptest.NewRequest(w.method, "https://demarc.example"+w.target, nil)
	request.Header = w.header.Clone()
	answer := httptest.NewRecorder()
	d.Handler().ServeHTTP(answer, request)
	return answer
}

// asker thinks of requests.
type asker struct {
	rand   *rand.Rand
	ids    []string // of features that are published
	drafts []string
	tags   []string
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func (a *asker) next() wish {
	r := a.rand
	w := wish{method: pick(r, "GET", "GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"), header: http.Header{}}
	collection := pick(r, "incidents", "incidents", "claims", "segments", "areas", "places", "sources", "parties", "nowhere")
	base := "/collections/" + collection
	switch r.IntN(8) {
	case 0, 1, 2:
		w.target = base + "/items" + a.query(collection)
	case 3:
		w.target = "/collections/" + pick(r, a.ids...) + a.small()
	case 4, 5:
		w.target = "/collections/" + pick(r, a.drafts...) + pick(r, "", "", "/publish", "/redact", "/revisions", "/revisions/1", "/timemap") + a.small()
	case 6:
		w.target = base + pick(r, "", "/schema", "/queryables", "/sortables", "/tiles", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/tilejson",
			"/tiles/WebMercatorQuad/0/0/0", "/tiles/WebMercatorQuad/3/2/7", "/tiles/WebMercatorQuad/6/21/63", "/tiles/WorldCRS84Quad/2/0/7", "/tiles/WorldCRS84Quad/1/0/3") + a.small()
	default:
		w.target = pick(r, "/", "/api", "/conformance", "/collections", "/drafts", "/readyz", "/functions", "/licences", "/problems", "/tiles", "/tiles/WebMercatorQuad/2/1/3", "/tiles/WorldCRS84Quad/0/0/1", "/tileMatrixSets") + a.small()
	}
	for _, h := range [][2]string{{"Accept", pick(r, "application/json", "text/html", "application/geo+json", "*/*", "image/png")},
		{"Accept-Encoding", pick(r, "gzip", "identity")}, {"Accept-Datetime", pick(r, "Sat, 14 Mar 2026 00:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT")}, {"Content-Type", "application/geo+json"}} {
		if r.IntN(3) == 0 {
			w.header.Set(h[0], h[1])
		}
	}
	if strings.Contains(w.target, "explain") {
		w.header.Set("Accept-Encoding", "identity")
	}
	if len(a.tags) > 0 && r.IntN(4) == 0 {
		w.header.Set(pick(r, "If-None-Match", "If-None-Match", "If-Match"), pick(r, pick(r, a.tags...), "*"))
	}
	return w
}

func (a *asker) small() string {
	return pick(a.rand, "", "", "", "?f=json", "?f=html", "?asof=2005", "?state=draft", "?state=published", "?nosuch=1", "?recorded=2026-03-14", "?recorded=2099-01-01")
}

// query is a query of items.
func (a *asker) query(collection string) string {
	r := a.rand
	values := url.Values{}
	for _, p := range [][2]string{
		{"limit", pick(r, "1", "2", "1000", "0")}, {"bbox", pick(r, "170,50,-170,52", "-180,-90,180,90", "0,0,1,1")}, {"datetime", pick(r, "2012", "2012-01-05", "2001/..", "..", "2001-02")},
		{"f", pick(r, "json", "html", "csv", "jsonfg", "kml", "ndjson", "fgb")}, {"sortby", pick(r, "-id", "id")}, {"asof", pick(r, "2001-02-03", "2012-06", "2026")}, {"state", pick(r, "draft", "published")},
		{"resultType", "hits"}, {"explain", "true"}, {"parties", pick(r, "XA", "DRAFT-1")}, {"claims_made", "0"}, {"recorded", pick(r, "2026-03-14T00:00:00Z", "2099")}, {"offset", pick(r, "0", "1", "2")}, {"near", pick(r, "175,51", "incidents/2005-gamma", strings.Replace(pick(r, a.drafts...), "/items/", "/", 1))},
		{"filter", pick(r, "title LIKE '%draft%'", "start > DATE('2010-01-01')", "publisher = 'Secret'", "id IS NOT NULL", "feature('incidents','"+pick(r, a.drafts...)+"') IS NULL")},
		{"id", pick(r, a.drafts...)}, {"type", "shelling"}, {"place_id", "alpha"}, {"claims", "0"}, {"crs", "EPSG:3857"},
	} {
		if r.IntN(7) == 0 {
			values.Set(p[0], p[1])
		}
	}
	if i := slices.Index([]string{"sources", "parties"}, collection); i >= 0 {
		values.Del("near")
	}
	if values.Has("explain") && values.Has("f") {
		values.Set("f", "json")
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}
