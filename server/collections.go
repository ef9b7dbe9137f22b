package server

import (
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/server/ogcapi"
)

// collections lists the collections (OGC 17-069r4 §7.13).
func (s *Server) collections(c *gin.Context) error {
	formats := []format{formatJSON, formatHTML}
	f, snap, asOf, done, err := s.plainAsOf(c, formats)
	if err != nil || done {
		return err
	}
	doc := ogcapi.Collections{Links: representations(s.root(c)+"/collections", asOf.values(), formats, f), Collections: []ogcapi.Collection{}}
	doc.Links = append(doc.Links, ogcapi.Link{Href: s.root(c) + "/licences", Rel: "license", Type: "text/html", Title: "Licences and attribution"})
	for _, col := range snap.Collections() {
		doc.Collections = append(doc.Collections, s.describe(c, col, asOf))
	}
	return s.document(c, f, doc, "collections", pageData{Title: "Collections", AsOf: asOf, Links: doc.Links, Body: doc})
}

// collection describes one collection (§7.14).
func (s *Server) collection(c *gin.Context) error {
	if _, err := s.collectionOf(c); err != nil {
		return err
	}
	formats := []format{formatJSON, formatHTML}
	f, snap, asOf, done, err := s.plainAsOf(c, formats)
	if err != nil || done {
		return err
	}
	col, err := s.collectionIn(c, snap)
	if err != nil {
		return err
	}
	doc := s.describe(c, col, asOf)
	self := representations(s.collectionURL(c, col.ID), asOf.values(), formats, f)
	doc.Links = append(self, doc.Links[2:]...) // describe has them in the default format
	return s.document(c, f, doc, "collection", pageData{Title: col.Title, AsOf: asOf, Links: self, Crumbs: collectionCrumbs(s.root(c)), Body: collectionPage{doc, col}})
}

// collectionOf returns the collection that the path names.
func (s *Server) collectionOf(c *gin.Context) (*snapshot.Collection, error) {
	return s.collectionIn(c, s.data.Snapshot())
}

func (s *Server) collectionIn(c *gin.Context, snap *snapshot.Snapshot) (*snapshot.Collection, error) {
	id, err := pathParam(c, "collectionId")
	if err != nil {
		return nil, err
	}
	return snap.Collection(id)
}

// describe returns the description of a collection, the same in the list and
// on its own but for the self link.
func (s *Server) describe(c *gin.Context, col *snapshot.Collection, asOf knownOn) ogcapi.Collection {
	href := s.collectionURL(c, col.ID)
	links := representations(href, nil, []format{formatJSON, formatHTML}, formatJSON)
	links = append(links,
		ogcapi.Link{Href: href + "/items", Rel: "items", Type: formatGeoJSON.mediaType, Title: col.Title + " as GeoJSON"},
		ogcapi.Link{Href: href + "/items?f=html", Rel: "items", Type: "text/html", Title: col.Title + " for people"},
	)
	links = append(append(links, s.fileLinks(col, href)...), schemaLinks(col, href)...)
	if col.HasGeometry() {
		links = append(links, ogcapi.Link{Href: href + "/tiles", Rel: relTileSets, Type: "application/json", Title: col.Title + " as vector tiles"})
	}
	return ogcapi.Collection{
		ID: col.ID, Title: col.Title, Description: col.Description, Attribution: attribution(col), Extent: extentOf(col),
		ItemType: "feature", CRS: crsURIs(), StorageCRS: ogcapi.CRS84, ItemCount: col.Len(),
		Links: asOf.links(s.root(c), append(links, licenceLinks(col)...)),
	}
}

// extentOf returns where and when the collection has something. Both ends of
// the time are closed: from the first to the last instant that is known.
func extentOf(col *snapshot.Collection) *ogcapi.Extent {
	box, times := col.Extent()
	e := &ogcapi.Extent{}
	if !box.IsEmpty() {
		e.Spatial = &ogcapi.SpatialExtent{BBox: [][]float64{{box.West, box.South, box.East, box.North}}, CRS: ogcapi.CRS84}
	}
	if !times.From.IsZero() {
		interval := []string{times.From.Format(time.RFC3339), times.To.Format(time.RFC3339)}
		e.Temporal = &ogcapi.TemporalExtent{Interval: [][]string{interval}, TRS: ogcapi.Gregorian}
	}
	if e.Spatial == nil && e.Temporal == nil {
		return nil
	}
	return e
}
