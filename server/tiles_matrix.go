package server

import (
	"math"
	"strconv"

	"github.com/gin-gonic/gin"

	"demarc/geo/tms"
	"demarc/server/ogcapi"
)

// tileMatrixSets lists the tile matrix sets.
func (s *Server) tileMatrixSets(c *gin.Context) error {
	formats := []format{formatJSON, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	href := s.root(c) + "/tileMatrixSets"
	doc := ogcapi.TileMatrixSets{Links: representations(href, nil, formats, f)}
	for _, set := range tms.All() {
		doc.TileMatrixSets = append(doc.TileMatrixSets, ogcapi.TileMatrixSetItem{
			ID: set.ID, Title: set.Title, URI: set.URI, CRS: set.CRSURI,
			Links: []ogcapi.Link{{Href: href + "/" + set.ID, Rel: "self", Type: "application/json", Title: "Definition of " + set.ID}},
		})
	}
	return s.document(c, f, doc, "tilematrixsets", pageData{Title: "Tile matrix sets", Links: doc.Links, Body: doc})
}

// tileMatrixSet answers with the definition of one (OGC 17-083r4 §6.2).
func (s *Server) tileMatrixSet(c *gin.Context) error {
	set, err := tileMatrixSetOf(c)
	if err != nil {
		return err
	}
	formats := []format{formatJSON, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	href := s.root(c) + "/tileMatrixSets"
	doc := defineTileMatrixSet(set)
	doc.Links = representations(href+"/"+set.ID, nil, formats, f)
	return s.document(c, f, doc, "tilematrixset", pageData{Title: set.ID, Links: doc.Links, Crumbs: []crumb{{href + "?f=html", "Tile matrix sets"}}, Body: doc})
}

func defineTileMatrixSet(set *tms.Set) ogcapi.TileMatrixSet {
	columns, rows := set.Size(0)
	width, height := float64(columns)*tms.CellsPerTile*set.CellSize, float64(rows)*tms.CellsPerTile*set.CellSize
	doc := ogcapi.TileMatrixSet{
		ID: set.ID, Title: set.Title, URI: set.URI, CRS: set.CRSURI, OrderedAxes: set.OrderedAxes[:], WellKnownScaleSet: set.WellKnownScaleSet,
		BoundingBox: ogcapi.TileBoundingBox{
			LowerLeft: [2]float64{set.Origin[0], set.Origin[1] - height}, UpperRight: [2]float64{set.Origin[0] + width, set.Origin[1]},
			CRS: set.CRSURI, OrderedAxes: set.OrderedAxes[:],
		},
		Identifier: set.ID, SupportedCRS: set.CRSURI,
	}
	for level := range set.Levels {
		columns, rows := set.Size(level)
		doc.TileMatrices = append(doc.TileMatrices, ogcapi.TileMatrix{
			ID: strconv.Itoa(level), ScaleDenominator: math.Ldexp(set.ScaleDenominator, -level), CellSize: math.Ldexp(set.CellSize, -level),
			CornerOfOrigin: "topLeft", PointOfOrigin: set.Origin, TileWidth: tms.CellsPerTile, TileHeight: tms.CellsPerTile,
			MatrixWidth: columns, MatrixHeight: rows, Identifier: strconv.Itoa(level), TopLeftCorner: set.Origin,
		})
	}
	return doc
}
