package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"sort"
	"strings"
	"testing"
)

const module = "demarc"

// rooms is the house: every package that may exist, and the row it lives in. A
// package imports only from rows below its own, plus the arrows drawn here.
// A path that ends in /* stands for each package of that folder.
var rooms = []room{
	{path: "cmd/demarc", row: 6},
	{path: "cmd/bench", row: 6},

	{path: "server", row: 5, arrows: []string{"server/ogcapi", "server/limit", "server/webhook"}},
	{path: "server/ogcapi", row: 5},
	{path: "server/limit", row: 5},
	{path: "server/webhook", row: 5},

	{path: "data/dataset", row: 4},
	{path: "data/tile", row: 4},
	{path: "data/basemap", row: 4},
	{path: "data/store/gpkg", row: 4},
	{path: "data/store/postgis", row: 4},
	{path: "data/store/storetest", row: 4},
	{path: "data/importer", row: 4},
	{path: "data/curated", row: 4},

	{path: "data/edit", row: 3},
	{path: "data/layer", row: 3},
	{path: "data/shelf", row: 3},
	{path: "data/snapshot", row: 3, arrows: []string{"data/packed"}}, // incidents are packed in it
	{path: "data/packed", row: 3},
	{path: "data/synth", row: 3},
	{path: "data/store", row: 3},
	{path: "data/token", row: 3},
	{path: "data/ledger", row: 3},

	{path: "data", row: 2},
	{path: "data/image", row: 2},
	{path: "data/background", row: 2},

	{path: "geo/cql2", row: 1, arrows: []string{"geo/predicate", "geo/geodesic", "geo/crs"}},
	{path: "geo/tms", row: 1, arrows: []string{"geo/crs"}},
	{path: "geo/format/jsonfg", row: 1, arrows: []string{"geo/crs", "geo/format/geojson"}},     // JSON-FG is GeoJSON and more
	{path: "geo/format/geojson", row: 1, arrows: []string{"geo/crs", "geo/format/strictjson"}}, // what JSON is taken, and what GeoJSON
	{path: "geo/format/*", row: 1, arrows: []string{"geo/crs"}},
	{path: "geo/index", row: 1},
	{path: "geo/predicate", row: 1},
	{path: "geo/geodesic", row: 1},
	{path: "geo/crs", row: 1},

	{path: "geo", row: 0},
	{path: "geo/fuzztest", row: 0},
	{path: "web", row: 0},
}

type room struct {
	path   string
	row    int
	arrows []string // packages of the same row that it may import
}

// bans are the rules that rows cannot say. who and what are package paths; one
// that ends in /** means the folder and all below it.
var bans = []ban{
	{who: "geo/**", what: []string{"github.com/gin-gonic/gin/**", "net/http/**", "database/sql/**"},
		reason: "geo is types and algorithms: no HTTP and no SQL, so that each can be tested and used by itself"},
	{who: "data/**", what: []string{"github.com/gin-gonic/gin/**", "net/http/**"},
		reason: "the domain does not know that it is served over HTTP"},
	{who: "server/**", what: []string{"database/sql/**", "modernc.org/sqlite/**", "github.com/jackc/pgx/**"},
		reason: "a database driver is imported by data/store/gpkg and data/store/postgis alone"},
	{who: "cmd/**", except: []string{"cmd/bench"}, what: []string{"database/sql/**", "modernc.org/sqlite/**", "github.com/jackc/pgx/**"},
		reason: "a database driver is imported by data/store/gpkg and data/store/postgis alone"},
	{who: "data/**", except: []string{"data/store/gpkg", "data/store/postgis"},
		what:   []string{"database/sql/**", "modernc.org/sqlite/**", "github.com/jackc/pgx/**"},
		reason: "a database driver is imported by data/store/gpkg and data/store/postgis alone"},
	{who: "**", except: []string{"cmd/demarc", "cmd/bench"}, what: []string{"demarc/data/store/gpkg", "demarc/data/store/postgis"},
		reason: "a concrete store is named by cmd and by tests alone; all others take a store.Store"},
	{who: "**", what: []string{"demarc/data/store/storetest"},
		reason: "the suite of the store's contract is for tests"},
	{who: "**", what: []string{"demarc/geo/fuzztest", "demarc/geo/format/formattest"},
		reason: "what tests share is for tests"},
	{who: "data/importer", what: []string{"demarc/data/snapshot"},
		reason: "importers turn bytes into domain values and know nothing of how they are queried"},
	{who: "data/curated", what: []string{"demarc/data/snapshot"},
		reason: "the curated records are domain values and know nothing of how they are queried"},
	{who: "**", except: []string{"server"}, what: []string{"github.com/gin-gonic/gin/**"},
		reason: "gin is server's; swapping it is one room's work"},
	{who: "**", except: []string{"geo/index"}, what: []string{"github.com/tidwall/rtree/**"},
		reason: "the R-tree library is geo/index's; swapping it is one room's work"},
	{who: "**", except: []string{"geo/predicate"}, what: []string{"github.com/peterstace/simplefeatures/**"},
		reason: "the topology library is geo/predicate's; swapping it is one room's work"},
	{who: "**", except: []string{"geo/geodesic"}, what: []string{"github.com/tidwall/geodesic/**"},
		reason: "the only place with a metre in it is geo/geodesic"},
	{who: "**", what: []string{"github.com/paulmach/orb/geo/**"},
		reason: "orb/geo measures on a sphere; metres come from geo/geodesic"},
}

