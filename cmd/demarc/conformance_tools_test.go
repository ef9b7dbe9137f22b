package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Others' tools read the API definition of the running service: two validators,
// and a fuzzer that asks what the definition says can be asked. They know nothing of
// our routes, so they test those that come later too.

// TestConformanceOpenAPITools gives the definition to spectral, with its rules for
// OpenAPI, and to swagger-parser.
func TestConformanceOpenAPITools(t *testing.T) {
	node := needProgram(t, "node", "nodejs")
	dir := toolsFolder(t, "package.json", "package-lock.json", "spectral.yaml", "validate.mjs")
	install(t, dir, "node_modules/.package-lock.json", needProgram(t, "npm", "npm"), "ci", "--prefix", dir, "--no-audit", "--no-fund", "--ignore-scripts")
	document, _ := apiDocument(t, startServer(t))

	out, err := exec.Command(node, filepath.Join(dir, "node_modules", "@stoplight", "spectral-cli", "dist", "index.js"),
		"lint", "--ruleset", filepath.Join(dir, "spectral.yaml"), "--fail-severity", "error", "--quiet", "--format", "text", document).CombinedOutput()
	if err != nil {
		t.Errorf("spectral: %v\n%.4000s", err, out)
	}
	t.Log("spectral, rules for OpenAPI: 0 errors")
	t.Logf("swagger-parser: %s", runProgram(t, node, filepath.Join(dir, "validate.mjs"), document))
}

// cases is how many requests schemathesis makes; DEMARC_SCHEMATHESIS_CASES sets
// another number.
const cases = 600

// notAsked are checks of schemathesis that the standards do not go along with.
const notAsked = "negative_data_rejection," + // a limit above the maximum is the maximum (OGC 17-069r4 /req/core/fc-limit-definition)
	"positive_data_acceptance" // a filter, a date or a cursor is more than a text

var casesMade = regexp.MustCompile(`Test cases:\s+(\d+) generated, (\d+) passed`)

// TestConformanceSchemathesis asks all operations of the definition with values that
// fit it and values that do not: no status and no media type that is not in the
// definition, no answer that is not after its schema, no failure of the server.
func TestConformanceSchemathesis(t *testing.T) {
	python := needProgram(t, "python3", "python3-venv")
	dir := toolsFolder(t, "requirements.txt")
	install(t, dir, "venv/bin/pip", python, "-m", "venv", filepath.Join(dir, "venv"))
	install(t, dir, "venv/bin/schemathesis", filepath.Join(dir, "venv", "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", filepath.Join(dir, "requirements.txt"))
	want := cases
	if n, err := strconv.Atoi(os.Getenv("DEMARC_SCHEMATHESIS_CASES")); err == nil {
		want = n
	}
	t.Run("as nobody", func(t *testing.T) { schemathesis(t, dir, startServer(t), want) })
	t.Run("as an editor", func(t *testing.T) { // whose changes are carried out
		store := filepath.Join(t.TempDir(), "demarc.gpkg")
		base := startServer(t, "--store", store)
		schemathesis(t, dir, base, want/2, "--header", "Authorization: Bearer "+editorOf(t, store))
	})
}

// schemathesis asks a service, and fails the test where it finds fault.
func schemathesis(t *testing.T, dir, base string, want int, more ...string) {
	t.Helper()
	document, operations := apiDocument(t, base)
	each := want/operations*5/4 + 1 // of some operations there is less to ask

	cmd := exec.Command(filepath.Join(dir, "venv", "bin", "schemathesis"), append([]string{"run", document, "--url", base, "--phases", "fuzzing", "--workers", "2",
		"--exclude-path", "/events", // which has no end
		"--max-examples", strconv.Itoa(each), "--seed", strconv.FormatUint(testSeed(), 10), "--generation-database", "none", "--continue-on-failure", "--no-shrink", "--no-color",
		"--suppress-health-check", "all", "--checks", "all", "--exclude-checks", notAsked}, more...)...)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("schemathesis: %v\n%.8000s", err, out)
	}
	made := casesMade.FindSubmatch(out)
	if made == nil || string(made[1]) != string(made[2]) {
		t.Fatalf("schemathesis says nothing of its cases:\n%.4000s", out)
	}
	if n, _ := strconv.Atoi(string(made[1])); n < want {
		t.Errorf("schemathesis made %d cases, want %d", n, want)
	}
	t.Logf("schemathesis: %s cases of %d operations, 0 failures (seed %d)", made[1], operations, testSeed())
}

// apiDocument saves the API definition of a service and returns its name and how
// many operations it has.
func apiDocument(t *testing.T, base string) (name string, operations int) {
	t.Helper()
	body, status, err := get(base+"/api", acceptOpenAPI)
	if err != nil || status != http.StatusOK {
		t.Fatalf("GET %s/api: %d, %v", base, status, err)
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	for _, path := range doc.Paths {
		for member := range path {
			if strings.Contains(" get put post delete patch head options ", " "+member+" ") {
				operations++
			}
		}
	}
	name = filepath.Join(t.TempDir(), "api.json")
	if err := os.WriteFile(name, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return name, operations
}

// toolsFolder returns a folder in the user's cache with files of testdata/openapi,
// another one when they change, so that what they name is installed once.
func toolsFolder(t *testing.T, files ...string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	texts := map[string][]byte{}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join("testdata", "openapi", name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = text
		_, _ = sum.Write(text)
	}
	dir := filepath.Join(cache, "demarc-test", fmt.Sprintf("openapi-%x", sum.Sum(nil)[:8]))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// retry runs a command that fetches from the network again where it fails.
const retry = "../../.ci/retry"

// install runs a command unless what it makes is there. What cannot be installed is
// missing: fatal in CI, elsewhere the test skips.
func install(t *testing.T, dir, made, program string, args ...string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, made)); err == nil {
		return
	}
	if out, err := exec.Command(retry, append([]string{program}, args...)...).CombinedOutput(); err != nil {
		absent(t, fmt.Sprintf("%s %s: %v\n%.2000s", program, strings.Join(args, " "), err, out))
	}
}
