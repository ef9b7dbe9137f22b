package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
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
	latency []time.Duration
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
			status, _, err := client.Get(nil, address)
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("GET %s: %d", address, status)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.latency = append(r.latency, time.Since(due))
			r.failed = errors.Join(r.failed, err)
		})
	}
}

// felt is what readers felt in a phase.
type felt struct {
	name    string
	latency []time.Duration
	took    time.Duration
}

// readWhile asks for as long as do takes.
func (o *writesOptions) readWhile(base, name string, do func() error) (*felt, error) {
	r := &crowd{base: base, rate: o.readRate, rnd: rand.New(rand.NewPCG(1, 2))}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() { defer close(ended); r.ask(stop) }()
	begin := time.Now()
	err := do()
	f := &felt{name: name, took: time.Since(begin)}
	close(stop)
	<-ended
	f.latency = r.latency
	return f, errors.Join(err, r.failed)
}

// readDuringImport lets readers ask of an idle service, and then while incidents are
// posted to it, some hundreds at a time.
func (o *writesOptions) readDuringImport(ctx context.Context, h *service, p *pool) ([]*felt, error) {
	idle, err := o.readWhile(h.base, "nobody writes", func() error {
		select {
		case <-time.After(o.idle):
		case <-ctx.Done():
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "idle: p99 %.1f ms\n", ms(percentile(idle.latency, 0.99)))
	const many = 500
	w := newPoster(h.base, h.secret, p)
	defer w.close()
	importing, err := o.readWhile(h.base, fmt.Sprintf("%d incidents are posted, %d at a time", o.importing, many), func() error {
		first := o.changes * o.rounds
		for from := first; from < first+o.importing && ctx.Err() == nil; from += many {
			body := []byte(`{"type":"FeatureCollection","features":[`)
			for i := from; i < min(from+many, first+o.importing); i++ {
				if i > from {
					body = append(body, ',')
				}
				body = append(body, p.added[i].feature...)
			}
			if err := w.post(append(body, "]}"...)); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	return []*felt{idle, importing}, err
}
