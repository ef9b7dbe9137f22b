package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// atsErrata are the predicates whose expected number in the standard's table
// contradicts its own data, with the right one: geo/cql2/ats_test.go counts the
// names and says why.
var atsErrata = map[string]int{
	"ACCENTI(name) LIKE accenti('Ch%')":                 3,
	"ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))": 1,
	"ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": 1,
}

// corpusFile returns a path in the shared corpus, which is no part of this
// repository, or ends the test.
func corpusFile(t *testing.T, elem ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(append([]string{"../../../shared/corpus"}, elem...)...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		absent(t, path)
	}
	return path
}

// absent ends a test for want of something that CI has.
func absent(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("missing: %s", what)
	}
	t.Skipf("missing: %s", what)
}

// The 351 predicates of CQL2's abstract test suite (OGC 21-065r2 annex A) are
// asked of the standard's own data, served as layers: a filter in the URL, the
// number of matches in the answer. The features of all pages are counted too.
func TestATSOverHTTP(t *testing.T) {
	dir := corpusFile(t, "cql2", "ats")
	file, err := os.Open(filepath.Join(dir, "predicates.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	gpkg := filepath.Join(dir, "ne110m4cql2.gpkg")
	var flags []string
	for _, name := range []string{"ne_110m_admin_0_countries", "ne_110m_populated_places_simple", "ne_110m_rivers_lake_centerlines"} {
		flags = append(flags, "--layer", name+"="+gpkg+"#"+name)
	}
	base := startServer(t, flags...)
	asked, corrected := 0, 0
	passed, all := map[string]int{}, map[string]int{}
	var classes []string
	rows := bufio.NewScanner(file)
	rows.Scan() // the header
	for rows.Scan() {
		cells := strings.Split(rows.Text(), "\t")
		class, layer, predicate := cells[0], cells[2], cells[3]
		want, err := strconv.Atoi(cells[4])
		if err != nil {
			t.Fatalf("%q: %v", rows.Text(), err)
		}
		if right, wrong := atsErrata[predicate]; wrong {
			want = right
			corrected++
		}
		if all[class] == 0 {
			classes = append(classes, class)
		}
		asked++
		all[class]++
		if got, err := atsCount(base, layer, predicate); err != nil || got != want {
			t.Errorf("%s: %s: got %d, %v; want %d", layer, predicate, got, err, want)
			continue
		}
		passed[class]++
	}
	total := 0
	for _, class := range classes {
		t.Logf("%-45s %3d/%d", class, passed[class], all[class])
		total += passed[class]
	}
	t.Logf("ATS over HTTP %d/%d, %d of them corrected, see errata", total, asked, corrected)
	if asked != 351 || corrected != len(atsErrata) {
		t.Errorf("asked %d predicates, not 351, and corrected %d, not %d", asked, corrected, len(atsErrata))
	}
	if _, err := atsCount(base, "ne_110m_populated_places_simple", "S_INTERSECTS(geom,POINT(90 180))"); err == nil || !strings.Contains(err.Error(), "latitude") {
		t.Errorf("POINT(90 180): got %v, want a fault about the latitude", err)
	}
}

// atsCount asks for the features that a predicate selects, of which one page
// holds all, and returns how many there are.
func atsCount(base, collection, predicate string) (int, error) {
	res, err := http.Get(base + "/collections/" + collection + "/items?limit=1000&filter=" + url.QueryEscape(predicate))
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var doc struct {
		NumberMatched, NumberReturned int
		Features                      []json.RawMessage
		Detail                        string
		Errors                        []struct{ Problem string }
	}
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
		return 0, err
	}
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("status %d: %s %v", res.StatusCode, doc.Detail, doc.Errors)
	}
	if len(doc.Features) != doc.NumberMatched || doc.NumberReturned != doc.NumberMatched {
		return 0, fmt.Errorf("%d features, numberReturned %d, numberMatched %d", len(doc.Features), doc.NumberReturned, doc.NumberMatched)
	}
	return doc.NumberMatched, nil
}
