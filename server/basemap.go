package server

import (
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/basemap"
	"demarc/data/snapshot"
)

// basemapPath is below which the tiles of the map's background lie: as those of the
// dataset, but beside it, since they are no records, and nothing was known of them
// on a day.
const basemapPath = "/basemap/tiles"

// basemapLives is how many seconds clients may keep what belongs to the background
// without asking: it changes with the program alone.
const basemapLives = "public, max-age=86400"

const basemapDescription = "The background of the map: land, regions, rivers, lakes. It draws no line between Kyrgyzstan, Tajikistan and Uzbekistan; borders are in the collection segments, by date and status."

// loadBasemap arranges the background as collections that tiles are made of.
func loadBasemap() (*snapshot.Snapshot, error) {
	layers, err := basemap.Layers()
	if err != nil {
		return nil, err
	}
	return snapshot.New(&data.Records{}, layers...)
}

func isBasemap(c *gin.Context) bool { return strings.HasPrefix(c.FullPath(), basemapPath) }

// basemapSource is what requests for tiles of the background are about.
func (s *Server) basemapSource(c *gin.Context) *tileSource {
	src := &tileSource{snap: s.basemap, dataset: true, background: true, base: s.root(c) + basemapPath, title: "Basemap"}
	for _, col := range s.basemap.Collections() {
		if col.Layer {
			src.cols = append(src.cols, col)
		}
	}
	return src
}
