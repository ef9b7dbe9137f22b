package tile

import (
	"slices"
	"sort"
	"sync"

	"demarc/data/snapshot"
)

// known is what a view knows of its points that are gone since it was made.
type known struct {
	mu     sync.Mutex
	at     snapshot.Gone
	places []uint32
	begun  bool
}

// goneSince returns the places of the view's points that are gone but were not when it was
// made, in their order; ok is false for a state of the part before that. It costs what
// is gone since it was asked last.
func (v *view) goneSince(now snapshot.Gone) (places []uint32, ok bool) {
	k := &v.known
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.begun {
		k.at, k.begun = v.born, true
	}
	slots, later := now.Since(k.at)
	if !later { // of a state before the one that asked last
		if slots, ok = now.Since(v.born); !ok {
			return nil, false
		}
		return v.placesOf(nil, slots), true
	}
	if len(slots) > 0 {
		k.places, k.at = v.placesOf(k.places, slots), now
	}
	return k.places, true
}

// placesOf returns the places, and those of the view's points in the slots, in their
// order.
func (v *view) placesOf(places, slots []uint32) []uint32 {
	all := slices.Clone(places)
	for _, slot := range slots {
		place, ok := v.placeOf(slot)
		if ok && v.places != nil {
			_, ok = slices.BinarySearch(v.places, place)
		}
		if ok {
			all = append(all, place)
		}
	}
	slices.Sort(all)
	return all
}

// goneUpTo takes the places with keys below end off the front of gone.
func (v *view) goneUpTo(gone *[]uint32, end uint64) []uint32 {
	all := *gone
	n := 0
	if len(all) > 0 && v.keys[all[0]] < end {
		n = sort.Search(len(all), func(i int) bool { return v.keys[all[i]] >= end })
	}
	*gone = all[n:]
	return all[:n]
}

// behind returns the first key behind the node of a depth that begins with a key.
func behind(key uint64, d int) uint64 { return key + 1<<(2*(depth-d)) }

// mended returns a cell of the pyramid without the points that are gone: made of the
// cells below it, so that only those are made of points that have lost some.
func (v *view) mended(key uint64, d int, gone []uint32) cell {
	var whole cell
	add := func(c *cell) {
		if c.count == 0 {
			return
		}
		if whole.count == 0 {
			whole = *c
			whole.key = key
			return
		}
		v.add(&whole, c)
	}
	if d+1 >= len(v.levels) {
		i, j := v.between(key, behind(key, d))
		v.merge(i, j, d, gone, add)
		return whole
	}
	below, end := v.levels[d+1], behind(key, d)
	for k := sort.Search(len(below), func(i int) bool { return below[i].key >= key }); k < len(below) && below[k].key < end; k++ {
		if missing := v.goneUpTo(&gone, behind(below[k].key, d+1)); len(missing) > 0 {
			c := v.mended(below[k].key, d+1, missing)
			add(&c)
		} else {
			add(&below[k])
		}
	}
	return whole
}
