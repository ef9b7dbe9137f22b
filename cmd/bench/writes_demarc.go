package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"demarc/data"
	"demarc/data/curated"
	live "demarc/data/dataset"
	"demarc/data/store/gpkg"
	"demarc/data/synth"
	"demarc/data/token"
)

// pool is what stands before the measurement, and the incidents that it adds, in
// the form that each target takes: in one piece of memory, since the garbage collector
// would look at hundreds of thousands at the cost of who is measured in this process.
type pool struct {
	before []data.Record
	text   []byte
	places []place
}

// place is where an incident stands in the text, and on the earth.
type place struct {
	from, record, feature, end int // its id, its record and its feature
	lon, lat                   float64
	located                    bool
}

// add takes in an incident to add.
func (p *pool) add(a added) {
	at := place{from: len(p.text), record: len(p.text) + len(a.id), located: a.position != nil}
	if at.located {
		at.lon, at.lat = a.position[0], a.position[1]
	}
	at.feature = at.record + len(a.record)
	p.text = append(append(append(p.text, a.id...), a.record...), a.feature...)
	at.end = len(p.text)
	p.places = append(p.places, at)
}

// added returns incident i of those to add.
func (p *pool) added(i int) (a added) {
	at := &p.places[i]
	a.id, a.record, a.feature = string(p.text[at.from:at.record]), p.text[at.record:at.feature:at.feature], p.text[at.feature:at.end:at.end]
	if at.located {
		a.position = []float64{at.lon, at.lat}
	}
	return a
}

// added is one incident to add.
type added struct {
	id      string
	record  json.RawMessage // for Apply
	feature []byte          // for POST
	// position is lon, lat; nil for none.
	position []float64
}

// makePool makes synthetic records: what count incidents rest on, these, and as
// many to add.
func makePool(count, add int) (*pool, error) {
	records, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	made := synth.New(records, 1).Records(count + add)
	for i := range made.Incidents {
		made.Incidents[i].Title = "Synthetic incident" // made-up words can be ones that the rules refuse
	}
	extra := made.Incidents[count:]
	made.Incidents = made.Incidents[:count]
	p := &pool{}
	for r := range records.Each() {
		p.before = append(p.before, r)
	}
	for r := range made.Each() {
		p.before = append(p.before, r)
	}
	for i := range extra {
		a, err := newAdded(&extra[i])
		if err != nil {
			return nil, err
		}
		p.add(a)
	}
	return p, nil
}

func newAdded(in *data.Incident) (a added, err error) {
	a.id = in.ID
	if in.Location != nil {
		a.position = in.Location.Position
	}
	if a.record, err = (data.Record{Kind: data.Incidents, Value: in}).Encode(); err != nil {
		return a, err
	}
	type geometry struct {
		Type        string    `json:"type"`
		Coordinates []float64 `json:"coordinates"`
	}
	var shape *geometry
	if a.position != nil {
		shape = &geometry{"Point", a.position}
	}
	var ids []string
	for _, party := range in.Parties {
		ids = append(ids, party.PartyID)
	}
	a.feature, err = json.Marshal(map[string]any{"type": "Feature", "id": in.ID, "geometry": shape, "properties": map[string]any{
		"title": in.Title, "theatre": in.Theatre, "type": in.Type, "start": in.Start, "end": in.End, "place_id": in.PlaceID,
		"summary": in.Summary, "occurrence": in.Occurrence, "parties": strings.Join(ids, "; "), "location": in.Location, "claims_detail": in.Claims,
	}})
	return a, err
}

