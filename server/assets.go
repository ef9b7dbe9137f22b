package server

import (
	"bytes"
	"embed"
	"fmt"
	"hash/fnv"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

//go:embed static
var staticFiles embed.FS

// file is one static file, held in memory. packed gives it gzipped as tightly
// as can be, or nil where that saves nothing; it is worked out once, when first
// asked for, as these files never change.
type file struct {
	body      []byte
	mediaType string
	tag       string
	packed    func() []byte
}

// assets are the files of the built map and of the pages, by path.
type assets struct {
	web, static map[string]file
}

func loadAssets(web fs.FS) (*assets, error) {
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	a := &assets{}
	if a.web, err = loadFiles(web); err != nil {
		return nil, err
	}
	a.static, err = loadFiles(static)
	return a, err
}

func loadFiles(fsys fs.FS) (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		sum := fnv.New64a()
		_, _ = sum.Write(body) // a hash takes everything
		files[name] = file{
			body:      body,
			mediaType: mediaTypeOf(name),
			tag:       `"` + strconv.FormatUint(sum.Sum64(), 36) + `"`,
			packed: sync.OnceValue(func() []byte {
				packed := packTightly(body)
				if len(body) < gzipFrom || len(packed) >= len(body) {
					return nil
				}
				return packed
			}),
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load static files: %w", err)
	}
	return files, nil
}

// packTightly takes its time: for files that never change.
func packTightly(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one there is
	_, _ = w.Write(body)                                    // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// mediaTypeOf goes by the name's ending. The types that matter are written
// out, since the system's table may lack or redefine them.
func mediaTypeOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	case ".geojson":
		return "application/geo+json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// asset answers with a file of the built map. Its name holds a hash of its
// content, so it may be kept for ever.
func (s *Server) asset(c *gin.Context) error {
	name, err := pathParam(c, "path")
	if err != nil {
		return err
	}
	// A worker goes by the policy of its own file, not by that of its page.
	c.Header("Content-Security-Policy", mapPolicy)
	return s.file(c, s.assets.web, "assets"+name, "public, max-age=31536000, immutable")
}

// static answers with a file of the pages for people.
func (s *Server) static(c *gin.Context) error {
	name, err := pathParam(c, "path")
	if err != nil {
		return err
	}
	return s.file(c, s.assets.static, strings.TrimPrefix(name, "/"), "no-cache")
}

func (s *Server) favicon(c *gin.Context) error {
	return s.file(c, s.assets.static, "icon.svg", "public, max-age=86400")
}

func (s *Server) file(c *gin.Context, files map[string]file, name, cacheControl string) error {
	f, ok := files[name]
	if !ok {
		return errNoPage
	}
	header := c.Writer.Header()
	header.Set("ETag", f.tag)
	header.Set("Cache-Control", cacheControl)
	if matchesTag(c.GetHeader("If-None-Match"), f.tag) {
		c.Status(http.StatusNotModified)
		c.Writer.WriteHeaderNow()
		return nil
	}
	body := f.body
	if acceptsGzip(c.GetHeader("Accept-Encoding")) && f.packed() != nil {
		header.Set("Content-Encoding", "gzip")
		body = f.packed()
	}
	s.send(c, http.StatusOK, f.mediaType, body)
	return nil
}
