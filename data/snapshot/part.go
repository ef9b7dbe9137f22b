package snapshot

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"

	"demarc/geo"
)

// part is a run of features in columns, in the order of their keys, that never
// changes. A collection has one big part and, of what came later, smaller ones;
// see view.
type part struct {
	schema     *geo.Schema
	n          uint32
	ids        texts
	keys       texts
	records    texts    // packed; none where no item has one
	slots      []uint32 // a table of rows by the hash of their id, row+1, 0 for none
	times      times
	next       []int32 // of each row the row of its feature's next version or -1; nil where no feature has several
	columns    []column
	fresh      *fresh // has the rows instead, in a part that came last
	sites      sites
	orders     *orders
	placed     placed
	identified bool                    // whether the property id holds the features' identifiers
	encoded    atomic.Pointer[encoded] // nil where there is no room for it, or not yet
}

// item is a version of a feature on its way into a part. Most features have one
// version; a segment has one for each status in its history.
type item struct {
	feature geo.Feature
	key     string       // orders the collection
	record  string       // of an incident, packed; empty for others
	when    geo.Interval // zero where the feature has no time of its own
	along   uint64       // what siteKey says of the geometry, where that is known; else 0
}

// chunk is a run of rows on their way into a part.
type chunk struct {
	ids     []string
	keys    []string
	records []string
	times   times
	columns []*columnChunk
	sites   siteChunk
}

func newChunk(schema *geo.Schema) *chunk {
	c := &chunk{columns: make([]*columnChunk, len(schema.Fields))}
	all := make([]columnChunk, len(c.columns))
	for i := range c.columns {
		c.columns[i] = &all[i]
	}
	return c
}

func (c *chunk) add(it item) {
	c.ids = append(c.ids, it.feature.ID)
	c.keys = append(c.keys, it.key)
	if it.record != "" {
		c.records = append(c.records, it.record)
	}
	c.times.add(it.when)
	for i, col := range c.columns {
		col.add(it.feature.Values[i])
	}
	c.sites.add(it.feature.Geometry)
}

// pack makes the chunk, to which nothing more is added, smaller.
func (c *chunk) pack() {
	for _, col := range c.columns {
		col.pack()
	}
	var keys strings.Builder
	for _, k := range c.keys {
		keys.WriteString(k)
	}
	all, start := keys.String(), 0
	for i, k := range c.keys {
		c.keys[i] = all[start : start+len(k)]
		start += len(k)
	}
	c.ids, c.keys, c.records = slices.Clip(c.ids), slices.Clip(c.keys), slices.Clip(c.records)
}

// chunkUnits is how many units one worker takes at a time.
const chunkUnits = 8192

