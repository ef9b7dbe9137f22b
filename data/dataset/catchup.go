package dataset

import (
	"context"
	"fmt"

	"demarc/data/snapshot"
	"demarc/data/store"
	"demarc/geo"
)

// CatchUp brings the store's tables of features up to date where a loss of power
// left them behind the records. It looks at all features, some at a time, and
// changes are taken in between.
func (d *Dataset) CatchUp(ctx context.Context) error {
	outside, ok := d.store.(store.Outside)
	if !ok || !outside.Behind() {
		return nil
	}
	d.log.Info("the store's tables of features are behind the records, and are gone through")
	for _, c := range d.Shown().Collections() {
		if c.Layer {
			continue
		}
		if err := d.recheckRows(ctx, outside, c.ID); err != nil {
			return fmt.Errorf("bring the store's table %s up to date: %w", c.ID, err)
		}
		if err := d.recheckMissing(ctx, outside, c.ID); err != nil {
			return fmt.Errorf("bring the store's table %s up to date: %w", c.ID, err)
		}
	}
	outside.Rechecked()
	d.log.Info("the store's tables of features are up to date again")
	return nil
}

// recheckRows mends the rows that there are.
func (d *Dataset) recheckRows(ctx context.Context, outside store.Outside, collection string) error {
	for after := int64(0); after >= 0; {
		if err := d.inTurn(ctx, func() (err error) {
			s := d.Shown()
			after, err = outside.RecheckRows(ctx, collection, after, func(id string) *geo.Feature { return featureOf(s, feature{collection, id}) })
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// recheckMissing adds rows for features without one.
func (d *Dataset) recheckMissing(ctx context.Context, outside store.Outside, collection string) error {
	q := snapshot.Query{Limit: 500, NoJSON: true, NoValues: true}
	for more := true; more; {
		if err := d.inTurn(ctx, func() error {
			c, err := d.Shown().Collection(collection)
			if err != nil {
				return err
			}
			page, err := c.Items(ctx, &q)
			if err != nil {
				return err
			}
			q.At, more = page.Next, page.Next != nil
			features := make([]store.FeatureID, len(page.Hits))
			for i, h := range page.Hits {
				features[i] = store.FeatureID{Collection: collection, ID: h.ID}
			}
			return outside.RecheckMissing(ctx, features)
		}); err != nil {
			return err
		}
	}
	return nil
}

// inTurn does something while nothing is committed.
func (d *Dataset) inTurn(ctx context.Context, do func() error) error {
	release, err := d.line.alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	return do()
}

// featureOf returns a feature as its collection shows it, or nil.
func featureOf(s *snapshot.Snapshot, f feature) *geo.Feature {
	flat, err := s.Flat(f.collection, f.id)
	if err != nil {
		return nil
	}
	return &flat
}
