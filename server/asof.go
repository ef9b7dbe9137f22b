package server

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/server/ogcapi"
)

// knownOn is the day of knowledge that an answer is given for, as it was asked;
// empty for all that is known. docs/asof.md tells what it means.
type knownOn string

// asOfMend says what asof takes.
const asOfMend = "a day (2022-09-17), a month, a year, or an instant (2022-09-17T12:00:00Z)"

// known returns the snapshot that asof= asks for. Where it is no day, that is
// the current one, and params.asOf tells the fault together with all others.
func (s *Server) known(c *gin.Context) (*snapshot.Snapshot, knownOn, error) {
	text := c.Query("asof")
	day, err := data.ParseKnown(text)
	if err != nil {
		return s.data.Snapshot(), "", nil
	}
	snap, err := s.data.AsOf(c.Request.Context(), day)
	return snap, knownOn(text), err
}

// asOf checks asof.
func (p *params) asOf() {
	if text, ok := p.get("asof"); ok {
		if _, err := data.ParseKnown(text); err != nil {
			p.faults.Add("asof", text, "is not a day", asOfMend)
		}
	}
}

// values returns the day as a parameter, nil for none.
func (d knownOn) values() url.Values {
	if d == "" {
		return nil
	}
	return url.Values{"asof": {string(d)}}
}

// links adds the day to those links that lead to our data, in place.
func (d knownOn) links(root string, links []ogcapi.Link) []ogcapi.Link {
	for i := range links {
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
	if d == "" || !ours || strings.Contains(path, "/revisions") || strings.Contains("&"+query, "&asof=") {
		return href
	}
	values, _ := url.ParseQuery(query) // ours: it always parses
	return withParams(root+path, values, "asof", string(d))
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
	if d == "" {
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
	if d == "" {
		return ""
	}
	return withParams(u.EscapedPath(), u.Query(), "asof", "")
}
