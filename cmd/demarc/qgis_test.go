package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// QGIS reads the service as a person's layer would, headless, and what it got is
// compared with the API. testdata/layers.py does the reading.

const debianQGIS = "python3-qgis"

// qgisJob is one layer that QGIS opens, and what is asked of it.
type qgisJob struct {
	URL        string      `json:"url"`
	Collection string      `json:"collection"`
	Page       int         `json:"page,omitempty"`
	Box        *[4]float64 `json:"box,omitempty"`
	Subset     string      `json:"subset,omitempty"`
	Value      string      `json:"value,omitempty"` // a field whose values are wanted

	name    string
	want    []string
	request string // a part of a request that it must have sent
}

type qgisAnswer struct {
	Valid     bool
	CRS       string
	Count     int
	IDs       []string
	Unlocated int
	Subset    *bool
	Fields    map[string]string
	Values    map[string]string
}

// needQGIS returns the interpreter of Debian's own Python that has QGIS.
func needQGIS(t *testing.T) string {
	t.Helper()
	const python = "/usr/bin/python3" // not another one on PATH, which lacks Debian's packages
	if exec.Command(python, "-c", "import qgis.core").Run() == nil {
		return python
	}
	return needProgram(t, "QGIS for "+python, debianQGIS)
}

func runQGIS(t *testing.T, jobs []*qgisJob) []qgisAnswer {
	t.Helper()
	in, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir() // QGIS keeps a profile and a cache there
	cmd := exec.Command(needQGIS(t), "-X", "faulthandler", "testdata/layers.py")
	cmd.Env = append(environWithoutSettings(), "QT_QPA_PLATFORM=offscreen", "LC_ALL=C.UTF-8", "HOME="+home, "XDG_RUNTIME_DIR="+home)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("QGIS: %v\n%s\n%s", err, stdout.String(), stderr.String())
	}
	var answers []qgisAnswer
	if err := json.Unmarshal(stdout.Bytes(), &answers); err != nil || len(answers) != len(jobs) {
		t.Fatalf("QGIS: %d answers to %d jobs: %v\n%s\n%s", len(answers), len(jobs), err, stdout.String(), stderr.String())
	}
	return answers
}

// recordingProxy passes requests on to base and notes them, with the status.
func recordingProxy(t *testing.T, base string) (address string, requests func() []string) {
	t.Helper()
	to, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var seen []string
	proxy := httputil.NewSingleHostReverseProxy(to) // keeps Host, so links lead through it
	proxy.ModifyResponse = func(r *http.Response) error {
		mu.Lock()
		defer mu.Unlock()
		asked := r.Request.URL.Path + "?" + r.Request.URL.RawQuery
		if plain, err := url.QueryUnescape(asked); err == nil {
			asked = plain
		}
		seen = append(seen, fmt.Sprintf("%d %s", r.StatusCode, asked))
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(seen)
	}
}

// yearZero is how QGIS writes the beginning of time.
const yearZero = "0000-01-01T00:00:00Z"

