package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/token"
	"demarc/geo"
)

// tries is how often a change is made anew when another one came between: that
// of a client which does not name the version that it edits.
const tries = 4

// replace answers PUT (OGC 20-002r1 §7.4) and PATCH (§8, RFC 7396) of a feature.
func (s *Server) replace(c *gin.Context) error {
	w, feature, err := s.writingOne(c)
	if err != nil {
		return err
	}
	types := featureTypes
	if c.Request.Method == http.MethodPatch {
		types = patchTypes
	}
	raw, err := w.body(types)
	if err != nil {
		return err
	}
	sent, _, err := w.sent(raw, false)
	w.read(raw)
	if err != nil {
		return err
	}
	receipt, done, err := w.before()
	if err == nil && !done {
		receipt, err = w.again(func() (data.Receipt, bool, error) { return w.replaceOnce(feature, sent[0]) })
	}
	if err != nil {
		return err
	}
	return w.changed(feature, receipt)
}

// writingOne is writing for a change of the feature that the path names.
func (s *Server) writingOne(c *gin.Context) (w *writing, feature string, err error) {
	if w, err = s.writing(c); err == nil {
		feature, err = pathParam(c, "featureId")
	}
	return w, feature, err
}

// noContent answers that a change was carried out.
func noContent(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}

// again carries a change out, anew where another one came between and the
// client did not name the version that it edits.
func (w *writing) again(once func() (data.Receipt, bool, error)) (data.Receipt, error) {
	for n := 1; ; n++ {
		receipt, exact, err := once()
		switch {
		case !errors.Is(err, data.ErrConflict):
			return receipt, err
		case exact:
			return receipt, errPrecondition
		case n == tries:
			return receipt, err
		}
	}
}

func (w *writing) replaceOnce(feature string, sent *edit.Sent) (receipt data.Receipt, exact bool, err error) {
	b, err := w.base(feature)
	if err != nil {
		return receipt, false, err
	}
	if exact, err = w.s.checkPreconditions(w.c, &b.version); err != nil {
		return receipt, exact, err
	}
	t, err := w.target(feature, b)
	if err != nil {
		return receipt, exact, err
	}
	e, err := t.Make(sent)
	if err != nil {
		return receipt, exact, meaning(err)
	}
	receipt, err = w.apply([]data.Change{w.change(e, b.expect)}, func(_ int, pointer string) string { return e.Place(pointer) })
	return receipt, exact, err
}

// remove answers DELETE: it takes a published feature back, which stays readable
// with the mark, or discards a draft. A claim leaves its incident's record.
func (s *Server) remove(c *gin.Context) error {
	w, feature, err := s.writingOne(c)
	if err != nil {
		return err
	}
	w.idempotent(nil)
	if _, done, err := w.before(); err != nil {
		return err
	} else if done {
		return noContent(c)
	}
	if _, err := w.again(func() (data.Receipt, bool, error) { return w.removeOnce(feature) }); err != nil {
		return err
	}
	return noContent(c)
}

func (w *writing) removeOnce(feature string) (receipt data.Receipt, exact bool, err error) {
	w.discards = w.collection != "claims"
	b, err := w.base(feature)
	if err != nil {
		return receipt, false, err
	}
	if exact, err = w.s.checkPreconditions(w.c, &b.version); err != nil {
		return receipt, exact, err
	}
	change := data.Change{Kind: w.kind, ID: b.version.ID, Operation: data.Retract, Expect: b.expect}
	switch {
	case w.collection == "claims":
		if change.Body, err = edit.WithoutClaim(b.version.Body, feature); err != nil {
			return receipt, exact, err
		}
		change.Operation = data.Put
		if w.draft {
			change.Operation = data.Sketch
		}
	case b.version.Draft():
		change.Operation = data.Discard
	case w.draft: // only what is published: to take that back is for an editor
		return receipt, exact, errForbidden
	}
	receipt, err = w.apply([]data.Change{change}, func(_ int, pointer string) string { return pointer })
	return receipt, exact, err
}

// publish answers POST to …/publish: an editor makes a draft the published
// version.
func (s *Server) publish(c *gin.Context) error {
	return s.decide(c, data.Publish, func(w *writing, id string) (data.Version, error) { return s.data.Draft(w.kind, id) })
}

// redact answers POST to …/redact: an editor removes the content for good. The
// reason is asked for, since it is all that will be left.
func (s *Server) redact(c *gin.Context) error {
	if strings.TrimSpace(c.GetHeader(commentHeader)) == "" {
		if _, err := s.holderOf(c, token.Editor); err != nil {
			return err
		}
		var faults geo.Faults
		faults.Add(commentHeader, "", "is missing", "say why the content is removed; the reason is published in its place")
		return faults.Err()
	}
	return s.decide(c, data.Redact, func(w *writing, id string) (data.Version, error) {
		v, err := s.data.Record(w.kind, id)
		if err == nil && v.Operation == data.Redact {
			err = &errGone{v}
		}
		return v, err
	})
}

