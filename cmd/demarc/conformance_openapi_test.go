package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestConformanceOpenAPI reads the API definition with the parser of OGC's
// suite, and checks the parameters as that parser sees them.
func TestConformanceOpenAPI(t *testing.T) {
	java := needProgram(t, "java", "default-jdk-headless")
	maven := needProgram(t, "mvn", "maven")
	base := startServer(t)

	var landing struct {
		Links []link `json:"links"`
	}
	fetchJSON(t, base+"/?f=json", &landing)
	address := ""
	for _, l := range landing.Links {
		if l.Rel == "service-desc" && sameMediaType(l.Type, acceptOpenAPI) {
			address = l.Href
		}
	}
	body, status, err := get(address, acceptOpenAPI)
	if err != nil || status != http.StatusOK {
		t.Fatalf("GET %q (rel service-desc, type %s): status %d, %v", address, acceptOpenAPI, status, err)
	}
	document := filepath.Join(t.TempDir(), "api.json")
	if err := os.WriteFile(document, body, 0o644); err != nil {
		t.Fatal(err)
	}

	classes := parserOfSuite(t, maven)
	out := runProgram(t, java, "-cp", classes, "testdata/ets/ReadOpenAPI.java", document, address)
	bounds := map[string]int{}
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if f[0] == "fault" {
			t.Errorf("the suite's parser: %s", strings.Join(f[1:], ": "))
			continue
		}
		path, name := f[1], f[2]
		if !strings.HasPrefix(path, "/collections/") || !strings.HasSuffix(path, "/items") {
			continue
		}
		bounds[name]++
		got := strings.Join(f[3:], " ")
		// in required style explode type minimum maximum default minItems maxItems items
		switch name {
		case "bbox":
			if got != "query false form false array null null null 4 6 number" &&
				got != "query false form false array null null null 4|6 4|6 number" {
				t.Errorf("%s: bbox is %q", path, got)
			}
		case "limit":
			if f[5] != "form" || f[6] != "false" || f[7] != "integer" || f[8] == "null" || f[9] == "null" || f[10] == "null" {
				t.Errorf("%s: limit is %q: want form, explode false, integer, and a minimum, a maximum and a default", path, got)
			}
		case "datetime":
			if !strings.HasPrefix(got, "query false form false string ") {
				t.Errorf("%s: datetime is %q", path, got)
			}
		}
	}
	for _, name := range []string{"bbox", "limit", "datetime"} {
		if bounds[name] == 0 {
			t.Errorf("no path /collections/…/items has a parameter %s", name)
		}
	}
}

// parserOfSuite returns the class path of the suite's OpenAPI parser, which
// Maven fetches the first time.
func parserOfSuite(t *testing.T, maven string) string {
	t.Helper()
	classes := filepath.Join("testdata", "ets", "target", "lib")
	if jars, _ := filepath.Glob(filepath.Join(classes, "openapi-parser-*.jar")); len(jars) == 0 {
		cmd := exec.Command(retry, maven, "-q", "-B", "-f", "testdata/ets/pom.xml", "dependency:copy-dependencies")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("fetch the suite's OpenAPI parser: %v\n%s", err, out)
		}
	}
	return filepath.Join(classes, "*")
}
