package tile

import (
	"container/list"
	"context"
	"sync"

	"demarc/data/snapshot"
	"demarc/geo/tms"
)

// Cache makes tiles and keeps as many as fit, the ones asked for last. It is safe
// for concurrent use: of several who ask for the same tile, one makes it.
type Cache struct {
	compress func([]byte) []byte
	tiles    shelf // of *Tile
	views    shelf // of *order and *view
}

// NewCache returns a cache of at most so many bytes, of which it uses three
// quarters for what tiles are made of. compress returns a text in gzip; tiles are
// kept as it makes them.
func NewCache(bytes int64, compress func([]byte) []byte) *Cache {
	return &Cache{compress: compress, tiles: shelf{room: bytes / 4}, views: shelf{room: bytes - bytes/4}}
}

type (
	tileKey struct {
		collection, text, set string
		share                 int
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
	key := tileKey{q.Collection.ID, q.Text, set.ID, max(q.Share, 1), t}
	made, err := c.tiles.get(ctx, key, q.Collection.Moment(), func(then snapshot.Moment) bool {
		return q.Collection.Untouched(then, set.Box(t, reach))
	}, func() (any, int64, error) {
		v, err := c.view(ctx, q, set)
		if err != nil {
			return nil, 0, err
		}
		made := v.make(t, max(q.Share, 1), c.compress)
		return made, int64(len(made.Gzip)) + int64(len(q.Text)) + 256, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*Tile), nil
}

// reach is how far beyond its edges, in tiles, a change can touch what a tile
// shows: the blocks round it.
const reach = 1.0/blocksPerTile + 1e-6

// view returns the query's view.
func (c *Cache) view(ctx context.Context, q *Query, set *tms.Set) (*view, error) {
	v, err := c.views.get(ctx, viewKey{q.Collection.Moment(), q.Text, set.ID}, q.Collection.Moment(), always, func() (any, int64, error) {
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
	o, err := c.views.get(ctx, orderKey{q.Collection.Moment(), set.ID}, q.Collection.Moment(), always, func() (any, int64, error) {
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

// shelf keeps what is made at some cost, up to so many bytes.
type shelf struct {
	room  int64
	mu    sync.Mutex
	used  int64
	byKey map[any]*list.Element
	order list.List // of *entry, the last used in front
}

// entry is one thing on the shelf. who holds turn makes it or looks at it.
type entry struct {
	key  any
	turn chan struct{} // holds one
	made any           // nil until it is made
	cost int64
	when snapshot.Moment
}

// get returns what is kept under the key, if it was made at a moment from which it
// is still good, and makes it otherwise. One caller makes it while the others wait.
// What is made for an earlier moment than the kept one is given but not kept.
func (s *shelf) get(ctx context.Context, key any, now snapshot.Moment, good func(then snapshot.Moment) bool, make func() (made any, cost int64, err error)) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e := s.entry(key)
	select {
	case <-e.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { e.turn <- struct{}{} }()
	if e.made != nil && good(e.when) {
		if e.when.Before(now) {
			e.when = now
		}
		return e.made, nil
	}
	made, cost, err := make()
	if err != nil {
		return nil, err
	}
	if e.made == nil || !now.Before(e.when) {
		e.made, e.when = made, now
		s.resize(e, cost)
	}
	return made, nil
}

func (s *shelf) entry(key any) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if el, ok := s.byKey[key]; ok {
		s.order.MoveToFront(el)
		return el.Value.(*entry)
	}
	if s.byKey == nil {
		s.byKey = map[any]*list.Element{}
	}
	e := &entry{key: key, turn: make(chan struct{}, 1)}
	e.turn <- struct{}{}
	s.byKey[key] = s.order.PushFront(e)
	return e
}

// resize notes what an entry costs and drops what was not used for longest. The
// entry itself stays, so what alone is larger than the shelf is kept until
// something else comes.
func (s *shelf) resize(e *entry, cost int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byKey[e.key] == nil {
		return // dropped meanwhile
	}
	s.used += cost - e.cost
	e.cost = cost
	for last := s.order.Back(); s.used > s.room && last != nil && last.Value != any(e); last = s.order.Back() {
		old := s.order.Remove(last).(*entry)
		delete(s.byKey, old.key)
		s.used -= old.cost
	}
}
