package strictjson

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Stream reads the outer parts of a text token by token, and the parts within
// as whole values, so that memory holds one value at a time. It takes names that
// are there twice and text that is not UTF-8: Check each value.
type Stream struct{ d *jsontext.Decoder }

// NewStream returns a stream of the text that r gives.
func NewStream(r io.Reader) *Stream {
	return &Stream{jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
}

// Kind returns the first character of what comes next: one of n f t " 0 { } [ ],
// and 0 where that cannot be read.
func (s *Stream) Kind() byte { return byte(s.d.PeekKind()) }

// Token passes a name or one of { } [ ] and returns a name's text.
func (s *Stream) Token() (string, error) {
	t, err := s.d.ReadToken()
	if err != nil {
		return "", s.describe(err)
	}
	if t.Kind() == '"' {
		return t.String(), nil
	}
	return "", nil
}

// Value returns the next value, which is good until the next call, and the
// offset in the text at which it begins.
func (s *Stream) Value() (value []byte, at int64, err error) {
	v, err := s.d.ReadValue()
	if err != nil {
		return nil, 0, s.describe(err)
	}
	return v, s.d.InputOffset() - int64(len(v)), nil
}

// Offset returns the offset behind what was read last.
func (s *Stream) Offset() int64 { return s.d.InputOffset() }

// Pending tells whether anything but white space comes behind the text's value.
func (s *Stream) Pending() bool {
	_, err := s.d.ReadToken()
	return err != io.EOF
}

// describe keeps errors of the reader as they are.
func (s *Stream) describe(err error) error {
	if isSyntax(err) {
		return describe(nil, err)
	}
	return err
}

// End returns the offset behind the JSON value with which raw begins, and 0 where
// it begins with none; unfinished tells whether it would if it went on.
func End(raw []byte) (end int, unfinished bool) {
	d, err := skip(raw)
	if err == nil {
		return int(d.InputOffset()), false
	}
	return 0, errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF
}

// Syntax returns why raw does not begin with a JSON value, and nil where it does;
// what only Check refuses is no fault here.
func Syntax(raw []byte) *Error {
	if _, err := skip(raw); err != nil {
		return describe(raw, err)
	}
	return nil
}

func skip(raw []byte) (*jsontext.Decoder, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return d, d.SkipValue()
}

func isSyntax(err error) bool {
	var syntactic *jsontext.SyntacticError
	return errors.As(err, &syntactic) || err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)
}
