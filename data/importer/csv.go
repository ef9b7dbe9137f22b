package importer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRecord is how long one row may be, in bytes: a quote that is never closed
// must not take all of the memory.
const maxRecord = 16 << 20

// table reads rows of a CSV file (RFC 4180) one by one and alters nothing of
// their text. encoding/csv is not used because it turns CR LF within quotes into
// LF. A byte order mark is passed over; the delimiter is that of , ; and tab
// which stands most often in the first line.
type table struct {
	b       *bufio.Reader
	comma   byte
	line    int // of what comes next
	columns []string
}

// A tableError says what is wrong with the text of a row.
type tableError struct {
	line, column         int // from 1; characters
	found, problem, mend string
	fatal                bool // what follows cannot be read
}

func (e *tableError) Error() string { return e.problem }

// newTable reads the first row, the names of the columns.
func newTable(r io.Reader) (*table, error) {
	t := &table{b: bufio.NewReaderSize(r, 64<<10), comma: ',', line: 1}
	begin, err := t.b.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	if bytes.HasPrefix(begin, []byte{0xFF, 0xFE}) || bytes.HasPrefix(begin, []byte{0xFE, 0xFF}) {
		return nil, &tableError{line: 1, column: 1, problem: "is UTF-16", mend: "save it as UTF-8: iconv -f UTF-16 -t UTF-8", fatal: true}
	}
	if bytes.HasPrefix(begin, []byte("\xEF\xBB\xBF")) {
		begin = begin[3:]
		_, _ = t.b.Discard(3) // they have been peeked at
	}
	first, _, _ := bytes.Cut(begin, []byte("\n"))
	for _, c := range []byte{';', '\t'} {
		if bytes.Count(first, []byte{c}) > bytes.Count(first, []byte{t.comma}) {
			t.comma = c
		}
	}
	names, line, err := t.read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, &tableError{line: 1, problem: "is empty", mend: "the first line names the columns", fatal: true}
	case err != nil:
		return nil, err
	}
	seen := map[string]bool{}
	for _, n := range names {
		if seen[n] {
			return nil, &tableError{line: line, found: n, problem: "names a column twice", mend: "give each column a name of its own", fatal: true}
		}
		seen[n] = true
	}
	t.columns = names
	return t, nil
}

// next returns the next row, its values by column; an empty value is left out.
// io.EOF is the end, a *tableError a row that is not right.
func (t *table) next() (*row, error) {
	values, line, err := t.read()
	if err != nil {
		return nil, err
	}
	if len(values) != len(t.columns) {
		return nil, &tableError{line: line, problem: fmt.Sprintf("has %d fields for %d columns", len(values), len(t.columns)), mend: "a field that holds the delimiter or a line end stands in quotes"}
	}
	r := &row{line: line, values: make(map[string]string, len(values))}
	for i, v := range values {
		if v != "" {
			r.values[t.columns[i]] = v
		}
	}
	return r, nil
}

// read returns the fields of the next row that is not empty, and its first line.
func (t *table) read() (fields []string, line int, err error) {
	for {
		line = t.line
		text, err := t.record()
		if err != nil {
			return nil, line, err
		}
		if len(text) == 0 {
			continue
		}
		fields, err = t.split(text, line)
		return fields, line, err
	}
}

// record returns the text of one row without its line end: the one that is not
// within quotes.
func (t *table) record() ([]byte, error) {
	var text []byte
	start, q := t.line, quotes{comma: t.comma, begin: true}
	for {
		line, err := t.b.ReadSlice('\n')
		text = append(text, line...)
		q.pass(line)
		switch {
		case len(text) > maxRecord:
			return nil, &tableError{line: start, problem: fmt.Sprintf("begins a row of more than %d MiB", maxRecord>>20), mend: "look for a quote that is not closed", fatal: true}
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(text) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		if err == nil {
			t.line++
		}
		if !q.open {
			return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte{'\n'}), []byte{'\r'}), nil
		}
		if err != nil {
			return nil, &tableError{line: start, problem: "has a quote that is never closed", mend: `end the field with ", and write a quote within it as ""`, fatal: true}
		}
	}
}

// quotes tells whether the end of what it has passed lies within quotes. A quote
// opens a field at its beginning alone; elsewhere it is text.
type quotes struct {
	comma               byte
	begin, open, closed bool
}

