package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// gzipFrom is the size in bytes from which an answer is compressed: below it
// fits one network packet either way.
const gzipFrom = 1400

// unchanged sets the validators of a representation (RFC 9110 §8.8) and, where
// the client has it already, answers 304 and returns true. The tag is weak,
// since an answer also carries the time at which it was made. It is known
// before the answer is, so that 304 costs nothing.
func (s *Server) unchanged(c *gin.Context, revision string, f format) bool {
	sum := hashOf(s.cfg.Version, "\n", revision, "\n", s.root(c), "\n", c.Request.URL.EscapedPath(), "?", c.Request.URL.RawQuery, "\n", f.mediaType)
	var text [24]byte
	tag := string(append(strconv.AppendUint(append(text[:0], `W/"`...), sum, 36), '"'))
	header := c.Writer.Header()
	setHeader(c, "Etag", &requestOf(c).tag, tag)
	header["Cache-Control"] = noCache
	header.Add("Vary", "Accept")
	if !matchesTag(c.GetHeader("If-None-Match"), tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
	return true
}

// setHeader sets a header, whose name is in the form of net/http, to a value that
// stands in the memory of the request.
func setHeader(c *gin.Context, name string, place *[1]string, value string) {
	place[0] = value
	c.Writer.Header()[name] = place[:]
}

// noCache says: keep it, but ask whether it is still right.
var noCache = []string{"no-cache"}

// hashOf returns the checksum of texts, one behind the other (FNV-1a, 64 bits).
func hashOf(texts ...string) uint64 {
	sum := uint64(14695981039346656037)
	for _, text := range texts {
		for i := range len(text) {
			sum = (sum ^ uint64(text[i])) * 1099511628211
		}
	}
	return sum
}

// matchesTag tells whether an If-None-Match header names the tag, by the weak
// comparison (RFC 9110 §13.1.2).
func matchesTag(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// write sends a whole answer, compressed where the client takes that and it is worth
// it. A HEAD request gets the header alone.
func (s *Server) write(c *gin.Context, status int, mediaType string, body []byte) {
	header := c.Writer.Header()
	hidePrivate(c)
	coding := codingFor(c.GetHeader("Accept-Encoding"))
	if len(body) < gzipFrom || coding == codingNone {
		s.send(c, status, mediaType, body)
		return
	}
	header.Set("Content-Encoding", coding)
	buffer := buffers.Get().(*[]byte)
	packed := appendPacked(*buffer, coding, body)
	s.send(c, status, mediaType, packed)
	if mayReuse(c) {
		keepBuffer(buffer, packed)
	}
}

// hidePrivate sees to it that nobody keeps what is not for everyone.
func hidePrivate(c *gin.Context) {
	if c.GetBool(privateKey) {
		c.Writer.Header().Set("Cache-Control", "private, no-store")
	}
}

// headAlone answers HEAD where the body is yet to be made, without making it: what only
// the body tells, its length and coding, may be left out (RFC 9110 §9.3.2). It returns
// whether it has answered.
func headAlone(c *gin.Context, mediaType string) bool {
	if c.Request.Method != http.MethodHead {
		return false
	}
	hidePrivate(c)
	setHeader(c, "Content-Type", &requestOf(c).mediaType, mediaType)
	c.Status(http.StatusOK)
	c.Writer.WriteHeaderNow()
	return true
}

// writeReused is write for a body that make appends to memory of an earlier answer.
func (s *Server) writeReused(c *gin.Context, mediaType string, make func(dst []byte) []byte) {
	buffer := buffers.Get().(*[]byte)
	body := make(*buffer)
	s.write(c, http.StatusOK, mediaType, body)
	if mayReuse(c) {
		keepBuffer(buffer, body)
	}
}

// mayReuse tells whether what was written may be overwritten: HTTP/2 can still be at
// it when the client has taken the question back.
func mayReuse(c *gin.Context) bool { return c.Request.ProtoMajor == 1 }

// send writes a body as it is, or to HEAD its length.
func (s *Server) send(c *gin.Context, status int, mediaType string, body []byte) {
	own := requestOf(c)
	setHeader(c, "Content-Type", &own.mediaType, mediaType)
	setHeader(c, "Content-Length", &own.length, strconv.Itoa(len(body)))
	if strings.HasPrefix(mediaType, formatHTML.mediaType) {
		setFixed(c.Writer.Header(), pageHeaders[:])
	}
	c.Status(status)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(body) // the client is gone: nobody is left to tell
}
