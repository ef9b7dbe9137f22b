package snapshot

import (
	"cmp"
	"slices"
	"sort"
	"sync"
)

// view is a part as a collection sees it.
type view struct {
	*part
	dead    dead
	live    int // current rows that are not dead
	located int // those of them that lie somewhere
}

// list are rows of a view in the order of an answer.
type list struct {
	v      *view
	rows   []uint32  // nil for all rows of the view, in their order
	metres []float64 // of each of rows, nil without Near
	holes  bool      // whether some of the rows are dead, and count for nothing
	n      int       // how many count
}

// size returns how many places the list has, holes too.
func (l *list) size() int {
	if l.rows == nil {
		return int(l.v.n)
	}
	return len(l.rows)
}

// row returns the row at a place of the list.
func (l *list) row(at int) uint32 {
	if l.rows == nil {
		return uint32(at)
	}
	return l.rows[at]
}

func (l *list) distance(at int) float64 {
	if l.metres == nil {
		return 0
	}
	return l.metres[at]
}

// step returns the first place at or after at, or with by -1 at or before it,
// that is no hole; beyond the list where there is none.
func (l *list) step(at, by int) int {
	if l.holes {
		for at >= 0 && at < l.size() && l.v.dead.has(l.row(at)) {
			at += by
		}
	}
	return at
}

// rank returns how many places before at are no holes.
func (l *list) rank(at int) int {
	switch {
	case !l.holes:
		return at
	case l.rows == nil:
		return l.v.dead.rank(uint32(at))
	}
	n := 0
	for i := range at {
		if !l.v.dead.has(l.rows[i]) {
			n++
		}
	}
	return n
}

// answer is all that a query selects: what each view has of it.
type answer struct {
	q         *Query
	lists     []list
	steps     []Step
	searchers []*searcher // at least one a list

	heads, behind []int // of window
	places        []at
}

// matched returns how many features the answer has.
func (a *answer) matched() int {
	n := 0
	for i := range a.lists {
		n += a.lists[i].n
	}
	return n
}

// at is a place in one of an answer's lists.
type at struct{ list, place int }

// compare orders two places.
func (a *answer) compare(x, y at) int {
	l, m := &a.lists[x.list], &a.lists[y.list]
	if x.list == y.list {
		return cmp.Compare(x.place, y.place)
	}
	r, s := l.row(x.place), m.row(y.place)
	for _, k := range a.q.Sort {
		if o := k.compare(l.v.value(k.Field, r), m.v.value(k.Field, s)); o != 0 {
			return o
		}
	}
	return cmp.Or(cmp.Compare(l.distance(x.place), m.distance(y.place)), cmp.Compare(l.v.keys.at(r), m.v.keys.at(s)))
}

// compareCursor orders a place and what a cursor names.
func (a *answer) compareCursor(x at, c *Cursor) int {
	l := &a.lists[x.list]
	row := l.row(x.place)
	for i, k := range a.q.Sort {
		if o := k.compare(l.v.value(k.Field, row), c.Sorted[i]); o != 0 {
			return o
		}
	}
	return cmp.Or(cmp.Compare(l.distance(x.place), c.Metres), cmp.Compare(l.v.keys.at(row), c.Key))
}

// split sets heads to the first place in each list that is not before the cursor, or
// with after the first behind it.
func (a *answer) split(heads []int, c *Cursor, after bool) {
	for i := range heads {
		heads[i] = sort.Search(a.lists[i].size(), func(j int) bool {
			o := a.compareCursor(at{i, j}, c)
			return o > 0 || o == 0 && !after
		})
	}
}

// skip sets heads to where the answer goes on in each list after its first n features.
func (a *answer) skip(heads []int, n int) {
	clear(heads)
	if n == 0 {
		return
	}
	tails := make([]int, len(a.lists))
	for i := range tails {
		tails[i] = a.lists[i].size()
	}
	// The middle of the longest stretch in doubt is before the place that is looked
	// for or behind it, and with it all that it is compared with.
	for {
		wide := widest(heads, tails)
		if tails[wide] == heads[wide] {
			return
		}
		middle := at{wide, (heads[wide] + tails[wide]) / 2}
		bounds := make([]int, len(a.lists))
		sum := 0
		for i := range bounds {
			l := &a.lists[i]
			if i == wide {
				bounds[i] = middle.place
			} else {
				bounds[i] = sort.Search(l.size(), func(j int) bool { return a.compare(at{i, j}, middle) > 0 })
			}
			sum += l.rank(bounds[i])
		}
		counts := a.lists[wide].step(middle.place, 1) == middle.place
		if sum < n || sum == n && !counts {
			for i := range heads {
				heads[i] = max(heads[i], bounds[i])
			}
			heads[wide] = middle.place + 1
		} else {
			for i := range tails {
				tails[i] = min(tails[i], bounds[i])
			}
		}
	}
}

