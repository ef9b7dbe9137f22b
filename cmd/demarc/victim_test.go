package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"demarc/data/store/gpkg"
	"demarc/data/token"
)

// victim is a service that is killed, and what its clients know of its store.
type victim struct {
	t      *testing.T
	path   string
	token  string
	http   *http.Client
	base   string
	cmd    *exec.Cmd
	out    *lastLines
	ended  chan struct{}
	starts int

	mu    sync.Mutex
	known map[string]string  // what was acknowledged last, by id; "" for what was taken back
	open  map[string]request // requests without an answer, by the key that they were sent with
	acks  atomic.Int64
}

// request is what a writer asks for; each of its features gets the same label.
type request struct {
	method string
	ids    []string
	label  string
	before map[string]string // what was known of the ids
}

// newVictim is a service yet to be started, with a store of its own.
func newVictim(t *testing.T) *victim {
	v := &victim{t: t, path: filepath.Join(t.TempDir(), "store.gpkg"), known: map[string]string{}, open: map[string]request{},
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: patience}}
	v.makeStore()
	return v
}

// audit starts the service once more, and looks for all that was acknowledged, also in
// the file of the one that was killed.
func (v *victim) audit() {
	v.start()
	v.settle()
	v.compare()
	if err := v.cmd.Process.Kill(); err != nil {
		v.t.Fatal(err)
	}
	<-v.ended
	v.verify()
}

// makeStore makes a store with a token for the writers, and few records.
func (v *victim) makeStore() {
	st, err := openStore(v.t.Context(), v.path, gpkg.Options{})
	if err != nil {
		v.t.Fatal(err)
	}
	tok, text, err := token.New("writer", token.Editor, nil, time.Now(), 0)
	if err == nil {
		v.token = text
		err = st.AddToken(v.t.Context(), tok)
	}
	if err := errors.Join(err, st.Close()); err != nil {
		v.t.Fatal(err)
	}
}

// start starts the service, which must come up without help.
func (v *victim) start() {
	program, err := buildProgram()
	if err != nil {
		v.t.Fatal(err)
	}
	v.starts++ // every other one by the image, which the others leave behind
	v.cmd = exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--store", v.path, "--image-from", strconv.Itoa(v.starts%2))
	v.cmd.Env = environWithoutSettings()
	output, err := v.cmd.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	v.cmd.Stderr = v.cmd.Stdout
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	v.out, v.ended = &lastLines{max: 40}, make(chan struct{})
	found := make(chan string, 1)
	go func(cmd *exec.Cmd, ended chan struct{}, out *lastLines) {
		defer close(ended)
		watchOutput(output, out, found)
		_ = cmd.Wait() // it is killed
	}(v.cmd, v.ended, v.out)
	select {
	case v.base = <-found:
	case <-v.ended:
		v.t.Fatalf("the service does not start again:\n%s", v.out)
	}
}

// write lets 32 clients write until the service is killed.
func (v *victim) write(round int) {
	var writers sync.WaitGroup
	begun := make(chan struct{}, 32)
	for w := range 32 {
		writers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(round), uint64(w)))
			var mine []string
			for n := 0; ; n++ {
				name := fmt.Sprintf("k%d-w%d-n%d", round, w, n)
				if !v.ask(r, name, &mine) {
					return
				}
				begun <- struct{}{}
			}
		})
	}
	go func() { writers.Wait(); close(begun) }()
	<-begun
	wait := time.After(time.Duration(rand.IntN(150)) * time.Millisecond)
	for wait != nil {
		select {
		case <-begun:
		case <-wait:
			wait = nil
		}
	}
	if err := v.cmd.Process.Kill(); err != nil {
		v.t.Fatal(err)
	}
	for range begun {
	}
	<-v.ended
}

// ask sends one request of any kind, and notes what is known by its answer. It
// tells whether there was one.
func (v *victim) ask(r *rand.Rand, name string, mine *[]string) bool {
	q := request{label: "label " + name, before: map[string]string{}}
	switch kind := r.IntN(10); {
	case len(*mine) == 0 || kind < 4:
		q.method, q.ids = http.MethodPost, []string{name}
	case kind < 6:
		q.method = http.MethodPost
		for i := range 2 + r.IntN(40) {
			q.ids = append(q.ids, fmt.Sprintf("%s-f%d", name, i))
		}
	case kind < 9:
		q.method, q.ids = []string{http.MethodPut, http.MethodPatch}[r.IntN(2)], []string{(*mine)[r.IntN(len(*mine))]}
	default:
		q.method, q.ids, q.label = http.MethodDelete, []string{(*mine)[r.IntN(len(*mine))]}, ""
	}
	v.mu.Lock()
	for _, id := range q.ids {
		q.before[id] = v.known[id]
	}
	v.open[name] = q
	v.mu.Unlock()
	status, answer, err := v.send(context.Background(), &q, name)
	if err != nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.open, name)
	switch {
	case status < 300:
		v.acks.Add(1)
		for _, id := range q.ids {
			v.known[id] = q.label
		}
		if q.method == http.MethodPost {
			*mine = append(*mine, q.ids...)
		}
	case status == http.StatusNotFound && q.before[q.ids[0]] == "" || status == http.StatusGone: // retracted before
	default:
		v.t.Errorf("%s %v: %d %s", q.method, q.ids, status, answer)
	}
	return true
}

