package gpkg

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"demarc/data/store"
)

// Features wait in a queue by collection and id, so that a piece changes few pages: those
// of one table, and of its index by id, that stand together. What comes meanwhile waits
// for the next round, and is written once however often it was named.

// due is a feature that the tables are to show, and in which round it was named.
type due struct {
	store.Shown
	round uint64
}

// later notes which features the tables are to show, and how many commits more owe it
// some.
func (f *follower) later(features []store.FeatureID, owed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.owed += owed; f.oldest.IsZero() && len(features) > 0 {
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

// owedFor is how long it is waited for, at the most, to be told what commits show: it is
// a moment, but for who commits and tells nothing.
const owedFor = 5 * time.Second

// awaitOwed waits until it has been told what all commits show.
func (f *follower) awaitOwed() {
	owes := func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.owed > 0 && !f.behind
	}
	for end := time.Now().Add(owedFor); owes() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// pause returns how long no commit may come before a piece: less within a round than
// before one, so that a load without long pauses gets whole rounds.
func (f *follower) pause() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.queue) > 0 {
		return followPause / 10
	}
	return followPause
}

// late tells whether the tables are to follow although commits go on; rested says that
// these had their rest.
func (f *follower) late(rested bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	behind := len(f.queue) > 0 && time.Since(f.queued) > followLate || !f.oldest.IsZero() && time.Since(f.oldest) > followLate
	return len(f.pending) > followMost || behind && rested
}

// stood tells whether there is nothing to do for the tables of a sequence.
func (f *follower) stood(sequence uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.pending) == 0 && (f.behind || f.owed > 0 || f.stands == sequence)
}

// next takes up to n features out of the queue, and all that is pending where that is no
// more. Another one may take them too before they are shown.
func (f *follower) next(n int) (part []due) {
	f.lining.Lock()
	defer f.lining.Unlock()
	for lined := false; len(part) == 0 && !lined; {
		if lined = f.ends(n); lined {
			f.line()
		}
		part = f.take(n)
	}
	return part
}

// ends tells whether the queue is to be made anew before n features are taken.
func (f *follower) ends(n int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue) == 0 || len(f.pending) <= n
}

// line lets all that is pending queue.
func (f *follower) line() {
	f.mu.Lock()
	all := slices.AppendSeq(make([]store.FeatureID, 0, len(f.pending)), maps.Keys(f.pending))
	if !f.oldest.IsZero() {
		f.queued, f.oldest = f.oldest, time.Time{}
	}
	f.mu.Unlock()
	slices.SortFunc(all, func(a, b store.FeatureID) int { // takes long where much is pending
		return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(a.ID, b.ID))
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = all
}

func (f *follower) take(n int) (part []due) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ; len(f.queue) > 0 && len(part) < n; f.queue = f.queue[1:] {
		id := f.queue[0]
		if round, is := f.pending[id]; is {
			part = append(part, due{store.Shown{Collection: id.Collection, ID: id.ID}, round})
		}
	}
	return part
}

// looked sees how features look.
func (f *follower) looked(part []due) []due {
	f.mu.Lock()
	look := f.look
	f.mu.Unlock()
	for i := range part {
		part[i].Feature = look(part[i].Of())
	}
	return part
}

// still returns those of the part that are due still, not shown otherwise since they were
// taken; and not those that another program has edited: these are settled first. How
// one that was named again looks is asked again. whole says that they are all that the
// tables do not show.
func (f *follower) still(part []due, edited map[store.FeatureID]bool) (out []due, whole bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range part {
		round, is := f.pending[x.Of()]
		if !is || edited[x.Of()] {
			continue
		}
		if x.round != round {
			x.round, x.Feature = round, f.look(x.Of())
		}
		out = append(out, x)
	}
	return out, len(out) == len(f.pending) && !f.behind && f.owed == 0
}

func shownOf(part []due) []store.Shown {
	out := make([]store.Shown, len(part))
	for i := range part {
		out[i] = part[i].Shown
	}
	return out
}

// shown notes what the tables show, and tells whether there is more to show; whole says
// that they stand for a sequence.
func (f *follower) shown(part []due, whole bool, sequence uint64) (more bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range part {
		if of := part[i].Of(); f.pending[of] == part[i].round { // or it was named again, and may look otherwise by now
			delete(f.pending, of)
		}
	}
	if whole {
		f.stands = sequence
	}
	if len(f.pending) == 0 {
		f.queue, f.oldest = nil, time.Time{}
	}
	return len(f.queue) > 0 || len(part) > 0 && len(f.pending) > 0
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
	f.queue, f.oldest = nil, time.Time{}
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
