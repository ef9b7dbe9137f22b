package gpkg

import (
	"context"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"demarc/data/background"
	"demarc/data/store"
	"demarc/geo"
)

// The tables of features follow what is committed: at once where nobody waits for
// the next commit, and else in larger pieces, since most of what a change costs is
// theirs. Which sequence they stand for is kept in the file, so that a loss of power
// before they have followed is known.

const (
	followPause = 20 * time.Millisecond // without commits, after which the tables follow
	followLate  = 5 * time.Second       // how long they may be behind while commits go on
	followMost  = 50_000                // features that may wait for long
	followHold  = 5 * time.Millisecond  // how long a piece may let commits wait
	followPiece = 1024                  // features in a piece, at the most
	followLeast = 16                    // and at the least

	shownState = "shown" // names in demarc_state the sequence that the tables stand for
)

// follower knows what the tables of features do not show yet.
type follower struct {
	mu      sync.Mutex                 // guards what follows, up to behind; taken after s.mu
	pending map[store.FeatureID]uint64 // in which round it was named last
	round   uint64
	look    func(store.FeatureID) *geo.Feature
	queue   []store.FeatureID // those of pending that are shown next, in the order of their rows
	queued  time.Time         // when the first that was in the queue was committed
	oldest  time.Time         // the same of those that came since; zero where none did
	owed    int               // commits of which is to be told yet what they show
	// stands is the sequence that the file says the tables stand for. With behind it
	// stays, since more is missing than what is pending.
	stands uint64
	behind bool

	lining sync.Mutex // held while features get into the queue and out of it; taken before mu
	most   int        // features in the next piece; follow's own

	wake    chan struct{}
	commits atomic.Uint64 // that were begun
	waiting atomic.Int64  // for their turn, or at work
	stop    chan struct{}
	ended   sync.WaitGroup
}

// leads tells whether the tables are this process's to write.
func (s *Store) leads() bool { return !s.beside && !s.sealed }

// startFollowing reads how far the tables are, and lets them follow from now on.
func (s *Store) startFollowing(ctx context.Context) error {
	f := &s.follower
	f.pending, f.wake, f.stop = map[store.FeatureID]uint64{}, make(chan struct{}, 1), make(chan struct{})
	f.most = followLeast
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
	} else if s.leads() { // a file in which they were written together with the rest
		if err := s.within(ctx, func() error { return s.setState(ctx, shownState, strconv.FormatUint(f.stands, 10)) }); err != nil {
			return err
		}
	}
	if s.leads() {
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
	if !s.leads() {
		return nil
	}
	return s.followAll(ctx)
}

// Look is store.Outside's.
func (s *Store) Look(look func(store.FeatureID) *geo.Feature) {
	s.follower.mu.Lock()
	defer s.follower.mu.Unlock()
	s.follower.look = look
}

// Show is store.Outside's.
func (s *Store) Show(features []store.FeatureID) { s.follower.later(features, -1) }

// follow brings the tables up to date whenever there is something to show.
func (s *Store) follow() {
	f := &s.follower
	for {
		select {
		case <-f.stop:
			return
		case <-f.wake:
		}
		pause, rest := followPause, time.Duration(0)
		for more := true; more; pause = f.pause() {
			if !f.quiet(pause, rest) {
				return
			}
			var p piece
			var err error
			background.Do(func() { p, err = s.followPart(context.Background(), f.most) })
			if err != nil {
				break // the next commit wakes it again; Close tells of it
			}
			more, rest = p.more, f.paced(p)
		}
	}
}

// piece is what was brought up to date in one turn.
type piece struct {
	features int
	took     time.Duration // of the turn
	more     bool          // is left to do
}

// paced fits the size of the next piece to how long one took, and returns how long
// commits have the turn before it: twice as long, so that they do not pile up while the
// tables follow.
func (f *follower) paced(p piece) (rest time.Duration) {
	if p.features > 0 {
		f.most = min(max(int(float64(p.features)*float64(followHold)/float64(p.took)), f.most/2, followLeast), 2*f.most, followPiece)
	}
	return 2 * p.took
}

// quiet returns when no commits came for a while, or when the tables are late and
// commits have had their rest; false when the following is to end.
func (f *follower) quiet(pause, rest time.Duration) bool {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	since := time.Now()
	for begun := f.commits.Load(); ; begun = f.commits.Load() {
		select {
		case <-f.stop:
			return false
		case <-tick.C:
		}
		if f.late(time.Since(since) >= rest) || f.commits.Load() == begun && f.waiting.Load() == 0 {
			return true
		}
	}
}

// followAll brings the tables up to date with all that is committed.
func (s *Store) followAll(ctx context.Context) error {
	s.follower.awaitOwed()
	for {
		if p, err := s.followPart(ctx, followPiece); !p.more || err != nil {
			return err
		}
	}
}

// followPart brings up to so many rows up to date. How the features look is asked before
// the turn, so that commits do not wait for that.
func (s *Store) followPart(ctx context.Context, most int) (p piece, err error) {
	f := &s.follower
	part := f.looked(f.next(most))
	s.mu.Lock()
	defer s.mu.Unlock()
	begun := time.Now()
	if s.failed != nil || s.together || f.stood(s.state.last.Sequence) {
		return p, nil
	}
	var whole bool
	err = s.within(ctx, func() error {
		_, edited, err := s.touched(ctx, s.conn)
		if err != nil {
			return err
		}
		part, whole = f.still(part, edited)
		if err := s.show(ctx, shownOf(part)); err != nil || !whole {
			return err
		}
		return s.setState(ctx, shownState, strconv.FormatUint(s.state.last.Sequence, 10))
	})
	if err != nil {
		return p, s.refused(ctx, err)
	}
	more := f.shown(part, whole, s.state.last.Sequence)
	return piece{len(part), time.Since(begun), more}, nil
}

// showAtOnce lets the tables show what the group says. Where it removes content, they
// show all that is pending: an older form of it may be among what they still have. It
// is within a transaction.
func (c *commit) showAtOnce(ctx context.Context, g *store.Group) error {
	if len(g.Shown) == 0 && !c.redacted {
		return nil
	}
	if c.redacted {
		_, edited, err := c.s.touched(ctx, c.s.conn)
		if err != nil {
			return err
		}
		f := &c.s.follower
		part, _ := f.still(f.next(math.MaxInt), edited)
		c.shown = shownOf(f.looked(part))
	}
	c.shown = append(c.shown, g.Shown...)
	if err := c.s.show(ctx, c.shown); err != nil {
		return err
	}
	if c.whole = c.s.follower.complete(c.shown) && len(g.Later) == 0; c.whole {
		return c.s.setState(ctx, shownState, strconv.FormatUint(c.state.last.Sequence, 10))
	}
	return nil
}