func (q *quotes) pass(text []byte) {
	for _, c := range text {
		switch {
		case q.open:
			q.open, q.closed = c != '"', c == '"'
		case c == '"' && (q.begin || q.closed):
			q.open, q.begin, q.closed = true, false, false
		default:
			q.begin, q.closed = c == q.comma, false
		}
	}
}

// split cuts a row into its fields.
func (t *table) split(text []byte, line int) ([]string, error) {
	fault := func(at int, problem, mend string) error {
		before := text[:min(at, len(text))]
		start := bytes.LastIndexByte(before, '\n') + 1
		found, _, _ := bytes.Cut(text[min(at, len(text)):], []byte("\n"))
		return &tableError{line: line + bytes.Count(before, []byte{'\n'}), column: 1 + utf8.RuneCount(before[start:]),
			found: strings.ToValidUTF8(string(found[:min(len(found), 40)]), "�"), problem: problem, mend: mend}
	}
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return nil, fault(at, "holds the character NUL", "take it out; perhaps the file is UTF-16")
	}
	if !utf8.Valid(text) {
		at := 0
		for r, n := utf8.DecodeRune(text); r != utf8.RuneError || n != 1; r, n = utf8.DecodeRune(text[at:]) {
			at += n
		}
		return nil, fault(at, "is not UTF-8", "save it as UTF-8, perhaps: iconv -f WINDOWS-1252 -t UTF-8")
	}
	var fields []string
	for at := 0; ; at++ {
		if at < len(text) && text[at] == '"' {
			field, end := unquote(text, at)
			if end < len(text) && text[end] != t.comma {
				return nil, fault(end, "goes on behind the quote that ends the field", `write a quote within a field as ""`)
			}
			fields, at = append(fields, field), end
		} else {
			end := len(text)
			if comma := bytes.IndexByte(text[at:], t.comma); comma >= 0 {
				end = at + comma
			}
			field := text[at:end]
			if i := bytes.IndexByte(field, '\r'); i >= 0 {
				return nil, fault(at+i, "holds a carriage return outside quotes", "put the field in quotes, or end lines with LF or CR LF")
			}
			fields, at = append(fields, string(field)), end
		}
		if at >= len(text) {
			return fields, nil
		}
	}
}

// unquote returns the field whose quote opens at at, and the offset behind it.
func unquote(text []byte, at int) (field string, end int) {
	var out []byte
	for i := at + 1; ; i++ {
		close := bytes.IndexByte(text[i:], '"')
		if close < 0 {
			return string(append(out, text[i:]...)), len(text)
		}
		out = append(out, text[i:i+close]...)
		i += close + 1
		if i >= len(text) || text[i] != '"' {
			return string(out), i
		}
		out = append(out, '"')
	}
}

// eachRow reads a table whose columns must be among others those named, and calls
// visit with every row that can be read.
func (s *sink) eachRow(r io.Reader, columns []string, mend string, visit func(*row)) {
	t, err := newTable(r)
	if err != nil {
		s.broken(s.tableFault(err))
		return
	}
	var missing []string
	for _, c := range columns {
		if !slices.Contains(t.columns, c) {
			missing = append(missing, c)
		}
	}
	if len(missing) > 0 {
		s.fault(1, "", strings.Join(t.columns, ","), "has no column "+strings.Join(missing, ", "), mend)
		return
	}
	s.rows(t, visit)
}

// rows calls visit with every row of a table that can be read.
func (s *sink) rows(t *table, visit func(*row)) {
	for !s.stopped() {
		row, err := t.next()
		if err != nil {
			if err = s.tableFault(err); err != nil {
				s.broken(err)
				return
			}
			continue
		}
		s.summary.Read++
		visit(row)
	}
}

// broken ends the reading with an error of the reader, if it is one.
func (s *sink) broken(err error) {
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
}

// tableFault notes a fault of a row's text, and returns what ends the reading.
func (s *sink) tableFault(err error) error {
	var e *tableError
	if !errors.As(err, &e) {
		return err
	}
	column := ""
	if e.column > 0 {
		column = fmt.Sprint(e.column)
	}
	s.fault(e.line, column, e.found, e.problem, e.mend)
	if e.fatal {
		return io.EOF
	}
	return nil
}