// fill makes a store with the records of the pool, and a token for an editor.
func (p *pool) fill(ctx context.Context, path string) (st *gpkg.Store, secret string, err error) {
	if st, err = openBenchStore(ctx, path); err != nil {
		return nil, "", err
	}
	d, err := live.Open(ctx, st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, "", errors.Join(err, st.Close())
	}
	batch := data.Batch{Author: "bench", Origin: "bench"}
	for i, r := range p.before {
		body, err := r.Encode()
		if err != nil {
			return nil, "", errors.Join(err, st.Close())
		}
		batch.Changes = append(batch.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
		if last := i == len(p.before)-1; last || len(batch.Changes) == 20_000 {
			if _, err := d.Apply(ctx, batch); err != nil {
				return nil, "", errors.Join(err, st.Close())
			}
			batch.Changes = nil
		}
	}
	t, secret, err := token.New("bench", token.Editor, nil, time.Now(), 24*time.Hour)
	if err == nil {
		err = st.AddToken(ctx, t)
	}
	return st, secret, err
}

// startApply lets changes be applied in this process.
func startApply(ctx context.Context, dir string, p *pool) ([]*sink, func(), error) {
	st, _, err := p.fill(ctx, filepath.Join(dir, "apply.gpkg"))
	if err != nil {
		return nil, nil, err
	}
	end := func() { _ = st.Close() }
	d, err := live.Open(ctx, st, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		end()
		return nil, nil, err
	}
	s := &sink{name: "demarc, Apply", doc: "in one process, without HTTP", dial: func(context.Context) (writer, error) { return &applyWriter{d, p}, nil }}
	return []*sink{s}, end, nil
}

type applyWriter struct {
	d *live.Dataset
	p *pool
}

func (w *applyWriter) write(ctx context.Context, i int) error {
	a := w.p.added(i)
	_, err := w.d.Apply(ctx, data.Batch{Author: "bench", Changes: []data.Change{{Kind: data.Incidents, ID: a.id, Operation: data.Put, Body: a.record}}})
	return err
}

func (w *applyWriter) close() {}

// service is the one that is measured.
type service struct {
	base, secret string
	process      int
}

// startHTTP starts the service, which changes are posted to.
func (o *writesOptions) startHTTP(ctx context.Context, dir string, p *pool) (h service, sinks []*sink, end func(), err error) {
	path := filepath.Join(dir, "http.gpkg")
	st, secret, err := p.fill(ctx, path)
	if err != nil {
		return h, nil, nil, err
	}
	if err := st.Close(); err != nil {
		return h, nil, nil, err
	}
	process, base, end, err := startChild(ctx, dir, "http://", o.demarc, "serve", "--listen", "127.0.0.1:0", "--log", "json", "--store", path)
	if err != nil {
		return h, nil, nil, err
	}
	s := &sink{name: "demarc, POST", doc: "over HTTP, a connection for each writer", process: process, dial: func(context.Context) (writer, error) {
		return newPoster(base, secret, p), nil
	}}
	return service{base, secret, process}, []*sink{s}, end, nil
}

// poster sends features over one connection.
type poster struct {
	client  *fasthttp.HostClient
	request *fasthttp.Request
	answer  *fasthttp.Response
	p       *pool
}

func newPoster(base, secret string, p *pool) *poster {
	w := &poster{client: &fasthttp.HostClient{Addr: strings.TrimPrefix(base, "http://"), MaxConns: 1, ReadTimeout: time.Minute, MaxIdleConnDuration: time.Minute},
		request: &fasthttp.Request{}, answer: &fasthttp.Response{}, p: p}
	w.request.SetRequestURI(base + "/collections/incidents/items")
	w.request.Header.SetMethod(http.MethodPost)
	w.request.Header.SetContentType("application/geo+json")
	w.request.Header.Set("Authorization", "Bearer "+secret)
	return w
}

func (w *poster) write(_ context.Context, i int) error { return w.post(w.p.added(i).feature) }

func (w *poster) post(body []byte) error {
	w.request.SetBodyRaw(body)
	if err := w.client.Do(w.request, w.answer); err != nil {
		return err
	}
	if status := w.answer.StatusCode(); status != http.StatusCreated {
		return fmt.Errorf("POST: %d %.600s", status, w.answer.Body())
	}
	return nil
}

func (w *poster) close() { w.client.CloseIdleConnections() }