// send sends the request.
func (v *victim) send(ctx context.Context, q *request, key string) (int, string, error) {
	address := v.base + "/collections/places/items"
	var body any
	feature := func(id string) any {
		return map[string]any{"type": "Feature", "id": id, "geometry": map[string]any{"type": "Point", "coordinates": []float64{70, 39}},
			"properties": map[string]any{"label": q.label, "kind": "village", "precision": "village", "position_source": "made up"}}
	}
	mediaType := "application/geo+json"
	switch {
	case q.method == http.MethodPost && len(q.ids) > 1:
		var features []any
		for _, id := range q.ids {
			features = append(features, feature(id))
		}
		body = map[string]any{"type": "FeatureCollection", "features": features}
	case q.method == http.MethodPatch:
		mediaType = "application/merge-patch+json"
		body = map[string]any{"properties": map[string]any{"label": q.label}}
	default:
		body = feature(q.ids[0])
	}
	if q.method != http.MethodPost {
		address += "/" + q.ids[0]
	}
	text, err := json.Marshal(body)
	if err != nil {
		return 0, "", err
	}
	if q.method == http.MethodDelete {
		text = nil
	}
	ask, err := http.NewRequestWithContext(ctx, q.method, address, bytes.NewReader(text))
	if err != nil {
		return 0, "", err
	}
	ask.Header.Set("Authorization", "Bearer "+v.token)
	ask.Header.Set("Content-Type", mediaType)
	ask.Header.Set("Idempotency-Key", key)
	response, err := v.http.Do(ask)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil && response.StatusCode >= 300 { // the status alone is the acknowledgement
		return 0, "", err
	}
	return response.StatusCode, string(answer), nil
}

// label returns the label that a feature has now, "" for none.
func (v *victim) label(id string) (string, error) {
	response, err := v.http.Get(v.base + "/collections/places/items/" + id + "?f=json")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusGone {
		return "", nil
	}
	var f struct {
		Properties map[string]any
		Retracted  any
	}
	if err := json.NewDecoder(response.Body).Decode(&f); err != nil || f.Retracted != nil {
		return "", err
	}
	label, _ := f.Properties["label"].(string)
	return label, nil
}

// settle finds out what became of the requests without an answer, all at once.
func (v *victim) settle() {
	var all sync.WaitGroup
	for key, q := range v.open {
		all.Go(func() {
			if done := v.settleOne(key, &q); done {
				v.mu.Lock()
				defer v.mu.Unlock()
				for _, id := range q.ids {
					v.known[id] = q.label
				}
			}
		})
	}
	all.Wait()
	clear(v.open)
}

// settleOne finds out what became of a request: it was carried out wholly, or not at
// all. Half of them are sent again by their key, which carries them out once. It
// tells whether it is carried out.
func (v *victim) settleOne(key string, q *request) bool {
	done := 0
	for _, id := range q.ids {
		switch got, err := v.label(id); {
		case err != nil:
			v.t.Errorf("%s cannot be read: %v", id, err)
		case got == q.label && q.label != q.before[id]:
			done++
		case got != q.before[id] && got != q.label:
			v.t.Errorf("%s is %q: neither %q nor %q", id, got, q.before[id], q.label)
		}
	}
	if done != 0 && done != len(q.ids) {
		v.t.Errorf("of %s of %d features, %d were carried out", q.method, len(q.ids), done)
	}
	if rand.IntN(2) == 0 && q.method == http.MethodPost {
		status, answer, err := v.send(v.t.Context(), q, key)
		if err != nil || status != http.StatusCreated {
			v.t.Errorf("sent again: %d %v %s", status, err, answer)
		}
		done = len(q.ids)
	}
	return done > 0
}

// compare reads everything, and looks for what is known.
func (v *victim) compare() {
	there := map[string]string{}
	for next := v.base + "/collections/places/items?limit=10000&f=json"; next != ""; {
		var page struct {
			Features []struct {
				ID         string
				Properties struct{ Label string }
			}
			Links []struct{ Rel, Href string }
		}
		fetchJSON(v.t, next, &page)
		next = ""
		for _, l := range page.Links {
			if l.Rel == "next" {
				next = l.Href
			}
		}
		for _, f := range page.Features {
			there[f.ID] = f.Properties.Label
		}
	}
	lost := 0
	for id, label := range v.known {
		if there[id] != label {
			if lost++; lost < 10 {
				v.t.Errorf("%s is %q, and %q was acknowledged", id, there[id], label)
			}
		}
	}
	for id := range there {
		if _, ok := v.known[id]; !ok && strings.HasPrefix(id, "k") && strings.Contains(id, "-w") {
			v.t.Errorf("%s is there, and nobody was told or left in doubt", id)
		}
	}
	if lost > 0 {
		v.t.Errorf("%d acknowledged writes lost", lost)
	}
}

// verify lets the program check its store.
func (v *victim) verify() {
	program, err := buildProgram()
	if err != nil {
		v.t.Fatal(err)
	}
	if out, err := exec.Command(program, "verify", "--store", v.path).CombinedOutput(); err != nil {
		v.t.Errorf("demarc verify: %v\n%s", err, out)
	}
}
