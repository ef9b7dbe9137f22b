package server

import (
	"github.com/gin-gonic/gin"

	"demarc/geo/cql2"
	"demarc/server/ogcapi"
)

// functions lists the functions that filters can call beside those of CQL2 (OGC
// 19-079r2 §6.4, schema functions.yml).
func (s *Server) functions(c *gin.Context) error {
	formats := []format{formatJSON, formatHTML}
	f, done, err := s.plain(c, formats)
	if err != nil || done {
		return err
	}
	doc := ogcapi.Functions{Functions: []ogcapi.Function{}, Links: representations(s.root(c)+"/functions", nil, formats, f)}
	for _, fn := range cql2.Functions() {
		one := ogcapi.Function{Name: fn.Name, Description: fn.Doc, Returns: []string{fn.Returns}}
		for _, a := range fn.Args {
			one.Arguments = append(one.Arguments, ogcapi.Argument{Title: a.Name, Description: a.Doc, Type: []string{a.Type}})
		}
		doc.Functions = append(doc.Functions, one)
	}
	return s.document(c, f, doc, "functions", pageData{Title: "Functions", Links: doc.Links, Body: doc})
}
