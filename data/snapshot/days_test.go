package snapshot

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestDaysMeetWhatTimesMeet(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 1))
	met, missed := 0, 0
	for range 300 {
		var all times
		base := (rnd.Int64N(80000) - 40000) * day
		for range 200 {
			from := base + rnd.Int64N(60)*day
			to := from + rnd.Int64N(5)*day
			switch rnd.IntN(8) {
			case 0:
				from = math.MinInt64
			case 1:
				to = math.MaxInt64
			case 2:
				from, to = math.MinInt64, math.MaxInt64
			}
			all.from, all.to = append(all.from, from), append(all.to, to)
		}
		all.measure()
		if len(all.days.of) == 0 {
			t.Fatal("whole days were not taken as days")
		}
		for range 50 {
			second := func() int64 {
				switch rnd.IntN(8) {
				case 0:
					return math.MinInt64
				case 1:
					return math.MaxInt64
				case 2:
					return (rnd.Int64N(400000) - 200000) * day
				}
				return base + rnd.Int64N(70)*day - 5*day + rnd.Int64N(3) - 1
			}
			a := asked{second(), second(), second()}
			var rows, want []uint32
			for row := range uint32(200) {
				rows = append(rows, row)
				if all.meets(row, a) {
					want = append(want, row)
				}
			}
			if got := all.days.keep(rows, a); !slices.Equal(got, want) {
				t.Fatalf("%+v from day %d: %v, want %v", a, base/day, got, want)
			}
			met, missed = met+len(want), missed+200-len(want)
		}
	}
	if met == 0 || missed == 0 {
		t.Error("the questions tell nothing")
	}
}

func TestTimesOfTheDayAreNotTakenAsDays(t *testing.T) {
	for _, second := range []int64{1, day - 1, -1, 70000 * day} {
		all := times{from: []int64{0, second}, to: []int64{day, math.MaxInt64}}
		if all.measure(); len(all.days.of) > 0 {
			t.Errorf("%d was taken as a day", second)
		}
	}
}
