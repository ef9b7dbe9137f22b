package data

import (
	"bytes"
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// Where a text holds a loaded word, it may be loaded: nothing passes that the
// expression finds.
func TestLoadedWordsAreNotPassedOver(t *testing.T) {
	for _, s := range []string{"Invasion", "an invasion", "-GANGS", "ſ", "xé bandit", "human ſhields", "éinvasion", "living\u00a0, living shield"} {
		if loadedWords.MatchString(s) && !mayBeLoaded(s) {
			t.Errorf("%q is passed over", s)
		}
	}
	if mayBeLoaded("Two herders were held at the post near the bridge, as both sides say, and let go on the next day.") {
		t.Error("a plain sentence is looked at twice")
	}
	for _, h := range loadedHeads {
		if bytes.ContainsAny(h[:], "ks") {
			t.Errorf("%s has a letter with other cases than two", h)
		}
	}
	loaded := 0
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.SampledFrom([]string{"invasion", "Invaders", "AGGRESSOR", "provocation", "terroriſm", "gang", "bandits", "living shield", "human shields",
			"martyrs", "liberated", "occupiers", "gangway", "urban", "in", "_invasion", "9gangs", "é", "-", " ", "\u212a", "ſ"}), rapid.String())
		s := ""
		for _, part := range rapid.SliceOfN(word, 1, 5).Draw(t, "words") {
			s += part + rapid.SampledFrom([]string{"", " ", "-", "é", ". "}).Draw(t, "between")
		}
		if is := loadedWords.MatchString(s); is && !mayBeLoaded(s) {
			t.Fatalf("%q is passed over", s)
		} else if is {
			loaded++
		}
	})
	if loaded == 0 {
		t.Error("no text was loaded")
	}
}

// The form of ids is that of the expressions of the data dictionary.
func TestIDForms(t *testing.T) {
	for form, pattern := range map[idForm]*regexp.Regexp{
		idPattern:     regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`),
		sourcePattern: regexp.MustCompile(`^[A-Za-z0-9]+([_.-][A-Za-z0-9]+)*$`),
		partyPattern:  regexp.MustCompile(`^[A-Z0-9]+(-[A-Z0-9]+)*$`),
	} {
		rapid.Check(t, func(t *rapid.T) {
			id := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9_.-]{0,6}`), rapid.StringMatching(pattern.String()), rapid.String()).Draw(t, "id")
			if form.fits(id) != pattern.MatchString(id) {
				t.Fatalf("%q by %s: %t", id, pattern, form.fits(id))
			}
		})
	}
}