func TestQGIS(t *testing.T) {
	needQGIS(t)
	address, requests := recordingProxy(t, startServer(t))
	features := map[string][]feature{}
	var jobs []*qgisJob
	for _, collection := range collectionIDs(t, address) {
		features[collection], _ = fetchItems(t, address, collection, "")
		all := sortedIDs(features[collection], nil)
		jobs = append(jobs,
			&qgisJob{name: "all of " + collection, Collection: collection, want: all},
			&qgisJob{name: "pages of " + collection, Collection: collection, Page: 7, want: all, request: "/collections/" + collection + "/items?limit=7"})
	}
	incidents := features["incidents"]
	for _, collection := range geometries {
		for _, box := range [][4]float64{{69.5, 37, 71.25, 40.125}, {70.5, 39.75, 70.75, 40.1}, {-10, -10, 10, 10}} {
			inBox, _ := fetchItems(t, address, collection, fmt.Sprintf("bbox=%g,%g,%g,%g", box[0], box[1], box[2], box[3]))
			// Like GDAL, QGIS shows in a window only what has a place.
			jobs = append(jobs, &qgisJob{name: fmt.Sprintf("window %v of %s", box, collection), Collection: collection, Box: &box,
				want: sortedIDs(inBox, feature.hasGeometry), request: "bbox="})
		}
	}
	kind := commonest(incidents, "type")
	jobs = append(jobs, &qgisJob{name: "subset on an attribute", Collection: "incidents", Subset: fmt.Sprintf(`"type" = '%s'`, kind),
		want: sortedIDs(incidents, func(f feature) bool { return textOf(f, "type") == kind })})
	for _, subset := range []struct {
		text, request string
		keep          func(start string) bool
	}{
		{`"start" >= '2022-01-01'`, "9999-12-31", func(s string) bool { return s >= "2022-01-01" }},
		{`"start" <= '2004-12-31'`, yearZero, func(s string) bool { return s <= "2004-12-31" }},
		{`"start" >= '2010-01-01' AND "start" <= '2021-12-31'`, "2010-01-01", func(s string) bool { return s >= "2010-01-01" && s <= "2021-12-31" }},
	} {
		jobs = append(jobs, &qgisJob{name: "subset " + subset.text, Collection: "incidents", Subset: subset.text, request: subset.request,
			want: sortedIDs(incidents, func(f feature) bool { return subset.keep(textOf(f, "start")) })})
	}
	cyrillic, value := "", ""
	for _, collection := range []string{"places", "segments", "sources"} {
		if cyrillic, value = cyrillicValue(features[collection]); cyrillic != "" {
			name, value := cyrillic, value
			jobs = append(jobs, &qgisJob{name: "subset in Cyrillic", Collection: collection, Subset: fmt.Sprintf(`"%s" = '%s'`, name, value), Value: name,
				want: sortedIDs(features[collection], func(f feature) bool { return textOf(f, name) == value })})
			break
		}
	}
	for _, j := range jobs {
		j.URL = address
	}
	answers := runQGIS(t, jobs)
	good := 0
	for i, job := range jobs {
		if t.Run(job.name, func(t *testing.T) { checkQGIS(t, job, answers[i], features[job.Collection], requests()) }) {
			good++
		}
	}
	t.Run("requests", func(t *testing.T) {
		for _, r := range requests() {
			if !strings.HasPrefix(r, "200 ") && !strings.HasPrefix(r, "304 ") {
				t.Errorf("QGIS was refused: %s", r)
			}
		}
	})
	if cyrillic == "" || !strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		t.Error("no attribute in Cyrillic was compared")
	}
	t.Logf("QGIS: %d/%d layers as the API has them", good, len(jobs))
}

func checkQGIS(t *testing.T, job *qgisJob, got qgisAnswer, all []feature, requests []string) {
	if !got.Valid {
		t.Fatal("QGIS does not take the layer")
	}
	sort.Strings(got.IDs)
	if !slices.Equal(got.IDs, job.want) {
		t.Errorf("got %d features, want %d; only in QGIS %v, only in the API %v", len(got.IDs), len(job.want), without(got.IDs, job.want), without(job.want, got.IDs))
	}
	if job.request != "" && !slices.ContainsFunc(requests, func(r string) bool { return strings.Contains(r, job.request) }) {
		t.Errorf("no request contains %q:\n%s", job.request, strings.Join(requests, "\n"))
	}
	if job.Subset != "" {
		if got.Subset == nil || !*got.Subset {
			t.Errorf("QGIS refuses the subset %s", job.Subset)
		}
	} else if got.Count != len(all) {
		t.Errorf("QGIS counts %d features, the API %d", got.Count, len(all))
	}
	// QGIS 3.22 takes types from the first page's values, not from a schema; numbers
	// that happen to be whole are written so that it sees numbers.
	for _, name := range []string{"id", "title", "start", "killed_low", "segment_m", "uncertainty_km"} {
		want := map[string]string{"id": "string", "title": "string", "start": "date", "killed_low": "integer", "segment_m": "real", "uncertainty_km": "real"}[name]
		if job.Collection == "incidents" && !strings.EqualFold(got.Fields[name], want) {
			t.Errorf("field %s is %q in QGIS, want %q", name, got.Fields[name], want)
		}
	}
	if job.Box == nil && job.Subset == "" {
		unlocated := 0
		for _, f := range all {
			if !f.hasGeometry() {
				unlocated++
			}
		}
		if got.Unlocated != unlocated {
			t.Errorf("%d features have no geometry in QGIS, %d in the API", got.Unlocated, unlocated)
		}
	}
	for id, v := range got.Values {
		i := slices.IndexFunc(all, func(f feature) bool { return f.ID == id })
		if i < 0 || textOf(all[i], job.Value) != v {
			t.Errorf("feature %s: %s is %q in QGIS", id, job.Value, v)
		}
	}
}
