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

// members are the properties of one feature, as they are written.
type members map[string]json.RawMessage

// see notes the properties of a feature and returns them.
func (c *columns) see(raw json.RawMessage) (members, error) {
	out := members{}
	if len(raw) == 0 || string(raw) == "null" {
		return out, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("the properties are not an object")
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(token)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("the property %q is there twice", name)
		}
		out[name] = value
		c.note(name, value)
	}
	return out, nil
}

func (c *columns) note(name string, value json.RawMessage) {
	seen, ok := c.byName[name]
	if !ok {
		seen = &column{name: name}
		c.byName[name] = seen
		c.all = append(c.all, seen)
	}
	if t, ok := typeOf(value); ok {
		seen.kinds[t] = true
	}
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
