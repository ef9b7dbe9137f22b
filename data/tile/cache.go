package tile

import (
	"context"

	"demarc/data/shelf"
	"demarc/data/snapshot"
	"demarc/geo/tms"
)

// Cache makes tiles and keeps as many as fit, the ones asked for last. It is safe
// for concurrent use: of several who ask for the same tile, one makes it.
type Cache struct {
	compress func([]byte) []byte
	tiles    *shelf.Shelf[snapshot.Moment] // of *Tile
	views    *shelf.Shelf[snapshot.Moment] // of *order and *view
}

// NewCache returns a cache of at most so many bytes, of which it uses three
// quarters for what tiles are made of. compress returns a text in gzip; tiles are
// kept as it makes them.
func NewCache(bytes int64, compress func([]byte) []byte) *Cache {
	return &Cache{compress: compress, tiles: shelf.New[snapshot.Moment](bytes / 4), views: shelf.New[snapshot.Moment](bytes - bytes/4)}
}

type (
	tileKey struct {
		collection, text, set string
		share                 int
		plain                 bool
		tile                  tms.Tile
	}
	viewKey struct {
		state     snapshot.Moment
		text, set string
	}
	orderKey struct {
		state snapshot.Moment
		set   string
	}
)

// Tile returns the tile t of the set, which must have it (tms.Set.Has). An error is
// ctx's: it ended first.
func (c *Cache) Tile(ctx context.Context, q *Query, set *tms.Set, t tms.Tile) (*Tile, error) {
	key := tileKey{q.Collection.ID, q.Text, set.ID, max(q.Share, 1), q.Plain, t}
	made, err := c.tiles.Get(ctx, key, q.Collection.Moment(), func(then snapshot.Moment) bool {
		return q.Collection.Untouched(then, set.Box(t, reach))
	}, func() (any, int64, error) {
		v, err := c.viewFor(ctx, q, set, t)
		if err != nil {
			return nil, 0, err
		}
		made := v.make(t, q, c.compress)
		return made, int64(len(made.Bytes)) + int64(len(q.Text)) + 256, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*Tile), nil
}

// reach is how far beyond its edges, in tiles, a change can touch what a tile
// shows: the blocks round it.
const reach = 1.0/blocksPerTile + 1e-6

// viewFor returns a view that has what the query selects in and round the tile. Where
// that is little, its conditions are asked of no more: who moves through time asks
// another question each time.
func (c *Cache) viewFor(ctx context.Context, q *Query, set *tms.Set, t tms.Tile) (*view, error) {
	if q.Conditions.All() || q.Conditions.BBox != nil || q.Conditions.Near != nil {
		return c.view(ctx, q, set)
	}
	o, err := c.order(ctx, q, set)
	if err != nil {
		return nil, err
	}
	if places := o.around(t, mostLocal); places != nil {
		return newLocalView(ctx, o, q.Conditions, t, places)
	}
	return c.view(ctx, q, set)
}

// view returns the query's view.
func (c *Cache) view(ctx context.Context, q *Query, set *tms.Set) (*view, error) {
	v, err := c.views.Get(ctx, viewKey{q.Collection.Moment(), q.Text, set.ID}, q.Collection.Moment(), always, func() (any, int64, error) {
		o, err := c.order(ctx, q, set)
		if err != nil {
			return nil, 0, err
		}
		v, err := newView(ctx, o, q.Conditions)
		if err != nil {
			return nil, 0, err
		}
		return v, v.cost(), nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*view), nil
}

// order returns the collection's order. Once begun it is made to its end, since
// whoever asks next wants it too: maps give up tiles while they move.
func (c *Cache) order(ctx context.Context, q *Query, set *tms.Set) (*order, error) {
	o, err := c.views.Get(ctx, orderKey{q.Collection.Moment(), set.ID}, q.Collection.Moment(), always, func() (any, int64, error) {
		o, err := newOrder(context.WithoutCancel(ctx), q.Collection, set)
		if err != nil {
			return nil, 0, err
		}
		return o, o.cost(), nil
	})
	if err != nil {
		return nil, err
	}
	return o.(*order), nil
}

// always is for what belongs to one state alone.
func always(snapshot.Moment) bool { return true }
