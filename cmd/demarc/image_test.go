package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asked are the questions by which a service that starts by its image is compared with
// one that has read its rows.
func asked() []string {
	questions := []string{"/collections", "/log/checkpoint", "/tiles/WebMercatorQuad/4/6/11?collections=incidents,claims"}
	for _, id := range []string{"incidents", "claims", "segments", "areas", "places", "sources", "parties"} {
		items := "/collections/" + id + "/items"
		questions = append(questions, "/collections/"+id, items+"?limit=1000", items+"?limit=5&sortby=-id", items+"?limit=1000&f=csv",
			items+"?limit=1000&f=html", items+"?bbox=69,38,71,40&limit=100", items+"?asof=2021-05-01&limit=1000", items+"?datetime=2021-04-01/..&limit=50")
	}
	for _, id := range []string{"incidents", "claims", "segments"} {
		for _, tile := range []string{"0/0/0", "5/12/22", "7/49/89", "9/197/356"} {
			questions = append(questions, "/collections/"+id+"/tiles/WebMercatorQuad/"+tile)
		}
	}
	return append(questions, "/collections/incidents/items/2022-09-14-conflict", "/collections/incidents/items?near=70.6,39.9&limit=20",
		"/collections/incidents/items?filter=killed_low%3E0%20AND%20type%3D%27armed_clash%27", "/collections/places/items?sortby=-incidents&limit=20")
}

var answeredAt = regexp.MustCompile(`"timeStamp":"[^"]*"`)

// answers asks a service all questions.
func answers(t *testing.T, base string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, q := range asked() {
		r, err := http.Get(base + q)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // it is read
		if err != nil {
			t.Fatal(err)
		}
		body = answeredAt.ReplaceAll(bytes.ReplaceAll(body, []byte(base), nil), nil)
		out[q] = fmt.Sprintf("%d %s\n%s", r.StatusCode, r.Header.Get("Content-Type"), body)
	}
	return out
}

// A service that starts by the image answers to the byte as one that reads every row,
// and so it does after more changes and another start.
func TestStartByTheImage(t *testing.T) {
	store := filepath.Join(t.TempDir(), "demarc.gpkg")
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	var token string
	change := func(t *testing.T, base, method, path, body string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/geo+json")
		r, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if answer, _ := io.ReadAll(r.Body); r.StatusCode >= 300 {
			t.Fatalf("%s %s: %s %s", method, path, r.Status, answer)
		}
	}
	const incident = `{"type":"Feature","geometry":{"type":"Point","coordinates":[70.5,39.8]},"properties":{"title":"Written by a test","theatre":"kg-tj-border","type":"shelling",
		"start":"2024-01-0%d","place":"A place of a test","country":"KG","location_precision":"village","summary":"Nothing happened.","occurrence":"claimed"}}`
	t.Run("make", func(t *testing.T) {
		base := startServer(t, "--store", store, "--image-from", "1")
		made, err := exec.Command(program, "token", "create", "--store", store, "--name", "ann", "--role", "editor").Output()
		if err != nil {
			t.Fatal(err)
		}
		token = strings.TrimSpace(string(made))
		change(t, base, http.MethodPost, "/collections/incidents/items", fmt.Sprintf(incident, 1))
		change(t, base, http.MethodDelete, "/collections/incidents/items/"+firstID(t, base, "incidents"), "")
	})
	for round := 2; round < 4; round++ {
		if info, err := os.Stat(store + "-image"); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal("there is no image, or others may read it:", err)
		}
		var want, got map[string]string
		t.Run("by the rows", func(t *testing.T) {
			want = answers(t, startServer(t, "--store", store, "--image-from", "0"))
		})
		t.Run("by the image", func(t *testing.T) {
			base := startServer(t, "--store", store, "--image-from", "1")
			var ready struct{ Rows uint64 }
			if fetchJSON(t, base+"/readyz", &ready); ready.Rows == 0 {
				t.Fatal("it did not start by the image")
			}
			got = answers(t, base)
			change(t, base, http.MethodPost, "/collections/incidents/items", fmt.Sprintf(incident, round))
			change(t, base, http.MethodPatch, "/collections/incidents/items/"+firstID(t, base, "incidents"), `{"type":"Feature","properties":{"summary":"Another summary."}}`)
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-by the rows +by the image):\n%.3000s", diff)
		}
	}
	if out, err := exec.Command(program, "verify", "--store", store).CombinedOutput(); err != nil {
		t.Errorf("demarc verify: %v\n%s", err, out)
	}
}
