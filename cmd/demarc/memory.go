package main

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is how much of the machine's memory, or of what its container may
// take, the process takes before it collects garbage more often than is good for
// its speed.
const memoryShare = 0.8

// boundMemory sees to it that garbage does not take the memory that the machine does
// not have. GOMEMLIMIT goes before it.
func boundMemory(log *slog.Logger) {
	_, err := memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
	if err != nil {
		log.Info("the garbage collector does not know how much memory there is", "error", err.Error())
	}
}

// loadingPercent is how many percent of what is in use may be garbage while records are
// loaded: what is loaded is large, and nearly nothing of it has to be looked at.
const loadingPercent = 50

// boundGarbage is for when loading begins. GOGC goes before it.
func boundGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(loadingPercent)
	}
}

// The room for garbage beside what is in use: a quarter of that, and at least so
// much, since a small heap is collected in no time but often: an import makes some
// hundred megabytes a second, and who asks while they are collected waits. Where the
// process may take much memory, it is a sixteenth of that, up to the double.
const (
	garbageShare  = 4
	leastGarbage  = 256 << 20
	garbageOfAll  = 16
	enoughGarbage = 2 * leastGarbage
)

// settleMemory is for when all is loaded: it gives back what loading took, and has
// garbage collected before there is much of it. Nearly nothing of what is loaded has
// to be looked at for that. GOGC goes before it.
func settleMemory() {
	debug.FreeOSMemory()
	roomForGarbage(memoryInUse(), 0)
}

// memoryPause is between two looks at what the process takes.
const memoryPause = 2 * time.Second

// quietLooks is how many looks in a row find little made, half a minute long, until memory
// is given back. To take it again costs who comes next: up to a seventh of the processor's
// time of a change, in which the system clears each page.
const quietLooks = int(30 * time.Second / memoryPause)

// followMemory makes room for garbage anew while what is loaded grows, and gives it
// back when nobody asks for anything, until ctx ends.
func followMemory(ctx context.Context) {
	at := garbageMade()
	idle, percent := idleness{made: at, given: at}, 0
	for again := time.NewTicker(memoryPause); ; {
		select {
		case <-again.C:
			inUse := memoryInUse()
			percent = roomForGarbage(inUse, percent)
			if idle.begins(garbageMade(), inUse) {
				debug.FreeOSMemory()
			}
		case <-ctx.Done():
			again.Stop()
			return
		}
	}
}

// idleness finds out when a process that had work has none.
type idleness struct {
	made, given uint64 // at the last look, and when memory was given back last
	quiet       int    // looks in a row that found little made
}

// What a process makes by itself between two looks is less than littleGarbage. Below
// muchGarbage since memory was given back last, and below a part of what is in use, it
// is not worth the trouble: to find it, all that is in use has to be looked at.
const (
	littleGarbage = 1 << 20
	muchGarbage   = 16 << 20
	muchOfInUse   = 25 // parts of it
)

// begins tells whether memory should be given back now, when so many bytes have been
// made since the start and so many are in use: much a while ago, and little at each of
// the last looks.
func (i *idleness) begins(made, inUse uint64) bool {
	last := i.made
	i.made, i.quiet = made, i.quiet+1
	if made-last >= littleGarbage {
		i.quiet = 0
	}
	if i.quiet < quietLooks || made-i.given < max(muchGarbage, inUse/muchOfInUse) {
		return false
	}
	i.given = made
	return true
}

// garbageMade returns how many bytes the process has taken since its start.
func garbageMade() uint64 {
	made := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	if metrics.Read(made); made[0].Value.Kind() == metrics.KindUint64 {
		return made[0].Value.Uint64()
	}
	return 0
}

// memoryInUse returns how many bytes were in use when garbage was collected last.
func memoryInUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(live); live[0].Value.Kind() == metrics.KindUint64 {
		return live[0].Value.Uint64()
	}
	return 0
}

// roomForGarbage sees to it that garbage is collected when there is as much as there
// is room for beside so many bytes in use. It returns how many percent of them that is;
// what it was before stays where it is about as much, since all requests stand still for
// a moment where it changes.
func roomForGarbage(inUse uint64, before int) (percent int) {
	percent = garbagePercent(inUse, uint64(debug.SetMemoryLimit(-1)))
	if os.Getenv("GOGC") != "" || percent*4 > before*3 && percent*3 < before*4 {
		return before
	}
	debug.SetGCPercent(percent)
	return percent
}

// garbagePercent returns how many percent of so many bytes in use may be garbage
// beside them, in a process that may take so many in all.
func garbagePercent(inUse, limit uint64) int {
	const least = 16 << 20 // who has less gets no more room for it
	inUse = max(inUse, least)
	room := min(max(limit/garbageOfAll, leastGarbage), enoughGarbage)
	return int(100 * max(inUse/garbageShare, room) / inUse)
}
