package server

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data"
)

var (
	// errPrecondition says that the feature is another one than the client edits.
	errPrecondition = errors.New("the feature was changed since")
	// errPreconditionRequired says that the service wants to know which one it is.
	errPreconditionRequired = errors.New("the service takes no change without If-Match")
)

// The entity tag of a single feature begins with the number of the version of
// its record, p for a published one and d for a draft, so that a change can be
// held to it whichever representation the client had (OGC 20-002r1, optimistic
// locking by entity tags). It is strong: the rest of it changes with the bytes.
func versionTag(v *data.Version) string {
	kind := "p"
	if v.Draft() {
		kind = "d"
	}
	return kind + strconv.Itoa(v.Number)
}

// unchangedFeature is unchanged for a single feature of ours.
func (s *Server) unchangedFeature(c *gin.Context, v *data.Version, revision string, f format) bool {
	tag := s.featureTag(c, v, revision, c.Request.URL.EscapedPath(), c.Request.URL.RawQuery, f)
	header := c.Writer.Header()
	setHeader(c, "Etag", &requestOf(c).tag, tag)
	if at := v.Revision.At; !at.IsZero() {
		header.Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	}
	header["Cache-Control"] = noCache
	header.Add("Vary", "Accept")
	if !matchesTag(c.GetHeader("If-None-Match"), tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
	return true
}

// featureTag returns the entity tag of the feature at an address.
func (s *Server) featureTag(c *gin.Context, v *data.Version, revision, path, query string, f format) string {
	coding := codingFor(c.GetHeader("Accept-Encoding"))
	sum := hashOf(s.cfg.Version, "\n", revision, "\n", s.root(c), "\n", path, "?", query, "\n", f.mediaType, "\n", coding)
	return `"` + versionTag(v) + "-" + strconv.FormatUint(sum, 36) + `"`
}

// checkPreconditions holds a change to the version that the client has seen
// (RFC 9110 §13.1): stands is the one that would be changed. exact tells that
// the client named it, so that no other may take its place meanwhile.
func (s *Server) checkPreconditions(c *gin.Context, stands *data.Version) (exact bool, err error) {
	match, since := strings.Join(c.Request.Header.Values("If-Match"), ","), c.GetHeader("If-Unmodified-Since")
	switch {
	case match == "" && since == "" && s.cfg.RequireIfMatch:
		return false, errPreconditionRequired
	case match != "":
		if !namesVersion(match, versionTag(stands)) {
			return true, errPrecondition
		}
		return strings.TrimSpace(match) != "*", nil // If-Match goes before the date (§13.2.2)
	case since != "":
		at, err := http.ParseTime(since)
		if err == nil && stands.Revision.At.Truncate(time.Second).After(at) {
			return true, errPrecondition
		}
		return err == nil, nil // a date that is none is not there (§13.1.4)
	}
	return false, nil
}

// namesVersion tells whether an If-Match header names a version by the strong
// comparison (§8.8.3.2).
func namesVersion(header, version string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.HasPrefix(candidate, `"`+version+"-") {
			return true
		}
	}
	return false
}
