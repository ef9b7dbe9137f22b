package tile

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"github.com/paulmach/orb"

	"demarc/data/snapshot"
	"demarc/geo/format/mvt"
	"demarc/geo/tms"
)

// stack is a collection, arranged for the tiles of one tile matrix set: the orders of its
// parts. A write makes a small part and leaves the others as they are, so it costs an
// order of what is new.
type stack struct {
	col   *snapshot.Collection
	set   *tms.Set
	roles roles
	tags  []tag
	parts []stacked
	ids   *ids // nil where no two ids have one hash
}

type stacked struct {
	*order
	part snapshot.Part
}

// scene is what one question selects of a stack.
type scene struct {
	*stack
	sheets []sheet // of each part one, or several of some
	// shapes are the slots of features that are no points, in their order, where the
	// scene is of one tile alone, local: it has none but those.
	shapes []uint32
	local  bool
}

// sheet is what a question selects of a part.
type sheet struct {
	*view
	first uint32   // slot of the part
	gone  []uint32 // places of the view's points that it shows no more
}

// newStack arranges the collection; orderOf returns the order of a part, and clash tells
// of two of them whether they have ids with one hash.
func newStack(col *snapshot.Collection, set *tms.Set, orderOf func(snapshot.Part) (*order, error), clash func(a, b stacked) (bool, error)) (*stack, error) {
	st := &stack{col: col, set: set, roles: rolesOf(&col.Schema), tags: tagsOf(col)}
	twins := false
	for _, part := range col.Parts() {
		o, err := orderOf(part)
		if err != nil {
			return nil, err
		}
		s := stacked{o, part}
		twins = twins || o.twins
		for _, other := range st.parts {
			is, err := clash(other, s)
			if err != nil {
				return nil, err
			}
			twins = twins || is
		}
		st.parts = append(st.parts, s)
	}
	if twins {
		found := idsOf(col)
		st.ids = &found
	}
	return st, nil
}

// number returns what identifies the feature in a slot, whose id is given, in tiles.
func (st *stack) number(slot uint32, id string) uint64 {
	if st.ids == nil {
		return hashOf(id, 0) << 1
	}
	return st.ids.of(slot, id)
}

// mostLocal is up to how many points in and round a tile a question is asked of these
// alone, which costs some nanoseconds each; of more, where the other ways are longer.
const mostLocal = 1 << 17

// localScene asks what the query selects in and round the tile; ok is false where there
// are more than most points.
func (st *stack) localScene(ctx context.Context, q *snapshot.Query, t tms.Tile, most int) (sc *scene, ok bool, err error) {
	sc = &scene{stack: st, local: true}
	for _, p := range st.parts {
		places, ok := p.around(t, most)
		if !ok {
			return nil, false, nil
		}
		most -= len(places)
		sc.sheets = append(sc.sheets, sheet{view: &view{order: p.order, places: places}, first: p.part.First})
	}
	if err := sc.choose(ctx, q); err != nil {
		return nil, true, err
	}
	for i := range sc.sheets {
		if l := &sc.sheets[i]; len(l.places) > mostLocal {
			l.build()
		}
	}
	sc.shapes, err = st.shapesOf(ctx, q, t)
	return sc, true, err
}

// choose leaves of the scene's places those that the query selects: first by the times
// that stand beside them, and then by what else it asks for.
func (sc *scene) choose(ctx context.Context, q *snapshot.Query) error {
	rest := *q
	if q.When != nil && !slices.ContainsFunc(sc.sheets, func(l sheet) bool { return l.spans == nil && len(l.keys) > 0 }) {
		rest.When = nil
	}
	var slots []uint32
	for i := range sc.sheets {
		l, gone := &sc.sheets[i], sc.parts[i].part.Gone()
		if q.When != nil && l.spans != nil {
			l.places = l.meeting(l.places, q.When)
		}
		if rest.All() {
			l.places = l.living(l.places, gone)
			continue
		}
		for _, place := range l.places {
			slots = append(slots, l.first+l.slots[place])
		}
	}
	if rest.All() {
		return ctx.Err()
	}
	matches, err := sc.col.Matching(ctx, &rest, slots)
	if err != nil {
		return err
	}
	for i := range sc.sheets {
		l, n := &sc.sheets[i], 0
		for at, place := range l.places {
			if matches[at] {
				l.places[n] = place
				n++
			}
		}
		matches, l.places = matches[len(l.places):], l.places[:n]
	}
	return nil
}

// shapesOf returns the slots of those of the shapes in the tile that the query selects,
// in their order.
func (st *stack) shapesOf(ctx context.Context, q *snapshot.Query, t tms.Tile) ([]uint32, error) {
	var slots []uint32
	for _, s := range st.shapesIn(t) {
		slots = append(slots, s.slot)
	}
	if len(slots) == 0 {
		return nil, nil
	}
	matches, err := st.col.Matching(ctx, q, slots)
	if err != nil {
		return nil, err
	}
	n := 0
	for i, slot := range slots {
		if matches[i] {
			slots[n] = slot
			n++
		}
	}
	return slots[:n], nil
}

// shows tells whether the scene shows the feature in a slot, which is no point.
func (sc *scene) shows(slot uint32) bool {
	if sc.local {
		_, ok := slices.BinarySearch(sc.shapes, slot)
		return ok
	}
	l := &sc.sheets[sc.sheetOf(slot)]
	_, ok := slices.BinarySearchFunc(l.view.shapes, slot-l.first, shape.compare)
	return ok
}

// sheetOf returns the place of the part that a slot is of.
func (st *stack) sheetOf(slot uint32) int {
	return sort.Search(len(st.parts), func(i int) bool { return st.parts[i].part.First > slot }) - 1
}

// shapesIn returns the shapes that meet the tile and can be seen there, in the order of
// their slots, which are the collection's: a line or an area less than a unit wide and
// high is nothing.
func (st *stack) shapesIn(t tms.Tile) []shape {
	if !slices.ContainsFunc(st.parts, func(p stacked) bool { return len(p.shapes) > 0 }) {
		return nil
	}
	var out []shape
	unit := math.Ldexp(1, -t.Level-unitDepth)
	st.col.Meeting(st.set.Box(t, float64(Buffer)/mvt.Extent), func(slot uint32) bool {
		p := &st.parts[st.sheetOf(slot)]
		if i, ok := slices.BinarySearchFunc(p.shapes, slot-p.part.First, shape.compare); ok {
			_, at := st.col.Place(slot)
			if _, points := at.(orb.MultiPoint); points || p.shapes[i].size >= unit {
				out = append(out, shape{slot, p.shapes[i].size})
			}
		}
		return true
	})
	slices.SortFunc(out, func(a, b shape) int { return cmp.Compare(a.slot, b.slot) })
	return slices.CompactFunc(out, func(a, b shape) bool { return a.slot == b.slot })
}

func (s shape) compare(slot uint32) int { return cmp.Compare(s.slot, slot) }
