package server

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/token"
	"demarc/server/ogcapi"
)

// draftLine is a draft as the list of drafts shows it.
type draftLine struct {
	Collection string        `json:"collection"`
	ID         string        `json:"id"`
	Number     int           `json:"number"`
	Author     string        `json:"author"`
	Comment    string        `json:"comment,omitempty"`
	At         string        `json:"at"`
	Links      []ogcapi.Link `json:"links"`
}

// drafts lists the drafts that the holder of the token sees: contributors their
// own, editors all.
func (s *Server) drafts(c *gin.Context) error {
	t, err := s.holderOf(c, token.Contributor)
	if err != nil {
		return err
	}
	if err := readParams(c, nil).faults.Err(); err != nil {
		return err
	}
	doc := struct {
		Drafts []draftLine   `json:"drafts"`
		Links  []ogcapi.Link `json:"links"`
	}{[]draftLine{}, []ogcapi.Link{{Href: s.root(c) + "/drafts", Rel: "self", Type: formatJSON.mediaType}}}
	for _, kind := range data.Kinds() {
		drafts, err := s.data.Drafts(kind)
		if err != nil {
			return err
		}
		for i := range drafts {
			if d := &drafts[i]; sees(t, d) {
				doc.Drafts = append(doc.Drafts, s.draftLine(c, d))
			}
		}
	}
	keepPrivate(c)
	s.write(c, http.StatusOK, formatJSON.mediaType, appendJSON(nil, doc))
	return nil
}

func (s *Server) draftLine(c *gin.Context, d *data.Version) draftLine {
	href := s.itemURL(c, string(d.Kind), d.ID)
	return draftLine{
		Collection: string(d.Kind), ID: d.ID, Number: d.Number, Author: d.Author, Comment: d.Comment, At: d.Revision.At.UTC().Format(time.RFC3339),
		Links: []ogcapi.Link{{Href: href + "?state=draft", Rel: "item", Type: formatGeoJSON.mediaType, Title: "The draft"}},
	}
}
