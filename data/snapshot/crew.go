package snapshot

import "demarc/data/background"

// crew is how many goroutines share a work.
type crew int

// everyone is for what all wait for: a processor each.
func everyone() crew { return crew(background.Processors()) }

// beside is for what is done while others ask. It leaves a processor each to the
// commit that goes on beside it, the garbage collector, and who asks: a question that
// comes while all are taken waits for the scheduler, for ten milliseconds and more.
func beside() crew { return max(1, everyone()-3) }

// pair is for what is done in the line of changes, where each waits for the one before:
// incidents and their claims go beside one another, for less than a millisecond at a
// time.
const pair = 2

// do does n jobs.
func (c crew) do(n int, job func(i int)) {
	start := background.Go
	if c >= everyone() { // who all wait for gives way to nobody
		start = nil
	}
	background.Each(int(c), n, start, job)
}
