package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// sizesCommand is the argument that asks how the service does with more incidents.
const sizesCommand = "sizes"

// sizesOptions are what a measurement of sizes can be told.
type sizesOptions struct {
	counts   []int
	dir      string
	rounds   int
	window   time.Duration
	writing  time.Duration
	requests int
	output   string
	demarc   string
	flags    []string
}

// size is the service with so many incidents, and what was measured of it.
type size struct {
	count      int
	nowhere    int // incidents without a place, which every box finds
	process    int
	base       string
	store      string
	secret     string
	ready      time.Duration // until it answers
	spent      time.Duration // CPU time until then
	resident   int64
	peak       int64
	before     int64 // resident before the requests, after them, and once it rests
	after      int64
	rested     int64
	works      []*work
	results    []*result // of works
	idle, busy []time.Duration
	written    float64 // changes a second
	writes     []time.Duration
	faults     int64
}

// runSizes measures each size beside the others.
func runSizes(ctx context.Context, args []string) error {
	o, err := parseSizes(args)
	if err != nil {
		return err
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "demarc-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	var sizes []*size
	for _, count := range o.counts {
		s := &size{count: count}
		end, err := s.start(ctx, o)
		if err != nil {
			return err
		}
		defer end()
		sizes = append(sizes, s)
	}
	for round := range o.rounds {
		for i := range sizes[0].works {
			for _, s := range sizes {
				t := &target{name: "demarc", process: s.process, dial: dialHTTP(s.base, func(w *work, i int) string { return w.questions[i].fill(w.path) })}
				if err := s.results[i].measure(ctx, &options{connections: 1, window: o.window}, s.works[i], t, round); err != nil {
					return err
				}
			}
		}
	}
	for _, s := range sizes {
		if err := s.write(ctx, o); err != nil {
			return err
		}
		if err := s.wear(ctx, o.requests); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%d incidents: measured\n", s.count)
	}
	return writeFile(o.output, func(to *os.File) error { return reportSizes(to, o, sizes) })
}

func parseSizes(args []string) (*sizesOptions, error) {
	var o sizesOptions
	set := flag.NewFlagSet("bench "+sizesCommand, flag.ExitOnError)
	counts := set.String("counts", "10000,1000000", "how many synthetic incidents, joined by commas")
	set.StringVar(&o.dir, "dir", "", "folder for the stores, where those of a run before are used again; a folder for the run without it")
	set.IntVar(&o.rounds, "rounds", 5, "rounds; medians are printed")
	set.DurationVar(&o.window, "time", time.Second, "how long each size is asked in a round")
	set.DurationVar(&o.writing, "writing", time.Minute, "for how long changes are made while others read")
	set.IntVar(&o.requests, "requests", 1_000_000, "after how many requests the memory is looked at again")
	set.StringVar(&o.output, "o", "", "Markdown file to write; standard output without it")
	set.StringVar(&o.demarc, "demarc", "bin/demarc", "the program to measure")
	if err := set.Parse(args); err != nil {
		return nil, err
	}
	o.flags = set.Args() // for demarc serve
	for _, text := range strings.Split(*counts, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 {
			return nil, fmt.Errorf("-counts: %q is no number of at least 1000", text)
		}
		o.counts = append(o.counts, n)
	}
	return &o, nil
}

// start makes the store, if it is not there, and serves it.
func (s *size) start(ctx context.Context, o *sizesOptions) (end func(), err error) {
	s.store = filepath.Join(o.dir, strconv.Itoa(s.count)+".gpkg")
	if s.secret, err = fillStore(ctx, s.store, s.count); err != nil {
		return nil, fmt.Errorf("make %s: %w", s.store, err)
	}
	begin := time.Now()
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--log", "json", "--store", s.store}, o.flags...)
	s.process, s.base, end, err = startChild(ctx, o.dir, "http://", o.demarc, args...)
	if err != nil {
		return nil, err
	}
	s.ready, s.spent = time.Since(begin), processCPU(s.process)
	s.resident, s.peak = resident(s.process), statusOf(s.process, "VmHWM:")
	fmt.Fprintf(os.Stderr, "%d incidents: ready after %.1f s, %.1f s of CPU, %d MB\n", s.count, s.ready.Seconds(), s.spent.Seconds(), s.resident>>20)
	if err := s.makeWorks(); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// makeWorks makes up the questions: the first page, and boxes of 100 to 1000
// incidents, of which the first 100.
func (s *size) makeWorks() error {
	const items = "/collections/incidents/items"
	s.works = []*work{{name: "first page", path: items + "?limit=100", questions: make([]question, 1)},
		{name: "box page", path: items + "?bbox={minx},{miny},{maxx},{maxy}&limit=100"}}
	var page found
	if err := s.get(items+"?bbox=0,-89,0.001,-88.999&limit=1", &page); err != nil {
		return err
	}
	s.nowhere = page.NumberMatched
	rnd := rand.New(rand.NewPCG(1, uint64(s.count)))
	for len(s.works[1].questions) < 200 {
		q, err := s.box(rnd)
		if err != nil {
			return err
		}
		if q != nil {
			s.works[1].questions = append(s.works[1].questions, *q)
		}
	}
	for range s.works {
		s.results = append(s.results, &result{})
	}
	return nil
}

// found is of an answer how many features there are.
type found struct{ NumberMatched int }

// box returns a box around an incident with about 100 to 1000 of them, those without a
// place left out; nil where the incident has none, or stands where very many do.
func (s *size) box(rnd *rand.Rand) (*question, error) {
	var f struct {
		Geometry *struct{ Coordinates [2]float64 }
	}
	if err := s.get("/collections/incidents/items/synth-"+strconv.Itoa(1+rnd.IntN(s.count)), &f); err != nil || f.Geometry == nil {
		return nil, err
	}
	half := 0.2 * math.Sqrt(rnd.Float64())
	for range 40 {
		p := f.Geometry.Coordinates
		q := &question{values: map[string]string{"minx": number(p[0] - half), "miny": number(p[1] - half), "maxx": number(p[0] + half), "maxy": number(p[1] + half)}}
		var page found
		if err := s.get(q.fill("/collections/incidents/items?bbox={minx},{miny},{maxx},{maxy}&limit=1"), &page); err != nil {
			return nil, err
		}
		switch page.NumberMatched -= s.nowhere; {
		case page.NumberMatched > 1000:
			half *= 0.7
		case page.NumberMatched < 100:
			half *= 1.25
		default:
			return q, nil
		}
	}
	return nil, nil
}

func (s *size) get(path string, into any) error {
	status, body, err := fasthttp.Get(nil, s.base+path)
	if err != nil {
		return err
	}
	if status != fasthttp.StatusOK {
		return fmt.Errorf("%s: %d %.300s", path, status, body)
	}
	return json.Unmarshal(body, into)
}

// How changes are made while others read.
const (
	writesASecond = 1000
	writers       = 32
	readers       = 4
	readsASecond  = 200
)

// write asks for box pages at a steady rate, alone and then while a thousand changes
// a second are made.
func (s *size) write(ctx context.Context, o *sizesOptions) error {
	if o.writing == 0 {
		return nil
	}
	var err error
	if s.idle, err = s.read(ctx, o.writing/3); err != nil {
		return err
	}
	made, err := s.additions(int(o.writing.Seconds()*writesASecond) + writers)
	if err != nil {
		return err
	}
	var p pool
	for _, a := range made {
		p.add(a)
	}
	var next, done, faults atomic.Int64
	var mu sync.Mutex
	var first error
	var wait sync.WaitGroup
	begin := time.Now()
	for range writers {
		wait.Go(func() {
			w := newPoster(s.base, s.secret, &p)
			defer w.close()
			for ctx.Err() == nil {
				i := next.Add(1) - 1
				due := begin.Add(time.Duration(i) * time.Second / writesASecond)
				if due.Sub(begin) >= o.writing || time.Since(begin) > o.writing+10*time.Second {
					return
				}
				time.Sleep(time.Until(due))
				err := w.write(ctx, int(i))
				mu.Lock()
				if s.writes = append(s.writes, time.Since(due)); err != nil {
					first = errors.Join(first, err)
					faults.Add(1)
				} else {
					done.Add(1)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	s.busy, err = s.read(ctx, o.writing)
	wait.Wait()
	s.written, s.faults = float64(done.Load())/time.Since(begin).Seconds(), faults.Load()
	return errors.Join(err, first)
}

// read asks at a steady rate and returns how long each answer took from when it was
// due.
func (s *size) read(ctx context.Context, long time.Duration) ([]time.Duration, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var wait sync.WaitGroup
	begin := time.Now()
	dial := dialHTTP(s.base, func(w *work, i int) string { return w.questions[i].fill(w.path) })
	for r := range readers {
		wait.Go(func() {
			c, err := dial(ctx, s.works[1])
			var latency []time.Duration
			for i := 0; err == nil && ctx.Err() == nil; i++ {
				due := begin.Add(time.Duration(i*readers+r) * time.Second / readsASecond)
				if due.Sub(begin) >= long {
					break
				}
				time.Sleep(time.Until(due))
				_, err = c.ask((i*readers + r) % len(s.works[1].questions))
				latency = append(latency, time.Since(due))
			}
			if c != nil {
				c.close()
			}
			mu.Lock()
			defer mu.Unlock()
			all, failed = append(all, latency...), errors.Join(failed, err)
		})
	}
	wait.Wait()
	return all, failed
}

// restsAfter is how long a service that nobody asks takes to give memory back, at the
// most.
const restsAfter = 35 * time.Second

// wear asks for single features so many times, over 32 connections.
func (s *size) wear(ctx context.Context, requests int) error {
	w := &work{path: "/collections/incidents/items/synth-{n}"}
	for i := range 1000 {
		w.questions = append(w.questions, question{values: map[string]string{"n": strconv.Itoa(1 + i*(s.count/1000))}})
	}
	dial := dialHTTP(s.base, func(w *work, i int) string { return w.questions[i].fill(w.path) })
	var next atomic.Int64
	var mu sync.Mutex
	var failed error
	var wait sync.WaitGroup
	s.before = resident(s.process)
	for range 32 {
		wait.Go(func() {
			c, err := dial(ctx, w)
			for i := next.Add(1); err == nil && int(i) <= requests && ctx.Err() == nil; i = next.Add(1) {
				_, err = c.ask(int(i) % len(w.questions))
			}
			if c != nil {
				c.close()
			}
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
		})
	}
	wait.Wait()
	s.after = resident(s.process)
	select {
	case <-time.After(restsAfter):
	case <-ctx.Done():
	}
	s.rested = resident(s.process)
	return errors.Join(failed, ctx.Err())
}
