package dataset

import (
	"context"
	"fmt"
	"slices"

	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// fill writes the tables of features anew that a store of an older form did not
// have, or not as they are now.
func (d *Dataset) fill(ctx context.Context) error {
	outside, ok := d.store.(store.Outside)
	if !ok {
		return nil
	}
	names, err := outside.Unfilled(ctx)
	if err != nil || len(names) == 0 {
		return err
	}
	// What other programs wrote into them is not to be lost. A table with rows that
	// are refused is written anew when they are settled.
	if err := d.TakeOver(ctx); err != nil {
		return err
	}
	for _, e := range d.RefusedEdits() {
		names = slices.DeleteFunc(names, func(name string) bool { return name == e.Collection })
	}
	g := store.Group{Fills: names}
	for _, name := range names {
		c, err := d.Shown().Collection(name)
		if err != nil {
			continue // the store shows more than this program has
		}
		page, err := c.Items(ctx, &snapshot.Query{Limit: max(1, c.Len()), NoJSON: true})
		if err != nil {
			return err
		}
		for _, h := range page.Hits {
			g.Shown = append(g.Shown, store.Shown{Collection: name, ID: h.ID, Feature: &geo.Feature{ID: h.ID, Geometry: h.Geometry, Values: h.Values}})
		}
	}
	if _, err := d.store.Commit(ctx, g); err != nil {
		return fmt.Errorf("fill the store's tables %v: %w", names, err)
	}
	d.log.Info("wrote the store's tables of features anew", "tables", names)
	return nil
}