// newPart makes a part of what produce adds for each unit below units, by a crew.
// It may put the values of the items of a unit
// into scratch, which the next unit has again. Units must be in the order of the keys of
// their items, and the items of a unit too. The versions of a feature have one key
// and are in the order of their times.
func newPart(by crew, schema *geo.Schema, units int, produce func(unit int, scratch []geo.Value, add func(item)) error) (*part, error) {
	chunks := make([]*chunk, (units+chunkUnits-1)/chunkUnits)
	errs := make([]error, len(chunks))
	by.do(len(chunks), func(i int) {
		c := newChunk(schema)
		scratch := make([]geo.Value, 0, 4*len(schema.Fields))
		for unit := i * chunkUnits; unit < min((i+1)*chunkUnits, units) && errs[i] == nil; unit++ {
			errs[i] = produce(unit, scratch, c.add)
		}
		if units > fewRows {
			c.pack()
		}
		chunks[i] = c
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return assemble(by, schema, chunks), nil
}

// partOf makes a part of items in any order, which it sorts.
func partOf(by crew, schema *geo.Schema, items []item) *part {
	if len(items) <= fewItems {
		return assemble(1, schema, []*chunk{chunkOf(schema, items)})
	}
	sortItems(items)
	p, err := newPart(by, schema, len(items), func(i int, _ []geo.Value, add func(item)) error { add(items[i]); return nil })
	if err != nil {
		panic(err) // it is ours, and has none
	}
	return p
}

// chunkOf makes a chunk of items in any order, which it sorts.
func chunkOf(schema *geo.Schema, items []item) *chunk {
	sortItems(items)
	c := newChunk(schema)
	codes := make([]uint32, len(c.columns)*len(items))
	for i := range c.columns {
		c.columns[i].few = len(items) <= fewItems
		c.columns[i].codes = codes[i*len(items) : i*len(items) : (i+1)*len(items)]
	}
	for i := range items {
		c.add(items[i])
	}
	return c
}

// sortItems brings items into the order of a part.
func sortItems(items []item) {
	slices.SortStableFunc(items, func(a, b item) int {
		if o := cmp.Compare(a.key, b.key); o != 0 {
			return o
		}
		return a.when.From.Compare(b.when.From)
	})
}

// assemble joins chunks to a part. It lets go of what they hold as soon as the part
// has it, since they are as large as the part.
func assemble(by crew, schema *geo.Schema, chunks []*chunk) *part {
	own := *schema // so that the part holds no collection
	p := &part{schema: &own, columns: make([]column, len(schema.Fields)), orders: &orders{}}
	starts := make([]int, len(chunks)+1)
	for i, c := range chunks {
		starts[i+1] = starts[i] + len(c.ids)
	}
	rows := starts[len(chunks)]
	p.n = uint32(rows)
	flat := func(of func(*chunk) *[]string) func(int) string {
		all := make([]string, 0, rows)
		for _, c := range chunks {
			list := of(c)
			all, *list = append(all, *list...), nil
		}
		return func(row int) string { return all[row] }
	}
	jobs := []func(){
		func() {
			p.ids = newTexts(rows, flat(func(c *chunk) *[]string { return &c.ids }))
			p.linkIDs()
		},
		func() { p.keys = newTexts(rows, flat(func(c *chunk) *[]string { return &c.keys })) },
		func() {
			p.times = times{from: make([]int64, 0, rows), to: make([]int64, 0, rows)}
			for _, c := range chunks {
				p.times.append(&c.times)
				c.times = times{}
			}
			p.times.measure()
		},
		func() {
			var of []*siteChunk
			for _, c := range chunks {
				of = append(of, &c.sites)
			}
			p.sites = newSites(rows, of)
			for _, c := range chunks {
				c.sites = siteChunk{}
			}
			p.sites.finish(by)
		},
	}
	if rows > 0 && len(chunks[0].records) > 0 {
		jobs = append(jobs, func() { p.records = newTexts(rows, flat(func(c *chunk) *[]string { return &c.records })) })
	}
	for i := range p.columns {
		jobs = append(jobs, func() {
			var of []*columnChunk
			for _, c := range chunks {
				of = append(of, c.columns[i])
			}
			p.columns[i] = newColumn(&schema.Fields[i], of)
			for _, c := range chunks {
				c.columns[i] = nil
			}
			p.columns[i].writeAhead()
		})
	}
	if rows <= fewRows {
		by = 1
	}
	by.do(len(jobs), func(i int) { jobs[i]() })
	p.identified = p.hasIDs()
	p.encode(by, encodedRoom)
	return p
}

// linkIDs fills the table of ids, and next where ids have several rows, which
// stand together.
func (p *part) linkIDs() {
	size := 4
	for size < 2*int(p.n) {
		size *= 2
	}
	p.slots = make([]uint32, size)
	for row := range p.n {
		id := p.ids.at(row)
		at := p.slotOf(id, hashOf(id))
		if before := p.slots[at]; before != 0 {
			if p.next == nil {
				p.next = slices.Repeat([]int32{-1}, int(p.n))
			}
			p.next[before-1] = int32(row)
		}
		p.slots[at] = row + 1
	}
}

// hashOf returns the hash of an id, which is the same for all parts: it is looked for
// in one after the other.
func hashOf(id string) uint64 { return maphash.String(idSeed, id) }

var idSeed = maphash.MakeSeed()

// slotOf returns the place of id, which has the hash, in the table, or the free place
// where it belongs.
func (p *part) slotOf(id string, hash uint64) int {
	at := int(hash & uint64(len(p.slots)-1))
	for p.slots[at] != 0 && p.ids.at(p.slots[at]-1) != id {
		at = (at + 1) & (len(p.slots) - 1)
	}
	return at
}

// find returns the row of the newest version of the feature of that id.
func (p *part) find(id string) (row uint32, ok bool) { return p.findHashed(id, hashOf(id)) }

func (p *part) findHashed(id string, hash uint64) (row uint32, ok bool) {
	found := p.slots[p.slotOf(id, hash)]
	return found - 1, found != 0
}

// current tells whether the row is the newest version of its feature.
func (p *part) current(row uint32) bool { return p.next == nil || p.next[row] < 0 }

func (p *part) values(row uint32) []geo.Value {
	if p.fresh != nil {
		return slices.Clone(p.fresh.items[row].feature.Values)
	}
	values := make([]geo.Value, len(p.columns))
	for i := range p.columns {
		values[i] = p.columns[i].value(row)
	}
	return values
}

// written appends the row's feature as GeoJSON.
func (p *part) written(dst []byte, row uint32) []byte {
	dst, _ = p.compose(dst, row)
	return dst
}

// compose appends the row's feature as GeoJSON and returns, beside the buffer, where
// in what was appended the properties end; as geojson.AppendFeature does.
func (p *part) compose(dst []byte, row uint32) (out []byte, propertiesEnd int) {
	start := len(dst)
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = geo.AppendJSONString(dst, p.ids.at(row))
	dst = append(dst, `,"geometry":`...)
	dst = p.sites.appendJSON(dst, p.sites.codes.at(row))
	dst = append(dst, `,"properties":`...)
	brace := len(dst)
	dst = append(dst, '{')
	for i := range p.columns {
		dst = p.columns[i].appendJSON(dst, row)
	}
	if p.fresh != nil {
		dst = p.fresh.appendJSON(dst, p.schema, row)
	}
	if len(p.schema.Fields) > 0 { // each property begins with a comma, the first needs none
		copy(dst[brace+1:], dst[brace+2:])
		dst = dst[:len(dst)-1]
	}
	end := len(dst) - start
	return append(dst, "}}"...), end
}
