package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// isFile tells whether a route answers with files and not with a resource of
// the API. Files take any parameter: ?v=3 is a habit of those who fetch them.
func isFile(route string) bool {
	return strings.Contains(route, "*") || route == "/favicon.ico"
}

// address returns an address that the route answers with 200.
func address(route string) string {
	return strings.NewReplacer(
		":collectionId", "incidents", ":featureId", "2005-gamma", ":number", "1",
		":tileMatrixSetId", "WebMercatorQuad", ":tileMatrix", "0", ":tileRow", "0", ":tileCol", "0",
		"/static/*path", "/static/page.css", "/assets/*path", "/assets/main-ab.js",
	).Replace(route)
}

// eachRoute runs a test for every route of the service.
func eachRoute(t *testing.T, test func(t *testing.T, s *service, route string)) {
	t.Helper()
	s := serve(t, invented)
	count := 0
	for _, route := range s.router.Routes() {
		if route.Method == http.MethodGet && route.Path != eventsRoute { // whose answer has no end: TestEvents
			count++
			t.Run(route.Path, func(t *testing.T) {
				own := *s
				own.t = t
				test(t, &own, route.Path)
			})
		}
	}
	if count < 14 {
		t.Errorf("walked %d routes; want at least 14", count)
	}
}

func TestEveryRouteAnswers(t *testing.T) {
	eachRoute(t, func(t *testing.T, s *service, route string) {
		a := s.get(address(route))
		if a.status != http.StatusOK || len(a.body) == 0 {
			t.Errorf("%s: status %d, %d bytes; want 200 and a body", a.asked, a.status, len(a.body))
		}
	})
}

// HEAD answers with the header of GET (RFC 9110 §9.3.2).
func TestHeadIsGetWithoutBody(t *testing.T) {
	eachRoute(t, func(t *testing.T, s *service, route string) {
		for _, encoding := range []string{"identity", "gzip"} {
			get := s.get(address(route), "Accept-Encoding", encoding)
			head := s.ask(http.MethodHead, address(route), "Accept-Encoding", encoding)
			if head.status != get.status || len(head.body) != 0 {
				t.Errorf("%s: status %d and %d bytes, want %d and none", head.asked, head.status, len(head.body), get.status)
			}
			if got := get.header.Get("Content-Length"); got != strconv.Itoa(len(get.body)) {
				t.Errorf("%s: Content-Length %q of %d bytes", get.asked, got, len(get.body))
			}
			for name := range get.header {
				if name == requestIDHeader || name == "Date" {
					continue
				}
				if head.header[name] == nil && (name == "Content-Length" || name == "Content-Encoding") {
					continue // they are told by the body, which is not made
				}
				if !slices.Equal(head.header[name], get.header[name]) {
					t.Errorf("%s: %s is %q, want %q as with GET", head.asked, name, head.header[name], get.header[name])
				}
			}
		}
	})
}

func TestOtherMethodsAreNotAllowed(t *testing.T) {
	eachRoute(t, func(t *testing.T, s *service, route string) {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, "BREW"} {
			a := s.ask(method, address(route))
			a.problem(http.StatusMethodNotAllowed, "method-not-allowed")
			if got := a.header.Get("Allow"); got != "GET, HEAD, OPTIONS" {
				t.Errorf("%s: Allow is %q", a.asked, got)
			}
		}
	})
}

func TestOptionsTellWhatIsTaken(t *testing.T) {
	eachRoute(t, func(t *testing.T, s *service, route string) {
		a := s.ask(http.MethodOptions, address(route), "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET")
		if a.status != http.StatusOK || a.header.Get("Allow") != "GET, HEAD, OPTIONS" ||
			a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Methods") != "GET, HEAD" {
			t.Errorf("%s: %d %v", a.asked, a.status, a.header)
		}
	})
}

func TestUnknownParametersAreRefused(t *testing.T) {
	eachRoute(t, func(t *testing.T, s *service, route string) {
		a := s.get(address(route)+"?unknownQueryParameter12345=1", "Accept", "*/*")
		if isFile(route) {
			if a.status != http.StatusOK {
				t.Errorf("%s: status %d; files take any parameter", a.asked, a.status)
			}
			return
		}
		p := a.problem(http.StatusBadRequest, "invalid-parameter")
		if len(p.Errors) != 1 || p.Errors[0].Parameter != "unknownQueryParameter12345" || p.Errors[0].Expected == "" {
			t.Errorf("%s: errors are %+v", a.asked, p.Errors)
		}
	})
}

