package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// result is what the rounds gave for one work and target.
type result struct {
	rates   []float64 // answers a second, a value a round
	cpu     []float64 // the server's CPU milliseconds an answer
	others  []float64 // the share of the machine's CPU that neither server nor client took
	latency []time.Duration
	bytes   float64 // mean size of an answer
	err     error   // why the target is left out of the work
}

// measureAll surveys every target, and then asks them in turn, round after round.
func measureAll(ctx context.Context, o *options, works []*work, targets []*target) (map[*work]map[*target]*result, error) {
	results := map[*work]map[*target]*result{}
	for _, w := range works {
		results[w] = map[*target]*result{}
		for _, t := range targets {
			if t.asks(w) {
				r := &result{}
				results[w][t] = r
				if r.bytes, r.err = survey(ctx, w, t); r.err != nil {
					fmt.Fprintf(os.Stderr, "%s, %s: left out: %v\n", w.name, t.name, r.err)
				}
			}
		}
	}
	for round := range o.rounds {
		for _, w := range works {
			for _, t := range targets {
				r := results[w][t]
				if r == nil || r.err != nil {
					continue
				}
				if err := r.measure(ctx, o, w, t, round); err != nil {
					return nil, fmt.Errorf("%s, %s: %w", w.name, t.name, err)
				}
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d done\n", round+1, o.rounds)
	}
	return results, ctx.Err()
}

// survey asks every question once, which warms the server up, and returns the
// mean size of the answers. It ends after 20 seconds at the latest.
func survey(ctx context.Context, w *work, t *target) (float64, error) {
	c, err := t.dial(ctx, w)
	if err != nil {
		return 0, err
	}
	defer c.close()
	sum, begin := 0, time.Now()
	for i := range w.questions {
		n, err := c.ask(i)
		if err != nil {
			return 0, err
		}
		sum += n
		if time.Since(begin) > 20*time.Second {
			return float64(sum) / float64(i+1), nil
		}
	}
	return float64(sum) / float64(len(w.questions)), ctx.Err()
}

// measure asks for one window, over all connections at once.
func (r *result) measure(ctx context.Context, o *options, w *work, t *target, round int) error {
	connections := make([]connection, o.connections)
	for i := range connections {
		c, err := t.dial(ctx, w)
		if err != nil {
			return err
		}
		defer c.close()
		if _, err := c.ask(i % len(w.questions)); err != nil { // open it
			return err
		}
		connections[i] = c
	}
	var next, asked atomic.Int64
	next.Store(int64(round * 101))
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	machine, own, server, begin := machineCPU(), ownCPU(), processCPU(t.process), time.Now()
	for _, c := range connections {
		wg.Go(func() {
			var latency []time.Duration
			for time.Since(begin) < o.window && ctx.Err() == nil {
				at := time.Now()
				if _, err := c.ask(int(next.Add(1)) % len(w.questions)); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					break
				}
				latency = append(latency, time.Since(at))
			}
			asked.Add(int64(len(latency)))
			mu.Lock()
			r.latency = append(r.latency, latency...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took := time.Since(begin)
	server, own, machine = processCPU(t.process)-server, ownCPU()-own, machineCPU()-machine
	n := float64(asked.Load())
	if failed != nil || n == 0 {
		return fmt.Errorf("%d answers: %w", int(n), failed)
	}
	r.rates = append(r.rates, n/took.Seconds())
	r.cpu = append(r.cpu, server.Seconds()*1000/n)
	r.others = append(r.others, max(0, (machine-own-server).Seconds())/(took.Seconds()*float64(cores())))
	return ctx.Err()
}

// median returns the middle of the values, 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// percentile returns the latency that the share p of the answers stays below.
func percentile(latency []time.Duration, p float64) time.Duration {
	if len(latency) == 0 {
		return 0
	}
	slices.Sort(latency)
	return latency[min(len(latency)-1, int(p*float64(len(latency))))]
}

const tick = time.Second / 100 // USER_HZ of Linux

// processCPU returns the CPU time that the process and its children, living and
// ended, have spent. Linux only.
func processCPU(pid int) time.Duration {
	var sum time.Duration
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:])) // from the third on
		itself := path == "/proc/"+strconv.Itoa(pid)+"/stat"
		if !itself && fields[1] != strconv.Itoa(pid) {
			continue
		}
		last := 13 // user and system
		if itself {
			last = 15 // and those of ended children
		}
		for _, f := range fields[11:last] {
			n, _ := strconv.Atoi(f)
			sum += time.Duration(n) * tick
		}
	}
	return sum
}

// machineCPU returns the CPU time that the whole machine has worked.
func machineCPU() time.Duration {
	raw, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(raw), "\n")
	var sum time.Duration
	for i, f := range strings.Fields(line)[1:] {
		if i == 3 || i == 4 || i >= 8 { // idle, waiting, and guests, which user time has
			continue
		}
		n, _ := strconv.Atoi(f)
		sum += time.Duration(n) * tick
	}
	return sum
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident returns the memory of the process, in bytes.
func resident(pid int) int64 { return statusOf(pid, "VmRSS:") }
