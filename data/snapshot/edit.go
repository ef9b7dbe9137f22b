package snapshot

import (
	"context"
	"math"
	"slices"

	"demarc/data/background"
	"demarc/geo"
)

// A part is joined with the one after it unless it outgrows it: then there are few
// parts to ask, and few rows are written often.
const (
	growth    = 1  // times it must at least be as large
	smallPart = 16 // rows up to which it is joined anyway: they are written in no time
)

// outgrows tells whether a part of so many rows stands beside one that comes after it.
func outgrows(rows, after int) bool { return rows > smallPart && rows > after*growth }

// edit returns the collection without the features of those ids, and with the items.
func (c *Collection) edit(gone []string, items []item) *Collection {
	next := *c
	next.past = c.past.next(c.changeOf(gone, items))
	lost := next.without(gone)
	var come times
	for i := range items { // what comes may reach as far as what goes did
		come.add(items[i].when)
		if b := geo.BBoxOf(items[i].feature.Geometry); b.West <= b.East && c.extent.West <= c.extent.East { // or west tells nothing
			lost &^= c.reached(b, come.from[i], come.to[i])
		}
	}
	if len(items) > 0 {
		next.spread(next.take(items))
	}
	next.tidy()
	next.shrink(lost)
	next.count = 0
	for _, v := range next.views {
		next.count += v.live
	}
	return &next
}

// without takes the features of those ids out. It returns the edges of the extent at
// which they lay.
func (c *Collection) without(gone []string) (lost edges) {
	rows := map[*view][]uint32{}
	for _, id := range gone {
		v, row, ok := c.find(id)
		if !ok {
			continue
		}
		for ; ; row-- { // and the versions before it, which stand before it
			rows[v] = append(rows[v], row)
			lost |= c.reached(geo.BBoxOf(v.sites.shape(v.sites.codes.at(row))), v.times.from[row], v.times.to[row])
			if row == 0 || v.next == nil || v.ids.at(row-1) != id {
				break
			}
		}
	}
	var views []*view
	for _, v := range c.views {
		if len(rows[v]) > 0 {
			v = v.without(rows[v])
		}
		if v.live > 0 {
			views = append(views, v)
		}
	}
	c.views = views
	return lost
}

// without returns the view without the rows.
func (v *view) without(rows []uint32) *view {
	next := &view{part: v.part, dead: v.dead.with(v.n, rows), live: v.live, located: v.located}
	slices.Sort(rows)
	for _, row := range slices.Compact(rows) {
		if v.dead.has(row) || !v.current(row) {
			continue
		}
		next.live--
		if !v.sites.nowhere(v.sites.codes.at(row)) {
			next.located--
		}
	}
	return next
}

// count counts the features of the view.
func (v *view) count() {
	v.live = int(v.n) - v.dead.count
	if v.next != nil {
		v.live = 0
		for row := range v.n {
			if v.current(row) && !v.dead.has(row) {
				v.live++
			}
		}
	}
	v.located = v.live
	for _, site := range v.sites.unlocated {
		for _, row := range v.sites.rows.of(site) {
			if v.current(row) && !v.dead.has(row) {
				v.located--
			}
		}
	}
}

// take adds the items, in one part with those of the last parts that are not much
// larger than what is joined with them: so each row is written once, and not once
// for each part that it passes through. It returns the part.
func (c *Collection) take(items []item) *view {
	for i := range items { // once, and not for each part that they pass through
		if g := items[i].feature.Geometry; g != nil {
			items[i].along = siteKey(g)
		}
	}
	first, n := len(c.views), len(items)
	for first > 0 && !outgrows(c.views[first-1].live, n) && !c.waits(c.views[first-1].live+n) {
		first--
		n += c.views[first].live
	}
	v := joined(&c.Schema, c.views[first:], items)
	c.views = append(c.views[:first:first], v)
	return v
}

// tidy joins the last parts while they are not much smaller than those before
// them, and writes a part anew that is dead for the most part.
func (c *Collection) tidy() {
	for n := len(c.views); n > 1 && !outgrows(c.views[n-2].live, c.views[n-1].live) && !c.waits(c.views[n-2].live+c.views[n-1].live); n = len(c.views) {
		c.views = append(c.views[:n-2:n-2], joined(&c.Schema, c.views[n-2:], nil))
	}
	if n := len(c.views); n > 0 && c.views[0].wasted() && !c.waits(c.views[0].live) {
		c.views = append([]*view{joined(&c.Schema, c.views[:1], nil)}, c.views[1:]...)
	}
}

// joined returns what lives in the views, and the items, which it sorts, as one
// part.
func joined(schema *geo.Schema, views []*view, items []item) *view {
	rows, fresh := len(items), true
	for _, v := range views {
		rows, fresh = rows+v.live, fresh && v.fresh != nil
	}
	put := func() *part {
		if fresh && rows <= freshRows {
			return freshOf(schema, allFresh(views, items), false)
		}
		if len(items) > 0 {
			views = append(slices.Clip(views), &view{part: freshOf(schema, allFresh(nil, items), true)})
		}
		return foldOf(beside(), schema, views)
	}
	if rows <= fewRows {
		return viewOf(put())
	}
	var v *view // it takes milliseconds, which those who ask would wait
	background.Do(func() { v = viewOf(put()) })
	return v
}

// viewOf returns a view of the whole part.
func viewOf(p *part) *view {
	v := &view{part: p}
	v.count()
	return v
}

// living returns the rows of a view that are not dead.
func (v *view) living() []uint32 {
	rows := make([]uint32, 0, int(v.n)-v.dead.count)
	for row := range v.n {
		if !v.dead.has(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// with returns where the features are that have the value in the field, in the
// collection's order.
func (c *Collection) with(field int, value string) []spot {
	a, err := c.search(context.Background(), &Query{Equal: []Condition{{field, geo.StringValue(value)}}, Limit: math.MaxInt})
	if err != nil { // it fails with its context alone
		return nil
	}
	found, _, _ := a.window()
	out := make([]spot, len(found))
	for i, f := range found {
		out[i] = spot{a.lists[f.list].v, a.lists[f.list].row(f.place)}
	}
	return out
}
