package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/snapshot"
	"demarc/server/ogcapi"
)

const (
	revisionsRoute = itemRoute + "/revisions"
	revisionRoute  = revisionsRoute + "/:number"
)

// revision is a published version of a feature, as the list of them shows it.
type revision struct {
	Number    int           `json:"number"`
	Operation string        `json:"operation"`
	At        string        `json:"at,omitzero"`
	Author    string        `json:"author,omitzero"`
	Comment   string        `json:"comment,omitzero"`
	Origin    string        `json:"origin,omitzero"`
	Dataset   uint64        `json:"dataset_revision"`
	Removed   bool          `json:"content_removed,omitzero"`
	Links     []ogcapi.Link `json:"links"`

	version data.Version
	body    json.RawMessage // what the feature's own part of the record said
}

// history returns the published versions of a feature, the newest first: of a
// claim those of its incident in which it is another one than before.
// data.ErrNotFound where there is none.
func (s *Server) history(c *gin.Context, collection, feature string) ([]revision, error) {
	kind, ok := edit.KindOf(collection)
	if !ok {
		return nil, errNoPage
	}
	var out []revision
	for v, err := range s.data.History(c.Request.Context(), kind, recordID(collection, feature)) {
		if err != nil {
			return nil, err
		}
		if v.Draft() {
			continue
		}
		r := revision{Number: v.Number, Operation: operationWord(v.Operation), Author: v.Author, Comment: v.Comment, Origin: v.Origin, Dataset: v.Revision.Number,
			Removed: v.Body == nil, version: v, body: v.Body}
		if at := v.Revision.At; !at.IsZero() {
			r.At = at.UTC().Format(time.RFC3339)
		}
		if collection == "claims" {
			if r.body, err = edit.ClaimIn(v.Body, feature); err != nil {
				return nil, err
			}
		}
		href := s.itemURL(c, collection, feature) + "/revisions/" + strconv.Itoa(v.Number)
		r.Links = []ogcapi.Link{{Href: href + "?f=json", Rel: "item", Type: formatGeoJSON.mediaType}, {Href: href + "?f=html", Rel: "item", Type: "text/html"}}
		r.Links = append(r.Links, s.proofLinks(c, s.itemURL(c, collection, feature), v.Number)...)
		out = append(out, r)
	}
	if collection == "claims" {
		out = ofClaim(out)
	}
	if len(out) == 0 {
		return nil, data.ErrNotFound
	}
	return out, nil
}

// ofClaim keeps the versions in which a claim changed, came or went. Content
// that was removed tells nothing of it.
func ofClaim(all []revision) []revision {
	var out []revision
	for i, r := range all {
		var before json.RawMessage
		if i+1 < len(all) {
			before = all[i+1].body
		}
		if bytes.Equal(before, r.body) && !r.Removed {
			continue
		}
		if r.body == nil && !r.Removed {
			r.Operation = "removed"
		}
		out = append(out, r)
	}
	if !slices.ContainsFunc(out, func(r revision) bool { return r.body != nil }) {
		return nil
	}
	return out
}

// operationWord says in a word what a version did.
func operationWord(o data.Operation) string {
	switch o {
	case data.Retract:
		return "retracted"
	case data.Redact:
		return "redacted"
	}
	return "published"
}

