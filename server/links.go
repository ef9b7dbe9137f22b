package server

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/server/ogcapi"
)

// representations returns a self link for the format of this answer and an
// alternate link for each other one. href is without f.
func representations(href string, values url.Values, formats []format, this format) []ogcapi.Link {
	var links []ogcapi.Link
	for _, f := range formats {
		rel, title := "alternate", "This document as "+f.title
		if f.mediaType == this.mediaType {
			rel, title = "self", "This document"
		}
		links = append(links, ogcapi.Link{Href: withParams(href, values, "f", f.name), Rel: rel, Type: f.mediaType, Title: title})
	}
	return links
}

// withParams returns href with the values as its query, name set to value; an
// empty value leaves name out. Parameters are in alphabetical order.
func withParams(href string, values url.Values, name, value string) string {
	q := url.Values{}
	for k, v := range values {
		q[k] = v
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return href
	}
	return href + "?" + q.Encode()
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
	var text string
	seen := map[string]bool{}
	for _, col := range cols {
		for _, r := range col.Rights {
			if seen[r.Attribution] {
				continue
			}
			seen[r.Attribution] = true
			if text != "" {
				text += " · "
			}
			text += r.Attribution
		}
	}
	return text
}
