package snapshot

import (
	"context"
	"math"
	"slices"

	"demarc/geo"
)

// growth is by how much a part must at least outgrow the one after it, so as not
// to be joined with it: there are few parts, and few rows are written often.
const growth = 4

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
	first, n := len(c.views), len(items)
	for first > 0 && n*growth >= c.views[first-1].live {
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
	for n := len(c.views); n > 1 && c.views[n-1].live*growth >= c.views[n-2].live; n = len(c.views) {
		c.views = append(c.views[:n-2:n-2], joined(&c.Schema, c.views[n-2:], nil))
	}
	if n := len(c.views); n > 0 && c.views[0].dead.count > int(c.views[0].n)/2 {
		c.views = append([]*view{joined(&c.Schema, c.views[:1], nil)}, c.views[1:]...)
	}
}

// joined returns what lives in the views, and the items, which it sorts, as one
// part.
func joined(schema *geo.Schema, views []*view, items []item) *view {
	if len(views) == 0 {
		v := &view{part: partOf(beside(), schema, items)}
		v.count()
		return v
	}
	sortItems(items)
	all := make([]origin, len(items))
	for i := range items {
		all[i] = origin{key: items[i].key, item: &items[i]}
	}
	for _, v := range views {
		rows := v.living()
		living := make([]origin, len(rows))
		for i, row := range rows {
			living[i] = origin{key: v.keys.at(row), spot: spot{v, row}}
		}
		all = merged(all, living)
	}
	p, err := newPart(beside(), schema, len(all), func(i int, _ []geo.Value, add func(item)) error {
		if it := all[i].item; it != nil {
			add(*it)
		} else {
			add(all[i].v.item(all[i].row))
		}
		return nil
	})
	if err != nil {
		panic(err) // it is ours, and has none
	}
	v := &view{part: p}
	v.count()
	return v
}

// origin is where a row of a new part is taken from: an item, or a row of another
// part.
type origin struct {
	key  string
	item *item // nil for a row
	spot
}

// merged returns both lists, each in the order of the keys, as one.
func merged(a, b []origin) []origin {
	if len(a) == 0 {
		return b
	}
	all := make([]origin, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].key <= b[0].key {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return all
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
