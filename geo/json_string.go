package geo

import (
	"encoding/json"
	"unicode/utf8"
)

// AppendJSONString appends s as a JSON string. Characters that could end a
// script element in an HTML page are escaped; invalid UTF-8 becomes U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(dst, '"')
	from := 0 // what is before it is written
	for i := 0; i < len(s); {
		c := s[i]
		if asItStands[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || r == '\u2028' || r == '\u2029' {
				return appendMarshalled(dst[:start], s)
			}
			i += size
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '<':
			dst = append(dst, `\u003c`...)
		case '>':
			dst = append(dst, `\u003e`...)
		case '&':
			dst = append(dst, `\u0026`...)
		default:
			return appendMarshalled(dst[:start], s)
		}
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}

// appendMarshalled is AppendJSONString for what is rare.
func appendMarshalled(dst []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a string never fails
	return append(dst, quoted...)
}

// asItStands tells of the bytes below 128 which a JSON string has as they are.
var asItStands = func() (plain [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		switch c {
		case '"', '\\', '<', '>', '&':
		default:
			plain[c] = true
		}
	}
	return plain
}()