type ban struct {
	who    string
	except []string
	what   []string
	reason string
}

// sharedModules may be imported by more than one of our packages.
var sharedModules = map[string]string{
	"pgregory.net/rapid":       "storetest and formattest are suites for tests",
	"github.com/google/go-cmp": "storetest and formattest are suites for tests",
	"github.com/paulmach/orb":  "orb is the vocabulary of shapes",
}

// topFolders are the folders of the module's root; bin is where make builds.
var topFolders = []string{"bin", "cmd", "data", "docs", "geo", "server", "web"}

// listed is what we read of `go list -deps -json`.
type listed struct {
	ImportPath string
	Imports    []string
	Module     *struct{ Path string }
	Standard   bool
}

func TestImports(t *testing.T) {
	packages, err := goList()
	if err != nil {
		t.Fatal(err)
	}
	for _, breach := range breaches(packages) {
		t.Error(breach)
	}

	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topFolders, e.Name()) {
			t.Errorf("folder %s: the house has only %s at its top", e.Name(), strings.Join(topFolders, ", "))
		}
	}
}

func goList() ([]listed, error) {
	if err := readSourceFolders(); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Module,Standard", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, fmt.Errorf("go list: %w\n%s", err, exit.Stderr)
		}
		return nil, err
	}
	var packages []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// breaches returns every import that the rules above forbid, with the reason.
func breaches(packages []listed) []string {
	var found []string
	moduleOf := map[string]string{}
	users := map[string][]string{} // module -> our packages that import it
	for _, p := range packages {
		if p.Module != nil {
			moduleOf[p.ImportPath] = p.Module.Path
		}
	}
	for _, p := range packages {
		us, ours := ownPath(p.ImportPath)
		if !ours {
			continue
		}
		from := findRoom(us)
		if from == nil {
			found = append(found, fmt.Sprintf("package %s is not in the table of rooms: give it a row, with its arrows, in imports_test.go and docs/adr", us))
			continue
		}
		for _, imported := range p.Imports {
			if reason := forbidden(*from, us, imported); reason != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", us, imported, reason))
			}
			if m := moduleOf[imported]; m != "" && m != module && sharedModules[m] == "" && !slices.Contains(users[m], us) {
				users[m] = append(users[m], us)
			}
		}
	}
	for m, packages := range users {
		if len(packages) > 1 {
			sort.Strings(packages)
			found = append(found, fmt.Sprintf("module %s is imported by %s: a library is one package's, so that swapping it is one room's work",
				m, strings.Join(packages, " and ")))
		}
	}
	sort.Strings(found)
	return found
}

// forbidden returns why the package us of room from may not import a path, or "".
func forbidden(from room, us, imported string) string {
	for _, b := range bans {
		if !covers(b.who, us) || slices.Contains(b.except, us) {
			continue
		}
		for _, what := range b.what {
			if covers(what, imported) {
				return b.reason
			}
		}
	}
	if us == "web" && imported != "embed" && imported != "io/fs" {
		return "web is the embedded map: it imports nothing but embed and io/fs"
	}
	them, ours := ownPath(imported)
	if !ours {
		return ""
	}
	to := findRoom(them)
	switch {
	case to == nil:
		return "it is not in the table of rooms"
	case to.row < from.row, slices.Contains(from.arrows, them):
		return ""
	case to.row == from.row:
		return "both are in one row, and no arrow is drawn between them"
	default:
		return "it lives in a row above; a package imports only from rows below its own"
	}
}

// ownPath returns the path inside our module, and whether it is ours.
func ownPath(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, module+"/")
}

