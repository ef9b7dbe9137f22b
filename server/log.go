package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data/edit"
	"demarc/data/ledger"
	"demarc/server/ogcapi"
)

const (
	logRoute        = "/log"
	checkpointRoute = logRoute + "/checkpoint"
	logTileRoute    = logRoute + "/tile/*path"
	proofRoute      = revisionRoute + "/proof"
)

// proofRelation is the link relation of what shows that a version was published.
const proofRelation = "proof"

// addLogRoutes adds what a service with a log has.
func (s *Server) addLogRoutes(routes map[string]handler) {
	if s.cfg.Log == nil {
		return
	}
	routes[logRoute], routes[checkpointRoute], routes[logTileRoute], routes[proofRoute] = s.about, s.checkpoint, s.logTile, s.proof
}

// proofLinks leads to the proof of a version of a feature.
func (s *Server) proofLinks(c *gin.Context, feature string, number int) []ogcapi.Link {
	if s.cfg.Log == nil {
		return nil
	}
	href := feature + "/revisions/" + strconv.Itoa(number) + "/proof"
	return []ogcapi.Link{{Href: href, Rel: proofRelation, Type: formatJSON.mediaType, Title: "What shows that this version was published"}}
}

// inHeader sets the links as Link headers too (RFC 8288), for clients that do not
// read the body.
func inHeader(c *gin.Context, links []ogcapi.Link) []ogcapi.Link {
	for i := range links {
		c.Writer.Header().Add("Link", "<"+links[i].Href+`>; rel="`+links[i].Rel+`"; type="`+links[i].Type+`"`)
	}
	return links
}

// logAbout says whose log it is and how to read it.
type logAbout struct {
	Origin    string        `json:"origin"`
	PublicKey string        `json:"public_key"`
	Size      int64         `json:"size"`
	Root      string        `json:"root"`
	Links     []ogcapi.Link `json:"links"`
}

// about answers with the log's key and its newest checkpoint in parts.
func (s *Server) about(c *gin.Context) error {
	f, err := s.asJSON(c)
	if err != nil {
		return err
	}
	signed, err := s.cfg.Log.Checkpoint(c.Request.Context())
	if err != nil {
		return err
	}
	if s.unchanged(c, string(signed), f) {
		return nil
	}
	at, err := ledger.ReadCheckpoint(signed, s.cfg.Log.PublicKey())
	if err != nil {
		return err
	}
	root := s.root(c)
	s.write(c, http.StatusOK, f.mediaType, appendJSON(nil, logAbout{at.Origin, s.cfg.Log.PublicKey(), at.Size, at.Root.String(), []ogcapi.Link{
		{Href: root + logRoute, Rel: "self", Type: f.mediaType, Title: "This document"},
		{Href: root + checkpointRoute, Rel: "checkpoint", Type: "text/plain", Title: "The newest checkpoint, a signed note"},
		{Href: root + logRoute + "/tile/{level}/{number}", Rel: "tiles", Type: "application/octet-stream", Title: "Tiles of hashes", Templated: true},
		{Href: root + logRoute + "/tile/entries/{number}", Rel: "entries", Type: "application/octet-stream", Title: "Bundles of leaves", Templated: true},
	}}))
	return nil
}

// asJSON reads the parameters of a resource that is JSON alone.
func (s *Server) asJSON(c *gin.Context) (format, error) {
	p := readParams(c, []string{"f"})
	f, err := p.format(c, []format{formatJSON})
	if err != nil {
		return f, err
	}
	return f, p.faults.Err()
}

// checkpoint answers with the newest checkpoint (c2sp.org/tlog-checkpoint).
func (s *Server) checkpoint(c *gin.Context) error {
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	signed, err := s.cfg.Log.Checkpoint(c.Request.Context())
	if err != nil {
		return err
	}
	if s.unchanged(c, string(signed), format{mediaType: "text/plain"}) {
		return nil
	}
	s.write(c, http.StatusOK, "text/plain; charset=utf-8", signed)
	return nil
}

