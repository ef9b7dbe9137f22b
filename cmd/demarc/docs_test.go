package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// document reads a file of docs/.
func document(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// The examples of the guide to the API are run as they stand there, against a
// running service. curl's -f makes an error of every status but 2xx.
func TestExamplesOfTheGuideWork(t *testing.T) {
	needProgram(t, "curl", "curl")
	needProgram(t, "jq", "jq")
	base := startServer(t)
	count := 0
	for _, block := range shellBlock.FindAllStringSubmatch(document(t, "api.md"), -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			if !strings.Contains(line, "http://127.0.0.1:8080/") {
				t.Errorf("not an example against the service: %s", line)
				continue
			}
			count++
			cmd := exec.Command("bash", "-euo", "pipefail", "-c", strings.ReplaceAll(line, "http://127.0.0.1:8080", base))
			cmd.Dir = t.TempDir()
			out, err := cmd.CombinedOutput()
			text := strings.TrimSpace(string(out))
			if _, file, ok := strings.Cut(line, " > "); ok && err == nil {
				raw, readErr := os.ReadFile(filepath.Join(cmd.Dir, file))
				text, err = string(raw), readErr
			}
			if err != nil || text == "" || text == "null" || text == "0" {
				t.Errorf("%s\n%v: %s", line, err, text)
			}
		}
	}
	if count < 15 {
		t.Errorf("ran %d examples; want at least 15", count)
	}
}

// Every flag and variable is described, and none that is no more.
func TestFlagsAreDocumented(t *testing.T) {
	text := document(t, "running.md")
	parser, err := kong.New(&commands{}, kong.Name("demarc"), kong.DefaultEnvars("DEMARC"), kong.Vars{"version": "", "store": defaultStore})
	if err != nil {
		t.Fatal(err)
	}
	var flags, variables []string
	note := func(list []*kong.Flag) {
		for _, f := range list {
			flags = append(flags, "--"+f.Name)
			variables = append(variables, f.Envs...)
		}
	}
	note(parser.Model.Flags)
	for _, command := range parser.Model.Leaves(true) {
		note(command.Flags)
		if !strings.Contains(text, "\n## "+command.FullPath()+"\n") {
			t.Errorf("docs/running.md has no section on %s", command.FullPath())
		}
	}
	if len(flags) < 7 || len(variables) < 5 {
		t.Fatalf("the command line has the flags %v and the variables %v", flags, variables)
	}
	compareNames(t, "flags", regexp.MustCompile(`--[a-z][a-z-]*`).FindAllString(text, -1), flags)
	compareNames(t, "variables", regexp.MustCompile(`DEMARC_[A-Z_]+`).FindAllString(text, -1), variables)
}

func compareNames(t *testing.T, what string, documented, there []string) {
	t.Helper()
	for _, name := range there {
		if !slices.Contains(documented, name) {
			t.Errorf("docs/running.md does not name %s among the %s", name, what)
		}
	}
	for _, name := range documented {
		if !slices.Contains(there, name) {
			t.Errorf("docs/running.md names %s, which is not among the %s", name, what)
		}
	}
}

func TestExitCodesAreDocumented(t *testing.T) {
	text := document(t, "running.md")
	for _, row := range []string{"| 0 | ", "| 1 | ", "| 2 | "} {
		if !strings.Contains(text, row) {
			t.Errorf("docs/running.md has no row %q", row)
		}
	}
}

// Every endpoint and parameter that the service defines stands in the guide.
func TestEndpointsAreDocumented(t *testing.T) {
	text := document(t, "api.md")
	var definition struct {
		Paths      map[string]any
		Components struct{ Parameters map[string]any }
	}
	base := startServer(t)
	fetchJSON(t, base+"/api?f=json", &definition)
	ids := collectionIDs(t, base)
	for path := range definition.Paths {
		for _, id := range ids {
			if rest, ok := strings.CutPrefix(path, "/collections/"+id); ok {
				path = "/collections/{collectionId}" + rest
			}
		}
		if !strings.Contains(text, "`"+path+"`") {
			t.Errorf("docs/api.md does not name %s", path)
		}
	}
	for _, id := range ids {
		if !strings.Contains(text, "| `"+id+"` |") {
			t.Errorf("docs/api.md has no row for the collection %s", id)
		}
	}
	for name := range definition.Components.Parameters {
		if !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, "`"+name+"=") && !strings.Contains(text, "### "+name) {
			t.Errorf("docs/api.md does not describe the parameter %s", name)
		}
	}
}

var markdownLink = regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)\s]*)?\)`)

// Links between the documents lead to files.
func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	adrs, err := filepath.Glob("../../docs/adr/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range slices.Concat(files, adrs, []string{"../../README.md"}) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range markdownLink.FindAllStringSubmatch(string(raw), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", filepath.Base(file), m[1], err)
			}
		}
	}
}
