package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// recordSeparator begins each feature of a text sequence (RFC 8142 §2.1).
const recordSeparator = 0x1E

// A DocumentError says what is wrong with a document as a whole, and where.
type DocumentError struct {
	Offset  int // in bytes from the start
	Problem string
}

// Error returns the problem without its place.
func (e *DocumentError) Error() string { return e.Problem }

// DecodeEach reads every feature of a document: a FeatureCollection (RFC 7946
// §3.3), a sequence of features (RFC 8142, or one a line), or a single one. It
// calls visit with each and the offset at which it begins; where err is not nil
// that feature could not be read, with DecodeCollection's strictness, and the
// next ones are visited all the same. members are the other members of a
// collection, such as "name"; nil for a sequence.
//
// Where the document itself cannot be read further the error is a
// *DocumentError. The cost grows with the document; no feature is kept.
func DecodeEach(b []byte, visit func(offset int, f Feature, err error)) (members map[string]json.RawMessage, err error) {
	start := bytes.TrimLeft(b, " \t\r\n")
	switch {
	case len(start) == 0:
		return nil, &DocumentError{0, "is empty"}
	case start[0] == recordSeparator:
		return nil, eachOfSequence(b, visit)
	case start[0] == '[':
		return nil, &DocumentError{len(b) - len(start), "is a JSON array, not GeoJSON"}
	case start[0] != '{':
		return nil, &DocumentError{len(b) - len(start), "is not JSON"}
	}
	c := &collectionReader{d: json.NewDecoder(bytes.NewReader(b)), visit: visit, members: map[string]json.RawMessage{}}
	err = c.read()
	kind := string(c.members["type"])
	switch {
	case kind == `"Feature"` && !c.hasFeatures:
		return nil, eachOfSequence(b, visit)
	case err != nil:
		return nil, c.located(b, err)
	case kind != `"FeatureCollection"`:
		return nil, &DocumentError{0, fmt.Sprintf("has the type %s, not FeatureCollection or Feature", orMissing(kind))}
	case !c.hasFeatures:
		return nil, &DocumentError{0, "has no features, which a FeatureCollection must have"}
	}
	if rest := bytes.TrimSpace(b[c.d.InputOffset():]); len(rest) > 0 {
		return nil, &DocumentError{len(b) - len(rest), "goes on behind the end of the FeatureCollection"}
	}
	return c.members, nil
}

func orMissing(kind string) string {
	if kind == "" {
		return "(none)"
	}
	return kind
}

// collectionReader reads the members of a FeatureCollection, its features one
// by one.
type collectionReader struct {
	d           *json.Decoder
	visit       func(int, Feature, error)
	members     map[string]json.RawMessage
	hasFeatures bool
}

func (c *collectionReader) read() error {
	if _, err := c.d.Token(); err != nil { // the brace
		return err
	}
	for c.d.More() {
		name, err := c.d.Token()
		if err != nil {
			return err
		}
		if name == "features" {
			err = c.features()
		} else {
			var raw json.RawMessage
			err = c.d.Decode(&raw)
			c.members[fmt.Sprint(name)] = raw
		}
		if err != nil {
			return err
		}
	}
	_, err := c.d.Token()
	return err
}

func (c *collectionReader) features() error {
	open, err := c.d.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('[') {
		return fmt.Errorf("has features that are not an array")
	}
	c.hasFeatures = true
	for c.d.More() {
		var raw json.RawMessage
		if err := c.d.Decode(&raw); err != nil {
			return err
		}
		f, err := decodeFeature(raw)
		c.visit(int(c.d.InputOffset())-len(raw), f, err)
	}
	_, err = c.d.Token()
	return err
}

// located returns an error of the reader with its place. Between tokens the
// offsets in the decoder's errors are not those of the document, so what it
// could not read is read once more from its start.
func (c *collectionReader) located(b []byte, err error) error {
	var syntax *json.SyntaxError
	at := int(c.d.InputOffset())
	if !errors.As(err, &syntax) {
		return syntaxError(err, at, 0)
	}
	rest := bytes.TrimLeft(b[at:], " \t\r\n,:")
	at = len(b) - len(rest)
	var raw json.RawMessage
	if again := json.NewDecoder(bytes.NewReader(rest)).Decode(&raw); errors.As(again, &syntax) {
		return syntaxError(again, at, at)
	}
	return &DocumentError{at, "is not JSON from here on: " + err.Error()}
}

// syntaxError returns an error of encoding/json with its place; its own offset
// counts from base.
func syntaxError(err error, at, base int) *DocumentError {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &DocumentError{base + max(0, int(syntax.Offset)-1), "is not JSON from here on: " + syntax.Error()}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &DocumentError{at, "ends too early"}
	}
	return &DocumentError{at, err.Error()}
}

// eachOfSequence reads features one after the other. What is no JSON ends with
// the line, or where the next record begins (RFC 8142 §2.1).
func eachOfSequence(b []byte, visit func(int, Feature, error)) error {
	for at := 0; ; {
		rest := bytes.TrimLeft(b[at:], " \t\r\n\x1E")
		at = len(b) - len(rest)
		if len(rest) == 0 {
			return nil
		}
		d := json.NewDecoder(bytes.NewReader(rest))
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			problem := syntaxError(err, len(b), at)
			visit(problem.Offset, Feature{}, problem)
			next := bytes.IndexAny(rest, "\n\x1E")
			if next < 0 {
				return nil
			}
			at += next
			continue
		}
		f, err := decodeFeature(raw)
		visit(at, f, err)
		at += int(d.InputOffset())
	}
}
