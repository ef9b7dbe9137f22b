package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"demarc/geo/format/strictjson"
)

// MaxFeature is how long the text of one feature may be, in bytes.
const MaxFeature = 64 << 20

// recordSeparator begins each feature of a text sequence (RFC 8142 §2.1).
const recordSeparator = 0x1E

// A DocumentError says what is wrong with a document as a whole, and where.
type DocumentError struct {
	Offset  int // in bytes from the start
	Line    int // from 1
	Problem string
}

// Error returns the problem without its place.
func (e *DocumentError) Error() string { return e.Problem }

// Visit is one feature of a document, or what could not be read as one.
type Visit struct {
	Offset int // in bytes from the start of the document
	Line   int // from 1; of the fault where there is one in a feature that is JSON
	// Raw is the feature's text and Feature what it says; both share memory that
	// is good until the visit returns.
	Raw     []byte
	Feature Feature
	// Err says what is wrong with this feature; its Offset is that in the document.
	Err *strictjson.Error
}

// DecodeEach is DecodeStream for a document in memory. Offsets begin at the
// features; features share b.
func DecodeEach(b []byte, visit func(offset int, f Feature, err error)) (members map[string]json.RawMessage, err error) {
	return DecodeStream(bytes.NewReader(b), func(v Visit) bool {
		if v.Err != nil {
			visit(v.Err.Offset, Feature{}, v.Err)
			return true
		}
		v.Feature.Properties = bytes.Clone(v.Feature.Properties)
		visit(v.Offset, v.Feature, nil)
		return true
	})
}

// DecodeStream reads every feature of a document: a FeatureCollection (RFC 7946
// §3.3), a sequence of features (RFC 8142, or one a line), or a single one. It
// calls visit with each until that returns false. A feature that cannot be read
// is visited with its error, with DecodeCollection's strictness, and the next
// ones are visited all the same. members are the other members of a collection,
// such as "name"; nil for a sequence. A byte order mark is passed over.
//
// Where the document itself cannot be read further the error is a
// *DocumentError; an error of r is returned as it is. Memory holds one feature,
// at most MaxFeature long, whatever the length of the document.
func DecodeStream(r io.Reader, visit func(Visit) bool) (members map[string]json.RawMessage, err error) {
	s := &source{r: r, hold: true, line: 1}
	begin, err := s.begin()
	if err != nil {
		return nil, err
	}
	switch {
	case begin == 0:
		return nil, s.fault(0, "is empty")
	case begin == recordSeparator:
		return nil, readSequence(s, visit)
	case begin == '[':
		return nil, s.fault(s.offset(), "is a JSON array, not GeoJSON")
	case begin == 0xFF || begin == 0xFE:
		return nil, s.fault(0, "is not UTF-8, perhaps UTF-16")
	case begin != '{':
		return nil, s.fault(s.offset(), "is not JSON")
	}
	c := &collectionReader{source: s, base: s.offset(), d: strictjson.NewStream(s), visit: visit, members: map[string]json.RawMessage{}}
	err = c.read()
	kind := string(c.members["type"])
	switch {
	case errors.Is(err, errStopped):
		return c.members, nil
	case !c.hasFeatures && kind == `"Feature"`:
		s.rewind()
		return nil, readSequence(s, visit)
	case err != nil:
		return nil, c.located(err)
	case kind == `"Feature"`:
		return nil, s.fault(0, "is a Feature that has features (RFC 7946 §7.1)")
	case kind != `"FeatureCollection"`:
		return nil, s.fault(0, fmt.Sprintf("has the type %s, not FeatureCollection or Feature", orMissing(kind)))
	case !c.hasFeatures:
		return nil, s.fault(0, "has no features, which a FeatureCollection must have")
	case c.d.Pending():
		return nil, s.fault(c.base+int(c.d.Offset()), "goes on behind the end of the FeatureCollection")
	}
	return c.members, nil
}

// errStopped says that visit wanted no more.
var errStopped = errors.New("stopped")

func orMissing(kind string) string {
	if kind == "" {
		return "(none)"
	}
	return kind
}

// collectionReader reads the members of a FeatureCollection, its features one
// by one.
type collectionReader struct {
	source      *source
	base        int // offset of the document's first character
	d           *strictjson.Stream
	visit       func(Visit) bool
	members     map[string]json.RawMessage
	hasFeatures bool
}

func (c *collectionReader) read() error {
	if _, err := c.d.Token(); err != nil { // the brace
		return err
	}
	for c.d.Kind() != '}' {
		name, err := c.d.Token()
		if err != nil {
			return err
		}
		if _, twice := c.members[name]; twice || name == "features" && c.hasFeatures {
			return c.fault("has " + name + " twice")
		}
		if name == "features" {
			err = c.features()
		} else {
			err = c.member(name)
		}
		if err != nil {
			return err
		}
	}
	_, err := c.d.Token()
	return err
}

func (c *collectionReader) fault(problem string) error {
	return c.source.fault(c.base+int(c.d.Offset()), problem)
}

func (c *collectionReader) member(name string) error {
	raw, at, err := c.d.Value()
	if err != nil {
		return err
	}
	if err := strictjson.Check(raw); err != nil {
		return c.source.fault(c.base+int(at), "has a member "+name+" that cannot be read: "+err.Error())
	}
	if name == "bbox" && bbox(raw) != nil {
		return c.source.fault(c.base+int(at), "has a bbox that is not a box of four or six numbers")
	}
	c.members[name] = bytes.Clone(raw)
	return nil
}

func (c *collectionReader) features() error {
	if c.d.Kind() != '[' {
		return c.fault("has features that are not an array")
	}
	if _, err := c.d.Token(); err != nil {
		return err
	}
	c.hasFeatures, c.source.hold = true, false
	for c.d.Kind() != ']' {
		c.source.given = 0
		raw, at, err := c.d.Value()
		if err != nil {
			return err
		}
		if !c.visit(c.source.visit(raw, c.base+int(at))) {
			return errStopped
		}
	}
	_, err := c.d.Token()
	return err
}

// located returns an error of the stream with its place.
func (c *collectionReader) located(err error) error {
	var document *DocumentError
	var syntax *strictjson.Error
	switch {
	case errors.As(err, &document):
		return document
	case errors.As(err, &syntax) && syntax.Problem == "ends too early":
		return c.source.fault(c.source.total, syntax.Problem)
	case errors.As(err, &syntax):
		return c.source.fault(c.base+syntax.Offset, syntax.Problem)
	case errors.Is(err, errTooLong):
		return c.fault(errTooLong.Error())
	}
	return err
}
