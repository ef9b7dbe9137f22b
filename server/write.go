package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/token"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/strictjson"
)

// The media types that features are sent in. QGIS sends application/geo+json
// and, for PATCH, application/merge-patch+json.
var (
	featureTypes = []string{"application/geo+json", "application/json", "application/vnd.geo+json"}
	patchTypes   = []string{"application/merge-patch+json", "application/geo+json", "application/json"}
)

const (
	maxBody = 10 << 20 // bytes of a request's body
	maxText = 4096     // bytes of a comment
)

// errMediaType says that the body is of a type that is not taken.
type errMediaType struct{ found, takes string }

func (e *errMediaType) Error() string { return "the body is " + e.found }

// errTooLarge says that the body is larger than maxBody.
var errTooLarge = errors.New("the request's body is too large")

// errBody is what is wrong with a body: its syntax, or what it means.
type errBody struct {
	syntax bool
	input  *geo.InputError
}

func (e *errBody) Error() string { return e.input.Error() }

// errGone says that a feature was retracted or its content removed.
type errGone struct{ version data.Version }

func (e *errGone) Error() string { return "the feature was taken back" }

// writing is one request that changes features.
type writing struct {
	s          *Server
	c          *gin.Context
	token      *token.Token
	collection string
	kind       data.Kind
	draft      bool // the change is made to the draft
	discards   bool // a draft is done away with, whatever it says
	key        string
	digest     string
	room       *[]byte // of the pool of buffers, for the body
}

// writing reads what all changes have in common, and who makes them. A
// contributor's changes are drafts; state=draft makes an editor's one.
func (s *Server) writing(c *gin.Context) (*writing, error) {
	collection, err := pathParam(c, "collectionId")
	if err != nil {
		return nil, err
	}
	if _, err := s.data.Shown().Collection(collection); err != nil {
		return nil, err
	}
	kind, ok := edit.KindOf(collection)
	if !ok || !s.writable() {
		return nil, &notAllowed{s.methods(c, nil, true)}
	}
	t, err := s.holderOf(c, roleFor(collection))
	if err != nil {
		return nil, err
	}
	if !t.Covers(collection) {
		return nil, fmt.Errorf("%w: it is for %s", errForbidden, strings.Join(t.Scope, ", "))
	}
	if err := s.data.Status(); err != nil {
		return nil, err
	}
	p := readParams(c, []string{"state"})
	w := &writing{s: s, c: c, token: t, collection: collection, kind: kind, draft: !t.Role.May(token.Editor)}
	switch state, given := p.get("state"); {
	case !given:
	case state == "draft":
		w.draft = true
	case state == "published" && w.draft:
		return nil, fmt.Errorf("%w: a contributor's changes are drafts, which an editor publishes", errForbidden)
	case state != "published":
		p.faults.Add("state", state, "is not a state", "draft, or published")
	}
	if len(c.GetHeader(commentHeader)) > maxText {
		p.faults.Add(commentHeader, "", "is too long", "at most "+strconv.Itoa(maxText)+" bytes")
	}
	return w, p.faults.Err()
}

// commentHeader says why a change is made.
const commentHeader = "Demarc-Comment"

// body reads the body that was sent, which is of one of the media types. Call read when
// it is needed no more.
func (w *writing) body(types []string) ([]byte, error) {
	c := w.c
	if c.GetHeader("Content-Type") == "" { // OGC 20-002r1 /req/create-replace-delete/post-content-type, 400 and not 415
		var faults geo.Faults
		faults.Add("Content-Type", "", "is missing", "say what the body is: "+strings.Join(types, ", "))
		return nil, faults.Err()
	}
	if w.prefers("handling") == "strict" { // as always
		c.Writer.Header().Add("Preference-Applied", "handling=strict")
	}
	mediaType, _, err := mime.ParseMediaType(c.ContentType())
	if err != nil || !slices.Contains(types, mediaType) {
		return nil, &errMediaType{c.GetHeader("Content-Type"), strings.Join(types, ", ")}
	}
	if coding := c.GetHeader("Content-Encoding"); coding != "" && coding != "identity" {
		return nil, &errMediaType{"packed with " + coding, "a body that is not packed"}
	}
	w.room = buffers.Get().(*[]byte)
	body := bytes.NewBuffer(*w.room)
	body.Grow(int(min(max(0, c.Request.ContentLength), bulkBytes)) + bytes.MinRead)
	_, err = body.ReadFrom(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	raw := body.Bytes()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("read the request's body: %w", err)
	}
	w.idempotent(raw)
	return raw, nil
}

