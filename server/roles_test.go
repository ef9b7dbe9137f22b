package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// states of the record that a row is about.
const (
	published = "/collections/incidents/items/2001-02-03-alpha-clash"
	ownDraft  = "/collections/incidents/items/2011-01-01-bobs" // bob's, never published
	overDraft = "/collections/incidents/items/2005-gamma"      // published, with a draft by bob over it
	retracted = "/collections/incidents/items/2001-02-05-beta-agreement"
	redacted  = "/collections/sources/items/gone"
	absent    = "/collections/incidents/items/no-such"
)

const draftBody = `{"type":"Feature","geometry":null,"properties":{"id":"2011-01-01-bobs","title":"Bob's","theatre":"kg-tj-border","type":"armed_clash",
	"start":"2011-01-01","place_id":"alpha","summary":"A draft.","occurrence":"claimed"}}`

const sourceBody = `{"type":"Feature","geometry":null,"properties":{"publisher":"New Wire"}}`

// setStage brings the records into every state.
func setStage(t *testing.T, cfg Config) *desk {
	t.Helper()
	return setStageOn(t, writable(t, cfg))
}

// setStageOn is setStage for a desk that is there.
func setStageOn(t *testing.T, d *desk) *desk {
	t.Helper()
	d.send("ann", "PATCH", published, `{"properties":{"related_ids":null}}`).is(http.StatusNoContent)
	d.send("ann", "DELETE", retracted, "").is(http.StatusNoContent)
	d.send("ann", "POST", "/collections/sources/items", `{"type":"Feature","geometry":null,"properties":{"id":"gone","publisher":"P"}}`).is(http.StatusCreated)
	d.send("ann", "POST", redacted+"/redact", "", "Demarc-Comment", "a name").is(http.StatusNoContent)
	d.send("bob", "POST", incidentsPath, draftBody).is(http.StatusCreated)
	d.send("bob", "PATCH", overDraft, `{"properties":{"title":"Bob knows better"}}`).is(http.StatusNoContent)
	return d
}

// cells are the statuses for nobody, somebody whose token is not good, the contributor
// whose drafts they are, another contributor, an editor, one for sources alone, and an
// administrator.
type cells [7]int

var who = []string{"", "mallory", "bob", "carl", "ann", "eve", "dora"}

// roleRow is a row of the table: a method and a resource in a state. One that reads
// is asked by HEAD too.
type roleRow struct {
	route, method, target, body string
	want                        cells
}

// forAll is a row that does not ask who asks.
func forAll(route, target string, status int) roleRow {
	return roleRow{route, "GET", target, "", cells{status, status, status, status, status, status, status}}
}

