package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"demarc/data"
	"demarc/data/curated"
	"demarc/data/dataset"
	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/data/store/gpkg"
)

// defaultStore is the store of `demarc serve` where none is named.
const defaultStore = "demarc.gpkg"

// openStore opens a store, or makes one with a table for each of our collections.
func openStore(ctx context.Context, path string, o gpkg.Options) (*gpkg.Store, error) {
	empty, err := snapshot.New(&data.Records{})
	if err != nil {
		return nil, err
	}
	for _, c := range empty.Collections() {
		table := gpkg.Collection{Schema: &c.Schema, Title: c.Title, Description: c.Description, HasGeometry: c.HasGeometry()}
		table.GeometryType = map[string]string{"incidents": "POINT", "claims": "POINT", "places": "POINT", "segments": "LINESTRING"}[c.ID]
		var licences, attributions []string
		for _, r := range c.Rights {
			licences = append(licences, r.Covers+": "+r.Licence)
			attributions = append(attributions, r.Attribution)
		}
		table.Licence, table.Attribution = strings.Join(licences, "; "), strings.Join(attributions, "; ")
		o.Collections = append(o.Collections, table)
	}
	return gpkg.Open(ctx, path, o)
}

// openDataset opens a store's dataset, and fills a new one with the records that
// the program is shipped with.
func openDataset(ctx context.Context, st *gpkg.Store, o dataset.Opening) (*dataset.Dataset, error) {
	d, err := o.Open(ctx, st)
	if err != nil {
		return nil, err
	}
	if d.Revision().Sequence > 0 {
		return d, nil
	}
	records, err := curated.Load(curated.Files())
	if err != nil {
		return nil, err
	}
	batch := data.Batch{Author: "demarc", Origin: "curated", Comment: "The records that demarc " + version() + " is shipped with."}
	for r := range records.Each() {
		body, err := r.Encode()
		if err != nil {
			return nil, err
		}
		batch.Changes = append(batch.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body})
	}
	if _, err := d.Apply(ctx, batch); err != nil {
		return nil, fmt.Errorf("fill the new store with the records that demarc is shipped with: %w", err)
	}
	return d, nil
}

// existingStore opens a store that is there already.
func existingStore(ctx context.Context, path string, o gpkg.Options) (*gpkg.Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%w: name a store with --store, or make one by `demarc serve --store %s`", err, path)
	}
	return openStore(ctx, path, o)
}

// closing joins the error of closing a store to that of what was done with it.
func closing(st *gpkg.Store, err *error) { *err = errors.Join(*err, st.Close()) }

// backupCmd copies a store.
type backupCmd struct {
	Store  string `default:"${store}" placeholder:"FILE" help:"Store to copy, ${default} by default; it may be in use."`
	Output string `short:"o" required:"" placeholder:"FILE" help:"File to write; one that is there is not replaced."`
}

// Run writes the copy and checks it.
func (cmd *backupCmd) Run(ctx context.Context, to streams) (err error) {
	st, err := existingStore(ctx, cmd.Store, gpkg.Options{Beside: true})
	if err != nil {
		return err
	}
	defer closing(st, &err)
	if err := st.Backup(ctx, cmd.Output); err != nil {
		return err
	}
	copied, err := existingStore(ctx, cmd.Output, gpkg.Options{Beside: true})
	if err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	defer closing(copied, &err)
	if err := copied.Verify(ctx); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	fmt.Fprintf(to.out, "copied %s to %s, and verified the copy\n", cmd.Store, cmd.Output)
	return nil
}

// verifyCmd checks a store, or the log of a running service.
type verifyCmd struct {
	URL     string `arg:"" optional:"" placeholder:"URL" help:"Address of a running service: its whole log is read and computed anew, instead of a store."`
	Key     string `placeholder:"KEY" help:"With a URL: the log's public key; without it the one that the service shows."`
	Store   string `default:"${store}" placeholder:"FILE" help:"Store to check, ${default} by default; it may be in use."`
	PutBack bool   `help:"First put back what other programs changed in the tables of features. The store must not be in use."`
}

// Run names everything that is damaged or does not fit together.
func (cmd *verifyCmd) Run(ctx context.Context, to streams) (err error) {
	if cmd.URL != "" {
		return cmd.remote(ctx, to)
	}
	st, err := existingStore(ctx, cmd.Store, gpkg.Options{Beside: !cmd.PutBack})
	if err != nil {
		return err
	}
	defer closing(st, &err)
	d, err := dataset.Open(ctx, st, nil, slog.New(slog.DiscardHandler))
	if cmd.PutBack && err == nil {
		var n int
		if n, err = d.PutBack(ctx); err == nil {
			fmt.Fprintf(to.out, "put back %d %s of other programs\n", n, plural(n, "edit", "edits"))
		}
	}
	if faults := st.Verify(ctx); faults != nil {
		return faults // all of them, where opening ends at the first
	}
	if err != nil {
		return err
	}
	if err := d.VerifyRules(); err != nil {
		return err
	}
	if err := d.VerifyEdits(ctx); err != nil {
		return err
	}
	at, held := d.Revision(), "the log and the tables of features"
	if err := d.VerifyShown(ctx); errors.Is(err, store.ErrBehind) {
		held = "and the log. The tables of features do not show the last changes yet: demarc serve brings them up to date"
	} else if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "no faults: %d revisions, %d changes, every row, %s\n", at.Number, at.Sequence, held)
	return nil
}
