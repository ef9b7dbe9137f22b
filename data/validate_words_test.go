package data

import (
	"bytes"
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
