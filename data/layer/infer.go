package layer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"demarc/geo"
	"demarc/geo/format/strictjson"
)

// column is what is seen of one property in all features.
type column struct {
	name  string
	kinds [geo.StringList + 1]bool // the narrowest type of each value
}

// columns are the properties in the order in which they are first seen.
type columns struct {
	all    []*column
	byName map[string]*column
}

// members are the properties of one feature, as they are written, in their order.
type members []member

type member struct {
	name  string
	value json.RawMessage
}

// get returns the value of a property, nil where it is not there.
func (m members) get(name string) json.RawMessage {
	for i := range m {
		if m[i].name == name {
			return m[i].value
		}
	}
	return nil
}

// see notes the properties of a feature, which has passed strictjson.Check, and
// returns them.
func (c *columns) see(raw json.RawMessage) (members, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if raw[0] != '{' {
		return nil, fmt.Errorf("the properties are not an object")
	}
	var out members
	err := strictjson.Members(bytes.Clone(raw), func(name string, value []byte, _ int) error {
		if out.get(name) != nil {
			return fmt.Errorf("the property %q is there twice", name)
		}
		out = append(out, member{c.note(name, value), value})
		return nil
	})
	return out, err
}

// note notes a value of a property, and returns the property's name, one for all
// features.
func (c *columns) note(name string, value json.RawMessage) string {
	seen, ok := c.byName[name]
	if !ok {
		seen = &column{name: name}
		c.byName[name] = seen
		c.all = append(c.all, seen)
	}
	if seen.kinds[geo.String] {
		return seen.name // with a string among them all are
	}
	if t, ok := typeOf(value); ok {
		seen.kinds[t] = true
	}
	return seen.name
}

// typeOf returns the narrowest type of a value; ok is false for null.
func typeOf(raw json.RawMessage) (t geo.Type, ok bool) {
	switch raw[0] {
	case 'n':
		return geo.String, false
	case 't', 'f':
		return geo.Boolean, true
	case '"':
		return typeOfText(raw), true
	case '[':
		var ss []*string
		if json.Unmarshal(raw, &ss) == nil && !slices.Contains(ss, nil) {
			return geo.StringList, true
		}
		return geo.String, true
	case '{':
		return geo.String, true
	}
	if _, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return geo.Integer, true
	}
	if x, err := strconv.ParseFloat(string(raw), 64); err == nil && !math.IsInf(x, 0) && bytes.ContainsAny(raw, ".eE") {
		return geo.Number, true
	}
	return geo.String, true // too large: as a number it would lose digits
}

func typeOfText(raw json.RawMessage) geo.Type {
	if len(raw) < len(`"2006-01-02"`) || raw[1] != '\\' && (raw[1] < '0' || raw[1] > '9') {
		return geo.String
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return geo.String
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return geo.Date
	}
	// An instant with a fraction of a second would lose it.
	if t, err := time.Parse(time.RFC3339, s); err == nil && t.Nanosecond() == 0 {
		return geo.DateTime
	}
	return geo.String
}

// typ returns the type that all values have: integers and numbers are numbers,
// other mixtures are strings, and so is what is null everywhere.
func (c *column) typ() geo.Type {
	var seen []geo.Type
	for t, there := range c.kinds {
		if there {
			seen = append(seen, geo.Type(t))
		}
	}
	switch {
	case len(seen) == 1:
		return seen[0]
	case slices.Equal(seen, []geo.Type{geo.Integer, geo.Number}):
		return geo.Number
	}
	return geo.String
}

// AsLists makes a field of JSON, as texts, one of lists of text, if each of its
// values is an array of strings; else it stays what it is.
func (b *Builder) AsLists(field int) {
	l := &b.Layer
	lists := make([]geo.Value, len(l.Features))
	for i := range l.Features {
		text, ok := l.Features[i].Values[field].Str()
		if !ok {
			continue
		}
		var ss []*string
		if json.Unmarshal([]byte(text), &ss) != nil || slices.Contains(ss, nil) {
			return
		}
		lists[i], _ = valueAs([]byte(text), geo.StringList) // it is one
	}
	for i := range l.Features {
		l.Features[i].Values[field] = lists[i]
	}
	l.Schema.Fields[field].Type, l.Schema.Fields[field].Sortable = geo.StringList, false
}

// valueAs returns a value as one of the type that the column has.
func valueAs(raw json.RawMessage, t geo.Type) (geo.Value, error) {
	if len(raw) == 0 || raw[0] == 'n' {
		return geo.Null(), nil
	}
	if t != geo.String {
		return geo.ParseJSONValue(raw, &geo.Field{Type: t})
	}
	if raw[0] != '"' {
		return geo.StringValue(strings.TrimSpace(string(raw))), nil // as it is written
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return geo.StringValue(s), err
}
