package main

import (
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"

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

// The room for garbage beside what is in use: a quarter of that, and at least so
// much, since a small heap is collected in no time but often.
const (
	garbageShare = 4
	leastGarbage = 256 << 20
)

// settleMemory is for when all is loaded: it gives back what loading took, and has
// garbage collected before there is much of it. Nearly nothing of what is loaded has
// to be looked at for that. GOGC goes before it.
func settleMemory() {
	debug.FreeOSMemory()
	if os.Getenv("GOGC") != "" {
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetGCPercent(garbagePercent(m.HeapAlloc))
}

// garbagePercent returns how many percent of so many bytes in use may be garbage
// beside them.
func garbagePercent(inUse uint64) int {
	room := max(inUse/garbageShare, leastGarbage)
	return int(min(100, 100*room/max(inUse, 1)))
}
