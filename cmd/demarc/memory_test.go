package main

import (
	"testing"
	"time"
)

func TestLoadingText(t *testing.T) {
	for _, c := range []struct {
		read, atMost uint64
		want         string
	}{
		{250, 1000, "25 % of 1000 records, 500 a second"},
		{1000, 1000, "1000 records read; building what answers"},
		{0, 0, "0 records read; building what answers"},
	} {
		if got := loadingText(c.read, c.atMost, 500*time.Millisecond); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.read, c.atMost, got, c.want)
		}
	}
}

func TestGarbageGetsAQuarter(t *testing.T) {
	for _, c := range []struct {
		inUse uint64
		want  int
	}{{0, 1600}, {1, 1600}, {64 << 20, 400}, {128 << 20, 200}, {256 << 20, 100}, {512 << 20, 50}, {1 << 30, 25}, {10 << 30, 25}} {
		if got := garbagePercent(c.inUse); got != c.want {
			t.Errorf("of %d bytes in use: %d %%, want %d %%", c.inUse, got, c.want)
		}
	}
}

// Memory is given back once the work is done, and once for each work.
func TestMemoryIsGivenBackAtRest(t *testing.T) {
	const mb = 1 << 20
	idle := idleness{100 * mb, 100 * mb}
	for i, c := range []struct {
		made uint64
		want bool
	}{{101 * mb, false}, {500 * mb, false}, {900 * mb, false}, {901 * mb, true}, {902 * mb, false}, {903 * mb, false}, {910 * mb, false}, {911 * mb, false}, {917 * mb, false}, {918 * mb, true}} {
		if got := idle.begins(c.made); got != c.want {
			t.Errorf("look %d, at %d MB: %v, want %v", i, c.made/mb, got, c.want)
		}
	}
}
