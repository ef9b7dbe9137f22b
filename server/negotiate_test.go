package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// What clients send when they want a page, and when they want data.
var (
	browsers = map[string]string{
		"Firefox": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
		"Chrome":  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
		"Safari":  "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"lynx":    "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01",
	}
	programs = map[string]string{
		"nothing":               "",
		"curl":                  "*/*",
		"GDAL, documents":       "application/json",
		"GDAL, items":           "application/geo+json, application/json",
		"GDAL, definition":      "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json",
		"QGIS":                  "application/geo+json, application/vnd.geo+json, application/json, application/vnd.oai.openapi+json;version=3.0",
		"rest-assured (OGC)":    "application/json, application/javascript, text/javascript, text/json",
		"jQuery":                "application/json, text/javascript, */*; q=0.01",
		"axios":                 "application/json, text/plain, */*",
		"upper case and blanks": " APPLICATION/JSON ; Q=1.0 ",
	}
)

func TestBrowsersGetPages(t *testing.T) {
	s := serve(t, invented)
	for who, accept := range browsers {
		for _, target := range []string{"/", "/api", "/conformance", "/collections", "/collections/incidents", "/collections/incidents/items",
			"/collections/incidents/items/2005-gamma", "/licences", "/problems"} {
			a := s.get(target, "Accept", accept)
			if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s: %s: %d %s, want a page", who, a.asked, a.status, a.header.Get("Content-Type"))
			}
		}
		if a := s.get("/", "Accept", accept); !bytes.Contains(a.body, []byte("The map")) {
			t.Errorf("%s: / is not the map: %.200s", who, a.body)
		}
	}
}

func TestProgramsGetData(t *testing.T) {
	s := serve(t, invented)
	for who, accept := range programs {
		var headers []string
		if accept != "" {
			headers = []string{"Accept", accept}
		}
		for target, want := range map[string]string{
			"/": "application/json", "/conformance": "application/json", "/collections": "application/json", "/collections/incidents": "application/json",
			"/collections/incidents/items": "application/geo+json", "/collections/incidents/items/2005-gamma": "application/geo+json", "/api": openAPIType,
		} {
			if strings.HasPrefix(who, "GDAL, items") && !strings.Contains(target, "items") && target != "/" {
				continue
			}
			if a := s.get(target, headers...); a.status != http.StatusOK || a.header.Get("Content-Type") != want {
				t.Errorf("%s: %s: %d %s, want %s", who, a.asked, a.status, a.header.Get("Content-Type"), want)
			}
		}
	}
}

func TestAcceptIsWeighed(t *testing.T) {
	both := []format{formatGeoJSON, formatHTML}
	for _, test := range []struct{ accept, want string }{
		{"text/html;q=0.5, application/geo+json;q=0.6", "json"},
		{"text/html;q=0.6, application/geo+json;q=0.5", "html"},
		{"text/html, application/geo+json", "html"}, // the one named first
		{"application/geo+json, text/html", "json"},
		{"application/geo+json;q=0, */*", "html"}, // the closer range decides
		{"application/json;q=0.1, */*;q=0.9", "html"},
		{"text/*, */*;q=0.1", "html"},
		{"application/*", "json"},
		{"*/*", "json"},
		{"image/png, */*;q=0.1", "json"},
		{"application/vnd.geo+json", "json"},
		{"application/xhtml+xml", "html"},
		{"application/geo+json;profile=x", "json"},
		{"garbage, text/html", "html"},
		{"application/json;q=high, text/html;q=0.1", "html"},
		{"application/json;q=7, text/html;q=0.1", "html"},
		{"image/png", ""}, {"text/html;q=0", ""}, {"garbage", ""}, {"*/*;q=0", ""}, {";", ""},
	} {
		got, err := negotiate(test.accept, both)
		if got.name != test.want || (err == nil) != (test.want != "") {
			t.Errorf("Accept %q: %q, %v; want %q", test.accept, got.name, err, test.want)
		}
	}
}

