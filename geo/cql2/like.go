package cql2

import (
	"strings"
	"unicode/utf8"
)

// pattern is a LIKE pattern cut at its wildcards (OGC 21-065r2 §7.3): runs of
// characters, one of which may be any, with any number of any between the runs.
type pattern struct {
	runs []run
	// head and tail tell that the first run stands at the beginning and the last at
	// the end.
	head, tail bool
}

// run is a part of a pattern without %. Where it has no _, text is all of it.
type run struct {
	text  string
	runes []rune // anyRune for _; nil if text is all
}

const anyRune = -1

// newPattern reads a pattern. A \ at the end stands for itself.
func newPattern(s string) pattern {
	p := pattern{head: true, tail: true}
	var runes []rune
	wild := false
	flush := func() {
		r := run{runes: runes}
		if !wild {
			r = run{text: string(runes)}
		}
		if len(runes) > 0 {
			p.runs = append(p.runs, r)
		}
		runes, wild = nil, false
	}
	escaped, any := false, false
	for _, r := range s {
		literal := escaped || r != '%' && r != '_' && r != '\\'
		escaped = !escaped && r == '\\'
		if !escaped {
			any = !literal && r == '%'
		}
		switch {
		case literal:
			runes = append(runes, r)
		case r == '_':
			runes, wild = append(runes, anyRune), true
		case r == '%':
			if len(runes) == 0 && len(p.runs) == 0 {
				p.head = false
			}
			flush()
		}
	}
	if escaped {
		runes, any = append(runes, '\\'), false
	}
	p.tail = !any
	flush()
	return p
}

// matches tells whether s has the form of the pattern. Taking each run where it
// first fits is enough, as what stands between runs may be anything; so the cost is
// that of finding each run once, at most len(s) times MaxPattern, and for runs
// without _ linear.
func (p pattern) matches(s string) bool {
	runs := p.runs
	if len(runs) == 0 {
		return !(p.head && p.tail) || s == ""
	}
	if p.head {
		n, ok := runs[0].prefix(s)
		if !ok {
			return false
		}
		s, runs = s[n:], runs[1:]
		if len(runs) == 0 {
			return !p.tail || s == ""
		}
	}
	if p.tail {
		last := runs[len(runs)-1]
		at, ok := last.suffix(s)
		if !ok {
			return false
		}
		s, runs = s[:at], runs[:len(runs)-1]
	}
	for _, r := range runs {
		at, n := r.find(s)
		if at < 0 {
			return false
		}
		s = s[at+n:]
	}
	return true
}

// prefix returns the length of the run at the beginning of s.
func (r run) prefix(s string) (n int, ok bool) {
	if r.runes == nil {
		return len(r.text), strings.HasPrefix(s, r.text)
	}
	for _, want := range r.runes {
		got, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || want != anyRune && want != got {
			return 0, false
		}
		n += size
	}
	return n, true
}

// suffix returns where the run at the end of s begins.
func (r run) suffix(s string) (at int, ok bool) {
	if r.runes == nil {
		return len(s) - len(r.text), strings.HasSuffix(s, r.text)
	}
	at = len(s)
	for i := len(r.runes) - 1; i >= 0; i-- {
		got, size := utf8.DecodeLastRuneInString(s[:at])
		if size == 0 || r.runes[i] != anyRune && r.runes[i] != got {
			return 0, false
		}
		at -= size
	}
	return at, true
}

// find returns where the run first stands in s and how long it is there, -1 if it
// does not.
func (r run) find(s string) (at, n int) {
	if r.runes == nil {
		return strings.Index(s, r.text), len(r.text)
	}
	for at = range s {
		if n, ok := r.prefix(s[at:]); ok {
			return at, n
		}
	}
	return -1, 0
}
