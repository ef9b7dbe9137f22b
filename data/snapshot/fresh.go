package snapshot

import (
	"slices"
	"sync/atomic"

	"demarc/geo"
	"demarc/geo/format/geojson"
)

// freshRows is up to how many rows that have come a part keeps as they are. Half of what
// a change costs would be to make columns of them, again and again, since these parts
// are soon put together with others.
const freshRows = 256

// fresh are the rows of a part as they came. Its columns are made one by one, when
// somebody asks what they are for.
type fresh struct {
	items   []*item
	columns []atomic.Pointer[column]
}

// freshOf makes a fresh part of items in the order of a part. A bare one can be folded
// into another, and nothing be asked of it.
func freshOf(schema *geo.Schema, items []*item, bare bool) *part {
	own := *schema // so that the part holds no collection
	p := &part{schema: &own, n: uint32(len(items)), orders: &orders{}, identified: true}
	p.fresh = &fresh{items, make([]atomic.Pointer[column], len(schema.Fields))}
	came := make([]string, 3*len(items))
	p.ids.came, p.keys.came, p.records.came = came[:len(items)], came[len(items):2*len(items)], came[2*len(items):]
	for row, it := range items {
		p.ids.came[row], p.keys.came[row], p.records.came[row] = it.feature.ID, it.key, it.record
	}
	if len(items) == 0 || items[0].record == "" {
		p.records = texts{}
	}
	p.times = times{from: make([]int64, 0, len(items)), to: make([]int64, 0, len(items))}
	for _, it := range items {
		p.times.add(it.when)
	}
	p.sites = freshSites(items)
	p.identified = p.hasIDs()
	if !bare {
		p.linkIDs()
		p.times.measure()
		p.sites.finish(1)
	}
	return p
}

// column returns the column of a field.
func (p *part) column(field int) *column {
	if p.fresh == nil {
		return &p.columns[field]
	}
	at := &p.fresh.columns[field]
	if c := at.Load(); c != nil {
		return c
	}
	c := p.fresh.column(p.schema, field)
	if !at.CompareAndSwap(nil, c) { // another one who asked was quicker
		return at.Load()
	}
	return c
}

// value returns the value of a field in a row.
func (p *part) value(field int, row uint32) geo.Value {
	if p.fresh != nil {
		return p.fresh.items[row].feature.Values[field]
	}
	return p.columns[field].value(row)
}

// appendJSON appends a row's properties, with a comma before each.
func (f *fresh) appendJSON(dst []byte, schema *geo.Schema, row uint32) []byte {
	for i, v := range f.items[row].feature.Values {
		dst = geojson.AppendProperty(appendName(dst, &schema.Fields[i]), v)
	}
	return dst
}

// cameAsOne returns the views with those that are fresh as one: to make columns of many
// rows costs less than to make one of several.
func cameAsOne(schema *geo.Schema, views []*view) []*view {
	var came, rest []*view
	for _, v := range views {
		if v.fresh != nil {
			came = append(came, v)
		} else {
			rest = append(rest, v)
		}
	}
	if len(came) < 2 {
		return views
	}
	return append(rest, &view{part: freshOf(schema, allFresh(came, nil), true)})
}

// allFresh returns what lives in the views, which are fresh, and the items, in the order
// of a part. It sorts items.
func allFresh(views []*view, items []item) []*item {
	sortItems(items)
	all := make([]*item, len(items))
	for i := range items {
		all[i] = &items[i]
	}
	for i := len(views) - 1; i >= 0; i-- {
		all = merged(views[i].freshItems(), all)
	}
	return all
}

// freshItems returns the items of a fresh view that live.
func (v *view) freshItems() []*item {
	if v.dead.count == 0 {
		return v.fresh.items
	}
	var living []*item
	for _, row := range v.living() {
		living = append(living, v.fresh.items[row])
	}
	return living
}

// merged returns two lists as one, in the order of their keys: of two that are equal,
// that of a is first.
func merged(a, b []*item) []*item {
	if len(a) == 0 || len(b) == 0 {
		return append(slices.Clip(a), b...)
	}
	all := make([]*item, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].key <= b[0].key {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}
