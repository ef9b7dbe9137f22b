package snapshot

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"demarc/data"
	"demarc/geo"
)

// held is a collection as a snapshot holds it. Places, sources and parties tell how
// often incidents name them, so that each incident that comes makes others of them, while
// few ask for these collections. So they are made when somebody asks: of the last one that
// was made, and of what was counted since.
type held struct {
	id    string
	layer bool
	made  atomic.Pointer[Collection] // nil until somebody asks
	// Where it is counted in:
	score *score
	at    int         // how many counts the score had noted then
	from  *Collection // an earlier state; until it is made. score.mu guards both
	since []count     // what was counted since; later states append to it
}

// score is what the states of a collection share of which each was made from the one
// before by counting alone.
type score struct {
	kind   *countedKind
	item   func(id string, n counts) (item, bool)
	making sync.Mutex // held while a state is made: who asks for the next makes it of this one

	mu     sync.Mutex // guards what follows, for moments
	newest int        // at of the newest state
	last   *Collection
	lastAt int // at of the state that was made last
}

// counts are what a feature shows of how often it is named, by the fields of its kind.
type counts [3]int64

func (n counts) plus(o counts) counts { return counts{n[0] + o[0], n[1] + o[1], n[2] + o[2]} }

// count says how much more a feature counts.
type count struct {
	id   string
	more counts
}

// countedKind is a kind of records that tell how often others name them.
type countedKind struct {
	kind   data.Kind
	fields []string // that have the counts
	item   func(r *records) func(id string, n counts) (item, bool)
}

// The kinds of countedKinds.
const (
	countedPlaces = iota
	countedSources
	countedParties
)

var countedKinds = [...]countedKind{
	countedPlaces: {data.Places, []string{"incidents"}, func(r *records) func(string, counts) (item, bool) {
		return itemOf(&r.places, func(p *data.Place, n counts) item { return placeItem(p, n[0]) })
	}},
	countedSources: {data.Sources, []string{"claims"}, func(r *records) func(string, counts) (item, bool) {
		return itemOf(&r.sources, func(s *data.Source, n counts) item { return sourceItem(s, n[0]) })
	}},
	countedParties: {data.Parties, []string{"incidents", "claims_made", "claims_about"}, func(r *records) func(string, counts) (item, bool) {
		return itemOf(&r.parties, func(p *data.Party, n counts) item { return partyItem(p, partyUses{n[0], n[1], n[2]}) })
	}},
}

// itemOf returns what makes items of a shelf's records; its answer is false where there
// is none of an id.
func itemOf[T any](of *shelf[T], make func(*T, counts) item) func(id string, n counts) (item, bool) {
	records := *of
	return func(id string, n counts) (item, bool) {
		if r := records.get(id); r != nil {
			return make(r, n), true
		}
		return item{}, false
	}
}

// kindOf returns what is counted of a collection, nil for nothing.
func kindOf(collection string) *countedKind {
	at := slices.IndexFunc(countedKinds[:], func(k countedKind) bool { return string(k.kind) == collection })
	if at < 0 {
		return nil
	}
	return &countedKinds[at]
}

// counted returns what a feature of the collection counts.
func (k *countedKind) counted(c *Collection, id string) (n counts) {
	v, row, ok := c.find(id)
	if !ok {
		return n
	}
	for i, field := range k.fields {
		n[i], _ = v.value(c.Schema.Index(field), row).Int()
	}
	return n
}

// summed sorts counts, which it changes, and adds up those of one feature. What comes to
// nothing is left out.
func summed(all []count) []count {
	slices.SortFunc(all, func(a, b count) int { return cmp.Compare(a.id, b.id) })
	out := all[:0]
	for i := 0; i < len(all); {
		sum := all[i]
		for i++; i < len(all) && all[i].id == sum.id; i++ {
			sum.more = sum.more.plus(all[i].more)
		}
		if sum.more != (counts{}) {
			out = append(out, sum)
		}
	}
	return out
}

// hold returns a collection as a snapshot of those records holds it.
func (r *records) hold(c *Collection) *held {
	h := &held{id: c.ID, layer: c.Layer}
	if k := kindOf(c.ID); k != nil && !c.Layer {
		h.score = &score{kind: k, item: k.item(r), last: c}
	}
	h.made.Store(c)
	return h
}

