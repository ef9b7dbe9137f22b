package data

import (
	"regexp"
	"slices"
	"strings"
)

// loadedForms are loaded words, as parts of a regular expression; each begins with
// lower-case letters, as many as a head has or more.
var loadedForms = []string{`invasion`, `invad\w*`, `aggress\w*`, `provocat\w*`, `terroris\w*`, `gangs?`, `bandits?`,
	`living shields?`, `human shields?`, `martyr\w*`, `liberat\w*`, `occupiers?`}

var (
	loadedWords  = regexp.MustCompile(`(?i)\b(` + strings.Join(loadedForms, "|") + `)\b`)
	datesInTitle = regexp.MustCompile(`\b(\d{1,2}([–-]\d{1,2})? (January|February|March|April|May|June|July|August|September|October|November|December)|(19|20)\d\d([–-](19|20)?\d\d)?)\b`)
	digits       = regexp.MustCompile(`\d+`)
)

// head is how loaded words begin, in lower case.
type head [4]byte

var loadedHeads = func() []head {
	var heads []head
	for _, form := range loadedForms {
		heads = append(heads, head([]byte(form)[:len(head{})]))
	}
	slices.SortFunc(heads, func(a, b head) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(heads)
}()

// mayBeLoaded tells whether a word of the text begins as a loaded one: the expression,
// which takes many times as long, is asked then alone. Letters beyond ASCII that it
// takes for s or k in another case (ſ, K) are left to it.
func mayBeLoaded(s string) bool {
	within := false // a word
	for i := range len(s) {
		c := s[i]
		before := within
		within = 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_'
		if !within || before || i+len(head{}) > len(s) {
			continue
		}
		var h head
		for at := range h {
			h[at] = s[i+at] | 0x20
		}
		if slices.Contains(loadedHeads, h) {
			return true
		}
	}
	return false
}

// neutral checks that our own words take no side; what a party said stands in
// accounts and claims.
func (c *checker) neutral(where, s string) {
	if !mayBeLoaded(s) {
		return
	}
	if w := loadedWords.FindString(s); w != "" {
		c.add(where, w, "is a loaded word", "say what happened in neutral words, or put it in an account by whoever used it")
	}
}

// title checks that a title names no contested figure: it has no digits but
// those of dates.
func (c *checker) title(s string) {
	c.text("/title", s)
	c.neutral("/title", s)
	if !strings.ContainsAny(s, "0123456789") {
		return
	}
	if d := digits.FindString(datesInTitle.ReplaceAllString(s, "")); d != "" {
		c.add("/title", d, "stands in a title and is no date", "leave figures to claims, which say whose they are")
	}
}
