package gpkg

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"demarc/data/store"
)

// The tables of features follow what is committed: at once where nobody waits for
// the next commit, and else in larger pieces, since most of what a change costs is
// theirs. Which sequence they stand for is kept in the file, so that a loss of power
// before they have followed is known.

const (
	followPause = 20 * time.Millisecond // without commits, after which the tables follow
	followLate  = 5 * time.Second       // how long they may be behind while commits go on
	followPiece = 256                   // features in a transaction, so that commits wait for few
	followMost  = 50_000                // features that may wait for long

	shownState = "shown" // names in demarc_state the sequence that the tables stand for
)

// follower knows what the tables of features do not show yet. s.mu is held for all
// but wake, commits and waiting.
type follower struct {
	pending map[store.FeatureID]store.Shown // the newest of each
	oldest  time.Time                       // when the first of them was committed
	owed    int                             // commits of which is to be told yet what they show
	// stands is the sequence that the file says the tables stand for. With behind it
	// stays, since more is missing than what is pending.
	stands uint64
	behind bool

	wake    chan struct{}
	commits atomic.Uint64 // that were begun
	waiting atomic.Int64  // for their turn, or at work
	stop    chan struct{}
	ended   sync.WaitGroup
}

// startFollowing reads how far the tables are, and lets them follow from now on.
func (s *Store) startFollowing(ctx context.Context) error {
	f := &s.follower
	f.pending, f.wake, f.stop = map[store.FeatureID]store.Shown{}, make(chan struct{}, 1), make(chan struct{})
	value, err := s.getState(ctx, s.conn, shownState)
	if err != nil {
		return err
	}
	f.stands = s.state.last.Sequence
	if value != "" {
		if f.stands, err = strconv.ParseUint(value, 10, 64); err != nil {
			return damagedRow("demarc_state", shownState, "it cannot be read")
		}
		f.behind = f.stands != s.state.last.Sequence
	} else if !s.beside { // a file in which they were written together with the rest
		if err := s.within(ctx, func() error { return s.setState(ctx, shownState, strconv.FormatUint(f.stands, 10)) }); err != nil {
			return err
		}
	}
	if !s.beside {
		f.ended.Go(s.follow)
	}
	return nil
}

// stopFollowing ends the following, and brings the tables up to date.
func (s *Store) stopFollowing(ctx context.Context) error {
	if s.follower.stop == nil {
		return nil
	}
	close(s.follower.stop)
	s.follower.ended.Wait()
	s.follower.stop = nil
	if s.beside {
		return nil
	}
	return s.followAll(ctx)
}

// Show is store.Outside's.
func (s *Store) Show(shown []store.Shown) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.follower.owed--
	s.follower.later(shown)
}

// later notes what the tables are to show. s.mu is held.
func (f *follower) later(shown []store.Shown) {
	if len(f.pending) == 0 {
		f.oldest = time.Now()
	}
	for _, x := range shown {
		f.pending[x.Of()] = x
	}
	select {
	case f.wake <- struct{}{}:
	default: // it is awake
	}
}

// follow brings the tables up to date whenever there is something to show.
func (s *Store) follow() {
	f := &s.follower
	for {
		select {
		case <-f.stop:
			return
		case <-f.wake:
		}
		for more := true; more; {
			if !s.pause() {
				return
			}
			var err error
			if more, err = s.followPart(context.Background()); err != nil {
				break // the next commit wakes it again; Close tells of it
			}
		}
	}
}

// pause returns when no commits came for a while, or when the tables are late; false
// when the following is to end.
func (s *Store) pause() bool {
	f := &s.follower
	tick := time.NewTicker(followPause)
	defer tick.Stop()
	for begun := f.commits.Load(); ; begun = f.commits.Load() {
		select {
		case <-f.stop:
			return false
		case <-tick.C:
		}
		s.mu.Lock()
		late := len(f.pending) > followMost || len(f.pending) > 0 && time.Since(f.oldest) > followLate
		s.mu.Unlock()
		if late || f.commits.Load() == begun && f.waiting.Load() == 0 {
			return true
		}
	}
}

// followAll brings the tables up to date.
func (s *Store) followAll(ctx context.Context) error {
	for {
		if more, err := s.followPart(ctx); !more || err != nil {
			return err
		}
	}
}

// followPart brings some rows up to date, and tells whether there are more.
func (s *Store) followPart(ctx context.Context) (more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &s.follower
	if s.failed != nil || len(f.pending) == 0 && (f.behind || f.owed > 0 || f.stands == s.state.last.Sequence) {
		return false, nil
	}
	var part []store.Shown
	whole := false
	err = s.within(ctx, func() error {
		_, edited, err := s.touched(ctx, s.conn)
		if err != nil {
			return err
		}
		part = f.part(followPiece, edited)
		if err := s.show(ctx, part); err != nil {
			return err
		}
		if whole = len(part) == len(f.pending) && !f.behind && f.owed == 0; whole {
			return s.setState(ctx, shownState, strconv.FormatUint(s.state.last.Sequence, 10))
		}
		return nil
	})
	if err != nil {
		return false, s.refused(ctx, err)
	}
	f.shown(part, whole, s.state.last.Sequence)
	return len(part) > 0 && len(f.pending) > 0, nil
}

// shown notes what the tables show; whole says that it is all, up to a sequence.
func (f *follower) shown(part []store.Shown, whole bool, sequence uint64) {
	for i := range part {
		delete(f.pending, part[i].Of())
	}
	if whole {
		f.stands = sequence
	}
}

// part returns up to n of the features, those of one table together, but for those
// that another program has edited: these are settled first.
func (f *follower) part(n int, edited map[store.FeatureID]bool) []store.Shown {
	out := make([]store.Shown, 0, min(n, len(f.pending)))
	for k, x := range f.pending {
		if len(out) == n {
			break
		}
		if !edited[k] {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b store.Shown) int {
		return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// isAtOnce tells whether the tables have to show a group with its commit: where
// content must be gone, where what other programs did is settled, where a table is
// filled, and where it is so much that a part of it would be seen for long.
func (c *commit) isAtOnce(g *store.Group) bool {
	return c.redacted || len(g.Settles) > 0 || len(g.Fills) > 0 || len(g.Shown) > followPiece
}

// showAtOnce lets the tables show the group. It is within a transaction.
func (c *commit) showAtOnce(ctx context.Context, g *store.Group) error {
	if err := c.s.show(ctx, g.Shown); err != nil {
		return err
	}
	f, left := &c.s.follower, len(c.s.follower.pending)
	for i := range g.Shown {
		if _, waits := f.pending[g.Shown[i].Of()]; waits {
			left--
		}
	}
	if c.whole = left == 0 && !f.behind && f.owed == 0 && len(g.Later) == 0; c.whole {
		return c.s.setState(ctx, shownState, strconv.FormatUint(c.state.last.Sequence, 10))
	}
	return nil
}
