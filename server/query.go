package server

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// query is the query of an address: its parameters, read once, in the order of
// their names. It is what url.Values holds, without a map and a list for each.
type query []parameter

type parameter struct{ name, value string }

// parseQuery reads a query as url.ParseQuery does; what is wrong with it is left
// out, and told.
func parseQuery(raw string) (query, error) {
	if raw == "" {
		return nil, nil
	}
	n := strings.Count(raw, "&") + 1
	if n > 100 { // url.ParseQuery has a bound; let it judge
		return queryOf(url.ParseQuery(raw))
	}
	q := make(query, 0, n)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if nameErr != nil || valueErr != nil || strings.Contains(part, ";") {
			return queryOf(url.ParseQuery(raw))
		}
		q = append(q, parameter{name, value})
	}
	slices.SortStableFunc(q, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	return q, nil
}

// queryOf returns the values as a query.
func queryOf(values url.Values, err error) (query, error) {
	var q query
	for name, all := range values {
		for _, value := range all {
			q = append(q, parameter{name, value})
		}
	}
	slices.SortStableFunc(q, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	return q, err
}

// get returns the first value of a parameter, and whether it is there.
func (q query) get(name string) (string, bool) {
	for i := range q {
		if q[i].name == name {
			return q[i].value, true
		}
	}
	return "", false
}

// count returns how often a parameter is given.
func (q query) count(name string) int {
	n := 0
	for i := range q {
		if q[i].name == name {
			n++
		}
	}
	return n
}

// values returns the query as net/url has it.
func (q query) values() url.Values {
	v := make(url.Values, len(q))
	for _, p := range q {
		v[p.name] = append(v[p.name], p.value)
	}
	return v
}

// append adds the query to an address as url.Values.Encode writes it, without the
// parameters left out, and with one in place of what has its name. What begins it
// is a question mark, if anything comes behind it.
func (q query) append(dst []byte, leftOut []string, with parameter) []byte {
	return q.appendWith(dst, "&", leftOut, with)
}

// appendInJSON is append into a JSON string that ends with the buffer: all but the
// ampersand stands in it as it is.
func (q query) appendInJSON(dst []byte, leftOut []string, with parameter) []byte {
	return q.appendWith(dst, `\u0026`, leftOut, with)
}

func (q query) appendWith(dst []byte, ampersand string, leftOut []string, with parameter) []byte {
	sign, replaced := "?", with.name
	add := func(p parameter) {
		dst = append(dst, sign...)
		dst = appendEscaped(append(appendEscaped(dst, p.name), '='), p.value)
		sign = ampersand
	}
	for _, p := range q {
		if with.name != "" && p.name >= with.name {
			add(with)
			with.name = ""
		}
		if (replaced == "" || p.name != replaced) && !slices.Contains(leftOut, p.name) {
			add(p)
		}
	}
	if with.name != "" {
		add(with)
	}
	return dst
}

// around returns what append writes before and behind the value of a parameter that
// is put in place of what has its name.
func (q query) around(href, name string) (head, tail []byte) {
	at := slices.IndexFunc(q, func(p parameter) bool { return p.name >= name })
	if at < 0 {
		at = len(q)
	}
	head = q[:at].append([]byte(href), nil, parameter{name: name})
	for _, p := range q[at:] {
		if p.name != name {
			tail = appendEscaped(append(appendEscaped(append(tail, '&'), p.name), '='), p.value)
		}
	}
	return head, tail
}

// appendEscaped appends s as url.QueryEscape writes it.
func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	from := 0 // what is before it is written
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~' {
			continue
		}
		dst = append(dst, s[from:i]...)
		if from = i + 1; c == ' ' {
			dst = append(dst, '+')
		} else {
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, s[from:]...)
}

// queryValue returns the first value of one parameter of a query that is not read
// yet; empty where there is none, or it is not to be read.
func queryValue(raw, name string) string {
	for part := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(part, "=")
		if key, err := url.QueryUnescape(key); err != nil || part == "" || key != name || strings.Contains(part, ";") {
			continue
		}
		if value, err := url.QueryUnescape(value); err == nil {
			return value
		}
	}
	return ""
}
