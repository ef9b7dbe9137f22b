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
	views    *shelf.Shelf[snapshot.Moment] // of stacks, orders and views
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
	stackKey struct{ collection, set string }
	orderKey struct {
		part any
		set  string
	}
	clashKey struct{ a, b any }
	viewKey  struct {
		orderKey
		text string
		age  int
	}
)

// Tile returns the tile t of the set, which must have it (tms.Set.Has). An error is
// ctx's: it ended first.
func (c *Cache) Tile(ctx context.Context, q *Query, set *tms.Set, t tms.Tile) (*Tile, error) {
	key := tileKey{q.Collection.ID, q.Text, set.ID, max(q.Share, 1), q.Plain, t}
	made, err := c.tiles.Get(ctx, key, q.Collection.Moment(), func(then snapshot.Moment) bool {
		return q.Collection.Untouched(then, set.Box(t, reach))
	}, func() (any, int64, error) {
		sc, err := c.scene(ctx, q, set, t)
		if err != nil {
			return nil, 0, err
		}
		made := sc.make(t, q, c.compress)
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

// scene returns what the query selects in and round the tile at least. Where that is
// little, its conditions are asked of no more: who moves through time asks another
// question each time.
func (c *Cache) scene(ctx context.Context, q *Query, set *tms.Set, t tms.Tile) (*scene, error) {
	st, err := c.stack(ctx, q, set)
	if err != nil {
		return nil, err
	}
	if cs := q.Conditions; !cs.All() && cs.BBox == nil && cs.Near == nil {
		if sc, ok, err := st.localScene(ctx, cs, t, mostLocal); ok {
			return sc, err
		}
	}
	sc := &scene{stack: st}
	for _, p := range st.parts {
		l, err := c.sheet(ctx, q, p)
		if err != nil {
			return nil, err
		}
		sc.sheets = append(sc.sheets, l)
	}
	return sc, nil
}

// fewGone is how many features of a part, or the share of them, go before a view of it
// is made anew: until then tiles leave them out.
const (
	fewGone   = 4096
	goneShare = 64
)

// sheet returns what the query selects of a part.
func (c *Cache) sheet(ctx context.Context, q *Query, p stacked) (sheet, error) {
	gone := p.part.Gone()
	age := gone.Count() / max(fewGone, p.part.Len()/goneShare)
	v, err := get(ctx, c.views, viewKey{orderKey{p.part.Key(), p.set.ID}, q.Text, age}, func() (*view, int64, error) {
		v, err := newView(ctx, p.order, p.part, q.Conditions)
		if err != nil {
			return nil, 0, err
		}
		return v, v.cost(), nil
	})
	if err != nil {
		return sheet{}, err
	}
	places, ok := v.goneSince(gone)
	if !ok { // who asked first knew of more that is gone
		if v, err = newView(ctx, p.order, p.part, q.Conditions); err != nil {
			return sheet{}, err
		}
	}
	return sheet{v, p.part.First, places}, nil
}

// stack returns the collection, arranged.
func (c *Cache) stack(ctx context.Context, q *Query, set *tms.Set) (*stack, error) {
	now := q.Collection.Moment()
	made, err := c.views.Get(ctx, stackKey{q.Collection.ID, set.ID}, now, func(then snapshot.Moment) bool { return then == now }, func() (any, int64, error) {
		st, err := newStack(q.Collection, set, func(p snapshot.Part) (*order, error) { return c.order(ctx, p, set) },
			func(a, b stacked) (bool, error) {
				return get(ctx, c.views, clashKey{a.part.Key(), b.part.Key()}, func() (bool, int64, error) { return a.clash(b.order), 256, nil })
			})
		return st, 4096, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*stack), nil
}

// order returns the order of a part. Once begun it is made to its end, since whoever
// asks next wants it too: maps give up tiles while they move.
func (c *Cache) order(ctx context.Context, p snapshot.Part, set *tms.Set) (*order, error) {
	return get(ctx, c.views, orderKey{p.Key(), set.ID}, func() (*order, int64, error) {
		o, err := newOrder(context.WithoutCancel(ctx), p.Whole(), set)
		if err != nil {
			return nil, 0, err
		}
		return o, o.cost(), nil
	})
}

// get returns what is kept under a key for which it is good at all times.
func get[T any](ctx context.Context, from *shelf.Shelf[snapshot.Moment], key any, make func() (T, int64, error)) (T, error) {
	made, err := from.Get(ctx, key, snapshot.Moment{}, func(snapshot.Moment) bool { return true }, func() (any, int64, error) {
		return make()
	})
	if err != nil {
		var none T
		return none, err
	}
	return made.(T), nil
}