// revisions lists the published versions of a feature.
func (s *Server) revisions(c *gin.Context) error {
	collection, feature, all, err := s.historyOf(c)
	if err != nil {
		return err
	}
	formats := []format{formatJSON, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	href := s.itemURL(c, collection, feature)
	links := append(representations(href+"/revisions", nil, formats, f), ogcapi.Link{Href: href, Rel: "latest-version", Type: formatGeoJSON.mediaType, Title: "What stands now"})
	doc := struct {
		Revisions []revision    `json:"revisions"`
		Links     []ogcapi.Link `json:"links"`
	}{all, links}
	return s.document(c, f, doc, "revisions", pageData{Title: "History of " + feature, Links: links, Body: doc, Crumbs: s.featureCrumbs(c, collection, feature)})
}

// revision answers with one published version of a feature: the feature as it
// was, and what changed with it. What its record referred to is shown as it is.
func (s *Server) revision(c *gin.Context) error {
	collection, feature, all, err := s.historyOf(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(r revision) bool { return strconv.Itoa(r.Number) == c.Param("number") })
	if i < 0 {
		return errNoPage
	}
	if all[i].Removed {
		return &errGone{s.redaction(all)}
	}
	formats := []format{formatGeoJSON, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	shown := shownRevision{revision: all[i]}
	if i+1 < len(all) {
		shown.before = all[i+1].body
	}
	if shown.Changes, err = edit.Diff(shown.before, all[i].body); err != nil {
		return err
	}
	links := append(representations(s.itemURL(c, collection, feature)+"/revisions/"+strconv.Itoa(all[i].Number), nil, formats, f), s.versionLinks(c, collection, feature, all, i)...)
	if f.name == formatHTML.name {
		return s.page(c, "revision", pageData{Title: feature + ", version " + strconv.Itoa(all[i].Number), Links: links, Body: shown, Crumbs: s.featureCrumbs(c, collection, feature)})
	}
	snap, err := s.data.Around(all[i].version, func(*data.Version) bool { return false })
	if err != nil {
		return err
	}
	return s.writeRevision(c, snap, collection, feature, &shown, links)
}

// shownRevision is a revision with what changed in it.
type shownRevision struct {
	revision
	Changes []edit.Difference `json:"changes"`

	before json.RawMessage
}

func (s *Server) writeRevision(c *gin.Context, snap *snapshot.Snapshot, collection, feature string, r *shownRevision, links []ogcapi.Link) error {
	col, err := snap.Collection(collection)
	if err != nil {
		return err
	}
	hit, err := col.Feature(feature)
	if err != nil {
		return err
	}
	members := appendJSON([]byte(`,"revision":`), r)
	s.write(c, http.StatusOK, formatGeoJSON.mediaType, wholeFeature(nil, col, &hit, detailOf(snap, collection, feature),
		func(dst []byte) []byte { return appendLinks(dst, append(links, licenceLinks(col)...)) }, members))
	return nil
}

// redaction returns the version that removed the content.
func (s *Server) redaction(all []revision) data.Version {
	for _, r := range all {
		if r.version.Operation == data.Redact {
			return r.version
		}
	}
	return all[0].version
}

// versionLinks lead to the neighbours of a version (RFC 5829).
func (s *Server) versionLinks(c *gin.Context, collection, feature string, all []revision, i int) []ogcapi.Link {
	href := s.itemURL(c, collection, feature)
	links := []ogcapi.Link{
		{Href: href + "/revisions", Rel: "version-history", Type: "application/json", Title: "All versions"},
		{Href: href, Rel: "latest-version", Type: formatGeoJSON.mediaType, Title: "What stands now"},
	}
	for _, n := range []struct {
		rel string
		at  int
	}{{"predecessor-version", i + 1}, {"successor-version", i - 1}} {
		if n.at >= 0 && n.at < len(all) {
			links = append(links, ogcapi.Link{Href: href + "/revisions/" + strconv.Itoa(all[n.at].Number), Rel: n.rel, Type: formatGeoJSON.mediaType})
		}
	}
	return append(links, inHeader(c, s.proofLinks(c, href, all[i].Number))...)
}

// historyOf returns the feature that the path names, and its published versions.
func (s *Server) historyOf(c *gin.Context) (collection, feature string, all []revision, err error) {
	if collection, feature, err = featurePath(c); err == nil {
		all, err = s.history(c, collection, feature)
	}
	return collection, feature, all, err
}

// featurePath returns the collection and the feature that the path names.
func featurePath(c *gin.Context) (collection, feature string, err error) {
	if collection, err = pathParam(c, "collectionId"); err == nil {
		feature, err = pathParam(c, "featureId")
	}
	return collection, feature, err
}

func (s *Server) featureCrumbs(c *gin.Context, collection, feature string) []crumb {
	return append(collectionCrumbs(s.root(c)), crumb{s.collectionURL(c, collection) + "/items?f=html", upperFirst(collection)}, crumb{s.itemURL(c, collection, feature) + "?f=html", feature})
}

// addRevisionPaths describes them, for each collection of records.
func (s *Server) addRevisionPaths(paths object) {
	for _, col := range s.data.Snapshot().Collections() {
		if _, ours := edit.KindOf(col.ID); !ours || col.Layer {
			continue
		}
		base, name := "/collections/"+col.ID+"/items/{featureId}/revisions", upperFirst(col.ID)
		id := object{"name": "featureId", "in": "path", "required": true, "description": "Identifier of the feature", "schema": object{"type": "string"}}
		number := object{"name": "number", "in": "path", "required": true, "description": "Number of the version, from 1", "schema": object{"type": "integer", "minimum": 1}}
		paths[base] = operation("get"+name+"Revisions", "Data", "The published versions of a feature, the newest first: who, when, why. Retracted and redacted ones are marked.", []any{id},
			jsonResponse("The versions", object{"type": "object"}))
		paths[base+"/{number}"] = operation("get"+name+"Revision", "Data", "One published version of a feature, and what changed with it.", []any{id, number},
			featureResponse("The feature as it was", object{"$ref": "#/components/schemas/feature"}))
		paths["/collections/"+col.ID+"/items/{featureId}/timemap"] = object{"get": object{"operationId": "get" + name + "TimeMap", "tags": []any{"Data"}, "summary": "The times at which a feature was published anew (RFC 7089).",
			"description": "Each leads to the feature as it was then.", "parameters": []any{id}, "responses": object{
				"200": object{"description": "The times", "content": object{"application/link-format": object{"schema": object{"type": "string"}}}},
				"400": object{"$ref": "#/components/responses/invalidParameter"}, "404": object{"$ref": "#/components/responses/notFound"}}}}
		for _, p := range []string{base, base + "/{number}"} {
			paths[p].(object)["get"].(object)["responses"].(object)["410"] = problemResponse("The content was removed.")
		}
	}
}

// whereText says in words where a difference is.
func whereText(where []string) string {
	return strings.ReplaceAll(strings.Join(where, " › "), "_", " ")
}
