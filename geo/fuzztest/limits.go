// Package fuzztest holds fuzz tests to limits of time and memory. Only tests
// import it.
//
// The limits are checked under `make fuzz` alone, which names a folder for the
// figures in the environment variable DEMARC_FUZZ_FIGURES; elsewhere nothing is
// timed, since a loaded machine would make such a test fail by chance.
package fuzztest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The most that one case may take, for an input of up to MaxInput bytes.
const (
	MaxInput  = 64 << 10
	MaxTime   = 100 * time.Millisecond
	MaxMemory = 64 << 20 // bytes allocated, those that were freed again included
)

// instrumented is how many times slower code may be while the engine fuzzes: it then
// counts every branch that is taken.
const instrumented = 3

// tries is how often a case that exceeds a limit is run again: what the machine
// was busy with besides must not fail it.
const tries = 3

// Figures returns the folder for the figures, "" where no limit is checked.
func Figures() string { return os.Getenv("DEMARC_FUZZ_FIGURES") }

// Limit runs a case and fails the test if it takes more than the limits, and
// does so each time that it is run again. size is that of the input in bytes;
// one of more than MaxInput is only run. Where no limit is checked it runs the
// case once.
func Limit(t *testing.T, size int, run func()) {
	t.Helper()
	if Figures() == "" || size > MaxInput {
		run()
		return
	}
	limit := MaxTime
	if f := flag.Lookup("test.fuzz"); f != nil && f.Value.String() != "" {
		limit *= instrumented
	}
	took, used := measure(run)
	slow, big := took > limit, used > MaxMemory
	for i := 0; i < tries && (took > limit || used > MaxMemory || took > worst.took); i++ {
		again, bytes := measure(run)
		took, used = min(took, again), min(used, bytes)
	}
	worst.note(t, took, used)
	if slow && took > limit {
		t.Errorf("an input of %d bytes takes %v, %d times over; the limit is %v", size, took, tries+1, limit)
	}
	if big && used > MaxMemory {
		t.Errorf("an input of %d bytes allocates %d bytes, %d times over; the limit is %d", size, used, tries+1, MaxMemory)
	}
}

// measure returns the time and the bytes that a case takes. Its time is that of the
// clock or of the processors, whichever is less: on a busy machine the clock counts
// others' work.
func measure(run func()) (took time.Duration, used uint64) {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	busy, start := processorTime(), time.Now()
	run()
	took = min(time.Since(start), processorTime()-busy)
	metrics.Read(sample)
	return took, sample[0].Value.Uint64() - before
}

// processorTime is how long processors have worked for this process.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// worst is the most that a case of this process has taken. The fuzzing engine
// runs cases in several processes; each writes a file of its own.
var worst figures

type figures struct {
	mu   sync.Mutex
	took time.Duration
	used uint64
}

// note keeps the figures of a case, and writes those of the process to a file,
// "nanoseconds bytes", when they have grown.
func (f *figures) note(t *testing.T, took time.Duration, used uint64) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if took <= f.took && used <= f.used {
		return
	}
	f.took, f.used = max(took, f.took), max(used, f.used)
	target, _, _ := strings.Cut(t.Name(), "/")
	name := filepath.Join(Figures(), fmt.Sprintf("%s.%d", target, os.Getpid()))
	if err := os.WriteFile(name, fmt.Appendf(nil, "%d %d\n", f.took.Nanoseconds(), f.used), 0o600); err != nil {
		t.Fatal(err)
	}
}
