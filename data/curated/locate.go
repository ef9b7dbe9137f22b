package curated

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// locate returns the line and column, both from 1, at which the member that a
// JSON Pointer (RFC 6901) names begins. Where raw has no such member, it is the
// place of the nearest one above it.
func locate(raw []byte, pointer string) (line, column int) {
	places := map[string]int{}
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	for {
		before := int(dec.InputOffset())
		if _, err := dec.ReadToken(); err != nil {
			break
		}
		at := string(dec.StackPointer())
		if _, seen := places[at]; !seen {
			places[at] = before + len(raw[before:]) - len(bytes.TrimLeft(raw[before:], " \t\r\n,:"))
		}
	}
	for {
		if offset, ok := places[pointer]; ok {
			return lineColumn(raw, offset)
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return 1, 1
		}
		pointer = pointer[:cut]
	}
}

// lineColumn turns a byte offset into a line and a column, both from 1. The
// column counts characters.
func lineColumn(raw []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(raw))
	before := raw[:offset]
	line = 1 + bytes.Count(before, []byte{'\n'})
	start := bytes.LastIndexByte(before, '\n') + 1
	return line, 1 + len([]rune(string(before[start:])))
}