// collection returns the collection, which it makes for who asks first.
func (h *held) collection() *Collection {
	if c := h.made.Load(); c != nil {
		return c
	}
	t := h.score
	t.making.Lock()
	defer t.making.Unlock()
	if c := h.made.Load(); c != nil {
		return c
	}
	t.mu.Lock()
	c, since := h.base()
	t.mu.Unlock()
	c = t.count(c, since)
	t.mu.Lock()
	defer t.mu.Unlock()
	if h.at > t.lastAt {
		t.last, t.lastAt = c, h.at
	}
	h.from, h.since = nil, nil
	h.made.Store(c)
	return c
}

// feature is Collection.Feature. It does not make the collection, for one feature.
func (h *held) feature(id string) (Hit, error) {
	c, counted, err := h.newest(id)
	switch {
	case err != nil:
		return Hit{}, err
	case counted != nil:
		return freshOf(&c.Schema, []*item{counted}, true).hit(0), nil
	}
	return c.Feature(id)
}

// flat is feature without its JSON.
func (h *held) flat(id string) (geo.Feature, error) {
	c, counted, err := h.newest(id)
	switch {
	case err != nil:
		return geo.Feature{}, err
	case counted != nil:
		return counted.feature, nil
	}
	return c.flat(id)
}

// newest returns the newest state that was made, and the feature where it has been counted
// anew since: the state has it otherwise as it is, or has none.
func (h *held) newest(id string) (c *Collection, counted *item, err error) {
	if c := h.made.Load(); c != nil {
		return c, nil, nil
	}
	h.score.mu.Lock()
	c, since := h.base()
	h.score.mu.Unlock()
	var more counts
	for i := range since {
		if since[i].id == id {
			more = more.plus(since[i].more)
		}
	}
	if more == (counts{}) {
		return c, nil, nil
	}
	it, ok := h.score.item(id, h.score.kind.counted(c, id).plus(more))
	if !ok {
		return nil, nil, data.ErrNotFound
	}
	return c, &it, nil
}

// base returns the newest state that was made before this one, or at it, and what was
// counted since. score.mu is held.
func (h *held) base() (from *Collection, since []count) {
	if c := h.made.Load(); c != nil {
		return c, nil
	}
	if behind := h.at - h.score.lastAt; behind >= 0 && behind <= len(h.since) {
		return h.score.last, h.since[len(h.since)-behind:]
	}
	return h.from, h.since
}

// count returns the collection with what was counted since.
func (t *score) count(c *Collection, since []count) *Collection {
	all := summed(slices.Clone(since))
	gone, items := make([]string, 0, len(all)), make([]item, 0, len(all))
	for _, n := range all {
		gone = append(gone, n.id)
		if it, ok := t.item(n.id, t.kind.counted(c, n.id).plus(n.more)); ok {
			items = append(items, it)
		}
	}
	if len(gone) == 0 {
		return c
	}
	return c.edit(gone, items)
}

// mostCounts is how many counts wait until somebody asks for their collection; when there
// are more, it is made aside. Tests have another number.
var mostCounts = 1 << 11

// with returns the next state, which counts more. r has the records of both.
func (h *held) with(r *records, more []count) *held {
	next := h.following(more)
	for next == nil { // another state follows already: this one begins a row of its own
		h = r.hold(h.collection())
		next = h.following(more)
	}
	if next.waiting() > 4*mostCounts { // nobody makes it aside
		next.collection()
	}
	return next
}

// following is with where no other state follows this one, or else nil.
func (h *held) following(more []count) *held {
	t := h.score
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.newest != h.at {
		return nil
	}
	next := &held{id: h.id, score: t, at: h.at + len(more)}
	next.from, next.since = h.base()
	for _, n := range more {
		n.id = strings.Clone(n.id) // which kept an incident alive
		next.since = append(next.since, n)
	}
	t.newest = next.at
	return next
}

// waiting returns how many counts wait for somebody who asks.
func (h *held) waiting() int {
	if h.made.Load() != nil {
		return 0
	}
	h.score.mu.Lock()
	defer h.score.mu.Unlock()
	_, since := h.base()
	return len(since)
}
