package main

import (
	"bytes"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The real program, its real store: a token made beside the running service lets
// its holder add an incident, which is there after a restart, and no longer when
// it was retracted.
func TestWritingToTheStore(t *testing.T) {
	store := filepath.Join(t.TempDir(), "demarc.gpkg")
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"type":"Feature","geometry":{"type":"Point","coordinates":[70.5,39.8]},"properties":{"title":"Written by a test","theatre":"kg-tj-border","type":"shelling",
		"start":"2024-01-02","place":"A place of a test","country":"KG","summary":"Nothing happened.","occurrence":"claimed"}}`
	const claim = `{"type":"Feature","geometry":null,"properties":{"incident_id":"2022-09-14-conflict","metric":"killed","value_kind":"at_least","value":4,"as_reported":"at least four",
		"affected_party":"KG","status":"civilian","coverage":"part","claimant":"A doctor","claimant_type":"hospital","claimed_on":"2022-09-20","verification":"unattributed","source_ids":"aa210501"}}`
	send := func(method, address, token, body string) *http.Response {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/geo+json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		answer, _ := io.ReadAll(response.Body)
		response.Body = io.NopCloser(bytes.NewReader(answer))
		return response
	}
	expect := func(r *http.Response, status int) *http.Response {
		t.Helper()
		if r.StatusCode != status {
			body, _ := io.ReadAll(r.Body)
			t.Fatalf("%s %s: %s, want %d\n%s", r.Request.Method, r.Request.URL, r.Status, status, body)
		}
		return r
	}
	var token, path string
	t.Run("write", func(t *testing.T) {
		base := startServer(t, "--store", store)
		made, err := exec.Command(program, "token", "create", "--store", store, "--name", "ann", "--role", "editor").Output()
		if err != nil {
			t.Fatal(err)
		}
		token = strings.TrimSpace(string(made))
		expect(send("POST", base+"/collections/incidents/items", "demarc_nobody", body), http.StatusUnauthorized)
		path = strings.TrimPrefix(expect(send("POST", base+"/collections/incidents/items", token, body), http.StatusCreated).Header.Get("Location"), base)
		expect(send("GET", base+path, token, ""), http.StatusOK)
		expect(send("POST", base+"/collections/claims/items", token, claim), http.StatusCreated)
		// What counts it, places and sources, stands in the tables that others read.
		if out, err := exec.Command(program, "verify", "--store", store).CombinedOutput(); err != nil {
			t.Errorf("demarc verify: %v\n%s", err, out)
		}
	})
	t.Run("after a restart", func(t *testing.T) {
		base := startServer(t, "--store", store)
		expect(send("GET", base+path, token, ""), http.StatusOK)
		expect(send("DELETE", base+path, token, ""), http.StatusNoContent)
	})
	t.Run("read only", func(t *testing.T) {
		base := startServer(t, "--store", store, "--read-only")
		if r := expect(send("DELETE", base+path, token, ""), http.StatusMethodNotAllowed); r.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("Allow is %q", r.Header.Get("Allow"))
		}
		answer, _ := io.ReadAll(expect(send("GET", base+path, token, ""), http.StatusOK).Body)
		if !strings.Contains(string(answer), `"retracted":`) {
			t.Errorf("a retracted incident has no mark: %.300s", answer)
		}
	})
}