// readingRows are the rows of what is read. Reading is open; what is not published is
// not there for those who may not see it.
func readingRows() []roleRow {
	rows := []roleRow{
		{itemsRoute, "GET", incidentsPath + "?state=draft", "", cells{401, 401, 403, 403, 200, 403, 200}},
		{itemRoute, "GET", published + "?state=draft", "", cells{401, 401, 200, 200, 200, 200, 200}},
		{itemRoute, "GET", ownDraft + "?state=draft", "", cells{401, 401, 200, 404, 200, 404, 200}},
		{itemRoute, "GET", overDraft + "?state=draft", "", cells{401, 401, 200, 200, 200, 200, 200}},
		{itemRoute, "GET", absent + "?state=draft", "", cells{401, 401, 404, 404, 404, 404, 404}},
		{"/drafts", "GET", "/drafts", "", cells{401, 401, 200, 200, 200, 200, 200}},
		forAll(itemsRoute, incidentsPath, 200),
		forAll("/collections/:collectionId", "/collections/incidents", 200),
		forAll("/collections/:collectionId", "/collections/nowhere", 404),
		forAll(logRoute+"/tile/*path", "/log/tile/entries/000.p/5", 200),
		forAll(logRoute+"/tile/*path", "/log/tile/0/009", 404),
		forAll("/static/*path", "/static/page.css", 200),
		forAll("/assets/*path", "/assets/main-ab.js", 200),
		forAll(eventsRoute, eventsRoute, 200),
	}
	for _, path := range []string{"/", "/api", "/conformance", "/collections", "/functions", "/licences", "/problems", "/healthz", "/readyz", "/favicon.ico", "/log", "/log/checkpoint", "/tileMatrixSets"} {
		rows = append(rows, forAll(path, path, 200))
	}
	rows = append(rows, forAll("/tileMatrixSets/:tileMatrixSetId", "/tileMatrixSets/WebMercatorQuad", 200))
	for _, of := range schemaResources() {
		rows = append(rows, forAll("/collections/:collectionId/"+of.path, "/collections/parties/"+of.path, 200))
	}
	for base, at := range map[string]string{"/collections/:collectionId/tiles": "/collections/incidents/tiles", "/tiles": "/tiles", basemapPath: basemapPath} {
		rows = append(rows, forAll(base, at, 200), forAll(base+"/:tileMatrixSetId", at+"/WebMercatorQuad", 200), forAll(base+"/:tileMatrixSetId/tilejson", at+"/WebMercatorQuad/tilejson", 200),
			forAll(base+"/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol", at+"/WebMercatorQuad/0/0/0", 200))
	}
	// By state: the feature, its versions, the first of them, its proof, and the times.
	for target, want := range map[string][5]int{
		published: {200, 200, 200, 200, 200}, overDraft: {200, 200, 200, 200, 200}, retracted: {200, 200, 200, 200, 200},
		redacted: {410, 200, 410, 200, 200}, ownDraft: {404, 404, 404, 404, 404}, absent: {404, 404, 404, 404, 404},
	} {
		rows = append(rows, forAll(itemRoute, target, want[0]), forAll(revisionsRoute, target+"/revisions", want[1]), forAll(revisionRoute, target+"/revisions/1", want[2]),
			forAll(proofRoute, target+"/revisions/1/proof", want[3]), forAll(timemapRoute, target+"/timemap", want[4]))
	}
	return append(rows, forAll(revisionRoute, overDraft+"/revisions/2", 404), forAll(proofRoute, overDraft+"/revisions/2/proof", 404)) // the draft's number
}