func findRoom(us string) *room {
	for i, r := range rooms {
		if folder, one := strings.CutSuffix(r.path, "/*"); r.path == us || one && path.Dir(us) == folder {
			return &rooms[i]
		}
	}
	return nil
}

// covers tells whether a pattern of bans matches a path.
func covers(pattern, path string) bool {
	folder, all := strings.CutSuffix(pattern, "**")
	if !all {
		return pattern == path
	}
	folder = strings.TrimSuffix(folder, "/")
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}

// TestImportsFindsBreaches plants each kind of breach and sees it found.
func TestImportsFindsBreaches(t *testing.T) {
	tests := map[string]struct {
		who, imports string
		want         string // in the reason; "" is allowed
	}{
		"down a row":                    {"server", "demarc/data/dataset", ""},
		"down many rows":                {"cmd/demarc", "demarc/geo", ""},
		"standard library":              {"geo/crs", "math", ""},
		"net/http where it belongs":     {"server/webhook", "net/http", ""},
		"an arrow":                      {"geo/format/geojson", "demarc/geo/crs", ""},
		"a store where it belongs":      {"cmd/demarc", "demarc/data/store/gpkg", ""},
		"orb anywhere":                  {"geo/tms", "github.com/paulmach/orb", ""},
		"up a row":                      {"data", "demarc/data/snapshot", "row above"},
		"geo knows the domain":          {"geo/cql2", "demarc/data", "row above"},
		"same row, no arrow":            {"geo/predicate", "demarc/geo/crs", "no arrow"},
		"an arrow backwards":            {"geo/crs", "demarc/geo/cql2", "no arrow"},
		"a format knows another":        {"geo/format/csv", "demarc/geo/format/geojson", "no arrow"},
		"snapshot knows a store":        {"data/snapshot", "demarc/data/store", "no arrow"},
		"tile knows the dataset":        {"data/tile", "demarc/data/dataset", "no arrow"},
		"geo serves":                    {"geo/format/mvt", "net/http", "no HTTP and no SQL"},
		"geo serves, below net/http":    {"geo", "net/http/httptest", "no HTTP and no SQL"},
		"geo opens a database":          {"geo/format/gpkg", "database/sql", "no HTTP and no SQL"},
		"data serves":                   {"data/dataset", "github.com/gin-gonic/gin", "not know that it is served"},
		"data opens a database":         {"data/snapshot", "database/sql", "driver"},
		"a driver outside its room":     {"server", "modernc.org/sqlite", "driver"},
		"server knows a store":          {"server", "demarc/data/store/postgis", "concrete store"},
		"a store's test suite":          {"data/dataset", "demarc/data/store/storetest", "for tests"},
		"importer knows the snapshot":   {"data/importer", "demarc/data/snapshot", "know nothing of how"},
		"curated knows the snapshot":    {"data/curated", "demarc/data/snapshot", "know nothing of how"},
		"gin elsewhere":                 {"server/ogcapi", "github.com/gin-gonic/gin", "gin is server's"},
		"rtree elsewhere":               {"data/snapshot", "github.com/tidwall/rtree", "geo/index's"},
		"topology elsewhere":            {"data/tile", "github.com/peterstace/simplefeatures/geom", "geo/predicate's"},
		"a second metre":                {"data", "github.com/tidwall/geodesic", "metre"},
		"metres on a sphere":            {"geo/geodesic", "github.com/paulmach/orb/geo", "sphere"},
		"web imports":                   {"web", "net/http", "embed"},
		"web knows geo":                 {"web", "demarc/geo", "embed"},
		"an unknown package":            {"geo/utils", "math", "not in the table"},
		"an unknown top":                {"pkg/api", "math", "not in the table"},
		"a package below a format":      {"geo/format/csv/dialect", "math", "not in the table"},
		"an import of no room":          {"server", "demarc/internal/engine", "not in the table"},
		"a third-party in two packages": {"server", "example.com/lib", "one room's work"},
	}
	for name, tt := range tests {
		packages := []listed{
			{ImportPath: "demarc/" + tt.who, Imports: []string{tt.imports}},
			{ImportPath: "demarc/data/importer", Imports: []string{"example.com/lib/sub"}},
			{ImportPath: "example.com/lib", Module: &struct{ Path string }{"example.com/lib"}},
			{ImportPath: "example.com/lib/sub", Module: &struct{ Path string }{"example.com/lib"}},
		}
		got := strings.Join(breaches(packages), "\n")
		if tt.want == "" && got != "" || tt.want != "" && !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s imports %s: got %q, want a breach with %q", name, tt.who, tt.imports, got, tt.want)
		}
	}
}
