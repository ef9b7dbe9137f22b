package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// crowd asks at a fixed rate, whether earlier questions are answered or not, so that
// a pause of the server is felt by all that come meanwhile.
type crowd struct {
	base string
	rate int // questions a second
	rnd  *rand.Rand

	mu      sync.Mutex
	latency []time.Duration // from when each question was due
	waited  []time.Duration // from when it was sent: the clock wakes us late
	failed  error
}

// ask asks until stop is closed.
func (r *crowd) ask(stop <-chan struct{}) {
	client := &fasthttp.Client{MaxConnsPerHost: 512, ReadTimeout: time.Minute}
	every := time.Second / time.Duration(r.rate)
	var wait sync.WaitGroup
	defer wait.Wait()
	for due := time.Now(); ; due = due.Add(every) {
		select {
		case <-stop:
			return
		case <-time.After(time.Until(due)):
		}
		lon, lat := 69.5+3*r.rnd.Float64(), 39+1.5*r.rnd.Float64()
		address := fmt.Sprintf("%s/collections/incidents/items?limit=100&bbox=%.4f,%.4f,%.4f,%.4f", r.base, lon, lat, lon+0.2, lat+0.2)
		wait.Go(func() {
			sent := time.Now()
			status, _, err := client.Get(nil, address)
			waited := time.Since(sent)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("GET %s: %d", address, status)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.latency, r.waited = append(r.latency, time.Since(due)), append(r.waited, waited)
			r.failed = errors.Join(r.failed, err)
		})
	}
}

// felt is what readers felt in a phase.
type felt struct {
	name            string
	latency, waited []time.Duration
	took            time.Duration
	others          float64 // the share of the machine's CPU that neither the service nor we took
}

// readWhile asks for as long as do takes.
func (o *writesOptions) readWhile(h *service, name string, do func() error) (*felt, error) {
	r := &crowd{base: h.base, rate: o.readRate, rnd: rand.New(rand.NewPCG(1, 2))}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() { defer close(ended); r.ask(stop) }()
	begin, busy := time.Now(), machineCPU()-ownCPU()-processCPU(h.process)
	err := do()
	f := &felt{name: name, took: time.Since(begin)}
	close(stop)
	<-ended
	busy = machineCPU() - ownCPU() - processCPU(h.process) - busy
	f.others = max(0, busy.Seconds()) / (time.Since(begin).Seconds() * float64(cores()))
	f.latency, f.waited = r.latency, r.waited
	return f, errors.Join(err, r.failed)
}

// add takes in what was felt in another part of the phase.
func (f *felt) add(more *felt) {
	f.others = (f.others*f.took.Seconds() + more.others*more.took.Seconds()) / (f.took + more.took).Seconds()
	f.latency, f.waited, f.took = append(f.latency, more.latency...), append(f.waited, more.waited...), f.took+more.took
}

// tell says what was felt.
func (f *felt) tell() {
	fmt.Fprintf(os.Stderr, "%s: p50 %.2f ms, p99 %.2f ms, from when they were sent %.2f ms; others took %.0f %%\n",
		f.name, ms(percentile(f.latency, 0.5)), ms(percentile(f.latency, 0.99)), ms(percentile(f.waited, 0.99)), 100*f.others)
}

// readMeanwhile lets readers ask of an idle service and while incidents are posted to it
// some hundreds at a time, and then while they are posted one by one.
func (o *writesOptions) readMeanwhile(ctx context.Context, h *service, p *pool) ([]*felt, error) {
	// Our own garbage is not to be what readers wait for.
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	all, err := o.readInTurns(ctx, h, p)
	if err == nil && o.steady() > 0 {
		var f *felt
		var done []time.Duration
		f, err = o.readWhile(h, "", func() (err error) {
			done, err = o.postSteadily(ctx, h, p, o.changes*o.rounds+o.importing)
			return err
		})
		f.name = fmt.Sprintf("%.0f of %d incidents a second are posted one by one, durable after %.1f ms at p50, %.1f ms at p99",
			float64(len(done))/f.took.Seconds(), o.rate, ms(percentile(done, 0.5)), ms(percentile(done, 0.99)))
		f.tell()
		all = append(all, f)
	}
	return all, err
}

// phaseParts is how many parts the import is made in, with one in which nobody writes before
// each: the machine is faster at one time than at another, and one cannot be
// compared with what was felt half a minute earlier.
const phaseParts = 10

// readInTurns lets readers ask of an idle service and during an import, in turns.
func (o *writesOptions) readInTurns(ctx context.Context, h *service, p *pool) ([]*felt, error) {
	idle := &felt{name: "nobody writes"}
	all, first := []*felt{idle}, o.changes*o.rounds
	importing := &felt{name: fmt.Sprintf("%d incidents are posted, %d at a time", o.importing, importedAtOnce)}
	if o.importing > 0 {
		all = append(all, importing)
	}
	for part := range phaseParts {
		settle(ctx)
		f, err := o.readWhile(h, "", func() error {
			select {
			case <-time.After(o.idle / phaseParts):
			case <-ctx.Done():
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, err
		}
		idle.add(f)
		if o.importing == 0 {
			continue
		}
		from, to := first+part*o.importing/phaseParts, first+(part+1)*o.importing/phaseParts
		if f, err = o.readWhile(h, "", func() error { return o.importAll(ctx, h, p, from, to) }); err != nil {
			return nil, err
		}
		importing.add(f)
	}
	for _, f := range all {
		f.tell()
	}
	return all, nil
}

// importedAtOnce is how many incidents of an import are posted in a request.
const importedAtOnce = 500

// importAll posts incidents from first to before end, one request after the other.
func (o *writesOptions) importAll(ctx context.Context, h *service, p *pool, first, end int) error {
	w := newPoster(h.base, h.secret, p)
	defer w.close()
	for from := first; from < end && ctx.Err() == nil; from += importedAtOnce {
		body := []byte(`{"type":"FeatureCollection","features":[`)
		for i := from; i < min(from+importedAtOnce, end); i++ {
			if i > from {
				body = append(body, ',')
			}
			body = append(body, p.added(i).feature...)
		}
		if err := w.post(append(body, "]}"...)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// postSteadily posts incidents from first on one by one, as many a second as asked
// for, whether those before are answered or not, as far as there are writers. It
// returns how long each took from when it was due.
func (o *writesOptions) postSteadily(ctx context.Context, h *service, p *pool, first int) ([]time.Duration, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var wait sync.WaitGroup
	type job struct {
		incident int
		due      time.Time
	}
	jobs := make(chan job, o.steady())
	for range o.writers {
		wait.Go(func() {
			w := newPoster(h.base, h.secret, p)
			defer w.close()
			for j := range jobs {
				err := w.write(ctx, j.incident)
				mu.Lock()
				all, failed = append(all, time.Since(j.due)), errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	begin := time.Now()
	for i := 0; i < o.steady() && ctx.Err() == nil; i++ {
		due := begin.Add(time.Duration(i) * time.Second / time.Duration(o.rate))
		time.Sleep(time.Until(due))
		jobs <- job{first + i, due}
	}
	close(jobs)
	wait.Wait()
	return all, errors.Join(failed, ctx.Err())
}
