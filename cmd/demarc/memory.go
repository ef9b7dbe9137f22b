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

// The room for garbage beside what is in use: a quarter of that, and at least so
// much, since a small heap is collected in no time but often: an import makes some
// hundred megabytes a second, and who asks while they are collected waits.
const (
	garbageShare = 4
	leastGarbage = 256 << 20
)

// settleMemory is for when all is loaded: it gives back what loading took, and has
// garbage collected before there is much of it. Nearly nothing of what is loaded has
// to be looked at for that. GOGC goes before it.
func settleMemory() {
	debug.FreeOSMemory()
	roomForGarbage()
}

// followMemory makes room for garbage anew while what is loaded grows, until ctx
// ends.
func followMemory(ctx context.Context) {
	for again := time.NewTicker(10 * time.Second); ; {
		select {
		case <-again.C:
			roomForGarbage()
		case <-ctx.Done():
			again.Stop()
			return
		}
	}
}

// roomForGarbage sees to it that garbage is collected when there is as much as there
// is room for.
func roomForGarbage() {
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() == metrics.KindUint64 {
		debug.SetGCPercent(garbagePercent(live[0].Value.Uint64()))
	}
}

// garbagePercent returns how many percent of so many bytes in use may be garbage
// beside them.
func garbagePercent(inUse uint64) int {
	const least = 16 << 20 // who has less gets no more room for it
	inUse = max(inUse, least)
	return int(100 * max(inUse/garbageShare, leastGarbage) / inUse)
}
