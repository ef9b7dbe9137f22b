package snapshot

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"demarc/geo"
)

// A zone tells that all of its times meet a time only where they do, that none does only
// where none does, and of times that are all the same it tells where all do.
func TestZonesTellWhatTheirTimesMeet(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 2))
	told := [3]int{}
	for range 20_000 {
		var z Zone
		var all times
		same := rnd.IntN(3) == 0
		for range 1 + rnd.IntN(4) {
			from := rnd.Int64N(12)
			to := from + rnd.Int64N(4)
			switch rnd.IntN(12) {
			case 0:
				from = math.MinInt64
			case 1:
				to = math.MaxInt64
			}
			if n := len(all.from); same && n > 0 {
				from, to = all.from[n-1], all.to[n-1]
			}
			all.from, all.to = append(all.from, from), append(all.to, to)
			z.Add(from, to)
		}
		at := func() time.Time { return time.Unix(rnd.Int64N(16)-2, rnd.Int64N(2)*500_000_000) }
		when := &geo.Interval{From: at()}
		if when.To = when.From.Add(time.Duration(rnd.IntN(6)) * time.Second); rnd.IntN(6) == 0 {
			when.From = time.Time{}
		} else if rnd.IntN(6) == 0 {
			when.To = time.Time{}
		}
		met := 0
		for row := range all.from {
			if all.meets(uint32(row), askedOf(when)) {
				met++
			}
		}
		some, whole := z.Meets(when)
		if met > 0 && !some || whole && met < len(all.from) || same && whole != (met > 0) {
			t.Fatalf("%v meet %v: %d, told %v and %v", all, when, met, some, whole)
		}
		switch {
		case whole:
			told[2]++
		case some:
			told[1]++
		default:
			told[0]++
		}
	}
	if min(told[0], told[1], told[2]) < 1000 {
		t.Error("the questions tell little: ", told)
	}
	var none Zone
	if some, whole := none.Meets(&geo.Interval{}); some || whole {
		t.Error("a zone of nothing meets a time")
	}
}