// writingRows are the rows of what changes something, each on a stage of its own.
func writingRows() []roleRow {
	return []roleRow{
		{itemsRoute, "POST", "/collections/sources/items", sourceBody, cells{401, 401, 201, 201, 201, 201, 201}},
		{itemsRoute, "POST", "/collections/sources/items?state=published", sourceBody, cells{401, 401, 403, 403, 201, 201, 201}},
		{itemsRoute, "POST", "/collections/incidents/items", strings.Replace(draftBody, `"id":"2011-01-01-bobs",`, "", 1), cells{401, 401, 201, 201, 201, 403, 201}},
		{itemsRoute, "POST", "/collections/incidents/items", draftBody, cells{401, 401, 409, 409, 409, 403, 409}},
		{itemsRoute, "POST", "/collections/segments/items", sourceBody, cells{401, 401, 403, 403, 422, 403, 422}},
		{itemsRoute, "POST", "/collections/areas/items", sourceBody, cells{401, 401, 403, 403, 422, 403, 422}},
		{itemsRoute, "POST", "/collections/nowhere/items", sourceBody, cells{404, 404, 404, 404, 404, 404, 404}},
		{itemRoute, "PATCH", published, `{"properties":{"note":"seen"}}`, cells{401, 401, 204, 204, 204, 403, 204}},
		{itemRoute, "PATCH", published + "?state=published", `{"properties":{"note":"seen"}}`, cells{401, 401, 403, 403, 204, 403, 204}},
		{itemRoute, "PATCH", ownDraft, `{"properties":{"note":"seen"}}`, cells{401, 401, 204, 409, 404, 403, 404}},
		{itemRoute, "PATCH", ownDraft + "?state=draft", `{"properties":{"note":"seen"}}`, cells{401, 401, 204, 409, 204, 403, 204}},
		{itemRoute, "PATCH", overDraft, `{"properties":{"note":"seen"}}`, cells{401, 401, 204, 409, 204, 403, 204}},
		{itemRoute, "PATCH", retracted, `{"properties":{"note":"seen"}}`, cells{401, 401, 410, 410, 410, 403, 410}},
		{itemRoute, "PATCH", redacted, `{"properties":{"note":"seen"}}`, cells{401, 401, 410, 410, 410, 410, 410}},
		{itemRoute, "PATCH", absent, `{"properties":{"note":"seen"}}`, cells{401, 401, 404, 404, 404, 403, 404}},
		{itemRoute, "PUT", absent, draftBody, cells{401, 401, 404, 404, 404, 403, 404}},
		{itemRoute, "PUT", ownDraft, draftBody, cells{401, 401, 204, 409, 404, 403, 404}},
		{itemRoute, "DELETE", published, "", cells{401, 401, 403, 403, 204, 403, 204}},
		{itemRoute, "DELETE", ownDraft, "", cells{401, 401, 204, 409, 404, 403, 404}},
		{itemRoute, "DELETE", ownDraft + "?state=draft", "", cells{401, 401, 204, 409, 204, 403, 204}},
		{itemRoute, "DELETE", overDraft, "", cells{401, 401, 204, 409, 204, 403, 204}},
		{itemRoute, "DELETE", retracted, "", cells{401, 401, 410, 410, 410, 403, 410}},
		{itemRoute, "DELETE", absent, "", cells{401, 401, 404, 404, 404, 403, 404}},
		{publishRoute, "POST", ownDraft + "/publish", "", cells{401, 401, 403, 403, 204, 403, 204}},
		{publishRoute, "POST", overDraft + "/publish", "", cells{401, 401, 403, 403, 204, 403, 204}},
		{publishRoute, "POST", published + "/publish", "", cells{401, 401, 403, 403, 404, 403, 404}},
		{publishRoute, "POST", absent + "/publish", "", cells{401, 401, 403, 403, 404, 403, 404}},
		{redactRoute, "POST", retracted + "/redact", "", cells{401, 401, 403, 403, 204, 403, 204}},
		{redactRoute, "POST", redacted + "/redact", "", cells{401, 401, 403, 403, 410, 410, 410}},
		{redactRoute, "POST", ownDraft + "/redact", "", cells{401, 401, 403, 403, 404, 403, 404}},
	}
}

// frozenRows are those of a service whose store takes no changes for now.
func frozenRows() []roleRow {
	patch, refused := `{"properties":{"note":"seen"}}`, cells{401, 401, 405, 405, 405, 403, 405}
	return []roleRow{
		{itemRoute, "PATCH", published, patch, refused},
		{itemRoute, "PUT", published, draftBody, refused},
		{itemRoute, "DELETE", ownDraft, "", refused},
		{itemsRoute, "POST", incidentsPath, draftBody, refused},
		{publishRoute, "POST", ownDraft + "/publish", "", refused},
		{redactRoute, "POST", retracted + "/redact", "", refused},
		{itemRoute, "GET", ownDraft + "?state=draft", "", cells{401, 401, 200, 404, 200, 404, 200}},
		forAll(itemRoute, published, 200), forAll(itemRoute, ownDraft, 404), forAll("/readyz", "/readyz", 200),
	}
}

// Who may do what to what. A route that is in no row fails the test.
func TestRoles(t *testing.T) {
	read := setStageOn(t, logged(t))
	frozen := setStageOn(t, logged(t))
	frozen.data.Freeze()
	listed := map[string]bool{}
	for _, row := range readingRows() {
		listed[row.method+" "+row.route] = true
		row.check(t, func(*testing.T) *desk { return read })
	}
	for _, row := range frozenRows() {
		row.check(t, func(*testing.T) *desk { return frozen })
	}
	for _, row := range writingRows() {
		listed[row.method+" "+row.route] = true
		row.check(t, func(t *testing.T) *desk { return setStage(t, Config{}) })
	}
	for _, route := range read.router.Routes() {
		if route.Method != "HEAD" && route.Method != "OPTIONS" && !listed[route.Method+" "+route.Path] { // row.check asks by those too
			t.Errorf("%s %s is in no row of this table: who may use it?", route.Method, route.Path)
		}
	}
}