// decide carries out what only an editor does with a whole record.
func (s *Server) decide(c *gin.Context, op data.Operation, standing func(*writing, string) (data.Version, error)) error {
	w, id, err := s.writingOne(c)
	if err != nil {
		return err
	}
	if !w.token.Role.May(token.Editor) {
		return errForbidden
	}
	if w.collection == "claims" {
		return errNoPage // a claim has no record of its own
	}
	v, err := standing(w, id)
	if err != nil {
		return err
	}
	if err := s.mayDecide(c, op, &v); err != nil {
		return err
	}
	receipt, err := w.apply([]data.Change{{Kind: w.kind, ID: id, Operation: op, Expect: v.Number}}, func(_ int, pointer string) string {
		return (&edit.Edited{}).Place(pointer)
	})
	if err != nil {
		return err
	}
	w.draft = false
	if op == data.Redact {
		return noContent(c)
	}
	return w.changed(id, receipt)
}

// mayDecide holds a decision to the version that the client has seen. A draft that
// was overtaken is published only by who names, by If-Match, the published version
// that it is to replace.
func (s *Server) mayDecide(c *gin.Context, op data.Operation, v *data.Version) error {
	if op == data.Publish && s.overtaken(v) {
		published, err := s.data.Record(v.Kind, v.ID)
		if err != nil || !namesVersion(strings.Join(c.Request.Header.Values("If-Match"), ","), versionTag(&published)) {
			return fmt.Errorf("%s/%s was published anew since the draft was made, and the draft would undo that; to do so, name what is published by If-Match: %w", v.Kind, v.ID, data.ErrConflict)
		}
		return nil
	}
	_, err := s.checkPreconditions(c, v)
	return err
}

// changed answers a change of one feature: 204, or the feature where the client
// prefers it (RFC 7240 §4.2).
func (w *writing) changed(feature string, receipt data.Receipt) error {
	w.note(feature, receipt)
	if !w.prefersRepresentation() {
		return noContent(w.c)
	}
	body, err := w.representation(feature)
	if err != nil {
		return err
	}
	w.s.write(w.c, http.StatusOK, formatGeoJSON.mediaType, body)
	return nil
}

// note sets the validators of the feature as it is now, so that the client can
// go on from there.
func (w *writing) note(feature string, receipt data.Receipt) {
	header := w.c.Writer.Header()
	header.Set("Cache-Control", "no-store")
	id := recordID(w.collection, feature)
	i := slices.IndexFunc(receipt.Changes, func(d data.Done) bool { return d.Kind == w.kind && d.ID == id })
	if i < 0 {
		return
	}
	done := receipt.Changes[i]
	v := data.Version{Operation: done.Operation, Number: done.Number}
	address := w.s.itemURL(w.c, w.collection, feature)
	revision := receipt.Snapshot
	if revision == "" {
		revision = w.s.data.Snapshot().Revision()
	}
	header.Set("ETag", w.s.featureTag(w.c, &v, revision, strings.TrimPrefix(address, w.s.root(w.c)), "", formatGeoJSON))
	header.Set("Last-Modified", receipt.Revision.At.UTC().Format(http.TimeFormat))
	if !v.Draft() {
		header.Set("Demarc-Revision", strconv.FormatUint(receipt.Revision.Number, 10))
	}
}

// prefersRepresentation tells whether the answer is to hold the feature, and says that
// it does as the client prefers.
func (w *writing) prefersRepresentation() bool {
	value := w.prefers("return")
	if value == "representation" || value == "minimal" {
		w.c.Writer.Header().Add("Preference-Applied", "return="+value)
	}
	return value == "representation"
}

// prefers returns the value of a preference, the first where there are several
// (RFC 7240 §2), and "" for none.
func (w *writing) prefers(name string) string {
	for _, header := range w.c.Request.Header.Values("Prefer") {
		for part := range strings.SplitSeq(header, ",") {
			preference, _, _ := strings.Cut(part, ";")
			is, value, _ := strings.Cut(preference, "=")
			if strings.EqualFold(strings.TrimSpace(is), name) {
				return strings.Trim(strings.TrimSpace(value), `"`)
			}
		}
	}
	return ""
}

// representation returns the feature as its writer reads it.
func (w *writing) representation(feature string) ([]byte, error) {
	snap := w.s.data.Snapshot()
	if w.draft {
		draft, err := w.s.data.Draft(w.kind, recordID(w.collection, feature))
		if err != nil {
			return nil, err
		}
		if snap, err = w.s.data.Around(draft, func(v *data.Version) bool { return sees(w.token, v) }); err != nil {
			return nil, err
		}
	}
	col, err := snap.Collection(w.collection)
	if err != nil {
		return nil, err
	}
	hit, err := col.Feature(feature)
	if err != nil {
		return nil, err
	}
	href := w.s.itemURL(w.c, col.ID, feature)
	if w.draft {
		href += "?state=draft"
	}
	links := representations(href, nil, []format{formatGeoJSON, formatHTML}, formatGeoJSON)
	return wholeFeature(nil, col, &hit, detailOf(snap, col.ID, feature), func(dst []byte) []byte { return appendLinks(dst, links) }, nil), nil
}
