package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// changes asks OGC API - Features - Part 4 (OGC 20-002r1, annex A of the draft of
// 2026) of a service of its own, whose records it may change.
type changes struct {
	root, token string
	made        int // how many features were made, for names of their own
}

// mutable are the collections whose features are changed, with the properties of a
// new one; %d is another number each time.
var mutable = map[string]string{
	"sources": `{"publisher":"Publisher %d","title":"A title","note":"A note"}`,
	"parties": `{"name":"Party %d","kind":"unknown","note":"A note"}`,
	"places":  `{"label":"Place %d","kind":"village","precision":"village","position_source":"a test","note":"A note"}`,
	"incidents": `{"title":"Shots at night","theatre":"kg-tj-border","type":"shelling","start":"2024-01-02","place":"A place of a test","country":"KG",
		"location_precision":"village","summary":"Case %d of a test.","occurrence":"claimed","note":"A note"}`,
	"claims": `{"incident_id":"2022-09-14-conflict","metric":"killed","value_kind":"at_least","value":%d,"as_reported":"so many","affected_party":"KG","status":"civilian","coverage":"part",
		"claimant":"A doctor","claimant_type":"hospital","claimed_on":"2022-09-20","verification":"unattributed","source_ids":"aa210501","note":"A note"}`,
}

// position is the geometry of a new feature, where its collection has any of its own.
func position(collection string) string {
	if collection == "places" || collection == "incidents" {
		return `{"type":"Point","coordinates":[70.5,39.75]}`
	}
	return "null"
}