// check asks as everybody.
func (row *roleRow) check(t *testing.T, stage func(*testing.T) *desk) {
	t.Helper()
	for i, name := range who {
		t.Run(fmt.Sprintf("%s %s as %q", row.method, row.target, name), func(t *testing.T) {
			d := stage(t)
			a := d.statusOf(t, name, row.method, row.target, row.body)
			if a.status != row.want[i] {
				t.Errorf("%s: %d, want %d\n%.400s", a.asked, a.status, row.want[i], a.body)
			}
			if a.status == http.StatusUnauthorized && a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: 401 without WWW-Authenticate", a.asked)
			}
			if row.method != "GET" {
				return
			}
			if head := d.statusOf(t, name, "HEAD", row.target, ""); head.status != row.want[i] {
				t.Errorf("%s: %d, want %d", head.asked, head.status, row.want[i])
			}
			want := http.StatusOK
			if name == "mallory" {
				want = http.StatusUnauthorized
			}
			if options := d.statusOf(t, name, "OPTIONS", row.target, ""); options.status != want || want == http.StatusOK && !strings.Contains(options.header.Get("Allow"), "GET, HEAD, OPTIONS") {
				t.Errorf("%s: %d, Allow %q, want %d", options.asked, options.status, options.header.Get("Allow"), want)
			}
		})
	}
}

// statusOf sends a request and, of an answer that has an end, reads that.
func (d *desk) statusOf(t *testing.T, name, method, target, body string) *answer {
	t.Helper()
	if target != eventsRoute || method != "GET" {
		own := *d.service
		own.t = t
		return (&desk{&own, d.store, d.texts}).send(name, method, target, body, "Demarc-Comment", "because")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, d.http.URL+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+d.texts[name])
	response, err := d.http.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return &answer{t, name + " " + method + " " + target, response.StatusCode, response.Header, nil}
}

// Allow names what the one who asks may do.
func TestAllowIsForTheOneWhoAsks(t *testing.T) {
	d := setStage(t, Config{})
	for _, row := range []struct {
		target string
		want   map[string]string
	}{
		{incidentsPath, map[string]string{"": "GET, HEAD, OPTIONS", "bob": "GET, HEAD, OPTIONS, POST", "ann": "GET, HEAD, OPTIONS, POST", "eve": "GET, HEAD, OPTIONS"}},
		{published, map[string]string{"": "GET, HEAD, OPTIONS", "bob": "GET, HEAD, OPTIONS, PUT, PATCH, DELETE", "ann": "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"}},
		{"/collections/areas/items", map[string]string{"bob": "GET, HEAD, OPTIONS", "ann": "GET, HEAD, OPTIONS, POST"}},
		{"/collections/areas/items/bay", map[string]string{"bob": "GET, HEAD, OPTIONS", "ann": "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"}},
		{"/collections", map[string]string{"ann": "GET, HEAD, OPTIONS"}},
		{published + "/publish", map[string]string{"": "OPTIONS", "bob": "OPTIONS", "ann": "OPTIONS, POST"}},
	} {
		for who, want := range row.want {
			a := d.send(who, "OPTIONS", row.target, "").is(http.StatusOK)
			if got := a.header.Get("Allow"); got != want {
				t.Errorf("%s: Allow is %q, want %q", a.asked, got, want)
			}
		}
	}
	a := d.send("", "OPTIONS", published, "", "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "authorization")
	if !strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "PUT") || !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "Authorization") ||
		a.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("a preflight: %v", a.header)
	}
	d.ask("OPTIONS", published, "Authorization", "Bearer demarc_aaaaaaaa_"+strings.Repeat("A", 43)).problem(http.StatusUnauthorized, "unauthorized")
}
