package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// `make bless` sets DEMARC_BLESS; go test ./server -update does the same.
var update = flag.Bool("update", os.Getenv("DEMARC_BLESS") != "", "write the golden answers in testdata again")

// cursors are opaque, so what they are made of is nobody's affair.
var cursors = regexp.MustCompile(`cursor=[A-Za-z0-9_-]+`)

// Whole answers to the invented records, header lines included. Masked are the
// tag, which changes with the records and with the program, the request's id,
// and cursors.
func TestGoldenAnswers(t *testing.T) {
	s := serve(t, invented)
	const items = "/collections/incidents/items"
	golden := map[string][]string{ // file name: target, and header lines or a method
		"landing":            {"/"},
		"conformance":        {"/conformance"},
		"collections":        {"/collections"},
		"collection":         {"/collections/segments"},
		"collection-nowhere": {"/collections/sources"},
		"items":              {items + "?bbox=179,50,-179,52&datetime=2001-02-01/2001-02-28"},
		"items-none":         {items + "?id=no-such"},
		"items-page":         {"/collections/claims/items?limit=1&metric=killed&cursor="}, // the second page
		"items-near":         {items + "?near=segments/east&within=50km"},
		"items-filter":       {items + "?filter=killed_low%3E3+AND+S_INTERSECTS(geometry,BBOX(179,50,-179,52))&sortby=-start&properties=title,killed_high&crs=EPSG:3857"},
		"bad-filter":         {items + "?filter=killd_low%3E3+AND+typ='x'&crs=EPSG:1&sortby=summary"},
		"schema":             {"/collections/areas/schema"},
		"queryables":         {"/collections/areas/queryables"},
		"sortables":          {"/collections/areas/sortables"},
		"functions":          {"/functions"},
		"items-csv":          {items + "?f=csv&limit=2"},
		"items-jsonfg":       {items + "?f=jsonfg&id=2005-gamma"},
		"items-kml":          {items + "?f=kml&id=2001-02-03-alpha-clash"},
		"items-html":         {items + "?limit=1&f=html"},
		"incident":           {items + "/2001-02-03-alpha-clash"},
		"claim":              {"/collections/claims/items/2001-02-03-alpha-clash.c2"},
		"segment":            {"/collections/segments/items/east"},
		"area":               {"/collections/areas/items/bay"},
		"place":              {"/collections/places/items/alpha"},
		"source":             {"/collections/sources/items/wire-2"},
		"party":              {"/collections/parties/items/XA"},
		"party-html":         {"/collections/parties/items/XA?f=html"},
		"bad-request":        {items + "?bbox=1,2,3&datetime=yesterday&limit=-1&foo=bar"},
		"not-found":          {items + "/no-such"},
		"method-not-allowed": {items, "POST"},
		"not-acceptable":     {items, "Accept: image/png"},
		"tilesets":           {"/collections/incidents/tiles?type=armed_clash"},
		"tileset":            {"/collections/areas/tiles/WorldCRS84Quad"},
		"tilejson":           {"/collections/incidents/tiles/WebMercatorQuad/tilejson"},
		"tilematrixsets":     {"/tileMatrixSets"},
		"tile-nowhere":       {"/collections/incidents/tiles/WebMercatorQuad/2/9/9"},
		"tile-empty":         {"/collections/incidents/tiles/WebMercatorQuad/0/0/0?datetime=1900"},
		"head":               {items, "HEAD"},
		"options":            {items, "OPTIONS"},
		"not-modified":       {items, "If-None-Match: *"},
		"gzip":               {items, "Accept-Encoding: gzip"},
		"redirect":           {"/collections/?f=json"},
		"health":             {"/healthz"},
	}
	for _, name := range slices.Sorted(maps.Keys(golden)) {
		t.Run(name, func(t *testing.T) {
			target, rest := golden[name][0], golden[name][1:]
			if strings.HasSuffix(target, "cursor=") {
				next := link(s.page(strings.TrimSuffix(target, "&cursor=")).Links, "next")
				target = strings.TrimPrefix(next, s.http.URL)
			}
			method, headers := http.MethodGet, []string{"Host", "demarc.example"}
			asked := ""
			for _, line := range rest {
				name, value, isHeader := strings.Cut(line, ": ")
				if !isHeader {
					method = line
					continue
				}
				headers = append(headers, name, value)
				asked += line + "\n"
			}
			a := s.ask(method, target, headers...)
			got := fmt.Sprintf("%s %s HTTP/1.1\nHost: demarc.example\n%s\n%s", method, target, asked, wholeAnswer(t, a))
			got = cursors.ReplaceAllString(got, "cursor=(masked)")
			compareGolden(t, filepath.Join("testdata", name+".http"), got)
		})
	}
}

// wholeAnswer writes an answer down: status line, header lines in order of
// name, and the body, of which JSON is indented and what is packed is left out.
func wholeAnswer(t *testing.T, a *answer) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", a.status, http.StatusText(a.status))
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		value := strings.Join(a.header[name], ", ")
		switch name {
		case "Date":
			continue
		case "Etag", requestIDHeader:
			value = "(masked)"
		case "Content-Length":
			if a.header.Get("Content-Encoding") != "" || cursors.Match(a.body) { // how long a cursor is, is its own affair
				value = "(masked)"
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	b.WriteString("\n")
	switch {
	case a.header.Get("Content-Encoding") != "":
		b.WriteString("(packed)\n")
	case strings.Contains(a.header.Get("Content-Type"), "json") && len(a.body) > 0:
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, a.body, "", "  "); err != nil {
			t.Fatalf("%s: %v\n%s", a.asked, err, a.body)
		}
		pretty.WriteString("\n")
		b.Write(pretty.Bytes())
	default:
		b.Write(a.body)
	}
	return b.String()
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make bless writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got); make bless if it is to be so:\n%s", file, diff)
	}
}

// A golden file that no test writes any more is a promise that nobody keeps.
func TestGoldenFilesAreAllInUse(t *testing.T) {
	files, err := filepath.Glob("testdata/*.http")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("golden_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".http")
		if !strings.Contains(string(source), `"`+name+`":`) {
			t.Errorf("%s belongs to no test", file)
		}
	}
}
