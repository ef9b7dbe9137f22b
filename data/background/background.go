// Package background does long work behind what others wait for. Its work runs on
// threads of its own, which a service lets give way to all others: the scheduler of Go
// gives each goroutine a processor as soon as one is free, but a thread of the system that
// is busy for milliseconds keeps another one, which a question woke, waiting on its
// processor for as long, even where others have nothing to do.
package background

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// lowered tells whether threads are to give way.
var lowered atomic.Bool

// GiveWay is for a program that answers questions meanwhile: what begins to work after
// it gives way. Where nobody asks, there is nobody to give way to.
func GiveWay() { lowered.Store(true) }

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
