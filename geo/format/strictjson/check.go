package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An Error says what is wrong with a text, and where.
type Error struct {
	Offset  int    // in bytes from the start of the text
	Pointer string // JSON Pointer (RFC 6901) of the value that is wrong, or around the fault
	Found   string // what stands there, where that helps
	Problem string
}

// Message returns the pointer, where it is not the whole text, and the problem.
func (e *Error) Message() string {
	if e.Pointer == "" {
		return e.Problem
	}
	return e.Pointer + ": " + e.Problem
}

// Error returns the message and what was found.
func (e *Error) Error() string {
	if e.Found == "" {
		return e.Message()
	}
	return e.Message() + ", found " + e.Found[:min(len(e.Found), 100)]
}

// Check returns nil where raw is one JSON value that can be read in one way only,
// and else an *Error.
func Check(raw []byte) error {
	if err := limits(raw); err != nil {
		return err
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if _, err := d.ReadValue(); err != nil {
		return describe(raw, err)
	}
	rest := bytes.TrimLeft(raw[d.InputOffset():], " \t\r\n")
	if len(rest) > 0 {
		return &Error{Offset: len(raw) - len(rest), Problem: "goes on behind the end of the value"}
	}
	return nil
}

// Unmarshal decodes one value as encoding/json does, but names must be written
// as the type has them and be known to it. The error is an *Error.
func Unmarshal(raw []byte, into any) error {
	if err := limits(raw); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true)); err != nil {
		return describe(raw, err)
	}
	return nil
}

// Members calls visit with each member of an object that Check has passed, in
// order, and the offset at which its value begins, until visit returns an error.
func Members(raw []byte, visit func(name string, value []byte, at int) error) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return &Error{Problem: "is no JSON object"}
	}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return describe(raw, err)
		}
		name := t.String()
		value, at, err := next(d, raw)
		if err == nil {
			err = visit(name, value, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Elements does for an array what Members does for an object.
func Elements(raw []byte, visit func(i int, value []byte, at int) error) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '[' {
		return &Error{Problem: "is no JSON array"}
	}
	for i := 0; d.PeekKind() != ']'; i++ {
		value, at, err := next(d, raw)
		if err == nil {
			err = visit(i, value, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// next reads the next value of raw and returns where it begins.
func next(d *jsontext.Decoder, raw []byte) (value []byte, at int, err error) {
	v, err := d.ReadValue()
	if err != nil {
		return nil, 0, describe(raw, err)
	}
	end := int(d.InputOffset())
	return raw[end-len(v) : end], end - len(v), nil
}

// limits checks the limits in one pass over the bytes, before anything is built.
// Text that is not JSON is left to the decoder.
func limits(raw []byte) error {
	var names [MaxDepth + 1]int // in the object or array at each depth
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			if depth++; depth > MaxDepth {
				return &Error{Offset: i, Problem: fmt.Sprintf("nests more than %d deep", MaxDepth)}
			}
			names[depth] = 0
		case '}', ']':
			depth = max(0, depth-1)
		case ':':
			if names[depth]++; names[depth] > MaxNames {
				return &Error{Offset: i, Problem: fmt.Sprintf("has an object of more than %d members", MaxNames)}
			}
		case '"':
			end := endOfString(raw, i+1)
			if end-i > MaxName && isName(raw, end) {
				return &Error{Offset: i, Problem: fmt.Sprintf("has a name of more than %d bytes", MaxName)}
			}
			i = end
		}
	}
	return nil
}

// endOfString returns the offset of the quote that ends the string whose text
// begins at i, or of the last byte.
func endOfString(raw []byte, i int) int {
	for ; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(raw) - 1
}

// isName tells whether the string that ends at offset end is a member's name.
func isName(raw []byte, end int) bool {
	rest := bytes.TrimLeft(raw[end+1:], " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// describe turns an error of the library into ours.
func describe(raw []byte, err error) *Error {
	var own *Error
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &semantic):
		e := &Error{Offset: offsetOf(raw, string(semantic.JSONPointer)), Pointer: string(semantic.JSONPointer), Found: string(semantic.JSONValue), Problem: "does not fit"}
		switch {
		case errors.Is(semantic.Err, json.ErrUnknownName):
			e.Problem = "is not a member that is known here"
		case semantic.Err != nil:
			e.Problem = semantic.Err.Error()
		case semantic.JSONKind != 0 && e.Found == "":
			e.Found = semantic.JSONKind.String()
		}
		return e
	case errors.As(err, &syntactic):
		return describeSyntax(raw, syntactic)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Offset: len(raw), Problem: "ends too early"}
	}
	return &Error{Problem: err.Error()}
}

func describeSyntax(raw []byte, err *jsontext.SyntacticError) *Error {
	e := &Error{Offset: int(err.ByteOffset), Pointer: string(err.JSONPointer)}
	switch {
	case errors.Is(err.Err, jsontext.ErrDuplicateName):
		e.Problem = "the name " + strconv.Quote(err.JSONPointer.LastToken()) + " is there twice"
	case errors.Is(err.Err, io.ErrUnexpectedEOF):
		e.Problem = "ends too early"
	case strings.Contains(fmt.Sprint(err.Err), "UTF-8"), strings.Contains(fmt.Sprint(err.Err), "surrogate"):
		e.Problem = "is text that is not UTF-8, or half of a surrogate pair"
	case strings.Contains(fmt.Sprint(err.Err), "max depth"):
		e.Pointer, e.Problem = "", fmt.Sprintf("nests more than %d deep", MaxDepth)
	default:
		e.Problem = "is not JSON from here on: " + strings.TrimPrefix(fmt.Sprint(err.Err), "jsontext: ")
	}
	if rest := raw[min(e.Offset, len(raw)):]; len(rest) > 0 {
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		e.Found = strings.ToValidUTF8(strings.TrimSpace(string(line[:min(len(line), 200)])), "�")
	}
	return e
}
