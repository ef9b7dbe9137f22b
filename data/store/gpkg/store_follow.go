package gpkg

import (
	"cmp"
	"context"
	"math"
	"slices"
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
	followPiece = 256                   // features in a piece, at the most
	followLeast = 16                    // and at the least

	shownState = "shown" // names in demarc_state the sequence that the tables stand for
)

// follower knows what the tables of features do not show yet.
type follower struct {
	mu      sync.Mutex                 // guards what follows, up to behind; taken after s.mu
	pending map[store.FeatureID]uint64 // in which round it was named last
	round   uint64
	look    func(store.FeatureID) *geo.Feature
	oldest  time.Time // when the first of them was committed
	owed    int       // commits of which is to be told yet what they show
	// stands is the sequence that the file says the tables stand for. With behind it
	// stays, since more is missing than what is pending.
	stands uint64
	behind bool

	most int // features in the next piece; follow's own

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

// later notes which features the tables are to show, and how many commits more owe it
// some.
func (f *follower) later(features []store.FeatureID, owed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.owed += owed; len(f.pending) == 0 {
		f.oldest = time.Now()
	}
	f.round++
	for _, id := range features {
		f.pending[id] = f.round
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
		pause, rest := followPause, time.Duration(0)
		for more := true; more; pause = followPause / 10 {
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
		f.mu.Lock()
		late := len(f.pending) > followMost || len(f.pending) > 0 && time.Since(f.oldest) > followLate && time.Since(since) >= rest
		f.mu.Unlock()
		if late || f.commits.Load() == begun && f.waiting.Load() == 0 {
			return true
		}
	}
}

// followAll brings the tables up to date.
func (s *Store) followAll(ctx context.Context) error {
	for {
		if p, err := s.followPart(ctx, followPiece); !p.more || err != nil {
			return err
		}
	}
}

// followPart brings up to so many rows up to date.
func (s *Store) followPart(ctx context.Context, most int) (p piece, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	begun := time.Now()
	f := &s.follower
	if s.failed != nil || s.together || f.stood(s.state.last.Sequence) {
		return p, nil
	}
	var part []due
	var whole bool
	err = s.within(ctx, func() error {
		_, edited, err := s.touched(ctx, s.conn)
		if err != nil {
			return err
		}
		part, whole = f.part(most, edited)
		if err := s.show(ctx, f.looked(part)); err != nil || !whole {
			return err
		}
		return s.setState(ctx, shownState, strconv.FormatUint(s.state.last.Sequence, 10))
	})
	if err != nil {
		return p, s.refused(ctx, err)
	}
	left := f.shown(part, whole, s.state.last.Sequence)
	return piece{len(part), time.Since(begun), len(part) > 0 && left}, nil
}

// stood tells whether there is nothing to do for the tables of a sequence.
func (f *follower) stood(sequence uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.pending) == 0 && (f.behind || f.owed > 0 || f.stands == sequence)
}

// shown notes what the tables show, and tells whether more is pending; whole says
// that they stand for a sequence.
func (f *follower) shown(part []due, whole bool, sequence uint64) (more bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range part {
		if f.pending[x.id] == x.round { // or it was named again, and may look otherwise by now
			delete(f.pending, x.id)
		}
	}
	if whole {
		f.stands = sequence
	}
	return len(f.pending) > 0
}

// due is a feature that the tables are to show, and in which round it was named.
type due struct {
	id    store.FeatureID
	round uint64
}

// part returns up to n of the features, those of one table together, but for those
// that another program has edited: these are settled first. whole says that they are
// all that the tables do not show.
func (f *follower) part(n int, edited map[store.FeatureID]bool) (out []due, whole bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, round := range f.pending {
		if len(out) == n {
			break
		}
		if !edited[id] {
			out = append(out, due{id, round})
		}
	}
	slices.SortFunc(out, func(a, b due) int {
		return cmp.Or(cmp.Compare(a.id.Collection, b.id.Collection), cmp.Compare(a.id.ID, b.id.ID))
	})
	return out, len(out) == len(f.pending) && !f.behind && f.owed == 0
}

// looked tells how features look.
func (f *follower) looked(part []due) []store.Shown {
	f.mu.Lock()
	look := f.look
	f.mu.Unlock()
	out := make([]store.Shown, len(part))
	for i, x := range part {
		out[i] = store.Shown{Collection: x.id.Collection, ID: x.id.ID, Feature: look(x.id)}
	}
	return out
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
		part, _ := c.s.follower.part(math.MaxInt, edited)
		c.shown = c.s.follower.looked(part)
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

// complete tells whether nothing is pending but for what is shown.
func (f *follower) complete(shown []store.Shown) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	of := map[store.FeatureID]bool{}
	for i := range shown {
		of[shown[i].Of()] = true
	}
	for k := range f.pending {
		if !of[k] {
			return false
		}
	}
	return !f.behind && f.owed == 0
}

// forget forgets all that is pending.
func (f *follower) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.pending)
	f.owed = 0
}

// supersede forgets what is pending of features that are shown otherwise.
func (f *follower) supersede(shown []store.Shown) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range shown {
		delete(f.pending, shown[i].Of())
	}
}
