package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// The routes that take changes.
const (
	itemsRoute   = "/collections/:collectionId/items"
	itemRoute    = itemsRoute + "/:featureId"
	publishRoute = itemRoute + "/publish"
	redactRoute  = itemRoute + "/redact"
)

// eventsRoute is the one whose answer has no end.
const eventsRoute = "/events"

var errPanic = errors.New("the handler panicked")

// routes returns the router with every route of the service.
func (s *Server) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // else gin prints its routes
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false // gin's believes X-Forwarded-Prefix; see noRoute
	r.UseEscapedPath = true         // an id may hold %2F;
	r.UnescapePathValues = false    // gin's own unescaping turns + into a blank
	r.RemoteIPHeaders = []string{"X-Forwarded-For"}
	r.Use(s.wrap, s.withinLimits)
	r.NoRoute(s.handle(s.noRoute))
	r.NoMethod(s.handle(s.noMethod))

	routes := map[string]handler{
		"/":                          s.landing,
		"/api":                       s.api,
		"/conformance":               s.conformance,
		"/collections":               s.collections,
		"/collections/:collectionId": s.collection,
		itemsRoute:                   s.items,
		itemRoute:                    s.item,
		"/functions":                 s.functions,
		"/licences":                  s.licences,
		"/problems":                  s.problems,
		"/healthz":                   s.healthz,
		"/readyz":                    s.readyz,
		"/favicon.ico":               s.favicon,
		"/static/*path":              s.static,
		"/assets/*path":              s.asset,
	}
	for _, of := range schemaResources() {
		routes["/collections/:collectionId/"+of.path] = s.propertiesOf(of)
	}
	routes[revisionsRoute], routes[revisionRoute] = s.revisions, s.revision
	routes[eventsRoute], routes[timemapRoute] = s.events, s.timemap
	s.addTileRoutes(routes)
	s.addLogRoutes(routes)
	if s.writable() {
		routes["/drafts"] = s.drafts
	}
	for path, h := range routes {
		r.GET(path, s.handle(h))
		r.HEAD(path, s.handle(h))
		r.OPTIONS(path, s.handle(s.options))
	}
	if s.writable() {
		s.addWriteRoutes(r)
	}
	return r
}

// addWriteRoutes adds what takes changes (OGC 20-002r1).
func (s *Server) addWriteRoutes(r *gin.Engine) {
	r.POST(itemsRoute, s.handle(s.create))
	r.PUT(itemRoute, s.handle(s.replace))
	r.PATCH(itemRoute, s.handle(s.replace))
	r.DELETE(itemRoute, s.handle(s.remove))
	for path, h := range map[string]handler{publishRoute: s.publish, redactRoute: s.redact} {
		r.POST(path, s.handle(h))
		r.OPTIONS(path, s.handle(s.options))
	}
}

// noMethod says what the resource takes instead. The router has no route for the
// method, so the address tells it.
func (s *Server) noMethod(c *gin.Context) error {
	if path := c.Request.URL.Path; strings.HasSuffix(path, "/publish") || strings.HasSuffix(path, "/redact") {
		return &notAllowed{"OPTIONS, POST"}
	}
	return &notAllowed{reading}
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

// readyz says that the dataset is loaded, at which revision, and whether changes
// are taken; and where it takes none though it is to, why (503).
func (s *Server) readyz(c *gin.Context) error {
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if err := s.data.Status(); err != nil && !errors.Is(err, data.ErrReadOnly) {
		reason := geo.AppendJSONString(nil, err.Error())
		s.write(c, http.StatusServiceUnavailable, "application/json", []byte(`{"ready":false,"reads":true,"reason":`+string(reason)+"}\n"))
		return nil
	}
	s.write(c, http.StatusOK, "application/json", s.readiness())
	return nil
}

// readiness is the answer while all is well.
func (s *Server) readiness() []byte {
	told := struct {
		Ready    bool   `json:"ready"`
		Revision string `json:"revision"`
		Changes  bool   `json:"changes"`
		Reason   string `json:"reason,omitzero"`
		// Checked is how many rows of the store have been checked since a start by its
		// image, of Rows; both are left out where all were checked at the start.
		Checked uint64 `json:"checked,omitzero"`
		Rows    uint64 `json:"rows,omitzero"`
		// Refused is how many edits of other programs in the store's file are, and Edits
		// tells of the first of them.
		Refused int           `json:"refused,omitzero"`
		Edits   []refusedEdit `json:"refused_edits,omitzero"`
	}{Ready: true, Revision: s.data.Snapshot().Revision(), Changes: s.writable()}
	told.Checked, told.Rows = s.data.Checked()
	refused := s.data.RefusedEdits()
	told.Refused = len(refused)
	for _, e := range refused[:min(len(refused), maxRefused)] {
		told.Edits = append(told.Edits, refusedEdit{e.Collection, e.Row, e.ID, faultsOf(e.Faults, unseen)})
	}
	if err := s.data.Status(); err != nil {
		told.Changes, told.Reason = false, err.Error()
	}
	return append(appendJSON(nil, told), '\n')
}

// maxRefused is how many refused edits are told one by one.
const maxRefused = 100

// refusedEdit is a row of the store's file that another program changed in a way
// that is not taken over.
type refusedEdit struct {
	Table   string                `json:"table"`
	Row     int64                 `json:"row"`
	Feature string                `json:"feature,omitzero"`
	Errors  []ogcapi.ProblemError `json:"errors"`
}

// unseen tells where a fault is without what was found: nobody has let that be
// published.
func unseen(f geo.Fault, e *ogcapi.ProblemError) { e.Pointer, e.Found = f.Where, "" }
