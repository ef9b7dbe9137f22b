// Package server answers over HTTP: OGC API – Features (OGC 17-069r4), pages
// for people, and the incident map. routes.go shows the whole of it.
//
// Handlers return errors; problem.go turns each into one answer. A handler
// takes the snapshot once, so that an answer never mixes two states.
package server

import (
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data/dataset"
	"demarc/data/tile"
	"demarc/data/token"
)

// Config is what an operator can choose; the zero value works.
type Config struct {
	// PublicURL is the address under which clients see the service, without a
	// slash at its end; empty to take it from each request.
	PublicURL string
	// Version is the program's version, shown in the API document.
	Version string
	// Timeout ends a request that takes longer; 0 means 30 seconds.
	Timeout time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Tokens keeps the access tokens of those who may change the data; nil for a
	// service that takes no changes.
	Tokens token.Keeper
	// RequireIfMatch refuses changes that do not say which version they were made
	// from. QGIS does not say it.
	RequireIfMatch bool
	// GeoPackage opens what writes that format; nil leaves the format out.
	GeoPackage OpenGeoPackage
}

// Server answers requests out of a dataset. It is safe for concurrent use.
type Server struct {
	cfg    Config
	data   *dataset.Dataset
	assets *assets
	pages  *pages
	tiles  *tile.Cache
	log    *slog.Logger
	router *gin.Engine
	uses   uses

	feed     *feed
	stopping chan struct{} // closed by Stop
}

// New returns a server of the dataset. web holds the built incident map.
func New(cfg Config, d *dataset.Dataset, web fs.FS, log *slog.Logger) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	s := &Server{cfg: cfg, data: d, tiles: tile.NewCache(tileCacheBytes, compress), log: log, stopping: make(chan struct{})}
	s.feed = &feed{s: s}
	var err error
	if s.assets, err = loadAssets(web); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(); err != nil {
		return nil, err
	}
	s.router = s.routes()
	return s, nil
}

// Handler returns the handler of all routes.
func (s *Server) Handler() http.Handler { return s.router }

// handler is a route's work; its error becomes the answer.
type handler func(c *gin.Context) error

// handle runs h and answers with the problem where it fails.
func (s *Server) handle(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

const requestIDHeader = "X-Request-Id"

// wrap gives every request an id, a deadline, the headers that all answers
// have, one line in the log, and an answer even if the handler panics.
func (s *Server) wrap(c *gin.Context) {
	start := time.Now()
	c.Header(requestIDHeader, rand.Text())
	setHeaders(c.Writer.Header())
	if len(c.Request.TransferEncoding) > 0 {
		// Both Content-Length and Transfer-Encoding may have been sent; net/http
		// hides the first, so end the connection (RFC 9112 §6.1).
		c.Header("Connection", "close")
	}
	if c.FullPath() != eventsRoute { // which ends when the client is gone
		ctx, cancel := context.WithTimeout(c.Request.Context(), s.cfg.Timeout)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
	}
	defer func() {
		p := recover()
		if p != nil && p != http.ErrAbortHandler {
			s.log.Error("panic", "request_id", c.Writer.Header().Get(requestIDHeader), "panic", p, "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				s.fail(c, errPanic)
			}
		}
		// No client address: readers may be at risk.
		s.log.Info("request", "request_id", c.Writer.Header().Get(requestIDHeader), "method", c.Request.Method,
			"path", c.Request.URL.Path, "query", c.Request.URL.RawQuery, "status", c.Writer.Status(), "bytes", max(0, c.Writer.Size()),
			"ms", float64(time.Since(start).Microseconds())/1000)
		if p == http.ErrAbortHandler {
			panic(p) // net/http breaks the connection off, so that the client sees that the answer has no end
		}
	}()
	c.Next()
}

// setHeaders sets the headers that every answer has. Pages widen the content
// security policy for what they need.
func setHeaders(h http.Header) {
	h.Set("Vary", "Accept-Encoding") // 304 has it too (RFC 9110 §15.4.5)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // public data
	h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Access-Control-Allow-Origin", "*") // reading is open
	h.Set("Access-Control-Expose-Headers", "Content-Crs, ETag, Link, "+requestIDHeader)
}

// root returns the address of the landing page, without a slash at its end.
func (s *Server) root(c *gin.Context) string {
	if s.cfg.PublicURL != "" {
		return strings.TrimSuffix(s.cfg.PublicURL, "/")
	}
	scheme := "http"
	if c.Request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request.Host
}
