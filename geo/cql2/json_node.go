package cql2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// path is the way to a part of a JSON document, from the end.
type path struct {
	parent *path
	step   string
}

// pointer returns the path as a JSON Pointer (RFC 6901); the whole document is "".
func (p *path) pointer() string {
	if p == nil {
		return ""
	}
	return p.parent.pointer() + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p.step)
}

// node is a part of a JSON document.
type node struct {
	at  *path
	val any // nil, bool, string, json.Number, []node or object
}

// object has the members of a JSON object in their order; names are unique.
type object []member

type member struct {
	name string
	node node
}

// member returns the named member.
func (o object) member(name string) (node, bool) {
	for _, m := range o {
		if m.name == name {
			return m.node, true
		}
	}
	return node{}, false
}

// place returns where n stands.
func (n node) place() place { return place{path: n.at} }

// kind returns what n is, for messages.
func (n node) kind() string {
	switch v := n.val.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case []node:
		return "an array"
	case object:
		if len(v) > 0 {
			return fmt.Sprintf("an object with %q", v[0].name)
		}
	}
	return "an empty object"
}

// reader reads a JSON document into nodes. maxJSONNesting holds it before it goes
// deeper: an operator takes two levels, its object and its args.
type reader struct{ dec *json.Decoder }

const maxJSONNesting = 2*maxNesting + 8

// readJSON reads the one value that b holds.
func readJSON(b []byte) (node, error) {
	r := reader{json.NewDecoder(bytes.NewReader(b))}
	r.dec.UseNumber()
	n, err := r.value(nil, 0)
	if err == io.EOF {
		return n, fmt.Errorf("the document ends too early")
	}
	if err != nil {
		return n, err
	}
	if _, err := r.dec.Token(); err != io.EOF {
		return n, fmt.Errorf("something follows the filter")
	}
	return n, nil
}

func (r reader) value(at *path, depth int) (node, error) {
	t, err := r.dec.Token()
	if err != nil {
		return node{}, err
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return node{at: at, val: t}, nil
	}
	if depth == maxJSONNesting {
		return node{}, fmt.Errorf("the document nests deeper than %d levels", maxJSONNesting)
	}
	if delim == '[' {
		return r.array(at, depth)
	}
	return r.object(at, depth)
}

func (r reader) array(at *path, depth int) (node, error) {
	elems := []node{}
	for r.dec.More() {
		n, err := r.value(&path{at, strconv.Itoa(len(elems))}, depth+1)
		if err != nil {
			return n, err
		}
		elems = append(elems, n)
	}
	_, err := r.dec.Token()
	return node{at: at, val: elems}, err
}

// maxObject is how many members an object may have: those of a filter have six at
// most, and names are looked up one by one.
const maxObject = 16

func (r reader) object(at *path, depth int) (node, error) {
	o := object{}
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return node{}, err
		}
		name, ok := t.(string)
		if !ok {
			return node{}, fmt.Errorf("a member's name is not a string")
		}
		if _, twice := o.member(name); twice {
			return node{}, fmt.Errorf("%s has the member %q twice", pointerOrRoot(at), name)
		}
		if len(o) == maxObject {
			return node{}, fmt.Errorf("%s has more than %d members", pointerOrRoot(at), maxObject)
		}
		n, err := r.value(&path{at, name}, depth+1)
		if err != nil {
			return n, err
		}
		o = append(o, member{name, n})
	}
	_, err := r.dec.Token()
	return node{at: at, val: o}, err
}

func pointerOrRoot(at *path) string {
	if at == nil {
		return "the document"
	}
	return at.pointer()
}
