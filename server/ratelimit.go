package server

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/server/limit"
)

// burst is how many seconds' worth of requests a client may save up: a map that
// opens asks for a screen of tiles at once.
const burst = 10

// clientsKept is for how many clients there is room in each table of limits.
const clientsKept = 1 << 17

// limits are the tables of what clients have left; nil for what is not limited.
type limits struct {
	readers *limit.Table[netip.Prefix] // by network
	writers *limit.Table[string]       // by token
}

func newLimits(cfg *Config) limits {
	var l limits
	if cfg.ReadRate > 0 {
		l.readers = limit.New[netip.Prefix](policy(cfg.ReadRate), clientsKept)
	}
	if cfg.WriteRate > 0 {
		l.writers = limit.New[string](policy(cfg.WriteRate), clientsKept)
	}
	return l
}

func policy(rate float64) limit.Policy {
	return limit.Policy{Rate: rate, Burst: max(1, int(math.Ceil(rate*burst)))}
}

// tooMany says that a client has asked for more than its share.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return "asked for too much" }

// withinLimits answers who asks for more than their share, in the place of the route.
func (s *Server) withinLimits(c *gin.Context) {
	if err := s.charge(c); err != nil {
		c.Abort()
		s.fail(c, err)
	}
}

// charge counts the request: a change to the token that it comes with, all else,
// what comes with a token that is not good too, to the client's network. The error
// is *tooMany.
func (s *Server) charge(c *gin.Context) error {
	switch c.FullPath() {
	case "/healthz", "/readyz": // whoever watches the service must not be turned away
		return nil
	}
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead && c.Request.Method != http.MethodOptions {
		if t, err := s.holder(c); err == nil && t != nil {
			return take(c, s.cfg.Now(), "changes", s.limits.writers, t.ID)
		}
	}
	if s.limits.readers == nil {
		return nil
	}
	address, _ := netip.ParseAddr(c.ClientIP()) // of none, all count to one
	return take(c, s.cfg.Now(), "requests", s.limits.readers, limit.Network(address))
}

// take takes a request from a client's bucket, and says what is left
// (draft-ietf-httpapi-ratelimit-headers-11).
func take[K comparable](c *gin.Context, now time.Time, name string, t *limit.Table[K], client K) error {
	if t == nil {
		return nil
	}
	left, p := t.Take(client, now), t.Policy()
	header := c.Writer.Header()
	header.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", name, p.Burst, wholeSeconds(p.Window())))
	header.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", name, left.Requests, wholeSeconds(left.Full)))
	header.Set("Access-Control-Expose-Headers", header.Get("Access-Control-Expose-Headers")+", RateLimit, RateLimit-Policy, Retry-After")
	if !left.OK {
		return &tooMany{left.Wait}
	}
	return nil
}

// wholeSeconds returns a time in seconds, rounded up.
func wholeSeconds(d time.Duration) int64 { return int64(math.Ceil(d.Seconds())) }

// retryAfter returns the value of Retry-After (RFC 9110 §10.2.3), at least a second.
func (e *tooMany) retryAfter() string { return strconv.FormatInt(max(1, wholeSeconds(e.wait)), 10) }

// addLimits says of every operation that is limited that it can be refused for now.
func (s *Server) addLimits(paths object) {
	for path, item := range paths {
		if path == "/healthz" || path == "/readyz" {
			continue
		}
		for method, operation := range item.(object) {
			of, isOperation := operation.(object)
			if !isOperation || method == "get" && s.limits.readers == nil || method != "get" && s.limits.readers == nil && s.limits.writers == nil {
				continue
			}
			of["responses"].(object)["429"] = problemResponse("The client has asked for more than its share; Retry-After says when the next request is taken.")
		}
	}
}
