package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// writesCommand is the argument that asks for the measurement of changes.
const writesCommand = "writes"

// writesOptions are what a measurement of changes can be told.
type writesOptions struct {
	count   int // incidents that stand before
	changes int // in a round
	rounds  int
	writers int
	output  string
	demarc  string

	importing int // incidents that are posted while readers ask
	readRate  int // questions a second
	idle      time.Duration
	rate      int           // incidents a second that are then posted one by one
	during    time.Duration // for how long
}

// steady is how many incidents are posted at a steady rate.
func (o *writesOptions) steady() int { return int(float64(o.rate) * o.during.Seconds()) }

// writer carries out change i and returns when it is durable. One goroutine uses it.
type writer interface {
	write(ctx context.Context, i int) error
	close()
}

// sink takes changes.
type sink struct {
	name, doc string
	share     string // the column in which the others' changes are a share of its; "" for none
	process   int    // whose CPU time counts; 0 for our own
	dial      func(ctx context.Context) (writer, error)

	rates   []float64 // changes a second, a value a round
	cpu     []float64 // CPU milliseconds a change
	others  []float64 // the share of the machine's CPU that neither it nor the client took
	latency []time.Duration
}

// runWrites measures how many changes are durable in a second, and what readers feel
// of an import.
func runWrites(ctx context.Context, args []string) error {
	o, err := parseWrites(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "demarc-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := makePool(o.count, o.changes*o.rounds+o.importing+o.steady())
	if err != nil {
		return err
	}
	h, sinks, closeAll, err := o.startSinks(ctx, dir, p)
	defer closeAll()
	if err != nil {
		return err
	}
	for round := range o.rounds {
		for _, s := range sinks {
			settle(ctx)
			if err := s.measure(ctx, o, round*o.changes); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			fmt.Fprintf(os.Stderr, "round %d: %s: %.0f changes/s\n", round+1, s.name, s.rates[round])
		}
	}
	var reads []*felt
	if o.importing+o.steady() > 0 {
		if reads, err = o.readMeanwhile(ctx, h, p); err != nil {
			return fmt.Errorf("read while others write: %w", err)
		}
	}
	return writeFile(o.output, func(to *os.File) error { return reportWrites(to, o, sinks, reads) })
}

func parseWrites(args []string) (*writesOptions, error) {
	var o writesOptions
	set := flag.NewFlagSet("bench "+writesCommand, flag.ExitOnError)
	set.IntVar(&o.count, "count", 50_000, "synthetic incidents that stand before")
	set.IntVar(&o.changes, "changes", 10_000, "changes in a round, by each target; 0 leaves that out")
	set.IntVar(&o.rounds, "rounds", 5, "rounds; medians are printed")
	set.IntVar(&o.writers, "writers", 32, "writers at once, each of which waits for the answer")
	set.IntVar(&o.importing, "import", 100_000, "incidents to post while readers ask; 0 leaves that out")
	set.IntVar(&o.readRate, "readers", 100, "questions a second then")
	set.DurationVar(&o.idle, "idle", 20*time.Second, "how long readers ask before, of an idle service")
	set.IntVar(&o.rate, "rate", 1000, "incidents a second to post one by one while readers ask; 0 leaves that out")
	set.DurationVar(&o.during, "for", time.Minute, "how long")
	set.StringVar(&o.output, "o", "", "Markdown file to write; standard output without it")
	set.StringVar(&o.demarc, "demarc", "bin/demarc", "the program to measure")
	if err := set.Parse(args); err != nil {
		return nil, err
	}
	if o.count < 1 || o.changes < 0 || o.rounds < 1 || o.writers < 1 || o.readRate < 1 {
		return nil, errors.New("measure at least an incident, a round and a writer")
	}
	if o.changes == 0 {
		o.rounds = 0
	}
	return &o, nil
}

// startSinks starts all that takes part. closeAll ends what it started.
func (o *writesOptions) startSinks(ctx context.Context, dir string, p *pool) (h *service, sinks []*sink, closeAll func(), err error) {
	var ends []func()
	h = &service{}
	overHTTP := func(ctx context.Context, dir string, p *pool) (started []*sink, end func(), err error) {
		*h, started, end, err = o.startHTTP(ctx, dir, p)
		return started, end, err
	}
	closeAll = func() {
		for _, end := range ends {
			end()
		}
	}
	all := []func(context.Context, string, *pool) ([]*sink, func(), error){startApply, overHTTP, startTables}
	if o.changes == 0 {
		all = all[1:2]
	}
	for _, start := range all {
		more, end, err := start(ctx, dir, p)
		if errors.Is(err, exec.ErrNotFound) {
			fmt.Fprintln(os.Stderr, "does not take part:", err)
			continue
		}
		if err != nil {
			return nil, nil, closeAll, err
		}
		sinks, ends = append(sinks, more...), append(ends, end)
	}
	return h, sinks, closeAll, nil
}

// settle waits until what a round before left to do later is done, as the tables of
// features are, and the garbage of this process is collected, so that nobody pays for
// another's changes; where other programs keep the machine busy, ten seconds.
func settle(ctx context.Context) {
	runtime.GC()
	const look = 200 * time.Millisecond
	for range 10 * time.Second / look {
		before := machineCPU()
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return
		}
		if machineCPU()-before < look/10 { // of one processor
			return
		}
	}
}

// measure carries out the changes of one round, from first on.
func (s *sink) measure(ctx context.Context, o *writesOptions, first int) error {
	writers := make([]writer, o.writers)
	for i := range writers {
		w, err := s.dial(ctx)
		if err != nil {
			return err
		}
		defer w.close()
		writers[i] = w
	}
	var next atomic.Int64
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	cpu, machine, own, begin := s.spent(), machineCPU(), ownCPU(), time.Now()
	for _, w := range writers {
		wg.Go(func() {
			var latency []time.Duration
			for i := int(next.Add(1)) - 1; i < o.changes && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				at := time.Now()
				if err := w.write(ctx, first+i); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				latency = append(latency, time.Since(at))
			}
			mu.Lock()
			s.latency = append(s.latency, latency...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took := time.Since(begin)
	cpu, machine, own = s.spent()-cpu, machineCPU()-machine, ownCPU()-own
	s.rates = append(s.rates, float64(o.changes)/took.Seconds())
	s.cpu = append(s.cpu, cpu.Seconds()*1000/float64(o.changes))
	if s.process != 0 {
		own += cpu
	}
	s.others = append(s.others, max(0, (machine-own).Seconds())/(took.Seconds()*float64(cores())))
	return errors.Join(failed, ctx.Err())
}

func (s *sink) spent() time.Duration {
	if s.process == 0 {
		return ownCPU()
	}
	return processCPU(s.process)
}
