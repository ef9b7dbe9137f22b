package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
)

// allowed are the methods that every resource takes: reading is open, and
// there is nothing to write yet.
const allowed = "GET, HEAD, OPTIONS"

var errPanic = errors.New("the handler panicked")

// routes returns the router with every route of the service.
func (s *Server) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // else gin prints its routes
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false // gin's believes X-Forwarded-Prefix; see noRoute
	r.UseEscapedPath = true         // an id may hold %2F;
	r.UnescapePathValues = false    // gin's own unescaping turns + into a blank
	_ = r.SetTrustedProxies(nil)    // nil is always taken
	r.Use(s.wrap)
	r.NoRoute(s.handle(s.noRoute))
	r.NoMethod(s.handle(func(*gin.Context) error { return &notAllowed{allowed} }))

	routes := map[string]handler{
		"/":                                s.landing,
		"/api":                             s.api,
		"/conformance":                     s.conformance,
		"/collections":                     s.collections,
		"/collections/:collectionId":       s.collection,
		"/collections/:collectionId/items": s.items,
		"/collections/:collectionId/items/:featureId": s.item,
		"/functions":    s.functions,
		"/licences":     s.licences,
		"/problems":     s.problems,
		"/healthz":      s.healthz,
		"/readyz":       s.readyz,
		"/favicon.ico":  s.favicon,
		"/static/*path": s.static,
		"/assets/*path": s.asset,
	}
	for _, of := range schemaResources() {
		routes["/collections/:collectionId/"+of.path] = s.propertiesOf(of)
	}
	s.addTileRoutes(routes)
	for path, h := range routes {
		r.GET(path, s.handle(h))
		r.HEAD(path, s.handle(h))
		r.OPTIONS(path, s.options)
	}
	return r
}

// options answers what a resource takes (RFC 9110 §9.3.7), and the preflight
// of a browser that asks from another origin (Fetch §3.2.2).
func (s *Server) options(c *gin.Context) {
	c.Header("Allow", allowed)
	c.Header("Access-Control-Allow-Methods", "GET, HEAD")
	c.Header("Access-Control-Allow-Headers", "Accept, If-None-Match")
	c.Header("Access-Control-Max-Age", "86400")
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
}

// noRoute answers where no route matches. An address with a slash too many at
// its end leads to the one without.
func (s *Server) noRoute(c *gin.Context) error {
	path := c.Request.URL.EscapedPath()
	trimmed := strings.TrimRight(path, "/")
	reading := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	if !reading || trimmed == path || trimmed == "" {
		return errNoPage
	}
	target := s.root(c) + trimmed
	if c.Request.URL.RawQuery != "" {
		target += "?" + c.Request.URL.RawQuery
	}
	c.Header("Location", target)
	s.write(c, http.StatusPermanentRedirect, "text/plain; charset=utf-8", []byte(target+"\n"))
	return nil
}

// pathParam returns a part of the path, unescaped.
func pathParam(c *gin.Context, name string) (string, error) {
	text, err := url.PathUnescape(c.Param(name))
	if err != nil {
		return "", errNoPage
	}
	return text, nil
}

// healthz says that the process runs.
func (s *Server) healthz(c *gin.Context) error {
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	s.write(c, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
	return nil
}

// readyz says that the dataset is loaded and at which revision.
func (s *Server) readyz(c *gin.Context) error {
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	s.write(c, http.StatusOK, "application/json", []byte(`{"ready":true,"revision":"`+s.data.Snapshot().Revision()+`"}`+"\n"))
	return nil
}
