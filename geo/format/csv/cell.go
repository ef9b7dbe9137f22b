package csv

import (
	"strings"
	"unicode/utf8"

	"demarc/geo"
)

// appendValue appends v as a cell. Text is guarded by what the value is, not
// by its column's type, so that no text slips through.
func appendValue(dst []byte, v geo.Value) []byte {
	if v.IsNull() {
		return dst
	}
	if s, ok := v.Str(); ok {
		return appendText(dst, s)
	}
	if _, ok := v.List(); ok {
		return appendQuoted(dst, string(v.AppendJSON(nil)))
	}
	return append(dst, v.Text()...)
}

// appendText appends a text cell, guarded and quoted where it must be.
func appendText(dst []byte, s string) []byte {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if risky(s) {
		s = "'" + s
	}
	return appendQuoted(dst, s)
}

// appendQuoted appends a cell in quotes if without them it would be read as
// something else (RFC 4180 §2.5–2.7). A semicolon or tab would be, in a
// spreadsheet of a language whose separator it is.
func appendQuoted(dst []byte, s string) []byte {
	plain := s != "" && !strings.ContainsAny(s, "\",;\t\r\n") &&
		s[0] != ' ' && s[len(s)-1] != ' '
	if plain {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

// risky tells whether a spreadsheet could take the text for a formula: its
// first character is one that begins a formula, once apostrophes and blanks are
// taken away. Apostrophes must not count, or a guarded text and a text that
// came with an apostrophe could not be told apart.
func risky(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "' \u00A0\uFEFF"))
	switch first {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return true
	}
	return false
}

// Unguard returns the text that a text cell stands for: it takes away the
// apostrophe that guards it from being run as a formula, and nothing else.
func Unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && risky(rest) {
		return rest
	}
	return cell
}
