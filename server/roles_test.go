package server

import (
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

// Who may do what to what: each row is a method and a resource in a state, with
// the status for nobody, the contributor whose draft it is, another one, an
// editor, one for sources alone, and an administrator. A route that takes a method
// and is in no row fails the test.
func TestRoles(t *testing.T) {
	who := []string{"", "bob", "carl", "ann", "eve", "dora"}
	rows := []struct {
		route, method, target, body string
		want                        [6]int
	}{
		{itemsRoute, "GET", incidentsPath, "", [6]int{200, 200, 200, 200, 200, 200}},
		{itemsRoute, "GET", incidentsPath + "?state=draft", "", [6]int{401, 403, 403, 200, 403, 200}},
		{itemRoute, "GET", published, "", [6]int{200, 200, 200, 200, 200, 200}},
		{itemRoute, "GET", published + "?state=draft", "", [6]int{401, 200, 200, 200, 200, 200}},
		{itemRoute, "GET", ownDraft, "", [6]int{404, 404, 404, 404, 404, 404}},
		{itemRoute, "GET", ownDraft + "?state=draft", "", [6]int{401, 200, 404, 200, 404, 200}},
		{itemRoute, "GET", overDraft + "?state=draft", "", [6]int{401, 200, 200, 200, 200, 200}},
		{itemRoute, "GET", retracted, "", [6]int{200, 200, 200, 200, 200, 200}},
		{itemRoute, "GET", redacted, "", [6]int{410, 410, 410, 410, 410, 410}},
		{itemRoute, "GET", absent + "?state=draft", "", [6]int{401, 404, 404, 404, 404, 404}},
		{"/drafts", "GET", "/drafts", "", [6]int{401, 200, 200, 200, 200, 200}},

		{itemsRoute, "POST", "/collections/sources/items", sourceBody, [6]int{401, 201, 201, 201, 201, 201}},
		{itemsRoute, "POST", "/collections/sources/items?state=published", sourceBody, [6]int{401, 403, 403, 201, 201, 201}},
		{itemsRoute, "POST", "/collections/incidents/items", strings.Replace(draftBody, `"id":"2011-01-01-bobs",`, "", 1), [6]int{401, 201, 201, 201, 403, 201}},
		{itemsRoute, "POST", "/collections/incidents/items", draftBody, [6]int{401, 409, 409, 409, 403, 409}},
		{itemsRoute, "POST", "/collections/segments/items", sourceBody, [6]int{401, 403, 403, 422, 403, 422}},
		{itemsRoute, "POST", "/collections/areas/items", sourceBody, [6]int{401, 403, 403, 422, 403, 422}},
		{itemsRoute, "POST", "/collections/nowhere/items", sourceBody, [6]int{404, 404, 404, 404, 404, 404}},

		{itemRoute, "PATCH", published, `{"properties":{"note":"seen"}}`, [6]int{401, 204, 204, 204, 403, 204}},
		{itemRoute, "PATCH", published + "?state=published", `{"properties":{"note":"seen"}}`, [6]int{401, 403, 403, 204, 403, 204}},
		{itemRoute, "PATCH", ownDraft, `{"properties":{"note":"seen"}}`, [6]int{401, 204, 409, 404, 403, 404}},
		{itemRoute, "PATCH", ownDraft + "?state=draft", `{"properties":{"note":"seen"}}`, [6]int{401, 204, 409, 204, 403, 204}},
		{itemRoute, "PATCH", overDraft, `{"properties":{"note":"seen"}}`, [6]int{401, 204, 409, 204, 403, 204}},
		{itemRoute, "PATCH", retracted, `{"properties":{"note":"seen"}}`, [6]int{401, 410, 410, 410, 403, 410}},
		{itemRoute, "PATCH", redacted, `{"properties":{"note":"seen"}}`, [6]int{401, 410, 410, 410, 410, 410}},
		{itemRoute, "PATCH", absent, `{"properties":{"note":"seen"}}`, [6]int{401, 404, 404, 404, 403, 404}},
		{itemRoute, "PUT", absent, draftBody, [6]int{401, 404, 404, 404, 403, 404}},
		{itemRoute, "PUT", ownDraft, draftBody, [6]int{401, 204, 409, 404, 403, 404}},
		{itemRoute, "DELETE", published, "", [6]int{401, 403, 403, 204, 403, 204}},
		{itemRoute, "DELETE", ownDraft, "", [6]int{401, 204, 409, 404, 403, 404}},
		{itemRoute, "DELETE", ownDraft + "?state=draft", "", [6]int{401, 204, 409, 204, 403, 204}},
		{itemRoute, "DELETE", overDraft, "", [6]int{401, 204, 409, 204, 403, 204}},
		{itemRoute, "DELETE", retracted, "", [6]int{401, 410, 410, 410, 403, 410}},
		{itemRoute, "DELETE", absent, "", [6]int{401, 404, 404, 404, 403, 404}},

		{publishRoute, "POST", ownDraft + "/publish", "", [6]int{401, 403, 403, 204, 403, 204}},
		{publishRoute, "POST", overDraft + "/publish", "", [6]int{401, 403, 403, 204, 403, 204}},
		{publishRoute, "POST", published + "/publish", "", [6]int{401, 403, 403, 404, 403, 404}},
		{publishRoute, "POST", absent + "/publish", "", [6]int{401, 403, 403, 404, 403, 404}},
		{redactRoute, "POST", retracted + "/redact", "", [6]int{401, 403, 403, 204, 403, 204}},
		{redactRoute, "POST", redacted + "/redact", "", [6]int{401, 403, 403, 410, 410, 410}},
		{redactRoute, "POST", ownDraft + "/redact", "", [6]int{401, 403, 403, 404, 403, 404}},
	}
	listed := map[string]bool{}
	for _, row := range rows {
		listed[row.method+" "+row.route] = true
		for i, name := range who {
			t.Run(fmt.Sprintf("%s %s as %q", row.method, row.target, name), func(t *testing.T) {
				d := setStage(t, Config{})
				a := d.send(name, row.method, row.target, row.body, "Demarc-Comment", "because")
				if a.status != row.want[i] {
					t.Errorf("%s: %d, want %d\n%.400s", a.asked, a.status, row.want[i], a.body)
				}
				if a.status == http.StatusUnauthorized && a.header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s: 401 without WWW-Authenticate", a.asked)
				}
			})
		}
	}
	for _, route := range setStage(t, Config{}).router.Routes() {
		switch route.Method {
		case "GET", "HEAD", "OPTIONS": // open to everybody; TestEveryRouteAnswers has them
		default:
			if !listed[route.Method+" "+route.Path] {
				t.Errorf("%s %s is in no row of this table: who may use it?", route.Method, route.Path)
			}
		}
	}
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
			a := d.send(who, "OPTIONS", row.target, "").is(http.StatusNoContent)
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
