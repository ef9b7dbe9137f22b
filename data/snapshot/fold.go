package snapshot

import (
	"slices"

	"demarc/geo"
)

// fold makes one part of the rows of several parts that live. It goes by columns:
// what a dictionary has is looked at once a value and not once a row, and what is
// written already is copied. Its cost grows with the rows; the result is that of
// newPart with their items.
type fold struct {
	schema *geo.Schema
	views  []*view
	n      int
	from   []uint16 // of each row of the result, which view it is taken from,
	rows   []uint32 // and which row there
}

// foldOf returns what lives in the views as one part.
func foldOf(by crew, schema *geo.Schema, views []*view) *part {
	own := *schema // so that the part holds no collection
	schema = &own
	f := &fold{schema: schema, views: cameAsOne(schema, views)}
	f.merge()
	p := &part{schema: schema, n: uint32(f.n), columns: make([]column, len(schema.Fields)), orders: &orders{}, identified: true}
	jobs := []func(){
		func() { p.ids = f.texts(func(p *part) *texts { return &p.ids }); p.linkIDs() },
		func() { p.keys = f.texts(func(p *part) *texts { return &p.keys }) },
		func() { p.records = f.texts(func(p *part) *texts { return &p.records }) },
		func() { p.times = f.times() },
		func() { p.sites = f.sites(by) },
	}
	for i := range p.columns {
		jobs = append(jobs, func() { p.columns[i] = f.column(i) })
	}
	if f.n <= fewRows {
		by = 1
	}
	by.do(len(jobs), func(i int) { jobs[i]() })
	for _, v := range f.views {
		p.identified = p.identified && v.identified
	}
	f.encode(by, p, encodedRoom)
	return p
}

// sharedBlock is how many bytes a block of encoded features has that is shared and
// not copied: smaller ones would become very many.
const sharedBlock = 32 << 10

// encode encodes the part's features: those that are encoded already stay where they
// are, unless their block is small or half of it dead.
func (f *fold) encode(by crew, p *part, r *room) {
	of := make([]*encoded, len(f.views)) // once, since one may come meanwhile
	for i, v := range f.views {
		of[i] = v.encoded.Load()
	}
	if r.left.Load() <= 0 && !slices.ContainsFunc(of, func(e *encoded) bool { return e != nil }) {
		return
	}
	e := newEncoded(r, p.n)
	places := f.share(e, of)
	var left []uint32
	for i, row := range f.rows {
		of := of[f.from[i]]
		if of != nil && of.rows[row].end > 0 {
			was := of.rows[row]
			if place := places[f.from[i]][was.block]; place >= 0 {
				e.rows[i] = encodedRow{uint32(place), was.from, was.end}
				continue
			}
		}
		left = append(left, uint32(i))
	}
	shared := len(e.blocks)
	e.blocks = append(e.blocks, make([][]byte, (len(left)+blockRows-1)/blockRows)...)
	by.do(len(e.blocks)-shared, func(i int) {
		rows := left[i*blockRows : min((i+1)*blockRows, len(left))]
		e.write(r, shared+i, uint32(len(rows)), func(at uint32) uint32 { return rows[at] }, func(dst []byte, row uint32) []byte {
			if of := of[f.from[row]]; of != nil {
				if text := of.of(f.rows[row]); text != nil {
					return append(dst, text...)
				}
			}
			return p.written(dst, row)
		})
	})
	p.encoded.Store(e)
}

// share takes blocks over that are worth it. It returns of each view where its blocks
// are, -1 for those that are not taken over.
func (f *fold) share(e *encoded, of []*encoded) [][]int {
	places := make([][]int, len(of)) // before, how many bytes of a block live
	for i, was := range of {
		if was != nil {
			places[i] = make([]int, len(was.blocks))
		}
	}
	for i, row := range f.rows {
		if live := places[f.from[i]]; len(live) > 0 {
			at := of[f.from[i]].rows[row]
			live[at.block] += int(at.end - at.from)
		}
	}
	for i, was := range of {
		for block, live := range places[i] {
			if all := was.blocks[block]; len(all) >= sharedBlock && 2*live >= len(all) {
				places[i][block] = len(e.blocks)
				e.blocks = append(e.blocks, all)
			} else {
				places[i][block] = -1
			}
		}
	}
	return places
}

// merge brings the rows into the order of their keys, those of a view as they stand
// there.
func (f *fold) merge() {
	for i, v := range f.views {
		rows := v.living()
		if i == 0 {
			f.from, f.rows = make([]uint16, len(rows)), rows
			continue
		}
		from, all := make([]uint16, 0, len(f.rows)+len(rows)), make([]uint32, 0, len(f.rows)+len(rows))
		at := 0
		for _, row := range rows {
			key := v.keys.at(row)
			for ; at < len(f.rows) && f.views[f.from[at]].keys.at(f.rows[at]) <= key; at++ {
				from, all = append(from, f.from[at]), append(all, f.rows[at])
			}
			from, all = append(from, uint16(i)), append(all, row)
		}
		f.from, f.rows = append(from, f.from[at:]...), append(all, f.rows[at:]...)
	}
	f.n = len(f.rows)
}

// texts returns the texts of the rows; none where no part has them.
func (f *fold) texts(of func(*part) *texts) texts {
	lists := make([]*texts, len(f.views))
	for i, v := range f.views {
		if lists[i] = of(v.part); v.n > 0 && lists[i].none() {
			return texts{}
		}
	}
	return newTexts(f.n, func(row int) string { return lists[f.from[row]].at(f.rows[row]) })
}

func (f *fold) times() times {
	t := times{from: make([]int64, f.n), to: make([]int64, f.n)}
	for i, row := range f.rows {
		of := &f.views[f.from[i]].times
		t.from[i], t.to[i] = of.from[row], of.to[row]
	}
	t.measure()
	return t
}

// codes translates codes of the rows, most the greatest of them: to has the new one
// of each code in a view.
func (f *fold) codes(lists []*codes, to [][]uint32, most uint32) codes {
	all := newCodes(f.n, most)
	for i, row := range f.rows {
		from := f.from[i]
		all.set(i, to[from][lists[from].at(row)])
	}
	return all
}

// use makes those codes 1 that the rows of a view have.
func (f *fold) use(lists []*codes, used [][]uint32) {
	for i, row := range f.rows {
		from := f.from[i]
		used[from][lists[from].at(row)] = 1
	}
}
