package packed

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"demarc/data"
)

// ReadJSON reads the JSON form of an incident as data.Record.Encode writes it, into
// in, which must be zero or a Room's: some times quicker than data.DecodeRecord, and
// with the same outcome. It is false for any other form, which data.DecodeRecord has to
// read; in is of no use then. The incident's texts share body's memory.
func ReadJSON(body string, in *data.Incident) bool {
	if !utf8.ValidString(body) {
		return false
	}
	j := jsonReader{src: body, ok: true}
	incident(&j, in)
	return j.ok && j.at == len(body)
}

// jsonReader reads members in the order of the fields. What it does not know makes
// it give up.
type jsonReader struct {
	src   string
	at    int
	ok    bool
	begun bool // the object has a member already
}

// fail gives up.
func (j *jsonReader) fail() { j.ok, j.at = false, len(j.src) }

// skip goes over a text that must be there.
func (j *jsonReader) skip(s string) {
	if !strings.HasPrefix(j.src[j.at:], s) {
		j.fail()
		return
	}
	j.at += len(s)
}

func (j *jsonReader) object(int) frame {
	before := frame{}
	if j.begun {
		before.at = 1
	}
	j.begun = false
	j.skip("{")
	return before
}

func (j *jsonReader) done(before frame) {
	j.skip("}")
	j.begun = before.at == 1
}

func (j *jsonReader) part(name string) {
	if !j.has(name, false) {
		j.fail()
	}
}

// has goes over the name of a member, if that is the next one.
func (j *jsonReader) has(name string, _ bool) bool {
	at := j.at
	if j.begun {
		if at >= len(j.src) || j.src[at] != ',' {
			return false
		}
		at++
	}
	end := at + len(name) + 3
	if end > len(j.src) || j.src[at] != '"' || j.src[at+1:end-2] != name || j.src[end-2] != '"' || j.src[end-1] != ':' {
		return false
	}
	j.at, j.begun = end, true
	return true
}

func (j *jsonReader) list(name string, _ int, _ bool) (n int, ok bool) {
	if !j.has(name, false) {
		return 0, false
	}
	if strings.HasPrefix(j.src[j.at:], "null") {
		j.at += len("null")
		return 0, false
	}
	j.skip("[")
	return -1, j.ok
}

// next goes to element i of a list.
func (j *jsonReader) next(i, _ int) bool {
	if j.at < len(j.src) && j.src[j.at] == ']' {
		j.at++
		return false
	}
	if i > 0 {
		j.skip(",")
		if j.at < len(j.src) && j.src[j.at] == ']' {
			j.fail()
		}
	}
	return j.ok
}

func (j *jsonReader) own(name string, v *string) {
	if j.has(name, false) {
		*v = j.str()
	}
}

func (j *jsonReader) term(name string, v *string) { j.own(name, v) }
func (j *jsonReader) text(name string, v *string) { j.own(name, v) }

func (j *jsonReader) terms(name string, v *[]string) {
	n, ok := j.list(name, 0, false)
	if !ok {
		return
	}
	room(v, n)
	for i := 0; j.next(i, n); i++ {
		*v = append(*v, j.str())
	}
}

// str reads a string.
func (j *jsonReader) str() string {
	j.skip(`"`)
	for i := j.at; i < len(j.src); i++ {
		switch b := j.src[i]; {
		case b == '"':
			s := j.src[j.at:i]
			j.at = i + 1
			return s
		case b == '\\':
			return j.escaped(i)
		case b < ' ':
			j.fail()
			return ""
		}
	}
	j.fail()
	return ""
}

// escaped reads a string with an escape at i.
func (j *jsonReader) escaped(i int) string {
	b := []byte(j.src[j.at:i])
	for ; i < len(j.src); i++ {
		switch c := j.src[i]; {
		case c == '"':
			j.at = i + 1
			return string(b)
		case c < ' ':
			j.fail()
			return ""
		case c != '\\':
			b = append(b, c)
			continue
		}
		if i++; i == len(j.src) {
			break
		}
		if at := strings.IndexByte(`"\/bfnrt`, j.src[i]); at >= 0 {
			b = append(b, "\"\\/\b\f\n\r\t"[at])
			continue
		}
		if j.src[i] != 'u' || i+5 > len(j.src) {
			break
		}
		r, err := strconv.ParseUint(j.src[i+1:i+5], 16, 16)
		if err != nil || r >= 0xd800 && r < 0xe000 { // half a pair
			break
		}
		b = utf8.AppendRune(b, rune(r))
		i += 4
	}
	j.fail()
	return ""
}

func (j *jsonReader) date(name string, v *data.Date) {
	if !j.has(name, false) {
		return
	}
	var err error
	if *v, err = data.ParseDate(j.str()); err != nil {
		j.fail()
	}
}

func (j *jsonReader) number(name string, v *float64) {
	if j.has(name, false) {
		*v = j.float()
	}
}

func (j *jsonReader) maybe(name string, v **float64) {
	if j.has(name, false) {
		f := j.float()
		*v = &f
	}
}

func (j *jsonReader) numbers(name string, v *[]float64) {
	n, ok := j.list(name, 0, false)
	if !ok {
		return
	}
	room(v, n)
	for i := 0; j.next(i, n); i++ {
		*v = append(*v, j.float())
	}
}

// float reads a number as encoding/json writes it.
func (j *jsonReader) float() float64 {
	start := j.at
	for j.at < len(j.src) && strings.IndexByte("0123456789+-.eE", j.src[j.at]) >= 0 {
		j.at++
	}
	digits := strings.TrimPrefix(j.src[start:j.at], "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' || digits[len(digits)-1] == '.' ||
		digits[0] == '0' && len(digits) > 1 && digits[1] != '.' && digits[1] != 'e' {
		j.fail()
		return 0
	}
	f, err := strconv.ParseFloat(j.src[start:j.at], 64)
	if err != nil || strings.Contains(digits, ".e") || strings.Contains(digits, ".E") {
		j.fail()
		return 0
	}
	return f
}
