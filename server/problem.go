package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/token"
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
		{"gone", "It was taken back", http.StatusGone,
			"The feature was retracted, or its content was removed for good; detail has the reason that was given. What it said before a retraction can be read at its address and among its revisions."},
		{"unauthorized", "An access token is needed", http.StatusUnauthorized,
			"Changes, and what is not published, need an access token in the header Authorization: Bearer …. The token is missing, not valid, expired or revoked."},
		{"forbidden", "The access token does not allow this", http.StatusForbidden,
			"The token's role or scope does not cover the request. Contributors write drafts; editors publish, correct, retract and redact."},
		{"conflict", "It is in the way of something else", http.StatusConflict,
			"The identifier is had by another record, or the record was changed or has a draft by somebody else meanwhile. Nothing was carried out."},
		{"precondition-failed", "It was changed since you read it", http.StatusPreconditionFailed,
			"The version that If-Match or If-Unmodified-Since names is not the one that stands. Read the feature again, and make the change anew."},
		{"precondition-required", "Say which version you change", http.StatusPreconditionRequired,
			"This service takes a change only with If-Match, or If-Unmodified-Since: send the ETag that came with the feature."},
		{"too-large", "The request is too large", http.StatusRequestEntityTooLarge,
			"A request may have 10 MiB and 1000 features. Send them in parts, or use demarc import."},
		{"too-many-requests", "Ask again later", http.StatusTooManyRequests,
			"You have sent more requests, or more changes, than this service takes of one client at a time. RateLimit-Policy says how many those are, RateLimit how many are left, and Retry-After after how many seconds the next one is taken."},
		{"unsupported-media-type", "The body is of a type that is not taken here", http.StatusUnsupportedMediaType,
			"The Content-Type, or the Content-Encoding, is not one that this resource takes. errors lists those that it takes."},
		{"invalid-json", "The body is not JSON that can be read in one way", http.StatusBadRequest,
			"The body is not JSON, has a name twice in an object, text that is not UTF-8, or nests too deep. errors says where."},
		{"invalid-content", "The content is not right", http.StatusUnprocessableEntity,
			"The body is JSON, but what it says breaks a rule. errors names every fault by its JSON Pointer, what was found and what would be right. Nothing was carried out."},
		{"unavailable", "It is not to be had at present", http.StatusServiceUnavailable,
			"The store takes no changes, or the service is asked for more than it can give at once. Reading goes on. Where a change was sent with an Idempotency-Key, sending it again later tells whether it was kept."},
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
	header := c.Writer.Header()
	header.Set("Cache-Control", "no-store")
	header.Del("ETag")
	header.Del(contentCRSHeader)
	header.Del("Last-Modified")
	var limited *tooMany
	if errors.As(err, &limited) {
		header.Set("Retry-After", limited.retryAfter())
	}
	switch p.Status {
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", "5")
	case http.StatusUnauthorized:
		header.Set("WWW-Authenticate", `Bearer realm="demarc"`)
	}
	if s.problemPage(c, &p, err) {
		return
	}
	body, _ := json.Marshal(p) // strings and numbers never fail
	s.write(c, p.Status, "application/problem+json", body)
}

func (s *Server) problem(c *gin.Context, err error) ogcapi.Problem {
	name, detail, faults := problemKind(c, err)
	t := problemOf(name)
	p := ogcapi.Problem{Type: s.root(c) + "/problems#" + name, Title: t.Title, Status: t.Status, Detail: detail, Instance: c.Request.URL.EscapedPath(), Errors: faults}
	if name == "internal" || name == "no-room" {
		p.RequestID = c.Writer.Header().Get(requestIDHeader)
	}
	return p
}

