package server

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

// gzipFrom is the size in bytes from which an answer is compressed: below it
// fits one network packet either way.
const gzipFrom = 1400

// unchanged sets the validators of a representation (RFC 9110 §8.8) and, where
// the client has it already, answers 304 and returns true. The tag is weak,
// since an answer also carries the time at which it was made. It is known
// before the answer is, so that 304 costs nothing.
func (s *Server) unchanged(c *gin.Context, revision string, f format) bool {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\n%s\n%s\n%s?%s\n%s", s.cfg.Version, revision, s.root(c), c.Request.URL.EscapedPath(), c.Request.URL.RawQuery, f.mediaType)
	tag := `W/"` + strconv.FormatUint(sum.Sum64(), 36) + `"`
	header := c.Writer.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "no-cache") // keep it, but ask whether it is still right
	header.Add("Vary", "Accept")
	if !matchesTag(c.GetHeader("If-None-Match"), tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
	return true
}

// matchesTag tells whether an If-None-Match header names the tag, by the weak
// comparison (RFC 9110 §13.1.2).
func matchesTag(header, tag string) bool {
	for _, candidate := range strings.Split(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// write sends a whole answer, compressed where the client takes gzip and it is
// worth it. A HEAD request gets the header alone.
func (s *Server) write(c *gin.Context, status int, mediaType string, body []byte) {
	header := c.Writer.Header()
	header.Set("Content-Type", mediaType)
	if c.GetBool(privateKey) {
		header.Set("Cache-Control", "private, no-store")
	}
	if len(body) >= gzipFrom && acceptsGzip(c.GetHeader("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		body = compress(body)
	}
	s.send(c, status, mediaType, body)
}

// send writes a body as it is, or to HEAD its length.
func (s *Server) send(c *gin.Context, status int, mediaType string, body []byte) {
	header := c.Writer.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	c.Status(status)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return
	}
	_, _ = c.Writer.Write(body) // the client is gone: nobody is left to tell
}

// acceptsGzip tells whether Accept-Encoding takes gzip (RFC 9110 §12.5.3).
func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(q, " ", ""), "q="), 64)
		return err != nil || weight > 0
	}
	return false
}

// packers are kept for the next answer, since each takes 800 kB to make.
var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is one there is
	return w
}}

// compress packs an answer made for one request: fast.
func compress(body []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(body)/2 + 64)
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}
