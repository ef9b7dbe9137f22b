// Package server answers over HTTP: OGC API – Features (OGC 17-069r4), pages
// for people, and the incident map. routes.go shows the whole of it.
//
// Handlers return errors; problem.go turns each into one answer. A handler
// takes the snapshot once, so that an answer never mixes two states.
package server

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data/dataset"
	"demarc/data/ledger"
	"demarc/data/shelf"
	"demarc/data/snapshot"
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
	// ReadRate is how many requests a second a client, which is a network of addresses,
	// may send on average, and WriteRate how many changes a token; 0 for no limit.
	ReadRate, WriteRate float64
	// TrustedProxies are the addresses, or networks, of proxies whose X-Forwarded-For
	// is believed.
	TrustedProxies []string
	// TileBytes is how much memory tiles, and what they are made of, may take; 0 means
	// 1 GB, and less than 0 none that is kept.
	TileBytes int64
	// Log is the log of what is published; nil for a service that keeps none.
	Log ledger.Log
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
	// bodies are answers made of tiles, as they are sent.
	bodies *shelf.Shelf[snapshot.Moment]
	// basemap is the background of the map, and no part of the data.
	basemap *snapshot.Snapshot
	// details are those of single features, as they are written.
	details *shelf.Shelf[snapshot.Moment]
	log     *slog.Logger
	router  *gin.Engine
	lists   []format // itemsFormats
	uses    uses
	limits  limits
	bulks   bulks

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
	s := &Server{cfg: cfg, data: d, details: shelf.New[snapshot.Moment](detailBytes), log: log, bulks: make(bulks, bulksAtOnce), stopping: make(chan struct{})}
	s.feed = &feed{s: s}
	s.keepTiles()
	var err error
	if s.assets, err = loadAssets(web); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(); err != nil {
		return nil, err
	}
	if s.basemap, err = loadBasemap(); err != nil {
		return nil, err
	}
	s.limits = newLimits(&cfg)
	s.lists = s.itemsFormats()
	s.router = s.routes()
	if err := s.router.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies %v: %w", cfg.TrustedProxies, err)
	}
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
	own := &request{id: [1]string{requestID()}, vary: [3]string{"Accept-Encoding"}}
	own.root = s.address(c.Request)
	header := c.Writer.Header()
	header[requestIDHeader] = own.id[:]
	header["Vary"] = own.vary[:1] // 304 has it too (RFC 9110 §15.4.5)
	setFixed(header, sameHeaders[:])
	if len(c.Request.TransferEncoding) > 0 {
		// Both Content-Length and Transfer-Encoding may have been sent; net/http
		// hides the first, so end the connection (RFC 9112 §6.1).
		c.Header("Connection", "close")
	}
	if c.FullPath() != eventsRoute { // which ends when the client is gone
		own.begin(c.Request.Context(), start.Add(s.cfg.Timeout))
		defer own.end()
		c.Request = c.Request.WithContext(own)
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
		if h := s.log.Handler(); h.Enabled(context.Background(), slog.LevelInfo) {
			now := time.Now()
			line := slog.NewRecord(now, slog.LevelInfo, "request", 0)
			line.AddAttrs(slog.String("request_id", own.id[0]), slog.String("method", c.Request.Method),
				slog.String("path", c.Request.URL.Path), slog.String("query", c.Request.URL.RawQuery), slog.Int("status", c.Writer.Status()),
				slog.Int("bytes", max(0, c.Writer.Size())), slog.Float64("ms", float64(now.Sub(start).Microseconds())/1000))
			_ = h.Handle(context.Background(), line) // nobody is left to tell
		}
		if p == http.ErrAbortHandler {
			panic(p) // net/http breaks the connection off, so that the client sees that the answer has no end
		}
	}()
	c.Next()
}

// request is what one request needs besides its answer, in one piece of memory: the
// values of its headers, the address of the landing page, and its deadline. It is the
// context of the request.
type request struct {
	deadline
	id, tag, mediaType, length [1]string
	vary                       [3]string
	root                       string
	holder                     *token.Token // whose token it came with, once that was asked
}

// requestOf returns what wrap made; for a request that has another context it is
// empty.
func requestOf(c *gin.Context) *request {
	if own, ok := c.Request.Context().(*request); ok {
		return own
	}
	return &request{}
}

// requestID returns what no two requests have, as crypto/rand.Text writes it. It is
// no secret, so it need not be one.
func requestID() string {
	const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var id [26]byte
	var bits uint64
	for i := range id {
		if i%12 == 0 {
			bits = rand.Uint64()
		}
		id[i] = base32[bits&31]
		bits >>= 5
	}
	return string(id[:])
}

// fixedHeader is a header with its value, which all answers share: it has no room to
// be added to.
type fixedHeader struct {
	name   string
	values [1]string
}

// sameHeaders are those that every answer has; pages put another content security
// policy in its place, for what they need.
var sameHeaders = [...]fixedHeader{
	{"X-Content-Type-Options", [1]string{"nosniff"}},
	{"Cross-Origin-Resource-Policy", [1]string{"cross-origin"}}, // public data
	{"Content-Security-Policy", [1]string{"default-src 'none'; frame-ancestors 'none'; sandbox"}},
	{"Access-Control-Allow-Origin", [1]string{"*"}}, // reading is open
	{"Access-Control-Expose-Headers", [1]string{"Content-Crs, ETag, Link, " + requestIDHeader}},
}

// pageHeaders are those that pages have besides. Of data they would say nothing: it
// runs nothing and leads nowhere.
var pageHeaders = [...]fixedHeader{
	{"Referrer-Policy", [1]string{"no-referrer"}},
	{"Cross-Origin-Opener-Policy", [1]string{"same-origin"}},
	{"Permissions-Policy", [1]string{"geolocation=(), camera=(), microphone=()"}},
}

// setFixed sets the headers.
func setFixed(to http.Header, headers []fixedHeader) {
	for i := range headers {
		to[headers[i].name] = headers[i].values[:]
	}
}

// root returns the address of the landing page, without a slash at its end.
func (s *Server) root(c *gin.Context) string {
	if own := requestOf(c); own.root != "" {
		return own.root
	}
	return s.address(c.Request)
}

func (s *Server) address(r *http.Request) string {
	switch {
	case s.cfg.PublicURL != "":
		return strings.TrimSuffix(s.cfg.PublicURL, "/")
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