// problemKind returns the kind of problem that an error is, what may be told of
// it, and its faults.
func problemKind(c *gin.Context, err error) (name, detail string, faults []ogcapi.ProblemError) {
	var body *errBody
	var input *geo.InputError
	var accept *notAcceptable
	var mediaType *errMediaType
	var method *notAllowed
	var gone *errGone
	switch {
	case errors.As(err, &body):
		name = "invalid-content"
		if body.syntax {
			name = "invalid-json"
		}
		return name, summary(body.input.Faults), faultsOf(body.input.Faults, func(f geo.Fault, e *ogcapi.ProblemError) { e.Pointer = f.Where })
	case errors.As(err, &input):
		return "invalid-parameter", summary(input.Faults), faultsOf(input.Faults, func(f geo.Fault, e *ogcapi.ProblemError) {
			if e.Parameter = f.Where; slices.Contains(requestHeaders(), f.Where) {
				e.Header, e.Parameter = f.Where, ""
			}
		})
	case errors.As(err, &accept):
		return "not-acceptable", "", []ogcapi.ProblemError{{Header: "Accept", Found: accept.found, Problem: "asks for none of the media types that this resource has", Expected: accept.has}}
	case errors.As(err, &mediaType):
		return "unsupported-media-type", "", []ogcapi.ProblemError{{Header: "Content-Type", Found: mediaType.found, Problem: "is not taken here", Expected: mediaType.takes}}
	case errors.As(err, &method):
		c.Header("Allow", method.allow)
		return "method-not-allowed", c.Request.Method + " is not allowed here; allowed are " + method.allow, nil
	case errors.As(err, new(*tooMany)):
		return "too-many-requests", "", nil
	case errors.As(err, &gone):
		return "gone", gone.version.Comment, nil
	case errors.Is(err, data.ErrReadOnly):
		c.Header("Allow", reading)
		return "method-not-allowed", "the service takes no changes", nil
	}
	name, detail = stateProblem(err)
	return name, detail, nil
}

// maxBodyFaults is how many faults of a body are told; one of a thousand features
// can have very many.
const maxBodyFaults = 200

// faultsOf returns the first faults as a problem tells them; place says where
// each stands.
func faultsOf(faults []geo.Fault, place func(geo.Fault, *ogcapi.ProblemError)) []ogcapi.ProblemError {
	var out []ogcapi.ProblemError
	for _, f := range faults[:min(len(faults), maxBodyFaults)] {
		e := ogcapi.ProblemError{Found: f.Found, Problem: f.Problem, Expected: f.Mend}
		place(f, &e)
		out = append(out, e)
	}
	return out
}

// stateProblem returns the kind of problem that an error without faults of its
// own is, and what may be told of it.
func stateProblem(err error) (name, detail string) {
	for _, known := range []struct {
		err  error
		name string
		tell bool
	}{
		{errNoToken, "unauthorized", true}, {token.ErrInvalid, "unauthorized", true}, {errForbidden, "forbidden", true},
		{data.ErrConflict, "conflict", true}, {errPrecondition, "precondition-failed", false}, {errPreconditionRequired, "precondition-required", false},
		{errTooLarge, "too-large", false}, {data.ErrUnavailable, "unavailable", true}, {data.ErrFull, "no-room", false}, {syscall.ENOSPC, "no-room", false},
		{data.ErrNotFound, "not-found", false}, {context.DeadlineExceeded, "timeout", false}, {context.Canceled, "timeout", false},
	} {
		if errors.Is(err, known.err) {
			if known.tell {
				detail = err.Error()
			}
			return known.name, detail
		}
	}
	return "internal", ""
}

// requestHeaders are the headers whose faults are told as such.
func requestHeaders() []string {
	return []string{"Accept-Datetime", commentHeader, contentCRSHeader, "Content-Type", "Idempotency-Key"}
}

// summary names the faulty parameters in one line.
func summary(faults []geo.Fault) string {
	var parts []string
	for _, f := range faults {
		parts = append(parts, f.Where+" "+f.Problem)
	}
	return strings.Join(parts, "; ")
}
