// Package shelf keeps what is costly to make and often asked for, within bounds.
package shelf

import (
	"container/list"
	"context"
	"sync"
)

// Shelf keeps what is made at some cost, up to so many bytes: what was used last. It
// is safe for concurrent use. M tells the moments at which things are made.
type Shelf[M interface{ Before(M) bool }] struct {
	room  int64
	mu    sync.Mutex
	used  int64
	byKey map[any]*list.Element
	order list.List // of *entry[M], the last used in front
}

// New returns a shelf for so many bytes.
func New[M interface{ Before(M) bool }](room int64) *Shelf[M] { return &Shelf[M]{room: room} }

// Used returns how many bytes what is kept takes.
func (s *Shelf[M]) Used() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

// entry is one thing on the shelf. Who holds turn makes it or looks at it.
type entry[M any] struct {
	key  any
	turn chan struct{} // holds one
	made any           // nil until it is made
	cost int64
	when M
}

// Get returns what is kept under the key, if it was made at a moment from which it
// is still good, and makes it otherwise. One caller makes it while the others wait.
// What is made for an earlier moment than the kept one is given but not kept. cost is
// in bytes. The error is ctx's or that of make, which leaves things as they were.
func (s *Shelf[M]) Get(ctx context.Context, key any, now M, good func(then M) bool, make func() (made any, cost int64, err error)) (any, error) {
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
		if e.made == nil {
			s.drop(e)
		}
		return nil, err
	}
	if e.made == nil || !now.Before(e.when) {
		e.made, e.when = made, now
		s.resize(e, cost)
	}
	return made, nil
}

func (s *Shelf[M]) entry(key any) *entry[M] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if el, ok := s.byKey[key]; ok {
		s.order.MoveToFront(el)
		return el.Value.(*entry[M])
	}
	if s.byKey == nil {
		s.byKey = map[any]*list.Element{}
	}
	e := &entry[M]{key: key, turn: make(chan struct{}, 1)}
	e.turn <- struct{}{}
	s.byKey[key] = s.order.PushFront(e)
	return e
}

// drop takes out an entry for which there is nothing.
func (s *Shelf[M]) drop(e *entry[M]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if el := s.byKey[e.key]; el != nil && el.Value == any(e) {
		s.order.Remove(el)
		delete(s.byKey, e.key)
	}
}

// resize notes what an entry costs and drops what was not used for longest. The
// entry itself stays, so what alone is larger than the shelf is kept until
// something else comes.
func (s *Shelf[M]) resize(e *entry[M], cost int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if el := s.byKey[e.key]; el == nil || el.Value != any(e) {
		return // dropped meanwhile
	}
	s.used += cost - e.cost
	e.cost = cost
	for last := s.order.Back(); s.used > s.room && last != nil && last.Value != any(e); last = s.order.Back() {
		old := s.order.Remove(last).(*entry[M])
		delete(s.byKey, old.key)
		s.used -= old.cost
	}
}