// TestConformanceChanges runs the abstract tests of Part 4, each for every collection
// that it can change.
func TestConformanceChanges(t *testing.T) {
	store := filepath.Join(t.TempDir(), "demarc.gpkg")
	s := &changes{root: startServer(t, "--store", store)}
	s.token = editorOf(t, store)
	var declared struct{ ConformsTo []string }
	fetchJSON(t, s.root+"/conformance", &declared)
	for _, class := range declared.ConformsTo {
		name, part4 := strings.CutPrefix(class, specs+"ogcapi-features-4/1.0/conf/")
		if part4 && !slices.ContainsFunc(changeTests(), func(c changeTest) bool { return c.class == name }) {
			t.Errorf("%s is declared and has no test", class)
		}
	}
	for _, test := range changeTests() {
		for _, collection := range slices.Sorted(maps.Keys(mutable)) {
			t.Run(test.class+"/"+test.name+"/"+collection, func(t *testing.T) {
				if err := test.run(s, collection); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// editorOf makes a token for an editor of a store.
func editorOf(t *testing.T, store string) string {
	t.Helper()
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	token, err := exec.Command(program, "token", "create", "--store", store, "--name", "tester", "--role", "editor").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}

type changeTest struct {
	class, name string
	run         func(s *changes, collection string) error
}

// changeTests are the tests by their names in the annex. Those whose condition this
// service does not meet are not there: put-create (PUT makes nothing), crs84 (Part 2
// is declared), gml and gml-srsname, jsonfg (as what is sent).
func changeTests() []changeTest {
	const crud, update, features, handling = "create-replace-delete", "update", "features", "handling"
	tests := []changeTest{
		{crud, "options", (*changes).options}, {crud, "create", (*changes).create}, {crud, "create-content-type", (*changes).createContentType},
		{crud, "replace", (*changes).replace}, {crud, "replace-content-type", withoutContentType((*changes).put)}, {crud, "replace-rid", (*changes).replaceRID},
		{crud, "replace-exceptions", (*changes).replaceExceptions}, {crud, "delete", (*changes).delete},
		{update, "options", (*changes).optionsOfPatch}, {update, "update", (*changes).update}, {update, "update-content-type", withoutContentType((*changes).patch)}, {update, "update-rid", (*changes).updateRID},
		{features, "endpoints", (*changes).endpoints}, {features, "crs", (*changes).crs}, {features, "schema", (*changes).schema}, {features, "geojson", (*changes).replaceRID},
		{features, "json-merge-patch", (*changes).mergePatch},
		{handling, "prefer", (*changes).preferHandling}, {handling, "strict", (*changes).strict}, {handling, "lenient", (*changes).lenient}, {handling, "preference-applied", (*changes).strict},
	}
	for class, l := range map[string]locking{
		"optimistic-locking-etags": {"ETag", "If-Match", func(string) string { return `"0"` }},
		"optimistic-locking-timestamps": {"Last-Modified", "If-Unmodified-Since", func(stamp string) string {
			at, _ := http.ParseTime(stamp)
			return at.Add(-time.Hour).UTC().Format(http.TimeFormat)
		}},
	} {
		tests = append(tests, changeTest{class, "get-" + strings.ToLower(l.validator), l.get}, changeTest{class, "replace", l.change((*changes).put)},
			changeTest{class, "update", l.change((*changes).patch)}, changeTest{class, "delete", l.delete})
	}
	return tests
}

// response is an answer with its body.
type response struct {
	*http.Response
	body []byte
}

func (s *changes) send(method, address, body string, headers ...string) (*response, error) {
	if strings.HasPrefix(address, "/") {
		address = s.root + address
	}
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] != "" {
			request.Header.Set(headers[i], headers[i+1])
		}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	return &response{answer, content}, err
}

// is returns an error unless the status is one of those.
func (r *response) is(statuses ...int) error {
	if !slices.Contains(statuses, r.StatusCode) {
		return fmt.Errorf("%s %s: %s, want %v: %.400s", r.Request.Method, r.Request.URL, r.Status, statuses, r.body)
	}
	return nil
}

// must sends a request that is answered with that status.
func (s *changes) must(status int, method, address, body string, headers ...string) (*response, error) {
	r, err := s.send(method, address, body, headers...)
	if err == nil {
		err = r.is(status)
	}
	return r, err
}

func (s *changes) post(collection, body string, headers ...string) (*response, error) {
	return s.send("POST", "/collections/"+collection+"/items", body, append([]string{"Content-Type", "application/geo+json"}, headers...)...)
}

func (s *changes) put(at *thing, headers ...string) (*response, error) {
	return s.send("PUT", at.address, at.feature("changed", ""), append([]string{"Content-Type", "application/geo+json"}, headers...)...)
}

func (s *changes) patch(at *thing, headers ...string) (*response, error) {
	return s.send("PATCH", at.address, `{"properties":{"note":"changed"}}`, append([]string{"Content-Type", "application/merge-patch+json"}, headers...)...)
}

// thing is a feature that a test has made.
type thing struct{ collection, address, properties string }

// fresh returns the properties of a new feature.
func (s *changes) fresh(collection string) string {
	s.made++
	return fmt.Sprintf(mutable[collection], s.made)
}

// feature returns the feature with another note, and with an id where one is given.
func (x *thing) feature(note, id string) string {
	properties := strings.Replace(x.properties, "A note", note, 1)
	if id != "" {
		id = fmt.Sprintf(`"id":%q,`, id)
	}
	return fmt.Sprintf(`{"type":"Feature",%s"geometry":%s,"properties":%s}`, id, position(x.collection), properties)
}

// make makes a feature.
func (s *changes) make(collection string) (*thing, error) {
	x := &thing{collection: collection, properties: s.fresh(collection)}
	r, err := s.post(collection, x.feature("A note", ""))
	if err == nil {
		err = r.is(http.StatusCreated)
	}
	if err != nil {
		return nil, err
	}
	x.address = r.Header.Get("Location")
	if collection == "incidents" { // its place is there now
		x.properties = strings.Replace(x.properties, `"place":"A place of a test","country":"KG"`, `"place_id":"a-place-of-a-test"`, 1)
	}
	return x, nil
}

// state returns the feature as it stands.
func (s *changes) state(at *thing) (f state, err error) {
	r, err := s.must(http.StatusOK, "GET", at.address, "", "Accept", "application/geo+json")
	if err == nil {
		err = json.Unmarshal(r.body, &f)
	}
	return f, err
}

type state struct {
	ID         string
	Geometry   any
	Properties map[string]any
}

// noted returns an error unless the feature has the note, and its own id.
func (s *changes) noted(at *thing, note string) error {
	f, err := s.state(at)
	if err == nil && (f.Properties["note"] != note || !strings.HasSuffix(at.address, "/"+url.PathEscape(f.ID))) {
		err = fmt.Errorf("%s is %s with the note %v, want %q", at.address, f.ID, f.Properties["note"], note)
	}
	return err
}

func (s *changes) options(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	for address, methods := range map[string][]string{"/collections/" + collection + "/items": {"POST"}, x.address: {"PUT", "PATCH", "DELETE"}} {
		r, err := s.must(http.StatusOK, "OPTIONS", address, "")
		if err != nil {
			return err
		}
		allow := strings.Split(r.Header.Get("Allow"), ", ")
		for _, method := range methods {
			if !slices.Contains(allow, method) {
				return fmt.Errorf("%s allows %v, not %s", address, allow, method)
			}
		}
		if slices.Contains(allow, "POST") && r.Header.Get("Accept-Post") == "" {
			return fmt.Errorf("%s has no Accept-Post", address)
		}
	}
	return nil
}

func (s *changes) optionsOfPatch(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	r, err := s.must(http.StatusOK, "OPTIONS", x.address, "")
	if err == nil && (!strings.Contains(r.Header.Get("Allow"), "PATCH") || !strings.Contains(r.Header.Get("Accept-Patch"), "application/merge-patch+json")) {
		err = fmt.Errorf("%s: %v", x.address, r.Header)
	}
	return err
}
