package server

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"demarc/server/ogcapi"
)

//go:embed templates
var templateFiles embed.FS

// pages are the pages for people, each in the common frame.
type pages struct{ byName map[string]*template.Template }

// pageData is what a page shows.
type pageData struct {
	Title  string
	Links  []ogcapi.Link // self and alternate links of the resource
	Crumbs []crumb
	AsOf   knownOn
	Now    string // what is known now, where the page shows an earlier day; filled in by page
	Mark   string // what became of it, where it is not what stands
	Body   any
	Root   string // filled in by page
	Status int    // of the answer, 200 if zero
	MapURL string // the map at what the page shows; its start when empty
}

// crumb is a step on the way to a page.
type crumb struct{ Href, Text string }

func loadPages() (*pages, error) {
	frame, err := template.New("frame.html").Funcs(pageFuncs()).ParseFS(templateFiles, "templates/frame.html", "templates/parts.html")
	if err != nil {
		return nil, fmt.Errorf("load page templates: %w", err)
	}
	p := &pages{byName: map[string]*template.Template{}}
	for _, name := range []string{"api", "collection", "collections", "conformance", "functions", "incident", "item", "items", "licences", "map", "problem", "problems", "revision", "revisions", "schema", "tilematrixset", "tilematrixsets", "tileset", "tilesets", "unbuilt"} {
		clone, err := frame.Clone()
		if err == nil {
			p.byName[name], err = clone.ParseFS(templateFiles, "templates/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("load page template %s: %w", name, err)
		}
	}
	return p, nil
}

// pagePolicy is what the pages need: our style sheet and forms to ourselves.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

// page answers with the named page.
func (s *Server) page(c *gin.Context, name string, data pageData) error {
	data.Root = s.root(c)
	if data.MapURL == "" {
		data.MapURL = data.Root + "/"
	}
	data.Now = data.AsOf.now(c.Request.URL)
	var body bytes.Buffer
	if err := s.pages.byName[name].Execute(&body, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	c.Header("Content-Security-Policy", pagePolicy)
	s.write(c, cmp.Or(data.Status, http.StatusOK), "text/html; charset=utf-8", data.AsOf.page(data.Root, body.Bytes()))
	return nil
}

func collectionCrumbs(root string) []crumb {
	return []crumb{{root + "/collections?f=html", "Collections"}}
}

// licences shows whose the parts of the dataset are (for people only).
func (s *Server) licences(c *gin.Context) error {
	return s.onlyPage(c, "licences", pageData{Title: "Licences and attribution", Body: s.data.Snapshot().Collections()})
}

// problems explains every kind of problem (RFC 9457 §3.1.1: a type URI should
// lead to documentation).
func (s *Server) problems(c *gin.Context) error {
	return s.onlyPage(c, "problems", pageData{Title: "Problems", Body: problemTypes()})
}

// onlyPage answers with a page that has no other representation.
func (s *Server) onlyPage(c *gin.Context, name string, data pageData) error {
	_, done, err := s.plain(c, []format{formatHTML})
	if err != nil || done {
		return err
	}
	return s.page(c, name, data)
}
