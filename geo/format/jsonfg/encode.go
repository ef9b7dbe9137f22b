package jsonfg

import (
	"fmt"
	"io"

	"demarc/geo"
	"demarc/geo/crs"
)

const (
	// MediaType is JSON-FG's media type (OGC 21-045r1, "Media Types"): it is
	// GeoJSON, and what tells it apart is its conformsTo and its profile.
	MediaType = "application/geo+json"
	// DraftMediaType is that of the drafts, which clients still ask for. GDAL
	// 3.6 reads no features from an answer of this type.
	DraftMediaType = "application/vnd.ogc.fg+json"
	// Profile is the URI of the profile of a document, for a link with rel
	// "profile".
	Profile = "http://www.opengis.net/def/profile/OGC/0/jsonfg"
	// ProfilePlus is the URI of the profile of a document with fallback
	// geometries.
	ProfilePlus = "http://www.opengis.net/def/profile/OGC/0/jsonfg-plus"
)

// conformsTo is the member of every document (/req/core/metadata).
const conformsTo = `"conformsTo":["http://www.opengis.net/spec/json-fg-1/1.0/conf/core",` +
	`"http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"]`

// Options are the choices of an encoder. The zero value is ready.
type Options struct {
	CRS crs.CRS // of the coordinates; features come in CRS84
	// FeatureType names what the features are; the schema's collection where
	// it is empty.
	FeatureType string
	// FeatureSchema is the URI of the features' JSON Schema; empty for none.
	FeatureSchema string
	// Start and End name the fields, days or instants, from which time is
	// taken. With one of them empty or both the same, time is an instant. A
	// name that the schema does not have counts as empty.
	Start, End string
	// Fallback adds the geometry in CRS84 where place has it in another CRS.
	Fallback bool
	// Members are more members of the document, as JSON without braces:
	// `"links":[…],"numberMatched":12`. They stand before the features.
	Members []byte
}

// Encoder writes features as one feature collection. See the package
// documentation for its contract.
type Encoder struct {
	w      io.Writer
	f      former
	begun  bool
	closed bool
	first  bool // no feature has been written yet
	err    error
	text   []byte // not yet written
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 32 << 10

// NewEncoder returns an encoder of features of the schema to w.
func NewEncoder(w io.Writer, sc *geo.Schema, opts Options) *Encoder {
	return &Encoder{w: w, f: newFormer(sc, opts), first: true}
}

// Encode writes one feature, whose geometry is in CRS84.
func (e *Encoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode JSON-FG: the encoder is closed")
	}
	e.begin()
	before := len(e.text)
	if !e.first {
		e.text = append(e.text, ",\n"...)
	}
	text, err := e.f.appendFeature(append(e.text, `{"type":"Feature"`...), f)
	if err != nil {
		e.text = e.text[:before]
		return err
	}
	e.text, e.first = append(text, '}'), false
	if len(e.text) < flushAt {
		return nil
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
	e.text = append(e.text, "\n]}\n"...)
	return e.flush()
}

func (e *Encoder) flush() error {
	_, e.err = e.w.Write(e.text)
	e.text = e.text[:0]
	return e.err
}

// begin appends the collection up to its first feature, once.
func (e *Encoder) begin() {
	if e.begun {
		return
	}
	e.begun = true
	e.text = append(e.text, `{"type":"FeatureCollection"`...)
	e.text = append(e.f.appendRoot(e.text), `,"features":[`+"\n"...)
}

// AppendFeature appends f, whose geometry is in CRS84, as a document of its
// own. Its error is Encode's; the buffer is then returned as it was.
func AppendFeature(dst []byte, sc *geo.Schema, f *geo.Feature, opts Options) ([]byte, error) {
	former := newFormer(sc, opts)
	text, err := former.appendFeature(former.appendRoot(append(dst, `{"type":"Feature"`...)), f)
	if err != nil {
		return dst, err
	}
	return append(text, '}'), nil
}
