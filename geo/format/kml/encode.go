package kml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"

	gokml "github.com/twpayne/go-kml/v3"

	"demarc/geo"
)

// MediaType is KML's media type (OGC 07-147r2 §18).
const MediaType = "application/vnd.google-earth.kml+xml"

// schemaID is the id of the document's one schema.
const schemaID = "fields"

// Options are the choices of an encoder. The zero value is ready.
type Options struct {
	// Name names the field that is shown as the placemark's name; the feature's
	// ID is shown where it is empty, unknown or null.
	Name string
	// Title is the document's name; the schema's collection where it is empty.
	Title string
	// Description is the document's: whose the data are, for one. Empty for
	// none.
	Description string
	// Start and End name the fields, days or instants, from which the time is
	// taken. With one of them empty or both the same, it is an instant. A name
	// that the schema does not have counts as empty.
	Start, End string
	// ID names the field of the feature's ID; "id" where it is empty.
	ID string
}

// Encoder writes features as placemarks of one document. See the package
// documentation for its contract.
type Encoder struct {
	w                io.Writer
	sc               *geo.Schema
	opts             Options
	hasID            bool // the schema has the ID among its fields
	name, start, end int  // positions of the fields of the Options; -1 for none
	begun            bool
	closed           bool
	err              error
	xml              *xml.Encoder
	text             bytes.Buffer // not yet written
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 32 << 10

// NewEncoder returns an encoder of features of the schema to w.
func NewEncoder(w io.Writer, sc *geo.Schema, opts Options) *Encoder {
	if opts.ID == "" {
		opts.ID = "id"
	}
	if opts.Title == "" {
		opts.Title = sc.Collection
	}
	e := &Encoder{w: w, sc: sc, opts: opts, hasID: sc.Index(opts.ID) >= 0,
		name: sc.Index(opts.Name), start: sc.Index(opts.Start), end: sc.Index(opts.End)}
	if e.start < 0 { // one field alone is an instant, whichever it is
		e.start = e.end
	}
	if e.end < 0 {
		e.end = e.start
	}
	e.xml = xml.NewEncoder(&e.text)
	return e
}

// Encode writes one feature, whose geometry is in CRS84.
func (e *Encoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode KML: the encoder is closed")
	case len(f.Values) != len(e.sc.Fields):
		return fmt.Errorf("encode KML: feature %s has %d values for %d fields", f.ID, len(f.Values), len(e.sc.Fields))
	}
	e.begin()
	e.add(e.placemark(f))
	if e.err != nil || e.text.Len() < flushAt {
		return e.err
	}
	return e.flush()
}

// Close writes what is left and ends the document. It does not close the
// writer.
func (e *Encoder) Close() error {
	if e.err != nil || e.closed {
		return e.err
	}
	e.closed = true
	e.begin()
	e.token(xml.EndElement{Name: xml.Name{Local: "Document"}})
	e.token(xml.EndElement{Name: xml.Name{Local: "kml"}})
	if e.err != nil {
		return e.err
	}
	return e.flush()
}

func (e *Encoder) flush() error {
	if e.err = e.xml.Flush(); e.err == nil {
		_, e.err = e.w.Write(e.text.Bytes())
	}
	e.text.Reset()
	return e.err
}

// add appends an element, followed by a line end.
func (e *Encoder) add(element gokml.Element) {
	if e.err == nil {
		e.err = element.MarshalXML(e.xml, xml.StartElement{})
	}
	e.token(xml.CharData("\n"))
	if e.err == nil {
		e.err = e.xml.Flush() // into text, so that its length is known
	}
}

func (e *Encoder) token(t xml.Token) {
	if e.err == nil {
		e.err = e.xml.EncodeToken(t)
	}
}

// begin appends the document up to its first placemark, once.
func (e *Encoder) begin() {
	if e.begun {
		return
	}
	e.begun = true
	e.text.WriteString(xml.Header)
	e.token(xml.StartElement{Name: xml.Name{Local: "kml"},
		Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: gokml.Namespace}}})
	e.token(xml.StartElement{Name: xml.Name{Local: "Document"}})
	e.add(gokml.Name(e.opts.Title))
	if e.opts.Description != "" {
		e.add(gokml.Description(e.opts.Description))
	}
	schema := gokml.NamedSchema(schemaID, e.opts.Title)
	if !e.hasID {
		schema.Append(gokml.SimpleField(e.opts.ID, "string"))
	}
	for _, f := range e.sc.Fields {
		field := gokml.SimpleField(f.Name, typeNames[f.Type])
		if f.Title != "" {
			field.Append(gokml.DisplayName(f.Title))
		}
		schema.Append(field)
	}
	e.add(schema)
}

// typeNames are KML's types, by geo.Type (OGC 07-147r2 §9.8).
var typeNames = [...]string{
	geo.String: "string", geo.Integer: "double", geo.Number: "double", geo.Boolean: "bool",
	geo.Date: "string", geo.DateTime: "string", geo.StringList: "string",
}
