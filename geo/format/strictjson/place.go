package strictjson

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Place returns the line and column, both from 1, at which the value begins
// that a JSON Pointer (RFC 6901) names. Where raw has no such value, it is the
// place of the nearest one above it. Its cost grows with the text.
func Place(raw []byte, pointer string) (line, column int) {
	return LineColumn(raw, offsetOf(raw, pointer))
}

// offsetOf returns the offset at which the member or element begins that pointer
// names, or the nearest one above it.
func offsetOf(raw []byte, pointer string) int {
	places := map[string]int{}
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	for {
		before := int(dec.InputOffset())
		if _, err := dec.ReadToken(); err != nil {
			break
		}
		at := string(dec.StackPointer())
		if _, seen := places[at]; !seen && strings.HasPrefix(pointer, at) {
			places[at] = before + len(raw[before:]) - len(bytes.TrimLeft(raw[before:], " \t\r\n,:"))
		}
	}
	for {
		if offset, ok := places[pointer]; ok {
			return offset
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return 0
		}
		pointer = pointer[:cut]
	}
}

// LineColumn turns a byte offset into a line and a column, both from 1. The
// column counts characters.
func LineColumn(raw []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(raw))
	before := raw[:offset]
	line = 1 + bytes.Count(before, []byte{'\n'})
	start := bytes.LastIndexByte(before, '\n') + 1
	return line, 1 + len([]rune(string(before[start:])))
}