// f= decides whatever Accept says.
func TestFormatParameterWins(t *testing.T) {
	s := serve(t, invented)
	for _, target := range []string{"/", "/conformance", "/collections", "/collections/incidents", "/collections/incidents/items", "/collections/incidents/items/2005-gamma", "/api"} {
		for _, accept := range []string{"image/png", "text/html", "application/json", "*/*"} {
			if a := s.get(target+"?f=html", "Accept", accept); !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				t.Errorf("Accept %s: %s: %s", accept, a.asked, a.header.Get("Content-Type"))
			}
			if a := s.get(target+"?f=json", "Accept", accept); !strings.Contains(a.header.Get("Content-Type"), "json") || a.status != http.StatusOK {
				t.Errorf("Accept %s: %s: %d %s", accept, a.asked, a.status, a.header.Get("Content-Type"))
			}
		}
		p := s.get(target+"?f=xml").problem(http.StatusBadRequest, "invalid-parameter")
		want := "one of json, html"
		switch {
		case strings.HasSuffix(target, "/items"):
			want = "one of json, html, jsonfg, jsonseq, ndjson, csv, fgb, parquet, kml, gpkg"
		case strings.Contains(target, "/items/"):
			want = "one of json, html, jsonfg"
		}
		if len(p.Errors) != 1 || p.Errors[0].Parameter != "f" || p.Errors[0].Found != "xml" || p.Errors[0].Expected != want {
			t.Errorf("%s?f=xml: %+v", target, p.Errors)
		}
	}
	s.get("/collections/incidents/items?f=geojson").expect(http.StatusOK, "application/geo+json")
}

func TestNoSuitableRepresentation(t *testing.T) {
	s := serve(t, invented)
	for target, has := range map[string]string{
		"/": "application/json, text/html", "/api": openAPIType + ", text/html", "/licences": "text/html",
		"/collections/incidents/items": "application/geo+json, text/html, application/vnd.ogc.fg+json, application/geo+json-seq, " +
			"application/x-ndjson, text/csv, application/flatgeobuf, application/vnd.apache.parquet, application/vnd.google-earth.kml+xml, application/geopackage+sqlite3",
	} {
		p := s.get(target, "Accept", "image/png, application/xml").problem(http.StatusNotAcceptable, "not-acceptable")
		if len(p.Errors) != 1 || p.Errors[0].Header != "Accept" || p.Errors[0].Found != "image/png, application/xml" || p.Errors[0].Expected != has {
			t.Errorf("%s: %+v, want expected %q", target, p.Errors, has)
		}
	}
}

