package cql2

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldCase returns s as CASEI compares it: by full Unicode case folding, so that ß
// is ss and the Greek sigmas are one, and composed (NFC), so that a letter with a
// combining mark is the same as the letter that has it (Unicode 15.0, D145). Letters
// of Kyrgyz and Tajik such as Ң, Ө, Ү, Ҷ, Ҳ, Қ, Ғ, Ӣ, Ӯ fold like all others.
func FoldCase(s string) string { return foldCase(s, strings.Map) }

// foldCase is FoldCase with the way to write letter by letter.
func foldCase(s string, write func(to func(rune) rune, s string) string) string {
	folded := true
	for _, r := range s {
		if !simplyCased(r) {
			return norm.NFC.String(cases.Fold().String(norm.NFD.String(s)))
		}
		folded = folded && lower(r) == r
	}
	if folded {
		return s
	}
	return write(lower, s)
}

// letters writes one text after another, letter by letter, into pieces of memory that
// many of them share. The texts stay as they are.
type letters struct{ piece strings.Builder }

// lettersPiece is how large the pieces are.
const lettersPiece = 16 << 10

var allLetters = sync.Pool{New: func() any { return &letters{} }}

// writeLetters is strings.Map for letters that take no more bytes than before, and for
// texts of which there are many.
func writeLetters(to func(rune) rune, s string) string {
	l := allLetters.Get().(*letters)
	defer allLetters.Put(l)
	return l.write(to, s)
}

// write is strings.Map for letters that take no more bytes than before.
func (l *letters) write(to func(rune) rune, s string) string {
	if l.piece.Cap()-l.piece.Len() < len(s) {
		l.piece.Reset() // which leaves what was written to those who have it
		l.piece.Grow(max(lettersPiece, len(s)))
	}
	start := l.piece.Len()
	for _, r := range s {
		l.piece.WriteRune(to(r))
	}
	return l.piece.String()[start:]
}

// lower is unicode.ToLower, quick for what is most frequent here.
func lower(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'а' && r <= 'я' || r == ' ':
		return r
	case r >= 'A' && r <= 'Z' || r >= 'А' && r <= 'Я':
		return r + 0x20
	}
	return unicode.ToLower(r)
}

// simplyCased tells whether r folds to its lower case and never composes with what
// follows it: ASCII, the composed letters of Latin-1 but ß, and of Cyrillic.
func simplyCased(r rune) bool {
	return r < 0x80 || r >= 0xC0 && r <= 0xFF && r != 'ß' || composedCyrillic(r)
}

// StripAccents returns s as ACCENTI compares it: without the accents of letters in
// Latin, Greek and Cyrillic script, composed or not, and composed (NFC).
//
// A mark that makes another letter of the alphabet is no accent. So й, ў, ї, ӣ, ӯ and
// all other composed letters of Cyrillic stay, and so do ң, ө, ү, қ, ғ, ҳ, ҷ, ø, ł and
// whatever Unicode does not take apart. Three of Cyrillic are taken apart: ё, which
// Russian may write as е, and ѐ and ѝ, whose grave only marks the stress. A mark of
// stress over any vowel goes. Marks of other scripts, which can be vowels, stay.
func StripAccents(s string) string { return stripAccents(s, strings.Map) }

// stripAccents is StripAccents with the way to write letter by letter.
func stripAccents(s string, write func(to func(rune) rune, s string) string) string {
	plain, same := true, true
	for _, r := range s {
		plain = plain && (r < utf8.RuneSelf || composedCyrillic(r))
		same = same && unstressed(r) == r
	}
	switch {
	case plain && same:
		return s
	case plain:
		return write(unstressed, s)
	}
	var b strings.Builder
	strippable := false // the last letter may lose its marks
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			if !strippable {
				b.WriteRune(r)
			}
			continue
		case r < utf8.RuneSelf, unicode.Is(unicode.Cyrillic, r) && !strings.ContainsRune(stressed, r):
			b.WriteRune(r)
		case unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic):
			for _, part := range norm.NFD.String(string(r)) {
				if !unicode.Is(unicode.Mn, part) {
					b.WriteRune(part)
				}
			}
		default:
			b.WriteRune(r)
		}
		strippable = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
	}
	return norm.NFC.String(b.String())
}

// stressed are the composed letters of Cyrillic that StripAccents takes apart.
const stressed = "ЀЁЍѐёѝ"

// unstressed returns what is left of a letter of Cyrillic.
func unstressed(r rune) rune {
	switch r {
	case 'Ѐ', 'Ё':
		return 'Е'
	case 'Ѝ':
		return 'И'
	case 'ѐ', 'ё':
		return 'е'
	case 'ѝ':
		return 'и'
	}
	return r
}

// composedCyrillic tells whether r is a letter of Cyrillic and no mark.
func composedCyrillic(r rune) bool { return r >= 0x400 && r <= 0x481 || r >= 0x48A && r <= 0x52F }