// checkHeaders holds an answer to what every answer promises.
func checkHeaders(t *testing.T, a *answer) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options":        "nosniff",
		"Cross-Origin-Resource-Policy":  "cross-origin",
		"Access-Control-Allow-Origin":   "*",
		"Access-Control-Expose-Headers": "Content-Crs, ETag, Link, X-Request-Id",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", a.asked, name, got, want)
		}
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Permissions-Policy": "geolocation=(), camera=(), microphone=()"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", a.asked, name, got, want)
			}
		}
	}
	policy := a.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: Content-Security-Policy is %q", a.asked, policy)
	}
	if len(a.header.Get(requestIDHeader)) < 20 {
		t.Errorf("%s: %s is %q", a.asked, requestIDHeader, a.header.Get(requestIDHeader))
	}
	if !strings.Contains(strings.Join(a.header.Values("Vary"), ", "), "Accept-Encoding") {
		t.Errorf("%s: Vary is %q", a.asked, a.header.Values("Vary"))
	}
	if a.header.Get("Set-Cookie") != "" || a.header.Get("Server") != "" {
		t.Errorf("%s: sets a cookie or names its server: %v", a.asked, a.header)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	eachRoute(t, func(t *testing.T, s *service, route string) {
		tag := s.get(address(route)).header.Get("ETag")
		for _, a := range []*answer{
			s.get(address(route)), s.get(address(route), "Accept", "text/html"), s.ask(http.MethodHead, address(route)), s.ask(http.MethodOptions, address(route)),
			s.ask(http.MethodPost, address(route)), s.get(address(route) + "?no=such"), s.get(address(route), "If-None-Match", tag),
			s.get(strings.TrimSuffix(address(route), "/") + "/no/such/page"), s.get(address(route) + "/"),
		} {
			checkHeaders(t, a)
		}
	})
}

// Only what a browser shows as a page or runs needs more than nothing.
func TestDataMayLoadNothing(t *testing.T) {
	s := serve(t, invented)
	const closed = "default-src 'none'; frame-ancestors 'none'; sandbox"
	for target, want := range map[string]string{
		"/collections": closed, "/api": closed, "/collections/incidents/items": closed, "/no-such": closed,
		"/collections?f=html": pagePolicy, "/licences": pagePolicy, "/?f=html": mapPolicy, "/?f=html&embed=1": embedPolicy, "/?f=html&embed=0": mapPolicy,
	} {
		if a := s.get(target); a.header.Get("Content-Security-Policy") != want {
			t.Errorf("%s: Content-Security-Policy is %q, want %q", a.asked, a.header.Get("Content-Security-Policy"), want)
		}
	}
}

func TestAddressesThatAreNothing(t *testing.T) {
	s := serve(t, invented)
	for _, target := range []string{
		"/no-such", "/collections/no-such", "/collections/no-such/items", "/collections/no-such/items/x", "/collections/incidents/items/no-such",
		"/collections/incidents/items/2005-gamma/more", "/collections//items", "/collections/Incidents", "/collections/incidents%20/items",
		"/collections/sources/tiles", "/tiles/NoSuchQuad", "/tileMatrixSets/NoSuchQuad", "/tiles/WebMercatorQuad/0/0", "/tiles/WebMercatorQuad/0/0/0/0",
		"/collections/incidents%2Fitems", "/collections/incidents/items/2005%2Dgamma%00", "/collections/incidents/items/%FF",
		"/collections/incidents/items/2005+gamma", "/collections/incidents/items/2005%20gamma", "/collections/places/items/%D0%90%D0%BB%D1%8C%D1%84%D0%B0",
		"/static/", "/static/../server.go", "/static/%2e%2e/page.css", "/assets/", "/assets/../index.html", "/assets/no-such.js", "//elsewhere.example/",
	} {
		a := s.get(s.http.URL + target)
		if a.status == http.StatusPermanentRedirect {
			a = s.get(a.header.Get("Location"))
		}
		p := a.problem(http.StatusNotFound, "not-found")
		if p.Instance == "" || strings.Contains(a.header.Get("Cache-Control"), "max-age") {
			t.Errorf("%s: instance %q, Cache-Control %q", a.asked, p.Instance, a.header.Get("Cache-Control"))
		}
		checkHeaders(t, a)
	}
}

// A percent-encoded character that needs no encoding is that character
// (RFC 3986 §6.2.2.2).
func TestEncodedIdentifiersAreTheSame(t *testing.T) {
	s := serve(t, invented)
	for _, target := range []string{"/collections/%69ncidents/items/2005%2Dgamma", "/collections/incidents/items/2005-g%61mma"} {
		s.get(target).expect(http.StatusOK, "application/geo+json")
	}
}

func TestSlashTooManyLeadsToTheResource(t *testing.T) {
	s := serve(t, invented)
	for target, want := range map[string]string{
		"/collections/": "/collections",
		"/collections/incidents/items/?limit=2&f=": "/collections/incidents/items?limit=2&f=",
		"/collections/sources/items/a%2Fb/":        "/collections/sources/items/a%2Fb",
		"/no-such///":                              "/no-such",
	} {
		a := s.get(target, "X-Forwarded-Prefix", "/evil")
		if got := a.header.Get("Location"); a.status != http.StatusPermanentRedirect || got != s.http.URL+want {
			t.Errorf("%s: %d to %q, want 308 to %q", a.asked, a.status, got, s.http.URL+want)
		}
		checkHeaders(t, a)
	}
}
