package server

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"demarc/server/ogcapi"
)

// formatProblem is how programs read problems (RFC 9457).
var formatProblem = format{"json", "application/problem+json", "Problem", []string{"application/json", "application/geo+json"}}

// problemBody is what the page of a problem shows.
type problemBody struct {
	Problem *ogcapi.Problem
	Doc     string
	History string // the address of what is known still of a feature that was taken back
}

// problemPage answers a browser with a page that says what is wrong, and tells whether
// it did: a link in an article may lead to what is no more. Programs, and whoever does
// not say, get the problem itself.
func (s *Server) problemPage(c *gin.Context, p *ogcapi.Problem, err error) bool {
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		return false
	}
	if header := c.Writer.Header(); !slices.Contains(header["Vary"], "Accept") {
		header.Add("Vary", "Accept")
	}
	if f, err := negotiate(c.GetHeader("Accept"), []format{formatProblem, formatHTML}); err != nil || f.name != formatHTML.name {
		return false
	}
	name, _, _ := problemKind(c, err)
	body := problemBody{Problem: p, Doc: problemOf(name).Doc}
	if errors.As(err, new(*errGone)) {
		if collection, feature, err := featurePath(c); err == nil {
			body.History = s.itemURL(c, collection, feature) + "/revisions?f=html"
		}
	}
	return s.page(c, "problem", pageData{Title: p.Title, Status: p.Status, Body: body}) == nil
}
