package cql2

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	endOfText kind = iota
	name           // an identifier, a keyword among them
	quoted         // an identifier in double quotes
	text           // a character literal
	digits         // a number without its sign
	symbol         // an operator or punctuation
	broken         // what begins no token; a fault was added
)

// token is a piece of the text. val is its meaning: the name or text without
// quotes, else as it stands.
type token struct {
	kind kind
	val  string
	at   place
}

// is tells whether the token is the symbol.
func (t token) is(s string) bool { return t.kind == symbol && t.val == s }

// word tells whether the token is the keyword, in any case.
func (t token) word(w string) bool { return t.kind == name && strings.EqualFold(t.val, w) }

// lexer cuts a text into tokens.
type lexer struct {
	src string
	pos int
}

// next returns the next token; problem and mend are set if it is broken.
func (l *lexer) next() (t token, problem, mend string) {
	l.space()
	start := l.pos
	if start == len(l.src) {
		return token{endOfText, "", place{off: start, end: start}}, "", ""
	}
	r, size := utf8.DecodeRuneInString(l.src[start:])
	t.kind = symbol
	switch {
	case r == '\'':
		t.kind = text
		t.val, problem, mend = l.literal()
	case r == '"':
		t.kind = quoted
		t.val, problem, mend = l.quotedName()
	case isDigit(r), r == '.' && start+1 < len(l.src) && isDigit(rune(l.src[start+1])):
		t.kind = digits
		problem, mend = l.number()
	case startsName(r):
		t.kind = name
		l.pos += size
		l.skip(continuesName)
	case strings.ContainsRune("(),=+-*/%^", r):
		l.pos++
		if r == '=' && strings.HasPrefix(l.src[l.pos:], "=") {
			l.pos++
			problem, mend = "== is no operator", "write ="
		}
	case r == '<' || r == '>':
		l.pos++
		if two := l.src[start:min(start+2, len(l.src))]; two == "<=" || two == ">=" || two == "<>" {
			l.pos++
		}
	case r == '!' && strings.HasPrefix(l.src[start:], "!="):
		l.pos += 2
		problem, mend = "!= is no operator", "write <>"
	default:
		l.pos += size
		problem, mend = "this character has no place in a filter", "put text in single quotes and unusual names in double quotes"
	}
	t.at = place{off: start, end: l.pos}
	if t.kind != text && t.kind != quoted {
		t.val = l.src[start:l.pos]
	}
	if problem != "" {
		t.kind = broken
	}
	return t, problem, mend
}

// space skips what the grammar calls whitespace.
func (l *lexer) space() {
	l.skip(func(r rune) bool {
		switch r {
		case '\t', '\n', '\v', '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
			return true
		}
		return r >= 0x2000 && r <= 0x200A
	})
}

func (l *lexer) skip(is func(rune) bool) {
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if !is(r) {
			return
		}
		l.pos += size
	}
}

// controls are the characters that a backslash and a letter stand for (OGC 21-065r2
// /req/cql2-text/escaping C).
var controls = map[byte]string{'a': "\a", 'b': "\b", 't': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r"}

// literal reads a character literal (rule characterLiteral), in which ” and \' are
// an apostrophe, and \a, \b, \t, \n, \v, \f and \r control characters. As \ is also a
// character of its own, text that has one before an apostrophe, before one of these
// letters or at its end could not be written; so, of the backslashes directly before
// them, two stand for one, as on a Windows command line.
func (l *lexer) literal() (val, problem, mend string) {
	var b strings.Builder
	l.pos++
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case '\\':
			n := l.pos
			for n < len(l.src) && l.src[n] == '\\' {
				n++
			}
			run := n - l.pos
			l.pos = n
			if n < len(l.src) && l.src[n] == '\'' {
				if run%2 == 1 {
					l.pos++
					b.WriteString(strings.Repeat(`\`, run/2) + "'")
					continue
				}
				run /= 2
			} else if control := l.controlAt(n); control != "" {
				if run%2 == 1 {
					l.pos++
					b.WriteString(strings.Repeat(`\`, run/2) + control)
					continue
				}
				run /= 2
			}
			b.WriteString(strings.Repeat(`\`, run))
		case '\'':
			l.pos++
			if l.pos == len(l.src) || l.src[l.pos] != '\'' {
				return b.String(), "", ""
			}
			l.pos++
			b.WriteByte('\'')
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	return "", "the text has no end", "close it with a single quote; an apostrophe inside is written twice"
}

// controlAt returns the control character that the letter at a place stands for after
// a backslash, "" for none.
func (l *lexer) controlAt(n int) string {
	if n == len(l.src) {
		return ""
	}
	return controls[l.src[n]]
}

// quotedName reads a name in double quotes; "" is a double quote in it.
func (l *lexer) quotedName() (val, problem, mend string) {
	var b strings.Builder
	for l.pos++; l.pos < len(l.src); l.pos++ {
		if l.src[l.pos] == '"' {
			l.pos++
			if l.pos == len(l.src) || l.src[l.pos] != '"' {
				if b.Len() == 0 {
					return "", "the name is empty", "double quotes enclose a property's name"
				}
				return b.String(), "", ""
			}
		}
		b.WriteByte(l.src[l.pos])
	}
	return "", "the name has no end", "close it with a double quote"
}

// number reads digits with a point and an exponent (rule unsignedNumericLiteral).
func (l *lexer) number() (problem, mend string) {
	l.skip(isDigit)
	if strings.HasPrefix(l.src[l.pos:], ".") {
		l.pos++
		l.skip(isDigit)
	}
	if l.pos < len(l.src) && (l.src[l.pos] == 'e' || l.src[l.pos] == 'E') {
		end := l.pos + 1
		if end < len(l.src) && (l.src[end] == '+' || l.src[end] == '-') {
			end++
		}
		if end < len(l.src) && isDigit(rune(l.src[end])) {
			l.pos = end
			l.skip(isDigit)
		}
	}
	if r, _ := utf8.DecodeRuneInString(l.src[l.pos:]); l.pos < len(l.src) && continuesName(r) {
		l.skip(continuesName)
		return "this is neither a number nor a name", "names do not begin with a digit; put such a name in double quotes"
	}
	return "", ""
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// startsName tells whether r can begin an identifier (rule identifierStart).
func startsName(r rune) bool {
	switch {
	case r == ':' || r == '_' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
		return true
	case r < 0xC0 || r == 0xD7 || r == 0xF7 || r == utf8.RuneError || r == 0x1680:
		return false
	}
	for _, in := range [][2]rune{
		{0xC0, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFE}, {0x200C, 0x200D}, {0x2070, 0x218F},
		{0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
	} {
		if r >= in[0] && r <= in[1] {
			return true
		}
	}
	return false
}

// continuesName tells whether r can go on an identifier (rule identifierPart).
func continuesName(r rune) bool {
	return startsName(r) || r == '.' || isDigit(r) || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// where returns a place for a message: line and column, counted from 1 in
// characters, or a JSON Pointer (RFC 6901).
func (b *builder) where(at place) string {
	if b.src == "" {
		return at.path.pointer()
	}
	before := b.src[:min(at.off, len(b.src))]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d, character %d", line, column, 1+utf8.RuneCountInString(before))
}
