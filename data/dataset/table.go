package dataset

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"demarc/data"
)

// table says of every record which version was published last, in some forty bytes
// and without a thing more for the garbage collector to look at: what the records
// say, the snapshot has.
type table struct {
	seed   maphash.Seed
	shards [tableShards]shard
	origins
}

// tableShards is over how many shards records are spread, a power of two: a shard
// that grows moves few of them.
const tableShards = 1 << 10

// shard is a part of the records, by the hash of their ids.
type shard struct {
	mu    sync.Mutex // for put; who reads sees to it that nobody puts
	slots []uint32   // where the entry stands, plus one; 0 for a free slot
	ids   []byte
	ends  []uint32
	metas []meta
}

// meta is what is known of a version, but for the id.
type meta struct {
	sequence  uint64
	origin    uint32
	number    uint32
	kind      uint8 // in data.Kinds
	operation uint8 // in operations
}

// operations are those that publish.
var operations = []data.Operation{data.Put, data.Publish, data.Retract, data.Redact}

func newTable() *table { return &table{seed: maphash.MakeSeed()} }

// kindOf returns the place of a kind in data.Kinds, or -1.
func kindOf(kind data.Kind) int { return slices.Index(data.Kinds(), kind) }

// shard returns the shard of a record, and the hash that places it there.
func (t *table) shard(kind uint8, id string) (s *shard, hash uint64) {
	hash = maphash.String(t.seed, id) + uint64(kind)*0x9e3779b97f4a7c15
	return &t.shards[hash%tableShards], hash / tableShards
}

// find returns the slot of a record, free or not, and its entry or -1.
func (s *shard) find(hash uint64, kind uint8, id string) (slot, entry int) {
	if len(s.slots) == 0 {
		return 0, -1
	}
	mask := len(s.slots) - 1
	for slot = int(hash) & mask; s.slots[slot] != 0; slot = (slot + 1) & mask {
		if e := int(s.slots[slot] - 1); s.metas[e].kind == kind && string(s.id(e)) == id {
			return slot, e
		}
	}
	return slot, -1
}

// id returns the id of an entry.
func (s *shard) id(entry int) []byte {
	start := uint32(0)
	if entry > 0 {
		start = s.ends[entry-1]
	}
	return s.ids[start:s.ends[entry]]
}

// get returns the version that was published last, without its body and reach; ok is
// false where none was.
func (t *table) get(r ref) (v data.Version, ok bool) {
	kind := kindOf(r.kind)
	if kind < 0 {
		return v, false
	}
	s, hash := t.shard(uint8(kind), r.id)
	_, entry := s.find(hash, uint8(kind), r.id)
	if entry < 0 {
		return v, false
	}
	m := &s.metas[entry]
	v = t.all[m.origin].version()
	v.Kind, v.ID, v.Number, v.Operation, v.Revision.Sequence = r.kind, r.id, int(m.number), operations[m.operation], m.sequence
	return v, true
}

// stands tells whether the record stands.
func (t *table) stands(r ref) bool {
	v, ok := t.get(r)
	return ok && v.Stands()
}

// put notes a version. It tells whether another one of the record was there.
func (t *table) put(v *data.Version) (there bool) {
	m := meta{sequence: v.Revision.Sequence, origin: t.enter(v), number: uint32(v.Number),
		kind: uint8(kindOf(v.Kind)), operation: uint8(slices.Index(operations, v.Operation))}
	return t.enterMeta(v.ID, m)
}

// enterMeta notes what is known of a record's version; it keeps a copy of the id.
func (t *table) enterMeta(id string, m meta) (there bool) {
	s, hash := t.shard(m.kind, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, entry := s.find(hash, m.kind, id); entry >= 0 {
		s.metas[entry] = m
		return true
	}
	if 4*(len(s.metas)+1) > 3*len(s.slots) {
		t.grow(s)
	}
	slot, _ := s.find(hash, m.kind, id)
	s.ids = append(s.ids, id...)
	s.ends = append(s.ends, uint32(len(s.ids)))
	s.metas = append(s.metas, m)
	s.slots[slot] = uint32(len(s.metas))
	return false
}

// grow doubles the slots of a shard.
func (t *table) grow(s *shard) {
	s.slots = make([]uint32, max(8, 2*len(s.slots)))
	mask := len(s.slots) - 1
	for e := range s.metas {
		_, hash := t.shard(s.metas[e].kind, string(s.id(e)))
		slot := int(hash) & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = uint32(e + 1)
	}
}

// origins are what many versions share: the commit that they came with.
type origins struct {
	mu   sync.Mutex
	all  []origin
	last map[origin]uint32 // of the last ones, where they stand
	// limit is how many there may be before tidy looks which are needed.
	limit int
}

type origin struct {
	number                  uint64
	at                      int64 // nanoseconds since 1970, UTC; noTime for the zero time
	author, comment, origin string
}

const noTime = -1 << 63

// lastOrigins is how many origins are looked up before one is noted again.
const lastOrigins = 64

func (o *origins) enter(v *data.Version) uint32 {
	key := origin{v.Revision.Number, noTime, v.Author, v.Comment, v.Origin}
	if !v.Revision.At.IsZero() {
		key.at = v.Revision.At.UnixNano()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	at, ok := o.last[key]
	if !ok {
		if len(o.last) == lastOrigins || o.last == nil {
			o.last = make(map[origin]uint32, lastOrigins)
		}
		at = uint32(len(o.all))
		o.all = append(o.all, key)
		o.last[key] = at
	}
	return at
}

// version returns a version with what the origin says.
func (o *origin) version() data.Version {
	v := data.Version{Author: o.author, Comment: o.comment, Origin: o.origin, Revision: data.Revision{Number: o.number}}
	if o.at != noTime {
		v.Revision.At = time.Unix(0, o.at).UTC()
	}
	return v
}

// tidy forgets the origins that no version has any more, once they are many.
func (t *table) tidy() {
	if len(t.all) < max(t.limit, 1<<16) {
		return
	}
	places := make([]uint32, len(t.all)) // where they stand now, plus one
	var kept []origin
	for i := range t.shards {
		metas := t.shards[i].metas
		for e := range metas {
			at := &places[metas[e].origin]
			if *at == 0 {
				kept = append(kept, t.all[metas[e].origin])
				*at = uint32(len(kept))
			}
			metas[e].origin = *at - 1
		}
	}
	t.all, t.last, t.limit = kept, nil, 2*len(kept)
}
