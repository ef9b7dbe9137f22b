package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/geo"
)

// timemapRoute lists the mementos of a feature.
const timemapRoute = itemRoute + "/timemap"

// timeGate answers as RFC 7089 (Memento) has it. An address without recorded= is the
// original resource and its own TimeGate: Accept-Datetime is led to the same
// address with the time of the revision (pattern 1.1, 302). An address with it is a
// memento and says of when. led tells that the answer is given.
func (s *Server) timeGate(c *gin.Context) (led bool, err error) {
	header := c.Writer.Header()
	if text := queryValue(c.Request.URL.RawQuery, "recorded"); text != "" {
		at, err := parseRecorded(text)
		if err != nil {
			return false, nil // params.asOf tells it
		}
		_, revision, err := s.data.Recorded(c.Request.Context(), at)
		if err != nil {
			return false, err
		}
		if !revision.At.IsZero() {
			header.Set("Memento-Datetime", revision.At.UTC().Format(http.TimeFormat))
		}
		header.Add("Link", fmt.Sprintf(`<%s>; rel="original timegate"`, withParams(s.root(c)+c.Request.URL.EscapedPath(), c.Request.URL.Query(), "recorded", "")))
		return false, nil
	}
	header.Add("Vary", "Accept-Datetime")
	text := c.GetHeader("Accept-Datetime")
	if text == "" {
		return false, nil
	}
	at, err := http.ParseTime(text)
	if err != nil {
		var faults geo.Faults
		faults.Add("Accept-Datetime", text, "is not a date of HTTP", "a date such as Sat, 14 Mar 2026 15:09:26 GMT (RFC 9110 §5.6.7)")
		return false, faults.Err()
	}
	_, revision, err := s.data.Recorded(c.Request.Context(), at.Add(time.Second-time.Nanosecond)) // dates of HTTP have no parts of a second
	if err != nil {
		return false, err
	}
	if !revision.At.IsZero() {
		at = revision.At
	}
	original, values := s.root(c)+c.Request.URL.EscapedPath(), c.Request.URL.Query()
	target := withParams(original, values, "recorded", at.UTC().Format(time.RFC3339Nano))
	header.Set("Location", target)
	header.Set("Cache-Control", "no-store")
	header.Add("Link", fmt.Sprintf(`<%s>; rel="original timegate"`, withParams(original, values, "", "")))
	s.write(c, http.StatusFound, "text/plain; charset=utf-8", []byte(target+"\n"))
	return true, nil
}

// timemap lists when the feature was published anew, each with the address of what
// it was (RFC 7089 §5, RFC 6690).
func (s *Server) timemap(c *gin.Context) error {
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	collection, feature, all, err := s.historyOf(c)
	if err != nil {
		return err
	}
	original := s.itemURL(c, collection, feature)
	lines := []string{
		fmt.Sprintf(`<%s>; rel="original timegate"`, original),
		fmt.Sprintf(`<%s/timemap>; rel="self"; type="application/link-format"`, original),
	}
	for i := len(all) - 1; i >= 0; i-- {
		r := all[i]
		if r.version.Revision.At.IsZero() || r.Removed || !r.version.Stands() {
			continue
		}
		at := r.version.Revision.At.UTC()
		lines = append(lines, fmt.Sprintf(`<%s>; rel="memento"; datetime="%s"`, withParams(original, url.Values{}, "recorded", at.Format(time.RFC3339Nano)), at.Format(http.TimeFormat)))
	}
	c.Header("Cache-Control", "no-cache")
	s.write(c, http.StatusOK, "application/link-format", []byte(strings.Join(lines, ",\n")+"\n"))
	return nil
}
