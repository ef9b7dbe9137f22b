package server

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// from returns the header lines of a request that a proxy passes on.
func from(address string) []string { return []string{"X-Forwarded-For", address} }

// A client that asks for more than its share is told when to come again; others, and
// whoever watches the service, are answered. The clock stands still.
func TestReadersHaveTheirShare(t *testing.T) {
	d, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, Config{ReadRate: 0.5, TrustedProxies: []string{"127.0.0.0/8"}}, d, mapFiles, slog.New(slog.DiscardHandler))
	for i, want := range []string{`"requests";r=4;t=2`, `"requests";r=3;t=4`, `"requests";r=2;t=6`, `"requests";r=1;t=8`, `"requests";r=0;t=10`} {
		a := s.get("/collections", from("203.0.113.7")...)
		if got := a.header.Get("RateLimit"); a.status != http.StatusOK || got != want || a.header.Get("RateLimit-Policy") != `"requests";q=5;w=10` {
			t.Errorf("request %d: %d, RateLimit: %s, RateLimit-Policy: %s; want %s", i, a.status, got, a.header.Get("RateLimit-Policy"), want)
		}
	}
	for _, target := range []string{"/collections", "/no-such-page", "/collections/incidents/tiles/WebMercatorQuad/0/0/0", "/events"} {
		a := s.get(target, from("203.0.113.99")...) // of the same network
		a.problem(http.StatusTooManyRequests, "too-many-requests")
		if a.header.Get("Retry-After") != "2" || !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "Retry-After") {
			t.Errorf("%s: header %v", target, a.header)
		}
	}
	for _, ask := range [][]string{from("203.0.114.7"), from("2001:db8::1"), from("203.0.113.7, 198.51.100.1"), nil} {
		if a := s.get("/collections", ask...); a.status != http.StatusOK {
			t.Errorf("%v: %d", ask, a.status)
		}
	}
	var definition struct {
		Paths map[string]struct {
			Get struct{ Responses map[string]any }
		}
	}
	s.get("/api?f=json", from("2001:db8:2::1")...).into(&definition)
	for path, item := range definition.Paths {
		limited := item.Get.Responses["429"] != nil
		if health := path == "/healthz" || path == "/readyz"; limited == health {
			t.Errorf("the definition of %s has 429: %v", path, limited)
		}
	}
	for _, target := range []string{"/healthz", "/readyz"} {
		if a := s.get(target, from("203.0.113.7")...); a.status != http.StatusOK || a.header.Get("RateLimit") != "" {
			t.Errorf("%s: %d, %v", target, a.status, a.header)
		}
	}
}

// What a client says of its address counts for nothing, unless a proxy says it that
// is trusted.
func TestForwardedAddressesAreNotBelieved(t *testing.T) {
	d, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, Config{ReadRate: 0.1}, d, mapFiles, slog.New(slog.DiscardHandler))
	s.get("/collections", from("203.0.113.7")...).expect(http.StatusOK, "application/json")
	s.get("/collections", from("198.51.100.7")...).problem(http.StatusTooManyRequests, "too-many-requests")
	s.get("/collections", "X-Real-Ip", "198.51.100.8").problem(http.StatusTooManyRequests, "too-many-requests")
	if _, err := New(Config{TrustedProxies: []string{"proxy.example"}}, d, mapFiles, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "proxy.example") {
		t.Errorf("a proxy without an address: %v", err)
	}
}

// Changes count to the token. One that is not good counts as its sender's request, so
// that guessing is limited too.
func TestWritersHaveTheirShare(t *testing.T) {
	d := writable(t, Config{ReadRate: 1, WriteRate: 0.2})
	patch := `{"properties":{"note":"x"}}`
	for range 2 {
		d.send("ann", "PATCH", clashPath, patch).is(http.StatusNoContent)
	}
	a := d.send("ann", "PATCH", clashPath, patch)
	a.problem(http.StatusTooManyRequests, "too-many-requests")
	if a.header.Get("Retry-After") != "5" || a.header.Get("RateLimit") != `"changes";r=0;t=10` {
		t.Errorf("the third change: %v", a.header)
	}
	d.send("bob", "PATCH", clashPath, patch).is(http.StatusNoContent)
	wrong := "Bearer demarc_aaaaaaaa_" + strings.Repeat("A", 43)
	for range 10 {
		d.ask("PATCH", clashPath, "Authorization", wrong).problem(http.StatusUnauthorized, "unauthorized")
	}
	d.ask("PATCH", clashPath, "Authorization", wrong).problem(http.StatusTooManyRequests, "too-many-requests")
	d.send("carl", "PATCH", "/collections/sources/items/wire-1", patch).is(http.StatusNoContent) // whose address it is too
}
