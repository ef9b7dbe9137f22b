package tile

import (
	"context"
	"math"

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
	calendarKey struct {
		orderKey
		age int
	}
	datedKey viewKey
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
	cs := q.Conditions
	if cs.All() || cs.BBox != nil || cs.Near != nil {
		return c.sceneOfAll(ctx, q, st)
	}
	if sc, ok, err := st.localScene(ctx, cs, t, mostLocal); ok {
		return sc, err
	}
	if !cs.Dated() {
		return c.sceneOfAll(ctx, q, st)
	}
	if sc, ok, err := c.datedScene(ctx, q, st, t); ok || err != nil {
		return sc, err
	}
	sc, _, err := st.localScene(ctx, cs, t, math.MaxInt)
	return sc, err
}

// sceneOfAll returns what the query selects, wherever it lies.
func (c *Cache) sceneOfAll(ctx context.Context, q *Query, st *stack) (*scene, error) {
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

// datedScene returns what a query that asks for nothing but a time selects, large parts
// out of seasons; ok is false where the cells of the tile are smaller than those of the
// seasons, or a part is older than what is kept.
func (c *Cache) datedScene(ctx context.Context, q *Query, st *stack, t tms.Tile) (sc *scene, ok bool, err error) {
	sc = &scene{stack: st, local: true}
	for _, p := range st.parts {
		if !p.mayPart() {
			l, err := c.sheet(ctx, q, p)
			if err != nil {
				return nil, false, err
			}
			sc.sheets = append(sc.sheets, l)
			continue
		}
		key := orderKey{p.part.Key(), p.set.ID}
		cal, err := c.calendar(ctx, p, key)
		if err != nil {
			return nil, false, err
		}
		if t.Level+1+blockDepth+cellDepth > cal.deep {
			return nil, false, nil
		}
		d, err := get(ctx, c.views, datedKey{key, q.Text, ageOf(p.part)}, func() (*dated, int64, error) {
			d := cal.ask(q.Conditions.When, p.part.Gone())
			return d, d.cost(), ctx.Err()
		})
		if err != nil {
			return nil, false, err
		}
		sheets, ok := d.sheets(p.part)
		if !ok {
			return nil, false, nil
		}
		sc.sheets = append(sc.sheets, sheets...)
	}
	sc.shapes, err = st.shapesOf(ctx, q.Conditions, t)
	return sc, true, err
}

// fewGone is how many features of a part, or the share of them, go before a view of it
// is made anew: until then tiles leave them out.
const (
	fewGone   = 4096
	goneShare = 64
)

// ageOf tells how often what is made of a part was made anew since some of it are gone.
func ageOf(p snapshot.Part) int { return p.Gone().Count() / max(fewGone, p.Len()/goneShare) }

// calendar returns the calendar of a part. A first one has all points, whoever asks: a
// past state of the collection has less than the one now.
func (c *Cache) calendar(ctx context.Context, p stacked, key orderKey) (*calendar, error) {
	age := ageOf(p.part)
	return get(ctx, c.views, calendarKey{key, age}, func() (*calendar, int64, error) {
		var gone snapshot.Gone
		if age > 0 {
			gone = p.part.Gone()
		}
		cal, err := newCalendar(context.WithoutCancel(ctx), p.order, fewInSeason, gone)
		if err != nil {
			return nil, 0, err
		}
		return cal, cal.cost(), nil
	})
}

// sheet returns what the query selects of a part.
func (c *Cache) sheet(ctx context.Context, q *Query, p stacked) (sheet, error) {
	gone, age := p.part.Gone(), ageOf(p.part)
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
