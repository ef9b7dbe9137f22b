package dataset

import (
	"context"
	"errors"
	"fmt"
	"time"

	"demarc/data"
	"demarc/data/store"
	"demarc/geo"
)

// errEdited says that another program changed what the store shows.
var errEdited = fmt.Errorf("%w: another program has changed the store's tables of features", data.ErrUnavailable)

// Watch looks, as often as every says, whether another program has changed the
// tables of features that the store has; nothing of it is served. Status tells of
// it until it is put back. Watch returns when ctx ends.
func (d *Dataset) Watch(ctx context.Context, every time.Duration) {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		d.look(ctx, outside)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (d *Dataset) look(ctx context.Context, outside store.Outside) {
	edits, err := outside.Edits(ctx)
	status := d.Status()
	switch {
	case err != nil:
		if ctx.Err() == nil {
			d.log.Error("the store cannot be asked for edits of other programs", "error", err.Error())
		}
	case len(edits) > 0 && status == nil:
		e := edits[0]
		d.setStatus(fmt.Errorf("%w: %d rows, the first in %s: feature %s. Stop the service; `demarc verify --put-back` puts them back",
			errEdited, len(edits), e.Collection, e.Before+e.After))
		d.log.Error("another program has changed the store's tables of features; the change is not served, and none is taken", "rows", len(edits), "collection", e.Collection)
	case len(edits) == 0 && errors.Is(status, errEdited):
		d.setStatus(nil)
	}
}

// PutBack puts the tables of features back to what is published where another
// program has changed them, and returns how many of its edits there were.
func (d *Dataset) PutBack(ctx context.Context) (int, error) {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return 0, nil
	}
	d.turn <- struct{}{}
	defer func() { <-d.turn }()
	edits, err := outside.Edits(ctx)
	if err != nil || len(edits) == 0 {
		return 0, err
	}
	g := store.Group{Settles: true}
	seen := map[feature]bool{}
	for _, e := range edits {
		for _, id := range []string{e.Before, e.After} {
			f := feature{e.Collection, id}
			if seen[f] || id == "" {
				continue
			}
			seen[f] = true
			if hit, ok := hitOf(d.Snapshot(), f); ok {
				g.Shown = append(g.Shown, store.Shown{Collection: f.collection, ID: f.id, Feature: &geo.Feature{ID: f.id, Geometry: hit.Geometry, Values: hit.Values}})
			}
		}
	}
	if _, err := d.store.Commit(ctx, g); err != nil {
		return 0, fmt.Errorf("put the tables of features back: %w", err)
	}
	return len(edits), nil
}