// logTile answers with a tile of hashes or a bundle of leaves (c2sp.org/tlog-tiles).
// A full one never changes; of one that is not full, the widths before the
// newest may be asked for too.
func (s *Server) logTile(c *gin.Context) error {
	level, number, width, ok := ledger.ParsePath(strings.TrimPrefix(c.Param("path"), "/"))
	if !ok {
		return errNoPage
	}
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	tile, err := s.cfg.Log.Tile(c.Request.Context(), level, number, width)
	if err != nil {
		return err
	}
	if s.unchanged(c, string(tile), format{mediaType: "application/octet-stream"}) {
		return nil
	}
	if width == ledger.TileWidth {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	if level < 0 {
		s.write(c, http.StatusOK, "application/octet-stream", tile)
	} else {
		s.send(c, http.StatusOK, "application/octet-stream", tile) // hashes do not get smaller
	}
	return nil
}

// proof is what shows that a version was published, by itself: with SHA-256 alone
// a reader finds from Record and Salt the commitment in Leaf, and from Leaf and
// Hashes the root in Checkpoint (RFC 9162 §2.1.3.2).
type proof struct {
	Index      int64         `json:"index"`
	Size       int64         `json:"size"`
	Leaf       string        `json:"leaf"`
	Hashes     [][]byte      `json:"hashes"`
	Checkpoint string        `json:"checkpoint"`
	PublicKey  string        `json:"public_key"`
	Removed    bool          `json:"content_removed,omitzero"`
	Salt       []byte        `json:"salt,omitempty"`
	Record     string        `json:"record,omitzero"`
	Links      []ogcapi.Link `json:"links"`
}

// proof answers with the proof of a version; of one whose content was removed,
// that something stood there. A claim stands in the record of its incident.
func (s *Server) proof(c *gin.Context) error {
	f, err := s.asJSON(c)
	if err != nil {
		return err
	}
	collection, feature, err := featurePath(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil || strconv.Itoa(number) != c.Param("number") {
		return errNoPage
	}
	e, err := s.evidence(c, collection, feature, number)
	if err != nil {
		return err
	}
	if s.unchanged(c, string(e.Checkpoint)+string(e.Entry)+strconv.FormatBool(e.Record == nil), f) {
		return nil
	}
	href := s.itemURL(c, collection, feature) + "/revisions/" + strconv.Itoa(number)
	out := proof{Index: e.Leaf, Size: e.Size, Leaf: string(e.Entry), Hashes: make([][]byte, 0, len(e.Hashes)), Checkpoint: string(e.Checkpoint),
		PublicKey: s.cfg.Log.PublicKey(), Removed: e.Record == nil, Salt: e.Salt, Record: string(e.Record), Links: []ogcapi.Link{
			{Href: href + "/proof", Rel: "self", Type: f.mediaType, Title: "This document"},
			{Href: href, Rel: "about", Type: formatGeoJSON.mediaType, Title: "The version"},
			{Href: s.root(c) + logRoute, Rel: "collection", Type: f.mediaType, Title: "The log"},
		}}
	for _, h := range e.Hashes {
		out.Hashes = append(out.Hashes, h[:])
	}
	s.write(c, http.StatusOK, f.mediaType, appendJSON(nil, out))
	return nil
}

// evidence returns what the log has of a version of a feature.
func (s *Server) evidence(c *gin.Context, collection, feature string, number int) (ledger.Evidence, error) {
	kind, ours := edit.KindOf(collection)
	if !ours {
		return ledger.Evidence{}, errNoPage
	}
	if collection == "claims" { // the log has the incident: was the claim another one in that version?
		all, err := s.history(c, collection, feature)
		if err != nil {
			return ledger.Evidence{}, err
		}
		if !slices.ContainsFunc(all, func(r revision) bool { return r.Number == number }) {
			return ledger.Evidence{}, errNoPage
		}
	}
	return s.cfg.Log.Evidence(c.Request.Context(), string(kind), recordID(collection, feature), number)
}

// addLogPaths describes them. OpenAPI has no parameter with a slash in it: the
// numbers from 1000, and the widths, are in the description.
func (s *Server) addLogPaths(paths object) {
	if s.cfg.Log == nil {
		return
	}
	// A checkpoint that is new is kept before it is given out, which takes room.
	full := problemResponse("There is no room to keep a new checkpoint.")
	onlyJSON := func(id, tag, doc string, params []any, ok string, schema object) object {
		o := operation(id, tag, doc, params, object{"description": ok, "content": object{formatJSON.mediaType: object{"schema": schema}}})
		get := o["get"].(object)
		get["responses"].(object)["507"] = full
		all := get["parameters"].([]any)
		all[len(all)-1] = queryParameter("f", "Representation; there is only one.", object{"type": "string", "enum": []any{"json"}})
		return o
	}
	plain := func(id, doc, mediaType string, params ...any) object {
		o := bare(id, doc, mediaType)
		get := o["get"].(object)
		get["tags"] = []any{"Log"}
		if len(params) > 0 {
			get["parameters"] = params
		}
		if mediaType == "application/octet-stream" {
			get["responses"].(object)["200"] = object{"description": doc, "content": object{mediaType: object{"schema": object{"type": "string", "format": "binary"}}}}
		}
		for status, name := range map[string]string{"304": "notModified", "400": "invalidParameter", "404": "notFound", "500": "failure", "503": "failure"} {
			get["responses"].(object)[status] = object{"$ref": "#/components/responses/" + name}
		}
		return o
	}
	inPath := func(name, doc string, schema object) object {
		return object{"name": name, "in": "path", "required": true, "description": doc, "schema": schema}
	}
	tile := inPath("number", "Number in three digits; from 1000 on in groups such as x001/234. For one that is not full, .p/ and its width follow: 000.p/12.", object{"type": "string", "example": "000"})
	paths[logRoute] = onlyJSON("getLog", "Log", "The transparency log of what is published: whose it is, its public key, its size and root.", []any{}, "The log", object{"type": "object"})
	paths[checkpointRoute] = plain("getCheckpoint", "The newest checkpoint of the log, a signed note (c2sp.org/tlog-checkpoint).", "text/plain")
	paths[checkpointRoute].(object)["get"].(object)["responses"].(object)["507"] = full
	paths[logRoute+"/tile/{level}/{number}"] = plain("getLogTile", "A tile of hashes of the log (c2sp.org/tlog-tiles).", "application/octet-stream",
		inPath("level", "Level, 0 for the hashes of leaves", object{"type": "integer", "minimum": 0, "maximum": 63}), tile)
	paths[logRoute+"/tile/entries/{number}"] = plain("getLogEntries", "A bundle of leaves of the log (c2sp.org/tlog-tiles).", "application/octet-stream", tile)
	for _, col := range s.data.Snapshot().Collections() {
		if _, ours := edit.KindOf(col.ID); !ours || col.Layer {
			continue
		}
		paths["/collections/"+col.ID+"/items/{featureId}/revisions/{number}/proof"] = onlyJSON("get"+upperFirst(col.ID)+"Proof", "Log",
			"What shows that a version was published: its leaf in the log, the hashes up to the root, the checkpoint, and the content with its salt. Where the content was removed: that something stood there.",
			[]any{inPath("featureId", "Identifier of the feature", object{"type": "string"}), inPath("number", "Number of the version, from 1", object{"type": "integer", "minimum": 1})}, "The proof", object{"type": "object"})
	}
}
