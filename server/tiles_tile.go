package server

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"demarc/data/tile"
	"demarc/geo/tms"
)

// tileCacheBytes is how much memory tiles, and what they are made of, may take.
const tileCacheBytes = 1 << 30

// tile answers with one tile (OGC 20-057 §7): 204 where nothing lies, 404 beyond
// the limits of the tile set.
func (s *Server) tile(c *gin.Context) error {
	src, err := s.tileSource(c)
	if err != nil {
		return err
	}
	set, err := tileMatrixSetOf(c)
	if err != nil {
		return err
	}
	at, err := tileOf(c, set)
	if err != nil {
		return err
	}
	p := readParams(c, src.params())
	f, err := p.format(c, []format{formatMVT})
	if err != nil {
		return err
	}
	queries := src.read(p)
	if err := p.faults.Err(); err != nil {
		return err
	}
	if !src.within(set, at) {
		return errNoPage
	}
	var tiles []*tile.Tile
	for i := range queries {
		made, err := s.tiles.Tile(c.Request.Context(), &queries[i], set, at)
		if err != nil {
			return err
		}
		if made.Features > 0 {
			tiles = append(tiles, made)
		}
	}
	return s.writeTile(c, f, tiles)
}

// within tells whether the tile is within the limits of the tile set.
func (src *tileSource) within(set *tms.Set, at tms.Tile) bool {
	l, ok := set.Limits(src.extent(), at.Level, tileMargin)
	return ok && l.Has(at)
}

// tileOf reads the tile that the path names. A number that the set does not have is
// a tile that there is not (20-057 /req/core/tc-error).
func tileOf(c *gin.Context, set *tms.Set) (tms.Tile, error) {
	var n [3]int
	for i, name := range []string{"tileMatrix", "tileRow", "tileCol"} {
		text := c.Param(name)
		v, err := strconv.Atoi(text)
		if err != nil || strconv.Itoa(v) != text {
			return tms.Tile{}, errNoPage
		}
		n[i] = v
	}
	at := tms.Tile{Level: n[0], Row: n[1], Col: n[2]}
	if !set.Has(at) {
		return tms.Tile{}, errNoPage
	}
	return at, nil
}

// tileUnchanged sets the validators of a tile and, where the client has it already,
// answers 304 and returns true. The tag follows from what the tile shows, so that it
// outlives changes elsewhere.
func tileUnchanged(c *gin.Context, tiles []*tile.Tile) bool {
	sum := fnv.New64a()
	for _, t := range tiles {
		fmt.Fprintf(sum, "%x ", t.Sum)
	}
	tag := `W/"` + strconv.FormatUint(sum.Sum64(), 36) + `"`
	header := c.Writer.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "no-cache")
	header.Add("Vary", "Accept")
	if !matchesTag(c.GetHeader("If-None-Match"), tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
	return true
}

// writeTile sends the layers of a tile, one after the other: members of one gzip
// file are one text (RFC 1952 §2.2), as layers are of one tile.
func (s *Server) writeTile(c *gin.Context, f format, tiles []*tile.Tile) error {
	if tileUnchanged(c, tiles) {
		return nil
	}
	header := c.Writer.Header()
	if len(tiles) == 0 {
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return nil
	}
	body := tiles[0].Gzip
	for _, t := range tiles[1:] {
		body = append(body[:len(body):len(body)], t.Gzip...) // a copy: tiles are shared
	}
	if acceptsGzip(c.GetHeader("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
	} else {
		plain, err := unpack(body)
		if err != nil {
			return fmt.Errorf("unpack tile: %w", err)
		}
		body = plain
	}
	header.Set("Content-Type", f.mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	_, _ = c.Writer.Write(body) // the client is gone: nobody is left to tell
	return nil
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
