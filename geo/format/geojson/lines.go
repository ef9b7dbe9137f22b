package geojson

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/bits"

	"demarc/geo/format/strictjson"
)

// readSequence reads features one after the other: one a line or over several
// lines, or each behind a record separator. What is no JSON ends with the line,
// or where the next record begins (RFC 8142 §2.1).
func readSequence(s *source, visit func(Visit) bool) error {
	q := &sequenceReader{source: s, b: bufio.NewReaderSize(s, 64<<10), offset: s.offset()}
	for {
		record, at, fault, err := q.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, errTooLong) {
			return s.fault(at, err.Error())
		}
		if err != nil {
			return err
		}
		v := Visit{Offset: at, Line: s.lineOf(at), Raw: record, Err: fault}
		if fault == nil {
			v = s.visit(record, at)
		}
		if !visit(v) {
			return nil
		}
	}
}

// sequenceReader cuts a sequence into the texts of its features.
type sequenceReader struct {
	source *source
	b      *bufio.Reader
	offset int    // of what comes next: again, then b
	again  []byte // lines that were read too early
	record []byte
}

// next returns the text of the next feature and its offset, or what is wrong with
// a line that begins none.
func (q *sequenceReader) next() (record []byte, at int, fault *strictjson.Error, err error) {
	q.record = q.record[:0]
	for pieces := 1; ; pieces++ {
		q.source.given = len(q.record)
		piece, ended, err := q.piece()
		if err != nil && !(errors.Is(err, io.EOF) && len(q.record)+len(piece) > 0) {
			return nil, q.offset, nil, err
		}
		q.record = append(q.record, piece...)
		q.offset += len(piece)
		text := bytes.TrimLeft(q.record, blank)
		if len(text) == 0 {
			q.record, pieces = q.record[:0], 0
			continue
		}
		if len(text) > MaxFeature {
			return nil, q.offset - len(text), nil, errTooLong
		}
		// A feature over many lines is looked at when their number has doubled.
		last := ended || err != nil
		if !last && bits.OnesCount(uint(pieces)) > 1 {
			continue
		}
		end, unfinished := strictjson.End(text)
		if unfinished && !last {
			continue
		}
		at = q.offset - len(text)
		if fault = q.fault(text, end, at); fault != nil {
			end = 0 // the next feature may begin on the next line
		}
		return bytes.TrimRight(text[:q.keep(text, end)], blank), at, fault, nil
	}
}

// fault returns why text, which begins at an offset in the document, begins no
// feature; nil where it does, up to end, with nothing behind it on its line.
func (q *sequenceReader) fault(text []byte, end, at int) *strictjson.Error {
	rest := bytes.TrimLeft(text[end:], " \t\r")
	err := strictjson.Syntax(text)
	if err == nil && (len(rest) == 0 || rest[0] == '\n' || rest[0] == recordSeparator) {
		return nil
	}
	if err == nil {
		err = &strictjson.Error{Offset: len(text) - len(rest), Problem: "goes on behind the end of the feature; the next one begins on a line of its own"}
	}
	err.Offset += at
	return err
}

// blank is what may stand between features.
const blank = " \t\r\n\x1E"

// keep returns how much of text, whose value or fault ends at an offset, is one
// record: up to the end of that line or the next record separator. What follows
// is read again.
func (q *sequenceReader) keep(text []byte, end int) int {
	cut := len(text)
	if line := bytes.IndexByte(text[end:], '\n'); line >= 0 {
		cut = end + line + 1
	}
	if separator := bytes.IndexByte(text, recordSeparator); separator >= 0 {
		cut = min(cut, separator)
	}
	if cut < len(text) {
		q.again = append(bytes.Clone(text[cut:]), q.again...)
		q.offset -= len(text) - cut
	}
	return cut
}

// piece returns what comes next up to and with a line end, or up to a record
// separator that begins another record, and whether it ended so.
func (q *sequenceReader) piece() (piece []byte, ended bool, err error) {
	if len(q.again) == 0 {
		if q.again, err = q.line(); err != nil && len(q.again) == 0 {
			return nil, false, err
		}
	}
	end := len(q.again)
	if line := bytes.IndexByte(q.again, '\n'); line >= 0 {
		end = line + 1
	}
	begin := len(q.again) - len(bytes.TrimLeft(q.again, blank))
	if separator := bytes.IndexByte(q.again[min(begin, end):end], recordSeparator); separator >= 0 {
		end, ended = begin+separator, true
	}
	piece, q.again = q.again[:end], q.again[end:]
	if len(q.again) > 0 {
		err = nil // it is met again behind the rest
	}
	return piece, ended, err
}

// line returns the next line of the source; it shares memory only with itself.
func (q *sequenceReader) line() ([]byte, error) {
	var long []byte
	for {
		line, err := q.b.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return append(long, line...), err
		}
		if long = append(long, line...); len(long) > MaxFeature {
			return nil, errTooLong
		}
	}
}
