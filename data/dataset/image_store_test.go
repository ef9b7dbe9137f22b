package dataset_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/store/gpkg"
)

// imagedStore is a store in a file, and what a service does with it from one start to
// the next.
type imagedStore struct {
	t       *testing.T
	path    string
	program string
	log     bytes.Buffer
	store   *gpkg.Store
	data    *dataset.Dataset
}

func newImagedStore(t *testing.T) *imagedStore {
	x := &imagedStore{t: t, path: filepath.Join(t.TempDir(), "store.gpkg"), program: "this one"}
	x.open(1)
	records, err := curated.Load(curated.Files())
	if err != nil {
		t.Fatal(err)
	}
	b := data.Batch{Author: "demarc", Origin: "curated", Comment: "why", At: day(1)}
	for r := range records.Each() {
		body, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		b.Changes = append(b.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
	}
	apply(t, x.data, b)
	t.Cleanup(x.close)
	return x
}

// open starts with the store; from 0 it takes no image.
func (x *imagedStore) open(from uint64) {
	x.t.Helper()
	if err := x.start(from); err != nil {
		x.t.Fatal(err)
	}
}

func (x *imagedStore) start(from uint64) (err error) {
	if x.store, err = gpkg.Open(context.Background(), x.path, gpkg.Options{}); err != nil {
		return err
	}
	x.log.Reset()
	o := dataset.Opening{Log: slog.New(slog.NewTextHandler(&x.log, nil)), ImageFrom: from, Program: x.program}
	if x.data, err = o.Open(context.Background(), x.store); err != nil {
		x.close()
	}
	return err
}

func (x *imagedStore) close() {
	if x.store == nil {
		return
	}
	if err := x.store.Close(); err != nil {
		x.t.Error(err)
	}
	x.store = nil
}

// imaged tells whether the dataset was loaded by its image.
func (x *imagedStore) imaged() bool { _, of := x.data.Checked(); return of > 0 }

// there tells whether there is an image, or a part of one.
func (x *imagedStore) there() bool {
	found, err := filepath.Glob(x.path + "-image*")
	if err != nil {
		x.t.Fatal(err)
	}
	return len(found) > 0
}

// all is everything that the dataset tells.
func (x *imagedStore) all() map[string]any {
	t, d := x.t, x.data
	t.Helper()
	told := map[string]any{
		"revision": d.Revision(), "features": features(t, d.Snapshot()), "with drafts": features(t, d.WithDrafts()),
		"sum": d.Snapshot().Revision(), "rules": fmt.Sprint(d.VerifyRules()),
	}
	for _, then := range []data.Date{{Year: 2022, Month: 9, Day: 15}, {Year: 2021, Month: 4, Day: 30}} {
		s, err := d.AsOf(t.Context(), then)
		if err != nil {
			t.Fatal(err)
		}
		told["as of "+then.String()] = features(t, s)
	}
	for v, err := range d.Changes(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		name := string(v.Kind) + "/" + v.ID
		record, err := d.Record(v.Kind, v.ID)
		told["record "+name] = fmt.Sprintf("%+v %s, %v", record, record.Body, err)
		version, err := d.Version(v.Kind, v.ID)
		told["version "+name] = fmt.Sprintf("%+v, %v", version, err)
		draft, err := d.Draft(v.Kind, v.ID)
		told["draft "+name] = fmt.Sprintf("%+v %s, %v", draft, draft.Body, err)
		c, err := d.Snapshot().Collection(string(v.Kind))
		if err == nil {
			before, after := c.Neighbours(v.ID)
			told["neighbours "+name] = before + " " + after
		}
	}
	// What is referred to cannot be taken back.
	for _, id := range []string{"src-a", "src-b"} {
		_, err := d.Apply(t.Context(), one(data.Retract, id, 99, nil))
		told["retract "+id] = fmt.Sprint(err)
	}
	return told
}

// change makes a few changes of every kind.
func (x *imagedStore) change(r *rand.Rand) {
	records := x.data.Snapshot().Records()
	for range 1 + r.IntN(6) {
		b := data.Batch{Author: "ann", Origin: "api", Comment: fmt.Sprint("change ", r.IntN(3))}
		c := data.Change{Kind: data.Incidents, Expect: -1}
		in := records.Incidents[r.IntN(len(records.Incidents))]
		switch c.ID = in.ID; r.IntN(8) {
		case 0:
			c.Operation = data.Retract
		case 1:
			if c.Operation = data.Redact; r.IntN(4) > 0 { // after which the image is written anew
				c.Operation = data.Retract
			}
		case 2:
			c.Operation = data.Publish
		case 3:
			c.Operation = data.Discard
		case 4:
			c.Kind, c.ID, c.Operation = data.Sources, fmt.Sprintf("new-%d", r.IntN(4)), data.Put
			c.Body = source(c.ID, fmt.Sprint("publisher ", r.IntN(9)))
		case 5:
			p := records.Places[r.IntN(len(records.Places))]
			p.Label += "’"
			c.Kind, c.ID, c.Operation, c.Body = data.Places, p.ID, data.Put, encoded(x.t, data.Record{Kind: data.Places, Value: &p})
		default:
			c.Operation = []data.Operation{data.Put, data.Sketch}[r.IntN(2)]
			in.Note = fmt.Sprint("note ", r.IntN(9))
			c.Body = encoded(x.t, data.Record{Kind: data.Incidents, Value: &in})
		}
		b.Changes = []data.Change{c}
		_, _ = x.data.Apply(x.t.Context(), b) // many are refused by the rules
	}
}

func encoded(t *testing.T, r data.Record) []byte {
	body, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return body
}
