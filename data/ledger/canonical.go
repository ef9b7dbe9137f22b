package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
)

// Canonical returns a body in the form of RFC 8785, which commitments are made
// of. The error is for a body that is not JSON.
func Canonical(body []byte) ([]byte, error) {
	s := sorters.Get().(*sorter)
	defer sorters.Put(s)
	if s.sort(body) {
		return bytes.Clone(s.out), nil
	}
	return transform(body)
}

func transform(body []byte) ([]byte, error) {
	canonical, err := jcs.Transform(body)
	if err != nil {
		return nil, fmt.Errorf("bring a record into canonical form: %w", err)
	}
	return canonical, nil
}

// Commitment returns SHA-256(salt || body in the form of RFC 8785), in
// hexadecimal: it binds to the body without telling anything of it. The error is
// for a body that is not JSON.
func Commitment(salt, body []byte) (string, error) {
	s := sorters.Get().(*sorter)
	defer sorters.Put(s)
	var canonical []byte
	if s.sort(body) {
		canonical = s.out
	} else {
		var err error
		if canonical, err = transform(body); err != nil {
			return "", err
		}
	}
	sum := sha256.New()
	sum.Write(salt)
	sum.Write(canonical)
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// sorter brings into canonical form what mostly is in it: the records that our own
// encoder writes, of which the members stand in another order alone. What could need
// more than that it leaves to the library, which takes five times as long.
type sorter struct {
	in      []byte // what is left
	out     []byte
	members []member // of the objects that are open
	room    []byte
}

// member is a member of an object in out: its key, of which the first bytes are the rank,
// and where it stands with the comma behind it.
type member struct {
	rank     uint64
	key      []byte
	from, to int
}

// before tells whether the key comes before another one.
func (m *member) before(other *member) bool {
	if m.rank != other.rank {
		return m.rank < other.rank
	}
	return bytes.Compare(m.key, other.key) < 0
}

// rankOf returns the first eight bytes of a key as a number, which is in their order.
func rankOf(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

var sorters = sync.Pool{New: func() any { return new(sorter) }}

// maxDepth is how many arrays and objects may be within one another.
const maxDepth = 32

// manyMembers are more than an object of our records has.
const manyMembers = 128

// sort writes the canonical form to out; false where the body may not be one of which
// it knows it.
func (s *sorter) sort(body []byte) bool {
	s.in, s.out, s.members = body, s.out[:0], s.members[:0]
	return len(body) > 0 && body[0] == '{' && utf8.Valid(body) && s.value(maxDepth) && len(s.in) == 0
}

// next takes a byte, where it is there.
func (s *sorter) next(c byte) bool {
	if len(s.in) == 0 || s.in[0] != c {
		return false
	}
	s.in = s.in[1:]
	return true
}

// take moves n bytes to out.
func (s *sorter) take(n int) {
	s.out = append(s.out, s.in[:n]...)
	s.in = s.in[n:]
}

func (s *sorter) value(depth int) bool {
	if len(s.in) == 0 || depth == 0 {
		return false
	}
	switch s.in[0] {
	case '{':
		return s.object(depth - 1)
	case '[':
		return s.array(depth - 1)
	case '"':
		n := textLength(s.in)
		if n > 0 {
			s.take(n)
		}
		return n > 0
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	n := numberLength(s.in)
	if n > 0 {
		s.take(n)
	}
	return n > 0
}

func (s *sorter) word(word string) bool {
	there := len(s.in) >= len(word) && string(s.in[:len(word)]) == word
	if there {
		s.take(len(word))
	}
	return there
}

func (s *sorter) array(depth int) bool {
	s.take(1)
	if s.next(']') {
		s.out = append(s.out, ']')
		return true
	}
	for s.value(depth) {
		if s.next(']') {
			s.out = append(s.out, ']')
			return true
		}
		if !s.next(',') {
			return false
		}
		s.out = append(s.out, ',')
	}
	return false
}

func (s *sorter) object(depth int) bool {
	s.take(1)
	if s.next('}') {
		s.out = append(s.out, '}')
		return true
	}
	first := len(s.members)
	for {
		from, n := len(s.out), textLength(s.in)
		if n == 0 {
			return false
		}
		m := member{key: s.in[1 : n-1], from: from}
		if !ascii(m.key) {
			return false // these are sorted as UTF-16
		}
		m.rank = rankOf(m.key)
		s.take(n)
		if !s.next(':') {
			return false
		}
		s.out = append(s.out, ':')
		if !s.value(depth) {
			return false
		}
		s.out = append(s.out, ',')
		m.to = len(s.out)
		s.members = append(s.members, m)
		if s.next('}') {
			break
		}
		if !s.next(',') {
			return false
		}
	}
	ordered := s.order(s.members[first:])
	s.members = s.members[:first]
	s.out[len(s.out)-1] = '}' // in the place of a comma
	return ordered
}

// order brings the members of an object into the order of their keys; false where two
// have the same. An object of ours has few: each is put before those that come after it.
func (s *sorter) order(members []member) bool {
	if len(members) > manyMembers {
		return false
	}
	start, sorted := members[0].from, true
	for i := 1; i < len(members); i++ {
		m, at := members[i], i
		for ; at > 0 && m.before(&members[at-1]); at-- {
			members[at] = members[at-1]
		}
		if at > 0 && m.rank == members[at-1].rank && bytes.Equal(m.key, members[at-1].key) {
			return false
		}
		members[at] = m
		sorted = sorted && at == i
	}
	if sorted {
		return true
	}
	s.room = s.room[:0]
	for i := range members {
		s.room = append(s.room, s.out[members[i].from:members[i].to]...)
	}
	copy(s.out[start:], s.room)
	return true
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// textLength returns the length of a string with its quotes, 0 for one that is not
// there, or has characters that could be written in several ways.
func textLength(in []byte) int {
	if len(in) == 0 || in[0] != '"' {
		return 0
	}
	for i := 1; i < len(in); i++ {
		switch c := in[i]; {
		case c == '"':
			return i + 1
		case c == '\\' || c < ' ':
			return 0
		}
	}
	return 0
}

// maxDigits is how many digits a decimal may have, to be the shortest that is read as
// its number: fewer cannot be read as the same.
const maxDigits = 15

// numberLength returns the length of a number that is written as RFC 8785 wants it, 0
// for another one.
func numberLength(in []byte) int {
	i := 0
	digits := func() int {
		from := i
		for i < len(in) && in[i] >= '0' && in[i] <= '9' {
			i++
		}
		return i - from
	}
	if i < len(in) && in[i] == '-' {
		i++
	}
	whole := i
	n := digits()
	zero := n == 1 && in[whole] == '0'
	if n == 0 || n > 1 && in[whole] == '0' {
		return 0
	}
	if i < len(in) && in[i] == '.' {
		i++
		point := i
		n += digits()
		if i == point || in[i-1] == '0' || zero && bytes.HasPrefix(in[point:], []byte("00000")) {
			return 0 // without need, or small enough for an exponent
		}
	} else if zero && whole > 0 {
		return 0 // -0
	}
	if n > maxDigits || i < len(in) && (in[i] == 'e' || in[i] == 'E') {
		return 0
	}
	return i
}
