package server

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/server/ogcapi"
)

const (
	title       = "demarc"
	description = "Border incidents in Tajikistan and Kyrgyzstan since 1992, and the border's status through time. " +
		"Every figure is an attributed claim: who said it, when, in which source, how sure, and what took its place."
)

// plain reads the parameters of a resource that takes none but f, and sets the
// validators. done tells that the answer is already given.
func (s *Server) plain(c *gin.Context, formats []format) (f format, done bool, err error) {
	p := readParams(c, []string{"f"})
	if f, err = p.format(c, formats); err != nil {
		return f, false, err
	}
	if err := p.faults.Err(); err != nil {
		return f, false, err
	}
	return f, s.unchanged(c, s.data.Snapshot().Revision(), f), nil
}

// plainAsOf is plain for a resource that can be asked as of a day too.
func (s *Server) plainAsOf(c *gin.Context, formats []format) (f format, snap *snapshot.Snapshot, asOf knownOn, done bool, err error) {
	if snap, asOf, err = s.known(c); err != nil {
		return f, snap, asOf, false, err
	}
	p := readParams(c, []string{"asof", "f", "recorded"})
	if f, err = p.format(c, formats); err != nil {
		return f, snap, asOf, false, err
	}
	p.asOf()
	if err := p.faults.Err(); err != nil {
		return f, snap, asOf, false, err
	}
	return f, snap, asOf, s.unchanged(c, snap.Revision(), f), nil
}

// document answers with v as JSON, or with the named page of it.
func (s *Server) document(c *gin.Context, f format, v any, page string, data pageData) error {
	if f.name == formatHTML.name {
		return s.page(c, page, data)
	}
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.write(c, http.StatusOK, f.mediaType, body)
	return nil
}

// landing answers at the root: the landing page of the API (OGC 17-069r4
// §7.2), or the incident map, which is that page for people.
func (s *Server) landing(c *gin.Context) error {
	formats := []format{formatJSON, formatHTML}
	if wantsMap(c, formats) {
		return s.mapPage(c)
	}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	root := s.root(c)
	links := representations(root+"/", nil, formats, f)
	links = append(links,
		ogcapi.Link{Href: root + "/api?f=json", Rel: "service-desc", Type: formatOpenAPI.mediaType, Title: "The API, as OpenAPI 3.0"},
		ogcapi.Link{Href: root + "/api?f=html", Rel: "service-doc", Type: "text/html", Title: "The API, for people"},
		ogcapi.Link{Href: root + "/conformance", Rel: "conformance", Type: "application/json", Title: "Conformance classes"},
		ogcapi.Link{Href: root + "/functions", Rel: ogcRel + "functions", Type: "application/json", Title: "Functions for filters"},
		ogcapi.Link{Href: root + "/collections", Rel: "data", Type: "application/json", Title: "The collections"},
		ogcapi.Link{Href: root + "/tiles", Rel: relTileSets, Type: "application/json", Title: "Vector tiles of all collections"},
		ogcapi.Link{Href: root + "/tileMatrixSets", Rel: ogcRel + "tiling-schemes", Type: "application/json", Title: "Tile matrix sets"},
		ogcapi.Link{Href: root + "/licences", Rel: "license", Type: "text/html", Title: "Licences and attribution"},
	)
	doc := ogcapi.LandingPage{Title: title, Description: description, Attribution: attribution(s.data.Snapshot().Collections()...), Links: links}
	return s.document(c, f, doc, "", pageData{})
}

// wantsMap tells whether the root is asked for as the map. The map keeps its
// state in the URL, so its page takes any parameter.
func wantsMap(c *gin.Context, formats []format) bool {
	if name, given := c.GetQuery("f"); given {
		return name == formatHTML.name
	}
	asked, err := negotiate(c.GetHeader("Accept"), formats)
	return err == nil && asked.name == formatHTML.name
}

// conformance lists the conformance classes (§7.4).
func (s *Server) conformance(c *gin.Context) error {
	formats := []format{formatJSON, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	doc := ogcapi.Conformance{ConformsTo: s.conformanceClasses(), Links: representations(s.root(c)+"/conformance", nil, formats, f)}
	return s.document(c, f, doc, "conformance", pageData{Title: "Conformance", Links: doc.Links, Body: doc})
}
