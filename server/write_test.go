package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/edit"
	"demarc/data/store"
	"demarc/data/store/storetest"
	"demarc/data/token"
)

type ctx = context.Context

// keeper keeps tokens in memory.
type keeper struct {
	mu     sync.Mutex
	tokens map[string]token.Token
}

func (k *keeper) AddToken(_ ctx, t token.Token) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tokens[t.ID] = t
	return nil
}

func (k *keeper) Token(_ ctx, id string) (token.Token, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if t, ok := k.tokens[id]; ok {
		return t, nil
	}
	return token.Token{}, data.ErrNotFound
}

func (k *keeper) Tokens(ctx) ([]token.Token, error)              { return nil, nil }
func (k *keeper) RevokeToken(ctx, string, time.Time) error       { return data.ErrNotFound }
func (k *keeper) UseToken(_ ctx, id string, day time.Time) error { return nil }

// desk is a service that takes changes, and the tokens of those who make them.
type desk struct {
	*service
	store store.Store
	texts map[string]string // by name
}

// writable serves the invented records out of a store, with an editor (ann), two
// contributors (bob, carl), an administrator (dora), and an editor of sources
// alone (eve).
func writable(t testing.TB, cfg Config) *desk {
	t.Helper()
	return writableOn(t, storetest.NewMemory(), cfg)
}

// writableOn is writable for an empty store.
func writableOn(t testing.TB, st store.Store, cfg Config) *desk {
	t.Helper()
	records, err := curated.Load(os.DirFS("testdata/records"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b := data.Batch{Author: "demarc", Origin: "curated", At: clock().Add(-24 * time.Hour)}
	for r := range records.Each() {
		body, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		b.Changes = append(b.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
	}
	if _, err := d.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	k := &keeper{tokens: map[string]token.Token{}}
	texts := map[string]string{"": "", "mallory": "demarc_aaaaaaaa_" + strings.Repeat("A", 43)}
	for name, role := range map[string]token.Role{"ann": token.Editor, "bob": token.Contributor, "carl": token.Contributor, "dora": token.Admin, "eve": token.Editor} {
		var scope []string
		if name == "eve" {
			scope = []string{"sources"}
		}
		tok, text, err := token.New(name, role, scope, clock(), 0)
		if err != nil {
			t.Fatal(err)
		}
		k.tokens[tok.ID], texts[name] = tok, text
	}
	cfg.Tokens = k
	return &desk{serveWith(t, cfg, d, mapFiles, slog.New(slog.DiscardHandler)), st, texts}
}

// send sends a request as somebody; "" is nobody. Headers are pairs.
func (d *desk) send(who, method, target, body string, headers ...string) *answer {
	d.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = d.http.URL + target
	}
	request, err := http.NewRequestWithContext(d.t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, target, err)
	}
	if who != "" {
		request.Header.Set("Authorization", "Bearer "+d.texts[who])
	}
	switch method {
	case http.MethodPost, http.MethodPut:
		request.Header.Set("Content-Type", "application/geo+json")
	case http.MethodPatch:
		request.Header.Set("Content-Type", "application/merge-patch+json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := d.http.Client().Do(request)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, target, err)
	}
	return &answer{d.t, who + " " + method + " " + target, response.StatusCode, response.Header, got}
}

// status fails the test unless the answer has that status.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d\n%.900s", a.asked, a.status, status, a.body)
	}
	return a
}

const (
	incidentsPath = "/collections/incidents/items"
	clashPath     = incidentsPath + "/2001-02-03-alpha-clash"
	gammaPath     = incidentsPath + "/2005-gamma"
)

// newIncident is an incident as a form for people would send it.
const newIncident = `{"type":"Feature","geometry":{"type":"Point","coordinates":[179.5,51.25]},"properties":{
	"title":"Shots at Delta","theatre":"kg-tj-border","type":"armed_clash","start":"2010-05-06","place":"Delta","country":"XA",
	"location_precision":"village","summary":"Shots were heard.","occurrence":"confirmed","parties":"XB; XA",
	"claims_detail":[{"metric":"killed","value":{"kind":"exact","value":2,"as_reported":"two"},"affected_party":"XA","status":"military","coverage":"whole",
		"claimant":{"name":"Ministry A","type":"government","party_id":"XA"},"claimed_on":"2010-05-07","verification":"official_unverified","sources":[{"source_id":"wire-1"}]}]}}`

