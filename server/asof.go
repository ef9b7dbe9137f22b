package server

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/server/ogcapi"
)

// knownOn says of which past an answer tells, as it was asked: what had been said
// by a day, and what had been recorded by a time; both empty for all that is known
// now. docs/asof.md tells what they mean.
type knownOn struct{ Day, Recorded string }

// asOfMend and recordedMend say what the parameters take.
const (
	asOfMend     = "a day (2022-09-17), a month, a year, or an instant (2022-09-17T12:00:00Z)"
	recordedMend = "an instant of RFC 3339 (2026-03-14T15:09:26Z), or a day, of which the end counts"
)

// known returns the snapshot that asof= and recorded= ask for. Where one is no
// time, that is the current one, and params.asOf tells the fault together with all
// others.
func (s *Server) known(c *gin.Context) (*snapshot.Snapshot, knownOn, error) {
	on := knownOn{}
	snap := s.data.Snapshot()
	if text := queryValue(c.Request.URL.RawQuery, "recorded"); text != "" {
		at, err := parseRecorded(text)
		if err != nil {
			return snap, on, nil
		}
		if snap, _, err = s.data.Recorded(c.Request.Context(), at); err != nil {
			return nil, on, err
		}
		on.Recorded = text
	}
	text := queryValue(c.Request.URL.RawQuery, "asof")
	if text == "" {
		return snap, on, nil
	}
	day, err := data.ParseKnown(text)
	if err != nil {
		return snap, on, nil
	}
	on.Day = text
	snap, err = s.data.AsOfIn(c.Request.Context(), snap, day)
	return snap, on, err
}

// parseRecorded reads a time on the axis of what was recorded.
func parseRecorded(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, nil
	}
	d, err := data.ParseDate(text)
	if err != nil || d.IsZero() {
		return time.Time{}, fmt.Errorf("%q is no time", text)
	}
	return d.After().Add(-time.Nanosecond), nil
}

// asOf checks asof and recorded.
func (p *params) asOf() {
	if text, ok := p.get("asof"); ok {
		if _, err := data.ParseKnown(text); err != nil {
			p.faults.Add("asof", text, "is not a day", asOfMend)
		}
	}
	if text, ok := p.get("recorded"); ok {
		if _, err := parseRecorded(text); err != nil {
			p.faults.Add("recorded", text, "is not a time", recordedMend)
		}
	}
}

// values returns the times as parameters, nil for none.
func (d knownOn) values() url.Values {
	v := url.Values{}
	for name, text := range map[string]string{"asof": d.Day, "recorded": d.Recorded} {
		if text != "" {
			v.Set(name, text)
		}
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// links adds the day to those links that lead to our data, in place.
func (d knownOn) links(root string, links []ogcapi.Link) []ogcapi.Link {
	for i := range links {
		if d == (knownOn{}) {
			break
		}
		links[i].Href = d.keep(root, links[i].Href)
	}
	return links
}

// keep adds the day to an address of our data or of the map, where it has none.
// What does not depend on it, such as schemas, stays as it is.
func (d knownOn) keep(root, href string) string {
	path, query, _ := strings.Cut(strings.TrimPrefix(href, root), "?")
	ours := strings.HasPrefix(href, root+"/") && (path == "/" || path == "/collections" || strings.HasPrefix(path, "/collections/"))
	for _, r := range schemaResources() {
		ours = ours && !strings.HasSuffix(path, "/"+r.path)
	}
	if d == (knownOn{}) || !ours || strings.Contains(path, "/revisions") || strings.HasSuffix(path, "/timemap") {
		return href
	}
	values, _ := url.ParseQuery(query) // ours: it always parses
	for name, text := range d.values() {
		if !values.Has(name) {
			values[name] = text
		}
	}
	return withParams(root+path, values, "", "")
}

var (
	anchors = regexp.MustCompile(`<a [^>]*>`)
	hrefs   = regexp.MustCompile(`href="([^"]*)"`)
)

// page adds the day to every link of a page that we made, so that a reader who
// follows any of them stays on that day. It is done on the whole page, since a
// link that forgot it would tell of another day without a word. The link with
// the class now leads out of it.
func (d knownOn) page(root string, body []byte) []byte {
	if d == (knownOn{}) {
		return body
	}
	return anchors.ReplaceAllFunc(body, func(a []byte) []byte {
		if strings.Contains(string(a), `class="now"`) {
			return a
		}
		return hrefs.ReplaceAllFunc(a, func(attribute []byte) []byte {
			href, fragment, has := strings.Cut(html.UnescapeString(string(hrefs.FindSubmatch(attribute)[1])), "#")
			href = d.keep(root, href)
			if has {
				href += "#" + fragment
			}
			return []byte(`href="` + html.EscapeString(href) + `"`)
		})
	})
}

// now returns the same address without the day.
func (d knownOn) now(u *url.URL) string {
	if d == (knownOn{}) {
		return ""
	}
	values := u.Query()
	values.Del("recorded")
	return withParams(u.EscapedPath(), values, "asof", "")
}
