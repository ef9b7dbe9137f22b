package server

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/snapshot"
	"demarc/data/token"
)

// ownVersion is the version of a record of ours that a single feature shows.
// nil stands for a feature that has none: of a layer, or of another day.
type ownVersion struct {
	version data.Version
	snap    *snapshot.Snapshot // to show it with; nil where it stands in everybody's
}

// state checks the parameter state.
func (p *params) state() {
	if text, ok := p.get("state"); ok && text != "draft" && text != "published" {
		p.faults.Add("state", text, "is not a state", "draft, for what is not published yet, or published")
	}
}

// stateParam names the parameter, where there can be drafts.
func (s *Server) stateParam() []string {
	if s.writable() {
		return []string{"state"}
	}
	return nil
}

// asksDrafts tells whether the request is about what is not published.
func (s *Server) asksDrafts(c *gin.Context) bool {
	return s.writable() && queryValue(c.Request.URL.RawQuery, "state") == "draft"
}

// listed is known for a list: with state=draft the drafts are laid over what is
// published, for editors.
func (s *Server) listed(c *gin.Context) (*snapshot.Snapshot, knownOn, error) {
	if !s.asksDrafts(c) {
		return s.known(c)
	}
	t, err := s.holderOf(c, token.Editor)
	if err == nil && len(t.Scope) > 0 {
		// Drafts of all collections stand in one another's features.
		err = fmt.Errorf("%w: it is for %s", errForbidden, strings.Join(t.Scope, ", "))
	}
	if err != nil {
		return nil, knownOn{}, err
	}
	keepPrivate(c)
	return s.data.WithDrafts(), knownOn{}, nil
}

// keepPrivate keeps caches from giving to one what another may see.
func keepPrivate(c *gin.Context) { c.Set(privateKey, true) }

const privateKey = "private"

// ownVersion returns the version that the feature shows: the draft, where
// state=draft asks for it and the holder of the token sees one, else what is
// published, a retracted one among them. What is redacted is errGone.
func (s *Server) ownVersion(c *gin.Context, collection, feature string, asOf knownOn) (*ownVersion, error) {
	kind, ok := edit.KindOf(collection)
	if !ok {
		return nil, nil
	}
	id := recordID(collection, feature)
	if s.asksDrafts(c) {
		if own, err := s.ownDraft(c, kind, id); own != nil || err != nil {
			return own, err
		}
	}
	if asOf != (knownOn{}) {
		return nil, nil
	}
	v, err := s.data.Version(kind, id)
	if err == nil && !v.Stands() && v.Operation != data.Redact { // it takes the body to show it
		v, err = s.data.Record(kind, id)
	}
	switch {
	case errors.Is(err, data.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case v.Operation == data.Redact:
		return nil, &errGone{v}
	case v.Stands():
		return &ownVersion{version: v}, nil
	}
	around, err := s.data.Around(v, func(*data.Version) bool { return false })
	return &ownVersion{v, around}, err
}

// ownDraft returns the draft of a record, nil where the holder of the token sees
// none.
func (s *Server) ownDraft(c *gin.Context, kind data.Kind, id string) (*ownVersion, error) {
	t, err := s.holderOf(c, token.Contributor)
	if err != nil {
		return nil, err
	}
	keepPrivate(c)
	draft, err := s.data.Draft(kind, id)
	if errors.Is(err, data.ErrNotFound) || err == nil && !sees(t, &draft) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	around, err := s.data.Around(draft, func(v *data.Version) bool { return sees(t, v) })
	return &ownVersion{draft, around}, err
}

// formats returns the formats that the feature is to be had in: what stands in
// all, what does not where the mark can be seen.
func (o *ownVersion) formats() []format {
	if o == nil || o.snap == nil {
		return itemFormats()
	}
	return []format{formatGeoJSON, formatHTML}
}

// members are those of a feature that does not stand.
func (o *ownVersion) members() []byte {
	switch {
	case o == nil || o.snap == nil:
		return nil
	case o.version.Draft():
		return appendJSON([]byte(`,"draft":`), map[string]any{"number": o.version.Number, "author": o.version.Author, "comment": o.version.Comment})
	}
	return appendJSON([]byte(`,"retracted":`), map[string]any{"at": o.version.Revision.At, "reason": o.version.Comment})
}

// mark says in words what became of a feature that does not stand.
func (o *ownVersion) mark() string {
	switch {
	case o == nil || o.snap == nil:
		return ""
	case o.version.Draft():
		return "A draft. It is not published."
	case o.version.Comment == "":
		return "Retracted. It stays readable here and is in no list."
	}
	return "Retracted: " + o.version.Comment + ". It stays readable here and is in no list."
}
