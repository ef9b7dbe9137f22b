package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/data/store/gpkg"
	"demarc/data/synth"
	"demarc/data/token"
)

// openBenchStore opens a store with a table for each collection.
func openBenchStore(ctx context.Context, path string) (*gpkg.Store, error) {
	empty, err := snapshot.New(&data.Records{})
	if err != nil {
		return nil, err
	}
	var o gpkg.Options
	for _, c := range empty.Collections() {
		o.Collections = append(o.Collections, gpkg.Collection{Schema: &c.Schema, Title: c.Title, HasGeometry: c.HasGeometry()})
	}
	return gpkg.Open(ctx, path, o)
}

// fillStore makes a store of the real records and count synthetic incidents, unless
// it is there, and a token for an editor. It writes past the dataset: the tables of
// features, which other programs read, do not have the synthetic ones.
func fillStore(ctx context.Context, path string, count int) (secret string, err error) {
	_, missing := os.Stat(path)
	st, err := openBenchStore(ctx, path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if missing != nil {
		if err := fillRecords(ctx, st, count); err != nil {
			return "", err
		}
	}
	now := time.Now()
	t, secret, err := token.New("bench "+strconv.FormatInt(now.Unix(), 36), token.Editor, nil, now, 24*time.Hour)
	if err != nil {
		return "", err
	}
	return secret, st.AddToken(ctx, t)
}

func fillRecords(ctx context.Context, st *gpkg.Store, count int) error {
	real, err := curated.Load(curated.Files())
	if err != nil {
		return err
	}
	batch := data.Batch{Author: "bench", Origin: "bench"}
	flush := func() error {
		_, err := st.Commit(ctx, store.Group{Batches: []data.Batch{batch}})
		batch.Changes = nil
		return err
	}
	add := func(r data.Record) error {
		body, err := r.Encode()
		if err != nil {
			return err
		}
		if batch.Changes = append(batch.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body}); len(batch.Changes) < 20_000 {
			return nil
		}
		return flush()
	}
	for r := range real.Each() {
		if err := add(r); err != nil {
			return err
		}
	}
	source := synth.New(real, 1)
	for made := 0; made < count; { // a part at a time, since all of them would take much memory
		part := source.Records(min(100_000, count-made))
		for r := range part.Each() {
			if r.Kind != data.Incidents && made > 0 {
				continue
			}
			if err := add(r); err != nil {
				return err
			}
		}
		made += len(part.Incidents)
	}
	return flush()
}

// additions makes incidents that the store does not have.
func (s *size) additions(n int) ([]added, error) {
	real, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	run := "bench-" + strconv.FormatInt(time.Now().Unix(), 36) + "-"
	var out []added
	for i, in := range synth.New(real, 1).Records(n).Incidents {
		in.Title = "Synthetic incident" // made-up words can be ones that the rules refuse
		before := in.ID
		in.ID = run + strconv.Itoa(i)
		for j := range in.Claims {
			in.Claims[j].ID = in.ID + strings.TrimPrefix(in.Claims[j].ID, before)
		}
		a, err := newAdded(&in)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
