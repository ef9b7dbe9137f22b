package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// problemType is a kind of problem; its Name is the last part of its type URI
// and a heading in docs/problems.md.
type problemType struct {
	Name, Title string
	Status      int
	Doc         string
}

// problemTypes returns every kind of problem that the service answers with.
func problemTypes() []problemType {
	return []problemType{
		{"invalid-parameter", "A parameter is not right", http.StatusBadRequest,
			"One or more query parameters are unknown, malformed or out of range. errors names each (the first 20, where there are more), what was found and what would be right. Nothing of the request was carried out."},
		{"not-found", "There is nothing here", http.StatusNotFound,
			"No page, collection or feature has this address."},
		{"method-not-allowed", "The method is not allowed here", http.StatusMethodNotAllowed,
			"The resource exists but does not take this method. The Allow header lists those that it takes."},
		{"not-acceptable", "No such representation", http.StatusNotAcceptable,
			"The Accept header asks for media types that this resource does not have. errors lists the ones it has; f= chooses one too."},
		{"timeout", "It took too long", http.StatusServiceUnavailable,
			"The request was stopped because it took longer than the server allows. Ask for less, or try again after the time in Retry-After."},
		{"no-room", "The server has no room", http.StatusInsufficientStorage,
			"What was asked for is put aside on the server's disk before it is sent, or is to be kept there, and the disk is full. Nothing was changed. Ask for another format, or for less."},
		{"internal", "The server failed", http.StatusInternalServerError,
			"This is our fault. The request_id finds it in the server's log."},
	}
}

func problemOf(name string) problemType {
	for _, t := range problemTypes() {
		if t.Name == name {
			return t
		}
	}
	panic("no problem type " + name)
}

// notAcceptable says that no representation suits the Accept header.
type notAcceptable struct{ found, has string }

func (e *notAcceptable) Error() string { return "no representation for Accept: " + e.found }

// notAllowed says that a resource does not take the method.
type notAllowed struct{ allow string }

func (e *notAllowed) Error() string { return "method not allowed" }

// errNoPage says that no route has the address.
var errNoPage = fmt.Errorf("no such page: %w", data.ErrNotFound)

// fail answers with the problem that err is. It is the only map from errors to
// HTTP (RFC 9457).
func (s *Server) fail(c *gin.Context, err error) {
	p := s.problem(c, err)
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("request failed", "request_id", p.RequestID, "method", c.Request.Method, "path", c.Request.URL.Path, "error", err.Error())
	}
	body, _ := json.Marshal(p) // strings and numbers never fail
	header := c.Writer.Header()
	header.Set("Cache-Control", "no-store")
	header.Del("ETag")
	header.Del(contentCRSHeader)
	if p.Status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "5")
	}
	s.write(c, p.Status, "application/problem+json", body)
}

func (s *Server) problem(c *gin.Context, err error) ogcapi.Problem {
	var input *geo.InputError
	var accept *notAcceptable
	var method *notAllowed
	make := func(name, detail string) ogcapi.Problem {
		t := problemOf(name)
		return ogcapi.Problem{Type: s.root(c) + "/problems#" + name, Title: t.Title, Status: t.Status, Detail: detail, Instance: c.Request.URL.EscapedPath()}
	}
	switch {
	case errors.As(err, &input):
		p := make("invalid-parameter", summary(input.Faults))
		for _, f := range input.Faults {
			p.Errors = append(p.Errors, ogcapi.ProblemError{Parameter: f.Where, Found: f.Found, Problem: f.Problem, Expected: f.Mend})
		}
		return p
	case errors.As(err, &accept):
		p := make("not-acceptable", "")
		p.Errors = []ogcapi.ProblemError{{Header: "Accept", Found: accept.found, Problem: "asks for none of the media types that this resource has", Expected: accept.has}}
		return p
	case errors.As(err, &method):
		c.Header("Allow", method.allow)
		return make("method-not-allowed", c.Request.Method+" is not allowed here; allowed are "+method.allow)
	case errors.Is(err, data.ErrNotFound):
		return make("not-found", "")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return make("timeout", "")
	case errors.Is(err, data.ErrFull), errors.Is(err, syscall.ENOSPC):
		p := make("no-room", "")
		p.RequestID = c.Writer.Header().Get(requestIDHeader)
		return p
	}
	p := make("internal", "")
	p.RequestID = c.Writer.Header().Get(requestIDHeader)
	return p
}

// summary names the faulty parameters in one line.
func summary(faults []geo.Fault) string {
	var parts []string
	for _, f := range faults {
		parts = append(parts, f.Where+" "+f.Problem)
	}
	return strings.Join(parts, "; ")
}