// read says that the body has been read, and nobody looks at it any more.
func (w *writing) read(raw []byte) { keepBuffer(w.room, raw) }

// sent returns the features of a body.
func (w *writing) sent(raw []byte, many bool) (sent []*edit.Sent, collection bool, err error) {
	reader := edit.Reader{Many: many, Partial: w.c.Request.Method == http.MethodPatch}
	if reader.CRS, err = contentCRSOf(w.c); err != nil {
		return nil, false, err
	}
	sent, collection, err = reader.Read(raw)
	return sent, collection, meaning(syntaxFault(raw, err))
}

// contentCRSOf returns the CRS in which the body's geometries are (OGC 20-002r1,
// class features): that of Content-Crs, else CRS84.
func contentCRSOf(c *gin.Context) (crs.CRS, error) {
	header := c.GetHeader(contentCRSHeader)
	if header == "" {
		return crs.CRS84, nil
	}
	found, err := crs.Parse(strings.Trim(header, "<> "))
	if err != nil {
		var faults geo.Faults
		faults.Add(contentCRSHeader, header, "is not a CRS of this service", "one of "+strings.Join(crsURIs(), ", "))
		return found, faults.Err()
	}
	return found, nil
}

// syntaxFault says where a body stops being JSON that can be read in one way.
func syntaxFault(raw []byte, err error) error {
	var at *strictjson.Error
	if !errors.As(err, &at) {
		return err
	}
	line, column := strictjson.LineColumn(raw, at.Offset)
	return &errBody{true, &geo.InputError{Faults: geo.Faults{{Where: at.Pointer, Found: at.Found,
		Problem: at.Problem, Mend: fmt.Sprintf("mend line %d, column %d of the body", line, column)}}}}
}

// meaning marks faults as those of the body.
func meaning(err error) error {
	var input *geo.InputError
	if errors.As(err, &input) {
		return &errBody{false, input}
	}
	return err
}

// idempotent notes the key under which the request may be sent again.
func (w *writing) idempotent(raw []byte) {
	if w.key = w.c.GetHeader("Idempotency-Key"); w.key == "" {
		return
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s\n%s\n%s\n", w.c.Request.Method, w.c.Request.URL.RequestURI(), w.c.ContentType(), w.c.GetHeader(contentCRSHeader))
	sum.Write(raw)
	w.digest = hex.EncodeToString(sum.Sum(nil))
}

// before returns the receipt of the same request, where it was carried out
// already.
func (w *writing) before() (receipt data.Receipt, done bool, err error) {
	if w.key == "" {
		return receipt, false, nil
	}
	receipt, err = w.s.data.Committed(w.c.Request.Context(), w.token.Name, w.key)
	switch {
	case errors.Is(err, data.ErrNotFound):
		return receipt, false, nil
	case err == nil && receipt.Digest != w.digest:
		var faults geo.Faults
		faults.Add("Idempotency-Key", w.key, "was sent before with another request", "use a new key for a new request")
		return receipt, false, faults.Err()
	}
	return receipt, err == nil, err
}

// apply carries the changes out. Faults are told as those of the features.
func (w *writing) apply(changes []data.Change, place func(change int, pointer string) string) (data.Receipt, error) {
	receipt, err := w.s.data.Apply(w.c.Request.Context(), data.Batch{
		Author: w.token.Name, Comment: w.c.GetHeader(commentHeader), Origin: "api", Key: w.key, Digest: w.digest, Changes: changes,
	})
	var input *geo.InputError
	if !errors.As(err, &input) {
		return receipt, err
	}
	faults := slices.Clone(input.Faults)
	for i := range faults {
		change, pointer := 0, faults[i].Where
		if len(changes) > 1 {
			first, rest, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
			if n, err := strconv.Atoi(first); err == nil && n < len(changes) {
				change, pointer = n, "/"+rest
			}
		}
		if pointer != "" {
			faults[i].Where = place(change, pointer)
		}
	}
	return receipt, &errBody{false, &geo.InputError{Faults: faults}}
}
