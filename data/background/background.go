// Package background does long work behind what others wait for. Its work runs on
// threads of its own, which a service lets give way to all others: the scheduler of Go
// gives each goroutine a processor as soon as one is free, but a thread of the system that
// is busy for milliseconds keeps another one, which a question woke, waiting on its
// processor for as long, even where others have nothing to do.
package background

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// lowered tells whether threads are to give way.
var lowered atomic.Bool

// processors is how many processors the program has to work with.
var processors = runtime.GOMAXPROCS(0)

// Processors returns how many processors the program has to work with; the scheduler of Go
// may be told of more (GiveWay).
func Processors() int { return processors }

// GiveWay is for a program that answers questions meanwhile: what begins to work after
// it gives way. Where nobody asks, there is nobody to give way to.
//
// The scheduler of Go does not know which threads give way: where as many goroutines are
// at work as it runs at once, one with a question waits until it interrupts another, ten
// milliseconds later. So it runs at least leastAtOnce, on fewer processors too, unless it
// was told how many (the variable GOMAXPROCS): the system, which knows, gives those that
// answer a processor first.
func GiveWay() {
	lowered.Store(true)
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < leastAtOnce {
		runtime.GOMAXPROCS(leastAtOnce)
	}
}

// leastAtOnce is how many goroutines are at work at once where a bulk is read, another
// is committed and shown in the next snapshot, and somebody asks.
const leastAtOnce = 4

// rest is how long a thread waits for more work before it ends.
const rest = 100 * time.Millisecond

// jobs takes work where a thread waits for it.
var jobs = make(chan func())

// Go does something in the background, and returns at once. As with a go statement, a
// panic that do does not recover ends the program.
func Go(do func()) {
	select {
	case jobs <- do:
	default:
		go hand(do)
	}
}

// Do does something in the background, and returns when it is done. A panic of do is
// one of Do.
func Do(do func()) {
	var thrown any
	var done sync.WaitGroup
	done.Add(1)
	returned := false
	Go(func() {
		defer done.Done()
		defer func() {
			if !returned {
				thrown = recover()
			}
		}()
		do()
		returned = true
	})
	done.Wait()
	if !returned {
		panic(thrown)
	}
}

// hand does one work after the other, on a thread that ends with it: what has given way
// once may not be allowed to come first again.
func hand(do func()) {
	runtime.LockOSThread()
	gives := false
	for again := time.NewTimer(rest); ; again.Reset(rest) {
		if !gives && lowered.Load() { // it may have begun before GiveWay
			giveWay()
			gives = true
		}
		do()
		do = nil // what it holds may be much
		select {
		case do = <-jobs:
		case <-again.C:
			return
		}
	}
}
