package server

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/server/ogcapi"
)

// representations returns a self link for the format of this answer and an
// alternate link for each other one. href is without f.
func representations(href string, values url.Values, formats []format, this format) []ogcapi.Link {
	q, _ := queryOf(values, nil)
	return q.representations(href, formats, this)
}

// representations is representations for the query of the address.
func (q query) representations(href string, formats []format, this format) []ogcapi.Link {
	links := make([]ogcapi.Link, 0, len(formats)+8) // others come behind them
	// All addresses are parts of one text: it is one piece of memory.
	head, tail := q.around(href, "f")
	text, ends := make([]byte, 0, (len(head)+len(tail)+96)*len(formats)), make([]int, 0, 24)
	for _, f := range formats {
		text = append(appendEscaped(append(text, head...), f.name), tail...)
		ends = append(ends, len(text))
		text = append(append(text, "This document as "...), f.title...)
		ends = append(ends, len(text))
	}
	all, from := string(text), 0
	for i, f := range formats {
		l := ogcapi.Link{Href: all[from:ends[2*i]], Rel: "alternate", Type: f.mediaType, Title: all[ends[2*i]:ends[2*i+1]]}
		if f.mediaType == this.mediaType {
			l.Rel, l.Title = "self", "This document"
		}
		links, from = append(links, l), ends[2*i+1]
	}
	return links
}

// appendLinks writes links as JSON, as encoding/json does.
func appendLinks(dst []byte, links []ogcapi.Link) []byte {
	if links == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i := range links {
		if i > 0 {
			dst = append(dst, ',')
		}
		l := &links[i]
		dst = geo.AppendJSONString(append(dst, `{"href":`...), l.Href)
		dst = geo.AppendJSONString(append(dst, `,"rel":`...), l.Rel)
		if l.Type != "" {
			dst = geo.AppendJSONString(append(dst, `,"type":`...), l.Type)
		}
		if l.Title != "" {
			dst = geo.AppendJSONString(append(dst, `,"title":`...), l.Title)
		}
		if l.Templated {
			dst = append(dst, `,"templated":true`...)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// withParams returns href with the values as its query, name set to value; an
// empty value leaves name out. Parameters are in alphabetical order.
func withParams(href string, values url.Values, name, value string) string {
	q, _ := queryOf(values, nil)
	leftOut := []string{name}
	if name != "" && value != "" {
		return string(q.append([]byte(href), nil, parameter{name, value}))
	}
	return string(q.append([]byte(href), leftOut, parameter{}))
}

func (s *Server) collectionURL(c *gin.Context, id string) string {
	return s.root(c) + "/collections/" + url.PathEscape(id)
}

func (s *Server) itemURL(c *gin.Context, collection, id string) string {
	return s.collectionURL(c, collection) + "/items/" + url.PathEscape(id)
}

// licenceLinks returns a link to each licence of the collection.
func licenceLinks(col *snapshot.Collection) []ogcapi.Link {
	var links []ogcapi.Link
	for _, r := range col.Rights {
		if r.URL == "" {
			continue // the file of a layer names none
		}
		links = append(links, ogcapi.Link{Href: r.URL, Rel: "license", Type: "text/html", Title: r.Licence + ": " + r.Covers})
	}
	return links
}

// attribution returns the text to show beside a collection's features.
func attribution(cols ...*snapshot.Collection) string {
	var all []string
	for _, col := range cols {
		for i := range col.Rights {
			if text := col.Rights[i].Attribution; !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, " · ")
}