// A cache must be able to tell representations apart, and a client to keep one.
func TestValidators(t *testing.T) {
	s := serve(t, invented)
	seen := map[string]string{}
	for _, target := range []string{"/", "/?f=html", "/api?f=json", "/api?f=html", "/conformance?f=json", "/collections?f=json", "/collections?f=html",
		"/collections/incidents", "/collections/incidents?f=html", "/collections/incidents/items", "/collections/incidents/items?f=html", "/collections/incidents/items?limit=1",
		"/collections/incidents/items/2005-gamma", "/collections/incidents/items/2005-gamma?f=html", "/static/page.css"} {
		a := s.get(target)
		tag := a.header.Get("ETag")
		if tag == "" || seen[tag] != "" {
			t.Errorf("%s: ETag %q is empty or that of %s", a.asked, tag, seen[tag])
		}
		seen[tag] = a.asked
		if !strings.Contains(target, "static") && !slices.Contains(a.header.Values("Vary"), "Accept") {
			t.Errorf("%s: Vary is %q", a.asked, a.header.Values("Vary"))
		}
		for _, header := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag, "*"} {
			again := s.get(target, "If-None-Match", header)
			if again.status != http.StatusNotModified || len(again.body) != 0 || again.header.Get("ETag") != tag || again.header.Get("Content-Type") != "" {
				t.Errorf("%s, If-None-Match %s: %d, %d bytes, ETag %q", a.asked, header, again.status, len(again.body), again.header.Get("ETag"))
			}
			if !slices.Equal(again.header.Values("Vary"), a.header.Values("Vary")) || again.header.Get("Cache-Control") != a.header.Get("Cache-Control") {
				t.Errorf("%s: 304 has Vary %q, Cache-Control %q; 200 has %q, %q", a.asked,
					again.header.Values("Vary"), again.header.Get("Cache-Control"), a.header.Values("Vary"), a.header.Get("Cache-Control"))
			}
		}
		if other := s.get(target, "If-None-Match", `W/"other"`); other.status != http.StatusOK {
			t.Errorf("%s, If-None-Match with another tag: %d", a.asked, other.status)
		}
	}
	// The same address in another format.
	for _, target := range []string{"/", "/api", "/collections", "/collections/incidents/items", "/collections/incidents/items/2005-gamma"} {
		asPage, asData := s.get(target, "Accept", "text/html"), s.get(target, "Accept", "application/json")
		tag := asPage.header.Get("ETag")
		if again := s.get(target, "Accept", "application/json", "If-None-Match", tag); tag == asData.header.Get("ETag") || again.status != http.StatusOK {
			t.Errorf("%s: the page and the data have the same tag %s", target, tag)
		}
	}
	// Another host, other links.
	if a, b := s.get("/collections"), s.get("/collections", "Host", "other.example"); a.header.Get("ETag") == b.header.Get("ETag") {
		t.Error("the tag is the same for two hosts, whose links differ")
	}
	// A problem is not to be kept.
	if a := s.get("/collections/incidents/items?limit=0", "If-None-Match", "*"); a.status != http.StatusBadRequest || a.header.Get("ETag") != "" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: %d, ETag %q, Cache-Control %q", a.asked, a.status, a.header.Get("ETag"), a.header.Get("Cache-Control"))
	}
}

// New records change every tag.
func TestValidatorsChangeWithTheRecords(t *testing.T) {
	old, current := serve(t, invented), serve(t, shipped)
	for _, target := range []string{"/collections", "/collections/sources/items", "/api"} {
		a, b := old.get(target, "Host", "demarc.example"), current.get(target, "Host", "demarc.example")
		if a.header.Get("ETag") == b.header.Get("ETag") {
			t.Errorf("%s: the tag is the same for two datasets", target)
		}
	}
}

func TestCompression(t *testing.T) {
	s := serve(t, invented)
	for _, target := range []string{"/collections", "/collections/incidents/items", "/collections/incidents/items?f=html", "/api", "/static/page.css", "/assets/main-ab.js"} {
		plain := s.get(target)
		for _, accept := range []string{"gzip", "gzip, deflate, br", "br, GZIP;q=0.5", "*"} {
			packed := s.get(target, "Accept-Encoding", accept)
			if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) {
				t.Errorf("%s, Accept-Encoding %s: Content-Encoding %q, %d of %d bytes", packed.asked, accept, packed.header.Get("Content-Encoding"), len(packed.body), len(plain.body))
				continue
			}
			r, err := gzip.NewReader(bytes.NewReader(packed.body))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain.body) {
				t.Errorf("%s: unpacked it differs from the plain answer (%v)", packed.asked, err)
			}
		}
		for _, accept := range []string{"", "identity", "gzip;q=0", "br", "gzip; q=0.0, identity"} {
			if a := s.get(target, "Accept-Encoding", accept); a.header.Get("Content-Encoding") != "" || !bytes.Equal(a.body, plain.body) {
				t.Errorf("%s, Accept-Encoding %q: Content-Encoding %q", a.asked, accept, a.header.Get("Content-Encoding"))
			}
		}
	}
	if a := s.get("/healthz", "Accept-Encoding", "gzip"); a.header.Get("Content-Encoding") != "" {
		t.Error("three bytes are compressed")
	}
}
