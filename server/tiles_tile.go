package server

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"demarc/data/shelf"
	"demarc/data/snapshot"
	"demarc/data/tile"
	"demarc/geo/tms"
)

// tileBytes is how much memory tiles, and what they are made of, may take where the
// operator does not say.
const tileBytes = 1 << 30

// keepTiles makes room for tiles: an eighth of it for answers that are not one tile
// as it is kept, but unpacked, or several in one.
func (s *Server) keepTiles() {
	room := max(0, cmp.Or(s.cfg.TileBytes, tileBytes))
	s.tiles = tile.NewCache(room-room/8, compress)
	s.bodies = shelf.New[snapshot.Moment](room / 8)
}

// tile answers with one tile (OGC 20-057 §7): 204 where nothing lies, 404 beyond
// the limits of the tile set.
func (s *Server) tile(c *gin.Context) error {
	src, set, err := s.tileSetOf(c)
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
	lives := "no-cache"
	if src.background {
		lives = basemapLives
	}
	tag := tagOf(tiles)
	if tileUnchanged(c, tag, lives) {
		return nil
	}
	return s.writeTile(c, f, tiles, tag)
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

// tagOf returns the entity tag of a tile. It follows from what the tile shows, so that
// it outlives changes elsewhere.
func tagOf(tiles []*tile.Tile) string {
	sum := fnv.New64a()
	var text [17]byte
	for _, t := range tiles {
		_, _ = sum.Write(append(strconv.AppendUint(text[:0], t.Sum, 16), ' '))
	}
	return `W/"` + strconv.FormatUint(sum.Sum64(), 36) + `"`
}

// tileUnchanged sets the validators of a tile and, where the client has it already,
// answers 304 and returns true. cacheControl is the header's value.
func tileUnchanged(c *gin.Context, tag, cacheControl string) bool {
	header := c.Writer.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", cacheControl)
	header.Add("Vary", "Accept")
	if !matchesTag(c.GetHeader("If-None-Match"), tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
	return true
}

// writeTile sends the layers of a tile, one after the other, as layers of one tile
// are one text.
func (s *Server) writeTile(c *gin.Context, f format, tiles []*tile.Tile, tag string) error {
	header := c.Writer.Header()
	if len(tiles) == 0 {
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return nil
	}
	packed := acceptsGzip(c.GetHeader("Accept-Encoding"))
	body, err := s.tileBody(c, tiles, tag, packed)
	if err != nil {
		return err
	}
	if packed {
		header.Set("Content-Encoding", "gzip")
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

// bodyKey names an answer: what the address showed under a tag.
type bodyKey struct {
	address, tag string
	packed       bool
}

// tileBody returns the tiles as they are sent. What is not kept as a tile is kept as
// an answer: many clients, and proxies, do not take gzip.
func (s *Server) tileBody(c *gin.Context, tiles []*tile.Tile, tag string, packed bool) ([]byte, error) {
	if packed && len(tiles) == 1 {
		return tiles[0].Gzip, nil
	}
	key := bodyKey{c.Request.URL.RequestURI(), tag, packed}
	body, err := s.bodies.Get(c.Request.Context(), key, snapshot.Moment{}, func(snapshot.Moment) bool { return true }, func() (any, int64, error) {
		body, err := layersOf(tiles, packed)
		if err != nil {
			return nil, 0, fmt.Errorf("unpack tile: %w", err)
		}
		return body, int64(len(body) + len(key.address) + 256), nil
	})
	if err != nil {
		return nil, err
	}
	return body.([]byte), nil
}

// layersOf returns the layers one behind the other, packed in gzip or not. Several are
// packed anew: a gzip file may have several members (RFC 1952 §2.2), but browsers
// read no more than the first of an answer.
func layersOf(tiles []*tile.Tile, packed bool) ([]byte, error) {
	var plain []byte
	for _, t := range tiles {
		layer, err := unpack(t.Gzip)
		if err != nil {
			return nil, err
		}
		plain = append(plain, layer...)
	}
	if packed {
		return compress(plain), nil
	}
	return plain, nil
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
