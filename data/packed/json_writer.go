package packed

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"demarc/data"
)

// AppendJSON appends the JSON form of an incident as data.Record.Encode writes it, in a
// quarter of the time. ok is false for a number that JSON has not, which Encode tells.
func AppendJSON(dst []byte, in *data.Incident) (_ []byte, ok bool) {
	j := jsonWriter{dst: dst}
	incident(&j, in)
	return j.dst, !j.failed
}

// jsonWriter writes members in the order of the fields.
type jsonWriter struct {
	dst    []byte
	frame  frame // at is 1 where the object has a member already, field how many fields it has
	failed bool
}

// always are the members that are there without a value too: all that have no omitzero.
var always = map[string]bool{
	"id": true, "title": true, "theatre": true, "type": true, "start": true, "end": true, "place_id": true, "parties": true, "summary": true,
	"occurrence": true, "claims": true, "precision": true, "acled": true, "ucdp": true, "party": true, "text": true, "source_ids": true, "metric": true,
	"affected_party": true, "status": true, "verification": true, "sources": true, "kind": true, "as_reported": true, "name": true, "reason": true, "source_id": true,
}

// involvedFields is how many fields has what has its party_id always.
const involvedFields = 2

func (j *jsonWriter) object(fields int) frame {
	before := j.frame
	j.frame = frame{field: fields}
	j.dst = append(j.dst, '{')
	return before
}

func (j *jsonWriter) done(before frame) {
	j.dst = append(j.dst, '}')
	j.frame = before
}

func (j *jsonWriter) part(name string) {
	if j.frame.at > 0 {
		j.dst = append(j.dst, ',')
	}
	j.frame.at = 1
	j.dst = append(append(append(j.dst, '"'), name...), '"', ':')
}

func (j *jsonWriter) has(name string, there bool) bool {
	if there = there || always[name] || name == "party_id" && j.frame.field == involvedFields; there {
		j.part(name)
	}
	return there
}

func (j *jsonWriter) list(name string, have int, missing bool) (n int, ok bool) {
	switch {
	case !j.has(name, !missing):
		return 0, false
	case missing:
		j.dst = append(j.dst, "null"...)
		return 0, false
	}
	j.dst = append(j.dst, '[')
	return have, true
}

func (j *jsonWriter) next(i, n int) bool {
	switch {
	case i == n:
		j.dst = append(j.dst, ']')
	case i > 0:
		j.dst = append(j.dst, ',')
	}
	return i < n
}

func (j *jsonWriter) own(name string, v *string) {
	if j.has(name, *v != "") {
		j.str(*v)
	}
}

func (j *jsonWriter) term(name string, v *string) { j.own(name, v) }
func (j *jsonWriter) text(name string, v *string) { j.own(name, v) }

func (j *jsonWriter) terms(name string, v *[]string) {
	if n, ok := j.list(name, len(*v), *v == nil); ok {
		for i := 0; j.next(i, n); i++ {
			j.str((*v)[i])
		}
	}
}

// str writes a text; one with what is rare as encoding/json does.
func (j *jsonWriter) str(s string) {
	start := len(j.dst)
	j.dst = append(j.dst, '"')
	from := 0 // what is before it is written
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			j.dst = append(append(j.dst, s[from:i]...), '\\', c)
			from = i + 1
		case c == '\n':
			j.dst = append(append(j.dst, s[from:i]...), '\\', 'n')
			from = i + 1
		case c < ' ', c >= utf8.RuneSelf && rare(s):
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			_ = enc.Encode(s) // a string never fails
			j.dst = append(j.dst[:start], bytes.TrimSuffix(b.Bytes(), []byte{'\n'})...)
			return
		}
	}
	j.dst = append(append(j.dst, s[from:]...), '"')
}

// rare tells whether a text has something beyond ASCII that is not written as it is.
func rare(s string) bool {
	return !utf8.ValidString(s) || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029")
}

func (j *jsonWriter) date(name string, v *data.Date) {
	if j.has(name, !v.IsZero()) {
		j.dst, _ = v.AppendText(append(j.dst, '"'))
		j.dst = append(j.dst, '"')
	}
}

func (j *jsonWriter) number(name string, v *float64) {
	if j.has(name, *v != 0) {
		j.float(*v)
	}
}

func (j *jsonWriter) maybe(name string, v **float64) {
	if j.has(name, *v != nil) {
		j.float(**v)
	}
}

func (j *jsonWriter) numbers(name string, v *[]float64) {
	if n, ok := j.list(name, len(*v), *v == nil); ok {
		for i := 0; j.next(i, n); i++ {
			j.float((*v)[i])
		}
	}
}

// float writes a number; one that is very large or small as encoding/json does.
func (j *jsonWriter) float(f float64) {
	if abs := math.Abs(f); f != 0 && !(1e-6 <= abs && abs < 1e21) {
		b, err := json.Marshal(f)
		j.dst, j.failed = append(j.dst, b...), j.failed || err != nil
		return
	}
	j.dst = strconv.AppendFloat(j.dst, f, 'f', -1, 64)
}
