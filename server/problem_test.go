package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// The document, the page and the service know the same kinds of problems.
func TestProblemsAreDocumented(t *testing.T) {
	raw, err := os.ReadFile("../docs/problems.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, known []string
	for _, line := range strings.Split(string(raw), "\n") {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			documented = append(documented, name)
		}
	}
	page := checkPage(t, serve(t, invented), "/problems")
	anchors := map[string]string{}
	for _, e := range page.named("section") {
		anchors[e.attrs["id"]] = e.text
	}
	text := strings.ReplaceAll(string(raw), "`", "")
	for _, p := range problemTypes() {
		known = append(known, p.Name)
		if want := fmt.Sprintf("## %s\n\n%d · %s. %s\n", p.Name, p.Status, p.Title, p.Doc); !strings.Contains(text, want) {
			t.Errorf("docs/problems.md does not say\n%s", want)
		}
		if !strings.Contains(anchors[p.Name], p.Title) || !strings.Contains(anchors[p.Name], p.Doc) {
			t.Errorf("/problems#%s says %q", p.Name, anchors[p.Name])
		}
	}
	if !slices.Equal(documented, known) {
		t.Errorf("docs/problems.md has %v, the service has %v", documented, known)
	}
}

// failing serves one more route, whose handler fails.
func failing(t *testing.T, log *lockedBuffer, timeout time.Duration, h handler) *service {
	t.Helper()
	d, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, Config{Timeout: timeout}, d, mapFiles, logTo(log))
	s.router.GET("/failing", s.handle(h))
	return s
}

// A fault of ours is told with a number by which the log has it, and no more.
func TestFailuresTellNothingButANumber(t *testing.T) {
	for name, h := range map[string]handler{
		"error": func(*gin.Context) error { return errors.New("secret of the machine") },
		"panic": func(*gin.Context) error { panic("secret of the machine") },
	} {
		t.Run(name, func(t *testing.T) {
			var log lockedBuffer
			s := failing(t, &log, 0, h)
			a := s.get("/failing")
			p := a.problem(http.StatusInternalServerError, "internal")
			if p.RequestID == "" || p.RequestID != a.header.Get(requestIDHeader) || bytes.Contains(a.body, []byte("secret")) {
				t.Errorf("the answer is %s", a.body)
			}
			checkHeaders(t, a)
			if !strings.Contains(log.String(), "secret of the machine") || strings.Count(log.String(), p.RequestID) < 2 {
				t.Errorf("the log does not tell of it: %s", log.String())
			}
			s.get("/collections").expect(http.StatusOK, "application/json") // it goes on
		})
	}
}

func TestRequestsThatTakeTooLongAreEnded(t *testing.T) {
	var log lockedBuffer
	s := failing(t, &log, time.Millisecond, func(c *gin.Context) error {
		<-c.Request.Context().Done()
		return fmt.Errorf("search: %w", c.Request.Context().Err())
	})
	a := s.get("/failing")
	a.problem(http.StatusServiceUnavailable, "timeout")
	if a.header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
	}
	if !strings.Contains(log.String(), context.DeadlineExceeded.Error()) {
		t.Errorf("the log does not tell why: %s", log.String())
	}
}

// One line a request, without a word about who asked.
func TestLogHasNoReaders(t *testing.T) {
	d, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	var log lockedBuffer
	s := serveWith(t, Config{}, d, mapFiles, logTo(&log))
	a := s.get("/collections/incidents/items?limit=1", "User-Agent", "reader-agent", "X-Forwarded-For", "203.0.113.7", "Referer", "https://reader.example/", "Cookie", "reader=1")
	s.get("/no-such", "Authorization", "reader")
	s.http.Close() // the line is written after the answer
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2:\n%s", len(lines), log.String())
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"msg": "request", "method": "GET", "path": "/collections/incidents/items", "query": "limit=1", "status": 200.0,
		"bytes": float64(len(a.body)), "request_id": a.header.Get(requestIDHeader)} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	for _, told := range []string{"127.0.0.1", "203.0.113.7", "reader"} {
		if strings.Contains(log.String(), told) {
			t.Errorf("the log tells %q: %s", told, log.String())
		}
	}
}
