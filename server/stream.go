package server

import (
	"context"
	"iter"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/jsonfg"
	"demarc/server/ogcapi"
)

// encodeAll writes the features and ends the document. It looks now and then
// whether they are still wanted. fail makes the encoder's writer refuse what an
// encoder still wants to write when it is closed after an error.
func encodeAll(ctx context.Context, enc Encoder, features iter.Seq[*geo.Feature], fail func(error)) error {
	for f := range features {
		err := ctx.Err()
		if err == nil {
			err = enc.Encode(f)
		}
		if err != nil {
			fail(err)
			_ = enc.Close() // frees what it holds; its error is err
			return err
		}
	}
	return enc.Close()
}

// streamItems answers with a page of features in a format that is written
// feature by feature. What fails before the first byte becomes a problem; after
// it the connection is broken off, so that nobody takes the part for the whole.
func (s *Server) streamItems(c *gin.Context, st stream, in crs.CRS, col *snapshot.Collection, q *snapshot.Query, page *snapshot.Page, links []ogcapi.Link) error {
	out := &streamWriter{c: c, header: streamHeader(c, st, col, page, links)}
	if c.Request.Method == http.MethodHead {
		out.begin()
		c.Writer.WriteHeaderNow()
		return nil
	}
	x := extractOf(col, q, s.cfg.Now())
	x.crs, x.members, x.featureSchema = in, s.members(col, page, links), s.collectionURL(c, col.ID)+"/schema"
	err := encodeAll(c.Request.Context(), st.open(out, x), featuresOf(page, col, q), func(err error) { out.err = err })
	if err == nil {
		err = out.close()
	}
	if err != nil && out.begun {
		s.log.Warn("answer broken off", "request_id", c.Writer.Header().Get(requestIDHeader), "error", err.Error())
		panic(http.ErrAbortHandler) // see wrap
	}
	return err
}

// streamHeader returns the header fields of a page that has no place for links
// and numbers, or whose clients look for them here (QGIS).
func streamHeader(c *gin.Context, st stream, col *snapshot.Collection, page *snapshot.Page, links []ogcapi.Link) http.Header {
	h := http.Header{}
	h.Set("Content-Type", st.contentType)
	h.Set("OGC-NumberMatched", strconv.Itoa(page.Matched))
	h.Set("OGC-NumberReturned", strconv.Itoa(len(page.Hits)))
	h.Set("Access-Control-Expose-Headers", c.Writer.Header().Get("Access-Control-Expose-Headers")+", OGC-NumberMatched, OGC-NumberReturned, Content-Disposition")
	if st.extension != "" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "demarc-" + col.ID + st.extension}))
	}
	for _, l := range links {
		line := "<" + l.Href + `>; rel="` + l.Rel + `"; type="` + l.Type + `"`
		// Alternates repeat the query, which may be long; the GeoJSON has them.
		if l.Rel != "alternate" && !slices.Contains(h["Link"], line) {
			h.Add("Link", line)
		}
	}
	if st.contentType == jsonfg.DraftMediaType {
		h.Add("Link", "<"+jsonfg.Profile+`>; rel="profile"`)
	}
	if st.text && acceptsGzip(c.GetHeader("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
	}
	return h
}

// streamWriter is the body of an answer whose header is set with the first
// byte: until then the answer can still be a problem.
type streamWriter struct {
	c      *gin.Context
	header http.Header
	begun  bool
	packed *gzip.Writer // nil where the body is sent as it is
	err    error        // refuses what comes after it
}

func (w *streamWriter) begin() {
	w.begun = true
	for name, values := range w.header {
		w.c.Writer.Header()[name] = values
	}
	w.c.Status(http.StatusOK)
}

func (w *streamWriter) Write(b []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if !w.begun {
		w.begin()
		if w.header.Get("Content-Encoding") == "gzip" {
			w.packed, _ = gzip.NewWriterLevel(w.c.Writer, gzip.BestSpeed) // the level is one there is
		}
	}
	if w.packed != nil {
		return w.packed.Write(b)
	}
	return w.c.Writer.Write(b)
}

// close ends the body, which may be empty.
func (w *streamWriter) close() error {
	if !w.begun {
		if _, err := w.Write(nil); err != nil {
			return err
		}
		w.c.Writer.WriteHeaderNow()
	}
	if w.packed != nil {
		return w.packed.Close()
	}
	return nil
}
