package geojson

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"demarc/geo/format/strictjson"
)

var errTooLong = fmt.Errorf("has a feature of more than %d MiB", MaxFeature>>20)

// source gives a document to a reader, can give its beginning once more, and
// knows the lines.
type source struct {
	r     io.Reader
	held  []byte // what was read since the document's first character
	at    int    // in held, the next to give
	hold  bool   // whether what is read is held
	start int    // offset in the document of held[0]
	total int    // bytes read from r
	given int    // bytes given since the last feature
	line  int    // of the last offset that was asked for
	ends  []int  // offsets of line ends behind it
}

// begin passes a byte order mark and white space and returns the first
// character, 0 where there is none.
func (s *source) begin() (byte, error) {
	mark := []byte("\xEF\xBB\xBF")
	for {
		rest := s.held
		if !(len(rest) < len(mark) && bytes.HasPrefix(mark, rest)) {
			rest = bytes.TrimLeft(bytes.TrimPrefix(rest, mark), " \t\r\n")
			if len(rest) > 0 {
				s.start, s.held, s.at = s.start+len(s.held)-len(rest), rest, 0
				return rest[0], nil
			}
		}
		var more [4096]byte
		switch n, err := s.Read(more[:]); {
		case n > 0: // an error that comes with it comes again
		case errors.Is(err, io.EOF):
			return 0, nil
		case err != nil:
			return 0, err
		}
	}
}

// offset returns that of the next byte to give.
func (s *source) offset() int { return s.start + s.at }

// rewind gives what is held once more.
func (s *source) rewind() { s.at, s.hold = 0, false }

// Read gives what is held and then what follows.
func (s *source) Read(p []byte) (int, error) {
	if s.given > MaxFeature {
		return 0, errTooLong
	}
	if s.at < len(s.held) {
		n := copy(p, s.held[s.at:])
		s.at += n
		s.given += n
		return n, nil
	}
	if !s.hold {
		s.held, s.at = nil, 0
	}
	n, err := s.r.Read(p)
	for i := 0; i < n; i++ {
		next := bytes.IndexByte(p[i:n], '\n')
		if next < 0 {
			break
		}
		i += next
		s.ends = append(s.ends, s.total+i)
	}
	s.total += n
	s.given += n
	if s.hold {
		s.held = append(s.held, p[:n]...)
		s.at += n
	}
	return n, err
}

// lineOf returns the line of an offset. Lines are passed once: an offset before
// one that was asked for earlier is taken to be on that one's line.
func (s *source) lineOf(offset int) int {
	passed := 0
	for passed < len(s.ends) && s.ends[passed] < offset {
		passed++
	}
	s.line += passed
	s.ends = s.ends[passed:]
	return s.line
}

func (s *source) fault(offset int, problem string) *DocumentError {
	return &DocumentError{Offset: offset, Line: s.lineOf(offset), Problem: problem}
}

// visit reads one feature, whose text begins at an offset in the document.
func (s *source) visit(raw []byte, offset int) Visit {
	v := Visit{Offset: offset, Line: s.lineOf(offset), Raw: raw}
	f, err := DecodeFeature(raw)
	if err != nil && !errors.As(err, &v.Err) {
		v.Err = &strictjson.Error{Problem: err.Error()}
	}
	if v.Err != nil {
		v.Line += bytes.Count(raw[:min(v.Err.Offset, len(raw))], []byte("\n"))
		v.Err.Offset += offset
		return v
	}
	v.Feature = f
	return v
}
