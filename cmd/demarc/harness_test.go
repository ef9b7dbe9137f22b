package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The tests of this folder that need a running service start the real program:
// its own process, an empty directory, a port of its own.

// startServer builds demarc once, runs `demarc serve` until the test ends and
// returns its base URL, without a slash at the end. A server that does not end
// with code 0 on SIGTERM fails the test, so a data race in it does too (the
// race detector ends a program with 66).
//
// DEMARC_TEST_URL names a running server to use instead.
func startServer(t *testing.T, flags ...string) string {
	t.Helper()
	if running := os.Getenv("DEMARC_TEST_URL"); running != "" && len(flags) == 0 {
		return strings.TrimSuffix(running, "/")
	}
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}

	cmd := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...)...)
	cmd.Dir = t.TempDir()                                           // the default store is demarc.gpkg in the working directory
	cmd.Env = append(environWithoutSettings(), "DEMARC_TIMEOUT=4m") // no answer is late on a slow machine
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tail := &lastLines{max: 40}
	found := make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		watchOutput(output, tail, found)
	}()
	t.Cleanup(func() { stopServer(t, cmd, ended, tail) })

	select {
	case base := <-found:
		waitReady(t, base)
		return base
	case <-ended:
		t.Fatalf("demarc serve ended before it named its address:\n%s", tail)
	case <-time.After(patience):
		t.Fatalf("demarc serve named no address in %s:\n%s", patience, tail)
	}
	return ""
}

// readSourceFolders opens every folder with sources. `go test` takes an old result
// again unless something changed that the test had opened, and what these tests
// depend on is not in their own binary: the program that they build and start,
// or all packages.
func readSourceFolders() error {
	for _, folder := range []string{"cmd", "data", "geo", "server", "web"} {
		err := filepath.WalkDir(filepath.Join("..", "..", folder), func(_ string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist): // a build is at work in web/dist
				return nil
			case err == nil && d.Name() == "node_modules":
				return fs.SkipDir
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// buildProgram builds the program for the tests into bin/, once a run, with the
// race detector if the tests have it.
var buildProgram = sync.OnceValues(func() (string, error) {
	if err := readSourceFolders(); err != nil {
		return "", err
	}
	program, err := filepath.Abs("../../bin/demarc-test")
	if err != nil {
		return "", err
	}
	args := []string{"build", "-o", program}
	if raceDetector() {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, ".")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build demarc: %w\n%s", err, out)
	}
	return program, nil
})

// raceDetector tells whether this test program was built with -race.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-race" {
			return s.Value == "true"
		}
	}
	return false
}

// environWithoutSettings is the environment less DEMARC_…, so that a setting of
// the developer's shell changes no test.
func environWithoutSettings() []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "DEMARC_") {
			env = append(env, kv)
		}
	}
	return env
}

var addressInOutput = regexp.MustCompile(`http://127\.0\.0\.1:[1-9][0-9]*`)

// watchOutput reads the program's output to its end, keeps the last lines in
// tail, and sends the first address it meets.
func watchOutput(output io.Reader, tail *lastLines, found chan<- string) {
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	sent := false
	for lines.Scan() {
		tail.add(lines.Text())
		if base := addressInOutput.FindString(lines.Text()); base != "" && !sent {
			sent = true
			found <- base
		}
	}
	_, _ = io.Copy(io.Discard, output) // a line longer than the buffer must not block the program
}

// stopServer ends the process and waits for it.
func stopServer(t *testing.T, cmd *exec.Cmd, ended <-chan struct{}, tail *lastLines) {
	t.Helper()
	_ = cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	<-ended
	if err := cmd.Wait(); err != nil {
		t.Errorf("demarc serve, stopped by SIGTERM: %v; its last lines:\n%s", err, tail)
	} else if t.Failed() {
		t.Logf("the server's last lines:\n%s", tail)
	}
}

func waitReady(t *testing.T, base string) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		resp, err := http.Get(base + "/readyz")
		if err != nil {
			last = err.Error()
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
		last = resp.Status
	}
	t.Fatalf("%s/readyz is not 200 after %s; last answer: %s", base, patience, last)
}

// lastLines keeps the end of a program's output for a failure's message.
type lastLines struct {
	mu    sync.Mutex
	lines []string
	max   int
}

func (l *lastLines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	if len(l.lines) > l.max {
		l.lines = l.lines[1:]
	}
}

func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// needProgram returns the path of a program that is not ours. A machine without
// it fails in CI and skips elsewhere, saying which Debian package has it.
func needProgram(t *testing.T, name, debianPackage string, folders ...string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, folder := range folders {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path
		}
	}
	message := fmt.Sprintf("%s is not on this machine (Debian package %s; `make test` installs it)", name, debianPackage)
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// runProgram runs a foreign program and returns what it wrote to standard
// output; it fails the test, with all that was written, if the program failed.
func runProgram(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(environWithoutSettings(), "LC_ALL=C.UTF-8")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// feature is a GeoJSON feature as a client sees it: nothing of our own types, so
// that a mistake in them cannot hide itself.
type feature struct {
	ID         string                     `json:"id"`
	Geometry   json.RawMessage            `json:"geometry"`
	Properties map[string]json.RawMessage `json:"properties"`
}

// hasGeometry is false for null and for a missing geometry.
func (f feature) hasGeometry() bool {
	return len(f.Geometry) > 0 && string(f.Geometry) != "null"
}

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
	Type string `json:"type"`
}

type featurePage struct {
	Features      []feature `json:"features"`
	NumberMatched *int      `json:"numberMatched"`
	Links         []link    `json:"links"`
}

// fetchItems reads all pages of a collection's items; query is without "?".
func fetchItems(t *testing.T, base, collection, query string) (all []feature, matched int) {
	t.Helper()
	next := base + "/collections/" + collection + "/items?limit=1000"
	if query != "" {
		next += "&" + query
	}
	for pages := 0; next != ""; pages++ {
		if pages > 1000 {
			t.Fatalf("%s: more than 1000 pages, next is %s", collection, next)
		}
		var page featurePage
		fetchJSON(t, next, &page)
		all = append(all, page.Features...)
		if page.NumberMatched == nil {
			t.Fatalf("%s has no numberMatched", next)
		}
		matched = *page.NumberMatched
		next = ""
		for _, l := range page.Links {
			if l.Rel == "next" {
				next = l.Href
			}
		}
	}
	if len(all) != matched {
		t.Fatalf("%s?%s: %d features on all pages, numberMatched %d", collection, query, len(all), matched)
	}
	return all, matched
}

func fetchJSON(t *testing.T, address string, into any) {
	t.Helper()
	body, status, err := get(address, "application/geo+json, application/json")
	if err != nil {
		t.Fatal(err)
	}
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d\n%.600s", address, status, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("GET %s: %v\n%.600s", address, err, body)
	}
}

func get(address, accept string) (body []byte, status int, err error) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(resp.Body)
	return body, resp.StatusCode, err
}

// collectionIDs lists the collections in the order of the service.
func collectionIDs(t *testing.T, base string) []string {
	t.Helper()
	var doc struct {
		Collections []struct {
			ID string `json:"id"`
		} `json:"collections"`
	}
	fetchJSON(t, base+"/collections?f=json", &doc)
	var ids []string
	for _, c := range doc.Collections {
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		t.Fatalf("%s/collections lists nothing", base)
	}
	return ids
}

// query builds a query string from names and values in turn.
func query(namesAndValues ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		q.Add(namesAndValues[i], namesAndValues[i+1])
	}
	return q.Encode()
}