// An incident's life: made with its place and a claim, read, changed, taken
// back.
func TestWritesOfAnEditor(t *testing.T) {
	d := writable(t, Config{})
	a := d.send("ann", "POST", incidentsPath, newIncident, "Demarc-Comment", "heard of it").is(http.StatusCreated)
	location := a.header.Get("Location")
	if want := d.http.URL + incidentsPath + "/2010-05-06-shots-at-delta"; location != want || a.header.Get("ETag") == "" {
		t.Fatalf("Location %q, want %q; ETag %q", location, want, a.header.Get("ETag"))
	}
	var f feature
	got := d.get(location).expect(http.StatusOK, "application/geo+json")
	got.into(&f)
	if got.header.Get("ETag") != a.header.Get("ETag") {
		t.Errorf("the ETag of the answer is %q, that of the feature %q", a.header.Get("ETag"), got.header.Get("ETag"))
	}
	want := map[string]any{"title": "Shots at Delta", "start": "2010-05-06", "end": "2010-05-06", "place": "Delta", "country": "XA", "killed_low": 2.0, "killed_high": 2.0,
		"claims": 1.0, "parties": "XA; XB", "location_precision": "village"}
	for name, value := range want {
		if diff := cmp.Diff(value, f.Properties[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if string(f.Geometry) != `{"type":"Point","coordinates":[179.5,51.25]}` {
		t.Errorf("geometry %s", f.Geometry)
	}
	if cl := f.Properties["claims_detail"].([]any)[0].(map[string]any); cl["id"] != "2010-05-06-shots-at-delta.c1" || cl["value"].(map[string]any)["max"] != 2.0 {
		t.Errorf("claim %v", cl)
	}
	if ids := d.page(incidentsPath).ids(); !slices.Contains(ids, f.ID) {
		t.Errorf("the list has %v", ids)
	}

	d.send("ann", "PATCH", location, `{"properties":{"title":"Gunfire at Delta"}}`, "If-Match", a.header.Get("ETag")).is(http.StatusNoContent)
	d.send("ann", "PATCH", location, `{"properties":{"title":"Again"}}`, "If-Match", a.header.Get("ETag")).problem(http.StatusPreconditionFailed, "precondition-failed")
	a = d.send("ann", "PUT", location, string(got.body), "Prefer", "return=representation").is(http.StatusOK)
	a.into(&f)
	if f.Properties["title"] != "Shots at Delta" || a.header.Get("Preference-Applied") != "return=representation" {
		t.Errorf("after PUT of what GET gave: %v", f.Properties["title"])
	}

	d.send("ann", "DELETE", location, "", "Demarc-Comment", "a rumour").is(http.StatusNoContent)
	if ids := d.page(incidentsPath).ids(); slices.Contains(ids, f.ID) {
		t.Errorf("a retracted incident is in the list: %v", ids)
	}
	var retracted struct {
		feature
		Retracted struct{ Reason string }
	}
	d.get(location).expect(http.StatusOK, "application/geo+json").into(&retracted)
	if retracted.Retracted.Reason != "a rumour" || retracted.Properties["title"] != "Shots at Delta" {
		t.Errorf("a retracted incident is read as %+v", retracted)
	}
	if p := checkPage(t, d.service, strings.TrimPrefix(location, d.http.URL)+"?f=html"); !strings.Contains(p.text, "Retracted: a rumour") {
		t.Errorf("its page has no mark:\n%s", p.text)
	}
	d.send("ann", "PUT", location, string(got.body)).problem(http.StatusGone, "gone")
	d.send("ann", "DELETE", location, "").problem(http.StatusGone, "gone")

	d.send("ann", "POST", location+"/redact", "").problem(http.StatusBadRequest, "invalid-parameter")
	d.send("ann", "POST", location+"/redact", "", "Demarc-Comment", "names a witness").is(http.StatusNoContent)
	if p := d.get(location).problem(http.StatusGone, "gone"); p.Detail != "names a witness" {
		t.Errorf("redacted: %+v", p)
	}
}

// What GET gives of each feature, PUT takes back, and nothing changes.
func TestEveryFeatureGoesRound(t *testing.T) {
	d := writable(t, Config{})
	for _, collection := range []string{"incidents", "claims", "sources", "parties", "places", "segments", "areas"} {
		for _, id := range d.page("/collections/" + collection + "/items").ids() {
			target := "/collections/" + collection + "/items/" + id
			before := d.get(target).expect(http.StatusOK, "application/geo+json")
			d.send("ann", "PUT", target, string(before.body)).is(http.StatusNoContent)
			after := d.get(target).expect(http.StatusOK, "application/geo+json")
			if diff := cmp.Diff(string(before.body), string(after.body)); diff != "" {
				t.Errorf("%s (-before +after):\n%s", target, diff)
			}
			kind, _ := edit.KindOf(collection)
			var bodies [][]byte
			for v, err := range d.data.History(t.Context(), kind, recordID(collection, id)) {
				if err != nil {
					t.Fatal(err)
				}
				bodies = append(bodies, v.Body)
			}
			if !bytes.Equal(bodies[0], bodies[len(bodies)-1]) {
				t.Errorf("%s: the record is now\n%s\nand was\n%s", target, bodies[0], bodies[len(bodies)-1])
			}
		}
	}
}

// A flat editor sends the flat properties alone; what it does not know stays.
func TestFlatEditor(t *testing.T) {
	d := writable(t, Config{})
	flat := d.flat(t, clashPath)
	flat["title"], flat["start"] = "Clash near Alpha", "2001-02-02"
	body, _ := json.Marshal(map[string]any{"type": "Feature", "id": "2001-02-03-alpha-clash", "geometry": map[string]any{"type": "Point", "coordinates": []any{179.9, 51.0000004}}, "properties": flat})
	var before, after feature
	d.get(clashPath).into(&before)
	d.send("ann", "PUT", clashPath, string(body)).is(http.StatusNoContent)
	d.get(clashPath).into(&after)
	if after.Properties["title"] != "Clash near Alpha" || after.Properties["start"] != "2001-02-02" || string(after.Geometry) != string(before.Geometry) {
		t.Errorf("after a flat PUT: %v, %v, %s", after.Properties["title"], after.Properties["start"], after.Geometry)
	}
	if diff := cmp.Diff(before.Properties["claims_detail"], after.Properties["claims_detail"]); diff != "" {
		t.Errorf("the claims (-before +after):\n%s", diff)
	}
	d.send("ann", "PATCH", clashPath, `{"geometry":{"type":"Point","coordinates":[178.5,50.5]}}`).is(http.StatusNoContent)
	d.get(clashPath).into(&after)
	location := after.Properties["location"].(map[string]any)
	if string(after.Geometry) != `{"type":"Point","coordinates":[178.5,50.5]}` || location["position_source"] != "set in an edit on 2026-03-14" || location["precision"] != "village" {
		t.Errorf("a moved incident: %s, %v", after.Geometry, location)
	}
}

// flat returns the flat properties of a feature, as a list gives them.
func (d *desk) flat(t *testing.T, target string) map[string]any {
	t.Helper()
	i := strings.LastIndex(target, "/")
	fc := d.page(target[:i] + "?id=" + target[i+1:])
	if len(fc.Features) != 1 {
		t.Fatalf("%s: %d features", target, len(fc.Features))
	}
	return fc.Features[0].Properties
}

// Every fault of a body is told by its place.
func TestFaultsOfBodies(t *testing.T) {
	d := writable(t, Config{})
	pointers := func(p []string) string { slices.Sort(p); return strings.Join(p, " ") }
	for name, tt := range map[string]struct {
		method, target, body string
		status               int
		kind, at             string
	}{
		"no JSON":           {"POST", incidentsPath, `{"type":`, 400, "invalid-json", "/type"},
		"a name twice":      {"POST", incidentsPath, `{"type":"Feature","type":"Feature"}`, 400, "invalid-json", "/type"},
		"half a surrogate":  {"POST", incidentsPath, `{"type":"Feature","geometry":null,"properties":{"title":"\ud800"}}`, 400, "invalid-json", "/properties/title"},
		"an array":          {"POST", incidentsPath, `[]`, 422, "invalid-content", ""},
		"no feature":        {"POST", incidentsPath, `{"type":"Point","coordinates":[1,2]}`, 422, "invalid-content", "/coordinates /properties /type"},
		"null members":      {"POST", incidentsPath, `{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[null]},"properties":{"start":"2001"}}`, 422, "invalid-content", "/geometry/geometries/0"},
		"empty position":    {"POST", incidentsPath, `{"type":"Feature","geometry":{"type":"Point","coordinates":[]},"properties":{"start":"2001"}}`, 422, "invalid-content", "/geometry/coordinates"},
		"out of range":      {"POST", incidentsPath, `{"type":"Feature","geometry":{"type":"Point","coordinates":[200,95]},"properties":{"start":"2001"}}`, 422, "invalid-content", "/geometry/coordinates"},
		"nothing to go by":  {"POST", incidentsPath, `{"type":"Feature","geometry":null,"properties":{}}`, 422, "invalid-content", "/properties/id"},
		"rules":             {"POST", incidentsPath, `{"type":"Feature","geometry":null,"properties":{"start":"2001-01-01","title":"Five shot","type":"war","place_id":"nowhere"}}`, 422, "invalid-content", "/properties/occurrence /properties/place_id /properties/summary /properties/theatre /properties/type"},
		"derived":           {"PATCH", clashPath, `{"properties":{"killed_low":5000,"claims":1}}`, 422, "invalid-content", "/properties/claims /properties/killed_low"},
		"unknown":           {"PATCH", clashPath, `{"properties":{"titel":"x"},"geo":1}`, 422, "invalid-content", "/geo"},
		"unknown property":  {"PATCH", clashPath, `{"properties":{"titel":"x"}}`, 422, "invalid-content", "/properties/titel"},
		"another id":        {"PUT", clashPath, `{"type":"Feature","id":"other","geometry":null,"properties":{}}`, 422, "invalid-content", "/id"},
		"within a claim":    {"PATCH", "/collections/claims/items/2001-02-03-alpha-clash.c2", `{"properties":{"metric":"eaten","source_ids":"nobody"}}`, 422, "invalid-content", "/properties/metric /properties/source_ids /properties/supersedes"},
		"claim's place":     {"PATCH", "/collections/claims/items/2001-02-03-alpha-clash.c2", `{"geometry":{"type":"Point","coordinates":[1,2]}}`, 422, "invalid-content", "/geometry"},
		"open ring":         {"PATCH", "/collections/areas/items/bay", `{"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}}`, 422, "invalid-content", "/geometry/coordinates/0"},
		"bow tie":           {"PATCH", "/collections/areas/items/bay", `{"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}`, 422, "invalid-content", "/geometry"},
		"many, one bad":     {"POST", "/collections/sources/items", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"id":"good","publisher":"P"}},{"type":"Feature","geometry":null,"properties":{"id":"bad","publisher":"","lang":"english"}}]}`, 422, "invalid-content", "/features/1/properties/lang /features/1/properties/publisher"},
		"no features":       {"POST", "/collections/sources/items", `{"type":"FeatureCollection","features":[]}`, 422, "invalid-content", "/features"},
		"many where one is": {"PUT", clashPath, `{"type":"FeatureCollection","features":[]}`, 422, "invalid-content", "/type"},
		"a source in use":   {"DELETE", "/collections/sources/items/wire-1", "", 422, "invalid-content", ""},
	} {
		sequence := d.data.Revision().Sequence
		p := d.send("ann", tt.method, tt.target, tt.body).problem(tt.status, tt.kind)
		var at []string
		for _, e := range p.Errors {
			at = append(at, e.Pointer)
			if e.Problem == "" {
				t.Errorf("%s: %+v says nothing", name, e)
			}
		}
		if got := pointers(slices.Compact(at)); got != tt.at {
			t.Errorf("%s: faults at %q, want %q\n%+v", name, got, tt.at, p.Errors)
		}
		if d.data.Revision().Sequence != sequence {
			t.Errorf("%s: something was written", name)
		}
	}
}

// The definition of a service that takes changes has each of its routes and
// methods, and only those.
func TestDefinitionOfWriting(t *testing.T) {
	d := writable(t, Config{})
	doc := definition(t, d.service)
	var want, got []string
	for _, route := range d.router.Routes() {
		if slices.Contains([]string{"HEAD", "OPTIONS"}, route.Method) || isFile(route.Path) {
			continue
		}
		for _, col := range d.data.Snapshot().Collections() {
			if !strings.Contains(route.Path, "/tiles") || col.HasGeometry() || !strings.Contains(route.Path, ":collectionId") {
				want = append(want, route.Method+" "+pathVariable.ReplaceAllString(strings.Replace(route.Path, ":collectionId", col.ID, 1), "{$1}"))
			}
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			got = append(got, method+" "+path)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("operations (-routes +definition):\n%s", diff)
	}
	var schema struct {
		Properties map[string]struct{ ReadOnly bool }
	}
	d.get("/collections/incidents/schema").into(&schema)
	for name, readOnly := range map[string]bool{"title": false, "killed_low": true, "id": false, "geometry": false, "claims": true, "place_id": false} {
		if schema.Properties[name].ReadOnly != readOnly {
			t.Errorf("the schema says of %s: readOnly %v, want %v", name, !readOnly, readOnly)
		}
	}
	checkPage(t, d.service, "/api?f=html")
}
