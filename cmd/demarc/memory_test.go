package main

import (
	"math"
	"runtime/debug"
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
	const small, large = 2 << 30, 64 << 30 // what the process may take
	for _, c := range []struct {
		inUse, limit uint64
		want         int
	}{{0, small, 1600}, {1, small, 1600}, {64 << 20, small, 400}, {128 << 20, small, 200}, {256 << 20, small, 100}, {512 << 20, small, 50}, {1 << 30, small, 25}, {10 << 30, small, 25},
		{128 << 20, large, 400}, {1 << 30, large, 50}, {10 << 30, large, 25}, {128 << 20, 6 << 30, 300}, {128 << 20, math.MaxInt64, 400}} {
		if got := garbagePercent(c.inUse, c.limit); got != c.want {
			t.Errorf("of %d bytes in use, of %d: %d %%, want %d %%", c.inUse, c.limit, got, c.want)
		}
	}
}

// Memory is given back once the work is done, after so many looks that found little, and
// once for each work.
func TestMemoryIsGivenBackAtRest(t *testing.T) {
	const mb = 1 << 20
	idle := idleness{made: 100 * mb, given: 100 * mb}
	for i, c := range []struct {
		made, inUse, looks int // 100 kB, and how often it looks
		want               bool
	}{{1005, 0, 2 * quietLooks, false}, {5000, 0, 1, false}, {9000, 0, 1, false}, {9005, 0, quietLooks - 1, false}, {9020, 0, 1, false},
		{9020, 0, quietLooks - 1, false}, {9025, 0, 1, true}, {9025, 0, 2 * quietLooks, false}, {9100, 0, 1, false}, {9105, 0, 2 * quietLooks, false},
		{9190, 0, 1, false}, {9195, 0, quietLooks - 1, false}, {9195, 0, 1, true},
		{9500, 10000, 2 * quietLooks, false}, {9600, 10000, quietLooks, false}, {9601, 10000, 1, true}} {
		got := false
		for range c.looks {
			got = idle.begins(uint64(c.made)*mb/10, uint64(c.inUse)*mb/10)
		}
		if got != c.want {
			t.Errorf("row %d, at %d MB: %v, want %v", i, c.made/10, got, c.want)
		}
	}
}

// The room for garbage stays where it would change by little.
func TestRoomForGarbage(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(2 << 30))
	t.Setenv("GOGC", "")
	for _, c := range []struct {
		inUse        uint64
		before, want int
	}{{512 << 20, 0, 50}, {512 << 20, 52, 52}, {512 << 20, 50, 50}, {512 << 20, 80, 50}, {512 << 20, 30, 50}} {
		debug.SetGCPercent(c.before)
		if got := roomForGarbage(c.inUse, c.before); got != c.want || debug.SetGCPercent(100) != c.want {
			t.Errorf("of %d MB in use, %d %% before: %d %%, want %d %%", c.inUse>>20, c.before, got, c.want)
		}
	}
}
