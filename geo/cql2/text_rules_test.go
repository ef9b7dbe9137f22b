package cql2_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"demarc/geo/cql2"
)

func TestFoldCase(t *testing.T) {
	for _, same := range [][]string{
		{"straße", "STRASSE", "Strasse"}, {"Οδος", "ΟΔΟΣ", "οδοσ"}, {"Ҷиргатол", "ҷИРГАТОЛ"}, {"ӢӮ", "ӣӯ"}, {"ҢӨҮ", "ңөү"}, {"ҚҒҲҶ", "қғҳҷ"},
		{"ЁЙ", "ёй", "е\u0308и\u0306", "Е\u0308И\u0306"}, {"É", "é", "E\u0301"}, {"KØBENHAVN", "københavn"}, {"Öz", "öZ"},
	} {
		for _, s := range same[1:] {
			if cql2.FoldCase(s) != cql2.FoldCase(same[0]) {
				t.Errorf("%q and %q differ: %q, %q", same[0], s, cql2.FoldCase(same[0]), cql2.FoldCase(s))
			}
		}
	}
	for _, pair := range [][2]string{{"Ң", "Н"}, {"Ө", "О"}, {"Ҷ", "Ч"}, {"Ё", "Е"}, {"É", "E"}} {
		if cql2.FoldCase(pair[0]) == cql2.FoldCase(pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
}

// TestStripAccents asks that letters of the Kyrgyz and Tajik alphabets stay what they
// are, composed or not, and that accents go.
func TestStripAccents(t *testing.T) {
	for in, want := range map[string]string{
		"Chișinău": "Chisinau", "débárquér": "debarquer", "Beyonce\u0301": "Beyonce", "Nguyễn": "Nguyen", "Ώρα": "Ωρα",
		"Ақсай өрүк таң": "Ақсай өрүк таң", "Чоркӯҳ Ғарм Қалъа Ҷиргатол Деҳаи боло": "Чоркӯҳ Ғарм Қалъа Ҷиргатол Деҳаи боло", "Истаравшанӣ": "Истаравшанӣ",
		"и\u0304у\u0304и\u0306": "ӣӯй", "Майский": "Майский", "Королёв": "Королев", "Орёл Ёж": "Орел Еж", "Батке\u0301н": "Баткен", "Ӣ\u0301": "Ӣ",
		"København łódź": "København łodz", "ґїў": "ґїў", "हिन्दी": "हिन्दी", "مُحَمَّد": "مُحَمَّد", "plain": "plain",
	} {
		if got := cql2.StripAccents(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("aAßéÉıİſKÅǅ\u0301\u0304\u0306\u0308иИйуӯёЁһҺҷҶΣςσᾳΰ"))).Draw(t, "s")
		for _, fold := range []func(string) string{cql2.FoldCase, cql2.StripAccents} {
			if once := fold(s); fold(once) != once {
				t.Fatalf("%q becomes %q and then %q", s, once, fold(once))
			}
		}
		if up := strings.ToUpper(s); cql2.FoldCase(strings.ToLower(up)) != cql2.FoldCase(up) && !strings.ContainsAny(s, "İı\u0345ᾳΰ") {
			t.Fatalf("%q: lower and upper case differ", up)
		}
	})
}

// TestLikeAgreesWithRegexp compares the matcher with the same pattern as a regular
// expression.
func TestLikeAgreesWithRegexp(t *testing.T) {
	matched := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			pattern := rapid.StringOfN(rapid.RuneFrom([]rune(`aбb%_\`)), 0, 8, -1).Draw(t, "pattern")
			s := rapid.StringOfN(rapid.RuneFrom([]rune(`aбb%_\`)), 0, 10, -1).Draw(t, "s")
			want := likeRegexp(pattern).MatchString(s)
			if got := cql2.Matches(pattern, s); got != want {
				t.Fatalf("%q LIKE %q: got %v, want %v", s, pattern, got, want)
			}
			if want {
				matched++
			}
		}
	})
	if matched == 0 {
		t.Error("nothing ever matched")
	}
}

func likeRegexp(pattern string) *regexp.Regexp {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '%':
			b.WriteString(".*")
		case !escaped && r == '_':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
		escaped = false
	}
	if escaped {
		b.WriteString(`\\`)
	}
	return regexp.MustCompile("(?s)^(?:" + b.String() + ")$")
}
