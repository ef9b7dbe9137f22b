package gpkg

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"demarc/data/store"
	"demarc/geo"
)

func (f *follower) name(ids ...string) {
	var features []store.FeatureID
	for _, id := range ids {
		features = append(features, store.FeatureID{Collection: id[:1], ID: id})
	}
	f.later(features, 0)
}

func idsOf(part []due) (ids []string) {
	for i := range part {
		ids = append(ids, part[i].ID)
	}
	return ids
}

// Features wait in the order of their rows, once however often they are named, and those
// that come while others are shown wait for the next round, also for being late.
func TestPending(t *testing.T) {
	f := &follower{pending: map[store.FeatureID]uint64{}, wake: make(chan struct{}, 1)}
	f.name("b2", "a3", "b1", "a1")
	f.name("a1", "a2")
	f.name("a1")
	f.oldest = time.Now().Add(-2 * followLate)
	if !f.late(true) || f.late(false) {
		t.Error("it is not late when commits had their rest, or is so before")
	}
	var shown []string
	step := func(n int) {
		part := f.next(n)
		shown = append(shown, idsOf(part)...)
		f.shown(part, false, 1)
	}
	step(2)
	f.name("a0", "b3", "b1")
	if !f.late(true) || f.pause() >= followPause {
		t.Error("it is not late within a round that was begun so, or waits for long")
	}
	step(2)
	f.supersede([]store.Shown{{Collection: "b", ID: "b2"}})
	f.name("c1", "c2")
	step(1)
	if f.late(true) {
		t.Error("it is late for what came since")
	}
	f.name("c3")
	step(100)
	if want := []string{"a1", "a2", "a3", "b1", "a0", "b3", "c1", "c2", "c3"}; !slices.Equal(shown, want) {
		t.Errorf("shown %q, want %q", shown, want)
	}
	if f.late(true) || f.pause() < followPause || len(f.pending) > 0 {
		t.Errorf("afterwards it is late, or in haste, or waits for %v", f.pending)
	}
}

// What was taken is shown as it looks when it was named last; not what was shown
// otherwise, or removed, since, and not what another program edited.
func TestStillDue(t *testing.T) {
	looks := 1
	f := &follower{pending: map[store.FeatureID]uint64{}, wake: make(chan struct{}, 1)}
	f.look = func(id store.FeatureID) *geo.Feature { return &geo.Feature{ID: fmt.Sprint(id.ID, looks)} }
	f.name("a1", "a2", "a3", "a4")
	part := f.looked(f.next(4))
	looks = 2
	f.name("a2")
	f.supersede([]store.Shown{{Collection: "a", ID: "a3"}})
	part, whole := f.still(part, map[store.FeatureID]bool{{Collection: "a", ID: "a4"}: true})
	if len(part) != 2 || part[0].Feature.ID != "a11" || part[1].Feature.ID != "a22" || whole {
		t.Errorf("shown %v, all that is pending %v", part, whole)
	}
	if !f.shown(part, whole, 1) {
		t.Error("the edited one is not looked for again")
	}
	if part, _ = f.still(f.looked(f.next(4)), map[store.FeatureID]bool{{Collection: "a", ID: "a4"}: true}); f.shown(part, false, 1) {
		t.Error("the edited one is looked for again and again")
	}
	if part, whole = f.still(f.looked(f.next(4)), nil); len(part) != 1 || !whole {
		t.Errorf("shown %v, all that is pending %v", part, whole)
	}
}
