package server

import (
	"cmp"
	"hash/fnv"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"demarc/data/shelf"
	"demarc/data/snapshot"
	"demarc/data/tile"
	"demarc/geo/tms"
)

// tileBytes is how much memory tiles, and what they are made of, may take where the
// operator does not say.
const tileBytes = 1 << 30

// keepTiles makes room for tiles: an eighth of it for answers that are several
// tiles in one.
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
	a := tileAnswer{packed: acceptsGzip(c.GetHeader("Accept-Encoding")), joined: len(queries) > 1}
	for i := range queries {
		queries[i].Plain = !a.packed || a.joined
		made, err := s.tiles.Tile(c.Request.Context(), &queries[i], set, at)
		if err != nil {
			return err
		}
		if made.Features > 0 {
			a.tiles = append(a.tiles, made)
		}
	}
	lives := "no-cache"
	if src.background {
		lives = basemapLives
	}
	a.tag = tagOf(a.tiles)
	if tileUnchanged(c, a.tag, lives) {
		return nil
	}
	return s.writeTile(c, f, &a)
}

// tileAnswer is a tile as it is sent: the layers of it that are not empty, one behind
// the other, as layers of one tile are one text.
type tileAnswer struct {
	tiles  []*tile.Tile // plain if they are joined or not to be packed
	joined bool         // of several collections
	packed bool         // in gzip
	tag    string
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

// writeTile sends a tile.
func (s *Server) writeTile(c *gin.Context, f format, a *tileAnswer) error {
	header := c.Writer.Header()
	if len(a.tiles) == 0 {
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return nil
	}
	body, err := s.tileBody(c, a)
	if err != nil {
		return err
	}
	if a.packed {
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

// tileBody returns a tile as it is sent. What is joined is kept as an answer, packed
// anew: a gzip file may have several members (RFC 1952 §2.2), but browsers read no more
// than the first of an answer.
func (s *Server) tileBody(c *gin.Context, a *tileAnswer) ([]byte, error) {
	if !a.joined {
		return a.tiles[0].Bytes, nil
	}
	key := bodyKey{c.Request.URL.RequestURI(), a.tag, a.packed}
	body, err := s.bodies.Get(c.Request.Context(), key, snapshot.Moment{}, func(snapshot.Moment) bool { return true }, func() (any, int64, error) {
		var body []byte
		for _, t := range a.tiles {
			body = append(body, t.Bytes...)
		}
		if a.packed {
			body = compress(body)
		}
		return body, int64(len(body) + len(key.address) + 256), nil
	})
	if err != nil {
		return nil, err
	}
	return body.([]byte), nil
}
