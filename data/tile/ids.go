package tile

import (
	"cmp"
	"slices"
	"sync/atomic"

	"demarc/data/snapshot"
)

// ids are the numbers that stand for the features of a collection, since a vector
// tile has no room for text there: a hash of the id, the same in every tile and at
// every zoom, and after a change of other features. JavaScript holds whole numbers
// up to 2^53, so they are 53 bits long; the last bit tells single features (0)
// from merged ones (1).
type ids struct {
	clashes map[uint32]uint64 // of the slots whose hash another id has too
}

// hashBits is how long the hash of an id is.
const hashBits = 52

// idsOf finds the ids of the collection that share a hash: all but the first of
// them, in the order of their text, get another one.
func idsOf(col *snapshot.Collection) ids {
	all := make([]keyed, col.Slots())
	inRuns(len(all), func(_, from, to int) {
		for slot := from; slot < to; slot++ {
			all[slot] = keyed{hashOf(idAt(col, uint32(slot)), 0), uint32(slot)}
		}
	})
	all = sortByKey(all)
	out := ids{map[uint32]uint64{}}
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].key == all[i].key {
			j++
		}
		if j-i > 1 {
			var slots []uint32
			for _, h := range all[i:j] {
				slots = append(slots, h.slot)
			}
			out.part(col, slots, func(hash uint64) bool {
				_, taken := slices.BinarySearchFunc(all, hash, func(h keyed, want uint64) int { return cmp.Compare(h.key, want) })
				return taken
			})
		}
		i = j
	}
	return out
}

// hashesOf returns the hashes of the ids of a collection, in their order, and whether two
// ids have the same one.
func hashesOf(col *snapshot.Collection) (hashes []uint64, twins bool) {
	all := make([]keyed, col.Slots())
	inRuns(len(all), func(_, from, to int) {
		for slot := from; slot < to; slot++ {
			all[slot] = keyed{hashOf(idAt(col, uint32(slot)), 0), uint32(slot)}
		}
	})
	all = sortByKey(all)
	hashes = make([]uint64, len(all))
	for i, h := range all {
		hashes[i] = h.key
		if i > 0 && h.key == all[i-1].key { // or it is another version of the feature
			twins = twins || idAt(col, h.slot) != idAt(col, all[i-1].slot)
		}
	}
	return hashes, twins
}

// clash tells whether an id of one order has the hash of another id of the other. Its cost
// grows with the smaller one.
func (o *order) clash(other *order) bool {
	if len(o.hashes) < len(other.hashes) {
		return other.clash(o)
	}
	var found atomic.Bool
	inRuns(other.col.Slots(), func(_, from, to int) {
		for slot := from; slot < to; slot++ {
			id := idAt(other.col, uint32(slot))
			if _, taken := slices.BinarySearch(o.hashes, hashOf(id, 0)); taken && !o.col.Has(id) {
				found.Store(true)
			}
		}
	})
	return found.Load()
}

func idAt(col *snapshot.Collection, slot uint32) string {
	id, _ := col.Place(slot)
	return id
}

// part gives slots whose ids share a hash, but are not versions of one feature,
// hashes of their own.
func (s *ids) part(col *snapshot.Collection, slots []uint32, taken func(uint64) bool) {
	slices.SortStableFunc(slots, func(a, b uint32) int { return cmp.Compare(idAt(col, a), idAt(col, b)) })
	first, given := idAt(col, slots[0]), map[string]uint64{}
	used := map[uint64]bool{}
	for _, slot := range slots {
		id := idAt(col, slot)
		if id == first {
			continue
		}
		hash, known := given[id]
		for salt := uint64(1); !known; salt++ {
			hash = hashOf(id, salt)
			known = !taken(hash) && !used[hash]
		}
		given[id], used[hash] = hash, true
		s.clashes[slot] = hash
	}
}

// of returns the number of the feature in a slot, whose id is given.
func (s *ids) of(slot uint32, id string) uint64 {
	if hash, ok := s.clashes[slot]; ok {
		return hash << 1
	}
	return hashOf(id, 0) << 1
}

// hashOf is FNV-1a of 64 bits with a finish that spreads every bit (Stafford's
// mix 13), cut to hashBits.
func hashOf(id string, salt uint64) uint64 {
	h := uint64(14695981039346656037) ^ salt*0x9e3779b97f4a7c15
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return mix(h) & (1<<hashBits - 1)
}

func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// mergedID returns the number of what is merged in a node of the quadtree at a
// level: level and node themselves as far as they fit, which is down to level 17.
func mergedID(level int, n node) uint64 {
	id := morton(n.x, n.y)
	if 2*n.depth+5 <= hashBits {
		id |= uint64(level) << (hashBits - 5)
	} else {
		id = mix(id^uint64(level)<<59) & (1<<hashBits - 1)
	}
	return id<<1 | 1
}