// widest returns which stretch from a head to its tail is the longest.
func widest(heads, tails []int) int {
	wide := 0
	for i := range heads {
		if tails[i]-heads[i] > tails[wide]-heads[wide] {
			wide = i
		}
	}
	return wide
}

// next takes the first place from the heads on, or with by -1 the last before
// them, and moves the head of its list; ok is false where nothing is left.
func (a *answer) next(heads []int, by int) (first at, ok bool) {
	for i := range heads {
		l := &a.lists[i]
		place := heads[i]
		if by < 0 {
			place--
		}
		place = l.step(place, by)
		if place < 0 || place >= l.size() {
			continue
		}
		if !ok || a.compare(at{i, place}, first)*by < 0 {
			first, ok = at{i, place}, true
		}
	}
	if ok {
		heads[first.list] = first.place
		if by > 0 {
			heads[first.list]++
		}
	}
	return first, ok
}

// window returns the places of the page, in their order, and whether there is
// something before and after it.
func (a *answer) window() (page []at, before, after bool) {
	q := a.q
	heads := append(a.heads[:0], make([]int, len(a.lists))...)
	back := q.At != nil && q.At.Back
	if q.At != nil {
		a.split(heads, q.At, !back)
	} else {
		a.skip(heads, min(q.Offset, a.matched()))
	}
	behind := append(a.behind[:0], heads...)
	a.heads, a.behind = heads, behind
	by := 1
	if back {
		by = -1
	}
	page = slices.Grow(a.places[:0], max(0, min(q.Limit, a.matched())))
	for len(page) < q.Limit {
		place, ok := a.next(heads, by)
		if !ok {
			break
		}
		page = append(page, place)
	}
	a.places = page
	_, onward := a.next(heads, by)
	_, backward := a.next(behind, -by)
	if back {
		slices.Reverse(page)
		return page, onward, backward
	}
	return page, backward, onward
}

// page returns what the query asked to see of the answer.
func (a *answer) page() *Page {
	places, before, after := a.window()
	room := &pageRoom{}
	page := &room.Page
	page.Matched, page.Steps, page.kept = a.matched(), append(room.steps[:0], a.steps...), hitLists.Get().(*[]Hit)
	page.Hits = slices.Grow(*page.kept, len(places))[:len(places)]
	var json []byte
	for i, place := range places {
		l := &a.lists[place.list]
		if !a.q.NoJSON && l.v.fresh != nil && cap(json)-len(json) < 1024 {
			json = make([]byte, 0, 4096) // for one or two of them: few are among others
		} else if json == nil && !a.q.NoJSON && l.v.fresh == nil && l.v.encoded.Load() == nil {
			json = make([]byte, 0, (len(places)-i)*1024)
		}
		json = page.Hits[i].fill(l.v.part, l.row(place.place), a.q, json)
		page.Hits[i].Metres = l.distance(place.place)
	}
	if n := len(places); n > 0 && after {
		page.Next = a.cursor(&room.next, places[n-1], false)
	}
	if len(places) > 0 && before {
		page.Prev = a.cursor(&room.prev, places[0], true)
	}
	return page
}

// pageRoom is a page with what belongs to most of them, in one piece of memory.
type pageRoom struct {
	Page
	steps      [3]Step
	next, prev Cursor
}

// hitLists are the hits of earlier pages.
var hitLists = sync.Pool{New: func() any { return new([]Hit) }}

// Release gives the memory of the page's hits to pages to come. Whoever calls it
// looks at none of the hits any more; what they held stays as it is.
func (p *Page) Release() {
	if list := p.kept; list != nil && cap(p.Hits) <= mostScratch/64 {
		clear(p.Hits)
		*list, p.Hits, p.kept = p.Hits[:0], nil, nil
		hitLists.Put(list)
	}
}

// cursor sets c to the place beside a feature.
func (a *answer) cursor(c *Cursor, x at, back bool) *Cursor {
	l := &a.lists[x.list]
	row := l.row(x.place)
	*c = Cursor{Back: back, Metres: l.distance(x.place), Key: l.v.keys.at(row)}
	for _, k := range a.q.Sort {
		c.Sorted = append(c.Sorted, l.v.value(k.Field, row))
	}
	return c
}

// fill sets h to a row. Its JSON goes to the end of json, which is returned.
func (h *Hit) fill(p *part, row uint32, q *Query, json []byte) []byte {
	if !q.NoPlace {
		h.ID, h.Geometry = p.ids.at(row), p.sites.shape(p.sites.codes.at(row))
	}
	if !q.NoValues {
		h.Values = p.values(row)
	}
	if q.NoJSON {
		return json
	}
	if e := p.encoded.Load(); e != nil {
		if h.JSON = e.of(row); h.JSON != nil {
			h.PropertiesEnd = len(h.JSON) - len("}}")
			return json
		}
	}
	start := len(json)
	json, h.PropertiesEnd = p.compose(json, row)
	h.JSON = json[start:len(json):len(json)]
	return json
}
