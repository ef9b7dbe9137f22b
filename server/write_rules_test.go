package server

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A request that is sent again with its key is carried out once, and answered
// the same; the key with another request is refused.
func TestIdempotencyKey(t *testing.T) {
	d := writable(t, Config{})
	body := `{"type":"Feature","geometry":null,"properties":{"publisher":"New Wire"}}`
	first := d.send("bob", "POST", "/collections/sources/items", body, "Idempotency-Key", "k1").is(http.StatusCreated)
	again := d.send("bob", "POST", "/collections/sources/items", body, "Idempotency-Key", "k1").is(http.StatusCreated)
	if first.header.Get("Location") != again.header.Get("Location") || first.header.Get("ETag") != again.header.Get("ETag") {
		t.Errorf("first %v\nagain %v", first.header, again.header)
	}
	other := d.send("bob", "POST", "/collections/sources/items", strings.Replace(body, "New", "Old", 1), "Idempotency-Key", "k1")
	if p := other.problem(http.StatusBadRequest, "invalid-parameter"); p.Errors[0].Header != "Idempotency-Key" {
		t.Errorf("another request: %+v", p.Errors)
	}
	if a := d.send("carl", "POST", "/collections/sources/items", body, "Idempotency-Key", "k1").is(http.StatusCreated); a.header.Get("Location") == first.header.Get("Location") {
		t.Error("one contributor's key is another's")
	}
	claim := `{"type":"Feature","geometry":null,"properties":{"incident_id":"2005-gamma","metric":"killed","value_kind":"at_least","value":4,"as_reported":"at least four","affected_party":"XA",
		"status":"civilian","coverage":"whole","claimant":"A doctor","claimant_type":"hospital","claimed_on":"2005","verification":"unattributed","source_ids":"book","locator":"p. 9"}}`
	first = d.send("ann", "POST", "/collections/claims/items", claim, "Idempotency-Key", "k2").is(http.StatusCreated)
	again = d.send("ann", "POST", "/collections/claims/items", claim, "Idempotency-Key", "k2").is(http.StatusCreated)
	location := first.header.Get("Location")
	if location == "" || location != again.header.Get("Location") {
		t.Errorf("a claim is at %q and at %q", location, again.header.Get("Location"))
	}
	var f feature
	d.get(location).into(&f)
	if f.Properties["value_min"] != 4.0 || f.Properties["locator"] != "p. 9" {
		t.Errorf("the claim is %v", f.Properties)
	}
	id := f.ID
	d.send("ann", "DELETE", location, "", "Idempotency-Key", "k3").is(http.StatusNoContent)
	d.send("ann", "DELETE", location, "", "Idempotency-Key", "k3").is(http.StatusNoContent)
	d.get(location).problem(http.StatusNotFound, "not-found")
	if next := d.send("ann", "POST", "/collections/claims/items", claim).is(http.StatusCreated).header.Get("Location"); strings.HasSuffix(next, id) {
		t.Errorf("the id of a claim that is no more is given again: %s", next)
	}
}

func TestPreconditions(t *testing.T) {
	d := writable(t, Config{})
	got := d.get(clashPath)
	gzipped := d.get(clashPath, "Accept-Encoding", "gzip").header.Get("ETag")
	html := d.get(clashPath + "?f=html").header.Get("ETag")
	if gzipped == got.header.Get("ETag") || html == gzipped || strings.HasPrefix(gzipped, "W/") {
		t.Errorf("the ETags of three representations: %s, %s, %s", got.header.Get("ETag"), gzipped, html)
	}
	patch := `{"properties":{"note":"%s"}}`
	for i, tt := range []struct {
		name, value string
		status      int
	}{
		{"If-Match", got.header.Get("ETag"), 204}, {"If-Match", got.header.Get("ETag"), 412}, {"If-Match", gzipped, 412}, {"If-Match", "*", 204}, {"If-Match", `"nonsense"`, 412},
		{"If-Match", "W/" + got.header.Get("ETag"), 412}, {"If-Unmodified-Since", got.header.Get("Last-Modified"), 412},
		{"If-Unmodified-Since", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), 204}, {"If-Unmodified-Since", "yesterday", 204}, {"Accept", "*/*", 204},
	} {
		a := d.send("ann", "PATCH", clashPath, strings.Replace(patch, "%s", strings.Repeat("x", i+1), 1), tt.name, tt.value)
		if a.status != tt.status {
			t.Errorf("%d %s: %s: %d, want %d", i, tt.name, tt.value, a.status, tt.status)
		}
	}
	for _, ask := range [][]string{{clashPath}, {clashPath, "Accept-Encoding", "gzip"}, {clashPath + "?f=html"}} {
		d.send("ann", "PATCH", clashPath, `{}`, "If-Match", d.get(ask[0], ask[1:]...).header.Get("ETag")).is(http.StatusNoContent)
	}
	strict := writable(t, Config{RequireIfMatch: true})
	strict.send("ann", "PATCH", clashPath, `{}`).problem(http.StatusPreconditionRequired, "precondition-required")
	strict.send("ann", "DELETE", clashPath, "").problem(http.StatusPreconditionRequired, "precondition-required")
	strict.send("ann", "PATCH", clashPath, `{}`, "If-Match", strict.get(clashPath).header.Get("ETag")).is(http.StatusNoContent)
}

func TestBodiesThatAreNotTaken(t *testing.T) {
	d := writable(t, Config{})
	d.send("ann", "POST", incidentsPath, newIncident, "Content-Type", "text/csv").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	d.send("ann", "POST", incidentsPath, newIncident, "Content-Encoding", "gzip").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	d.send("ann", "PATCH", clashPath, `{}`, "Content-Type", "application/json-patch+json").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	d.send("ann", "POST", incidentsPath, `{"type":"Feature","x":"`+strings.Repeat("x", maxBody)+`"}`).problem(http.StatusRequestEntityTooLarge, "too-large")
	d.send("ann", "POST", incidentsPath, strings.Repeat("[", 100_000)).problem(http.StatusBadRequest, "invalid-json")
	d.send("ann", "POST", incidentsPath, newIncident, "Content-Crs", "EPSG:1").problem(http.StatusBadRequest, "invalid-parameter")
	d.ask("POST", incidentsPath, "Authorization", "Basic YTpi").problem(http.StatusUnauthorized, "unauthorized")
	d.send("ann", "POST", "/collections/incidents", "{}").problem(http.StatusMethodNotAllowed, "method-not-allowed")
}
